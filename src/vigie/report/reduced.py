"""A wave as one brand's reader may see it: their own brand whole, of the others no more than the study publishes.

Left are the survey's figures without brands and sectors, whatever question lists these (`listing.py`), everything about
the reader's own brand, the brands of the league whose names are public, and means of the other brands of the sector,
each on as many brands as the study asks and only as far as no rival's own score could be worked out from what is told.
All that a page draws comes from here: none, nor any address, can show more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt

import numpy as np
import numpy.typing as npt

from vigie.report.listing import BRAND, Listing, listing
from vigie.results.figures import Estimate, Segment, Texts
from vigie.results.methods import WeightingDiagnostics
from vigie.results.rankings import CellScore, League, LeagueEntry
from vigie.results.waves import WaveResults
from vigie.stats.disclosure import tellable

Floats = npt.NDArray[np.float64]

OTHERS = "*"  # the code of "the other brands of the sector" in cells; no brand can have it
WHOLE = ""  # the channel of a score over all channels


def reduced(results: WaveResults, own: Iterable[str]) -> WaveResults:
    """The wave for a reader of these brands."""
    mine = set(own)
    public = names_shown(results)
    shown = ((league, _league(league, mine | public)) for league in results.leagues if league.of == BRAND)
    # one of which nothing is shown is not there: what would be said of it could only be wrong
    leagues = tuple(less for whole, less in shown if less.entries or not whole.entries)
    lists = listing(results)
    weighting = None if results.weighting is None else _weighting(results.weighting, lists)
    return replace(
        results, estimates=tuple(_told(results, mine, lists)), leagues=leagues,
        labels=_labels(results.labels, mine, mine | public, lists),
        cells=(
            *(c for c in results.cells if c.brand in mine),
            *(o for b in sorted(mine) for o in others(results, b, mine)),
        ),
        thin=(), compositions=(),
        mixes=tuple(m for m in results.mixes if m.source == "survey" and m.dimension not in lists),
        weighting=weighting, weightings=tuple(_weighting(w, lists) for w in results.weightings),
        questionnaire=tuple(replace(w, options=()) if w.id in lists.brands else w for w in results.questionnaire),
        exclusions=tuple(replace(x, examples=()) for x in results.exclusions),  # these quote rows of the files
    )  # fmt: skip


def names_shown(results: WaveResults) -> set[str]:
    """The brands whose place in the league is published."""
    rule = results.disclose.names
    leagues = [league for league in results.leagues if league.of == BRAND and league.family != "all"]
    if rule == "all":
        return {e.brand for league in leagues for e in league.entries}
    if rule == "winners":
        return {w for league in leagues if league.verdict == "first" for w in league.winners}
    most = int(rule) if rule != "none" else 0
    return {e.brand for league in leagues for e in league.entries[:most]}


def _told(results: WaveResults, mine: Collection[str], lists: Listing) -> Iterator[Estimate]:
    """The figures of the reader's own brand, and those of the survey that are of no brand or sector.

    Of a question that lists brands the own one is told beside as many others as the study asks: beside fewer, theirs
    would follow from it and the whole. Its letters, which name the others, are not.
    """
    beside: defaultdict[object, set[str]] = defaultdict(set)
    for e in results.estimates:
        for dimension, code in _asked(e, lists):
            brand = lists.brands[dimension].get(code)
            if brand is not None and brand not in mine and e.value is not None:
                beside[_without(e, dimension)].add(brand)
    for e in results.estimates:
        own = e.at(BRAND) is not None
        if not own and (e.source != "survey" or any(d in lists.sectors for d, _ in e.segment)):
            continue
        if any(d in lists.brands and lists.brands[d].get(code) not in mine for d, code in e.segment):
            continue
        asked = _asked(e, lists)
        if all(len(beside[_without(e, d)]) >= results.disclose.brands for d, _ in asked):
            yield replace(e, letters="") if asked else e


def _asked(e: Estimate, lists: Listing) -> Segment:
    """The part of a figure's segment that is an option of a question over brands."""
    return tuple((d, code) for d, code in e.segment if d in lists.brands and d != BRAND)


def _without(e: Estimate, dimension: str) -> object:
    """What the figures of all options of a dimension share."""
    return e.source, e.indicator, dimension, tuple(pair for pair in e.segment if pair[0] != dimension)


def _labels(
    labels: Mapping[str, Texts], mine: Collection[str], named: Collection[str], lists: Listing
) -> dict[str, Texts]:
    """The words of what is told: of brands those that may be named, of questions over brands the own one's."""

    def kept(key: str) -> bool:
        dimension, _, code = key.partition(":")
        if dimension == "net":  # its code bears its question's name
            return code.partition(".")[0] not in lists.brands
        if not code or dimension not in lists.brands:
            return True
        return lists.brands[dimension].get(code) in (named if dimension == BRAND else mine)

    return {key: texts for key, texts in labels.items() if kept(key)}


def _weighting(weighting: WeightingDiagnostics, lists: Listing) -> WeightingDiagnostics:
    """The weights without how many people are of which brand or sector."""
    apart = () if weighting.by in lists else weighting.populations
    return replace(
        weighting, margins=tuple(m for m in weighting.margins if m.variable not in lists),
        populations=tuple(_weighting(p, lists) for p in apart),
    )  # fmt: skip


def _league(league: League, shown: set[str]) -> League:
    """The league with the brands that may be named; the ranks that these have are those among all."""
    return replace(
        league, entries=tuple(_entry(e, shown) for e in league.entries if e.brand in shown), weights_cov=(),
        unranked=tuple(u for u in league.unranked if u.brand in shown),
        winners=tuple(w for w in league.winners if w in shown),
    )  # fmt: skip


def _entry(entry: LeagueEntry, shown: set[str]) -> LeagueEntry:
    """A place in the league without what is known of brands that may not be named, or of scores by channel."""
    known = None if entry.also_before is None else tuple(b for b in entry.also_before if b in shown)
    return replace(entry, slopes=(), also_before=known)


def others(results: WaveResults, brand: str, mine: Collection[str] = ()) -> list[CellScore]:
    """The means of the other brands of a brand's sector, over all channels and by channel, as far as they may be told.

    Brands that are the reader's too (`mine`) are no others. Each brand counts once. A mean stands on at least
    `disclose: brands` others; with brands of one weight each, none then has more than half of it. Means are told in
    this order, and left out where with those before them some rival's score, on a channel or over all, would follow.
    """
    league = next((s for s in results.leagues if _is_sector(s) and any(e.brand == brand for e in s.entries)), None)
    if league is None:
        return []
    entries = [e for e in league.entries if e.brand not in (brand, *mine)]
    rivals = [e.brand for e in entries]
    scores = {(c.brand, c.channel): c for c in results.cells if c.brand in rivals and c.score is not None}
    whole = {e.brand: CellScore(e.brand, WHOLE, e.n, e.score, e.se) for e in entries}
    weights = {channel: weight for channel, weight, _ in results.channel_weights}
    channels = [c for c in weights if any((b, c) in scores for b in rivals)]
    listed = [(WHOLE, list(whole.values()))]
    listed += [(c, [scores[b, c] for b in rivals if (b, c) in scores]) for c in channels]
    listed = [(c, cells) for c, cells in listed if len(cells) >= results.disclose.brands]
    if not listed:
        return []
    # what nobody is to work out: a score per channel that counts, shown or not; where there is none, the score itself
    tested = {e.brand: [c for c in weights if c not in e.absent_channels] or [WHOLE] for e in entries}
    at = {k: i for i, k in enumerate((b, c) for b, own in tested.items() for c in own)}
    public = names_shown(results)

    def made_of(cell: CellScore) -> Floats:
        """The weights of the scores on channels that a score is made of."""
        row = np.zeros(len(at))
        own = tested[cell.brand] if cell.channel == WHOLE else [cell.channel]
        total = sum(weights.get(c, 1.0) for c in own) or 1.0
        for c in own:
            row[at[cell.brand, c]] = weights.get(c, 1.0) / total if cell.channel == WHOLE else 1.0
        return row

    of_brands = {b: made_of(cell) for b, cell in whole.items()}
    secrets = np.array([*np.eye(len(at)), *(row for b, row in of_brands.items() if b not in public)])
    known = np.array([row for b, row in of_brands.items() if b in public]).reshape(-1, len(at))
    figures = np.array([np.mean([made_of(cell) for cell in cells], axis=0) for _, cells in listed])
    told = tellable(secrets, figures, known)
    common = _common(league, entries)
    return [
        _mean(channel, cells, common if channel == WHOLE else 0.0)
        for (channel, cells), yes in zip(listed, told, strict=True) if yes
    ]  # fmt: skip


def _is_sector(league: League) -> bool:
    return league.of == BRAND and league.source == "mystery" and league.family != "all"


def _common(league: League, entries: Sequence[LeagueEntry]) -> float:
    """The covariances of every two of these scores, summed: the weights of the channels are the same for all brands."""
    slopes = [e.slopes for e in entries]
    if not league.weights_cov or not all(slopes):
        return 0.0
    each, cov = np.array(slopes), np.array(league.weights_cov)
    whole = each.sum(axis=0)
    return float(whole @ cov @ whole - np.einsum("bc,cd,bd->", each, cov, each))


def _mean(channel: str, cells: list[CellScore], common: float) -> CellScore:
    """Tests of one channel are independent of each other; scores over all channels share their weights (`common`)."""
    scores, errors = [c.score or 0.0 for c in cells], [c.se or 0.0 for c in cells]
    error = sqrt(max(sum(e * e for e in errors) + common, 0.0)) / len(cells)
    return CellScore(OTHERS, channel, sum(c.n for c in cells), sum(scores) / len(cells), error)
