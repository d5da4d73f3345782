"""Derived tables beside the facts: weights, scores. Each is keyed by all that made it; old ones stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.snapshot.facts import Snapshot, sync, write_table


def derived_key(snapshot: Snapshot, made_from: Any) -> str:
    """The key of a derived table: its facts, the part of the study that made it, and the software."""
    text = json.dumps(
        [snapshot.key, snapshot.manifest["version"], made_from], sort_keys=True, ensure_ascii=False, default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def derived(snapshot: Snapshot, name: str, key: str, make: Callable[[], pa.Table]) -> pa.Table:
    """The derived table of that key, made and written only where it does not stand yet."""
    path = snapshot.wave_folder / "derived" / f"{name}-{key}.parquet"
    if path.exists():
        return pq.read_table(path)
    table = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}")
    write_table(table, staged)
    sync(staged)
    staged.replace(path)
    return table
