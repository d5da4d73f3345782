"""Indicators over the waves as small charts, broken where two waves cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from vigie.language import NOTES
from vigie.report.apart import shorts
from vigie.report.blocks import Block, Cell, Chart, Column, Row, Section, Table, Text
from vigie.report.captions import note, section_note, unit_line
from vigie.report.drawings import Multiples, Series, Small
from vigie.report.edition import CHANNEL, Edition
from vigie.report.findings import by_channel, size, told
from vigie.report.sources import ORDER, source_name
from vigie.report.waves import mix_told
from vigie.results.figures import REOPENED, Estimate

BASE = 100.0  # of an index
SIGNS = "¹²³⁴⁵⁶⁷⁸⁹"
Breaks = dict[int, str]  # position of the wave that opens a new series, and why


def trends(edition: Edition) -> Iterator[Block]:
    """One figure for all indicators on everybody, one per question on channels, and a table of the rest."""
    if not edition.earlier:
        return
    words = edition.words
    tables = edition.by(CHANNEL)
    everything = _followed(edition, edition.whole().values())
    indices = [e for e in everything if e.unit == "index"]
    whole = [e for e in everything if e.source == "survey" and e.unit != "index" and not e.lineage.coder]
    plain = [e for e in everything if e.unit != "index" and not e.lineage.coder]
    records = [[e for e in plain if e.source == s] for s in ORDER if s != "survey"]
    read = [e for e in everything if e.unit != "index" and e.lineage.coder]
    main = [_followed(edition, _in_order(edition, tables[key])) for key in edition.main_of_channels()]
    main = [figures for figures in main if figures]
    main += [figures for figures in (indices, *records, read) if figures]
    drawn = {e.figure for e in (*whole, *(e for figures in main for e in figures))}
    other = [e for key in tables for e in _in_order(edition, tables[key])]
    other += [e for m in edition.measures.values() for parts in m.parts.values() for e in parts.values()]
    other += [e for m in edition.measures.values() if m.source != "survey" for e in m.groups.get(CHANNEL, {}).values()]
    other = list({e.figure: e for e in other}.values())
    rest = [e for e in _followed(edition, other) if e.figure not in drawn]
    if not drawn and not rest:
        return
    yield Section("trends", words.gettext("Trends"), words.gettext("Over the waves"))
    charted = [*whole, *(e for figures in main for e in figures)]
    shown = [*charted, *rest]
    yield section_note(edition, shown, *_read(edition, charted, shown))
    if whole:
        yield _chart(edition, whole, _title_of_whole(edition, whole))
    for figures in main:
        of_channels = figures[0].at(CHANNEL) is not None
        title = _title_of_channels(edition, figures) if of_channels else _title_of_source(edition, figures)
        yield _chart(edition, figures, title)
    if rest:
        yield _table(edition, rest)
    if mixed := [m for m in edition.results.mixes if m.notable]:
        yield Text((words.gettext("Who makes up the figures changed too:"),))
        yield from (Text((mix_told(edition, m) + ".",)) for m in mixed)


def _read(edition: Edition, charted: Sequence[Estimate], shown: Sequence[Estimate]) -> list[str]:
    """How the small charts are read."""
    words = edition.words
    said = [
        words.gettext("Bands hold a whole unbroken line at once; the charts of one figure rise on the same scale."),
        words.gettext(
            "A dotted line is a break: the series begins anew, with no change across it unless a note says so."
        ),
        words.gettext("Arrows: significant change since the wave before."),
        words.gettext("Hollow dots: fragile base."),
    ]
    said += _dashed(edition, charted)
    printed = dict.fromkeys(p.lineage.note for e in shown for p in edition.history(e) if p is not None and p.published)
    if printed:
        said.append(words.gettext("Hollow squares: figures as they were printed, without interval and never tested."))
        if sources := list(filter(None, printed)):
            said.append(words.gettext("Printed in: {sources}.", sources=words.series(sources)))
    return said


def _dashed(edition: Edition, charted: Sequence[Estimate]) -> list[str]:
    """Of how many waves the means are that are drawn; of which figures, where they are not of as many."""
    words = edition.words
    found: dict[int, list[Estimate]] = {}
    for e in charted:
        for n in _averaged(edition.history(e)):
            found.setdefault(n, []).append(e)
    if len(found) == 1:
        return [words.ngettext("Dashed: the mean of the last {n} wave.", "Dashed: the mean of the last {n} waves.", n)
                for n in found]  # fmt: skip
    told_ = []
    for n, figures in sorted(found.items()):
        names = words.listing(list(dict.fromkeys(edition.short(e, 40) for e in figures)), most=4)
        told_.append(words.ngettext("Dashed, {names}: the mean of the last {n} wave.",
                                    "Dashed, {names}: the mean of the last {n} waves.", n, names=names))  # fmt: skip
    return told_


def _averaged(history: Sequence[Estimate | None]) -> set[int]:
    """Of how many waves the means of a figure are, where two follow each other: a line is drawn from there on."""
    broken, found = breaks(history), set[int]()
    for i, (then, now) in enumerate(pairwise(history), start=1):
        if i not in broken and then is not None and now is not None and then.rolling and now.rolling:
            found.add(len(now.rolling.waves))
    return found


def _in_order(edition: Edition, figures: dict[str, Estimate]) -> list[Estimate]:
    return [figures[c] for c in edition.channels if c in figures]


def _followed(edition: Edition, estimates: Iterable[Estimate]) -> list[Estimate]:
    """Those with a figure now and before."""
    found = [e for e in estimates if e.value is not None and e.flag != "hidden"]
    return [e for e in found if sum(p is not None and p.value is not None for p in edition.history(e)) > 1]


def breaks(history: Sequence[Estimate | None]) -> Breaks:
    """Before which waves a line is broken, and why: no line joins two figures of different identity.

    That holds where a parallel run or a list of common channels lets the change be tested all the same: the figures
    drawn are not on one level. Printed figures are drawn apart from all others.
    """
    found, last = {}, None
    for i, estimate in enumerate(history):
        if estimate is None:
            continue
        change = estimate.change
        if change is not None and change.verdict == "break":
            found[i] = change.reason or "not_comparable"
        elif last is not None and last.identity != estimate.identity and not last.published:
            found[i] = _why(estimate)
        last = estimate
    return {i: reason for i, reason in found.items() if i}


def _why(estimate: Estimate) -> str:
    """Why the line of a figure begins anew although it is no break: a key of reasons or notes."""
    change = estimate.change
    if change is None:
        return "not_comparable"
    reopened = next((n for n in change.notes if n in REOPENED), "")
    return reopened or (change.reason if change.reason == "parallel" else "not_comparable")


def _chart(edition: Edition, estimates: list[Estimate], title: str) -> Chart:
    """The significant ones first, then in their own order; breaks are told once, beneath."""
    names, words = [w.wave for w in (*edition.earlier, edition.results)], edition.words
    channels = estimates[0].at(CHANNEL) is not None
    ordered = estimates if channels else sorted(estimates, key=lambda e: not edition.figure(e).moved)
    found = {e.figure: breaks(edition.history(e)) for e in ordered}
    notes, marks = _break_notes(edition, list(found.values()), names)
    notes += _noted(edition, ordered)
    labels = shorts(edition, ordered)
    cells = tuple(_small(edition, e, label, found[e.figure], marks) for e, label in zip(ordered, labels, strict=True))
    sub = unit_line(edition, ordered[0]) if channels else ""
    line = BASE if ordered[0].unit == "index" else None
    if line is not None:
        notes.append(words.gettext("The grey line is 100, the reference wave; bands are each wave’s own interval."))
    return Chart(title, sub, Multiples(tuple(names), cells, line), note(edition, ordered, *notes))


def _noted(edition: Edition, shown: Sequence[Estimate]) -> list[str]:
    """What is told beside changes that are compared all the same: of all once, of some by their names."""
    words = edition.words
    tested = [e for e in shown if e.change is not None and e.change.verdict != "break"]
    said: list[str] = []
    for key in dict.fromkeys(n for e in tested if e.change is not None for n in e.change.notes):
        mine = [e for e in tested if e.change is not None and key in e.change.notes]
        text = words.note(key)
        wave = mine[0].change.wave if mine[0].change is not None else ""
        if len(mine) == len(tested):
            said.append(words.gettext("Compared with {wave}: {note}.", wave=wave, note=text))
        else:
            names = words.listing([_called(edition, e) for e in mine], most=4)
            told_ = words.gettext("Compared with {wave}, {names}: {note}.", wave=wave, names=names, note=text)
            said.append(told_)
    return said


def _called(edition: Edition, e: Estimate) -> str:
    code = e.at(CHANNEL)
    return edition.label(f"{CHANNEL}:{code}") if code else edition.short(e, 40)


def _break_notes(
    edition: Edition, found: list[Breaks], names: list[str]
) -> tuple[list[str], dict[tuple[int, str], str]]:
    """What interrupts every line is said without a sign; the others get a number."""
    words = edition.words
    notes: list[str] = []
    marks: dict[tuple[int, str], str] = {}
    kinds = dict.fromkeys((i, reason) for one in found for i, reason in sorted(one.items()))
    for i, reason in kinds:
        if len(found) > 1 and all(one.get(i) == reason for one in found):
            text = words.gettext(
                "All series begin anew in {wave}: {reason}.", wave=names[i], reason=_reason(edition, reason)
            )
            notes.append(text)
            continue
        marks[i, reason] = sign = SIGNS[len(marks)] if len(marks) < len(SIGNS) else "*"
        text = words.gettext("New series in {wave}: {reason}.", wave=names[i], reason=_reason(edition, reason))
        notes.append(f"{sign} {text}")
    return notes, marks


def _reason(edition: Edition, key: str) -> str:
    return edition.words.note(key) if key in NOTES else edition.words.reason(key)


def _bands(history: Sequence[Estimate | None]) -> tuple[tuple[float, float] | None, ...]:
    """At each wave the limits of the longest run that it is told to be part of."""
    found: dict[str, tuple[float, float]] = {}
    for e in history:
        found |= {band.wave: (band.low, band.high) for band in e.bands} if e is not None else {}
    return tuple(found.get(e.wave) if e is not None else None for e in history)


def _small(edition: Edition, e: Estimate, short: str, found: Breaks, marks: dict[tuple[int, str], str]) -> Small:
    code = e.at(CHANNEL)
    title = edition.label(f"{CHANNEL}:{code}") if code else edition.indicator(e)
    label = title if code else short
    history = edition.history(e)
    figures = tuple(edition.figure(p) if p else None for p in history)
    rolling = tuple(p.rolling.value if p is not None and p.rolling is not None else None for p in history)
    mark = "".join(marks.get(item, "") for item in sorted(found.items()))
    series = Series(title, figures, tuple(found), _bands(history), rolling if any(rolling) else ())
    return Small(label, title, series, told(edition, e), edition.words.base(e.n), mark)


def _title_of_whole(edition: Edition, estimates: list[Estimate]) -> str:
    """Two facts at most, else how many there are: of the charts beneath, for others move elsewhere in the report."""
    words = edition.words
    moves = [e for e in estimates if told(edition, e)]
    tested = [e for e in estimates if e.change is not None and e.change.tested]
    if moves and len(moves) <= 2:
        facts = [
            words.gettext("{indicator}: {moves}", indicator=edition.short(e, 44), moves=size(edition, e)) for e in moves
        ]
        if len(text := words.series(facts)) <= 100:
            return text
    if tested and edition.results.previous:
        of, wave = words.count(len(tested)), edition.results.previous
        return words.ngettext(
            "{n} of the {of} indicators tested here changed significantly since {wave}",
            "{n} of the {of} indicators tested here changed significantly since {wave}", len(moves), of=of, wave=wave,
        ) if moves else words.ngettext(
            "The indicator tested here did not change significantly since {wave}",
            "None of the {n} indicators tested here changed significantly since {wave}", len(tested), wave=wave,
        )  # fmt: skip
    return words.gettext("The indicators, wave by wave")


def _title_of_source(edition: Edition, estimates: list[Estimate]) -> str:
    """The source, and what moved where that may be told."""
    words, told_ = edition.words, {e.figure for e in edition.moves()}
    first = estimates[0]
    source = words.gettext("Indices") if first.unit == "index" else source_name(edition, first.source)
    source = words.gettext("Automatic reading") if first.lineage.coder and first.unit != "index" else source
    moves = [e for e in estimates if e.figure in told_]
    if 0 < len(moves) <= 2:
        facts = [
            words.gettext("{indicator}: {moves}", indicator=edition.short(e, 44), moves=size(edition, e)) for e in moves
        ]
        if len(text := f"{source} – {words.series(facts)}") <= 100:
            return text
    return words.gettext("{source}, wave by wave", source=source)


def _title_of_channels(edition: Edition, estimates: list[Estimate]) -> str:
    words, name = edition.words, edition.short(estimates[0])
    if moves := [e for e in estimates if told(edition, e)]:
        return by_channel(edition, moves)
    changes = [e.change for e in estimates if e.change is not None]
    if changes and all(c.verdict == "break" for c in changes):
        return words.gettext("{indicator}: a new series begins in {wave}", indicator=name, wave=edition.results.wave)
    if tested := [c for c in changes if c.verdict == "none"]:
        return words.gettext("{indicator}: no significant change since {wave}", indicator=name, wave=tested[0].wave)
    return words.gettext("{indicator}, by channel", indicator=name)


def _table(edition: Edition, estimates: list[Estimate]) -> Table:
    """Every other figure that can be followed, a line each, under the name of its indicator."""
    words, names = edition.words, [w.wave for w in (*edition.earlier, edition.results)]
    broken = any(breaks(edition.history(e)) for e in estimates)
    columns = (Column(""), *(Column(name, numeric=True) for name in names))
    columns = (*columns, Column(words.gettext("New series"))) if broken else columns
    rows: list[Row] = []
    last = ""
    for e in estimates:
        if last != e.indicator:
            rows.append(Row((edition.short(e),), heading=True))
            last = e.indicator
        history = edition.history(e)
        dimension, code = e.segment[0]
        cells: list[Cell] = [edition.part(e, dimension, code)]
        cells += [edition.figure(p) if p else None for p in history]
        if broken:
            told_breaks = [
                words.gettext("{wave}: {reason}", wave=names[i], reason=_reason(edition, reason))
                for i, reason in breaks(history).items()
            ]
            cells.append(words.series(told_breaks))
        rows.append(Row(tuple(cells)))
    n = len(estimates)
    unfold = words.ngettext("Show {n} figure", "Show all {n} figures", n)
    return Table(words.gettext("The other trends"), columns, tuple(rows), folded=unfold, anchor="other-trends")
