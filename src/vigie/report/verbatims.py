"""What people write, as a machine reads it: always beside how often it reads wrongly. No text is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.language import N_
from vigie.report.blocks import Block, Column, Row, Section, Table, Text
from vigie.report.captions import section_note
from vigie.report.comparison import compared, dimensions
from vigie.report.drawings import Figure
from vigie.report.edition import Edition
from vigie.report.measures import Measure
from vigie.report.shapes import items_chart, key_figures, shapes
from vigie.report.sources import ORDER, source_name
from vigie.results.methods import CoderError

AGAINST = {"stars": N_("the stars of the same reviews"), "people": N_("people who read the same texts")}


def verbatims(edition: Edition) -> Iterator[Block]:
    words = edition.words
    found = [m for s in ORDER for m in edition.of(s) if m.kind != "time_to" and (m.coded or _named(m))]
    if not found:
        return
    yield Section("verbatims", words.gettext("Verbatims"), words.gettext("What people write"))
    if any(m.coded for m in found):
        yield Text((" ".join(_reading(edition, found)),), "warning")
    yield section_note(edition, [m.first for m in found])
    for source in dict.fromkeys(m.source for m in found):
        yield from _of_source(edition, [m for m in found if m.source == source])
    if edition.results.coders:
        yield _errors(edition)


def _named(measure: Measure) -> bool:
    """Brands named in reviews or cases; a question that asks for brands stands with the survey's."""
    return measure.kind == "mentions" and measure.source != "survey"


def _of_source(edition: Edition, found: Sequence[Measure]) -> Iterator[Block]:
    shares = [m.whole for m in found if m.kind == "share" and m.whole is not None]
    if len(shares) > 1:
        title = edition.words.gettext("{source}: how the texts read", source=source_name(edition, found[0].source))
        yield items_chart(edition, [(edition.short(e), e) for e in shares], title, ordered=False)
        yield from key_figures(edition, [m for m in found if m.kind != "share"])
    else:
        yield from key_figures(edition, found)
    for measure in found:
        yield from shapes(edition, measure)
    single = [m for m in found if m.kind in ("share", "mean", "nps", "index")]
    for dimension in (d for d in dimensions(single) if d not in edition.results.banner):  # these are profiles
        yield from compared(edition, single, dimension)


def _reading(edition: Edition, found: Sequence[Measure]) -> Iterator[str]:
    """That a machine read the texts, and how well it does."""
    words = edition.words
    coders = dict.fromkeys(e.lineage.coder for m in found for e in m.estimates if e.lineage.coder)
    yield words.gettext("Automatic reading: a program, not people, read these texts ({coder}).",
                        coder=words.series(list(coders)))  # fmt: skip
    errors = [c for c in edition.results.coders if c.coder in coders]
    for c in errors:
        yield words.gettext(
            "Compared with {against} ({n}), it is right in {accuracy} of the cases ({interval}), both sides counting "
            "the same; {none} of the texts cannot be read.",
            against=_against(edition, c), n=words.count(c.n), accuracy=words.percent(c.balanced_accuracy),
            interval=words.interval(c.ci_low, c.ci_high, "share"), none=words.percent(c.not_analysable),
        )  # fmt: skip
    if not errors:
        yield words.gettext("How often it is wrong could not be measured in this wave: read the figures with caution.")


def _against(edition: Edition, error: CoderError) -> str:
    return edition.words.gettext(AGAINST[error.against]) if error.against in AGAINST else error.against


def _errors(edition: Edition) -> Table:
    words = edition.words
    columns = (
        Column(words.gettext("Automatic reading")),
        Column(words.gettext("Compared with")),
        Column(words.gettext("Texts compared"), numeric=True),
        Column(words.gettext("Balanced accuracy"), numeric=True),
        Column(words.gettext("Not analysable"), numeric=True),
    )
    rows = tuple(Row((c.coder, _against(edition, c), c.n, _accuracy(c), _unread(c))) for c in edition.results.coders)
    title = words.gettext("How well the automatic reading does")
    return Table(title, columns, rows, anchor="coders", intervals=True, stacked=True)


def _accuracy(error: CoderError) -> Figure:
    return Figure(error.balanced_accuracy, "share", 0, low=error.ci_low, high=error.ci_high)


def _unread(error: CoderError) -> Figure:
    return Figure(error.not_analysable, "share", 0)
