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
from vigie.collect.source import SourceFile, fold_label, label_codes, open_source, without
from vigie.errors import Problem, VigieError, suggestion
from vigie.formats.dates import dates
from vigie.formats.values import codes, numbers
from vigie.study.brands import Brand, on_day
from vigie.study.grids import Criterion, Grid
from vigie.study.imports import Column, TestsImport
from vigie.study.mappings import OUTCOMES
from vigie.study.model import Study
from vigie.study.waves import Wave

MARK_STATES = pa.array(["marked", "not_applicable", "missing", "unanswered"])
MARKED, NOT_APPLICABLE, MISSING, UNANSWERED = range(4)
PLAIN = TestsImport.model_validate(
    {
        "test": "test", "brand": "brand", "channel": "channel", "outcome": "outcome", "scenario": "scenario",
        "tester": "tester", "slot": "slot", "sent_at": "sent_at", "acknowledged_at": "acknowledged_at",
        "answered_at": "answered_at",
    }
)  # fmt: skip
TEXTS = ("scenario", "tester", "slot")
MOMENTS = ("sent_at", "acknowledged_at", "answered_at")


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
    tests = pa.concat_tables([b.tests for b in batches])
    if not tests.num_rows:
        first = wave.by_source["mystery"][0].path
        raise VigieError(
            Problem("no-rows", f"No test is left of {read:,} rows.", "See `keep:`, the brands, the channels.", first)
        )
    return _whole(tests, [m for b in batches for m in b.marks], ledger), read


def _whole(tests: pa.Table, marks: list[pa.Table], ledger: Ledger) -> dict[str, pa.Table]:
    """All files as one, sorted by test; later rows of a test that already stands are refused with their marks."""
    order = pc.sort_indices(tests["test"])
    tests = tests.take(order)
    keys = tests["test"].combine_chunks().dictionary_encode().indices.to_numpy()
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    for row in tests.filter(pa.array(~first)).select(["test", "file", "row"]).to_pylist():
        ledger.refuse_rows(
            "duplicate-id", row["file"], [row["row"]], [f'"{row["test"]}" already stands in an earlier row']
        )
    tests = tests.filter(pa.array(first))
    every = pa.concat_tables(marks)
    at = pc.index_in(every["place"].combine_chunks(), tests["place"].combine_chunks())
    every = every.append_column("at", at).filter(pc.is_valid(at))
    every = every.take(pc.sort_indices(every, sort_keys=[("at", "ascending"), ("criterion_at", "ascending")]))
    keys = tests["test"].combine_chunks().take(every["at"].combine_chunks())
    found = pa.table(
        {
            "test": keys,
            "criterion": every["criterion"],
            "mark": every["mark"],
            "out_of": every["out_of"],
            "state": every["state"],
        }
    )
    return {"tests": tests.drop_columns(["file", "row", "place"]), "marks": found}


class _Reader:
    """Reads one file: finds who, by which channel, with which outcome; then the marks of each channel's grid."""

    def __init__(self, study: Study, wave: Wave, source: SourceFile, rules: TestsImport, *, optional: bool) -> None:
        self.study, self.wave, self.source, self.rules, self.optional = study, wave, source, rules, optional
        self.brands = on_day(study.brands, wave.field[0] if wave.field else None)

    def placed(self, column: Column | None) -> tuple[str, pa.Array] | None:
        """A column; in a file that uses Vigie's own names, one that is not there is simply not there."""
        if column is None or (self.optional and isinstance(column.from_, str) and not self.source.has(column.from_)):
            return None
        return self.source.placed(column)

    def batch(self) -> Batch | None:
        needed = {"test": self.rules.test, "brand": self.rules.brand}
        if self.rules.channel is not None:
            needed["channel"] = self.rules.channel
        placed = {name: self.source.placed(column) for name, column in needed.items()}
        if any(p is None for p in placed.values()):
            return None
        found = {name: p for name, p in placed.items() if p is not None}
        self._keep_rows(found)
        columns = self._columns()
        marks = [m for channel, grid in self.study.grids.items() if (m := self._marks(channel, grid)) is not None]
        return Batch(self._tests(columns), marks)

    def _keep_rows(self, found: Mapping[str, tuple[str, pa.Array]]) -> None:
        """Only the rows with a test, a known brand, a channel that has a grid, and a valid outcome."""
        tests = codes(found["test"][1])
        brand = self._brand(found["brand"][1])
        channel = self._channel(found.get("channel"))
        outcome, known = self._outcome()
        rows = np.ones(len(self.source), dtype=bool)
        checks: list[tuple[str, Mask, pa.Array, str]] = [
            ("missing-id", mask(tests.is_valid()), tests, "is not a test"),
            ("unknown-brand", mask(brand.is_valid()), found["brand"][1], "is not a brand of this wave"),
            (
                "unknown-code",
                mask(channel.is_valid()),
                found.get("channel", ("", tests))[1],
                "is not a channel with a grid",
            ),
            ("unknown-code", known, outcome, "is not an outcome"),
        ]
        for code, good, raw, why in checks:
            self._refuse(code, rows & ~good, raw, why)
            rows &= good
        invalid = rows & mask(pc.equal(outcome, "invalid"))
        self._refuse("invalid_outcome", invalid, outcome, "tells that the test does not count")
        rows &= ~invalid
        self._hopeless(found["brand"], brand)
        keep = pa.array(rows)
        self.test, self.brand, self.channel, self.outcome = (c.filter(keep) for c in (tests, brand, channel, outcome))
        self.source = self.source.take(rows)

    def _refuse(self, code: str, wrong: Mask, raw: pa.Array, why: str) -> None:
        at = np.flatnonzero(wrong)
        values = raw.take(pa.array(at)).to_pylist()
        said = (f'"{v}" {why}' if v is not None else f"an empty cell {why}" for v in values)
        self.source.ledger.refuse_rows(code, self.source.shown, self.source.numbers[at].tolist(), said)

    def _hopeless(self, found: tuple[str, pa.Array], brand: pa.Array) -> None:
        """A file in which most brands are unknown is a wrong import."""
        lost = brand.null_count - found[1].null_count
        if lost >= 10 and lost * 2 > len(brand):
            unknown = next(r for r, b in zip(found[1].to_pylist(), brand.to_pylist(), strict=True) if r and b is None)
            rows = f"{lost:,} of {len(brand):,}"
            message = f'{rows} rows name an unknown brand in column "{found[0]}"; the first is "{unknown}".'
            self.source.complain("unknown-brand", message, suggestion(unknown, list(self.brands)))

    def _brand(self, raw: pa.Array) -> pa.Array:
        """The brand's id, from its id, a mapped code, its name, or an alias."""
        names: dict[str, dict[str, str]] = {
            b.brand: {"": b.name, **dict(enumerate_aliases(b))} for b in self.brands.values()
        }
        table = {k: k for k in self.brands} | {k: v for k, v in self.rules.brand.codes.items() if v in self.brands}
        found = translate(codes(raw), table)
        return pc.coalesce(found, translate(folded(raw), label_codes(names)))

    def _channel(self, found: tuple[str, pa.Array] | None) -> pa.Array:
        if found is None or self.rules.channel is None:
            return pa.repeat(self.rules.only_channel, len(self.source))
        labels = {c: self.study.channel_label(c) for c in self.study.grids}
        table = {c: c for c in self.study.grids} | {
            k: v for k, v in self.rules.channel.codes.items() if v in self.study.grids
        }
        return pc.coalesce(translate(codes(found[1]), table), translate(folded(found[1]), label_codes(labels)))

    def _outcome(self) -> tuple[pa.Array, Mask]:
        """The outcome as the file gives it; without a column, a test whose reply has no date was not answered."""
        placed = self.placed(self.rules.outcome)
        if placed is not None and self.rules.outcome is not None:
            table = {k: k for k in OUTCOMES} | {fold_label(k): v for k, v in self.rules.outcome.codes.items()}
            raw = placed[1]
            found = pc.coalesce(translate(codes(raw), dict(self.rules.outcome.codes)), translate(folded(raw), table))
            known = mask(pc.is_in(found, pa.array(OUTCOMES)))
            return pc.if_else(pa.array(known), found, raw), known
        answered = self.placed(self.rules.answered_at)
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

    def _columns(self) -> dict[str, pa.Array]:
        """The columns about the test itself."""
        columns: dict[str, pa.Array] = {}
        for name in TEXTS:
            placed = self.placed(getattr(self.rules, name))
            columns[name] = codes(placed[1]) if placed else pa.nulls(len(self.source), pa.string())
        for name in MOMENTS:
            columns[name] = self._moment(name)
        return columns

    def _moment(self, name: str) -> pa.Array:
        column: Column | None = getattr(self.rules, name)
        placed = self.placed(column)
        if placed is None or column is None:
            return pa.nulls(len(self.source), pa.timestamp("us"))
        found = dates(placed[1], order=column.order or self.rules.dates)
        if found.ambiguous:
            message = f'Day and month cannot be told apart in column "{placed[0]}".'
            self.source.complain("ambiguous-date", message, "Say `dates: dmy` (or `mdy`) in the import.")
        self.source.refuse("bad-date", placed[0], placed[1], mask(found.failed), "is not a possible date")
        return found.values

    def _tests(self, columns: Mapping[str, pa.Array]) -> pa.Table:
        sectors = {b.brand: b.sector for b in self.brands.values()}
        n = len(self.source)
        return pa.table(
            {
                "test": self.test, "wave": pa.repeat(self.wave.id, n), "brand": self.brand,
                "sector": translate(self.brand, sectors), "channel": self.channel, **columns, "outcome": self.outcome,
                "file": pa.repeat(self.source.shown, n), "row": pa.array(self.source.numbers),
                "place": places(self.source),
            }
        )  # fmt: skip

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
                "place": key, "criterion_at": pa.array(np.full(n, position, dtype=np.int32)),
                "criterion": pa.repeat(criterion.id, n),
                "mark": pc.if_else(pa.array(state == MARKED), values, pa.scalar(None, pa.float64())),
                "out_of": pa.repeat(float(criterion.out_of), n), "state": MARK_STATES.take(pa.array(state)),
            }
        )  # fmt: skip


def places(source: SourceFile) -> pa.Array:
    """Each row's place over all files of the wave, as one key."""
    rows = pa.array(source.numbers).cast(pa.string())
    return pc.binary_join_element_wise(pa.scalar(source.shown), rows, "\n")


def enumerate_aliases(brand: Brand) -> list[tuple[str, str]]:
    """A brand's aliases as labels."""
    return [(f"alias{i}", alias) for i, alias in enumerate(brand.aliases)]
