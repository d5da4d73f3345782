"""The tables of a snapshot as Ibis tables, on the engine that a run was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
from ibis.expr.types import CachedTable

from vigie.engine.coding import Coder
from vigie.engine.kernel import Kernel
from vigie.results.figures import Source
from vigie.snapshot.facts import Snapshot

TABLES: dict[Source, str] = {"survey": "respondents", "mystery": "tests", "reviews": "reviews", "log": "cases"}
KEYS: dict[Source, str] = {"survey": "respondent", "mystery": "test", "reviews": "review", "log": "case"}
KEPT = 100_000  # rows


class Engine(Protocol):
    """Where rows are read and kernels run: an Ibis backend, and what differs between backends beside it."""

    @property
    def backend(self) -> Any: ...

    def held(self, table: pa.Table) -> Any:
        """A table in memory as one that can be joined with the others."""

    def place(self, levels: Sequence[str], column: Any) -> Any:
        """The place of each cell among these texts, from 1, as a whole number; null or 0 where it is none of them."""

    def sign(self, levels: Sequence[str], column: Any) -> tuple[Any, tuple[int, ...]]:
        """Small numbers that tell these texts apart, in a column that holds no others, and what place each stands for.

        An engine that has nothing faster than places gives these, and no meanings.
        """

    def fold(self, table: Any, kernel: Kernel, *, order: Sequence[str] = (), whole: bool = False) -> Any:
        """The kernel's sums over a table, in its own order of rows.

        With `order` rows come sorted by these columns, and those that agree in the first are folded together; with
        `whole` all of them are, for a kernel that counts places.
        """

    def coded(self, texts: Any, coder: Coder) -> pa.Table:
        """What a coder finds in a table of texts, in any order."""


@dataclass
class Session:
    """One engine with a snapshot's tables."""

    snapshot: Snapshot
    engine: Engine

    def table(self, name: str) -> Any:
        """A table of facts."""
        return self.engine.backend.read_parquet(str(self.snapshot.path(name)))

    def rows(self, name: str) -> int:
        """How many rows a table of facts has."""
        return int(self.snapshot.manifest["tables"][name])

    def kept(self, table: Any, name: str) -> Any:
        """A table made from facts, held in memory where those are of ordinary size: several queries read it."""
        return table.cache() if self.rows(name) <= KEPT else table

    @staticmethod
    def release(table: Any) -> None:
        """Let go of a kept table: nothing that was made of it can be read any more."""
        if isinstance(table, CachedTable):
            table.release()

    def has(self, name: str) -> bool:
        return self.snapshot.has(name)
