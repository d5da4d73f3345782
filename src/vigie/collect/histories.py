"""Events of cases folded into one row per case.

A case begins with its first `opened` event, or else with its first event. Contacts are the events in which one side
reaches the other: opened, first response, message, reopened. A case is resolved (or closed) by its last such event,
unless it was reopened after it. What a log never records is unknown, and not "no".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.cases import case_table, channels_taken
from vigie.collect.events import Events
from vigie.collect.ledger import Ledger, Mask, mask
from vigie.collect.own import first_told, together
from vigie.collect.records import FILE, refuse_at
from vigie.collect.sheet import taken
from vigie.study.brands import on_day
from vigie.study.fields import NO, YES
from vigie.study.mappings import EVENTS
from vigie.study.model import Study
from vigie.study.waves import Wave

CONTACTS = ("opened", "first_response", "message", "reopened")
ENDS = ("resolved", "closed", "abandoned")
HOUR = 3600e6  # microseconds
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Log:
    """Events of all files in the order of case and time."""

    table: pa.Table
    case: Rows  # (rows,) position of each event's case among the sorted ids
    kind: npt.NDArray[np.int64]  # (rows,) position in EVENTS
    n: int

    def of(self, *kinds: str) -> Mask:
        """(rows,) where an event is of one of these kinds."""
        found: Mask = np.isin(self.kind, [EVENTS.index(k) for k in kinds])
        return found

    def first(self, where: Mask) -> Rows:
        """(n,) the position of each case's first event of these; -1 for none."""
        found = np.full(self.n, -1, dtype=np.int64)
        at = np.flatnonzero(where)[::-1]
        found[self.case[at]] = at
        return found

    def last(self, where: Mask) -> Rows:
        """(n,) the position of each case's last event of these; -1 for none."""
        found = np.full(self.n, -1, dtype=np.int64)
        at = np.flatnonzero(where)
        found[self.case[at]] = at
        return found

    def count(self, where: Mask) -> npt.NDArray[np.float64]:
        """(n,) how many events of each case are these."""
        return np.bincount(self.case[where], minlength=self.n).astype(np.float64)

    def cell(self, name: str, at: Rows) -> pa.Array:
        """(n,) a column's cells at these positions; null for -1."""
        return self.table[name].combine_chunks().take(pa.array(at, mask=at < 0))

    def only(self, keep: Mask) -> _Log:
        """Without the other events, and without the cases that have none left."""
        return self if keep.all() else _log(self.table.filter(pa.array(keep)))


def fold_events(study: Study, wave: Wave, files: Sequence[Events], ledger: Ledger) -> tuple[pa.Table, pa.Table]:
    """`cases` (with the file and the row where each stands) and `events`, from the events of all files."""
    recorded = frozenset[str]().union(*(f.recorded for f in files))
    for kind in ("first_response", "resolved"):
        if kind not in recorded:
            shown = ", ".join(f.own.shown[0] for f in files)
            ledger.notes.append(f'{shown}: no event is a "{kind}"; map it in `kind: codes:` if the log tells it')
    log = _sound(_sorted(_without_repeats(files, ledger)), recorded, ledger)
    log = _of_wave(log, wave, ledger)
    if any(f.branded for f in files):
        nobody = ~mask(log.cell("brand", log.first(mask(log.table["brand"].is_valid()))).is_valid())[log.case]
        refuse_at(ledger, "unknown-brand", log.table, np.flatnonzero(nobody), log.table["case"], "names no brand")
        log = log.only(~nobody)
    keys = pc.unique(log.table["case"].combine_chunks())
    groups = pc.index_in(pa.concat_arrays([f.cases for f in files]), keys)
    left = np.flatnonzero(mask(groups.is_valid()))
    own = taken(together([f.own for f in files]), left)
    owners = groups.take(pa.array(left)).to_numpy(zero_copy_only=False).astype(np.int64)
    cases = case_table(study, wave, keys, _columns(study, wave, log, recorded), first_told(own, owners, log.n))
    return cases, log.table.select(["case", "kind", "at", "channel"])


def _without_repeats(files: Sequence[Events], ledger: Ledger) -> pa.Table:
    """The events of all files, without those that an earlier file holds too: exports overlap."""
    table = pa.concat_tables([f.table for f in files]).combine_chunks()
    if len(files) < 2:
        return table
    number = np.repeat(np.arange(len(files)), [len(f.table) for f in files])
    parts = [pc.coalesce(table[c].cast(pa.string()), pa.scalar("")) for c in ("case", "kind", "at", "channel")]
    keys = pc.binary_join_element_wise(*(p.combine_chunks() for p in parts), "\x1f").dictionary_encode().indices
    indices = keys.to_numpy(zero_copy_only=False)
    earliest = np.zeros(int(indices.max()) + 1 if len(indices) else 0, dtype=np.int64)
    earliest[indices[::-1]] = number[::-1]
    again = number > earliest[indices]
    refuse_at(ledger, "duplicate-id", table, np.flatnonzero(again), table["case"], "has this event in an earlier file")
    return table.filter(pa.array(~again))


def _sorted(table: pa.Table) -> _Log:
    """By case and time; of events at one moment, the opening stands first and the others as in the file."""
    encoded = table["case"].combine_chunks().dictionary_encode()
    order = np.asarray(pc.sort_indices(encoded.dictionary).to_numpy())
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    case = rank[encoded.indices.to_numpy(zero_copy_only=False)]
    later = ~mask(pc.equal(table["kind"], "opened"))
    at = table["at"].combine_chunks().cast(pa.int64()).to_numpy(zero_copy_only=False)
    return _log(table.take(pa.array(np.lexsort((later, at, case)))))


def _log(table: pa.Table) -> _Log:
    """Events that stand in their order."""
    table = table.combine_chunks()
    keys = table["case"].combine_chunks().dictionary_encode()  # in order, so that the numbers rise
    case = keys.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    kind = pc.index_in(table["kind"].combine_chunks(), pa.array(EVENTS)).to_numpy(zero_copy_only=False)
    return _Log(table, case, kind.astype(np.int64), len(keys.dictionary))


def _sound(log: _Log, recorded: frozenset[str], ledger: Ledger) -> _Log:
    """Without events that cannot be: before the opening of their case, or a reopening of what had not ended."""
    rows = np.arange(len(log.case))
    opened = log.first(log.of("opened"))
    early = rows < opened[log.case]
    refuse_at(
        ledger, "contradiction", log.table, np.flatnonzero(early), log.table["kind"], "before the case was opened"
    )
    log = log.only(~early)
    if recorded & set(ENDS):
        ended = log.first(log.of(*ENDS))[log.case]
        never = log.of("reopened") & ((ended < 0) | (np.arange(len(log.case)) < ended))
        said = "before the case was resolved, closed or abandoned"
        refuse_at(ledger, "contradiction", log.table, np.flatnonzero(never), log.table["kind"], said)
        log = log.only(~never)
    return log


def _opened(log: _Log) -> Rows:
    """(n,) the event with which each case begins."""
    opened = log.first(log.of("opened"))
    return np.where(opened >= 0, opened, log.first(np.ones(len(log.case), dtype=bool)))


def _of_wave(log: _Log, wave: Wave, ledger: Ledger) -> _Log:
    """The cases opened in the wave's fieldwork; the events of the others are counted."""
    if wave.field is None or not log.n:
        return log
    day = log.cell("at", _opened(log)).cast(pa.date32(), safe=False)
    first, last = (pa.scalar(d, pa.date32()) for d in wave.field)
    here = mask(pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)))[log.case]
    away = log.table.filter(pa.array(~here)).group_by(FILE, use_threads=False).aggregate([([], "count_all")])
    for row in away.to_pylist():
        ledger.refuse_filtered(row[FILE], row["count_all"], "outside_wave")
    return log.only(here)


def _columns(study: Study, wave: Wave, log: _Log, recorded: frozenset[str]) -> dict[str, pa.Array]:
    """What the events of each case tell."""
    sectors = {b.brand: b.sector for b in on_day(study.brands, wave.field[0] if wave.field else None).values()}
    brand = log.cell("brand", log.first(mask(log.table["brand"].is_valid())))
    sector = pa.array(list(sectors.values()), pa.string()).take(
        pc.index_in(brand, pa.array(list(sectors), pa.string()))
    )
    opened, response = log.cell("at", _opened(log)), log.first(log.of("first_response"))
    again = log.last(log.of("reopened"))
    resolved, closed = (_unless_before(log.last(log.of(kind)), again) for kind in ("resolved", "closed"))
    answered_at, wait = log.cell("at", response), pa.nulls(log.n, pa.float64())
    if log.n:
        wait = pc.divide(pc.subtract(answered_at, opened).cast(pa.int64()).cast(pa.float64()), HOUR)
    gone = log.first(log.of("abandoned"))
    return {
        "brand": brand, "sector": sector, **_channels(study, log), "opened_at": opened,
        "first_response_at": answered_at, "resolved_at": log.cell("at", resolved),
        "abandoned_at": log.cell("at", gone), "closed_at": log.cell("at", closed),
        "wait": wait, "handling": pa.nulls(log.n, pa.float64()),
        "answered": _said(response >= 0, "first_response", recorded),
        "resolved": _said(resolved >= 0, "resolved", recorded),
        "abandoned": _said(gone >= 0, "abandoned", recorded), "reopened": _said(again >= 0, "reopened", recorded),
        "contacts": pa.array(log.count(log.of(*CONTACTS))),
        "transfers": pa.array(log.count(log.of("transferred")))
        if "transferred" in recorded else pa.nulls(log.n, pa.float64()),
    }  # fmt: skip


def _unless_before(end: Rows, again: Rows) -> Rows:
    """The event that ended a case, unless it was reopened later."""
    return np.where(end > again, end, -1)


def _said(yes: Mask, kind: str, recorded: frozenset[str]) -> pa.Array:
    """Yes or no; unknown in a log that never records such events."""
    if kind not in recorded:
        return pa.nulls(len(yes), pa.string())
    return pc.if_else(pa.array(yes), YES, NO)


def _channels(study: Study, log: _Log) -> dict[str, pa.Array]:
    """The first channel of each case, all that it took, and whether it changed."""
    known = mask(log.table["channel"].is_valid())
    first = log.first(known)
    here = log.table["channel"]
    took = {c: log.count(mask(pc.equal(here, c))) > 0 for c in study.header.channels}
    several = np.sum(list(took.values()), axis=0) > 1 if took else np.zeros(log.n, dtype=bool)
    changed = pc.if_else(pa.array(several), YES, NO)
    return {
        "channel": log.cell("channel", first), **channels_taken(study, took, first >= 0),
        "changed": pc.if_else(pa.array(first >= 0), changed, pa.scalar(None, pa.string())),
    }  # fmt: skip
