"""Reads a Dockerfile and a .dockerignore as far as ours need it, and refuses what it does not know."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

KNOWN = {"FROM", "ARG", "LABEL", "RUN", "ENV", "WORKDIR", "COPY", "USER", "ENTRYPOINT", "CMD", "HEALTHCHECK"}


@dataclass(frozen=True)
class Step:
    """One instruction: its word, its ``--name=value`` flags and the rest of its line."""

    word: str
    flags: dict[str, str]
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as separate words, from the exec form where it is one."""
        return json.loads(self.rest) if self.rest.startswith("[") else shlex.split(self.rest)


def read(text: str) -> list[Step]:
    """The instructions in order; raises ValueError for one that the replay does not know."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    steps = []
    for line in filter(None, (part.strip() for part in re.sub(r"\\\n\s*", "", lines).splitlines())):
        word, rest = line.split(None, 1)
        flags = {}
        while match := re.match(r"--([\w-]+)=(\S+)\s+", rest):
            flags[match[1]] = match[2]
            rest = rest[match.end() :]
        if word not in KNOWN:
            raise ValueError(f"{word} is not known to this replay")
        steps.append(Step(word, flags, rest.strip()))
    return steps


def sent_to_the_engine(root: Path) -> list[Path]:
    """The files below ``root`` that .dockerignore leaves in, relative to it; the last pattern that fits decides."""
    lines = [line for line in (root / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    patterns = [(not line.startswith("!"), line.lstrip("!")) for line in lines]
    kept = []
    for path in sorted(root.glob("*")):
        files = [path] if path.is_file() else path.rglob("*") if _is_kept(Path(path.name), patterns) else []
        kept += [file.relative_to(root) for file in files if file.is_file()]
    return [path for path in kept if _is_kept(path, patterns)]


def _is_kept(path: Path, patterns: list[tuple[bool, str]]) -> bool:
    names = [str(path), *(str(parent) for parent in path.parents)]
    kept = True
    for excludes, pattern in patterns:
        if any(_fits(name, pattern) for name in names):
            kept = not excludes
    return kept


def _fits(name: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch.fnmatchcase(name.rpartition("/")[2], pattern[3:])
    return name.count("/") == pattern.count("/") and fnmatch.fnmatchcase(name, pattern)
