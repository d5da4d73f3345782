"""The tab book: every figure of a wave in sheets, with its bases, interval, change and test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from vigie.language import shortened, speak
from vigie.report.captions import weighting
from vigie.report.edition import Edition
from vigie.report.xlsx_drivers import driver_sheet
from vigie.report.xlsx_figures import channel_sheet, figure_sheets
from vigie.report.xlsx_leagues import league_sheets
from vigie.report.xlsx_method import method_sheet
from vigie.report.xlsx_records import delay_sheet, record_sheets
from vigie.report.xlsx_sheet import Book, Jump, Sheet, create
from vigie.report.xlsx_tables import table_sheet
from vigie.results.figures import pick
from vigie.results.waves import WaveResults

LONGEST = 120  # characters of a name in the contents
SHEETS: tuple[Callable[[Book, Edition], list[Sheet]], ...] = (
    table_sheet,
    channel_sheet,
    driver_sheet,
    league_sheets,
    delay_sheet,
    record_sheets,
    method_sheet,
    figure_sheets,
)


def write(results: WaveResults, earlier: Sequence[WaveResults], path: Path, language: str) -> None:
    """Write the tab book of a wave."""
    words = speak(language)
    edition = Edition(results, tuple(earlier), words)
    book = create(path, words, _footer(edition))
    name = words.typeset(pick(results.title, words.code) or results.study)
    contents = book.sheet(words.gettext("Contents"), name, words.gettext("Wave {wave}", wave=results.wave))
    sheets = [sheet for make in SHEETS for sheet in make(book, edition)]
    contents.widths([34, 110])
    contents.head([words.gettext("Sheet"), words.gettext("What it holds")], texts=(0, 1))
    for sheet in sheets:
        contents.write((Jump(sheet.name, sheet.name), sheet.title))
        for place in sheet.places:
            contents.write((None, Jump(shortened(place.text, LONGEST), place.sheet, place.row)), line=False)
    contents.close(landscape=False)
    book.workbook.close()


def _footer(edition: Edition) -> tuple[str, ...]:
    """What every sheet says of itself: study, wave, weighting, test and level, hidden figures."""
    words, results = edition.words, edition.results
    name = words.typeset(pick(results.title, words.code) or results.study)
    said = [words.gettext("{study}, wave {wave}", study=name, wave=results.wave)]
    surveyed = edition.surveyed
    weights = (words.gettext("Survey: {weighting}", weighting=weighting(edition)),) if surveyed else ()
    if how := words.series((*weights, *_test(edition))):
        said.append(how[:1].upper() + how[1:] + ".")
    if surveyed:
        said.append(words.gettext(
            "A dash stands for a figure on too small a base (survey: fewer than {hide}); below {fragile} a survey "
            "figure is fragile, in italics. Bases are unweighted unless said otherwise.",
            hide=words.count(results.hide), fragile=words.count(results.fragile),
        ))  # fmt: skip
    else:
        said.append(words.gettext(
            "A dash stands for a figure on too small a base; a fragile figure is in italics."
        ))  # fmt: skip
    return (*said, words.gettext("Made with Vigie {version}.", version=results.version))


def _test(edition: Edition) -> tuple[str, ...]:
    """How changes were tested, where there is a wave before."""
    words, estimates = edition.words, edition.results.estimates
    if not edition.results.previous or not estimates:
        return ()
    level = words.percent(estimates[0].level)
    if any(e.change is not None and e.change.p_adjusted is not None for e in estimates):
        return (words.gettext("changes tested at {level} with Holm’s correction", level=level),)
    return (words.gettext("changes tested at {level}", level=level),)
