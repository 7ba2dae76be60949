"""Builds the image's file system without an engine: ``python3 -m tests.containers.replay BASE TARGET`` as root.

BASE stands in for the Python image of the FROM lines and is made once, from Debian's packages:
``debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates bookworm BASE``.
TARGET receives ``root/``, the file system of the last stage, and ``image.json``, what the engine would keep beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from string import Template
from typing import Any

from tests.containers.dockerfile import Step, read, sent_to_the_engine

ROOT = Path(__file__).resolve().parents[2]


class Stage:
    """One stage in the making: its folder, and its settings as the instructions have left them."""

    def __init__(self, base: Path, folder: Path):
        self.folder = folder
        self.image: dict[str, Any] = {
            "env": {"PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"},
            "workdir": "/",
            "user": "0:0",
        }
        self._arguments: dict[str, str] = {}
        subprocess.run(["cp", "-a", "--reflink=auto", base, folder], check=True)
        # Debian calls it python3 only.
        (folder / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")

    def take(self, step: Step, stages: dict[str, Stage]) -> None:
        """Carry one instruction out."""
        if step.word == "RUN":
            self._run(step.rest)
        elif step.word == "COPY":
            self._copy(step, stages)
        elif step.word == "ENV":
            for name, value in (pair.split("=", 1) for pair in step.words):
                self.image["env"][name] = Template(value).substitute(self.image["env"] | self._arguments)
        elif step.word == "ARG":
            self._arguments |= [step.rest.split("=", 1)]
        elif step.word == "WORKDIR":
            self.image["workdir"] = step.rest
            self._inside(step.rest).mkdir(parents=True, exist_ok=True)
        elif step.word == "HEALTHCHECK":
            self.image["healthcheck"] = {**step.flags, "command": Step("CMD", {}, step.rest.split(None, 1)[1]).words}
        elif step.word in ("USER", "ENTRYPOINT", "CMD"):
            self.image[step.word.lower()] = step.rest if step.word == "USER" else step.words

    def _run(self, command: str) -> None:
        # The caller's settings of pip say where packages come from; everything else is the image's.
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        command = f"cd {self.image['workdir']} && {command}"
        chroot = ["chroot", f"--userspec={self.image['user']}", self.folder, "/bin/sh", "-c", command]
        subprocess.run(chroot, env={**self.image["env"], "HOME": "/root", **pip}, check=True)

    def _copy(self, step: Step, stages: dict[str, Stage]) -> None:
        *sources, target = step.words
        for source in sources:
            if "from" in step.flags:
                subprocess.run(
                    ["cp", "-a", stages[step.flags["from"]]._inside(source), self._inside(target)], check=True
                )
                continue
            for path in sent_to_the_engine(ROOT):
                if source in (".", str(path)):
                    destination = self._inside(target) / path
                    destination.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(ROOT / path, destination)

    def _inside(self, path: str) -> Path:
        return self.folder / os.path.normpath(Path(self.image["workdir"]) / path).lstrip("/")


def main(base: Path, target: Path) -> None:
    """Replay every instruction, printing each with its seconds, and leave the last stage in ``target``."""
    target.mkdir(parents=True)
    stages: dict[str, Stage] = {}
    for step in read((ROOT / "Dockerfile").read_text()):
        started = time.monotonic()
        if step.word == "FROM":
            name = step.rest.partition(" AS ")[2] or "last"
            stages[name] = stage = Stage(base, target / name)
        else:
            stage.take(step, stages)
        print(f"{time.monotonic() - started:6.1f} s  {step.word} {step.rest[:100]}", flush=True)
    stage.folder.rename(target / "root")
    (target / "image.json").write_text(json.dumps(stage.image, indent=1))
    print(f"added to the base: {_megabytes(target / 'root') - _megabytes(base)} MB")


def _megabytes(folder: Path) -> int:
    return int(subprocess.run(["du", "-sxm", folder], check=True, capture_output=True, text=True).stdout.split()[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
