"""The tables of a snapshot as Ibis tables, on DuckDB."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import ibis

from vigie.results import Source
from vigie.snapshot.facts import Snapshot

TABLES: dict[Source, str] = {"survey": "respondents", "mystery": "tests", "reviews": "reviews", "log": "cases"}
KEYS: dict[Source, str] = {"survey": "respondent", "mystery": "test", "reviews": "review", "log": "case"}
KEPT = 100_000  # rows


@dataclass
class Session:
    """One engine with a snapshot's tables; other engines come in here."""

    snapshot: Snapshot
    backend: Any = field(default_factory=lambda: ibis.duckdb.connect(threads=2))

    def table(self, name: str) -> Any:
        """A table of facts."""
        return self.backend.read_parquet(str(self.snapshot.path(name)))

    def kept(self, table: Any, name: str) -> Any:
        """A table made from facts, held in memory where those are of ordinary size: several queries read it."""
        return table.cache() if self.snapshot.manifest["tables"][name] <= KEPT else table

    def has(self, name: str) -> bool:
        return self.snapshot.has(name)
