"""Where the generated files are; read in every environment: the standard library only."""

from __future__ import annotations

import os
from pathlib import Path

WAVE = "2024"
RAW = "survey.parquet"


def facts_of(folder: Path) -> Path:
    """The folder of the facts of a study."""
    return folder / "out" / WAVE / "facts" / "generated"


def respondents_of(folder: Path) -> Path:
    """The file that every tool reads."""
    return facts_of(folder) / "respondents.parquet"


def binary_of(folder: Path) -> Path:
    """The columns that R reads, one file each."""
    return folder / "columns"


def forget(path: Path) -> None:
    """Drop a file from the memory of the system, so that the next reader has to go to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
