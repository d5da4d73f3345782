"""Who was asked what: routing gives every answer its state, and loops become one row per evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.algebra import ArrowAlgebra
from vigie.collect.answers import Answer, nothing, type_of
from vigie.collect.ledger import Mask
from vigie.collect.sheet import Sheet, reached
from vigie.collect.texts import brand_words, verbatims, whole
from vigie.errors import Problem
from vigie.study.brands import on_day
from vigie.study.expressions import fold
from vigie.study.model import Study
from vigie.study.questions import Loop, Multiple, Open, Question, Ranking
from vigie.study.resolution import resolve
from vigie.study.waves import Wave

STATES = pa.array(["answered", "dont_know", "refused", "skipped", "not_asked", "not_in_wave"])
ANSWERED, DONT_KNOW, REFUSED, SKIPPED, NOT_ASKED, NOT_IN_WAVE = range(6)
Codes = npt.NDArray[np.int8]


class Route:
    """Turns a sheet of answers into the tables of facts."""

    def __init__(self, study: Study, wave: Wave, questions: Mapping[str, Question], sheet: Sheet) -> None:
        self.study, self.wave, self.questions, self.sheet = study, wave, questions, sheet
        self.n = len(sheet.respondent)
        self.columns: dict[str, Any] = {}
        self.exclusive = study.standing_alone(questions)
        self.reached = reached(sheet.answers, questions, self.n)
        self.texts: list[pa.Table] = []
        self.keep = brand_words(study)

    def tables(self) -> dict[str, pa.Table]:
        """`respondents`, `contacts` where there are loops, and `verbatims` where anybody wrote anything."""
        for position, question in enumerate(self.questions.values()):
            if question.per is None:
                self._person(question, position)
        found = {"respondents": self._respondents()}
        evaluations = [self._evaluations(source, qs) for source, qs in loops(self.questions).items()]
        evaluations = [e for e in evaluations if e is not None]
        if evaluations:
            found["contacts"] = pa.concat_tables(evaluations, promote_options="default")
        if self.texts:
            found["verbatims"] = whole(self.texts)
        return found

    def _keep_texts(self, question: Question, value: str, answer: Answer) -> None:
        """The words of an answer, redacted: of an open question, beside an option, or of a brand not listed."""
        texts = {"": answer.values[""]} if isinstance(question, Open) else answer.texts
        for option, words in texts.items():
            if words.null_count < len(words):
                name = f"{question.id}.{option}" if option else question.id
                self.texts.append(verbatims("survey", self.sheet.respondent, name, value, words, self.keep))

    def _person(self, question: Question, position: int) -> None:
        """A question asked once: its values and its state."""
        answer = self.sheet.answers.get((question.id, ""))
        options = list(self.study.options(question))
        if answer is None:
            answer = nothing(question, options, self.n)
            state = np.full(self.n, NOT_IN_WAVE, dtype=np.int8)
        else:
            answer, state = self.routed(question, answer, self.columns, self.reached >= position)
        self._keep_texts(question, "", answer)
        self.columns |= named(question, answer)
        self.columns[f"{question.id}:state"] = STATES.take(pa.array(state))

    def routed(
        self, question: Question, answer: Answer, columns: Mapping[str, Any], reached: Mask
    ) -> tuple[Answer, Codes]:
        """The answer without what routing forbids, and the state of everyone."""
        asked, past = self._asked(question, columns)
        forbidden = past & (answer.answered | answer.dont_know | answer.refused)
        if forbidden.any():
            given = answer.answered | answer.dont_know | answer.refused
            self.sheet.contradict(question.id, forbidden, given, "where the question was not to be asked")
            answer = answer.without(forbidden)
        if isinstance(question, Multiple) and answer.silent and question.none is None:
            answer = _none_chosen(answer, asked & reached & ~answer.touched)
        state = np.full(len(asked), SKIPPED, dtype=np.int8)
        state[~asked] = NOT_ASKED
        for where, code in ((answer.answered, ANSWERED), (answer.dont_know, DONT_KNOW), (answer.refused, REFUSED)):
            state[where] = code
        return answer, state

    def _asked(self, question: Question, columns: Mapping[str, Any]) -> tuple[Mask, Mask]:
        """Where a question was to be asked, and where it certainly was not."""
        everyone, nobody = np.ones(self.n, dtype=bool), np.zeros(self.n, dtype=bool)
        if question.ask_if is None:
            return everyone, nobody
        tree = resolve(question.ask_if, self.study, self.questions, want=("truth",)).tree
        found = fold(tree, ArrowAlgebra(columns, self.exclusive))
        if isinstance(found, pa.Scalar):
            return (everyone if found.as_py() else nobody), (everyone if found.as_py() is False else nobody)
        known = np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool)
        return known, np.asarray(pc.fill_null(pc.invert(found), False).to_numpy(zero_copy_only=False), dtype=bool)

    def _respondents(self) -> pa.Table:
        n, person = self.n, self.sheet.person
        head: dict[str, Any] = {
            "respondent": self.sheet.respondent,
            "wave": pa.repeat(self.wave.id, n),
            "panel": pa.repeat(self.wave.panel, n),
            "mode": pa.repeat(self.wave.mode, n),
            "started_at": person["started_at"],
            "duration": person["duration"],
            "stratum": pc.fill_null(person["stratum"], ""),
            "cluster": self._clusters(),
            "fpc": person["fpc"],
            "base_weight": pc.fill_null(person["weight"], 1.0),  # rows that should have one and have none were refused
        }
        return pa.table(head | self.columns)

    def _clusters(self) -> pa.Array:
        """What people were drawn in, where some were drawn in clusters; who is in none was drawn alone."""
        given = self.sheet.person["cluster"]
        return given if given.null_count == self.n else pc.coalesce(given, self.sheet.respondent)

    def _evaluations(self, source: str, questions: list[Question]) -> pa.Table | None:
        """One row per person and channel (or brand) of a loop, sorted by person."""
        loop = questions[0].per
        values = list(dict.fromkeys(v for q in questions for (name, v) in self.sheet.answers if name == q.id))
        if loop is None or not values:
            return None
        self._complain_of_gaps(loop, source, values)
        touched = {v: self._touched(questions, v) for v in values}
        eligible = {v: self._eligible(source, v, touched[v]) for v in values}
        for value in values:
            stray = touched[value] & ~eligible[value]
            self.sheet.contradict(
                f"{questions[0].id}.{value}", stray, touched[value], f'though "{source}" does not name it'
            )
        n_eligible = np.sum(list(eligible.values()), axis=0)
        seen = np.sum([touched[v] & eligible[v] for v in values], axis=0)
        n_asked = n_eligible if loop.at_most is None else np.maximum(np.minimum(n_eligible, loop.at_most), seen)
        pieces = [self._rows(loop, source, questions, v, eligible[v], touched[v], n_eligible, n_asked) for v in values]
        table = pa.concat_tables(pieces)
        order = pc.sort_indices(table, sort_keys=[("person", "ascending"), ("position", "ascending")])
        return table.take(order).drop_columns(["position"])

    def _complain_of_gaps(self, loop: Loop, source: str, values: list[str]) -> None:
        """A value that people chose, that the loop should ask about, and that no file has a column for."""
        feeder = self.questions[source]
        passed = {*values, *loop.except_, *self.exclusive.get(source, ())}
        for value in self.study.options(feeder):
            chosen = self.columns.get(f"{source}.{value}")
            count = pc.sum(chosen).as_py() or 0 if chosen is not None else 0
            if value not in passed and count:
                message = f'No column of the loop over "{source}" is about "{value}", which {count:,} people chose.'
                hint = f"Map it in the import, or say `except: [{value}]` in `per:`."
                self.sheet.ledger.fatal.append(Problem("column-missing", message, hint, self.sheet.shown[0]))

    def _touched(self, questions: list[Question], value: str) -> Mask:
        found = np.zeros(self.n, dtype=bool)
        for question in questions:
            answer = self.sheet.answers.get((question.id, value))
            if answer is not None:
                found |= answer.touched
        return found

    def _eligible(self, source: str, value: str, touched: Mask) -> Mask:
        """Whom the loop could take: those who chose this value; where the feeding question is unknown, who answered."""
        chosen = self.columns.get(f"{source}.{value}")
        if chosen is None:
            return touched
        known = np.asarray(chosen.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
        yes = np.asarray(pc.fill_null(chosen, False).to_numpy(zero_copy_only=False), dtype=bool)
        return np.where(known, yes, touched)

    def _rows(
        self, loop: Loop, source: str, questions: list[Question], value: str,
        eligible: Mask, touched: Mask, n_eligible: npt.NDArray[np.int64], n_asked: npt.NDArray[np.int64],
    ) -> pa.Table:  # fmt: skip
        """The evaluations of one channel or brand."""
        columns = dict(self.columns)
        position = {name: i for i, name in enumerate(self.questions)}
        for question in questions:
            answer = self.sheet.answers.get((question.id, value))
            if answer is None:
                answer = nothing(question, list(self.study.options(question)), self.n)
            reached = eligible & (self.reached >= position[question.id])
            answer, state = self.routed(question, answer.without(~eligible), columns, reached)
            self._keep_texts(question, value, answer)
            columns |= named(question, answer)
            columns[f"{question.id}:state"] = STATES.take(pa.array(state))
        rows = eligible & touched if loop.at_most is not None else eligible
        keep, n = pa.array(rows), int(rows.sum())
        brand = on_day(self.study.brands, self.wave.field[0] if self.wave.field else None).get(value)
        head: dict[str, Any] = {
            "grain": pa.repeat(loop.dimension, n),
            "source": pa.repeat("survey", n),
            "wave": pa.repeat(self.wave.id, n),
            "person": self.sheet.respondent.filter(keep),
            "loop": pa.repeat(source, n),
            "channel": pa.repeat(value, n) if loop.dimension == "channel" else pa.nulls(n, pa.string()),
            "brand": pa.repeat(value, n) if loop.dimension == "brand" else pa.nulls(n, pa.string()),
            "sector": pa.repeat(brand.sector, n) if brand and loop.dimension == "brand" else pa.nulls(n, pa.string()),
            "eligible": pa.array(n_eligible[rows].astype(np.int32)),
            "asked": pa.array(n_asked[rows].astype(np.int32)),
            "position": pa.repeat(value, n),
        }
        own = {k: columns[k].filter(keep) for k in columns if _belongs(k, {q.id for q in questions})}
        return pa.table(head | own)


def _belongs(column: str, asked: set[str]) -> bool:
    """Whether a column is a value, an option or a state of these questions."""
    return column.removesuffix(":state").split(".", 1)[0] in asked


def named(question: Question, answer: Answer) -> dict[str, pa.Array]:
    """A question's value columns by their names in the facts: `question`, or `question.option`; of a text none."""
    if isinstance(question, Open):
        return {}
    if isinstance(question, Multiple | Ranking):
        return {f"{question.id}.{option}": values for option, values in answer.values.items()}
    return {question.id: answer.values[""].cast(type_of(question))}


def _none_chosen(answer: Answer, where: Mask) -> Answer:
    """With an empty row read as *none chosen*, where the person reached the question."""
    if not where.any():
        return answer
    here = pa.array(where)
    values = {o: pc.if_else(here, pa.scalar(False), v) for o, v in answer.values.items()}
    return replace(answer, values=values, answered=answer.answered | where)


def loops(questions: Mapping[str, Question]) -> dict[str, list[Question]]:
    """The loops of an instrument: the question that feeds each, with the questions that it repeats."""
    by_source: dict[str, list[Question]] = {}
    for question in questions.values():
        if question.per is not None:
            by_source.setdefault(question.per.source, []).append(question)
    return by_source
