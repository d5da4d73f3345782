"""Results and reports of a wave: a release is published whole, and `current` always points at a whole one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vigie.errors import failure
from vigie.snapshot.staging import alone, place, staging, sweep

__all__ = ["CURRENT", "RUN", "current", "publish", "run_record", "sweep"]

CURRENT = "current"
RUN = "run.json"


def current(wave_folder: Path) -> Path | None:
    """The published release of a wave, if there is one."""
    link = wave_folder / CURRENT
    return link.resolve() if link.is_dir() else None


def run_record(wave_folder: Path) -> dict[str, Any]:
    """What the published release says of the run that made it; empty where there is none."""
    release = current(wave_folder)
    return _record(release) if release else {}


def _record(release: Path) -> dict[str, Any]:
    """The run of a whole release; empty where a file is gone, or the record cannot be read."""
    try:
        record = json.loads((release / RUN).read_text(encoding="utf-8"))
        whole = all((release / name).is_file() for name in record["files"])
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return dict(record) if whole else {}


def publish(wave_folder: Path, key: str, record: dict[str, Any], write: Callable[[Path], None]) -> Path:
    """Write a release into a folder of its own, then let `current` point at it, in one step; older ones go."""
    releases = wave_folder / "releases"
    with staging(wave_folder) as work:
        if not _record(releases / key):
            staged = work / key
            staged.mkdir()
            write(staged)
            (staged / RUN).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        with alone(releases):
            if not _record(releases / key):
                shutil.rmtree(releases / key, ignore_errors=True)  # somebody took files out of it
                place(work / key, releases / key)
            before = current(wave_folder)
            _point(wave_folder, key, work / CURRENT)
            kept = {key, before.name if before else key}
            for old in releases.iterdir():
                if old.name not in kept:
                    shutil.rmtree(old, ignore_errors=True)
    return wave_folder / CURRENT


def _point(wave_folder: Path, key: str, link: Path) -> None:
    """Let `current` point at a release, in one step."""
    here = wave_folder / CURRENT
    if here.exists() and not here.is_symlink():
        hint = "Move it away: Vigie keeps a link under this name."
        raise failure("cannot-write", f'"{CURRENT}" is a copy, and no link to a release.', hint, file=str(here))
    try:
        link.symlink_to(Path("releases") / key, target_is_directory=True)
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = "Publish on another file system: --out."
        raise failure("cannot-write", f"No link can be made here: {reason}.", hint, file=str(here)) from error
    link.replace(here)
