"""What files of tests, reviews and cases have in common: rows with a brand, a channel, moments, and yes-or-no cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect import choices
from vigie.collect.answers import folded, translate
from vigie.collect.ledger import FEW, HOPELESS, LISTED, Ledger, Mask, mask, shorten
from vigie.collect.source import SourceFile, fold_label, label_codes
from vigie.errors import suggestion
from vigie.formats.dates import Dates, dates
from vigie.formats.durations import durations
from vigie.formats.values import codes
from vigie.study.brands import Brand, on_day
from vigie.study.fields import NO, YES
from vigie.study.imports import Column, LogImport, ReviewsImport, TestsImport
from vigie.study.model import Study
from vigie.study.waves import Wave

LONGEST = 366 * 24.0  # hours; a longer wait or call is a slip
FILE, ROW = "at:file", "at:row"  # where each row stands, until the facts are whole; no question's name has a colon
YESES = (*choices.YES, "y", "o")
NOES = (*choices.NO, "n")


class Records:
    """The rows of one file that have not been refused yet.

    `optional`: the file uses Vigie's own names, and a column that is not there is simply not there.
    """

    def __init__(
        self, study: Study, wave: Wave, source: SourceFile, rules: TestsImport | ReviewsImport | LogImport, *,
        optional: bool,
    ) -> None:  # fmt: skip
        self.study, self.wave, self.source, self.rules, self.optional = study, wave, source, rules, optional
        self.brands = on_day(study.brands, wave.field[0] if wave.field else None)
        self.standing: Mask = np.ones(len(source), dtype=bool)

    def named(self, name: str) -> Column | None:
        """The column of the import that holds a field."""
        column: Column | None = getattr(self.rules, name)
        return column

    def has(self, name: str) -> bool:
        """Whether the file has a field."""
        column = self.named(name)
        if column is None:
            return False
        return not (self.optional and isinstance(column.from_, str) and not self.source.has(column.from_))

    def placed(self, name: str, *, partial: bool = False) -> tuple[str, pa.Array] | None:
        """The cells of a field, with the name of their column; None where the file does not have it."""
        column = self.named(name)
        return self.source.placed(column, partial=partial) if column is not None and self.has(name) else None

    def required(self, name: str) -> tuple[str, pa.Array] | None:
        """The cells of a field that every row needs; a column that is missing stops the run."""
        column = self.named(name)
        return self.source.placed(column) if column is not None else None

    # rows

    def drop(self, code: str, wrong: Mask, raw: pa.Array, why: str) -> None:
        """Refuse the rows where `wrong` that still stand; `raw` is what they say."""
        lost = wrong & self.standing
        self.standing &= ~lost
        refuse_rows(self.source, code, lost, raw, why)

    def settle(self, *columns: pa.Array) -> tuple[pa.Array, ...]:
        """Keep the rows that stand, of the file and of these columns."""
        kept = self.standing
        self.source, self.standing = self.source.take(kept), np.ones(int(kept.sum()), dtype=bool)
        return tuple(c.filter(pa.array(kept)) for c in columns)

    def outside(self, day: pa.Array, raw: pa.Array, undated: str) -> None:
        """Leave out the rows whose day is not in the wave's fieldwork; a row without a day is refused."""
        if self.wave.field is None:
            return
        self.drop("bad-date", ~mask(day.is_valid()), raw, undated)
        first, last = (pa.scalar(d, pa.date32()) for d in self.wave.field)
        away = self.standing & ~mask(pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)))
        self.source.ledger.refuse_filtered(self.source.shown, int(away.sum()), "outside_wave")
        self.standing &= ~away

    # who and how

    def brand(self, raw: pa.Array, mapped: Mapping[str, str]) -> pa.Array:
        """The brand's id, from its id, a mapped code, its name, or an alias; null where it is none of the wave's."""
        names = {b.brand: {"": b.name, **dict(enumerate_aliases(b))} for b in self.brands.values()}
        table = {k: k for k in self.brands} | {k: v for k, v in mapped.items() if v in self.brands}
        found = translate(codes(raw), table)
        return pc.coalesce(found, translate(folded(raw), label_codes(names)))

    def brands_of_rows(self) -> tuple[pa.Array, pa.Array | None]:
        """The brand of each row, and the cells that tell it, where the file has them; a wrong column stops the run."""
        placed, column = self.placed("brand"), self.named("brand")
        if placed is None or column is None:
            return pa.nulls(len(self.source), pa.string()), None
        found = self.brand(placed[1], column.codes)
        unknown = mask(placed[1].is_valid()) & ~mask(found.is_valid())
        self.hopeless("unknown-brand", "brand", *placed, unknown, list(self.brands))
        return found, placed[1]

    def sector(self, brand: pa.Array) -> pa.Array:
        return translate(brand, {b.brand: b.sector for b in self.brands.values()})

    def hopeless(self, code: str, what: str, name: str, raw: pa.Array, lost: Mask, known: Sequence[str]) -> None:
        """Tell where a file's rows name mostly what is unknown: that is a wrong import, not a few slips."""
        count = int(lost.sum())
        if count < FEW or count <= HOPELESS * len(raw):
            return
        first = raw[int(np.flatnonzero(lost)[0])].as_py()
        rows = f"{count:,} of {len(raw):,}"
        message = f'{rows} rows name an unknown {what} in column "{name}"; the first is {shorten(first)}.'
        hint = suggestion(str(first), known) if known else "Is it the right column?"
        self.source.complain(code, message, hint)

    def channel(self, channels: list[str]) -> tuple[str, pa.Array, pa.Array]:
        """The channel of every row by id, mapped code or label: the column's name, its cells, the channels."""
        only: str | None = getattr(self.rules, "only_channel", None)
        placed = self.placed("channel")
        if placed is None:
            return (
                "",
                pa.nulls(len(self.source), pa.string()),
                pa.repeat(pa.scalar(only, pa.string()), len(self.source)),
            )
        column = self.named("channel")
        table = {c: c for c in channels} | {k: v for k, v in (column.codes if column else {}).items() if v in channels}
        labels = {c: self.study.channel_label(c) for c in channels}
        found = translate(codes(placed[1]), table)
        return *placed, pc.coalesce(found, translate(folded(placed[1]), label_codes(labels)))

    def channel_cells(self) -> pa.Array:
        """The channel of every row; a cell that is none of the study's is refused."""
        listed = list(self.study.header.channels)
        name, raw, found = self.channel(listed)
        wrong = mask(raw.is_valid()) & ~mask(found.is_valid())
        self.source.refuse("unknown-code", name, raw, wrong, "is not a channel of the study")
        return found

    # cells

    def text(self, name: str) -> pa.Array:
        """A field of free codes: a scenario, a platform; mapped where the import maps it."""
        placed = self.placed(name)
        if placed is None:
            return pa.nulls(len(self.source), pa.string())
        column, plain = self.named(name), codes(placed[1])
        return pc.coalesce(translate(plain, dict(column.codes)), plain) if column and column.codes else plain

    def moment(self, name: str) -> pa.Array:
        """A field of times; a cell that is none is refused, and a column whose order is unknown stops the run."""
        placed = self.placed(name)
        if placed is None:
            return pa.nulls(len(self.source), pa.timestamp("us"))
        found = self.dated(name, *placed)
        self.source.refuse("bad-date", placed[0], placed[1], mask(found.failed), "is not a possible date")
        return found.values

    def dated(self, name: str, shown: str, raw: pa.Array) -> Dates:
        column = self.named(name)
        found = dates(raw, order=(column.order if column else None) or self.rules.dates)
        if found.ambiguous:
            message = f'Day and month cannot be told apart in column "{shown}".'
            self.source.complain("ambiguous-date", message, "Say `dates: dmy` (or `mdy`) in the import.")
        return found

    def joined_moment(self) -> tuple[str, pa.Array, pa.Array, Mask] | None:
        """The moments of `at:` with the time of day of `time:`: column, cells, values, and which cells are wrong."""
        placed, time = self.placed("at"), self.placed("time")
        if placed is None:
            return None
        shown, raw = placed
        if time is not None:
            day = pc.replace_substring_regex(raw, r"[T ]0{1,2}:00(?::00(?:\.0+)?)?$", "")
            with_time = pc.binary_join_element_wise(day, time[1], " ")
            shown, raw = f"{shown} + {time[0]}", pc.coalesce(with_time, day)
        found = self.dated("at", shown, raw)
        return shown, raw, found.values, mask(found.failed)

    def hours(self, name: str) -> pa.Array:
        """A field of durations, in hours."""
        placed, column = self.placed(name), self.named(name)
        if placed is None or column is None:
            return pa.nulls(len(self.source), pa.float64())
        found = durations(placed[1], unit=column.unit or "s", clock=column.clock).values
        hours = pc.divide(found, 3600.0)
        hours = pc.if_else(pc.less_equal(hours, LONGEST), hours, pa.scalar(None, pa.float64()))
        wrong = mask(placed[1].is_valid()) & ~mask(hours.is_valid())
        self.source.refuse("bad-date", *placed, wrong, "is not a possible duration")
        return hours

    def yes_no(self, name: str, *, words: bool = False) -> pa.Array:
        """A field of yes and no, by the usual words, or only as mapped where the import maps them.

        With `words`, any other cell is the thing itself and says yes: a reply, whose words are not kept. Then an empty
        cell says no, unless the column says no in a word elsewhere.
        """
        placed, column = self.placed(name), self.named(name)
        if placed is None or column is None:
            return pa.nulls(len(self.source), pa.string())
        raw = placed[1]
        usual = {} if column.codes else {**dict.fromkeys(YESES, YES), **dict.fromkeys(NOES, NO)}
        table = usual | {fold_label(k): v for k, v in column.codes.items() if v in (YES, NO)}
        found = pc.coalesce(translate(codes(raw), dict(column.codes)), translate(folded(codes(raw)), table))
        found = pc.if_else(pc.is_in(found, pa.array([YES, NO])), found, pa.scalar(None, pa.string()))
        unclear = mask(raw.is_valid()) & ~mask(found.is_valid())
        if not words:
            self.source.refuse("unknown-code", *placed, unclear, "says neither yes nor no")
            return found
        found = pc.if_else(pa.array(unclear), pa.scalar(YES), found)
        return found if pc.any(pc.equal(found, NO)).as_py() else pc.fill_null(found, NO)

    def contradict(self, name: str, columns: dict[str, pa.Array], wrong: Mask, why: str) -> None:
        """Take back the cells of a field that another cell of their row excludes."""
        if not wrong.any():
            return
        placed = self.placed(name)
        shown, raw = placed if placed is not None else (name, columns[name].cast(pa.string()))
        self.source.refuse("contradiction", shown, raw, wrong, why)
        columns[name] = pc.if_else(pa.array(wrong), pa.scalar(None, columns[name].type), columns[name])

    def places(self) -> dict[str, Any]:
        """Where each row stands, for what is refused later."""
        return {FILE: pa.repeat(self.source.shown, len(self.source)), ROW: pa.array(self.source.numbers)}


def refuse_rows(source: SourceFile, code: str, lost: Mask, raw: pa.Array, why: str) -> None:
    """Refuse rows of a file: all are counted, and as many listed as a ledger holds."""
    at = np.flatnonzero(lost)
    few = at[:LISTED]
    values = raw.take(pa.array(few)).to_pylist()
    said = (f"{shorten(v)} {why}" for v in values)
    source.ledger.refuse_rows(code, source.shown, source.numbers[few].tolist(), said, unlisted=len(at) - len(few))


def refuse_at(
    ledger: Ledger, code: str, table: pa.Table, lost: npt.NDArray[np.int64], cells: pa.ChunkedArray, why: str
) -> None:
    """Refuse the rows at these positions of a table that says where each stands."""
    if not len(lost):
        return
    files = table[FILE].combine_chunks().dictionary_encode()
    numbers = files.indices.to_numpy(zero_copy_only=False)
    for index, file in enumerate(files.dictionary.to_pylist()):
        here = lost[numbers[lost] == index]
        few = pa.array(here[:LISTED])
        said = (f"{shorten(v)} {why}" for v in cells.take(few).to_pylist())
        rows = table[ROW].take(few).to_pylist()
        ledger.refuse_rows(code, file, rows, said, unlisted=len(here) - len(few))


def enumerate_aliases(brand: Brand) -> list[tuple[str, str]]:
    """A brand's aliases as labels."""
    return [(f"alias{i}", alias) for i, alias in enumerate(brand.aliases)]
