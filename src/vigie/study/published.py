"""Waves of which only printed figures are left: the CSV that holds them, checked before any trend shows them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from vigie.errors import Problem, suggestion
from vigie.study.csv_table import csv_rows
from vigie.study.indicators import Indicator
from vigie.study.model import PublishedFigure
from vigie.study.text import code

NEEDED = ("indicator", "value")
PLAIN = (*NEEDED, "unit", "n", "source")  # every other column is a dimension of the segment
UNITS = ("%", "share", "")
CLOSES = 0.015  # shares of a whole printed without decimals sum to 100 % within a point and a half
HEADER = 'The first line is "indicator,value,unit,n,source" with a column for each dimension, such as "channel".'
SHARES = ("share", "funnel", "mentions")


def read_figures(
    text: str, *, file: str, indicators: Mapping[str, Indicator]
) -> tuple[tuple[PublishedFigure, ...], list[Problem]]:
    """Printed figures: `unit` is `%` where a share is printed in percent; `source` says where it was printed.

    Shares of a funnel that do not sum to 100 % are refused: such a table contradicts itself.
    """
    rows, problems = csv_rows(text, file=file)
    if problems and not rows:
        return (), problems
    header = rows[0][1] if rows else []
    missing = [n for n in NEEDED if n not in header]
    if missing or len(set(header)) < len(header) or (len(rows) < 2 and not problems):
        message = f'There is no column "{missing[0]}".' if missing else "The figures have no line, or a column twice."
        return (), [Problem("column-missing", message, HEADER, file, 1)]
    found: list[PublishedFigure] = []
    for number, row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        figure = _figure(cells, header, file, number, indicators)
        if isinstance(figure, Problem):
            problems.append(figure)
        else:
            found.append(figure)
    problems += _twice(found, file)
    problems += _open_funnels(found, file, indicators)
    return tuple(found), problems


def _figure(
    cells: Mapping[str, str], header: list[str], file: str, number: int, indicators: Mapping[str, Indicator]
) -> PublishedFigure | Problem:
    name = cells.get("indicator", "")
    if name not in indicators:
        return Problem(
            "unknown-name", f'There is no indicator "{name}".', suggestion(name, list(indicators)), file, number
        )
    indicator, unit = indicators[name], cells.get("unit", "")
    value, n = _number(cells.get("value", "")), _number(cells.get("n", "") or "nan")
    if math.isnan(value):
        message = f'"{cells.get("value", "")}" is not a number.'
        return Problem("bad-number", message, "Write what was printed.", file, number)
    if cells.get("n") and not (n >= 1 and n == int(n)):
        return Problem(
            "bad-number", f'"{cells["n"]}" is not a count.', "Leave `n` empty if it was not printed.", file, number
        )
    if indicator.kind in SHARES:
        if unit not in UNITS:
            return Problem("wrong-value", f'"{unit}" is not a unit of a share.', "Write % or share.", file, number)
        value = value / 100 if unit == "%" else value
        if not 0 <= value <= 1:
            hint = "Give the column `unit` the sign % where shares are printed in percent."
            return Problem("bad-number", f'"{cells["value"]}" is not a share between 0 and 1.', hint, file, number)
    segment = tuple((d, str(code(cells[d]))) for d in header if d not in PLAIN and cells.get(d))
    return PublishedFigure(name, segment, value, int(n) if cells.get("n") else None, cells.get("source", ""), number)


def _number(text: str) -> float:
    try:
        value = float(text.replace("\u202f", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _twice(found: list[PublishedFigure], file: str) -> Iterator[Problem]:
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}
    for figure in found:
        key = (figure.indicator, tuple(sorted(figure.segment)))
        if key in seen:
            message = f'"{figure.indicator}" is printed twice for the same segment (line {seen[key]} too).'
            yield Problem("duplicate-name", message, "Keep one line.", file, figure.line)
        seen.setdefault(key, figure.line)


def _open_funnels(found: list[PublishedFigure], file: str, indicators: Mapping[str, Indicator]) -> Iterator[Problem]:
    """Funnels whose states do not sum to 100 %."""
    for name, indicator in indicators.items():
        if indicator.kind != "funnel":
            continue
        totals: dict[tuple[tuple[str, str], ...], list[PublishedFigure]] = {}
        state = "state" if isinstance(indicator.funnel, dict) else str(indicator.funnel).strip()
        for figure in (f for f in found if f.indicator == name):
            rest = tuple(sorted((d, c) for d, c in figure.segment if d != state))
            totals.setdefault(rest, []).append(figure)
        for figures in totals.values():
            total = math.fsum(f.value for f in figures)
            if abs(total - 1) > CLOSES:
                message = f'The states of "{name}" sum to {total:.1%}, not to 100 %: they do not exclude each other.'
                hint = "Look up what each share is of, and give all states on one base."
                yield Problem("funnel-open", message, hint, file, figures[0].line)
