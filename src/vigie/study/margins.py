"""Population margins: the CSV file that gives them, and whether they fit the questionnaire and each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from vigie.errors import Problem, suggestion
from vigie.study.complaints import Checker
from vigie.study.csv_table import csv_rows
from vigie.study.document import Path_
from vigie.study.model import Margin
from vigie.study.questions import Numeric, Question, Scale, Single
from vigie.study.text import code

SPACES = str.maketrans("", "", "\u202f\u2009\xa0 ")
MOST_PEOPLE, MOST_OF_A_NUMBER = 1e12, 1e18
Totals = dict[tuple[str, str], dict[str, float]]  # population and variable -> category -> total


def read_margins(text: str, *, file: str, by: str | None = None) -> tuple[tuple[Margin, ...], list[Problem]]:
    """Margins from `variable,category,total` (or `share`); shares may be fractions or percentages.

    With `by`, its column stands first and tells the population that a line speaks of. An empty category is the total of
    a number, or its mean where the file gives shares.
    """
    rows, unreadable = csv_rows(text, file=file)
    if unreadable:
        return (), unreadable
    header = rows[0][1] if rows else []
    amount = "total" if "total" in header else "share"
    first = [by] if by else []
    if header[: len(first) + 2] != [*first, "variable", "category"] or amount not in header:
        hint = f'The first line is "{",".join([*first, "variable,category,total"])}", or with "share" at its end.'
        return (), [Problem("margins", "The margins have another header.", hint, file, 1)]
    if len(rows) == 1:
        return (), [Problem("margins", "The margins have no line.", "Give each category its total.", file, 1)]
    totals: Totals = {}
    problems: list[Problem] = []
    for number, row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        problems += _row(cells, amount, by, totals, file, number)
    return tuple(Margin(v, t, file, p, amount == "share") for (p, v), t in totals.items()), problems


def _row(
    cells: Mapping[str, str], amount: str, by: str | None, totals: Totals, file: str, number: int
) -> Iterator[Problem]:
    """Adds one line's total; yields what is wrong with it."""
    variable, category = cells.get("variable", ""), str(code(cells.get("category", "")))
    given = cells.get(amount, "")
    try:
        value = float(given.translate(SPACES).replace(",", "."))
    except ValueError:
        value = math.nan
    if not (0 <= value < MOST_PEOPLE or (not category and abs(value) < MOST_OF_A_NUMBER)):
        yield Problem("bad-number", f'"{given}" is not a {amount}.', "Write a number of zero or more.", file, number)
        return
    population = str(code(cells.get(by, ""))) if by else ""
    own = totals.setdefault((population, variable), {})
    if category in own:
        message = f'The category "{category}" of "{variable}" stands twice{_among(population)}.'
        yield Problem("duplicate-name", message, "Keep one line.", file, number)
    own[category] = value


def check_margins(c: Checker) -> Iterator[Problem]:
    """Whether the margins of every wave and weighting fit the questions that it asked, and each other."""
    yield from _check_weighting(c)
    given = [*c.study.margins.items(), *((wave, ms) for (wave, _), ms in c.study.margins_among.items())]
    for wave, margins in given:
        questions = c.study.instrument(wave)
        for margin in margins:
            yield from _fits(c, questions, margin)
        yield from _populations(c, questions, margins)
        for _, own in groupby(sorted(margins, key=lambda m: m.population), lambda m: m.population):
            yield from _agree(list(own))


def _check_weighting(c: Checker) -> Iterator[Problem]:
    """The populations and the people of further weightings, and the indicators that name one."""
    rules = c.study.header.weighting
    if rules is not None and rules.by is not None:
        singles = [q.id for q in c.study.questions.values() if isinstance(q, Single) and not q.per]
        yield from c.unknown(("weighting", "by"), "single question asked once", rules.by, singles)
    for name, among in (rules.among if rules else {}).items():
        path: Path_ = ("weighting", "among", name, "base")
        found, problems = c.expression(path, among.base, ("truth",), c.study.questions)
        yield from problems
        if found is not None and found.loop is not None:
            yield c.problem(path, "loop", "People are weighted, and not what they say of one value of a loop.",
                            'For example "any(used)".')  # fmt: skip
    for indicator in c.study.indicators.values():
        if indicator.weighting is not None:
            path = c.at("indicators", indicator.id, "weighting")
            yield from c.unknown(path, "weighting", indicator.weighting, list(rules.among) if rules else [])
            if indicator.source != "survey":
                yield c.problem(path, "wrong-value", "Only people are weighted.", "Take `weighting:` out.")


def _populations(c: Checker, questions: Mapping[str, Question], margins: Sequence[Margin]) -> Iterator[Problem]:
    """Every population has each margin, and is a category of the question that tells them apart."""
    rules = c.study.header.weighting
    question = questions.get(rules.by) if rules and rules.by else None
    if not isinstance(question, Single) or not margins:
        return
    known, file = list(c.study.options(question)), margins[0].file
    variables = list(dict.fromkeys(m.variable for m in margins))
    given = dict.fromkeys(m.population for m in margins)
    for population in given:
        if population not in known:
            message = f'"{question.id}" has no category "{population}".'
            yield Problem("margins", message, suggestion(population, known), file)
    for population in known:
        own = [m.variable for m in margins if m.population == population]
        for variable in variables:
            if variable not in own:
                message = f'The margins have no line of "{variable}"{_among(population)}.'
                yield Problem("margins", message, "Every population has every margin.", file)


def _agree(margins: Sequence[Margin]) -> Iterator[Problem]:
    """The margins of one population have one total, and not zero."""
    totals = {m.variable: sum(m.totals.values()) for m in margins if not m.numeric}
    where = _among(margins[0].population)
    for variable, total in totals.items():
        if total == 0:
            yield Problem("margins", f'The totals of "{variable}" are all zero{where}.', "Give shares, or totals.",
                          margins[0].file)  # fmt: skip
    # shares (1 or 100) may carry rounding; totals must agree to a half per cent
    if totals and max(totals.values()) - min(totals.values()) > 0.005 * max(totals.values()):
        listed = ", ".join(f"{v} {t:g}" for v, t in totals.items())
        hint = "All margins describe the same population: give shares, or totals with one sum."
        yield Problem("margins", f"The margins' totals differ{where}: {listed}.", hint, margins[0].file)


def _among(population: str) -> str:
    return f' in "{population}"' if population else ""


def _fits(c: Checker, questions: Mapping[str, Question], margin: Margin) -> Iterator[Problem]:
    question = questions.get(margin.variable)
    if question is None:
        known = [q.id for q in questions.values() if isinstance(q, Single)]
        if margin.variable not in c.invalid:
            message = f'The margins name a question "{margin.variable}" that the wave does not ask.'
            yield Problem("margins", message, suggestion(margin.variable, known), margin.file)
        return
    if isinstance(question, Numeric | Scale) and not question.per:
        if not margin.numeric:
            message = f'"{margin.variable}" is a number: its margin is one total.'
            yield Problem("margins", message, "Write one line with an empty category.", margin.file)
        return
    if not isinstance(question, Single) or question.per:
        hint = "Margins stand on such questions, and on numbers asked once."
        yield Problem("margins", f'"{margin.variable}" is not a single question asked once.', hint, margin.file)
        return
    known = list(c.study.options(question))
    for category in margin.totals:
        if category not in known:
            message = f'"{margin.variable}" has no category "{category}".'
            yield Problem("margins", message, suggestion(category, known), margin.file)
    for category in known:
        if category not in margin.totals:
            message = f'The category "{category}" of "{margin.variable}" has no target{_among(margin.population)}.'
            yield Problem("margins", message, "Add a line for it.", margin.file)
