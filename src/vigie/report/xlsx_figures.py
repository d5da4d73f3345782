"""Sheets of figures: by channel, and all of them line by line."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.language import DASH, N_
from vigie.report.captions import unit_line
from vigie.report.edition import CHANNEL, Edition
from vigie.report.measures import GAP, STATISTIC
from vigie.report.sources import source_name
from vigie.report.xlsx_cells import base_cell, effective, number, value_cell, weighted
from vigie.report.xlsx_sheet import Book, Number, Sheet, XlsxCell
from vigie.results import Estimate

VERDICTS = {
    "up": N_("rise"),
    "down": N_("fall"),
    "none": N_("no significant change"),
    "break": N_("not comparable"),
    "untested": N_("not tested"),
}
FLAGS = {"ok": "", "fragile": N_("fragile"), "hidden": N_("hidden")}


def channel_sheet(book: Book, edition: Edition) -> list[Sheet]:
    """One row per channel, per indicator its value and base."""
    tables = edition.by(CHANNEL)
    if not tables:
        return []
    words = book.words
    sheet = book.sheet(words.gettext("Channels"), words.gettext("Channel by channel"))
    sheet.widths([30, *[18, 9] * len(tables)])
    firsts = [next(iter(figures.values())) for figures in tables.values()]
    heads = [words.gettext("Channel")]
    for first in firsts:
        heads += [f"{edition.indicator(first)}\n{unit_line(edition, first)}", "n"]
    sheet.head(heads)
    for channel in edition.channels:
        cells: list[XlsxCell] = [edition.label(f"channel:{channel}")]
        for figures in tables.values():
            cells += [value_cell(edition, figures.get(channel)), base_cell(edition, figures.get(channel))]
        sheet.write(cells)
    sheet.close()
    return [sheet]


def figure_sheets(book: Book, edition: Edition) -> list[Sheet]:
    """All figures, one to a line, a sheet to a source."""
    sources = dict.fromkeys(e.source for e in edition.results.estimates)
    return [_figures(book, edition, s, [e for e in edition.results.estimates if e.source == s]) for s in sources]


def _figures(book: Book, edition: Edition, source: str, estimates: Sequence[Estimate]) -> Sheet:
    words, name, has_weights = book.words, source_name(edition, source), edition.results.weighting is not None
    sheet = book.sheet(name, words.gettext("{source}: all figures", source=name))
    sheet.widths([36, 40, 10, 10, 10, 9, *([11, 11] if has_weights else []), 12, 11, 10, 10, 30, 40])
    weighting = (N_("Weighted n"), N_("Effective n")) if has_weights else ()
    heads = (
        N_("Segment"), N_("Value"), N_("Low"), N_("High"), N_("n"), *weighting,
        N_("Base"), N_("Change"), N_("p"), N_("p, adjusted"), N_("Verdict"), N_("Reason"),
    )  # fmt: skip
    texts = (0, 1, len(heads) - 5, len(heads) - 1, len(heads))
    sheet.head([words.gettext("Indicator"), *(words.gettext(head) for head in heads)], texts=texts)
    for estimate in estimates:
        sheet.write([edition.indicator(estimate), _segment(edition, estimate), *_line(edition, estimate)])
    sheet.page.autofilter(4, 0, max(sheet.row - 1, 4), len(heads))
    sheet.close()
    return sheet


def _segment(edition: Edition, estimate: Estimate) -> str:
    parts = [
        edition.label(f"{name}:{code}")
        if name in (CHANNEL, "brand", "sector", "platform", STATISTIC, GAP, "state")
        else f"{edition.label(name)} = {edition.label(f'{name}:{code}')}"
        for name, code in estimate.segment
    ]
    return ", ".join(parts) or edition.words.gettext("All")


def _line(edition: Edition, e: Estimate) -> list[XlsxCell]:
    """Value to verdict; nothing but the base of a hidden figure."""
    words, figure, has_weights = edition.words, edition.figure(e), edition.results.weighting is not None
    flag = words.gettext(FLAGS[e.flag]) if FLAGS[e.flag] else ""
    if figure.value is None:
        return [
            DASH,
            DASH,
            DASH,
            base_cell(edition, e),
            *([DASH, DASH] if has_weights else []),
            flag,
            DASH,
            DASH,
            DASH,
            "",
            "",
        ]
    bounds = [number(v, e) if v is not None else None for v in (figure.low, figure.high)]
    change: list[XlsxCell] = [None, None, None, "", ""]
    if e.change is not None:
        told = words.gettext(VERDICTS[e.change.verdict])
        change = [
            _difference(e) if figure.before is not None else None,
            *(Number(p, "p", 3) if p is not None else None for p in (e.change.p, e.change.p_adjusted)),
            told,
            words.reason(e.change.reason) if e.change.reason else "",
        ]
    bases = [base_cell(edition, e), weighted(e), effective(e)] if has_weights else [base_cell(edition, e)]
    return [value_cell(edition, e), *bounds, *bases, flag, *change]


def _difference(e: Estimate) -> XlsxCell:
    if e.change is None or e.change.difference is None:
        return None
    scale = 100 if e.unit in ("share", "nps") else 1
    return Number(e.change.difference * scale, "signed", max(e.decimals, 1))
