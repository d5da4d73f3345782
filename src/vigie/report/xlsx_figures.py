"""Sheets of figures: by channel, and all of them line by line."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.language import N_
from vigie.report.apart import in_order
from vigie.report.captions import unit_line
from vigie.report.edition import CHANNEL, Edition
from vigie.report.lineage import VERDICTS, segment
from vigie.report.measures import Measure
from vigie.report.shapes import GAP_ORDER
from vigie.report.sources import source_name
from vigie.report.xlsx_cells import base_cell, effective, figure_cell, number, value_cell, weighted
from vigie.report.xlsx_sheet import Book, Number, Sheet, XlsxCell
from vigie.results.figures import Estimate


def channel_sheet(book: Book, edition: Edition) -> list[Sheet]:
    """One row per channel, per indicator its value and base."""
    tables = edition.by(CHANNEL)
    if not tables:
        return []
    words = book.words
    sheet = book.sheet(words.gettext("Channels"), words.gettext("Channel by channel"))
    sheet.widths([30, *[18, 9] * max(len(tables), 6)])
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
    for measure in edition.of("survey"):
        if measure.kind in ("gap", "funnel") and len(measure.crossed.get(CHANNEL, {})) > 1:
            _parted(sheet, edition, measure)
    sheet.close()
    return [sheet]


def _parted(sheet: Sheet, edition: Edition, measure: Measure) -> None:
    """The states of a gap or a funnel by channel, a gap's mean before them."""
    words, by, means = edition.words, measure.crossed[CHANNEL], measure.groups.get(CHANNEL, {})
    parts = list(dict.fromkeys(part for figures in by.values() for part in figures))
    parts.sort(key=lambda part: GAP_ORDER.index(part[1]) if part[1] in GAP_ORDER else 0)
    name = edition.indicator(measure.first)
    sheet.row += 1
    sheet.mark(name)
    sheet.heading(name)
    heads = [words.gettext("Mean difference"), "n"] if means else []
    for part in parts:
        said = edition.part(measure.first, *part)
        heads += [said[:1].upper() + said[1:], "n"]
    sheet.head([words.gettext("Channel"), *heads], freeze=False)
    for channel in in_order(edition, CHANNEL, dict.fromkeys(by, 0)):
        found = [means.get(channel)] if means else []
        cells: list[XlsxCell] = [edition.label(f"{CHANNEL}:{channel}")]
        for e in (*found, *(by[channel].get(part) for part in parts)):
            cells += [value_cell(edition, e), base_cell(edition, e)]
        sheet.write(cells)


def figure_sheets(book: Book, edition: Edition) -> list[Sheet]:
    """All figures, one to a line, a sheet to a source."""
    sources = dict.fromkeys(e.source for e in edition.results.estimates)
    return [_figures(book, edition, s, [e for e in edition.results.estimates if e.source == s]) for s in sources]


def _figures(book: Book, edition: Edition, source: str, estimates: Sequence[Estimate]) -> Sheet:
    words, name, has_weights = book.words, source_name(edition, source), edition.results.weighting is not None
    shown = [e for e in estimates if e.flag != "hidden" and e.value is not None]
    hidden = words.ngettext(
        "{n} figure on too small a base is not listed here.",
        "{n} figures on too small a base are not listed here.", len(estimates) - len(shown),
    )  # fmt: skip
    sub = hidden if len(shown) < len(estimates) else ""
    sheet = book.sheet(name, words.gettext("{source}: all figures", source=name), sub)
    sheet.widths([48, 46, 10, 10, 10, 9, *([11, 11] if has_weights else []), 12, 11, 10, 10, 30, 40])
    weighting = (N_("Weighted n"), N_("Effective n")) if has_weights else ()
    heads = (
        N_("Segment"), N_("Value"), N_("Low"), N_("High"), N_("n"), *weighting,
        N_("Base"), N_("Change"), N_("p"), N_("p, adjusted"), N_("Verdict"), N_("Reason"),
    )  # fmt: skip
    texts = (0, 1, len(heads) - 5, len(heads) - 1, len(heads))
    sheet.head([words.gettext("Indicator"), *(words.gettext(head) for head in heads)], texts=texts)
    first = sheet.row
    sheet.ruled(len(heads) + 1)
    names = {name: edition.indicator(e) for name, e in {e.indicator: e for e in reversed(shown)}.items()}
    for e in shown:
        sheet.write([names[e.indicator], segment(edition, e), *_line(edition, e)])
    sheet.page.autofilter(first - 1, 0, max(sheet.row - 1, first - 1), len(heads))
    sheet.close()
    return sheet


def _line(edition: Edition, e: Estimate) -> list[XlsxCell]:
    """Value to verdict."""
    words, figure = edition.words, edition.figure(e)
    flag = words.gettext("fragile") if e.flag == "fragile" else ""
    bounds = [number(v, e) if v is not None else None for v in (figure.low, figure.high)]
    change: list[XlsxCell] = []
    if e.change is not None:
        told = words.gettext(VERDICTS[e.change.verdict])
        change = [
            _difference(e) if e.change.tested and figure.verdict == e.change.verdict else None,
            *(Number(p, "p", 3) if p is not None else None for p in (e.change.p, e.change.p_adjusted)),
            told,
            words.series([*filter(None, [words.reason(e.change.reason)]), *map(words.note, e.change.notes)]),
        ]
    weights = [weighted(e), effective(e)] if edition.results.weighting is not None else []
    return [figure_cell(figure, e), *bounds, base_cell(edition, e), *weights, flag, *change]


def _difference(e: Estimate) -> XlsxCell:
    if e.change is None or e.change.difference is None:
        return None
    scale = 100 if e.unit in ("share", "nps") else 1
    return Number(e.change.difference * scale, "signed", max(e.decimals, 1))
