"""Population margins: the CSV file that gives them, and whether they fit the questionnaire and each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from vigie.errors import Problem, suggestion
from vigie.study.complaints import Checker
from vigie.study.csv_table import csv_rows
from vigie.study.model import Margin
from vigie.study.questions import Question, Single
from vigie.study.text import code

SPACES = str.maketrans("", "", "\u202f\u2009\xa0 ")
HEADER = 'The first line is "variable,category,total" or "variable,category,share".'


def read_margins(text: str, *, file: str) -> tuple[tuple[Margin, ...], list[Problem]]:
    """Margins from `variable,category,total` (or `share`); shares may be fractions or percentages."""
    rows, unreadable = csv_rows(text, file=file)
    if unreadable:
        return (), unreadable
    header = rows[0][1] if rows else []
    amount = "total" if "total" in header else "share"
    if header[:2] != ["variable", "category"] or amount not in header:
        return (), [Problem("margins", "The margins have another header.", HEADER, file, 1)]
    if len(rows) == 1:
        return (), [Problem("margins", "The margins have no line.", "Give each category its total.", file, 1)]
    totals: dict[str, dict[str, float]] = {}
    problems: list[Problem] = []
    for number, row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        problems += _row(cells, amount, totals, file, number)
    return tuple(Margin(v, t, file) for v, t in totals.items()), problems


def _row(
    cells: Mapping[str, str], amount: str, totals: dict[str, dict[str, float]], file: str, number: int
) -> Iterator[Problem]:
    """Adds one line's total; yields what is wrong with it."""
    given = cells.get(amount, "")
    try:
        value = float(given.translate(SPACES).replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value < 1e12:
        yield Problem("bad-number", f'"{given}" is not a {amount}.', "Write a number of zero or more.", file, number)
        return
    variable, category = cells.get("variable", ""), str(code(cells.get("category", "")))
    if category in totals.setdefault(variable, {}):
        message = f'The category "{category}" of "{variable}" stands twice.'
        yield Problem("duplicate-name", message, "Keep one line.", file, number)
    totals[variable][category] = value


def check_margins(c: Checker) -> Iterator[Problem]:
    """Whether the margins of every wave fit the questions that it asked."""
    for wave, margins in c.study.margins.items():
        for margin in margins:
            yield from _fits(c, c.study.instrument(wave), margin)
        totals = {m.variable: sum(m.totals.values()) for m in margins}
        for variable, total in totals.items():
            if total == 0:
                hint = "Give shares, or totals."
                yield Problem("margins", f'The totals of "{variable}" are all zero.', hint, margins[0].file)
        if totals and not _alike(totals):
            listed = ", ".join(f"{v} {t:g}" for v, t in totals.items())
            message = f"The margins' totals differ: {listed}."
            hint = "All margins describe the same population: give shares, or totals with one sum."
            yield Problem("margins", message, hint, margins[0].file)


def _alike(totals: Mapping[str, float]) -> bool:
    """Shares (1 or 100) may carry rounding; totals must agree to a half per cent."""
    values = list(totals.values())
    return max(values) - min(values) <= 0.005 * max(values)


def _fits(c: Checker, questions: Mapping[str, Question], margin: Margin) -> Iterator[Problem]:
    question = questions.get(margin.variable)
    if question is None:
        known = [q.id for q in questions.values() if isinstance(q, Single)]
        if margin.variable not in c.invalid:
            message = f'The margins name a question "{margin.variable}" that the wave does not ask.'
            yield Problem("margins", message, suggestion(margin.variable, known), margin.file)
        return
    if not isinstance(question, Single) or question.per:
        hint = "Margins stand on such questions only."
        yield Problem("margins", f'"{margin.variable}" is not a single question asked once.', hint, margin.file)
        return
    known = list(c.study.options(question))
    for category in margin.totals:
        if category not in known:
            message = f'"{margin.variable}" has no category "{category}".'
            yield Problem("margins", message, suggestion(category, known), margin.file)
    for category in known:
        if category not in margin.totals:
            message = f'The category "{category}" of "{margin.variable}" has no target.'
            yield Problem("margins", message, "Add a line for it.", margin.file)
