"""The files that a wave is made from, each with the hash of its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from vigie.errors import failure
from vigie.study.model import Study
from vigie.study.waves import Wave


def _data_files(wave: Wave) -> list[str]:
    printed = [wave.published] if wave.published else []
    return [*(f.path for files in wave.by_source.values() for f in files), *printed]


def inputs_of(study: Study, wave: Wave) -> list[dict[str, str]]:
    """The files of a wave with the hash of each."""
    return [{"path": f, "sha256": sha256(Path(study.folder) / f)} for f in _data_files(wave)]


def sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise failure("file-unreadable", f"The file cannot be read: {error.strerror}.", file=str(path.name)) from error
