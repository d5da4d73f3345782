"""What a table is asked for, checked against the study: rows, columns, filter, and the lines that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vigie.engine.columns import CHANNEL
from vigie.engine.edition import Edition
from vigie.engine.lines import Stub, lines_of, refusal
from vigie.engine.session import Session
from vigie.errors import Problem, suggestion
from vigie.results.figures import Source
from vigie.study.expressions import ExpressionError
from vigie.study.indicators import EVERYONE, Indicator
from vigie.study.model import Study
from vigie.study.pieces import own_dimensions, pieces, texts
from vigie.study.questions import Category, Multiple, Open, Question, Single
from vigie.study.resolution import resolve
from vigie.study.waves import FILE_KEYS

BY_CHANNEL = "_by_channel"


@dataclass(frozen=True)
class Request:
    """What a table is asked for, beside the study that it is asked of."""

    session: Session
    edition: Edition
    rows: str
    columns: Sequence[str]
    where: str | None
    source: Source

    @property
    def study(self) -> Study:
        return self.edition.study

    @property
    def questions(self) -> dict[str, Question]:
        return self.study.asked(self.source, self.edition.wave.id)

    @property
    def asked(self) -> Question | None:
        """The question, or the grid, in the rows."""
        battery = self.study.batteries.get(self.rows) if self.source == "survey" else None
        if battery is not None and any(f"{self.rows}_{item}" in self.questions for item in battery.items):
            return battery
        return self.questions.get(self.rows)

    @property
    def loop(self) -> tuple[str, str] | None:
        """The loop that the rows live in."""
        asked = self.asked
        if asked is not None:
            return (asked.per.dimension, asked.per.source) if asked.per else None
        indicator = self.study.indicators[self.rows]
        found = pieces(indicator, self.study, self.questions)
        return next((r.loop for p in found for r in (p.main, p.base) if r.loop is not None), None)

    def every(self) -> list[Request]:
        """One request for each question, and each grid, that makes a table on these columns."""
        grids = self.study.batteries if self.source == "survey" else {}
        items = {f"{name}_{item}" for name, grid in grids.items() for item in grid.items}
        asked = [*(n for n in self.questions if n not in items), *grids]
        each = [replace(self, rows=name) for name in asked if name not in self.columns]
        return [one for one in each if not one.problems()]

    def problems(self) -> list[Problem]:
        """Everything that is wrong."""
        found = list(self._rows())
        return [*found, *self.around(known=not found)]

    def around(self, *, known: bool) -> list[Problem]:
        """What is wrong with columns and filter; with `known`, beside the rows too."""
        problems = [p for name in dict.fromkeys(self.columns) for p in self._column(name, known=known)]
        if len(set(self.columns)) < len(self.columns):
            problems.append(Problem("duplicate-name", "A column is named twice.", "Name each column once."))
        if not self.columns:
            hint = suggestion("", self._breaking())
            problems.append(Problem("usage", "A table needs columns.", f"Name the questions that break it. {hint}"))
        if self.where is not None:
            problems += self._where(self.where, known=known)
        return problems

    def _rows(self) -> Iterator[Problem]:
        asked, own = self.asked, self.study.indicators.get(self.rows)
        if asked is None and (own is None or own.source != self.source):
            listed = [*self.questions, *(self.study.batteries if self.source == "survey" else ())]
            listed += [i.id for i in self.study.indicators.values() if i.source == self.source]
            where = f"the {FILE_KEYS[self.source]} of wave {self.edition.wave.id}"
            message = f'There is no question or indicator "{self.rows}" in {where}.'
            yield Problem("unknown-name", message, suggestion(self.rows, listed))
        elif asked is not None and not lines_of(asked, self.study, ("code",)):
            yield refusal(asked)
        elif asked is None and own is not None:
            if own.kind == "time_to":
                message = f'"{own.id}" is a time, which has no table yet.'
                yield Problem("wrong-value", message, "See `vigie run`: its figures stand in results.json.")
                return
            if own.kind == "mentions" and isinstance(texts(own, self.questions), Open):
                message = f'"{own.id}" looks for brands in texts, which has no table yet.'
                yield Problem("wrong-value", message, "See `vigie run`: its figures stand in results.json.")
                return
            try:
                found = pieces(own, self.study, self.questions)
            except ExpressionError:
                found = []
            if not found:
                message = f'Wave {self.edition.wave.id} did not ask what the indicator "{self.rows}" needs.'
                yield Problem("unknown-name", message, "Take another wave.")

    def _breaking(self) -> list[str]:
        """The questions that may break a table."""
        if self.source != "survey":
            return [n for n, q in self.questions.items() if isinstance(q, Single | Category)]
        return [n for n, q in self.questions.items() if isinstance(q, Single | Multiple) and q.per is None]

    def _column(self, name: str, *, known: bool) -> Iterator[Problem]:
        if self.per_channel(name):
            if known and (self.loop is None or self.loop[0] != CHANNEL):
                message = f'"{self.rows}" is not asked per channel: it has no columns by channel.'
                yield Problem("wrong-value", message, suggestion("", self._breaking()))
        elif name not in self.questions:
            message = f'There is no question "{name}" to break the table by.'
            listed = self._breaking()
            yield Problem("unknown-name", message, suggestion(name, list(dict.fromkeys([*listed, CHANNEL]))))
        elif name not in self._breaking():
            kinds = "single and multiple questions asked once" if self.source == "survey" else "fields with codes"
            message = f'"{name}" cannot break tables: columns are {kinds}.'
            yield Problem("wrong-value", message, suggestion("", self._breaking()))
        elif name == self.rows:
            yield Problem("wrong-value", f'"{name}" is both rows and columns.', "Name another question.")
        elif known and name in self._own():
            message = f'The lines of "{self.rows}" are one per {name}, which cannot break them too.'
            yield Problem("wrong-value", message, "Name another column.")

    def _own(self) -> set[str]:
        """What the lines are one by one of."""
        if self.asked is not None:
            return {self.study.over(self.asked)}
        return own_dimensions(self.study.indicators[self.rows], self.study, self.questions)

    def _where(self, text: str, *, known: bool) -> Iterator[Problem]:
        try:
            loop = resolve(text, self.study, self.questions, want=("truth",)).loop
        except ExpressionError as error:
            yield Problem("expression", f'In the filter "{text}": {error}.', error.hint)
            return
        if known and loop is not None and loop != self.loop:
            message = f'The filter is asked per {loop[0]}, and "{self.rows}" is not.'
            yield Problem("loop", message, "Filter by questions that are asked once.")

    def stubs(self) -> list[Stub]:
        """The lines of the table."""
        asked = self.asked
        if asked is None:
            own = self.study.indicators[self.rows]
            kept = [b for b in own.by if b in self.study.batteries]
            return [Stub(own.model_copy(update={"by": kept}), "option")]
        return lines_of(asked, self.study, self._codes(asked))

    def _codes(self, asked: Question) -> tuple[str, ...]:
        """The codes of a question whose list is not fixed, where it is asked in a loop."""
        if (
            self.source != "survey"
            or not isinstance(asked, Category)
            or asked.per is None
            or not self.session.has("contacts")
        ):
            return ()
        given = self.session.table("contacts").select(code=asked.id).distinct().to_pyarrow()["code"].to_pylist()
        return tuple(sorted(c for c in given if c is not None))

    def filtered(self, indicator: Indicator) -> Indicator:
        """The indicator on the people whom the filter keeps."""
        if self.where is None:
            return indicator
        base = self.where if indicator.base == EVERYONE else f"({indicator.base}) and ({self.where})"
        return indicator.model_copy(update={"base": base})

    def per_channel(self, column: str) -> bool:
        """Whether a column stands for the channels of a loop, rather than for a question."""
        return column == CHANNEL and self.source == "survey"

    @staticmethod
    def by_channel(indicator: Indicator) -> Indicator:
        return indicator.model_copy(update={"id": f"{indicator.id}{BY_CHANNEL}", "by": [*indicator.by, CHANNEL]})
