"""Cells become answers: one reader per kind of question, each telling the values, the states, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.ledger import Mask, mask
from vigie.collect.source import SourceFile, fold_label, label_codes
from vigie.formats.columns import trimmed
from vigie.formats.dates import dates
from vigie.formats.durations import SECONDS, durations
from vigie.formats.values import codes, numbers
from vigie.study.imports import Column
from vigie.study.model import Study
from vigie.study.questions import Date, Multiple, Numeric, Question, Ranking, Scale

MOST = 1e15  # beyond, a number is a slip, and its square loses all the others


@dataclass
class Answer:
    """A question's answers over the rows of a file: value columns, and where people answered, did not know, refused."""

    values: dict[str, pa.Array]  # "" for the value; option codes for a multiple question and for a ranking
    answered: Mask
    dont_know: Mask
    refused: Mask
    touched: Mask  # some cell is filled, right or wrong
    silent: bool = False  # an option that was not chosen is an empty cell, so that an empty row may mean "none"
    texts: dict[str, pa.Array] = field(default_factory=dict)  # words beside an option, or ("") in place of one

    def without(self, wrong: Mask) -> Answer:
        """With the answers of some rows taken back."""
        if not wrong.any():
            return self
        gone = pa.array(wrong)

        def left(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
            return {k: pc.if_else(gone, pa.scalar(None, v.type), v) for k, v in columns.items()}

        return replace(
            self, values=left(self.values), texts=left(self.texts), answered=self.answered & ~wrong,
            dont_know=self.dont_know & ~wrong, refused=self.refused & ~wrong,
        )  # fmt: skip


@dataclass(frozen=True)
class Cells:
    """The cells of one question (and one value of its loop, if it has one) in a file."""

    source: SourceFile
    question: Question
    column: Column
    study: Study
    day: date | None = None  # on which the brands that people name stand


def type_of(question: Question) -> pa.DataType:
    """The type of a question's value column; one boolean column per option of a multiple question, one place per
    option of a ranking.
    """
    match question:
        case Scale() | Numeric() | Ranking():
            return pa.float64()
        case Date():
            return pa.date32()
        case Multiple():
            return pa.bool_()
        case _:
            return pa.string()


def nothing(question: Question, options: Sequence[str], n: int) -> Answer:
    """No answer from anybody."""
    kind, none = type_of(question), np.zeros(n, dtype=bool)
    keys = list(options) if isinstance(question, Multiple | Ranking) else [""]
    return Answer({k: pa.nulls(n, kind) for k in keys}, none, none.copy(), none.copy(), none.copy())


def read_value(cells: Cells, name: str, raw: pa.Array) -> Answer:
    """A question that stands in one column."""
    special, plain = told_apart(cells, raw)
    values, wrong, code, why = _READERS[cells.question.kind](cells, plain)
    cells.source.refuse(code, name, plain, wrong, why)
    answered = mask(values.is_valid())
    return Answer({"": values}, answered, *special, mask(raw.is_valid()))


def specials(cells: Cells, raw: pa.Array) -> tuple[Mask, Mask]:
    """Where a cell says "don't know" and where it refuses, by code, by mapped code, or by label."""
    coded = codes(raw)
    found = []
    for rule in (cells.question.dont_know, cells.question.refused):
        if rule is None:
            found.append(np.zeros(len(raw), dtype=bool))
            continue
        mapped = file_codes(cells.question, cells.column)
        listed = [rule.code, *(k for k, v in mapped.items() if v == rule.code)]
        hit = mask(pc.is_in(coded, pa.array(listed)))
        texts = [fold_label(t) for t in getattr(rule, "label", {}).values()]
        if cells.column.labels and texts:
            hit |= mask(pc.is_in(folded(raw), pa.array(texts)))
        found.append(hit)
    return found[0], found[1]


def told_apart(cells: Cells, raw: pa.Array) -> tuple[tuple[Mask, Mask], pa.Array]:
    """Where cells say "don't know" and where they refuse; and the others, these being empty."""
    special = specials(cells, raw)
    return special, pc.if_else(pa.array(special[0] | special[1]), pa.scalar(None, pa.string()), raw)


def folded(raw: pa.Array) -> pa.Array:
    """Texts without what does not tell labels apart; each distinct text is folded once."""
    encoded = raw.dictionary_encode()
    known = pa.array([fold_label(t) for t in encoded.dictionary.to_pylist()], pa.string())
    return known.take(encoded.indices)


def translate(raw: pa.Array, table: Mapping[str, str]) -> pa.Array:
    """Each text looked up in a table; null where it is not there."""
    keys, values = pa.array(list(table), pa.string()), pa.array(list(table.values()), pa.string())
    return values.take(pc.index_in(raw, keys))


def file_codes(question: Question, column: Column) -> dict[str, str]:
    """The file's codes, from `codes:` or `options:`; the latter may stand for the values of a loop instead."""
    of_loop = question.per is not None and not isinstance(question, Multiple | Ranking)
    return dict(column.codes) if of_loop else {**column.options, **column.codes}


def coded(cells: Cells, raw: pa.Array) -> pa.Array:
    """The study's option codes, from the file's codes or labels; null where a cell is neither."""
    labels = cells.study.options(cells.question)
    table = file_codes(cells.question, cells.column) or {k: k for k in labels}
    found = translate(codes(raw), table)
    if cells.column.labels:
        found = pc.coalesce(
            found, translate(folded(raw), label_codes(labels) | {fold_label(k): v for k, v in table.items()})
        )
    return found


Read = tuple[pa.Array, Mask, str, str]  # values, wrong cells, code of the problem, why


def _single(cells: Cells, raw: pa.Array) -> Read:
    values = coded(cells, raw)
    return (
        values,
        mask(raw.is_valid()) & ~mask(values.is_valid()),
        "unknown-code",
        f'is not a code of "{cells.question.id}"',
    )


def _scale(cells: Cells, raw: pa.Array) -> Read:
    assert isinstance(cells.question, Scale)  # noqa: S101 - tells the type checker
    mapped = _mapped(cells, raw)
    values = numbers(mapped, decimal=cells.column.decimal or cells.source.rules.decimal).values
    ends = cells.question.scale
    fits = pc.and_(
        pc.and_(pc.greater_equal(values, ends.from_), pc.less_equal(values, ends.to)),
        pc.equal(pc.floor(values), values),
    )
    values = pc.if_else(fits, values, pa.scalar(None, pa.float64()))
    wrong = mask(raw.is_valid()) & ~mask(values.is_valid())
    return values, wrong, "bad-number", f"is not a whole number from {ends.from_} to {ends.to}"


def _mapped(cells: Cells, raw: pa.Array) -> pa.Array:
    """Cells whose texts the import maps to numbers ("Very satisfied" to 10), the others as they are."""
    if not cells.column.codes:
        return raw
    table = {**cells.column.codes}
    return pc.coalesce(translate(codes(raw), table), raw)


def _numeric(cells: Cells, raw: pa.Array) -> Read:
    assert isinstance(cells.question, Numeric)  # noqa: S101 - tells the type checker
    question = cells.question
    mapped = _mapped(cells, raw)
    if cells.column.unit is not None:
        found = durations(mapped, unit=cells.column.unit, clock=cells.column.clock)
        values = pc.divide(found.values, float(SECONDS[cells.column.unit]))
    else:
        decimal = cells.column.decimal or cells.source.rules.decimal
        if decimal is None and two_readings(mapped):
            message = f'The numbers of "{question.id}" are all like "1,234": thousands, or decimals?'
            cells.source.complain("bad-number", message, 'Say `decimal: "."` or `decimal: ","` in the import.')
        values = numbers(mapped, decimal=decimal).values
    fits: pa.Array = pc.less(pc.abs(values), MOST)
    if question.minimum is not None:
        fits = pc.and_(fits, pc.fill_null(pc.greater_equal(values, question.minimum), False))
    if question.maximum is not None:
        fits = pc.and_(fits, pc.fill_null(pc.less_equal(values, question.maximum), False))
    values = pc.if_else(fits, values, pa.scalar(None, pa.float64()))
    wrong = mask(raw.is_valid()) & ~mask(values.is_valid())
    ends = [f"{w} {e:g}" for w, e in (("from", question.minimum), ("to", question.maximum)) if e is not None]
    return values, wrong, "bad-number", " ".join(["is not a number", *ends])


def two_readings(raw: pa.Array) -> bool:
    """Whether commas stand only where they may as well set thousands apart."""
    commas = raw.filter(pc.fill_null(pc.match_substring(raw, ","), False))
    points = pc.any(pc.match_substring(raw, ".")).as_py()
    alike = pc.match_substring_regex(commas, r"^\s*-?\d{1,3}(,\d{3})+\s*$")
    return len(commas) > 0 and not points and bool(pc.all(alike).as_py())


def _date(cells: Cells, raw: pa.Array) -> Read:
    assert isinstance(cells.question, Date)  # noqa: S101 - tells the type checker
    found = dates(raw, order=cells.column.order or cells.source.rules.dates)
    if found.ambiguous:
        message = f'Day and month cannot be told apart in the dates of "{cells.question.id}".'
        cells.source.complain("ambiguous-date", message, "Say `order: dmy` (or `mdy`) in the import.")
    values = found.values.cast(pa.date32(), safe=False)
    fits: pa.Array = values.is_valid()
    if cells.question.earliest is not None:
        fits = pc.and_(fits, pc.fill_null(pc.greater_equal(values, pa.scalar(cells.question.earliest)), False))
    if cells.question.latest is not None:
        fits = pc.and_(fits, pc.fill_null(pc.less_equal(values, pa.scalar(cells.question.latest)), False))
    values = pc.if_else(fits, values, pa.scalar(None, pa.date32()))
    wrong = np.zeros(len(raw), dtype=bool) if found.ambiguous else mask(raw.is_valid()) & ~mask(values.is_valid())
    return values, wrong, "bad-date", "is not a possible date"


def _open(cells: Cells, raw: pa.Array) -> Read:  # noqa: ARG001 - every reader takes its question
    return trimmed(raw), np.zeros(len(raw), dtype=bool), "unknown-code", ""


def _category(cells: Cells, raw: pa.Array) -> Read:
    """Any code may stand there; those that the import maps are read as what they are mapped to."""
    found = codes(raw)
    table = file_codes(cells.question, cells.column)
    values = pc.coalesce(translate(found, table), found) if table else found
    return values, np.zeros(len(raw), dtype=bool), "unknown-code", ""


_READERS: dict[str, Callable[[Cells, pa.Array], Read]] = {
    "single": _single, "scale": _scale, "numeric": _numeric, "date": _date, "open": _open,
    "category": _category,
}  # fmt: skip
