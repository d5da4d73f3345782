"""The chart that fits an indicator's kind: states and gaps as bars of 100 %, items and brands named as dots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from vigie.report import answers
from vigie.report.apart import SAID, apart, in_order, shorts
from vigie.report.blocks import Block, Chart, Column, KeyFigure, KeyFigures, Row, Table
from vigie.report.captions import keys, note
from vigie.report.channels import panel
from vigie.report.drawings import Bar, Bars, Panorama, PanoramaRow, Stack, StackRow
from vigie.report.edition import HEADING, Edition
from vigie.report.grids import grid
from vigie.report.measures import GAP, Measure
from vigie.report.sources import base_counted, by_dimension
from vigie.report.tones import MOST, tones
from vigie.results.figures import Estimate

MOST_DOTS = 20
MOST_STACKS = 18  # bars beneath each other
TONES = {"negative": "bad", "below": "bad", "neutral": "mid", "at": "mid", "mixed": "mid", "positive": "good",
         "above": "good", "not_analysable": "none"}  # fmt: skip
GAP_ORDER = ("below", "at", "above")


def shapes(edition: Edition, measure: Measure) -> Iterator[Block]:
    """The parts of an indicator on everything, and where they are given, in its groups."""
    if measure.kind in ("gap", "funnel"):
        yield from _stacks(edition, measure)
    elif measure.items:
        made = grid(edition, measure)
        yield from () if made is None else (made,)
    elif measure.kind == "mentions" or edition.itemised(measure):
        yield from _dots(edition, measure)
    elif measure.kind == "share" and len(measure.answers) > 1:
        bars = answers.chart(edition, measure.key, list(measure.answers.values()))
        yield from () if bars is None else (bars,)


def key_figures(edition: Edition, measures: Sequence[Measure], most: int = 8) -> Iterator[Block]:
    """The figures on everything, with their intervals and bases."""
    found = [m.whole for m in measures if m.whole is not None]
    names = shorts(edition, found[:most], HEADING // 2)
    items = tuple(_key_figure(edition, e, name) for e, name in zip(found, names, strict=False))
    if items:
        yield KeyFigures(items)


def _key_figure(edition: Edition, e: Estimate, name: str) -> KeyFigure:
    figure, words = edition.figure(e), edition.words
    details = [base_counted(edition, e)]
    if figure.low is not None and figure.high is not None:
        details.insert(0, words.interval(figure.low, figure.high, figure.unit, figure.decimals))
    return KeyFigure(figure, name, " · ".join(details), edition.indicator(e))


# bars of 100 %


def _stacks(edition: Edition, measure: Measure) -> Iterator[Block]:
    words, dimension = edition.words, _parted(measure)
    whole = measure.part(dimension)
    seen = dict.fromkeys(
        code for by in measure.crossed.values() for figures in by.values() for d, code in figures if d == dimension
    )
    codes = _order(whole or seen)
    if len(codes) > MOST:
        yield from _apart(edition, measure, codes)
        return
    if whole:
        yield _stack(edition, measure, codes, [("", whole)], "")
    for group, by in measure.crossed.items():
        rows = [
            (f"{group}:{code}", {c: figures[dimension, c] for c in codes if (dimension, c) in figures})
            for code, figures in by.items()
        ]
        silent = [edition.label(key) for key, figures in rows if all(e.value is None for e in figures.values())]
        rows = [(key, figures) for key, figures in rows if any(e.value is not None for e in figures.values())]
        if 1 < len(rows) <= MOST_STACKS and group not in edition.results.banner:  # the tab book has the banner
            few = words.gettext("Too few to be shown: {names}.", names=words.listing(silent, most=12))
            yield _stack(edition, measure, codes, _sorted(edition, group, rows), group, *([few] if silent else ()))


def _parted(measure: Measure) -> str:
    """What the parts are parts of: the states of a gap or a funnel, or the question that is a funnel."""
    return next((e.part for e in measure.estimates if e.part), "")


def _order(parts: Iterable[str]) -> list[str]:
    """As the study has them; the states of a gap from below to above."""
    found = list(parts)
    return [c for c in GAP_ORDER if c in found] if set(found) <= set(GAP_ORDER) else found


def _sorted(
    edition: Edition, group: str, rows: list[tuple[str, dict[str, Estimate]]]
) -> list[tuple[str, dict[str, Estimate]]]:
    found = {key.partition(":")[2]: (key, figures) for key, figures in rows}
    sizes = {code: max(e.n for e in figures.values()) for code, (_, figures) in found.items()}
    return [found[code] for code in in_order(edition, group, sizes)]


def _stack(
    edition: Edition,
    measure: Measure,
    codes: Sequence[str],
    rows: Sequence[tuple[str, Mapping[str, Estimate]]],
    group: str,
    *extra: str,
) -> Chart:
    words = edition.words
    shown = [e for _, figures in rows for e in figures.values()]
    dimension = _parted(measure)
    names = tuple(_capital(edition.part(measure.first, dimension, c)) for c in codes)
    toned = all(c in TONES for c in codes)
    colours = tuple(TONES[c] for c in codes) if toned else tones(names)
    drawn = tuple(
        StackRow(
            edition.label(key) if key else "",
            _detail(edition, measure, key, max(figures.values(), key=lambda e: e.n)),
            tuple(edition.figure(figures[c]) if c in figures else None for c in codes),
        )
        for key, figures in rows
    )
    whole = measure.whole if measure.kind == "gap" and not group else None
    aside = edition.figure(whole) if whole is not None else None
    label = words.gettext("Mean difference") if aside is not None else ""
    head = edition.label(group) if group else ""
    title = _title(edition, measure) if not group else words.gettext(
        "{indicators}, {by}", indicators=edition.short(measure.first), by=by_dimension(edition, group)
    )  # fmt: skip
    sub = drawn[0].detail if not group else ""
    spec = Stack(names, colours, drawn, head, aside, label)
    return Chart(title, sub, spec, note(edition, shown, *extra, told=edition.indicator(measure.first)))


def _apart(edition: Edition, measure: Measure, codes: Sequence[str]) -> Iterator[Block]:
    """More parts than colours can tell apart: a bar each, and the groups in a table that opens at a click."""
    words, dimension, first = edition.words, _parted(measure), measure.first
    names = {c: _capital(edition.part(first, dimension, c)) for c in codes}
    if whole := measure.part(dimension):
        bars = tuple(Bar(names[c], edition.figure(whole[c])) for c in codes)
        said = note(edition, list(whole.values()), told=edition.indicator(first))
        most = max(whole.values(), key=lambda e: e.n)
        yield Chart(_title(edition, measure), base_counted(edition, most), Bars(bars, first.unit, first.decimals), said)
    for group, by in measure.crossed.items():
        if len(by) < 2 or group in edition.results.banner:
            continue
        found = {g: {c: e for (d, c), e in figures.items() if d == dimension} for g, figures in by.items()}
        sizes = {g: max((e.n for e in figures.values()), default=0) for g, figures in found.items()}
        rows = [
            Row(
                (edition.label(f"{group}:{g}"), *(edition.figure(e) if (e := found[g].get(c)) else None for c in codes))
            )
            for g in in_order(edition, group, sizes)
        ]
        title = words.gettext("{indicators}, {by}", indicators=edition.short(first), by=by_dimension(edition, group))
        columns = (Column(edition.label(group)), *(Column(names[c], numeric=True) for c in codes))
        unfold = words.ngettext("Show {n} line", "Show all {n} lines", len(rows))
        shown = [e for figures in found.values() for e in figures.values()]
        yield Table(title, columns, tuple(rows), "", note(edition, shown), unfold, intervals=True)


def _detail(edition: Edition, measure: Measure, key: str, most: Estimate) -> str:
    """The base of a bar; of a gap the mean difference before it."""
    dimension, _, code = key.partition(":")
    mean = measure.groups.get(dimension, {}).get(code) if measure.kind == "gap" else None
    said = base_counted(edition, most)
    if mean is None or mean.value is None:
        return said
    return f"{edition.words.signed(mean.value, mean.unit, mean.decimals)} · {said}"


def _title(edition: Edition, measure: Measure) -> str:
    """The name; of a gap whose interval leaves nothing out to one side, that side."""
    words, name = edition.words, edition.short(measure.first)
    whole = measure.whole
    if measure.kind != "gap" or whole is None or whole.flag != "ok" or whole.ci_low is None or whole.ci_high is None:
        return name
    if whole.ci_high < 0:
        return words.gettext("{indicator}: lower than expected", indicator=name)
    if whole.ci_low > 0:
        return words.gettext("{indicator}: higher than expected", indicator=name)
    return words.gettext("{indicator}: no proven gap", indicator=name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# dots


def _dots(edition: Edition, measure: Measure) -> Iterator[Block]:
    """Items, ranked options or brands named, from the highest to the lowest; of mean places from the first."""
    found = {code: e for code, e in measure.answers.items() if e.n}
    if len(found) < 2:
        return
    yield items_chart(
        edition,
        [(edition.part(e), e) for code, e in found.items()],
        edition.short(measure.first),
        rising=measure.kind == "mean" and bool(measure.asked),
    )


def items_chart(
    edition: Edition, items: Sequence[tuple[str, Estimate]], title: str, *, rising: bool = False, ordered: bool = True
) -> Chart:
    """One dot with its interval to an item, on one scale."""
    words = edition.words
    if ordered:
        items = sorted(items, key=lambda item: (item[1].value is None, (item[1].value or 0) * (1 if rising else -1)))
    shown, rest = items[:MOST_DOTS], items[MOST_DOTS:]
    estimates = [e for _, e in shown]
    same = len({e.n for e in estimates}) == 1
    names = apart([name for name, _ in shown], SAID)
    rows = tuple(
        PanoramaRow(name, "" if same else base_counted(edition, e), (edition.figure(e),))
        for name, e in zip(names, estimates, strict=True)
    )
    extra = [words.ngettext("{n} more is in the tab book.", "{n} more are in the tab book.", len(rest))]
    one = replace(panel(edition, {str(i): e for i, e in enumerate(estimates)}), name="")
    sub = base_counted(edition, estimates[0]) if same else ""
    legend = keys(edition, estimates, "dot", "ring", "move", "fragile")
    caption = note(edition, estimates, *(extra if rest else ()), told=edition.indicator(estimates[0]))
    return Chart(title, sub, Panorama((one,), rows, words.gettext("Item")), caption, legend)


def is_shape(edition: Edition, measure: Measure) -> bool:
    """Whether it has a shape of its own, beside the shares of a question and single figures."""
    return measure.kind in ("gap", "funnel", "mentions") or GAP in measure.parts or edition.itemised(measure)
