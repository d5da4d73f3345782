"""Frozen waves: tables of facts and their manifest, written whole or not at all, never changed afterwards.

out/2024/facts/<key>/manifest.json, respondents.parquet, …   the same bytes from the same inputs
out/2024/derived/<table>-<key>.parquet                       weights and scores; new ones are added, old ones stay
out/2024/releases/<key>/…, out/2024/current                  results and reports; `current` points at the last whole one
out/2024/.staging/…                                          work of runs that are under way
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.snapshot.staging import place, staging

TABLES = ("respondents", "contacts", "tests", "marks", "reviews", "cases", "events", "verbatims")
MANIFEST = "manifest.json"
ROWS = 1 << 17  # of a group: engines read one group on one core


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open snapshot: where it is, its key, and what its manifest says."""

    folder: Path
    key: str
    manifest: dict[str, Any]

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def has(self, table: str) -> bool:
        return table in self.manifest["tables"]

    @property
    def wave_folder(self) -> Path:
        return self.folder.parent.parent


def key_of(made_from: Mapping[str, Any]) -> str:
    """The key of the facts that these inputs, this instrument and this software make."""
    text = json.dumps(made_from, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def find(wave_folder: Path, key: str) -> Snapshot | None:
    """The facts of that key, if they stand whole."""
    folder = wave_folder / "facts" / key
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = all(_rows(folder / f"{table}.parquet") == rows for table, rows in manifest["tables"].items())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return Snapshot(folder, key, manifest) if whole else None


def _rows(path: Path) -> int:
    """How many rows a file says that it has; raises OSError or ValueError where somebody damaged it."""
    return int(pq.read_metadata(path).num_rows)


def freeze(wave_folder: Path, key: str, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> Snapshot:
    """Write the facts of a wave; where the same facts stand already, nothing is written."""
    standing = find(wave_folder, key)
    if standing is not None:
        return standing
    folder = wave_folder / "facts" / key
    counts = {name: tables[name].num_rows for name in TABLES if name in tables}
    full = {**manifest, "tables": counts}
    shutil.rmtree(folder, ignore_errors=True)  # somebody took files out of it, or damaged one
    with staging(wave_folder) as work:
        staged = work / key
        staged.mkdir()
        for name in counts:
            write_table(tables[name], staged / f"{name}.parquet")
        text = json.dumps(full, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
        (staged / MANIFEST).write_text(text, encoding="utf-8")
        place(staged, folder)
    return Snapshot(folder, key, full)


def write_table(table: pa.Table, path: Path) -> None:
    """A table as Parquet, without clock time: the same rows give the same bytes."""
    pq.write_table(table.combine_chunks(), path, compression="zstd", row_group_size=ROWS, store_schema=True)
