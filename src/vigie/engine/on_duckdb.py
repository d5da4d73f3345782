"""Figures on DuckDB: the engine of one machine, and the default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Queue
from threading import Thread
from typing import Any, TypeVar

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa

from vigie.engine.coding import Coder
from vigie.engine.kernel import Kernel

BATCH = 1 << 18  # rows
BITS = 8  # of a hash that stand for a text
AHEAD = 2  # batches that are read while others are added up
THREADS = 2
BUFFER = "128MB"  # rows that wait to be read: with DuckDB's own 1 MB there is room for those of one thread only
Item = TypeVar("Item")


@ibis.udf.scalar.builtin(name="list_position")  # type: ignore[untyped-decorator]
def _place(levels: list[str], text: str) -> int:  # type: ignore[empty-body]
    """DuckDB's own function: a CASE takes half as long again."""


@ibis.udf.scalar.builtin(name="hash")  # type: ignore[untyped-decorator]
def _hash(text: str) -> dt.uint64:
    """DuckDB's own function, of a null too; it takes a fifth of the time of looking a text up in a list."""


def connected() -> Any:
    """A database in memory, whose threads all read while rows are streamed from it in their order."""
    backend = ibis.duckdb.connect(threads=THREADS)
    backend.con.execute(f"SET streaming_buffer_size = '{BUFFER}'")  # no setting that a database can be opened with
    return backend


@dataclass
class DuckDB:
    """An in-memory database that reads the snapshot's files."""

    backend: Any = field(default_factory=connected)
    hashes: dict[str | None, int] = field(default_factory=dict)  # of texts, as this database makes them

    def held(self, table: pa.Table) -> Any:
        return ibis.memtable(table)

    def place(self, levels: Sequence[str], column: Any) -> Any:
        return _place(ibis.array(list(levels)), column).cast("int16")

    def sign(self, levels: Sequence[str], column: Any) -> tuple[Any, tuple[int, ...]]:
        """Eight bits of the hash that differ for all of the texts and for null; places where no eight bits do."""
        texts = [None, *levels]
        if new := [text for text in texts if text not in self.hashes]:
            found = self.backend.con.execute("SELECT hash(unnest(?::VARCHAR[]))", [new]).fetchall()
            self.hashes |= {text: row[0] for text, row in zip(new, found, strict=True)}
        for shift in range(64 - BITS + 1):
            signs = [self.hashes[text] >> shift & (1 << BITS) - 1 for text in texts]
            if len(set(signs)) == len(signs):
                places = dict(zip(signs, range(len(texts)), strict=True))
                number = (_hash(column) >> shift & (1 << BITS) - 1).cast("uint8")
                return number, tuple(places.get(sign, 0) for sign in range(1 << BITS))
        return self.place(levels, column), ()

    def fold(self, table: Any, kernel: Kernel, *, order: Sequence[str] = (), whole: bool = False) -> Any:  # noqa: ARG002
        # one machine always folds all rows, one after the other
        rows = table.order_by(list(order)) if order else table
        return kernel.fold(ahead(self.backend.to_pyarrow_batches(rows, chunk_size=BATCH)))

    def coded(self, texts: Any, coder: Coder) -> pa.Table:
        return pa.Table.from_batches(coder(self.backend.to_pyarrow_batches(texts, chunk_size=BATCH)), coder.schema)


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items, in the same order, fetched by a thread of its own: reading and adding up overlap."""
    queue: Queue[tuple[Item | None, BaseException | None]] = Queue(AHEAD)
    wanted = True

    def fetch() -> None:
        try:
            for item in items:
                queue.put((item, None))
                if not wanted:
                    return
            queue.put((None, None))
        except BaseException as error:  # noqa: BLE001 - raised again where the items are used
            queue.put((None, error))

    thread = Thread(target=fetch, daemon=True)
    thread.start()
    try:
        while True:
            item, error = queue.get()
            if error is not None:
                raise error
            if item is None:
                return
            yield item
    finally:
        wanted = False
        while thread.is_alive():  # a fetch that waits for room would wait for ever
            if not queue.empty():
                queue.get()
            thread.join(0.001)
