"""How long answers take, on tests, reviews and cases: who still waits is counted as waiting, never left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.algebra import IbisAlgebra
from vigie.engine.groups import encoded, numbered
from vigie.engine.records import Records
from vigie.engine.session import KEYS
from vigie.engine.sources import lineage
from vigie.engine.verbatims import read_in
from vigie.results.figures import Estimate, Lineage, Segment, Unit, figure_key, finite
from vigie.results.methods import Exclusion
from vigie.stats.intervals import interval
from vigie.stats.survival import answered_within, kaplan_meier, median, restricted_mean
from vigie.study.expressions import fold
from vigie.study.fields import GRAIN, MOMENTS
from vigie.study.identity import Identity, indicator_identity
from vigie.study.indicators import Indicator
from vigie.study.text import hours, spread
from vigie.verbatim import polarity

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
WAIT = "wait"
STOPPED = "censored_at"  # when a tester stopped looking, when a review was collected
GAVE_UP = "abandoned_at"  # from then on no answer counts
LOOKED = {
    "cutoff": "the cut-off", "wave": "the end of the wave", "data": "the last moment in the data",
    "collected": "the day on which they were collected",
}  # fmt: skip
TELLS = {  # the field that tells of an answer whose moment may not be known
    "answered_at": ("outcome", "answered"), "replied_at": ("replied", "yes"), "first_response_at": ("answered", "yes"),
    "resolved_at": ("resolved", "yes"), GAVE_UP: ("abandoned", "yes"), WAIT: ("answered", "yes"),
}  # fmt: skip
HOUR = 3.6e9  # microseconds
SAME = 1e-12  # two lengths of time that differ by less are one


@dataclass(frozen=True, slots=True)
class Waits:
    """The rows whose waiting is known: hours until the answer (`event`), or until nobody looked any more."""

    hours: Floats
    event: Bools
    kept: Bools  # (n,) which rows of the table these are
    lost: int  # rows of the base of which it is not known how long they waited
    looked: str  # until when the unanswered wait: a key of LOOKED
    gave_up: int = 0  # rows that gave up, which will never be answered


def delays(records: Records) -> tuple[list[Estimate], list[Exclusion]]:
    """The figures of every `time_to:` of a source, and the rows of which no time is known.

    Share answered within each time, median, share answered and restricted mean by the cut-off (or else by the longest
    of the times); elapsed time. Every row counts once.
    """
    estimates: list[Estimate] = []
    lost: dict[str, int] = {}
    for indicator in records.study.indicators.values():
        if indicator.source != records.source or indicator.kind != "time_to":
            continue
        identity = indicator_identity(records.study, records.wave, indicator, polarity.CODER)
        if identity is None:
            continue
        table = _table(records, indicator)
        waits = waited(records, indicator, table)
        if waits.lost:
            lost[indicator.id] = waits.lost
        estimates += _Delays(records, indicator, identity, waits).estimates(table)
    gone = [Exclusion(records.source, "no_moment", rows, 0, (f'"{name}"',)) for name, rows in lost.items()]
    return estimates, gone


def _table(records: Records, indicator: Indicator) -> pa.Table:
    """The rows in the base with their moments and the fields that the indicator is broken by."""
    table, source = records.table, records.source
    inside = fold(records.bases()[indicator.id], IbisAlgebra(table, records.exclusive)).fill_null(False)
    moments = [m for m in MOMENTS[source] if m in table.columns]
    told = [field for field, _ in TELLS.values() if field in table.columns]
    fields = [f for f in indicator.by if f in records.questions]
    moments += [STOPPED] if STOPPED in table.columns and STOPPED not in moments else []
    wanted = [KEYS[source], *moments, *told, *fields, *([WAIT, "abandoned"] if source == "log" else [])]
    order = [KEYS[source], *(["brand"] if source == "reviews" else [])]
    names = [n for n in dict.fromkeys([*wanted, *order]) if n in table.columns]
    return table.filter(inside).order_by(order).select(*names).to_pyarrow()


def waited(records: Records, indicator: Indicator, table: pa.Table) -> Waits:
    """How long each row waited, and whether for an answer."""
    cutoff = hours(indicator.cutoff) if indicator.cutoff else np.inf
    if indicator.time_to == WAIT:
        time, event, known, looked = _measured(records, table)
    else:
        time, event, known, looked = _between(records, indicator, table, cutoff)
    gave_up = _is(table, "abandoned", "yes") & ~event & (indicator.time_to != GAVE_UP)
    if indicator.from_ is not None:  # what never began has not been given up
        gave_up &= np.isfinite(_moment(table, indicator.from_))
    # they are never answered: not by the times that are told, nor by any other at which somebody was
    seen = time[known].max(initial=0.0) if np.isinf(cutoff) else cutoff
    never = max(seen, *(hours(w) for w in horizon(indicator)))
    time, known = np.where(gave_up, never, time), known | gave_up
    for exact in (cutoff, *(hours(w) for w in indicator.within)):  # "24 h" is the same number in both
        time = np.where(np.abs(time - exact) < SAME * exact, exact, time)
    late = time > cutoff
    time, event = np.where(late, cutoff, time), event & ~late
    return Waits(time[known], event[known], known, int((~known).sum()), looked, int(gave_up.sum()))


def _measured(records: Records, table: pa.Table) -> tuple[Floats, Bools, Bools, str]:
    """Waits that the file measured; who was not answered waits to the last moment of all."""
    time = _floats(table[WAIT])
    event = np.isfinite(time) & ~_is(table, "answered", "no") & ~_is(table, "abandoned", "yes")
    last, looked = _last(records)
    until = (last - _moment(table, MOMENTS["log"][0])) / HOUR
    time = np.where(event, time, np.where(np.isfinite(until), until, time))
    silent = ~event & _is(table, *TELLS[WAIT])
    known = np.isfinite(time) & ~silent
    known[known] = time[known] >= 0
    return np.where(known, time, 0.0), event, known, looked


def _between(
    records: Records, indicator: Indicator, table: pa.Table, cutoff: float
) -> tuple[Floats, Bools, Bools, str]:
    """Hours between two moments, and until when the unanswered waited: until a tester stopped looking, a test's
    cut-off, the day a review was collected, or the last moment of all. An answer of which only the moment is missing
    has no time at all.
    """
    end = str(indicator.time_to)
    began, ended = _moment(table, indicator.from_ or MOMENTS[records.source][0]), _moment(table, end)
    stopped = _moment(table, STOPPED if end != STOPPED else "")
    last, looked = _last(records)
    event = np.isfinite(ended)
    if end != GAVE_UP:  # who gave up is answered no more
        event &= ~(_moment(table, GAVE_UP) < ended)
    if records.source == "mystery" and np.isfinite(cutoff):  # testers look until the cut-off
        limit, looked = np.where(np.isfinite(stopped), stopped, began + cutoff * HOUR), "cutoff"
    else:
        limit = np.fmin(stopped, last)
        looked = "collected" if len(stopped) and np.isfinite(stopped).all() else looked
    time = (np.where(event, ended, limit) - began) / HOUR
    field, yes = TELLS.get(end, ("", ""))
    silent = ~event & (_is(table, field, yes) if field else False)
    known = np.isfinite(time) & ~silent
    known[known] = time[known] >= 0
    return np.where(known, time, 0.0), event, known, looked


def _last(records: Records) -> tuple[float, str]:
    """When somebody looked for the last time, in microseconds, and a key of LOOKED.

    Not before the end of the wave of reviews: these are collected when it is over.
    """
    every = records.table
    moments = [m for m in MOMENTS[records.source] if m in every.columns]
    row = every.aggregate(**{m: every[m].cast("timestamp(6)").max() for m in moments}).to_pyarrow()
    last = float(np.nanmax([-np.inf, *(_moment(row, m)[0] for m in moments)]))
    field = records.wave.field
    if records.source == "reviews" and field:
        over = datetime.combine(field[1] + timedelta(days=1), time.min)
        closed = (over - datetime(1970, 1, 1)).total_seconds() * 1e6  # noqa: DTZ001 - moments are local, as in files
        if closed >= last:
            return closed, "wave"
    return last, "data"


def _moment(table: pa.Table, name: str) -> Floats:
    """A moment in microseconds; nan where there is none."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    return _floats(table[name].cast(pa.timestamp("us")).cast(pa.int64()))


def _floats(column: Any) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _is(table: pa.Table, field: str, code: str) -> Bools:
    if field not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    return np.asarray(pc.fill_null(pc.equal(table[field], code), False).to_numpy(), dtype=bool)


def horizon(indicator: Indicator) -> list[str]:
    """The times up to which figures are told."""
    return [indicator.cutoff] if indicator.cutoff else list(indicator.within)


def first_of(key: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The rows in which a key stands for the first time, in their order."""
    return np.sort(np.unique(key, return_index=True)[1])


class _Delays:
    """The figures of one indicator on the whole and by its fields."""

    def __init__(self, records: Records, indicator: Indicator, identity: Identity, waits: Waits) -> None:
        self.records, self.indicator, self.identity, self.waits = records, indicator, identity, waits
        listed = list(dict.fromkeys(sorted(indicator.within, key=hours)))
        self.until = indicator.cutoff or listed[-1]
        self.within = [w for w in listed if hours(w) <= hours(self.until)]
        self.label = spread(indicator.label or {"": indicator.id})
        self.lineages: dict[tuple[tuple[str, str], bool], Lineage] = {}  # by part, and whether its figure is missing

    def estimates(self, table: pa.Table) -> Iterator[Estimate]:
        """One record per figure and group."""
        segments, group, row = self._groups(table.filter(pa.array(self.waits.kept)))
        level = self.records.edition.level
        curves = kaplan_meier(self.waits.hours[row], self.waits.event[row], group, len(segments))
        times = [*(hours(w) for w in self.within), hours(self.until)]
        value, se, low, high = answered_within(curves, times, level)
        half = median(curves, level)
        mean, mean_se = restricted_mean(curves, hours(self.until))
        unknown = np.full(len(segments), np.nan)  # the median has limits and no standard error
        answered, restricted = (value, se, low, high), (mean, mean_se, *self._limits(mean, mean_se))
        for g, segment in enumerate(segments):
            n = int(curves.n[g])
            for j, name in enumerate(self.within):
                yield self._record(("within", name), segment, "share", n, answered, (g, j))
            yield self._record(("statistic", "median"), segment, "hours", n, (half[0], unknown, *half[1:]), (g,))
            yield self._record(("statistic", "answered"), segment, "share", n, answered, (g, len(times) - 1))
            yield self._record(("statistic", "restricted_mean"), segment, "hours", n, restricted, (g,))

    def _limits(self, mean: Floats, se: Floats) -> tuple[Floats, Floats]:
        """Limits of the restricted mean, which lies between no time and the cut-off."""
        return interval("mean", mean, se, np.inf, level=self.records.edition.level, low=0.0, high=hours(self.until))

    def _groups(self, table: pa.Table) -> tuple[list[Segment], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The segments, and the rows of each, one after another: a row is in the whole and in one group per field."""
        segments: list[Segment] = [()]
        key = numbered(table[KEYS[self.records.source]])
        rows = first_of(key)  # a review of two brands is one wait on the whole
        group, row = [np.zeros(len(rows), dtype=np.int64)], [rows]
        for field in (f for f in self.indicator.by if f in self.records.questions):
            column = table[field].combine_chunks()
            codes = self.records.ordered(self.records.questions[field], column)
            at = encoded(column, codes)
            known = np.flatnonzero(at < len(codes))
            rows = known[first_of(key[known] * (len(codes) + 1) + at[known])]
            group.append(at[rows] + len(segments))
            row.append(rows)
            segments += [((field, code),) for code in codes]
        return segments, np.concatenate(group), np.concatenate(row)

    def _lineage(self, part: tuple[str, str], missing: bool) -> Lineage:
        start = self.indicator.from_ or MOMENTS[self.records.source][0]
        run = "as measured" if self.indicator.time_to == WAIT else f"from {start}"
        note = f"elapsed time {run}; the unanswered wait until {LOOKED[self.waits.looked]}"
        if self.waits.gave_up:
            note += f"; the {self.waits.gave_up} who gave up are never answered"
        if part[0] == "statistic" and part[1] != "median":
            note += f"; by {self.until}"
        if missing:
            note += "; fewer than half were answered" if part[1] == "median" else "; nobody was looked at for so long"
        coder = polarity.CODER if read_in(self.records.bases()[self.indicator.id]) else ""
        told = lineage(self.records.edition, self.records.source, self.indicator, coder=coder, note=note)
        return replace(
            told, cutoff=self.indicator.cutoff or "", horizon=self.until, observed=self.waits.looked,
            gave_up=self.waits.gave_up,
        )  # fmt: skip

    def _record(
        self, part: tuple[str, str], segment: Segment, unit: Unit, n: int,
        found: tuple[Floats, Floats, Floats, Floats], at: tuple[int, ...],
    ) -> Estimate:  # fmt: skip
        """A figure; one that the time looked at does not tell has no value, though its base may be large."""
        indicator, whole = self.indicator, (part, *segment)
        value, se, low, high = (finite(a[at]) for a in found)
        flag = self.records.show.flag(n)
        if flag == "hidden" or value is None:
            value = se = low = high = None
        key = (part, value is None and flag != "hidden")
        told = self.lineages[key] = self.lineages.get(key) or self._lineage(*key)
        decimals = indicator.decimals if indicator.decimals is not None else (1 if unit == "hours" else 0)
        return Estimate(
            figure=figure_key(self.identity.key, whole), identity=self.identity.key, indicator=indicator.id,
            label=self.label, source=self.records.source, grain=GRAIN[self.records.source],
            wave=self.records.wave.id, segment=whole, value=value, unit=unit, decimals=decimals, se=se, ci_low=low,
            ci_high=high, level=self.records.edition.level, n=n, n_weighted=None,
            n_effective=float(n) if n else None, design_effect=None, flag=flag, lineage=told, part=part[0],
        )  # fmt: skip
