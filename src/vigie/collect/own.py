"""The study's own questions of tests, reviews and cases: what testers note, what a file of reviews or cases adds.

They are read by the readers of the survey's questions and routed like them; the fields that every record has have a
state too, so that `answered(…)` works on all that an expression may name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Answer, Cells, nothing
from vigie.collect.ledger import Mask, mask
from vigie.collect.placing import column_of, read
from vigie.collect.records import Records
from vigie.collect.routing import NOT_IN_WAVE, STATES, Route, named
from vigie.collect.sheet import Sheet, concatenated, rows_of
from vigie.collect.texts import verbatims
from vigie.results.figures import Source
from vigie.study.fields import fields
from vigie.study.model import Study
from vigie.study.questions import Battery, Open, Question
from vigie.study.waves import Wave

WORDS = "words:"  # columns that hold what people said until it is redacted; no question's name has a colon

Rows = npt.NDArray[np.int64]


def read_own(records: Records, source: Source) -> Sheet:
    """The answers to the own questions that a file has columns for, row by row of those that stand."""
    study, file = records.study, records.source
    section = getattr(study.header, source, None)
    batteries = {q.id: q for q in (section.questions if section is not None else ()) if isinstance(q, Battery)}
    day = records.wave.field[0] if records.wave.field else None
    answers: dict[tuple[str, str], Answer] = {}
    for question in study.own(source).values():
        column, needed = column_of(question, records.rules.columns, batteries)
        answer = read(Cells(file, question, column, study, day), {}, optional=not needed) if column else None
        if answer is None:
            file.ledger.notes.append(f'{file.shown}: no column for "{question.id}"')
        else:
            answers[question.id, ""] = answer
    for name in set(batteries) & set(records.rules.columns):
        if not any((f"{name}_{item}", "") in answers for item in batteries[name].items):
            message = f'No column is named like "{records.rules.columns[name].from_}".'
            file.complain("column-missing", message, "See `columns:` in the import.")
    n = len(file)
    return Sheet(
        pa.nulls(n, pa.string()), np.zeros(n, dtype=np.int64), file.numbers, [file.shown], answers, {}, file.ledger
    )


def answered_anything(own: Sheet) -> Mask:
    """Where some own question has an answer."""
    found = np.zeros(len(own.numbers), dtype=bool)
    for answer in own.answers.values():
        found |= answer.answered | answer.dont_know | answer.refused
    return found


def together(parts: Sequence[Sheet]) -> Sheet:
    """The answers of several files, one after the other; a file without a question has none."""
    lengths = [len(p.numbers) for p in parts]
    keys = list(dict.fromkeys(k for p in parts for k in p.answers))
    answers = {k: concatenated([p.answers.get(k) for p in parts], lengths) for k in keys}
    files = np.repeat(np.arange(len(parts)), lengths)
    numbers, shown = np.concatenate([p.numbers for p in parts]), [p.shown[0] for p in parts]
    return Sheet(pa.nulls(len(files), pa.string()), files, numbers, shown, answers, {}, parts[0].ledger)


def first_told(own: Sheet, groups: Rows, n: int) -> Sheet:
    """One row per group (numbers from 0 to n - 1): of each question, the group's first row with a filled cell."""
    first = _first(np.arange(len(groups)), groups, n)
    found = {}
    for key, answer in own.answers.items():
        filled = np.flatnonzero(answer.touched)
        told = _first(filled, groups[filled], n)
        at = np.where(told >= 0, told, first)
        found[key] = rows_of(answer, at)
    return replace(
        own, respondent=own.respondent.take(pa.array(first)), files=own.files[first], numbers=own.numbers[first],
        answers=found,
    )  # fmt: skip


def _first(rows: Rows, groups: Rows, n: int) -> Rows:
    """The first of these rows in each group; -1 where a group has none."""
    found = np.full(n, -1, dtype=np.int64)
    found[groups[::-1]] = rows[::-1]
    return found


def routed(
    study: Study, wave: Wave, source: Source, own: Sheet, columns: Mapping[str, pa.Array]
) -> dict[str, pa.Array]:
    """The states of the fields in `columns`, and the values and states of the own questions, in the order of facts.

    An answer where `ask_if` says that the question was not to be asked is refused. Texts stand under `words:…`.
    """
    found: dict[str, pa.Array] = _states(study, source, columns)
    questions = study.asked(source)
    everything: dict[str, Any] = {**columns, **found}
    route = Route(study, wave, questions, own)
    positions = {name: i for i, name in enumerate(questions)}
    for question in study.own(source).values():
        answer = own.answers.get((question.id, ""))
        if answer is None:
            answer = nothing(question, list(study.options(question)), len(own.numbers))
            state = np.full(len(own.numbers), NOT_IN_WAVE, dtype=np.int8)
        else:
            answer, state = route.routed(question, answer, everything, route.reached >= positions[question.id])
        values = named(question, answer)
        told = values | {f"{question.id}:state": STATES.take(pa.array(state))}
        everything |= told
        found |= told | _words(question, answer)
    return found


def _words(question: Question, answer: Answer) -> dict[str, pa.Array]:
    """What was said in words: to an open question, beside an option, or in place of one."""
    texts = {"": answer.values[""]} if isinstance(question, Open) else answer.texts
    return {
        f"{WORDS}{question.id}.{option}" if option else f"{WORDS}{question.id}": words.cast(pa.string())
        for option, words in texts.items()
    }


def _states(study: Study, source: Source, columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """Answered where a field has a value, else skipped."""
    found = {}
    for name in fields(source, study.reviews.stars):
        parts = [columns[name]] if name in columns else [c for k, c in columns.items() if k.startswith(f"{name}.")]
        if parts:
            filled = np.any([mask(c.is_valid()) for c in parts], axis=0)
            found[f"{name}:state"] = pc.if_else(pa.array(filled), "answered", "skipped")
    return found


def redacted(source: Source, table: pa.Table, key: str, keep: Sequence[str]) -> tuple[pa.Table, list[pa.Table]]:
    """The table without its columns of words, and these as verbatims; a key that stands several times speaks once."""
    spoken = [name for name in table.column_names if name.startswith(WORDS)]
    if not spoken:
        return table, []
    keys = table[key].combine_chunks()
    numbers = keys.dictionary_encode().indices.to_numpy()
    first = pa.array(np.sort(np.unique(numbers, return_index=True)[1]))
    origin, once = keys.take(first), table.select(spoken).take(first)
    told = [
        verbatims(source, origin, name.removeprefix(WORDS), "", once[name].combine_chunks(), keep) for name in spoken
    ]
    return table.drop_columns(spoken), told
