"""The tab book: every figure of a wave in sheets, with its bases, interval, change and test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from vigie.language import speak
from vigie.report.captions import weighting
from vigie.report.edition import Edition
from vigie.report.xlsx_figures import banner_sheet, channel_sheet, figure_sheets
from vigie.report.xlsx_leagues import league_sheets
from vigie.report.xlsx_method import method_sheet
from vigie.report.xlsx_sheet import Book, Jump, Sheet, create
from vigie.results import WaveResults, pick

SHEETS: tuple[Callable[[Book, Edition], list[Sheet]], ...] = (
    channel_sheet,
    banner_sheet,
    league_sheets,
    figure_sheets,
    method_sheet,
)


def write(results: WaveResults, earlier: Sequence[WaveResults], path: Path, language: str) -> None:
    """Write the tab book of a wave."""
    words = speak(language)
    edition = Edition(results, tuple(earlier), words)
    book = create(path, words, _footer(edition))
    name = words.typeset(pick(results.title, words.code) or results.study)
    contents = book.sheet(words.gettext("Contents"), name, words.gettext("Wave {wave}", wave=results.wave))
    sheets = [sheet for make in SHEETS for sheet in make(book, edition)]
    contents.widths([34, 60])
    contents.head([words.gettext("Sheet"), words.gettext("What it holds")], texts=(0, 1))
    for sheet in sheets:
        contents.write((Jump(sheet.name, sheet.name), sheet.title))
    contents.close(landscape=False)
    book.workbook.close()


def _footer(edition: Edition) -> tuple[str, ...]:
    """What every sheet says of itself: study, wave, weighting, test and level, hidden figures."""
    words, results = edition.words, edition.results
    level = words.percent(results.estimates[0].level if results.estimates else 0.95)
    holm = any(e.change is not None and e.change.p_adjusted is not None for e in results.estimates)
    name = words.typeset(pick(results.title, words.code) or results.study)
    test = (
        words.gettext("changes tested at {level} with Holm’s correction", level=level)
        if holm
        else words.gettext("changes tested at {level}", level=level)
    )
    hide, fragile = words.count(results.hide), words.count(results.fragile)
    return (
        words.gettext("{study}, wave {wave}", study=name, wave=results.wave),
        words.gettext("Survey: {weighting}; {test}.", weighting=weighting(edition), test=test),
        words.gettext(
            "A dash stands for a figure on too small a base (survey: fewer than {hide}); below {fragile} a survey "
            "figure is fragile, in italics. Bases are unweighted unless said otherwise.",
            hide=hide,
            fragile=fragile,
        ),
        words.gettext("Made with Vigie {version}.", version=results.version),
    )
