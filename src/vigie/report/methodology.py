"""The methodology sheet: where every figure comes from, said from the data."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import DASH, N_
from vigie.report.blocks import Block, Cell, Column, Figure, Row, Section, Table, Text
from vigie.report.captions import LINEAGE, METHOD, base, base_words, mode, wording_of
from vigie.report.edition import Edition
from vigie.results import Estimate, MarginLine, WeightingDiagnostics, pick


def methodology(edition: Edition) -> Iterator[Block]:
    words, results = edition.words, edition.results
    yield Section(METHOD, words.gettext("Method"), words.gettext("Methodology"))
    if population := pick(results.population, words.code):
        yield Text((words.gettext("Population: {population}.", population=words.typeset(population).rstrip(".")),))
    yield from _rules(edition)
    if results.fieldwork:
        yield _fieldwork(edition)
    if results.exclusions:
        yield _exclusions(edition)
    if results.weighting is not None:
        yield from _weighting(edition, results.weighting)
    if results.channel_weights:
        yield _channel_weights(edition)
    if broken := _broken(edition):
        yield broken
    if results.questionnaire:
        yield _questionnaire(edition)
    if results.estimates:
        yield _lineage(edition)
    for note in results.notes:
        yield Text((note,), "small")
    files = sorted({h for e in results.estimates for h in e.lineage.inputs})
    parts = [words.gettext("Made with Vigie {version}.", version=results.version)]
    if results.snapshot:
        parts.append(words.gettext("Snapshot {hash}.", hash=results.snapshot[:16]))
    if files:
        parts.append(words.gettext("Files read (SHA-256): {hashes}.", hashes=", ".join(h[:16] for h in files)))
    yield Text((" ".join(parts),), "small")


def source_name(edition: Edition, source: str) -> str:
    words = edition.words
    return {"survey": words.gettext("Survey"), "mystery": words.gettext("Mystery tests")}.get(source, source)


def _fieldwork(edition: Edition) -> Table:
    words = edition.words
    heads = [words.gettext("Source"), words.gettext("Mode"), words.gettext("Dates")]
    columns = [Column(h) for h in heads]
    columns += [Column(words.gettext("Rows read"), numeric=True), Column(words.gettext("Rows kept"), numeric=True)]
    columns += [Column(words.gettext("Brands"), numeric=True), Column(words.gettext("By channel"))]
    rows = [
        Row(
            (
                source_name(edition, f.source),
                mode(edition, f),
                words.period(f.start, f.end),
                f.read,
                f.kept,
                f.brands or None,
                ", ".join(f"{edition.label(f'channel:{channel}')} {words.count(n)}" for channel, n in f.by_channel),
            )
        )
        for f in edition.results.fieldwork
    ]
    return Table(words.gettext("Fieldwork"), tuple(columns), tuple(rows))


def _exclusions(edition: Edition) -> Table:
    words = edition.words
    columns = (
        Column(words.gettext("Source")),
        Column(words.gettext("Reason")),
        Column(words.gettext("Rows"), numeric=True),
        Column(words.gettext("Cells"), numeric=True),
        Column(words.gettext("Examples")),
    )
    rows = tuple(
        Row((source_name(edition, x.source), words.reason(x.reason), x.rows, x.cells, words.series(x.examples[:3])))
        for x in edition.results.exclusions
    )
    total = sum(x.rows for x in edition.results.exclusions)
    title = words.ngettext("{n} row was left out, and why", "{n} rows were left out, and why", total)
    return Table(title, columns, rows)


def _weighting(edition: Edition, weights: WeightingDiagnostics) -> Iterator[Block]:
    words = edition.words
    deff, efficiency = words.number(weights.design_effect, 2), words.percent(weights.n_effective / max(weights.n, 1))
    text = words.gettext(
        "Weighting: {method}, margins from {file}. {n} respondents are worth {effective} (efficiency {efficiency}, "
        "design effect {deff}). The weights lie between {low} and {high} times the starting weight; "
        "{bounds} of them stand at a bound. {iterations} iterations.",
        method=_method(edition, weights.method),
        file=weights.file,
        n=words.count(weights.n),
        effective=words.count(weights.n_effective),
        efficiency=efficiency,
        deff=deff,
        low=words.number(weights.ratio_min, 2),
        high=words.number(weights.ratio_max, 2),
        bounds=words.percent(weights.at_bounds_share, 1),
        iterations=words.count(weights.iterations),
    )
    columns = (
        Column(words.gettext("Category")),
        Column("n", numeric=True),
        Column(words.gettext("Before"), numeric=True),
        Column(words.gettext("Target"), numeric=True),
        Column(words.gettext("After"), numeric=True),
    )
    rows: list[Row] = []
    for variable in dict.fromkeys(line.variable for line in weights.margins):
        rows.append(Row((edition.label(variable),), heading=True))
        rows += [_margin(edition, line) for line in weights.margins if line.variable == variable]
    title = words.gettext("The sample before and after weighting")
    yield Table(title, columns, tuple(rows), text)


METHODS = {
    "raking": N_("raking"),
    "linear": N_("linear calibration"),
    "logit": N_("logit calibration"),
    "truncated_linear": N_("truncated linear calibration"),
}


def _method(edition: Edition, method: str) -> str:
    return edition.words.gettext(METHODS[method]) if method in METHODS else method


def _margin(edition: Edition, line: MarginLine) -> Row:
    shares = [Figure(share, "share", 1) for share in (line.before, line.target, line.after)]
    return Row((edition.label(f"{line.variable}:{line.category}"), edition.words.people(line.n), *shares))


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


def _questionnaire(edition: Edition) -> Table:
    words, code = edition.words, edition.words.code
    columns = (
        Column(words.gettext("Question")),
        Column(words.gettext("Answers")),
        Column(words.gettext("Base")),
        Column(words.gettext("Since the wave before")),
    )
    asked = edition.results.questionnaire
    rows: list[Row] = []
    for w in asked:
        options = " · ".join(words.typeset(pick(texts, code)) or option for option, texts in w.options)
        changed = words.gettext("changed") if w.changed else words.gettext("unchanged")
        cells: tuple[Cell, ...] = (wording_of(edition, w) or w.id, options, base_words(edition, w.base))
        rows.append(Row((*cells, changed if edition.results.previous else "")))
    title = words.gettext("The questions as they were asked")
    unfold = words.ngettext("Show {n} question", "Show all {n} questions", len(asked))
    return Table(title, columns, tuple(rows), folded=unfold, anchor="questionnaire")


def _rules(edition: Edition) -> Iterator[Text]:
    words, results = edition.words, edition.results
    hide, fragile = words.count(results.hide), words.count(results.fragile)
    yield Text((
        words.gettext(
            "Thresholds: a survey figure on fewer than {hide} people is hidden, on fewer than {fragile} it is shown as "
            "fragile and bears neither arrow nor superlative. Bases are unweighted.",
            hide=hide, fragile=fragile,
        ),
    ))  # fmt: skip
    levels = [e.level for e in results.estimates] or [0.95]
    level = words.percent(levels[0])
    text = words.gettext(
        "Changes between waves are tested at {level}, only where the two waves are comparable.", level=level
    )
    if any(e.change is not None and e.change.p_adjusted is not None for e in results.estimates):
        text += " " + words.gettext("Holm’s correction covers the segments of one indicator.")
    yield Text((text,))
    if any(e.source == "survey" for e in results.estimates):
        yield Text(
            (
                words.gettext(
                    "Intervals of the survey are a precision under a model: they suppose that, within the "
                    "margins, those who took part answer like those who did not.",
                ),
            )
        )


def _lineage(edition: Edition) -> Table:
    words = edition.words
    first: dict[tuple[str, str], Estimate] = {}
    for e in edition.results.estimates:
        first.setdefault((e.source, e.indicator), e)
    told: dict[str, list[str]] = {
        words.gettext("Indicator"): [edition.indicator(e) for e in first.values()],
        words.gettext("Source"): [source_name(edition, e.source) for e in first.values()],
        words.gettext("Computed as"): [e.lineage.expression for e in first.values()],
        words.gettext("Base"): [base(edition, e) for e in first.values()],
        words.gettext("Filter"): [e.lineage.filter for e in first.values()],
        words.gettext("Weighting"): [_method(edition, e.lineage.weighting) for e in first.values()],
        words.gettext("Test"): [e.lineage.test for e in first.values()],
    }
    filled = {head: cells for head, cells in told.items() if any(cells)}
    columns = tuple(Column(head) for head in filled)
    rows = tuple(Row(cells) for cells in zip(*filled.values(), strict=True))
    title = words.gettext("Where the figures come from")
    unfold = words.ngettext("Show {n} indicator", "Show all {n} indicators", len(rows))
    return Table(title, columns, rows, folded=unfold, anchor=LINEAGE)
