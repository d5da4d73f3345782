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
ROUNDING = 0.005  # of a whole: what printed shares, or totals of one population, may lose or gain
Totals = dict[tuple[str, str], dict[str, tuple[float, int]]]  # population and variable -> category -> total and line


def read_margins(text: str, *, file: str, by: str | None = None) -> tuple[tuple[Margin, ...], list[Problem]]:
    """Margins from `variable,category,total` (or `share`); shares may be fractions or percentages.

    With `by`, its column stands first and tells the population that a line speaks of. An empty category is the total of
    a number, or its mean where the file gives shares. A file with a problem gives no margin: whether half of one fits
    would only repeat it.
    """
    rows, problems = csv_rows(text, file=file)
    if problems and not rows:
        return (), problems
    header = rows[0][1] if rows else []
    amount = "total" if "total" in header else "share"
    first = [by] if by else []
    if header[: len(first) + 2] != [*first, "variable", "category"] or amount not in header:
        hint = f'The first line is "{",".join([*first, "variable,category,total"])}", or with "share" at its end.'
        return (), [Problem("margins", "The margins have another header.", hint, file, 1)]
    if len(rows) == 1 and not problems:
        return (), [Problem("margins", "The margins have no line.", "Give each category its total.", file, 1)]
    totals: Totals = {}
    for number, row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        problems += _row(cells, amount, by, totals, file, number)
    if problems:
        return (), problems
    return tuple(_margin(variable, given, file, population, shares=amount == "share")
                 for (population, variable), given in totals.items()), []  # fmt: skip


def _margin(variable: str, given: dict[str, tuple[float, int]], file: str, population: str, *, shares: bool) -> Margin:
    totals = {category: total for category, (total, _) in given.items()}
    lines = {category: line for category, (_, line) in given.items()}
    return Margin(variable, totals, file, population, shares, lines)


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
    own[category] = value, number


def check_margins(c: Checker) -> Iterator[Problem]:
    """Whether the margins of every wave and weighting fit the questions that it asked, and each other."""
    yield from _check_weighting(c)
    yield from _told_apart(c)
    given = [*c.study.margins.items(), *((wave, ms) for (wave, _), ms in c.study.margins_among.items())]
    for wave, margins in given:
        questions = c.study.instrument(wave)
        fitting = []
        for margin in margins:
            found = list(_fits(c, questions, margin)) or list(_sum(margin))
            yield from found
            fitting += [] if found else [margin]
        yield from _populations(c, questions, margins)
        for _, own in groupby(sorted(fitting, key=lambda m: m.population), lambda m: m.population):
            yield from _agree(list(own))


def _check_weighting(c: Checker) -> Iterator[Problem]:
    """The populations and the people of further weightings, and the indicators that name one."""
    rules = c.study.header.weighting
    if rules is not None and rules.by is not None:
        singles = [q.id for q in c.study.questions.values() if _single(q)]
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


def _told_apart(c: Checker) -> Iterator[Problem]:
    """Every wave that is weighted asked the question that tells the populations apart."""
    rules = c.study.header.weighting
    name = rules.by if rules is not None else None
    if name is None or name in c.invalid or not _single(c.study.questions.get(name)):
        return
    for wave in c.study.waves.values():
        question = c.study.instrument(wave.id).get(name)
        if "survey" in wave.by_source and wave.weights == "base" and not _single(question):
            how = "does not ask" if question is None else "does not ask as a single question, once,"
            message = f'Wave {wave.id} {how} "{name}", which tells the populations of the weighting apart.'
            hint = "Keep the question in the instrument, or weight all waves without `by:`."
            yield c.problem(c.at("waves", wave.id, "instrument"), "margins", message, hint)


def _single(question: Question | None) -> bool:
    return isinstance(question, Single) and question.per is None


def _populations(c: Checker, questions: Mapping[str, Question], margins: Sequence[Margin]) -> Iterator[Problem]:
    """Every population has each margin, and is a category of the question that tells them apart."""
    rules = c.study.header.weighting
    question = questions.get(rules.by) if rules and rules.by else None
    if not isinstance(question, Single) or not margins:
        return
    known, file = list(c.study.options(question)), margins[0].file
    variables = list(dict.fromkeys(m.variable for m in margins))
    lines = {m.population: m.line for m in reversed(margins)}  # where each population begins
    for population in dict.fromkeys(m.population for m in margins):
        if population not in known:
            message = f'"{question.id}" has no category "{population}".'
            yield Problem("margins", message, suggestion(population, known), file, lines[population])
    for population in known:
        own = [m.variable for m in margins if m.population == population]
        for variable in variables:
            if variable not in own:
                message = f'The margins have no line of "{variable}"{_among(population)}.'
                yield Problem("margins", message, "Every population has every margin.", file, lines.get(population, 1))


def _sum(margin: Margin) -> Iterator[Problem]:
    """The categories of a margin add up to something; shares to the whole, as printed shares do."""
    total, where = sum(margin.totals.values()), _among(margin.population)
    if margin.numeric:
        return
    if total == 0:
        message = f'The totals of "{margin.variable}" are all zero{where}.'
        yield Problem("margins", message, "Give shares, or totals.", margin.file, margin.line)
    elif margin.shares and min(abs(total - 1), abs(total - 100) / 100) > ROUNDING * (1 + 1e-9):
        message = f'The shares of "{margin.variable}" add up to {total:g}{where}, and not to 1 or 100.'
        hint = 'Correct the share that is wrong; give rounded ones a decimal more; head counts with "total".'
        yield Problem("margins", message, hint, margin.file, margin.line)


def _agree(margins: Sequence[Margin]) -> Iterator[Problem]:
    """The margins of one population have one total, where each fits by itself."""
    totals = {m.variable: sum(m.totals.values()) for m in margins if not m.numeric}
    # shares (1 or 100) may carry rounding; totals must agree to a half per cent
    if totals and max(totals.values()) - min(totals.values()) > ROUNDING * max(totals.values()):
        where = _among(margins[0].population)
        listed = ", ".join(f"{v} {t:g}" for v, t in totals.items())
        hint = "All margins describe the same population: give shares, or totals with one sum."
        message = f"The margins' totals differ{where}: {listed}."
        yield Problem("margins", message, hint, margins[0].file, margins[0].line)


def _among(population: str) -> str:
    return f' in "{population}"' if population else ""


def _fits(c: Checker, questions: Mapping[str, Question], margin: Margin) -> Iterator[Problem]:
    question = questions.get(margin.variable)
    if question is None:
        known = [q.id for q in questions.values() if isinstance(q, Single)]
        if margin.variable not in c.invalid:
            message = f'The margins name a question "{margin.variable}" that the wave does not ask.'
            yield Problem("margins", message, suggestion(margin.variable, known), margin.file, margin.line)
        return
    if isinstance(question, Numeric | Scale) and not question.per:
        if not margin.numeric:
            message = f'"{margin.variable}" is a number: its margin is one total.'
            yield Problem("margins", message, "Write one line with an empty category.", margin.file, margin.line)
        return
    if not isinstance(question, Single) or question.per:
        hint = "Margins stand on such questions, and on numbers asked once."
        message = f'"{margin.variable}" is not a single question asked once.'
        yield Problem("margins", message, hint, margin.file, margin.line)
        return
    known = list(c.study.options(question))
    for category in margin.totals:
        if category not in known:
            message = f'"{margin.variable}" has no category "{category}".'
            yield Problem("margins", message, suggestion(category, known), margin.file, margin.lines[category])
    for category in known:
        if category not in margin.totals:
            message = f'The category "{category}" of "{margin.variable}" has no target{_among(margin.population)}.'
            yield Problem("margins", message, "Add a line for it.", margin.file, margin.line)
