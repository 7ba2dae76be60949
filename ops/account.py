"""Who PostgreSQL and Redis run as, because PostgreSQL refuses root and its user may not enter root's folders."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.errors import OpsError

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The user of the services. ``is_other`` says that it is somebody else than the user of this process."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.getuid()

    @property
    def popen(self) -> dict[str, Any]:
        """Keywords for subprocess that start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def can(self, flag: str, path: Path) -> bool:
        """Whether this user passes ``test -FLAG path``: x to enter or execute, w to write, r to read."""
        if not self.is_other:
            return os.access(path, {"x": os.X_OK, "w": os.W_OK, "r": os.R_OK}[flag])
        try:
            answer = subprocess.run(
                ["/bin/sh", "-c", f'test -{flag} "$1"', "sh", path], cwd="/", check=False, **self.popen
            )
        except PermissionError as error:
            raise OpsError(
                f"This root may not become the user '{self.name}', and PostgreSQL does not run as root.",
                "Start as a plain user, or set DATABASE_URL and REDIS_URL to running servers.",
            ) from error
        return answer.returncode == 0

    def own(self, folder: Path, mode: int = 0o700) -> Path:
        """Make ``folder`` (its parent exists) and give it to this user."""
        folder.mkdir(mode=mode, exist_ok=True)
        if self.is_other:
            os.chown(folder, self.uid, self.gid)
        return folder


def service_account(data: Path | None = None) -> Account:
    """The current user unless that is root, else the owner of ``data`` where it exists, else postgres or nobody."""
    if os.getuid():
        return (
            _account(pwd.getpwuid(os.getuid())) if _has_entry(os.getuid()) else Account("you", os.getuid(), os.getgid())
        )
    owner = data.stat().st_uid if data and data.exists() else 0
    if owner and _has_entry(owner):
        return _account(pwd.getpwuid(owner))
    for name in _CANDIDATES:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise OpsError(
        "PostgreSQL does not run as root, and this machine has neither a user 'postgres' nor 'nobody'.",
        "Start as a plain user, or set DATABASE_URL and REDIS_URL to running servers.",
    )


def _has_entry(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def copy_tree(source: Path, target: Path) -> None:
    """Copy ``source`` to ``target`` in one step as seen from outside, readable for everybody."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(source, fresh, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.stat().st_mode & 0o100 else 0o444))
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not target.exists():
            raise
