"""Derived tables beside the facts: weights, scores. Each is keyed by all that made it; old ones stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.snapshot.facts import Snapshot, write_table
from vigie.snapshot.staging import staging, sync, unwritable


def derived_key(snapshot: Snapshot, made_from: Any) -> str:
    """The key of a derived table: its facts, the part of the study that made it, and the software."""
    text = json.dumps(
        [snapshot.key, snapshot.manifest["version"], made_from], sort_keys=True, ensure_ascii=False, default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def standing(snapshot: Snapshot, name: str, keys: Sequence[str]) -> Path:
    """Where the derived table stands that bears one of the keys; raises LookupError where none does."""
    folder = snapshot.wave_folder / "derived"
    for key in keys:
        path = folder / f"{name}-{key}.parquet"
        if path.is_file():
            return path
    raise LookupError(f"no table {name!r} among {list(keys)}")


def derived(snapshot: Snapshot, name: str, key: str, make: Callable[[], pa.Table]) -> pa.Table:
    """The derived table of that key, made and written only where it does not stand yet.

    Raises `VigieError` where it cannot be written.
    """
    path = snapshot.wave_folder / "derived" / f"{name}-{key}.parquet"
    with suppress(OSError, pa.ArrowInvalid):  # not there, or somebody damaged it
        return pq.read_table(path)
    table = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with staging(snapshot.wave_folder) as work:
            write_table(table, work / path.name)
            sync(work / path.name)
            (work / path.name).replace(path)
    except OSError as error:
        raise unwritable(error, path) from error
    return table
