"""Survey files become facts: `respondents` (one row per person) and `contacts` (one row per evaluation of a loop)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect import answers
from vigie.collect.answers import Answer, Cells
from vigie.collect.ledger import Ledger, mask
from vigie.collect.routing import Route
from vigie.collect.sheet import PERSON, Key, Sheet, joined
from vigie.collect.source import SourceFile, open_source
from vigie.errors import Problem, VigieError
from vigie.formats.dates import dates
from vigie.formats.durations import durations
from vigie.formats.values import codes, numbers
from vigie.study.imports import Column, SurveyImport
from vigie.study.model import Study
from vigie.study.questions import Multiple, Question
from vigie.study.waves import Wave

UNREAD = 20  # columns named where nothing reads them; the others are counted


def read_survey(study: Study, wave: Wave, ledger: Ledger) -> tuple[dict[str, pa.Table], int]:
    """The facts of a wave's survey, and the number of rows read; raises `VigieError` for a file that cannot be used."""
    sheets, read = [], 0
    for index, file in enumerate(wave.by_source.get("survey", [])):
        rules = study.imports.get(file.import_ or "", SurveyImport())
        if not isinstance(rules, SurveyImport):
            continue
        source = open_source(Path(study.folder), file.path, rules, ledger)
        read += source.read
        sheets.append(_sheet(study, study.instrument(wave.id), source, rules, index))
    _same_design([s for s in sheets if s is not None], wave, ledger)
    ledger.stop_if_fatal()
    sheet = joined([s for s in sheets if s is not None], ledger)
    ledger.stop_if_fatal()
    if not len(sheet.respondent):
        first = wave.by_source["survey"][0].path
        raise VigieError(
            Problem(
                "no-rows",
                f"No respondent is left of {read:,} rows.",
                "See `keep:` and the ids." if read else "The file has headers and no rows.",
                first,
            )
        )
    tables = Route(study, wave, study.instrument(wave.id), sheet).tables()
    ledger.stop_if_fatal()
    return tables, read


def _same_design(sheets: list[Sheet], wave: Wave, ledger: Ledger) -> None:
    """A wave whose files have weights (or strata) has them in all of its files."""
    for name in ("weight", "stratum"):
        have = [s.shown[0] for s in sheets if len(s.respondent) and s.person[name].null_count < len(s.respondent)]
        lack = [s.shown[0] for s in sheets if len(s.respondent) and s.shown[0] not in have]
        if have and lack:
            message = f'{have[0]} has a {name} and {lack[0]} has none, in wave "{wave.id}".'
            ledger.fatal.append(Problem("column-missing", message, f"Give every file its `{name}:`.", lack[0]))


def _sheet(
    study: Study, questions: Mapping[str, Question], source: SourceFile, rules: SurveyImport, index: int
) -> Sheet | None:
    """One file's rows that have an id, with every question read."""
    ids = source.placed(rules.respondent or Column.model_validate({"from": "respondent"}))
    if ids is None:
        return None
    keys = codes(ids[1])
    known = mask(keys.is_valid())
    missing = source.numbers[~known]
    source.ledger.refuse_rows("missing-id", source.shown, missing.tolist(), ("no respondent" for _ in missing))
    source, keys = source.take(known), keys.filter(pa.array(known))
    weighted = _weighted(source, rules)
    source, keys = source.take(weighted), keys.filter(pa.array(weighted))
    found: dict[Key, Answer] = {}
    for question in questions.values():
        found |= _question(study, questions, question, source, rules)
    person = {name: _person(source, rules, name) for name in PERSON}
    unread = [h for h in source.headers if h and h not in source.taken]
    if unread:
        said = ", ".join(f'"{h}"' for h in unread[:UNREAD]) + (
            f" and {len(unread) - UNREAD} more" if len(unread) > UNREAD else ""
        )
        source.ledger.unread.append(f"{source.shown}: nothing reads {said}")
    files = np.full(len(source), index, dtype=np.int64)
    return Sheet(keys, files, source.numbers, [source.shown], found, person, source.ledger)


def _weighted(source: SourceFile, rules: SurveyImport) -> npt.NDArray[np.bool_]:
    """Where a row has its base weight; a row without one is refused, for it can stand for nobody."""
    placed = source.placed(rules.weight) if rules.weight is not None else None
    if placed is None or rules.weight is None:
        return np.ones(len(source), dtype=bool)
    values = numbers(placed[1], decimal=rules.weight.decimal or rules.decimal).values
    good = mask(pc.and_(pc.greater_equal(values, 1e-9), pc.less_equal(values, 1e9)))
    lost = source.numbers[~good]
    source.ledger.refuse_rows(
        "bad-number", source.shown, lost.tolist(), (f'no usable weight in "{placed[0]}"' for _ in lost)
    )
    return good


def _question(
    study: Study, questions: Mapping[str, Question], question: Question, source: SourceFile, rules: SurveyImport
) -> dict[Key, Answer]:
    """The answers to a question: one, or one per value of its loop that the file has columns for."""
    column = rules.columns.get(question.id) or _default(question)
    optional = question.id not in rules.columns
    cells = Cells(source, question, column, study)
    if question.per is None:
        answer = _answer(cells, {}, optional=optional)
        if answer is None:
            source.ledger.notes.append(f'{source.shown}: no column for "{question.id}"')
            return {}
        return {(question.id, ""): answer}
    feeder = questions.get(question.per.source)
    if not isinstance(feeder, Multiple):
        return {}
    mapped = rules.columns.get(feeder.id)
    own = column.options if not isinstance(question, Multiple) else {}  # there, they stand for its own options
    inverse = {v: k for k, v in (own or (mapped.options if mapped else {})).items()}
    found = {}
    for value in study.options(feeder):
        if value in study.exclusive(feeder):
            continue
        answer = _answer(cells, {question.per.dimension: inverse.get(value, value)}, optional=True)
        if answer is not None:
            found[question.id, value] = answer
    if not found:
        pattern = column.from_ if isinstance(column.from_, str) else question.id
        if optional:
            source.ledger.notes.append(f'{source.shown}: no column for "{question.id}"')
        else:
            source.complain("column-missing", f'No column is named like "{pattern}".', "See `columns:` in the import.")
    return found


def _default(question: Question) -> Column:
    """Where a question stands in a file that uses the study's own names."""
    parts = [question.id]
    if question.per is not None:
        parts.append(f"{{{question.per.dimension}}}")
    if isinstance(question, Multiple):
        parts.append("{option}")
    return Column.model_validate({"from": ".".join(parts)})


def _answer(cells: Cells, loop: Mapping[str, str], *, optional: bool) -> Answer | None:
    """The answer in the columns that the import names; None where an optional one is not in the file."""
    if not isinstance(cells.question, Multiple):
        column = cells.column
        if isinstance(column.from_, str):
            name = _filled(column.from_, loop)
            if optional and not cells.source.has(name):
                return None
            column = column.model_copy(update={"from_": name})
        placed = cells.source.placed(column)
        return answers.read_value(cells, *placed) if placed else None
    if isinstance(cells.column.from_, str) and "{option}" in cells.column.from_:
        return _per_option(cells, loop, optional=optional)
    names = [cells.column.from_] if isinstance(cells.column.from_, str) else cells.column.from_ or []
    if cells.column.position is not None:
        placed = cells.source.placed(cells.column)
        found = [placed] if placed else []
    else:
        wanted = [_filled(n, loop) for n in names]
        if optional and not any(cells.source.has(n) for n in wanted):
            return None
        found = [(n, c) for n in wanted if (c := cells.source.column(n)) is not None]
    return answers.read_lists(cells, found) if found else None


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        pattern = pattern.replace(f"{{{key}}}", value)
    return pattern


def _per_option(cells: Cells, loop: Mapping[str, str], *, optional: bool) -> Answer | None:
    pattern = str(cells.column.from_)
    inverse = {v: k for k, v in cells.column.options.items()}
    listed = [o for o in cells.study.options(cells.question) if not inverse or o in inverse]
    left = [o for o in cells.study.options(cells.question) if o not in listed]
    if left:
        said = ", ".join(f'"{o}"' for o in left)
        cells.source.ledger.notes.append(f'{cells.source.shown}: "{cells.question.id}" was not asked about {said}')
    wanted = {o: _filled(pattern, {**loop, "option": inverse.get(o, o)}) for o in listed}
    if optional and not any(cells.source.has(n) for n in wanted.values()):
        return None
    found = {o: (n, c) for o, n in wanted.items() if (c := cells.source.column(n)) is not None}
    return answers.read_options(cells, found) if found else None


def _person(source: SourceFile, rules: SurveyImport, name: str) -> pa.Array:
    """A column about the interview itself; nulls where the import names none."""
    kinds = {"weight": pa.float64(), "stratum": pa.string(), "started_at": pa.timestamp("us"), "duration": pa.float64()}
    column: Column | None = getattr(rules, name)
    placed = source.placed(column) if column is not None else None
    if column is None or placed is None:
        return pa.nulls(len(source), kinds[name])
    shown, raw = placed
    code, why = "bad-number", "is not a number"
    if name == "stratum":
        return codes(raw)
    if name == "weight":
        values = numbers(raw, decimal=column.decimal or rules.decimal).values
    elif name == "duration":
        values, code, why = durations(raw, unit=column.unit or "s").values, "bad-date", "is not a duration"
    else:
        found = dates(raw, order=column.order or rules.dates)
        if found.ambiguous:
            message = f'Day and month cannot be told apart in column "{shown}".'
            source.complain("ambiguous-date", message, "Say `dates: dmy` (or `mdy`) in the import.")
            return found.values
        values, code, why = found.values, "bad-date", "is not a possible date"
    source.refuse(code, shown, raw, mask(raw.is_valid()) & ~mask(values.is_valid()), why)
    return values
