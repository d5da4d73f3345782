"""The first screen: a headline that the figures support, what to know, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vigie.report.blocks import Block, Figure, Inline, KeyFigure, KeyFigures, Text, Title
from vigie.report.captions import base
from vigie.report.edition import CHANNEL, Edition
from vigie.results import Estimate, League, pick

MOST = 4


def opening(edition: Edition) -> Iterator[Block]:
    results = edition.results
    title = edition.words.typeset(pick(results.title, edition.words.code) or results.study)
    yield Title(headline(edition), edition.words.gettext("{study}, wave {wave}", study=title, wave=results.wave))
    yield Text(tuple(_lead(edition)), "lead")
    if items := tuple(_key_figures(edition)):
        yield KeyFigures(items)


def headline(edition: Edition) -> str:
    """The strongest thing that the tests support; when they support nothing, that is the headline."""
    words, moves = edition.words, edition.moves()
    channel_moves = [e for e in moves if e.at(CHANNEL) and e.source == "survey"]
    if channel_moves:
        return _of_channels(edition, channel_moves)
    if moves:
        best = max(moves, key=lambda e: abs(_difference(e)) / (e.se or 1))
        return words.gettext(
            "{indicator}: {change} since {wave}", indicator=named(edition, best), **_change(edition, best)
        )
    if proved := [league for league in edition.sectors() if league.verdict == "first"]:
        sectors = [edition.family(league) for league in proved]
        if len(proved) == 1:
            brand = edition.label(f"brand:{proved[0].winners[0]}")
            return words.gettext("{sector}: {brand} is first", sector=sectors[0], brand=brand)
        return words.gettext("A brand is proved first in {sectors}", sectors=words.listing(sectors, most=3))
    if edition.tested() and edition.results.previous:
        return words.gettext("No significant change since {wave}", wave=edition.results.previous)
    return words.typeset(pick(edition.results.title, words.code) or edition.results.study) + f", {edition.results.wave}"


def _of_channels(edition: Edition, moves: list[Estimate]) -> str:
    """The indicator in which most channels moved; the use of channels where it is as good as any."""
    words, use = edition.words, edition.usage
    keys = list(dict.fromkeys((e.source, e.indicator) for e in moves))
    best = max(keys, key=lambda k: (k == use, sum((e.source, e.indicator) == k for e in moves)))
    ours = sorted((e for e in moves if (e.source, e.indicator) == best), key=_difference)
    up = ours[-1] if _difference(ours[-1]) > 0 else None
    down = ours[0] if _difference(ours[0]) < 0 else None
    indicator = edition.indicator(ours[0])
    if up and down:
        return words.gettext(
            "{indicator}: {riser} gains {gain}, {faller} loses {loss}",
            indicator=indicator, riser=_channel(edition, up), gain=_size(edition, up),
            faller=_channel(edition, down), loss=_size(edition, down),
        )  # fmt: skip
    if up:
        return words.gettext(
            "{indicator}: {riser} gains {gain}",
            indicator=indicator,
            riser=_channel(edition, up),
            gain=_size(edition, up),
        )
    assert down is not None  # noqa: S101 - a move has a direction
    return words.gettext(
        "{indicator}: {faller} loses {loss}",
        indicator=indicator,
        faller=_channel(edition, down),
        loss=_size(edition, down),
    )


def named(edition: Edition, estimate: Estimate) -> str:
    """The indicator, and the channel it speaks of."""
    channel = estimate.at(CHANNEL)
    name = edition.indicator(estimate)
    return f"{name} ({edition.label(f'channel:{channel}')})" if channel else name


def _channel(edition: Edition, estimate: Estimate) -> str:
    return edition.label(f"channel:{estimate.at(CHANNEL)}")


def _difference(estimate: Estimate) -> float:
    return (estimate.change.difference or 0.0) if estimate.change else 0.0


def _size(edition: Edition, estimate: Estimate) -> str:
    return edition.words.points(_difference(estimate), estimate.unit, estimate.decimals)


def _change(edition: Edition, estimate: Estimate) -> dict[str, str]:
    sign = "+" if _difference(estimate) > 0 else "−"
    return {"change": sign + _size(edition, estimate), "wave": estimate.change.wave if estimate.change else ""}


def _lead(edition: Edition) -> Iterator[Inline]:
    """Two or three sentences: the first figures, how much moved, what the league says."""
    words = edition.words
    firsts = [e for e in edition.whole().values() if e.source == "survey" and edition.figure(e).flag == "ok"][:2]
    for i, estimate in enumerate(firsts):
        name = edition.indicator(estimate)
        yield words.gettext("{indicator}: ", indicator=name if i == 0 else _inner(name))
        yield Figure(estimate.value, estimate.unit, estimate.decimals)
        yield words.series(["", ""]) if i + 1 < len(firsts) else ". "
    yield from _moved(edition)
    if leagues := edition.sectors():
        yield _leagues(edition, leagues)


def _inner(name: str) -> str:
    """A name inside a sentence: without its capital, unless it is an acronym."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _moved(edition: Edition) -> Iterator[str]:
    words, previous = edition.words, edition.results.previous
    tested, moves = edition.tested(), edition.moves()
    if not previous:
        yield words.gettext("This is the first wave: no change is computed. ")
    elif not tested:
        yield words.gettext("No figure could be tested against {wave}. ", wave=previous)
    elif not moves:
        yield words.ngettext(
            "The only figure tested did not change significantly since {wave}. ",
            "None of the {n} figures tested changed significantly since {wave}. ", len(tested), wave=previous,
        )  # fmt: skip
    else:
        of = words.count(len(tested))
        yield words.ngettext(
            "{n} figure out of {of} tested changed significantly since {wave}. ",
            "{n} figures out of {of} tested changed significantly since {wave}. ", len(moves), of=of, wave=previous,
        )  # fmt: skip


def _leagues(edition: Edition, leagues: Iterable[League]) -> str:
    """How many sectors have a winner, several possible firsts, or nobody."""
    words = edition.words
    verdicts = [league.verdict for league in leagues]
    first, tied, none = (verdicts.count(v) for v in ("first", "tied", "none"))
    parts = []
    if first:
        parts.append(words.ngettext("a winner in {n} sector", "a winner in {n} sectors", first))
    if tied:
        parts.append(
            words.ngettext("several possible firsts in {n} sector", "several possible firsts in {n} sectors", tied)
        )
    if none:
        parts.append(words.ngettext("no winner in {n} sector", "no winner in {n} sectors", none))
    return words.gettext("The mystery tests show {verdicts}.", verdicts=words.listing(parts))


def _key_figures(edition: Edition) -> Iterator[KeyFigure]:
    words = edition.words
    shown = [e for e in edition.whole().values() if edition.figure(e).flag == "ok"][:MOST]
    for estimate in shown:
        figure = edition.figure(estimate)
        details = []
        if figure.low is not None and figure.high is not None:
            details.append(words.interval(figure.low, figure.high, figure.unit, figure.decimals))
        details.append(words.base(estimate.n))
        if figure.moved:
            details.append(words.gettext("{change} since {wave}", **_change(edition, estimate)))
        if estimate.source == "survey" and estimate.lineage.base not in ("", "everyone"):
            details.append(base(edition, estimate))
        yield KeyFigure(figure, edition.indicator(estimate), " · ".join(details))
