"""Leagues: brands, or sectors, in the order of their scores, each with the ranks that cannot be excluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from vigie.results.figures import Flag, RankSet
from vigie.results.rankings import League, LeagueEntry, Unranked
from vigie.stats.ranks import RankSets, rank_sets
from vigie.stats.seeds import SEED

Floats = npt.NDArray[np.float64]
DRAWS = 10_000
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Score:
    """A member's score on the scale that is shown, with what its entry in a league tells."""

    code: str
    n: int
    value: float
    se: float
    low: float
    high: float
    flag: Flag
    absent_channels: tuple[str, ...] = ()
    slopes: tuple[float, ...] = ()  # of the score in the weights of the channels, where these have an error


@dataclass(frozen=True, slots=True)
class Field:
    """All that may be ranked: scores with their covariance, and why some are not ranked (an empty reason: they are)."""

    scores: Sequence[Score]
    cov: Floats  # in the square of the scores' unit
    reasons: Sequence[str]
    sectors: Sequence[str]  # of each


def leagues(field: Field, like: League, named: Mapping[str, object]) -> Iterator[League]:
    """One league per sector with simultaneous sets, and, of several sectors, one of all with marginal sets.

    `like` holds what all leagues share; `named` lists the sectors in the order of the study, if it does.
    """
    order = named or dict.fromkeys(sorted(field.sectors))
    sectors = [s for s in order if s in field.sectors]
    for sector in sectors:
        members = [k for k, s in enumerate(field.sectors) if s == sector]
        yield league(field, members, replace(like, family=f"sector:{sector}", sets="simultaneous"))
    if len(sectors) > 1:
        yield league(field, range(len(field.scores)), replace(like, family=EVERYBODY, sets="marginal"))


def league(field: Field, members: Sequence[int], like: League) -> League:
    """The league of these members; `like` tells its family, the kind of its rank sets, its scale and its threshold."""
    ranked = [k for k in members if not field.reasons[k]]
    value = np.array([field.scores[k].value for k in ranked], dtype=np.float64)
    at = np.array(ranked, dtype=np.int64)
    found = rank_sets(value, field.cov[np.ix_(at, at)], sets=like.sets, level=like.level, draws=like.draws)
    codes = [field.scores[k].code for k in ranked]
    order = sorted(range(len(ranked)), key=lambda i: (-value[i], codes[i]))
    ranks = [RankSet(int(found.low[i]), int(found.high[i]), len(ranked), like.family) for i in range(len(ranked))]
    entries = tuple(
        _entry(
            field.scores[ranked[i]],
            ranks[i],
            like.threshold,
            first=bool(found.possible_first[i]),
            also_before=_also_before(found, i, order, codes) if like.sets == "simultaneous" else None,
        )
        for i in order
    )
    left = tuple(
        Unranked(field.scores[k].code, field.scores[k].n, field.reasons[k]) for k in members if field.reasons[k]
    )
    decided, winners = verdict(entries, like.threshold)
    return replace(like, entries=entries, unranked=left, verdict=decided, winners=winners)


def blank(level: float, out_of: float, threshold: float | None, identity: str) -> League:
    """A league of brands before anybody is in it."""
    return League(
        family=EVERYBODY, sets="simultaneous", level=level, draws=DRAWS, seed=SEED, out_of=out_of, threshold=threshold,
        entries=(), unranked=(), verdict="none", winners=(), identity=identity,
    )  # fmt: skip


def sector_ranks(found: Sequence[League]) -> dict[str, RankSet]:
    """Each brand's rank in its sector."""
    return {e.brand: e.rank for one in found if one.sets == "simultaneous" for e in one.entries}


def _also_before(found: RankSets, i: int, order: Sequence[int], codes: Sequence[str]) -> tuple[str, ...]:
    """Whom a member is proved to be before though their rank sets meet, in the order of the league."""
    meet = found.better[i] & (found.low <= found.high[i])
    return tuple(codes[j] for j in np.array(order)[meet[order]])


def _entry(
    score: Score, rank: RankSet, threshold: float | None, *, first: bool, also_before: tuple[str, ...] | None
) -> LeagueEntry:
    reaches: Literal["yes", "no", "unsure"] | None = None
    if threshold is not None:
        reaches = "yes" if score.low >= threshold else "no" if score.high < threshold else "unsure"
    return LeagueEntry(
        brand=score.code, n=score.n, score=score.value, se=score.se, ci_low=score.low, ci_high=score.high,
        flag=score.flag, rank=rank, possible_first=first, reaches_threshold=reaches,
        absent_channels=score.absent_channels, slopes=score.slopes, also_before=also_before,
    )  # fmt: skip


def verdict(
    entries: Sequence[LeagueEntry], threshold: float | None
) -> tuple[Literal["first", "tied", "none"], tuple[str, ...]]:
    """First: alone at the top, the threshold proved. Tied: several may be first. None: nobody is proved."""
    proved = [e for e in entries if e.possible_first and (threshold is None or e.reaches_threshold == "yes")]
    if not proved or len(entries) < 2:
        return "none", ()
    if len(proved) == 1 and proved[0].rank.high == 1 and proved[0].flag == "ok":  # no superlative on a flagged figure
        return "first", (proved[0].brand,)
    winners = tuple(e.brand for e in entries if e.possible_first and e.reaches_threshold != "no")
    return "tied", winners
