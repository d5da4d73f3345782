"""Survey files become facts: `respondents` (one row per person), `contacts` (one per evaluation), `verbatims`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Answer, Cells
from vigie.collect.interviews import PARTIAL, counting, far_enough, statuses
from vigie.collect.ledger import Ledger, Mask, mask
from vigie.collect.placing import column_of, read
from vigie.collect.routing import Route
from vigie.collect.sampling import with_sizes
from vigie.collect.sheet import PERSON, Key, Sheet, joined
from vigie.collect.source import SourceFile, open_source
from vigie.collect.specify import add_words
from vigie.errors import Problem, VigieError
from vigie.formats.dates import dates
from vigie.formats.durations import durations
from vigie.formats.values import codes, numbers
from vigie.study.imports import Column, SurveyImport
from vigie.study.model import Study
from vigie.study.panels import PANEL, Panel, panels
from vigie.study.questions import Multiple, Question, Ranking
from vigie.study.waves import Wave

NAMED = {".": "point", ",": "comma"}
UNREAD = 20  # columns named where nothing reads them; the others are counted


def read_survey(study: Study, wave: Wave, ledger: Ledger) -> tuple[dict[str, pa.Table], int]:
    """The facts of a wave's survey, and the number of rows read; raises `VigieError` for a file that cannot be used."""
    sheets, rows = [], 0
    for index, file in enumerate(wave.by_source.get("survey", [])):
        rules = study.imports.get(file.import_ or "", SurveyImport())
        if not isinstance(rules, SurveyImport):
            continue
        source = open_source(Path(study.folder), file.path, rules, ledger)
        rows += source.read
        sheets.append(_sheet(study, wave, source, rules, index, file.panel or wave.panel))
    _same_design([s for s in sheets if s is not None], wave, ledger)
    ledger.stop_if_fatal()
    sheet = joined([s for s in sheets if s is not None], ledger)
    ledger.stop_if_fatal()
    if not len(sheet.respondent):
        first = wave.by_source["survey"][0].path
        raise VigieError(
            Problem(
                "no-rows",
                f"No respondent is left of {rows:,} rows.",
                "See `keep:`, `interviews:`, `weight:` and the ids." if rows else "The file has headers and no rows.",
                first,
            )
        )
    sheet = with_sizes(sheet, ledger)
    ledger.stop_if_fatal()
    tables = Route(study, wave, study.instrument(wave.id), sheet).tables()
    ledger.stop_if_fatal()
    return tables, rows


def _same_design(sheets: list[Sheet], wave: Wave, ledger: Ledger) -> None:
    """A wave whose files have weights (or strata) has them in all of its files."""
    for name in ("weight", "stratum", "cluster", "fpc"):
        have = [s.shown[0] for s in sheets if len(s.respondent) and s.person[name].null_count < len(s.respondent)]
        lack = [s.shown[0] for s in sheets if len(s.respondent) and s.shown[0] not in have]
        if have and lack:
            message = f'{have[0]} has a {name} and {lack[0]} has none, in wave "{wave.id}".'
            ledger.fatal.append(Problem("column-missing", message, f"Give every file its `{name}:`.", lack[0]))


def _sheet(
    study: Study, wave: Wave, source: SourceFile, rules: SurveyImport, index: int, panel: str
) -> Sheet | None:  # fmt: skip
    """One file's rows that have an id and count, with every question read."""
    ids = source.placed(rules.respondent or Column.model_validate({"from": "respondent"}))
    if ids is None:
        return None
    keys, status = codes(ids[1]), statuses(source, rules)
    known = mask(keys.is_valid())
    missing = source.numbers[~known]
    source.ledger.refuse_rows("missing-id", source.shown, missing.tolist(), ("no respondent" for _ in missing))

    def left(keep: Mask) -> tuple[SourceFile, pa.Array, pa.Array]:
        return source.take(keep), keys.filter(pa.array(keep)), status.filter(pa.array(keep))

    source, keys, status = left(known)
    source, keys, status = left(counting(source, rules, wave, status))
    source, keys, status = left(_weighted(source, rules, status))
    questions = study.instrument(wave.id)
    found = _answers(study, wave, questions, source, rules)
    person = {name: _person(source, rules, name) for name in PERSON}
    if PANEL in questions and panel:
        found[PANEL, ""] = _from_panel(panel, len(source))
    if panels(wave):
        person["stratum"] = _within(panel, person["stratum"])
    unread = [h for h in source.headers if h and h not in source.taken]
    if unread:
        said = ", ".join(f'"{h}"' for h in unread[:UNREAD]) + (
            f" and {len(unread) - UNREAD} more" if len(unread) > UNREAD else ""
        )
        source.ledger.unread.append(f"{source.shown}: nothing reads {said}")
    files = np.full(len(source), index, dtype=np.int64)
    sheet = Sheet(keys, files, source.numbers, [source.shown], found, person, source.ledger)
    return far_enough(sheet, wave, status, questions)


def _answers(
    study: Study, wave: Wave, questions: Mapping[str, Question], source: SourceFile, rules: SurveyImport
) -> dict[Key, Answer]:
    """Every question that the file has columns for."""
    day = wave.field[0] if wave.field else None
    found: dict[Key, Answer] = {}
    for question in questions.values():
        if isinstance(question, Panel):
            continue  # it is not in the file: the study tells it
        column, needed = column_of(question, rules.columns, study.batteries)
        if column is None:
            source.ledger.notes.append(f'{source.shown}: no column for "{question.id}"')
            continue
        cells = Cells(source, question, column, study, day)
        found |= _question(cells, questions, rules, optional=not needed)
    _grids(study, source, rules, found)
    return found


def _from_panel(panel: str, n: int) -> Answer:
    """Where all people of a file come from."""
    nobody, everybody = np.zeros(n, dtype=bool), np.ones(n, dtype=bool)
    return Answer({"": pa.repeat(panel, n)}, everybody, nobody, nobody, nobody)


def _within(panel: str, stratum: pa.Array) -> pa.Array:
    """Panels are sampled each for itself: strata lie within them."""
    return pc.if_else(stratum.is_valid(), pc.binary_join_element_wise(panel, stratum, " / "), pa.scalar(panel))


def _weighted(source: SourceFile, rules: SurveyImport, status: pa.Array) -> Mask:
    """Where a row has its weight; a row without one is refused, for it can stand for nobody.

    A partial interview that was not weighted was left out by whoever weighted the file.
    """
    placed = source.placed(rules.weight) if rules.weight is not None else None
    if placed is None or rules.weight is None:
        return np.ones(len(source), dtype=bool)
    shown, raw = placed
    values, failed, decimal = numbers(raw, decimal=rules.weight.decimal or rules.decimal)
    other = "," if decimal == "." else "."
    hint = (
        f"Its decimals were taken to follow a {NAMED[decimal]}; if they do not, say `decimal: '{other}'` in the import."
    )
    source.ledger.hopeless("bad-number", source.shown, shown, source.numbers, raw, mask(failed), "is not a number",
                           len(raw) - raw.null_count, hint)  # fmt: skip
    good = mask(pc.and_(pc.greater_equal(values, 1e-9), pc.less_equal(values, 1e9)))
    partial = ~good & mask(pc.equal(status, PARTIAL))
    source.ledger.refuse_filtered(source.shown, int(partial.sum()), PARTIAL)
    lost = source.numbers[~good & ~partial]
    source.ledger.refuse_rows(
        "bad-number", source.shown, lost.tolist(), (f'no usable weight in "{shown}"' for _ in lost)
    )
    return good


def _grids(study: Study, source: SourceFile, rules: SurveyImport, found: Mapping[Key, Answer]) -> None:
    """A grid that the import places and of which the file has no item at all."""
    read = {name for name, _ in found}
    for name, column in rules.columns.items():
        battery = study.batteries.get(name)
        if battery is not None and not read & {f"{name}_{item}" for item in battery.items}:
            message = f'No column is named like "{column.from_}".'
            source.complain("column-missing", message, "See `columns:` in the import.")


def _question(
    cells: Cells, questions: Mapping[str, Question], rules: SurveyImport, *, optional: bool
) -> dict[Key, Answer]:
    """The answers to a question: one, or one per value of its loop that the file has columns for."""
    question, column, source = cells.question, cells.column, cells.source
    if question.per is None:
        answer = read(cells, {}, optional=optional)
        if answer is None:
            source.ledger.notes.append(f'{source.shown}: no column for "{question.id}"')
            return {}
        add_words(cells, rules.specify.get(question.id), {}, answer)
        return {(question.id, ""): answer}
    feeder = questions.get(question.per.source)
    if not isinstance(feeder, Multiple):
        return {}
    mapped = rules.columns.get(feeder.id)
    own = column.options if not isinstance(question, Multiple | Ranking) else {}  # there, they stand for its options
    inverse = {v: k for k, v in (own or (mapped.options if mapped else {})).items()}
    found = {}
    for value in cells.study.options(feeder):
        if value in cells.study.exclusive(feeder):
            continue
        loop: dict[str, str] = {question.per.dimension: inverse.get(value, value)}
        answer = read(cells, loop, optional=True)
        if answer is not None:
            add_words(cells, rules.specify.get(question.id), loop, answer)
            found[question.id, value] = answer
    if not found:
        pattern = column.from_ if isinstance(column.from_, str) else question.id
        if optional:
            source.ledger.notes.append(f'{source.shown}: no column for "{question.id}"')
        else:
            source.complain("column-missing", f'No column is named like "{pattern}".', "See `columns:` in the import.")
    return found


def _person(source: SourceFile, rules: SurveyImport, name: str) -> pa.Array:
    """A column about the interview itself; nulls where the import names none."""
    texts, numbers_ = dict.fromkeys(("stratum", "cluster"), pa.string()), ("weight", "fpc", "duration")
    kinds = {**texts, **dict.fromkeys(numbers_, pa.float64()), "started_at": pa.timestamp("us")}
    column: Column | None = getattr(rules, name)
    placed = source.placed(column) if column is not None else None
    if column is None or placed is None:
        return pa.nulls(len(source), kinds[name])
    shown, raw = placed
    code, why = "bad-number", "is not a number"
    if name in texts:
        return codes(raw)
    if name in ("weight", "fpc"):
        values = numbers(raw, decimal=column.decimal or rules.decimal).values
        values = pc.if_else(pc.greater(values, 0), values, pa.scalar(None, pa.float64()))
    elif name == "duration":
        values = durations(raw, unit=column.unit or "s", clock=column.clock).values
        code, why = "bad-date", "is not a duration"
    else:
        found = dates(raw, order=column.order or rules.dates)
        if found.ambiguous:
            message = f'Day and month cannot be told apart in column "{shown}".'
            source.complain("ambiguous-date", message, "Say `dates: dmy` (or `mdy`) in the import.")
            return found.values
        values, code, why = found.values, "bad-date", "is not a possible date"
    source.refuse(code, shown, raw, mask(raw.is_valid()) & ~mask(values.is_valid()), why)
    return values
