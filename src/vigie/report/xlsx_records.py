"""Sheets of the tests' questions, the reviews and the log: a table to a breakdown, indicators side by side."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.report.captions import unit_line
from vigie.report.comparison import dimensions, groups, lanes
from vigie.report.delays import heading
from vigie.report.edition import Edition
from vigie.report.grids import option
from vigie.report.measures import SCORE, WITHIN, Measure
from vigie.report.sources import by_dimension, source_name
from vigie.report.xlsx_cells import base_cell, number, value_cell
from vigie.report.xlsx_sheet import Book, Number, Sheet, XlsxCell
from vigie.results.figures import Estimate, Source
from vigie.results.methods import Composition

MOST = 4  # indicators side by side
SOURCES: tuple[Source, ...] = ("mystery", "reviews", "log")


def record_sheets(book: Book, edition: Edition) -> list[Sheet]:
    """One sheet to a source that has figures beside scores and delays."""
    return [_sheet(book, edition, s, found) for s in SOURCES if (found := _measures(edition, s))]


def _measures(edition: Edition, source: Source) -> list[Measure]:
    return [m for m in edition.of(source) if m.kind not in ("time_to", "score") and m.first.indicator != SCORE]


def _sheet(book: Book, edition: Edition, source: Source, found: Sequence[Measure]) -> Sheet:
    words, name = book.words, source_name(edition, source)
    sheet = book.sheet(words.gettext("{source}, tables", source=name), words.gettext("{source}, by group", source=name))
    plain = [m for m in found if m.whole is not None or m.groups]
    sheet.widths([44, *[16, 9, 9, 9] * MOST])
    for start in range(0, len(plain), MOST):
        _block(sheet, edition, plain[start : start + MOST], first=not start)
    for measure in found:
        if measure.answers or measure.items:
            _parts(sheet, edition, measure)
    for made in edition.results.compositions if source == "reviews" else ():
        _composition(sheet, edition, made)
    sheet.close()
    return sheet


def _block(sheet: Sheet, edition: Edition, found: Sequence[Measure], *, first: bool) -> None:
    """A few indicators side by side, on everything and by each dimension."""
    words = edition.words
    _heads(sheet, edition, found, first=first)
    _row(sheet, edition, words.gettext("All"), [m.whole for m in found])
    for dimension in dimensions(found):
        title = by_dimension(edition, dimension)
        title = title[:1].upper() + title[1:]
        if first:
            sheet.mark(title)
        sheet.heading(title)
        for code in groups(edition, lanes(edition, found, dimension), dimension):
            by = [m.groups.get(dimension, {}).get(code) for m in found]
            _row(sheet, edition, edition.label(f"{dimension}:{code}"), by)
    sheet.row += 1


def _heads(sheet: Sheet, edition: Edition, found: Sequence[Measure], *, first: bool) -> None:
    words, heads = edition.words, [""]
    for m in found:
        named = f"{edition.short(m.first)}\n{unit_line(edition, m.first)}"
        heads += [named, words.gettext("Low"), words.gettext("High"), "n"]
    sheet.head(heads, freeze=first)


def _row(sheet: Sheet, edition: Edition, name: str, estimates: Sequence[Estimate | None]) -> None:
    cells: list[XlsxCell] = [name]
    for e in estimates:
        cells += four(edition, e)
    sheet.write(cells)


def four(edition: Edition, e: Estimate | None) -> list[XlsxCell]:
    """Value, interval and base; nothing but the base of a hidden figure."""
    if e is None:
        return [None, None, None, None]
    figure = edition.figure(e)
    bounds = [number(v, e) if v is not None else None for v in (figure.low, figure.high)]
    return [value_cell(edition, e), *bounds, base_cell(edition, e)]


def _parts(sheet: Sheet, edition: Edition, measure: Measure) -> None:
    """The states, answers or brands of one indicator, in rows."""
    sheet.row += 1
    name = edition.indicator(measure.first)
    sheet.mark(name)
    sheet.heading(name)
    for e in measure.answers.values():
        _row(sheet, edition, edition.part(e), [e])
    for by in measure.items.values():
        sheet.write([edition.part(next(iter(by.values())))], bold=True)
        for e in by.values():
            _row(sheet, edition, f"  {option(edition, e)}", [e])


def _composition(sheet: Sheet, edition: Edition, made: Composition) -> None:
    """The mean of all reviews beside that of the brands."""
    words = edition.words
    sheet.row += 1
    title = words.gettext("How the reviews are made up")
    sheet.mark(title)
    sheet.heading(title)
    lines: list[tuple[str, float | None, str, int]] = [
        (words.gettext("All reviews"), made.overall, "number", 2),
        (words.gettext("Mean of the brands"), made.within, "number", 2),
        (words.gettext("All reviews, with the brands of the wave before"), made.constant, "number", 2),
        (words.gettext("The wave before, same brands"), made.before, "number", 2),
        (words.gettext("Share of the two brands with most reviews"), made.two_largest, "share", 0),
    ]
    for name, value, kind, decimals in lines:
        if value is not None:
            sheet.write([name, Number(value, kind, decimals)])
    for brand, n in made.largest:
        sheet.write([f"  {edition.label(f'brand:{brand}')}", n])


# delays


def delay_sheet(book: Book, edition: Edition) -> list[Sheet]:
    """Every indicator of a response time: on the whole and by group, answered by when, and the median."""
    found = [m for m in edition.measures.values() if m.kind == "time_to"]
    if not found:
        return []
    words = book.words
    title = heading(found, words)
    note = words.gettext(
        "Who had no answer counts as waiting until observation ends; no mean of the answered alone is given"
    )
    sheet = book.sheet(words.gettext("Response times"), title, note)
    parts = list(dict.fromkeys((e.part, e.at(e.part) or "") for m in found for e in m.estimates if e.part))
    parts.sort(key=lambda part: part[0] != WITHIN)
    sheet.widths([44, *[14, 9, 9] * len(parts), 9])
    heads = [""]
    for part in parts:
        names = {edition.part(m.first, *part) for m in found}  # of several ends and times, what they have in common
        name = names.pop() if len(names) == 1 else edition.label(":".join(part))
        name = words.gettext("Within {time}", time=name) if part[0] == WITHIN else name
        heads += [name[:1].upper() + name[1:], words.gettext("Low"), words.gettext("High")]
    sheet.head([*heads, "n"])
    for measure in found:
        name = edition.indicator(measure.first)
        sheet.mark(name)
        sheet.heading(f"{name} ({source_name(edition, measure.source)})")
        whole = {(part, code): e for part, by in measure.parts.items() for code, e in by.items()}
        _delay(sheet, edition, words.gettext("All"), parts, whole)
        for dimension in dimensions([measure]):
            for code in groups(edition, lanes(edition, [measure], dimension), dimension):
                label = f"{dimension}:{code}"
                _delay(sheet, edition, edition.label(label), parts, dict(measure.crossed[dimension][code]))
        sheet.row += 1
    sheet.close()
    return [sheet]


def _delay(
    sheet: Sheet, edition: Edition, name: str, parts: Sequence[tuple[str, str]], by: dict[tuple[str, str], Estimate]
) -> None:
    cells: list[XlsxCell] = [name]
    for part in parts:
        e = by.get(part)
        figures = four(edition, e)[:3]
        if e is not None and e.value is None and e.flag != "hidden":
            figures = [edition.why_hidden(e), None, None]
        cells += figures
    some = next(iter(by.values()), None)
    sheet.write([*cells, base_cell(edition, some)])
