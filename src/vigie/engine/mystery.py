"""Mystery scores of a wave: marks to tests, tests to brand × channel, to brands, to leagues with their rank sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.edition import Edition
from vigie.engine.leagues import Field as Members
from vigie.engine.leagues import Score, blank, league, leagues, sector_ranks
from vigie.engine.marks import scored
from vigie.engine.session import Session
from vigie.engine.survey import Usage
from vigie.errors import failure
from vigie.results.figures import Estimate, Flag, Lineage, RankSet, figure_key, finite, flag_of
from vigie.results.methods import Exclusion
from vigie.results.rankings import CellScore, League
from vigie.stats import scores
from vigie.stats.intervals import interval
from vigie.study.channels import meeting
from vigie.study.identity import score_identity
from vigie.study.model import Study
from vigie.study.sections import Mystery, UsageWeights

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MysteryFigures:
    """What the mystery tests of a wave yield."""

    estimates: tuple[Estimate, ...]
    leagues: tuple[League, ...]
    exclusions: tuple[Exclusion, ...]
    channel_weights: tuple[tuple[str, float, float], ...]
    by_channel: tuple[tuple[str, int], ...]
    brands: int
    cells: tuple[CellScore, ...]
    thin: tuple[CellScore, ...]  # those of the cells that stand on too few tests to be shown, with their scores


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


def mystery_figures(session: Session, edition: Edition, usage: Usage | None) -> MysteryFigures:
    """Scores per channel and per brand; leagues by sector and over all brands, and one of the sectors.

    Where the study has no grids, there is no score and no league. Cost: one pass over the marks; ranks grow with the
    square of the brands of a league.
    """
    study = edition.study
    rules = study.header.mystery or Mystery()
    by_channel, brands = _tests(session, study)
    if not study.grids:
        return MysteryFigures((), (), (), (), by_channel, brands, (), ())
    found, key = scored(session, study, rules)
    field = _field(study, found)
    scoring = _Scoring(replace(edition, derived=(*edition.derived, key)), rules, field, usage)
    every = tuple(scoring.by_brand_and_channel())
    of_brands = tuple(leagues(scoring.members(), scoring.blank(), study.header.sectors))
    return MysteryFigures(
        estimates=(*scoring.channels(), *scoring.brands(sector_ranks(of_brands))),
        leagues=(*of_brands, *scoring.sectors()),
        exclusions=tuple(_left_out(field, rules)),
        channel_weights=scoring.weights(),
        by_channel=by_channel,
        brands=brands,
        cells=tuple(c if c.n >= rules.show.hide else replace(c, score=None, se=None) for c in every),
        thin=tuple(c for c in every if c.n < rules.show.hide),
    )


def _tests(session: Session, study: Study) -> tuple[tuple[tuple[str, int], ...], int]:
    """How many tests each channel had, in the order of the study, and how many brands were tested."""
    tests = session.table("tests").select("channel", "brand").to_pyarrow()
    counts = {v["values"]: v["counts"] for v in pc.value_counts(tests["channel"]).to_pylist()}
    order = dict.fromkeys([*study.grids, *study.header.channels, *sorted(c for c in counts if c is not None)])
    return tuple((c, counts[c]) for c in order if c in counts), pc.count_distinct(tests["brand"]).as_py()


def _left_out(field: Field, rules: Mystery) -> Iterator[Exclusion]:
    """Tests without a score, by the reason."""
    silent = (
        ~field.answered & np.isnan(field.score) if rules.unanswered == "exclude" else np.zeros(len(field.score), bool)
    )
    lost = {"unanswered_excluded": int(silent.sum()), "incomplete_test": int((np.isnan(field.score) & ~silent).sum())}
    for reason, count in lost.items():
        if count:
            yield Exclusion("mystery", reason, count, 0, ())


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


def channel_weights(
    rules: Mystery, channels: Sequence[str], usage: Usage | None, hide: int
) -> tuple[Floats, Floats | None]:
    """The weight of each tested channel: given, equal, or its use in the survey with the covariance of that.

    Use that stands on fewer than `hide` people, or that the wave does not tell, is no weight: a `VigieError`.
    """
    given = rules.channel_weights
    if isinstance(given, UsageWeights):
        return _used(given.from_, channels, usage, hide)
    if isinstance(given, Mapping):
        return np.array([given[c] for c in channels], dtype=np.float64), None
    return np.ones(len(channels)), None


def _used(indicator: str, channels: Sequence[str], usage: Usage | None, hide: int) -> tuple[Floats, Floats]:
    """The use of the tested channels; channels that are not tested play no part."""
    hint = "Ask for it in the survey, or write the weights into the study."
    if usage is None:
        raise failure("weighting-failed", f'The wave has no "{indicator}" to weigh the channels by.', hint)
    at = []
    for channel in channels:
        met = meeting(channel, usage.channels)
        k = usage.channels.index(met) if met is not None else -1
        if met is None or not np.isfinite(usage.value[k]):
            raise failure("weighting-failed", f'"{indicator}" does not tell how much "{channel}" is used.', hint)
        at.append(k)
    people = int(usage.n[at].min())
    if people < hide:
        message = f"The channels' weights would stand on {people} people; {hide} are needed to show a figure."
        raise failure("weighting-failed", message, "Write the weights into the study.")
    if not usage.value[at].sum() > 0:
        message = f'Nobody uses the channels tested, so "{indicator}" cannot weigh them.'
        raise failure("weighting-failed", message, "Write the weights into the study.")
    return usage.value[at], usage.cov[np.ix_(at, at)]


class _Scoring:
    """The scores of a wave's brands, and the records that they become."""

    def __init__(self, edition: Edition, rules: Mystery, field: Field, usage: Usage | None) -> None:
        self.edition, self.rules, self.field, self.usage = edition, rules, field, usage
        self.cells = scores.cells(field.brand, field.channel, field.score, len(field.brands), len(field.channels))
        self.omega, self.omega_cov = channel_weights(rules, field.channels, usage, edition.study.header.show.hide)
        self.totals = scores.totals(
            self.cells, self.omega, self.omega_cov, absent=rules.absent_channel, min_tests=rules.min_tests
        )
        self.tested = np.asarray(self.totals.present.any(axis=0))

    def weights(self) -> tuple[tuple[str, float, float], ...]:
        """Each channel's share of the score, with its standard error where a survey gave it."""
        share = self.omega / self.omega.sum()
        errors = np.zeros(len(share))
        if self.omega_cov is not None:  # a weight is a share of the sum, which has its error too
            slope = (np.eye(len(share)) - np.outer(share, np.ones(len(share)))) / self.omega.sum()
            errors = np.sqrt(np.maximum(np.diag(slope @ self.omega_cov @ slope.T), 0.0))
        found = zip(self.field.channels, share, errors, strict=True)
        return tuple((c, float(w), float(e)) for c, w, e in found)

    def channels(self) -> Iterator[Estimate]:
        """The mean over brands, channel by channel."""
        means = scores.channel_means(self.cells)
        for k, channel in enumerate(self.field.channels):
            identity = score_identity(self.edition.study, self.edition.wave, channel).key
            lineage = self._lineage("mean of the brands' mean scores", "")
            score = _Score(int(means.n[k]), float(means.value[k]), float(means.se[k]), float(means.df[k]))
            yield self._record(identity, ("channel", channel), score, lineage)

    def by_brand_and_channel(self) -> Iterator[CellScore]:
        """The mean score of every brand on every channel, however few its tests."""
        errors, out_of = scores.cell_errors(self.cells), self.rules.out_of
        for b, c in np.argwhere(self.cells.n > 0):
            score, se = float(self.cells.mean[b, c]) * out_of, float(errors[b, c]) * out_of
            yield CellScore(self.field.brands[b], self.field.channels[c], int(self.cells.n[b, c]), score, se)

    def _tested_at(self, k: int) -> list[str]:
        """The channels that a brand's score stands on."""
        return [c for c, here in zip(self.field.channels, self.totals.present[k], strict=True) if here]

    def _identity(self, tested: Iterable[str]) -> str:
        return score_identity(self.edition.study, self.edition.wave, None, tested).key

    def brands(self, ranks: Mapping[str, RankSet]) -> Iterator[Estimate]:
        """The score of each brand over the channels, with its rank in its sector."""
        given = self.rules.channel_weights
        weighting = "usage" if isinstance(given, UsageWeights) else "given" if given else "equal"
        lineage = self._lineage("channel means weighted by the channels' weights", weighting)
        for k, brand in enumerate(self.field.brands):
            identity = self._identity(self._tested_at(k))
            record = self._record(identity, ("brand", brand), self._score(k), lineage)
            yield replace(record, rank=ranks.get(brand))

    def _score(self, k: int) -> _Score:
        t = self.totals
        tests = int(t.n[k]) or int(self.cells.n[k].sum())  # of a brand without a score, all there are
        return _Score(tests, float(t.score[k]), float(t.se[k]), float(t.df[k]))

    def _lineage(self, expression: str, weighting: str) -> Lineage:
        inputs, made = self.edition.inputs, self.edition.derived
        return Lineage({}, expression, "complete tests", "", weighting, "t, Holm", inputs, made)

    def _record(self, identity: str, part: tuple[str, str], score: _Score, lineage: Lineage) -> Estimate:
        """One score as a record, on the scale of the study."""
        out_of, level = self.rules.out_of, self.edition.level
        flag = self._flag(score.n) if np.isfinite([score.value, score.se]).all() else "hidden"
        shown = flag != "hidden"
        low, high = score.limits(out_of, level)
        return Estimate(
            figure=figure_key(identity, (part,)), identity=identity, indicator="mystery_score",
            label={"fr": "Note mystère", "en": "Mystery score"}, source="mystery", grain="test",
            wave=self.edition.wave.id, segment=(part,), value=score.value * out_of if shown else None, unit="score",
            decimals=1, se=score.se * out_of if shown else None, ci_low=low if shown else None,
            ci_high=high if shown else None, level=level, n=score.n, n_weighted=None, n_effective=float(score.n),
            design_effect=None, flag=flag, lineage=lineage, out_of=out_of, df=finite(score.df) if shown else None,
        )  # fmt: skip

    def _flag(self, n: int) -> Flag:
        return flag_of(n, self.rules.show.hide, self.rules.show.fragile)

    def blank(self) -> League:
        """What all leagues of the wave share."""
        tested = (c for c, t in zip(self.field.channels, self.tested, strict=True) if t)
        like = blank(self.edition.level, self.rules.out_of, self.rules.threshold, self._identity(tested))
        cov = () if self.omega_cov is None else tuple(tuple(row) for row in self.omega_cov.tolist())
        return replace(like, weights_cov=cov)

    def members(self) -> Members:
        """The brands as a league takes them."""
        scored = [self._member(k) for k in range(len(self.field.brands))]
        reasons = [self._reason(k) for k in range(len(self.field.brands))]
        return Members(scored, self.totals.cov * self.rules.out_of**2, reasons, self.field.sectors)

    def sectors(self) -> Iterator[League]:
        """The league of the sectors, a sector's score being that of its tests, channel by channel."""
        names = tuple(sorted(set(self.field.sectors)))
        if len(names) < 2:
            return
        at = np.array([names.index(s) for s in self.field.sectors], dtype=np.int64)
        pooled = replace(self.field, brands=names, sectors=names, brand=at[self.field.brand])
        members = _Scoring(self.edition, self.rules, pooled, self.usage).members()
        like = replace(self.blank(), family="sectors", of="sector")
        yield league(members, range(len(names)), like)

    def _reason(self, k: int) -> str:
        """Why a brand is not ranked; nothing where it is."""
        if self.totals.rankable[k]:
            return ""
        if self.totals.n[k] < self.rules.min_tests <= self.cells.n[k].sum():
            return "thin_channels"
        if self.totals.n[k] < self.rules.min_tests:
            return "min_tests"
        if self.rules.absent_channel == "unranked" and not self.totals.present[k, self.tested].all():
            return "absent_channel"
        return "no_variance"

    def _member(self, k: int) -> Score:
        score, out_of = self._score(k), self.rules.out_of
        low, high = score.limits(out_of, self.edition.level)
        here = self.totals.present[k]
        absent = tuple(c for c, h, t in zip(self.field.channels, here, self.tested, strict=True) if t and not h)
        flag = self._flag(score.n)
        slopes = () if self.omega_cov is None else tuple((self.totals.gradient[k] * out_of).tolist())
        return Score(
            self.field.brands[k], score.n, score.value * out_of, score.se * out_of, low, high, flag, absent, slopes
        )


@dataclass(frozen=True, slots=True)
class _Score:
    """A mean of tests from 0 to 1, with its standard error and degrees of freedom."""

    n: int
    value: float
    se: float
    df: float

    def limits(self, out_of: float, level: float) -> tuple[float, float]:
        """The interval on the scale of the study."""
        low, high = interval("score", self.value * out_of, self.se * out_of, self.df, level=level, low=0, high=out_of)
        return float(low), float(high)
