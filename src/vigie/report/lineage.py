"""Where figures come from, indicator by indicator: how it is computed, on whom, from which files; all its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.language import N_
from vigie.report.blocks import Block, Cell, Code, Column, Row, Section, Table, Text
from vigie.report.captions import base
from vigie.report.edition import BRAND, CHANNEL, SECTOR, Edition
from vigie.report.measures import GAP, STATISTIC, Measure
from vigie.report.methodology import computed, test_of
from vigie.report.names import without_loop
from vigie.report.sources import source_name
from vigie.report.weighting import method_of
from vigie.results.figures import Estimate, pick

SHOWN = 16  # characters of a file's hash
LISTED = 400  # figures of an indicator
NAMED = (CHANNEL, BRAND, SECTOR, "platform", STATISTIC, GAP, "state")
VERDICTS = {
    "up": N_("rise"),
    "down": N_("fall"),
    "none": N_("no significant change"),
    "break": N_("not comparable"),
    "untested": N_("not tested"),
}


def lineage(edition: Edition, measures: Sequence[Measure]) -> Iterator[Block]:
    """A section to an indicator."""
    for measure in measures:
        title = edition.indicator(measure.first)
        yield Section(f"of-{measure.first.source}.{measure.first.indicator}", title, title)
        yield _made(edition, measure)
        yield from _figures(edition, measure)


def _made(edition: Edition, measure: Measure) -> Table:
    """How the indicator is computed, a line to an answer."""
    words, e = edition.words, measure.first
    line, results = e.lineage, edition.results
    files = " ".join(digest[:SHOWN] for digest in line.inputs)
    asked = words.typeset(without_loop(pick(line.question, words.code)))
    told: dict[str, Cell] = {
        words.gettext("Source"): source_name(edition, e.source),
        words.gettext("Question"): asked or None,
        words.gettext("Computed as"): computed(edition, line.expression),
        words.gettext("Base"): base(edition, e),
        words.gettext("Base, as the study writes it"): Code(line.base) if line.base else None,
        words.gettext("Filter"): Code(line.filter) if line.filter else None,
        words.gettext("Weighting"): method_of(edition, line.weighting),
        words.gettext("Level of intervals"): words.percent(e.level),
        words.gettext("Test of changes"): test_of(edition, line.test) if results.previous else None,
        words.gettext("Automatic reading"): line.coder or None,
        words.gettext("Remark"): line.note or None,
        words.gettext("Files, by their SHA-256"): Code(files) if files else None,
        words.gettext("Facts"): Code(results.snapshot) if results.snapshot else None,
        words.gettext("Derived tables"): Code(" ".join(line.derived)) if line.derived else None,
        words.gettext("Identity"): Code(e.identity) if e.identity else None,
        words.gettext("Made with"): words.gettext("Vigie {version}", version=results.version),
    }  # fmt: skip
    rows = tuple(Row((head, cell)) for head, cell in told.items() if cell)
    return Table(words.gettext("How it is made"), (Column(""), Column("")), rows)


def _figures(edition: Edition, measure: Measure) -> Iterator[Block]:
    """All figures of the indicator that are shown, with what each stands on."""
    words = edition.words
    found = [e for e in measure.estimates if e.value is not None]
    columns = (
        Column(words.gettext("Segment")), Column(words.gettext("Value"), numeric=True), Column("n", numeric=True),
        Column(words.gettext("n, effective"), numeric=True), Column(words.gettext("Design effect"), numeric=True),
        Column(words.gettext("Change")), Column(words.gettext("p, adjusted"), numeric=True),
    )  # fmt: skip
    rows = tuple(Row(_line(edition, e)) for e in found[:LISTED])
    title = words.ngettext("{n} figure", "{n} figures", len(found))
    yield Table(title, columns, rows, intervals=True)
    if len(found) > LISTED:
        yield Text(
            (words.gettext("The first {n} are listed; all are in the tab book.", n=words.count(LISTED)),), "small"
        )


def segment(edition: Edition, estimate: Estimate) -> str:
    """What a figure is about, in words."""
    parts = [
        edition.part(estimate, dimension, code)
        if dimension in NAMED
        else f"{edition.label(dimension)} = {edition.label(f'{dimension}:{code}')}"
        for dimension, code in estimate.segment
    ]
    return ", ".join(parts) or edition.words.gettext("All")


def _line(edition: Edition, e: Estimate) -> tuple[Cell, ...]:
    words, change = edition.words, e.change
    few = 0 < e.n < 5
    worth = "" if e.n_effective is None or few else words.count(e.n_effective)
    deff = "" if e.design_effect is None or few else words.number(e.design_effect, 2)
    verdict = "" if change is None else words.gettext(VERDICTS[change.verdict])
    p = words.p_value(None if change is None else change.p_adjusted)
    people = words.people(e.n) if e.source == "survey" else words.count(e.n)
    return (segment(edition, e), edition.figure(e), people, worth, deff, verdict, p)
