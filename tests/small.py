"""Studies of a few lines, written by tests, and the command run as people run it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import vigie.cli
from vigie.errors import Problem
from vigie.study.loading import load_study

TINY = Path(__file__).parent / "studies" / "tiny"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A folder with these files: name -> text."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def tiny(folder: Path) -> Path:
    """A copy of the smallest whole study."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("out"))
    return folder


def loaded(folder: Path):
    """The study in a folder that has no problem."""
    study, problems = load_study(folder)
    assert not problems, "\n".join(map(str, problems))
    return study


def edit(folder: Path, name: str, *pairs: tuple[str, str]) -> Path:
    """Replace texts in a file of a study; each must stand there."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, f"{name} does not hold {old!r}"
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def hashes(folder: Path) -> dict[str, str]:
    """Every file below a folder with the hash of its bytes."""
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def results(folder: Path, wave: str = "2024") -> dict:
    """`results.json` of a wave's published release."""
    return json.loads((folder / "out" / wave / "current" / "results.json").read_text(encoding="utf-8"))


@dataclass
class Said:
    """How a command ended: its exit code and the problems that it listed."""

    code: int = 0
    problems: list[Problem] = field(default_factory=list)


def command(monkeypatch, *arguments: object) -> Said:
    """`vigie …` in this process; an exception that is no problem of a person's file comes through, as a traceback."""
    said, show = Said(), vigie.cli.show

    def shown(problems):
        said.problems += problems
        show(problems)

    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["vigie", *map(str, arguments)])
        patch.setattr(vigie.cli, "show", shown)
        try:
            vigie.cli.main()
        except SystemExit as ended:
            said.code = int(ended.code or 0)
    return said
