"""The first screen: a headline that the figures support, what to know, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vigie.language import shortened
from vigie.report.blocks import Block, KeyFigure, KeyFigures, Text, Title
from vigie.report.captions import base, mode
from vigie.report.edition import CHANNEL, HEADING, Edition
from vigie.report.findings import by_channel, difference, size, told
from vigie.report.first_places import whole
from vigie.report.sources import base_counted, counted
from vigie.results.figures import Estimate, pick
from vigie.results.rankings import League

MOST, LONGEST = 4, 90  # key figures; characters of the headline


def opening(edition: Edition) -> Iterator[Block]:
    results, words = edition.results, edition.words
    title = words.typeset(pick(results.title, words.code) or results.study)
    yield Title(headline(edition), words.gettext("{study}, wave {wave}", study=title, wave=results.wave))
    yield Text((" ".join(_lead(edition)),), "lead")
    yield from first_figures(edition)


def first_figures(edition: Edition) -> Iterator[KeyFigures]:
    """The key figures, where there are any."""
    if items := tuple(_key_figure(edition, e) for e in key_figures(edition)):
        yield KeyFigures(items)


def headline(edition: Edition) -> str:
    """The strongest thing that the tests support; when they support nothing, that is the headline."""
    words, moves = edition.words, edition.moves()
    channel_moves = [e for e in moves if e.at(CHANNEL) and e.source == "survey"]
    if channel_moves:
        return _of_channels(edition, channel_moves)
    if moves:
        return _of_one(edition, max(moves, key=_strength))
    if proved := [league for league in edition.sectors() if league.verdict == "first" and league.winners]:
        sectors = [edition.family(league) for league in proved]
        if len(proved) == 1:
            brand = edition.label(f"brand:{proved[0].winners[0]}")
            return shortened(words.gettext("{sector}: {brand} is first", sector=sectors[0], brand=brand), LONGEST)
        if len(proved) == 2:
            return words.gettext("A brand is proved first in {sectors}", sectors=words.listing(sectors))
        return words.gettext(
            "A brand is proved first in {n} sectors of {of}",
            n=words.count(len(proved)), of=words.count(len(edition.sectors())),
        )  # fmt: skip
    if edition.tested() and edition.results.previous:
        return words.gettext("No significant change since {wave}", wave=edition.results.previous)
    title = words.typeset(pick(edition.results.title, words.code) or edition.results.study)
    return f"{shortened(title, LONGEST - 8)}, {edition.results.wave}"


def _strength(estimate: Estimate) -> float:
    return abs(difference(estimate)) / (estimate.se or 1)


def _of_one(edition: Edition, best: Estimate) -> str:
    words, wave = edition.words, best.change.wave if best.change else ""
    tail = {"change": size(edition, best), "wave": wave}
    where = f" ({edition.label(f'{CHANNEL}:{best.at(CHANNEL)}')})" if best.at(CHANNEL) else ""
    room = LONGEST - len(where) - len(words.gettext("{indicator}: {change} since {wave}", indicator="", **tail))
    name = edition.short(best, max(room, 24)) + where
    return words.gettext("{indicator}: {change} since {wave}", indicator=name, **tail)


def _of_channels(edition: Edition, moves: list[Estimate]) -> str:
    """The indicator in which most channels moved; the use of channels where it is as good as any."""
    keys = list(dict.fromkeys((e.source, e.indicator) for e in moves))
    best = max(keys, key=lambda k: (k == edition.usage, sum((e.source, e.indicator) == k for e in moves)))
    return by_channel(edition, [e for e in moves if (e.source, e.indicator) == best], LONGEST)


def _lead(edition: Edition) -> Iterator[str]:
    """Three sentences: what was asked and tested, what moved, what the leagues say."""
    yield from _asked(edition)
    yield from _moved(edition)
    if leagues := edition.sectors():
        yield _leagues(edition, leagues)


def _asked(edition: Edition) -> Iterator[str]:
    words = edition.words
    for work in edition.results.fieldwork:
        when = words.period(work.start, work.end)
        if work.source == "survey":
            people = words.ngettext("{n} person answered the survey", "{n} people answered the survey", work.kept)
            setting = ", ".join(filter(None, (mode(edition, work), when)))
            yield f"{people} ({setting})." if setting else f"{people}."
        elif work.source in ("reviews", "log"):
            many = counted(edition, work.source, work.kept)
            brands = words.ngettext("{n} brand", "{n} brands", work.brands) if work.brands > 1 else ""
            told_ = words.gettext("{what} on {brands}", what=many, brands=brands) if brands else many
            if work.source == "reviews":
                yield words.gettext("{what} were read.", what=told_)
            else:
                yield words.gettext("The contact log holds {what}.", what=told_)
        elif work.brands:
            brands = words.ngettext("{n} brand", "{n} brands", work.brands)
            tests = words.ngettext("{n} mystery test", "{n} mystery tests", work.kept)
            yield words.gettext("{tests} were made on {brands}.", brands=brands, tests=tests)


def _moved(edition: Edition) -> Iterator[str]:
    words, previous = edition.words, edition.results.previous
    tested, moves = edition.tested(), edition.moves()
    if not previous:
        yield words.gettext("This is the first wave: no change is computed.")
    elif not tested:
        yield words.gettext("No figure could be tested against {wave}.", wave=previous)
    elif not moves:
        yield words.ngettext(
            "The only figure tested did not change significantly since {wave}.",
            "None of the {n} figures tested changed significantly since {wave}.", len(tested), wave=previous,
        )  # fmt: skip
    else:
        of = words.count(len(tested))
        yield words.ngettext(
            "{n} figure out of {of} tested changed significantly since {wave}.",
            "{n} figures out of {of} tested changed significantly since {wave}.", len(moves), of=of, wave=previous,
        )  # fmt: skip


def _leagues(edition: Edition, leagues: Iterable[League]) -> str:
    """How many sectors have a winner, several possible firsts, or nobody."""
    words = edition.words
    # one possible first on a flagged base is neither a winner nor several
    verdicts = ["none" if v.verdict == "tied" and whole(v) and len(v.winners) < 2 else v.verdict for v in leagues]
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


# key figures


def key_figures(edition: Edition) -> list[Estimate]:
    """At most four: the first, what moved, the first of each subject (shares first), then top answers."""
    sound = [e for e in edition.whole().values() if edition.figure(e).flag == "ok" and not e.lineage.coder]
    moved = sorted((e for e in sound if edition.figure(e).moved and not edition.mixed(e)), key=_strength, reverse=True)
    strongest: dict[str, Estimate] = {}
    for e in moved:
        strongest.setdefault(edition.topic(e), e)
    shown = {e.figure: e for e in [*sound[:1], *list(strongest.values())[:2]]}
    topics = {edition.topic(e) for e in shown.values()}
    for e in sorted(sound, key=lambda e: e.unit == "mean"):
        if len(shown) < MOST and edition.topic(e) not in topics and not (e.unit == "mean" and _means(shown.values())):
            topics.add(edition.topic(e))
            shown[e.figure] = e
    for e in _tops(edition):
        if len(shown) < MOST and edition.topic(e) not in topics:
            topics.add(edition.topic(e))
            shown[e.figure] = e
    order = {e.figure: i for i, e in enumerate(edition.results.estimates)}
    return sorted(shown.values(), key=lambda e: order[e.figure])


def _means(shown: Iterable[Estimate]) -> bool:
    return any(e.unit == "mean" for e in shown)


def _tops(edition: Edition) -> Iterator[Estimate]:
    """The most chosen answer of each question that is not of the banner and has named answers."""
    for parts in edition.parts().values():
        sound = [e for e in parts if edition.figure(e).flag == "ok" and e.value is not None]
        named = [e for e in sound if not edition.part(e).isdigit()]
        if named and named[0].part not in edition.results.banner and len(named) > 1:
            yield max(named, key=lambda e: e.value or 0.0)


def _key_figure(edition: Edition, estimate: Estimate) -> KeyFigure:
    words, figure = edition.words, edition.figure(estimate)
    details = []
    if figure.low is not None and figure.high is not None:
        details.append(words.interval(figure.low, figure.high, figure.unit, figure.decimals))
    details.append(_base(edition, estimate))
    if figure.moved and estimate.change:
        details.append(
            words.gettext("{change} since {wave}", change=told(edition, estimate), wave=estimate.change.wave)
        )
    name = edition.indicator(estimate)
    short = edition.short(estimate, HEADING)
    if estimate.part:
        answer = edition.part(estimate)
        short, name = (
            f"{shortened(answer, HEADING // 2)} · {edition.short(estimate, HEADING // 2)}",
            f"{answer} · {name}",
        )
    title = f"{name} ({base(edition, estimate)})"
    return KeyFigure(figure, short, " · ".join(details), title)


def _base(edition: Edition, estimate: Estimate) -> str:
    """A short base: the study's own word for it, else how many people."""
    words = edition.words
    if (said := pick(estimate.lineage.base_label, words.code)) and len(said) <= 40:
        return f"{words.typeset(said)} ({words.base(estimate.n)})"
    return base_counted(edition, estimate)
