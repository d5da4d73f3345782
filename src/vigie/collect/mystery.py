"""Files of mystery tests become facts: `tests` (one row per test) and `marks` (one row per test and criterion)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import folded, translate
from vigie.collect.ledger import Ledger, Mask, mask
from vigie.collect.own import read_own, redacted, routed
from vigie.collect.records import FILE, ROW, Records, refuse_at
from vigie.collect.source import SourceFile, fold_label, open_source, without
from vigie.collect.texts import brand_words, whole
from vigie.errors import Problem, VigieError
from vigie.formats.values import codes, numbers
from vigie.study.grids import Criterion, Grid
from vigie.study.imports import TestsImport
from vigie.study.mappings import OUTCOMES
from vigie.study.model import Study
from vigie.study.waves import Wave

MARK_STATES = pa.array(["marked", "not_applicable", "missing", "unanswered"])
MARKED, NOT_APPLICABLE, MISSING, UNANSWERED = range(4)
PLAIN = TestsImport.model_validate(
    {
        "test": "test", "brand": "brand", "channel": "channel", "outcome": "outcome", "scenario": "scenario",
        "tester": "tester", "slot": "slot", "sent_at": "sent_at", "acknowledged_at": "acknowledged_at",
        "answered_at": "answered_at", "censored_at": "censored_at",
    }
)  # fmt: skip
PLACE = "at:place"
TEXTS = ("scenario", "tester", "slot")
MOMENTS = ("sent_at", "acknowledged_at", "answered_at", "censored_at")


@dataclass
class Batch:
    """The tests of one file that can stand, and their marks."""

    tests: pa.Table
    marks: list[pa.Table]


def read_tests(study: Study, wave: Wave, ledger: Ledger) -> tuple[dict[str, pa.Table], int]:
    """The facts of a wave's mystery tests, and the number of rows read."""
    batches, read = [], 0
    for file in wave.by_source.get("mystery", []):
        given = study.imports.get(file.import_ or "")
        rules = given if isinstance(given, TestsImport) else PLAIN
        source = open_source(Path(study.folder), file.path, rules, ledger)
        read += source.read
        batch = _Reader(study, wave, source, rules, optional=given is None).batch()
        if batch is not None:
            batches.append(batch)
    ledger.stop_if_fatal()
    tests = pa.concat_tables([b.tests for b in batches], promote_options="default")
    if not tests.num_rows:
        hint = "See `keep:`, the brands, the channels." if read else "The file has headers and no rows."
        first = wave.by_source["mystery"][0].path
        raise VigieError(Problem("no-rows", f"No test is left of {read:,} rows.", hint, first))
    tests, texts = redacted("mystery", _once(tests, ledger), "test", brand_words(study))
    tables = {"tests": tests.drop_columns([FILE, ROW, PLACE]), "verbatims": whole(texts)}
    marks = [m for b in batches for m in b.marks]
    return tables | ({"marks": _marks_of(tests, marks)} if study.grids else {}), read


def _once(tests: pa.Table, ledger: Ledger) -> pa.Table:
    """All files as one, sorted by test; later rows of a test that already stands are refused with their marks."""
    tests = tests.take(pc.sort_indices(tests["test"]))
    keys = tests["test"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    first = np.diff(keys, prepend=-1) != 0
    refuse_at(ledger, "duplicate-id", tests, np.flatnonzero(~first), tests["test"], "already stands in an earlier row")
    return tests.filter(pa.array(first))


def _marks_of(tests: pa.Table, marks: list[pa.Table]) -> pa.Table:
    """The marks of the tests that stand, test by test in the order of the grid."""
    every = pa.concat_tables(marks)
    at = pc.index_in(every[PLACE].combine_chunks(), tests[PLACE].combine_chunks())
    every = every.append_column("at", at).filter(pc.is_valid(at))
    every = every.take(pc.sort_indices(every, sort_keys=[("at", "ascending"), ("criterion_at", "ascending")]))
    keys = tests["test"].combine_chunks().take(every["at"].combine_chunks())
    return pa.table({"test": keys, **{name: every[name] for name in ("criterion", "mark", "out_of", "state")}})


class _Reader:
    """Reads one file: finds who, by which channel, with which outcome; then the marks of each channel's grid."""

    def __init__(self, study: Study, wave: Wave, source: SourceFile, rules: TestsImport, *, optional: bool) -> None:
        self.study, self.wave, self.rules = study, wave, rules
        self.records = Records(study, wave, source, rules, optional=optional)

    @property
    def source(self) -> SourceFile:
        return self.records.source

    def batch(self) -> Batch | None:
        needed = ["test", "brand", *(["channel"] if self.rules.channel is not None else [])]
        placed = {name: self.records.required(name) for name in needed}
        found = {name: p for name, p in placed.items() if p is not None}
        if len(found) < len(needed):
            return None
        self._keep_rows(found)
        tests = self._tests()
        marks = [m for channel, grid in self.study.grids.items() if (m := self._marks(channel, grid)) is not None]
        return Batch(tests, marks)

    def _keep_rows(self, found: Mapping[str, tuple[str, pa.Array]]) -> None:
        """Only the rows with a test, a known brand, a channel (that has a grid, if any has), and a valid outcome."""
        records = self.records
        tests, (shown, named) = codes(found["test"][1]), found["brand"]
        brand = records.brand(named, self.rules.brand.codes)
        channels = list(self.study.grids or self.study.header.channels)
        _, said, channel = records.channel(channels)
        outcome, known = self._outcome()
        records.drop("missing-id", ~mask(tests.is_valid()), tests, "is not a test")
        lost = ~mask(brand.is_valid())
        records.drop("unknown-brand", lost, named, "is not a brand of this wave")
        kind = "a channel with a grid" if self.study.grids else "a channel of the study"
        records.drop("unknown-code", ~mask(channel.is_valid()), said, f"is not {kind}")
        records.drop("unknown-code", ~known, outcome, "is not an outcome")
        invalid = mask(pc.equal(outcome, "invalid"))
        records.drop("invalid_outcome", invalid, outcome, "tells that the test does not count")
        unknown = lost & mask(named.is_valid())
        records.hopeless("unknown-brand", "brand", shown, named, unknown, list(records.brands))
        self.test, self.brand, self.channel, self.outcome = records.settle(tests, brand, channel, outcome)

    def _outcome(self) -> tuple[pa.Array, Mask]:
        """The outcome as the file gives it; without a column, a test whose reply has no date was not answered."""
        placed = self.records.placed("outcome")
        if placed is not None and self.rules.outcome is not None:
            table = {k: k for k in OUTCOMES} | {fold_label(k): v for k, v in self.rules.outcome.codes.items()}
            raw = placed[1]
            found = pc.coalesce(translate(codes(raw), dict(self.rules.outcome.codes)), translate(folded(raw), table))
            known = mask(pc.is_in(found, pa.array(OUTCOMES)))
            return pc.if_else(pa.array(known), found, raw), known
        answered = self.records.placed("answered_at")
        everyone = np.ones(len(self.source), dtype=bool)
        if answered is None:
            if any(c.needs_reply for g in self.study.grids.values() for c in g.criteria):
                said = "no outcome and no date of a reply: every test counts as answered"
                self.source.ledger.notes.append(f"{self.source.shown}: {said}")
            return pa.repeat("answered", len(self.source)), everyone
        silent = ~mask(answered[1].is_valid()) & ~self._some_reply()
        return pc.if_else(pa.array(silent), "unanswered", "answered"), everyone

    def _some_reply(self) -> Mask:
        """Where some criterion that needs a reply is filled: then there was one, whatever the dates say."""
        found = np.zeros(len(self.source), dtype=bool)
        for channel, grid in self.study.grids.items():
            for criterion in grid.criteria:
                name = self._named(channel, criterion)
                if criterion.needs_reply and self.source.headers.count(name) == 1:
                    found |= mask(self.source.columns[self.source.headers.index(name)].is_valid())
        return found

    def _tests(self) -> pa.Table:
        """The tests with their fields, states and own questions, and where each stands."""
        records, n = self.records, len(self.source)
        columns: dict[str, pa.Array] = {name: records.text(name) for name in TEXTS}
        columns |= {name: records.moment(name) for name in MOMENTS}
        columns |= {"outcome": self.outcome}
        for name in MOMENTS[1:]:
            before = mask(pc.less(columns[name], columns["sent_at"]))
            records.contradict(name, columns, before, "is before the test was sent")
        sector = records.sector(self.brand)
        fields = {"brand": self.brand, "sector": sector, "channel": self.channel, **columns}
        states = routed(self.study, self.wave, "mystery", read_own(records, "mystery"), fields)
        head = {"test": self.test, "wave": pa.repeat(self.wave.id, n)}
        return pa.table(head | fields | states | records.places() | {PLACE: places(self.source)})

    def _named(self, channel: str, criterion: Criterion) -> str:
        pattern = self.rules.marks.from_ if isinstance(self.rules.marks.from_, str) else "{criterion}"
        inverse = {v: k for k, v in self.rules.marks.options.items()}
        return pattern.replace("{channel}", channel).replace("{criterion}", inverse.get(criterion.id, criterion.id))

    def _marks(self, channel: str, grid: Grid) -> pa.Table | None:
        """The marks of one channel's tests, criterion by criterion."""
        here = mask(pc.equal(self.channel, channel))
        if not here.any():
            return None
        tests = self.source.take(here)
        outcome = self.outcome.filter(pa.array(here))
        silent = mask(pc.equal(outcome, "unanswered"))
        key = places(tests)
        pieces = [self._criterion(tests, channel, c, i, silent, key) for i, c in enumerate(grid.criteria)]
        return pa.concat_tables([p for p in pieces if p is not None]) if any(p is not None for p in pieces) else None

    def _criterion(
        self, tests: SourceFile, channel: str, criterion: Criterion, position: int, silent: Mask, key: pa.Array
    ) -> pa.Table | None:
        """One criterion's marks with their states; a refused mark is a missing one."""
        name = self._named(channel, criterion)
        raw = tests.column(name)
        if raw is None:
            return None
        raw = without(raw, self.rules.marks.ignore)
        coded = codes(raw)
        away = mask(pc.is_in(coded, pa.array(self.rules.not_applicable)))
        if self.rules.marks.codes:
            coded = pc.coalesce(translate(coded, dict(self.rules.marks.codes)), coded)
        values = numbers(coded, decimal=self.rules.marks.decimal or self.rules.decimal).values
        fits = mask(pc.and_(pc.greater_equal(values, 0.0), pc.less_equal(values, criterion.out_of)))
        filled = mask(raw.is_valid())
        tests.refuse("bad-mark", name, raw, filled & ~fits & ~away, f"is not a mark from 0 to {criterion.out_of:g}")
        state = np.full(len(tests), MISSING, dtype=np.int8)
        state[fits] = MARKED
        state[away] = NOT_APPLICABLE
        if criterion.needs_reply:
            spoken = silent & fits
            tests.refuse("contradiction", name, raw, spoken, "though nobody answered the test")
            state[silent] = UNANSWERED
        n = len(tests)
        return pa.table(
            {
                PLACE: key, "criterion_at": pa.array(np.full(n, position, dtype=np.int32)),
                "criterion": pa.repeat(criterion.id, n),
                "mark": pc.if_else(pa.array(state == MARKED), values, pa.scalar(None, pa.float64())),
                "out_of": pa.repeat(float(criterion.out_of), n), "state": MARK_STATES.take(pa.array(state)),
            }
        )  # fmt: skip


def places(source: SourceFile) -> pa.Array:
    """Each row's place over all files of the wave, as one key."""
    rows = pa.array(source.numbers).cast(pa.string())
    return pc.binary_join_element_wise(pa.scalar(source.shown), rows, "\n")
