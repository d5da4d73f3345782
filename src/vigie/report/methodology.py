"""The methodology sheet: where every figure comes from, said from the data."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import BY_RULE, DASH, N_, shortened
from vigie.report.bases import partly, phrase
from vigie.report.blocks import Block, Cell, Code, Column, Fold, Row, Section, Table, Text
from vigie.report.captions import LINEAGE, METHOD, base, mode
from vigie.report.edition import Edition
from vigie.report.names import without_loop
from vigie.report.rules import rules
from vigie.report.sources import counted, source_name
from vigie.report.waves import difference_told, shared_told
from vigie.report.weighting import method_of, weightings
from vigie.results.figures import Estimate, pick
from vigie.results.methods import Fieldwork, Wording
from vigie.results.trends import Difference

WORDING = 160  # characters of a name in the table of lineage; the questionnaire has it whole


def methodology(edition: Edition) -> Iterator[Block]:
    words, results = edition.words, edition.results
    yield Section(METHOD, words.gettext("Method"), words.gettext("Methodology"))
    if population := pick(results.population, words.code):
        yield Text((words.gettext("Population: {population}.", population=words.typeset(population).rstrip(".")),))
    yield from rules(edition)
    if results.fieldwork:
        yield _fieldwork(edition)
    if results.exclusions:
        yield from _exclusions(edition)
    yield from weightings(edition)
    if results.channel_weights:
        yield _channel_weights(edition)
    if broken := _broken(edition):
        yield broken
    yield from _instrument(edition)
    if results.questionnaire:
        yield _questionnaire(edition)
    if results.estimates:
        yield _lineage(edition)
    files = sorted({h for e in results.estimates for h in e.lineage.inputs})
    parts = [words.gettext("Made with Vigie {version}.", version=results.version)]
    if results.snapshot:
        parts.append(words.gettext("Snapshot {hash}.", hash=results.snapshot[:16]))
    if files:
        parts.append(words.gettext("Files read (SHA-256): {hashes}.", hashes=", ".join(h[:16] for h in files)))
    yield Text((" ".join(parts),), "small")


def _fieldwork(edition: Edition) -> Table:
    words, works = edition.words, edition.results.fieldwork
    told: dict[Column, list[Cell]] = {
        Column(words.gettext("Source")): [source_name(edition, f.source) for f in works],
        Column(words.gettext("Mode")): [mode(edition, f) for f in works],
        Column(words.gettext("Dates")): [words.period(f.start, f.end) for f in works],
        Column(words.gettext("Rows read"), numeric=True): [None if f.published else _read(edition, f) for f in works],
        Column(words.gettext("Kept"), numeric=True): [None if f.published else _kept(edition, f) for f in works],
        Column(words.gettext("Brands"), numeric=True): [f.brands or None for f in works],
        Column(words.gettext("Printed figures")): [f.published for f in works],
        Column(words.gettext("By channel")): [
            ", ".join(f"{edition.label(f'channel:{channel}')} {words.count(n)}" for channel, n in f.by_channel)
            for f in works
        ],
    }
    return _filled(words.gettext("Fieldwork"), told)


def _read(edition: Edition, work: Fieldwork) -> Cell:
    """The rows of the files; of a file of events, that they are events."""
    return edition.words.ngettext("{n} event", "{n} events", work.read) if work.events else work.read


def _kept(edition: Edition, work: Fieldwork) -> Cell:
    return counted(edition, work.source, work.kept) if work.events else work.kept


def _filled(title: str, told: dict[Column, list[Cell]], folded: str = "", anchor: str = "") -> Table:
    """A table of the columns that hold something."""
    filled = {column: cells for column, cells in told.items() if any(cell not in (None, "") for cell in cells)}
    rows = tuple(Row(cells) for cells in zip(*filled.values(), strict=True))
    return Table(title, tuple(filled), rows, folded=folded, anchor=anchor, stacked=True)


def _exclusions(edition: Edition) -> Iterator[Block]:
    """What was left out, by source and reason; the examples, which the analyst needs, are folded away."""
    words, found = edition.words, edition.results.exclusions
    columns = (
        Column(words.gettext("Reason")),
        Column(words.gettext("Rows"), numeric=True),
        Column(words.gettext("Cells"), numeric=True),
    )
    rows: list[Row] = []
    for source in dict.fromkeys(x.source for x in found):
        rows.append(Row((source_name(edition, source),), heading=True))
        own = [x for x in found if x.source == source]
        rows += [Row((_sentence(words.reason(x.reason, x.source)), x.rows, x.cells)) for x in own]
    yield Table(_left_out(edition), columns, tuple(rows))
    if examples := [(x, line) for x in found for line in x.examples[:3]]:
        lines = tuple(Text((f"{words.reason(x.reason, x.source)} – {line}",), "small") for x, line in examples)
        yield Fold(words.gettext("Examples"), lines)


def _left_out(edition: Edition) -> str:
    """How much is wrong in the files, as the console counts it; what the study's own rules leave out is told apart."""
    words, found = edition.words, edition.results.exclusions
    lost = sum(x.cells for x in found)
    cells = words.ngettext("{n} cell", "{n} cells", lost)
    wrong, ruled = (sum(x.rows for x in found if (x.reason in BY_RULE) is rule) for rule in (False, True))
    said = words.ngettext(
        "{n} row and {cells} were left out", "{n} rows and {cells} were left out", wrong, cells=cells
    ) if lost else words.ngettext("{n} row was left out", "{n} rows were left out", wrong)  # fmt: skip
    if not ruled:
        return said
    return words.series([said, words.ngettext("{n} row outside the filter", "{n} rows outside the filter", ruled)])


TESTS = {"t, Holm": N_("t-test, Holm’s correction"), "z, Holm": N_("z-test, Holm’s correction"), "t": N_("t-test")}


def test_of(edition: Edition, test: str) -> str:
    return edition.words.gettext(TESTS[test]) if test in TESTS else test


def _channel_weights(edition: Edition) -> Table:
    words = edition.words
    columns = (
        Column(words.gettext("Channel")),
        Column(words.gettext("Weight"), numeric=True),
        Column(words.gettext("Standard error"), numeric=True),
    )
    rows = tuple(
        Row((edition.label(f"channel:{code}"), words.percent(weight, 1), words.percent(se, 1) if se else DASH))
        for code, weight, se in edition.results.channel_weights
    )
    return Table(words.gettext("How much each channel counts in the mystery score"), columns, rows)


def _broken(edition: Edition) -> Table | None:
    """The series that begin anew at this wave, and why."""
    words = edition.words
    found = {
        (e.source, e.indicator, e.change.reason): (e, e.change)
        for e in edition.results.estimates
        if e.change is not None and e.change.verdict == "break"
    }
    if not found:
        return None
    columns = (
        Column(words.gettext("Indicator")),
        Column(words.gettext("Wave before")),
        Column(words.gettext("Reason")),
    )
    rows = tuple(
        Row((edition.indicator(e), change.wave, words.reason(change.reason or "not_comparable")))
        for e, change in found.values()
    )
    n = len({key[:2] for key in found})
    title = words.ngettext("{n} indicator is not compared", "{n} indicators are not compared", n)
    return Table(title, columns, rows)


MEANS = {"break": N_("break"), "note": N_("comparable, with a note"), "harmless": N_("harmless")}


def _instrument(edition: Edition) -> Iterator[Block]:
    """What was measured otherwise than in the wave before, what was declared of it, and who answered in both."""
    words, results = edition.words, edition.results
    if told := shared_told(edition):
        yield Text((told,))
    for run in results.linked:
        reason = words.typeset(pick(run.reason, words.code)).rstrip(".")
        said = words.gettext("Wave {wave} ran beside wave {to} with another instrument: {reason}.",
                             wave=run.wave, to=run.to, reason=reason)  # fmt: skip
        yield Text((said,))
    if results.differences and results.previous:
        found = sorted(results.differences, key=lambda d: list(MEANS).index(d.severity))
        columns: dict[Column, list[Cell]] = {
            Column(words.gettext("Difference")): [difference_told(words, d) for d in found],
            Column(words.gettext("Meaning")): [_meaning(edition, d) for d in found],
        }
        title = words.gettext("What was measured otherwise than in {wave}", wave=results.previous)
        unfold = words.ngettext("Show {n} difference", "Show all {n} differences", len(found))
        yield _filled(title, columns, unfold, "instrument")


def _meaning(edition: Edition, found: Difference) -> str:
    """A break that was declared harmless is told as such."""
    words = edition.words
    if found.declared and not found.broken:
        return words.gettext("declared harmless")
    return words.gettext(MEANS[found.severity])


def _questionnaire(edition: Edition) -> Table:
    words, asked = edition.words, edition.results.questionnaire
    changed, unchanged = words.gettext("changed"), words.gettext("unchanged")
    told: dict[Column, list[Cell]] = {
        Column(words.gettext("Question")): [_wording(edition, w) or w.id for w in asked],
        Column(words.gettext("Answers")): [_options(edition, w) for w in asked],
        Column(words.gettext("Base")): [_asked(edition, w.base) for w in asked],
    }
    if edition.results.previous:
        told[Column(words.gettext("Since the wave before"))] = [changed if w.changed else unchanged for w in asked]
    unfold = words.ngettext("Show {n} question", "Show all {n} questions", len(asked))
    return _filled(words.gettext("The questions as they were asked"), told, unfold, "questionnaire")


def _wording(edition: Edition, wording: Wording) -> str:
    return edition.words.typeset(without_loop(pick(wording.label, edition.words.code)))


def _options(edition: Edition, wording: Wording) -> str:
    words = edition.words
    return " · ".join(words.typeset(pick(texts, words.code)) or option for option, texts in wording.options)


def _base(edition: Edition, estimate: Estimate) -> Cell:
    """Who is in a base; where words do not suffice, the expression itself, for this is where it can be looked up."""
    said = base(edition, estimate)
    return Code(estimate.lineage.base) if said == partly(edition, estimate.source) else _sentence(said)


def _asked(edition: Edition, written: str) -> Cell:
    said = phrase(edition, written)
    return _sentence(said) if said else Code(written)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lineage(edition: Edition) -> Table:
    words = edition.words
    first: dict[tuple[str, str], Estimate] = {}
    for e in edition.results.estimates:
        first.setdefault((e.source, e.indicator), e)
    found = first.values()
    told: dict[Column, list[Cell]] = {
        Column(words.gettext("Indicator")): [shortened(edition.indicator(e), WORDING) for e in found],
        Column(words.gettext("Source")): [source_name(edition, e.source) for e in found],
        Column(words.gettext("Computed as")): [computed(edition, e.lineage.expression) for e in found],
        Column(words.gettext("Base")): [_base(edition, e) for e in found],
        Column(words.gettext("Filter")): [_code(e.lineage.filter) for e in found],
        Column(words.gettext("Weighting")): [method_of(edition, e.lineage.weighting) for e in found],
        Column(words.gettext("Automatic reading")): [e.lineage.coder for e in found],
    }
    if edition.results.previous:
        told[Column(words.gettext("Test"))] = [test_of(edition, e.lineage.test) for e in found]
    unfold = words.ngettext("Show {n} indicator", "Show all {n} indicators", len(first))
    return _filled(words.gettext("Where the figures come from"), told, unfold, LINEAGE)


COMPUTED = {
    "mean of the brands' mean scores": N_("mean of the brands’ mean scores"),
    "channel means weighted by the channels' weights": N_("means of the channels, by the weights of the channels"),
}


def computed(edition: Edition, expression: str) -> Cell:
    return edition.words.gettext(COMPUTED[expression]) if expression in COMPUTED else _code(expression)


def _code(text: str) -> Cell:
    return Code(text) if text else None
