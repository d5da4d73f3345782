"""Sheets of figures: by channel, by the banner, and all of them line by line."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.language import DASH, N_
from vigie.report.captions import unit_line
from vigie.report.edition import CHANNEL, Edition
from vigie.report.methodology import source_name
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


def value_cell(edition: Edition, estimate: Estimate | None) -> XlsxCell:
    """A figure as a number; a dash where it is hidden."""
    if estimate is None:
        return None
    figure = edition.figure(estimate)
    if figure.value is None:
        return DASH
    return _number(figure.value, estimate, dim=figure.flag == "fragile")


def base_cell(edition: Edition, estimate: Estimate | None) -> XlsxCell:
    """An unweighted base; groups of one to four people are not counted aloud."""
    if estimate is None:
        return None
    if estimate.source == "survey" and 0 < estimate.n < 5:
        return edition.words.people(estimate.n)
    return estimate.n


def _number(value: float, estimate: Estimate, *, dim: bool = False) -> Number:
    if estimate.unit == "share":
        return Number(value, "share", estimate.decimals, dim)
    if estimate.unit == "nps":
        return Number(value * 100, "signed", estimate.decimals, dim)
    return Number(value, "number", estimate.decimals, dim)


def _count(value: float | None) -> XlsxCell:
    return None if value is None else Number(value, "number", 0)


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


def banner_sheet(book: Book, edition: Edition) -> list[Sheet]:
    """The indicators in rows, the whole and the categories of the banner in columns, bases beneath."""
    categories = _categories(edition)
    lines = _lines(edition)
    if not categories or not lines:
        return []
    words = book.words
    sheet = book.sheet(words.gettext("Banner"), words.gettext("The indicators by the banner"))
    sheet.widths([44, *[13] * (len(categories) + 1)])
    sheet.spans([edition.label(q) for q, _ in categories], 2)
    sheet.head(
        [words.gettext("Indicator"), words.gettext("Total"), *(edition.label(f"{q}:{c}") for q, c in categories)]
    )
    for name, line in lines:
        row = [line.get(()), *(line.get(((q, c),)) for q, c in categories)]
        sheet.write([name, *(value_cell(edition, e) for e in row)], bold=True, line=False)
        sheet.write([words.gettext("  n, unweighted"), *(base_cell(edition, e) for e in row)], light=True, line=False)
        weighted = [_weighted(e) for e in row]
        sheet.write([words.gettext("  n, weighted"), *weighted], light=True)
    sheet.close()
    return [sheet]


def _weighted(estimate: Estimate | None) -> XlsxCell:
    if estimate is None:
        return None
    return DASH if 0 < estimate.n < 5 else _count(estimate.n_weighted)


def _categories(edition: Edition) -> list[tuple[str, str]]:
    """The columns of the banner, question by question."""
    wanted = edition.results.banner
    seen = dict.fromkeys((q, c) for e in edition.results.estimates for q, c in e.segment if q in wanted)
    return sorted(seen, key=lambda pair: wanted.index(pair[0]))


Line = dict[tuple[tuple[str, str], ...], Estimate]


def _lines(edition: Edition) -> list[tuple[str, Line]]:
    """The rows: an indicator, or an indicator of one channel, with its figures by banner segment."""
    banner = set(edition.results.banner)
    found: dict[tuple[str, ...], Line] = {}
    names: dict[tuple[str, ...], str] = {}
    for e in edition.results.estimates:
        rest = tuple(pair for pair in e.segment if pair[0] not in banner)
        column = tuple(pair for pair in e.segment if pair[0] in banner)
        if e.source != "survey" or len(column) > 1 or any(name != CHANNEL for name, _ in rest):
            continue
        key = (e.indicator, *(code for _, code in rest))
        found.setdefault(key, {})[column] = e
        names[key] = ", ".join([edition.indicator(e), *edition.labels(CHANNEL, (c for _, c in rest))])
    return [(names[key], line) for key, line in found.items() if any(column for column in line)]


def figure_sheets(book: Book, edition: Edition) -> list[Sheet]:
    """All figures, one to a line, a sheet to a source."""
    sources = dict.fromkeys(e.source for e in edition.results.estimates)
    return [_figures(book, edition, s, [e for e in edition.results.estimates if e.source == s]) for s in sources]


def _figures(book: Book, edition: Edition, source: str, estimates: Sequence[Estimate]) -> Sheet:
    words, name = book.words, source_name(edition, source)
    sheet = book.sheet(name, words.gettext("{source}: all figures", source=name))
    sheet.widths([36, 40, 10, 10, 10, 9, 11, 11, 12, 11, 10, 10, 30, 40])
    heads = (
        N_("Segment"), N_("Value"), N_("Low"), N_("High"), N_("n"), N_("Weighted n"), N_("Effective n"),
        N_("Base"), N_("Change"), N_("p"), N_("p, adjusted"), N_("Verdict"), N_("Reason"),
    )  # fmt: skip
    sheet.head([words.gettext("Indicator"), *(words.gettext(head) for head in heads)], texts=(0, 1, 8, 12, 13))
    for estimate in estimates:
        sheet.write([edition.indicator(estimate), _segment(edition, estimate), *_line(edition, estimate)])
    sheet.page.autofilter(4, 0, max(sheet.row - 1, 4), len(heads))
    sheet.close()
    return sheet


def _segment(edition: Edition, estimate: Estimate) -> str:
    parts = [
        edition.label(f"{name}:{code}")
        if name in (CHANNEL, "brand", "sector")
        else f"{edition.label(name)} = {edition.label(f'{name}:{code}')}"
        for name, code in estimate.segment
    ]
    return ", ".join(parts) or edition.words.gettext("All")


def _line(edition: Edition, e: Estimate) -> list[XlsxCell]:
    """Value to verdict; nothing but the base of a hidden figure."""
    words, figure = edition.words, edition.figure(e)
    flag = words.gettext(FLAGS[e.flag]) if FLAGS[e.flag] else ""
    if figure.value is None:
        return [DASH, DASH, DASH, base_cell(edition, e), DASH, DASH, flag, DASH, DASH, DASH, "", ""]
    bounds = [_number(v, e) if v is not None else None for v in (figure.low, figure.high)]
    change: list[XlsxCell] = [None, None, None, "", ""]
    if e.change is not None:
        told = words.gettext(VERDICTS[e.change.verdict])
        change = [
            _difference(e) if figure.before is not None else None,
            *(Number(p, "p", 3) if p is not None else None for p in (e.change.p, e.change.p_adjusted)),
            told,
            words.reason(e.change.reason) if e.change.reason else "",
        ]
    bases = [base_cell(edition, e), _weighted(e), _count(e.n_effective)]
    return [value_cell(edition, e), *bounds, *bases, flag, *change]


def _difference(e: Estimate) -> XlsxCell:
    if e.change is None or e.change.difference is None:
        return None
    scale = 100 if e.unit in ("share", "nps") else 1
    return Number(e.change.difference * scale, "signed", max(e.decimals, 1))
