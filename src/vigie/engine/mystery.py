"""Mystery scores of a wave: marks to tests, tests to brand × channel, to brands, to leagues with their rank sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.session import Session
from vigie.engine.survey import Origin, flag_of
from vigie.results import (
    Estimate, Exclusion, Flag, League, LeagueEntry, Lineage, RankSet, Segment, Unranked, figure_key,
)  # fmt: skip
from vigie.snapshot.derived import derived, derived_key
from vigie.stats import scores
from vigie.stats.intervals import interval
from vigie.stats.ranks import SEED, RankSets, rank_sets
from vigie.study.channels import meeting
from vigie.study.identity import score_identity
from vigie.study.model import Mystery, Study, UsageWeights
from vigie.study.waves import Wave

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
HIDE, FRAGILE = 5, 30  # tests; METHODS: mystery figures
DRAWS = 10_000
STATES = pa.array(["marked", "not_applicable", "missing", "unanswered"])  # in the order of stats.scores
Usage = tuple[tuple[str, ...], Floats, Floats]


@dataclass(frozen=True)
class MysteryFigures:
    """What the mystery tests of a wave yield."""

    estimates: tuple[Estimate, ...]
    leagues: tuple[League, ...]
    exclusions: tuple[Exclusion, ...]
    channel_weights: tuple[tuple[str, float, float], ...]
    by_channel: tuple[tuple[str, int], ...]
    brands: int


@dataclass(frozen=True)
class Field:
    """The scored tests as arrays, with the names behind the numbers."""

    brands: tuple[str, ...]
    sectors: tuple[str, ...]  # of each brand
    channels: tuple[str, ...]
    brand: Ints
    channel: Ints
    score: Floats  # 0 to 1, nan where the test is incomplete
    answered: npt.NDArray[np.bool_]


def mystery_figures(session: Session, study: Study, wave: Wave, origin: Origin, usage: Usage | None) -> MysteryFigures:
    """Scores per channel and per brand, and leagues by sector and over all brands.

    Cost: one pass over the marks; ranks grow with the square of the brands of a league.
    """
    rules = study.header.mystery
    if rules is None:
        raise ValueError("the study has no mystery tests")
    scored, key = _scored(session, study, rules)
    field = _field(study, scored)
    cells = scores.cells(field.brand, field.channel, field.score, len(field.brands), len(field.channels))
    weight, cov = channel_weights(rules, field.channels, usage)
    totals = scores.totals(cells, weight, cov, absent=rules.absent_channel, min_tests=rules.min_tests)
    origin = replace(origin, derived=(*origin.derived, key))
    estimates = [
        *_channel_estimates(study, wave, rules, field, cells, origin),
        *_brand_estimates(study, wave, rules, field, totals, origin),
    ]
    leagues = _leagues(study, wave, rules, field, totals)
    lost = int(np.isnan(field.score).sum())
    said = ("tests with a mark missing",)
    total = weight.sum()
    errors = np.sqrt(np.diag(cov)) if cov is not None else np.zeros(len(weight))
    return MysteryFigures(
        tuple(estimates), tuple(leagues), (Exclusion("mystery", "incomplete_test", lost, 0, said),) if lost else (),
        tuple((c, float(w / total), float(e / total)) for c, w, e in zip(field.channels, weight, errors, strict=True)),
        tuple((c, int((field.channel == k).sum())) for k, c in enumerate(field.channels)), len(field.brands),
    )  # fmt: skip


def _scored(session: Session, study: Study, rules: Mystery) -> tuple[pa.Table, str]:
    """The derived table of scores: one row per test, and its key."""
    grids = {c: g.model_dump() for c, g in study.grids.items()}
    key = derived_key(session.snapshot, ["scores", grids, rules.unanswered])
    return derived(session.snapshot, "scores", key, lambda: score_tests(session, study, rules)), key


def score_tests(session: Session, study: Study, rules: Mystery) -> pa.Table:
    """Each test's score from 0 to 1, from its marks and the grid of its channel."""
    tests = session.table("tests").select("test", "brand", "sector", "channel", "outcome").order_by("test").to_pyarrow()
    marks = session.table("marks")
    rows = marks.select("test", "criterion", "state", value=marks["mark"] / marks["out_of"]).to_pyarrow()
    test = pc.index_in(rows["test"].combine_chunks(), tests["test"].combine_chunks()).to_numpy()
    criterion = _criteria(study, tests, rows, test)
    layout = _layout(study)
    found = scores.test_scores(
        test, criterion, pc.fill_null(rows["value"], 0.0).to_numpy(), pc.index_in(rows["state"].combine_chunks(), STATES).to_numpy(),
        n_tests=tests.num_rows, dimension=layout[0], criterion_weight=layout[1], dimension_weight=layout[2],
    )  # fmt: skip
    score = found.score
    if rules.unanswered == "exclude":
        silent = pc.equal(tests["outcome"], "unanswered").to_numpy()
        score = np.where(silent, np.nan, score)
    return tests.append_column("score", pa.array(score, from_pandas=True))


def _criteria(study: Study, tests: pa.Table, rows: pa.Table, test: Ints) -> Ints:
    """The number of each mark's criterion: its channel's first number plus its place in the grid."""
    names = pa.array([f"{c}\n{k.id}" for c, g in study.grids.items() for k in g.criteria])
    channel = tests["channel"].combine_chunks().take(pa.array(test))
    pair = pc.binary_join_element_wise(channel, rows["criterion"].combine_chunks(), "\n")
    return np.asarray(pc.index_in(pair, names).to_numpy(), dtype=np.int64)


def _layout(study: Study) -> tuple[list[int], list[float], list[float]]:
    """Dimension and weight of every criterion, weight of every dimension, over all channels' grids."""
    dimension, weight, heavy = [], [], []
    for grid in study.grids.values():
        for part in grid.dimensions:
            dimension += [len(heavy)] * len(part.criteria)
            weight += [c.weight for c in part.criteria]
            heavy.append(part.weight)
    return dimension, weight, heavy


def _field(study: Study, scored: pa.Table) -> Field:
    """The tests as arrays; brands in alphabetical order, channels in the order of the study."""
    brand = scored["brand"].combine_chunks()
    brands = sorted(pc.unique(brand).to_pylist())
    sector_of = dict(zip(brand.to_pylist(), scored["sector"].to_pylist(), strict=True))
    present = set(pc.unique(scored["channel"]).to_pylist())
    channels = tuple(c for c in study.grids if c in present)
    return Field(
        tuple(brands), tuple(sector_of[b] for b in brands), channels,
        np.asarray(pc.index_in(brand, pa.array(brands)).to_numpy(), dtype=np.int64),
        np.asarray(pc.index_in(scored["channel"].combine_chunks(), pa.array(channels)).to_numpy(), dtype=np.int64),
        scored["score"].to_numpy().astype(np.float64), pc.not_equal(scored["outcome"], "unanswered").to_numpy(),
    )  # fmt: skip


def channel_weights(rules: Mystery, channels: Sequence[str], usage: Usage | None) -> tuple[Floats, Floats | None]:
    """The weight of each tested channel: given, equal, or its use in the survey with the covariance of that."""
    given = rules.channel_weights
    if isinstance(given, UsageWeights) and usage is not None:
        names, value, cov = usage
        at = [names.index(meeting(c, names) or "") for c in channels]
        return value[at], cov[np.ix_(at, at)]
    if isinstance(given, Mapping):
        return np.array([given[c] for c in channels], dtype=np.float64), None
    return np.ones(len(channels)), None


def _lineage(expression: str, weighting: str, origin: Origin) -> Lineage:
    return Lineage({}, expression, "complete tests", "", weighting, "t, Holm", origin.inputs, origin.derived)


def _record(
    study: Study, wave: Wave, out_of: float, identity: str, segment: Segment, n: int, value: float, se: float, df: float,
    lineage: Lineage, rank: RankSet | None = None,
) -> Estimate:  # fmt: skip
    """One score as a record, on the scale of the study."""
    flag = flag_of(n, HIDE, FRAGILE)
    if not np.isfinite(value) or not np.isfinite(se):
        flag = "hidden"
    shown = flag != "hidden"
    low, high = interval("score", value * out_of, se * out_of, df, level=study.header.show.level, low=0, high=out_of)
    return Estimate(
        figure=figure_key(identity, segment), identity=identity, indicator="mystery_score",
        label={"fr": "Note mystère", "en": "Mystery score"}, source="mystery", grain="test", wave=wave.id,
        segment=segment, value=value * out_of if shown else None, unit="score", decimals=1,
        se=se * out_of if shown else None, ci_low=float(low) if shown else None, ci_high=float(high) if shown else None,
        level=study.header.show.level, n=n, n_weighted=None, n_effective=float(n), design_effect=None, flag=flag,
        lineage=lineage, out_of=out_of, rank=rank,
    )  # fmt: skip


def _channel_estimates(
    study: Study, wave: Wave, rules: Mystery, field: Field, cells: scores.Cells, origin: Origin
) -> list[Estimate]:
    """The mean over brands, channel by channel."""
    means = scores.channel_means(cells)
    found = []
    for k, channel in enumerate(field.channels):
        identity = score_identity(study, wave, channel).key
        lineage = _lineage("mean of the brands' mean scores", "", origin)
        numbers = (int(means.n[k]), float(means.value[k]), float(means.se[k]), float(means.df[k]))
        found.append(_record(study, wave, rules.out_of, identity, (("channel", channel),), *numbers, lineage))
    return found


def _brand_estimates(
    study: Study, wave: Wave, rules: Mystery, field: Field, totals: scores.Totals, origin: Origin
) -> list[Estimate]:
    identity = score_identity(study, wave, None).key
    weighting = "usage" if isinstance(rules.channel_weights, UsageWeights) else "given" if rules.channel_weights else "equal"
    lineage = _lineage("channel means weighted by the channels' weights", weighting, origin)
    return [
        _record(study, wave, rules.out_of, identity, (("brand", brand),), int(totals.n[k]), float(totals.score[k]),
                float(totals.se[k]), float(totals.df[k]), lineage)
        for k, brand in enumerate(field.brands)
    ]  # fmt: skip


def _leagues(study: Study, wave: Wave, rules: Mystery, field: Field, totals: scores.Totals) -> list[League]:
    """One league per sector with simultaneous sets, and one of all brands with marginal sets."""
    identity = score_identity(study, wave, None).key
    sectors = [s for s in (study.header.sectors or dict.fromkeys(sorted(field.sectors))) if s in field.sectors]
    found = []
    for sector in sectors:
        members = np.array([k for k, s in enumerate(field.sectors) if s == sector], dtype=np.int64)
        found.append(_league(study, rules, field, totals, members, f"sector:{sector}", "simultaneous", identity))
    if len(sectors) > 1:
        everyone = np.arange(len(field.brands))
        found.append(_league(study, rules, field, totals, everyone, "all", "marginal", identity))
    return found


def _league(
    study: Study, rules: Mystery, field: Field, totals: scores.Totals, members: Ints, family: str,
    sets: Literal["simultaneous", "marginal"], identity: str,
) -> League:  # fmt: skip
    ranked = members[totals.rankable[members]]
    level = study.header.show.level
    found = rank_sets(totals.score[ranked], totals.cov[np.ix_(ranked, ranked)], sets=sets, level=level, draws=DRAWS)
    names = [field.brands[k] for k in ranked]
    order = sorted(range(len(ranked)), key=lambda i: (-totals.score[ranked[i]], names[i]))
    entries = tuple(_entry(rules, level, field, totals, ranked[i], i, found, family) for i in order)
    unranked = tuple(
        Unranked(field.brands[k], int(totals.n[k]), _reason(rules, totals, k)) for k in members if not totals.rankable[k]
    )
    verdict, winners = _verdict(entries, rules.threshold)
    return League(
        family, sets, level, DRAWS, SEED, rules.out_of, rules.threshold, entries, unranked, verdict, winners, identity
    )


def _reason(rules: Mystery, totals: scores.Totals, k: int) -> str:
    if totals.n[k] < rules.min_tests:
        return "min_tests"
    if rules.absent_channel == "unranked" and not totals.present[k, totals.present.any(axis=0)].all():
        return "absent_channel"
    return "no_variance"


def _entry(
    rules: Mystery, level: float, field: Field, totals: scores.Totals, k: int, i: int, sets: RankSets, family: str
) -> LeagueEntry:
    out_of, n = rules.out_of, int(totals.n[k])
    score, se = float(totals.score[k]) * out_of, float(totals.se[k]) * out_of
    low, high = (float(x) for x in interval("score", score, se, totals.df[k], level=level, low=0, high=out_of))
    reaches: Any = None
    if rules.threshold is not None:
        reaches = "yes" if low >= rules.threshold else "no" if high < rules.threshold else "unsure"
    tested = totals.present.any(axis=0)
    absent = tuple(c for c, here, t in zip(field.channels, totals.present[k], tested, strict=True) if t and not here)
    flag: Flag = flag_of(n, HIDE, FRAGILE)
    rank = RankSet(int(sets.low[i]), int(sets.high[i]), len(sets.low), family)
    return LeagueEntry(field.brands[k], n, score, se, low, high, flag, rank, bool(sets.possible_first[i]), reaches, absent)


def _verdict(
    entries: Sequence[LeagueEntry], threshold: float | None
) -> tuple[Literal["first", "tied", "none"], tuple[str, ...]]:
    """First: alone in the first place, with the threshold proved. Tied: several may be first. None: nobody is proved."""
    proved = [e for e in entries if e.possible_first and (threshold is None or e.reaches_threshold == "yes")]
    if not proved or len(entries) < 2:  # noqa: PLR2004 - a league of one has no first
        return "none", ()
    if len(proved) == 1 and proved[0].rank.high == 1:
        return "first", (proved[0].brand,)
    winners = tuple(e.brand for e in entries if e.possible_first and e.reaches_threshold != "no")
    return "tied", winners
