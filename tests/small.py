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
STUDY = """\
study: small
title: Small
channels: [phone, email]
brands: brands.csv
banner: [sex]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None of these}
  - {id: mark, kind: scale, label: Mark, per: {channel: used}, scale: {from: 1, to: 10, low: Bad, high: Good}}
  - {id: day, kind: date, label: Day}
indicators:
  - {id: contacted, share: any(used)}
  - {id: usage, share: used}
weighting: {everyone: {method: raking, margins: margins.csv}}
mystery: {grids: {phone: grid.yaml}, channel_weights: {phone: 1}}
imports:
  panel: {respondent: id, keep: status == 3, columns: {sex: {from: S, codes: {1: f, 2: m}}, mark: "m_{channel}"}}
  visits: {test: test, brand: brand, channel: channel, outcome: {from: o, codes: {OK: answered}}}
waves:
  - {id: "2024", files: {survey: {path: survey.csv, import: panel}, tests: tests.csv}}
"""
FILES = {
    "study.yaml": STUDY,
    "brands.csv": "brand,name,sector,aliases,from,until,succeeds\nondine,Ondine,energy,,,,\n",
    "margins.csv": "variable,category,share\nsex,f,0.52\nsex,m,0.48\n",
    "grid.yaml": "grid: phone\ndimensions:\n  - {id: reply, label: Reply, criteria: [{id: solved, label: Solved}]}\n",
    "survey.csv": "id,status,S\n1,3,1\n",
    "tests.csv": "test,brand,channel,solved\n1,ondine,phone,1\n",
    "other.yaml": "questions:\n  - {id: day, label: Which day}\n",
}


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
