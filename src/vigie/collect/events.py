"""Files with one row per event of a case: whose it is, of which kind, when, by which channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import folded, translate
from vigie.collect.ledger import mask
from vigie.collect.own import read_own
from vigie.collect.records import Records
from vigie.collect.sheet import Sheet
from vigie.collect.source import SourceFile, fold_label
from vigie.formats.values import codes
from vigie.study.mappings import EVENTS

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Events:
    """The events of one file that stand (`case`, `kind`, `at`, `channel`, `brand`, where), and what is known of them.

    `own` has one row per case of the file, in the order of `cases`.
    """

    table: pa.Table
    cases: pa.Array
    own: Sheet
    recorded: frozenset[str]  # kinds of events that the file tells
    branded: bool


def read_events(records: Records) -> Events | None:
    """The events of one file; None where a column that is needed is missing."""
    placed = {name: records.required(name) for name in ("case", "kind")}
    moment = records.joined_moment()
    case, kinds = placed["case"], placed["kind"]
    if case is None or kinds is None or moment is None:
        return None
    keys, kind = codes(case[1]), _kind(records, kinds[1])
    shown, raw, at, failed = moment
    records.drop("missing-id", ~mask(keys.is_valid()), keys, "is not a case")
    unknown = ~mask(kind.is_valid())
    records.hopeless("unknown-code", "kind of event", *kinds, unknown & mask(kinds[1].is_valid()), list(EVENTS))
    records.drop("unknown-code", unknown, kinds[1], "is not a kind of event")
    records.hopeless("bad-date", "moment", shown, raw, failed, [])
    records.drop("bad-date", ~mask(at.is_valid()), raw, "is not a possible date")
    brand, said = records.brands_of_rows()
    if said is not None:
        unknown = mask(said.is_valid()) & ~mask(brand.is_valid())
        records.drop("unknown-brand", unknown, said, "is not a brand of this wave")
    keys, kind, at, brand = records.settle(keys, kind, at, brand)
    table = pa.table(
        {"case": keys, "kind": kind, "at": at, "channel": records.channel_cells(), "brand": brand, **records.places()}
    )
    cases, own = _own(records, keys, at)
    column = records.named("kind")
    mapped = set(column.codes.values()) if column is not None else set()
    recorded = frozenset(mapped | set(pc.unique(kind).to_pylist()))
    return Events(table, cases, own, recorded, said is not None)


def _kind(records: Records, raw: pa.Array) -> pa.Array:
    """The kind of each event, as mapped or by Vigie's own name; null where it is neither."""
    column = records.named("kind")
    mapped = dict(column.codes) if column is not None else {}
    table = {k: k for k in EVENTS} | {fold_label(k): v for k, v in mapped.items()}
    found = pc.coalesce(translate(codes(raw), mapped), translate(folded(codes(raw)), table))
    return pc.if_else(pc.is_in(found, pa.array(EVENTS)), found, pa.scalar(None, pa.string()))


def _own(records: Records, keys: pa.Array, at: pa.Array) -> tuple[pa.Array, Sheet]:
    """The cases of a file, and their answers: of each column, the case's first filled cell in time."""
    encoded = keys.dictionary_encode()
    group = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.lexsort((at.cast(pa.int64()).to_numpy(zero_copy_only=False), group))
    first = order[np.flatnonzero(np.diff(group[order], prepend=-1))] if len(order) else order
    whole = records.source
    columns = whole.columns
    if records.study.own("log"):
        columns = tuple(c.take(_first_filled(c, group, order, first)) for c in whole.columns)
    else:
        columns = tuple(c.take(pa.array(first)) for c in whole.columns)
    records.source = SourceFile(
        whole.shown, whole.headers, columns, whole.numbers[first], whole.rules, whole.ledger, whole.read, whole.taken
    )
    return encoded.dictionary, read_own(records, "log")


def _first_filled(column: pa.Array, group: Rows, order: Rows, first: Rows) -> pa.Array:
    """For each case the row of its first filled cell, or its first row where none is."""
    filled = order[mask(column.is_valid())[order]]
    at = first.copy()
    at[group[filled[::-1]]] = filled[::-1]
    return pa.array(at)
