"""Who wrote which review: reviews that stand twice, and authors as numbers."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.ledger import FEW, HOPELESS, Ledger, mask
from vigie.collect.own import WORDS
from vigie.collect.records import FILE, ROW, refuse_at
from vigie.errors import Problem, VigieError

TEXT = f"{WORDS}text"


def once(table: pa.Table, ledger: Ledger) -> pa.Table:
    """Each review once, sorted by review and brand; later rows with its id are refused.

    The same words by the same author on the same brand and day are the same review, whatever its id.
    """
    files, rows = table[FILE].combine_chunks(), table[ROW].combine_chunks().to_numpy()
    numbers = files.dictionary_encode().indices.to_numpy()
    new = (np.diff(rows, prepend=-1) != 0) | (np.diff(numbers, prepend=-1) != 0)
    place = np.cumsum(new) - 1  # rows of the files, in their order
    bad = np.zeros(int(place[-1]) + 1 if len(place) else 0, dtype=bool)
    bad[place[place != _first(table["review"].combine_chunks(), place)]] = True
    said = np.flatnonzero(mask(table["author"].is_valid()) & mask(table[TEXT].is_valid()) & ~bad[place])
    some = table.take(pa.array(said))
    parts = [pc.coalesce(some[c].cast(pa.string()), pa.scalar("")) for c in ("author", "brand", "published", TEXT)]
    words = pc.binary_join_element_wise(*(p.combine_chunks() for p in parts), "\x1f")
    bad[place[said][place[said] != _first(words, place[said])]] = True
    lost = np.flatnonzero(new)[bad]
    refuse_at(ledger, "duplicate-id", table, lost, table["review"], "already stands in an earlier row")
    if len(lost) >= FEW and len(lost) > HOPELESS * len(bad):
        message = f"{len(lost):,} of {len(bad):,} reviews already stand in earlier rows."
        hint = "Is `review:` the right column?"
        raise VigieError(Problem("duplicate-id", message, hint, files[int(lost[0])].as_py()))
    return table.filter(pa.array(~bad[place])).sort_by([("review", "ascending"), ("brand", "ascending")])


def _first(keys: pa.Array, place: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The first place at which the key of each row stands; places never fall."""
    indices = keys.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    found = np.zeros(int(indices.max()) + 1 if len(indices) else 0, dtype=np.int64)
    found[indices[::-1]] = place[::-1]
    first: npt.NDArray[np.int64] = found[indices]
    return first


def numbered(table: pa.Table) -> pa.Table:
    """Authors as numbers; a review whose author is unknown has one of its own."""
    encoded = table["author"].combine_chunks().dictionary_encode()
    hashes = [hashlib.sha256(key.encode()).hexdigest() for key in encoded.dictionary.to_pylist()]
    ranks = np.argsort(np.argsort(np.array(hashes, dtype="U64"))) + 1 if hashes else np.zeros(0, dtype=np.int64)
    known = pa.array(ranks, pa.int64()).take(encoded.indices)
    reviews = table["review"].combine_chunks().dictionary_encode().indices.cast(pa.int64())
    alone = pc.add(reviews, len(hashes) + 1)
    author = pc.coalesce(known, alone).cast(pa.string())
    return table.set_column(table.column_names.index("author"), "author", author)
