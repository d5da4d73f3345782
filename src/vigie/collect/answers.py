"""Cells become answers: one reader per kind of question, each telling the values, the states, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.ledger import Mask, mask
from vigie.collect.source import SourceFile, fold_label, label_codes, without
from vigie.formats.dates import dates
from vigie.formats.durations import SECONDS, durations
from vigie.formats.values import codes, numbers
from vigie.study.imports import Column
from vigie.study.model import Study
from vigie.study.questions import Date, Multiple, Numeric, Question, Scale

MOST = 1e15  # beyond, a number is a slip, and its square loses all the others
YES = ("1", "true", "yes", "oui", "vrai", "x", "checked", "selected")
NO = ("0", "false", "no", "non", "faux", "unchecked", "not selected")


@dataclass
class Answer:
    """A question's answers over the rows of a file: value columns, and where people answered, did not know, refused."""

    values: dict[str, pa.Array]  # "" for the value; option codes for a multiple question
    answered: Mask
    dont_know: Mask
    refused: Mask
    touched: Mask  # some cell is filled, right or wrong
    silent: bool = False  # an option that was not chosen is an empty cell, so that an empty row may mean "none"

    def without(self, wrong: Mask) -> Answer:
        """With the answers of some rows taken back."""
        if not wrong.any():
            return self
        gone = pa.array(wrong)
        values = {k: pc.if_else(gone, pa.scalar(None, v.type), v) for k, v in self.values.items()}
        return Answer(
            values, self.answered & ~wrong, self.dont_know & ~wrong, self.refused & ~wrong, self.touched, self.silent
        )


@dataclass(frozen=True)
class Cells:
    """The cells of one question (and one value of its loop, if it has one) in a file."""

    source: SourceFile
    question: Question
    column: Column
    study: Study


def type_of(question: Question) -> pa.DataType:
    """The type of a question's value column; multiple questions have one boolean column per option."""
    match question:
        case Scale() | Numeric():
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
    keys = list(options) if isinstance(question, Multiple) else [""]
    return Answer({k: pa.nulls(n, kind) for k in keys}, none, none.copy(), none.copy(), none.copy())


def read_value(cells: Cells, name: str, raw: pa.Array) -> Answer:
    """A question that stands in one column."""
    special = _specials(cells, raw)
    plain = pc.if_else(pa.array(special[0] | special[1]), pa.scalar(None, pa.string()), raw)
    values, wrong, code, why = _READERS[cells.question.kind](cells, plain)
    cells.source.refuse(code, name, plain, wrong, why)
    answered = mask(values.is_valid())
    return Answer({"": values}, answered, *special, mask(raw.is_valid()))


def _specials(cells: Cells, raw: pa.Array) -> tuple[Mask, Mask]:
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
    of_loop = question.per is not None and not isinstance(question, Multiple)
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
        values = pc.divide(durations(mapped, unit=cells.column.unit).values, float(SECONDS[cells.column.unit]))
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
    return raw, np.zeros(len(raw), dtype=bool), "unknown-code", ""


_READERS: dict[str, Callable[[Cells, pa.Array], Read]] = {
    "single": _single, "scale": _scale, "numeric": _numeric, "date": _date, "open": _open,
}  # fmt: skip


def read_options(cells: Cells, found: Mapping[str, tuple[str, pa.Array]]) -> Answer:
    """A multiple question with one column per option; a row with no filled cell did not answer."""
    yes = [*(cells.column.chosen or YES)]
    no = [*(cells.column.not_chosen or NO)]
    first = next(iter(found.values()))[1]
    special = [np.zeros(len(first), dtype=bool), np.zeros(len(first), dtype=bool)]
    touched, bad = np.zeros(len(first), dtype=bool), np.zeros(len(first), dtype=bool)
    chosen: dict[str, Mask] = {}
    said_no = False
    for option, (name, raw_cells) in found.items():
        raw = without(raw_cells, cells.column.ignore)
        special = [hit | more for hit, more in zip(special, _specials(cells, raw), strict=True)]
        text = codes(raw) if cells.column.chosen else pc.utf8_lower(codes(raw))
        chosen[option] = mask(pc.is_in(text, pa.array(yes)))
        filled = mask(raw.is_valid())
        known = chosen[option] | mask(pc.is_in(text, pa.array(no))) | special[0] | special[1]
        wrong = filled & ~known
        said_no |= bool((filled & ~chosen[option] & known).any())
        cells.source.refuse("unknown-code", name, raw, wrong, f'says neither yes nor no to "{option}"')
        touched, bad = touched | filled, bad | wrong
    return _options(cells, chosen, touched, bad, special, silent=not said_no)


def read_lists(cells: Cells, found: Sequence[tuple[str, pa.Array]]) -> Answer:
    """A multiple question whose chosen codes or labels stand spread over columns, or in one delimited cell."""
    n = len(found[0][1])
    chosen = {option: np.zeros(n, dtype=bool) for option in cells.study.options(cells.question)}
    touched, bad = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    special = [np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)]
    for name, raw_cells in found:
        raw = without(raw_cells, cells.column.ignore)
        touched |= mask(raw.is_valid())
        rows, parts = _parts(raw, cells.column.delimiter)
        for hit, more in zip(special, _specials(cells, parts), strict=True):
            hit[rows[more]] = True
        values = coded(cells, parts)
        said = special[0][rows] | special[1][rows]
        wrong = np.zeros(n, dtype=bool)
        wrong[rows[mask(parts.is_valid()) & ~mask(values.is_valid()) & ~said]] = True
        cells.source.refuse("unknown-code", name, raw, wrong, f'holds what is not a code of "{cells.question.id}"')
        bad |= wrong
        for option, hit in chosen.items():
            hit[rows[mask(pc.equal(values, option))]] = True
    return _options(cells, chosen, touched, bad, special, silent=True)


def _parts(raw: pa.Array, delimiter: str | None) -> tuple[np.ndarray, pa.Array]:
    """The pieces of delimited cells, trimmed, with the row that each came from."""
    if delimiter is None:
        return np.arange(len(raw)), raw
    lists = pc.split_pattern(raw, delimiter)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    parts = pc.utf8_trim_whitespace(pc.list_flatten(lists))
    return rows, pc.if_else(pc.equal(parts, ""), pa.scalar(None, pa.string()), parts)


def _options(
    cells: Cells, chosen: Mapping[str, Mask], touched: Mask, bad: Mask, special: Sequence[Mask], *, silent: bool
) -> Answer:
    """Options as columns; a contradiction (an exclusive option beside another) takes the answer back."""
    assert isinstance(cells.question, Multiple)  # noqa: S101 - tells the type checker
    alone = [o for o in cells.study.exclusive(cells.question) if o in chosen]
    total = np.sum([c.astype(np.int64) for c in chosen.values()], axis=0)
    clash = np.zeros(len(touched), dtype=bool)
    for option in alone:
        clash |= chosen[option] & (total > 1)
    clash |= (special[0] | special[1]) & (total > 0) | special[0] & special[1]
    if clash.any():
        shown = np.full(len(clash), None, dtype=object)
        shown[clash] = ["; ".join(o for o, c in chosen.items() if c[i]) for i in np.flatnonzero(clash)]
        given, raw = int(touched.sum()), pa.array(shown, pa.string())
        cells.source.refuse("contradiction", cells.question.id, raw, clash, "excludes itself", given)
        special = [hit & ~clash for hit in special]
    answered = touched & ~bad & ~clash & ~special[0] & ~special[1]
    here = pa.array(answered)
    # an option that the file does not have was not asked about: unknown, and not "no"
    values = {
        option: pc.if_else(here, pa.array(chosen[option]), pa.scalar(None, pa.bool_()))
        if option in chosen
        else pa.nulls(len(touched), pa.bool_())
        for option in cells.study.options(cells.question)
    }
    return Answer(values, answered, special[0], special[1], touched, silent)
