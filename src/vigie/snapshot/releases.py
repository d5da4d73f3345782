"""Results and reports of a wave: a release is published whole, and `current` always points at a whole one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vigie.snapshot.facts import Staged

CURRENT = "current"
RUN = "run.json"


def current(wave_folder: Path) -> Path | None:
    """The published release of a wave, if there is one."""
    link = wave_folder / CURRENT
    return link.resolve() if link.is_dir() else None


def run_record(wave_folder: Path) -> dict[str, Any]:
    """What the published release says of the run that made it; empty where there is none."""
    release = current(wave_folder)
    try:
        return dict(json.loads((release / RUN).read_text(encoding="utf-8"))) if release else {}
    except (OSError, ValueError):
        return {}


def publish(wave_folder: Path, key: str, record: dict[str, Any], write: Callable[[Path], None]) -> Path:
    """Write a release into a folder of its own, then let `current` point at it, in one step; older ones go."""
    target = wave_folder / "releases" / key
    if not target.exists():
        with Staged(target) as staged:
            write(staged)
            (staged / RUN).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    previous = current(wave_folder)
    link = wave_folder / f".{CURRENT}.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / key, target_is_directory=True)
    link.replace(wave_folder / CURRENT)
    for old in (wave_folder / "releases").iterdir():
        if old not in (target, previous):
            shutil.rmtree(old, ignore_errors=True)
    return wave_folder / CURRENT


def sweep(wave_folder: Path) -> None:
    """Remove what a killed run left half written."""
    for parent in (wave_folder / "facts", wave_folder / "derived", wave_folder / "releases"):
        for leftover in parent.glob(".*") if parent.is_dir() else ():
            shutil.rmtree(leftover, ignore_errors=True) if leftover.is_dir() else leftover.unlink(missing_ok=True)
    for link in wave_folder.glob(f".{CURRENT}.*"):
        link.unlink(missing_ok=True)
