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

TABLES = ("respondents", "contacts", "tests", "marks")
MANIFEST = "manifest.json"


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


def freeze(wave_folder: Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> Snapshot:
    """Write the facts of a wave; where the same facts stand already, nothing is written."""
    counts = {name: tables[name].num_rows for name in TABLES if name in tables}
    full = {**manifest, "tables": counts}
    text = json.dumps(full, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    folder = wave_folder / "facts" / key
    if not all((folder / name).is_file() for name in (MANIFEST, *(f"{t}.parquet" for t in counts))):
        shutil.rmtree(folder, ignore_errors=True)  # somebody took files out of it
        with staging(wave_folder) as work:
            staged = work / key
            staged.mkdir()
            for name in counts:
                write_table(tables[name], staged / f"{name}.parquet")
            (staged / MANIFEST).write_text(text, encoding="utf-8")
            place(staged, folder)
    return Snapshot(folder, key, full)


def open_snapshot(folder: Path) -> Snapshot:
    """A snapshot that was written before."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Snapshot(folder, folder.name, manifest)


def write_table(table: pa.Table, path: Path) -> None:
    """A table as Parquet, without clock time: the same rows give the same bytes."""
    pq.write_table(table.combine_chunks(), path, compression="zstd", row_group_size=1 << 20, store_schema=True)
