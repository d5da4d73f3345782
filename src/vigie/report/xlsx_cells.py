"""Figures and bases as cells of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from vigie.language import DASH
from vigie.report.drawings import Figure
from vigie.report.edition import Edition
from vigie.report.xlsx_sheet import Number, XlsxCell
from vigie.results.figures import Estimate

Arrow = Literal["", "↑", "↓"]


def value_cell(edition: Edition, estimate: Estimate | None) -> XlsxCell:
    """A figure as a number, with its arrow; a dash where it is hidden."""
    if estimate is None:
        return None
    if estimate.flag == "hidden" or estimate.value is None:
        return DASH
    return figure_cell(edition.figure(estimate), estimate)


def figure_cell(figure: Figure, estimate: Estimate) -> XlsxCell:
    if figure.value is None:
        return DASH
    arrow: Arrow = "" if not figure.moved else "↑" if figure.verdict == "up" else "↓"
    return number(figure.value, estimate, dim=figure.flag == "fragile" or figure.published, arrow=arrow)


def base_cell(edition: Edition, estimate: Estimate | None) -> XlsxCell:
    """An unweighted base; groups of one to four people are not counted aloud."""
    if estimate is None:
        return None
    if estimate.source == "survey" and 0 < estimate.n < 5:
        return edition.words.people(estimate.n)
    return estimate.n


def number(value: float, estimate: Estimate, *, dim: bool = False, arrow: Arrow = "") -> Number:
    if estimate.unit == "share":
        return Number(value, "share", estimate.decimals, dim, arrow)
    if estimate.unit == "nps":
        return Number(value * 100, "signed", estimate.decimals, dim, arrow)
    if estimate.unit == "hours":
        return Number(value, "hours", max(estimate.decimals, 1), dim, arrow)
    return Number(value, "number", estimate.decimals, dim, arrow)


def spaced(cells: Sequence[XlsxCell], letters: Sequence[str] | None) -> list[XlsxCell]:
    """A total and its columns, each but the total with a cell for its letters beside it, where a table has such."""
    if letters is None:
        return list(cells)
    return [cells[0], *(c for pair in zip(cells[1:], letters[1:], strict=True) for c in pair)]


def count(value: float | None) -> XlsxCell:
    return None if value is None else Number(value, "number", 0)


def weighted(estimate: Estimate | None) -> XlsxCell:
    if estimate is None:
        return None
    return DASH if 0 < estimate.n < 5 else count(estimate.n_weighted)


def effective(estimate: Estimate | None) -> XlsxCell:
    if estimate is None:
        return None
    return DASH if 0 < estimate.n < 5 else count(estimate.n_effective)
