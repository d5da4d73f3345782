"""Leagues of brands by their reviews, how a wave's reviews are made up, and how well their texts are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from vigie.engine.leagues import Field, Score, blank, leagues, sector_ranks
from vigie.engine.plan import Plan
from vigie.engine.records import Records
from vigie.engine.session import Session
from vigie.engine.verbatims import readings
from vigie.results.figures import Estimate
from vigie.results.methods import CoderError, Composition
from vigie.results.rankings import League
from vigie.results.waves import WaveResults
from vigie.stats.accuracy import balanced_accuracy
from vigie.stats.clusters import Ratios
from vigie.stats.intervals import interval
from vigie.study.expressions import Name
from vigie.study.model import Study
from vigie.verbatim import polarity

Floats = npt.NDArray[np.float64]
POOL_BELOW = 30  # reviews; below, a brand's variance is that of one review of all brands, as in stats.scores
CUT = 0.0  # above, a score is on the side of praise, though it may be called neutral
LOW, HIGH = 0.25, 0.75  # of the way from the fewest stars to the most: 2 and 4 of 5


@dataclass(frozen=True)
class ReviewFigures:
    """What the reviews of a wave yield beside the figures of every record source."""

    leagues: tuple[League, ...]
    compositions: tuple[Composition, ...]
    coders: tuple[CoderError, ...]


def review_figures(records: Records, earlier: Sequence[WaveResults]) -> ReviewFigures:
    """Leagues by mean stars, the composition of the wave, and the error of the coder on texts with stars."""
    found: list[League] = []
    made: list[Composition] = []
    column = _ranked_column(records)
    if column is not None and records.u[:, column].any():
        ranking = _Ranking(records, column)
        found = ranking.leagues()
        made = list(ranking.composition(earlier))
    errors = coder_error(records.session, records.study)
    return ReviewFigures(tuple(found), tuple(made), tuple(errors))


def with_ranks(estimates: Sequence[Estimate], found: Sequence[League]) -> list[Estimate]:
    """The estimates, those of ranked brands with their rank in their sector."""
    ranks = sector_ranks(found)
    named = {one.indicator for one in found}
    return [
        replace(e, rank=ranks.get(e.segment[0][1])) if e.indicator in named and _of_brand(e) else e for e in estimates
    ]


def _of_brand(estimate: Estimate) -> bool:
    return len(estimate.segment) == 1 and estimate.segment[0][0] == "brand" and not estimate.part


def _ranked_column(records: Records) -> int | None:
    """The column of the mean that brands are ranked by: of stars, or else of the first scale; none without one."""
    means = [
        k for k, c in enumerate(records.columns)
        if not c.dont_know and _is_ranked(records.plans[c.plan])
    ]  # fmt: skip
    stars = [k for k in means if records.plans[records.columns[k].plan].indicator.expression.strip() == "stars"]
    return next(iter([*stars, *means]), None)


def _is_ranked(plan: Plan) -> bool:
    """Whether a plan is the mean of a scale by brand."""
    whole = plan.unit == "mean" and plan.indicator.kind == "mean" and isinstance(plan.main.tree, Name)
    return whole and plan.part is None and plan.out_of is not None and "brand" in plan.indicator.by


class _Ranking:
    """One mean by brand, with what its league and its composition need."""

    def __init__(self, records: Records, column: int) -> None:
        self.records, self.plan = records, records.plans[records.columns[column].plan]
        self.brands = records.grouping("brand")
        self.figures: Ratios = records.ratios(self.brands, [column])
        self.whole: Ratios = records.ratios(records.grouping(), [column])
        _, self.cov = self.brands.rows.covariance(
            self.brands.weight, records.u[:, column], records.v[:, column]
        )  # fmt: skip
        self.n, self.value = self.figures.n[:, 0], self.figures.value[:, 0]

    def leagues(self) -> list[League]:
        """By sector with simultaneous rank sets and over all brands with marginal ones."""
        level, study = self.records.edition.level, self.records.study
        like = replace(
            blank(level, self.plan.out_of or 0.0, None, self.plan.identity.key),
            source="reviews", indicator=self.plan.indicator.id,
        )  # fmt: skip
        cov = self._steadied()
        low, high = interval(
            "mean", self.value, np.sqrt(np.diag(cov)), np.where(self._borrow(), np.inf, self.figures.df[:, 0]),
            level=level, low=self.plan.low, high=self.plan.high,
        )  # fmt: skip
        codes, show = self.brands.codes, self.records.show
        scores = [
            Score(codes[b], int(self.n[b]), float(self.value[b]), float(np.sqrt(cov[b, b])), float(low[b]),
                  float(high[b]), show.flag(int(self.n[b])))
            for b in range(len(codes))
        ]  # fmt: skip
        reasons = [self._reason(b, cov) for b in range(len(codes))]
        kept = np.nan_to_num(cov)
        return list(leagues(Field(scores, kept, reasons, self._sectors()), like, study.header.sectors))

    def _borrow(self) -> npt.NDArray[np.bool_]:
        """The brands whose own variance is too poorly known, or none at all."""
        return np.asarray((self.n < POOL_BELOW) | ~(np.diag(self.cov) > 0))

    def _steadied(self) -> Floats:
        """The covariance of the brands' means; of brands with few reviews, the variance of one review of all over n.

        Ten reviews of five stars each are not known for certain; nor is what such a brand shares with others through
        its authors, which is left out.
        """
        own, n = np.diag(self.cov), self.n.astype(np.float64)
        spread = np.isfinite(own) & (n > 1)
        freedom = np.where(spread, n - 1, 0.0)
        pooled = float(freedom @ np.where(spread, n * own, 0.0) / freedom.sum()) if freedom.sum() > 0 else np.nan
        variance = np.where(self._borrow(), pooled / np.where(n > 0, n, np.nan), own)
        known = ~self._borrow()  # two authors say little of how two brands go together
        cov: Floats = np.where(np.outer(known, known), self.cov, 0.0)
        np.fill_diagonal(cov, variance)
        return cov

    def _reason(self, b: int, cov: Floats) -> str:
        """Why a brand is not ranked; nothing where it is."""
        if self.n[b] < self.records.study.reviews.min_reviews:
            return "min_reviews"
        return "" if cov[b, b] > 0 else "same_stars"

    def _sectors(self) -> list[str]:
        """Each brand's sector."""
        read = self.records.read
        pairs = dict(zip(read["brand"].to_pylist(), read["sector"].to_pylist(), strict=True))
        return [str(pairs[b]) for b in self.brands.codes]

    def composition(self, earlier: Sequence[WaveResults]) -> Iterator[Composition]:
        """How the wave's reviews are made up, and what the mean would be had the brands kept their weights.

        None where no brand has enough reviews to be shown.
        """
        show, codes, indicator = self.records.show, self.brands.codes, self.plan.indicator.id
        shown = [b for b in range(len(codes)) if self.n[b] >= show.hide and np.isfinite(self.figures.se[b, 0])]
        order = sorted(range(len(codes)), key=lambda b: (-self.n[b], codes[b]))
        if not shown:
            return
        together = float(self.cov[np.ix_(shown, shown)].sum())  # of two brands by the same authors, too
        constant, before = self._constant(earlier, shown)
        yield Composition(
            indicator=indicator, n=int(self.whole.n[0, 0]), brands=int((self.n > 0).sum()),
            overall=float(self.whole.value[0, 0]),
            within=float(self.value[shown].mean()),
            within_se=max(together, 0.0) ** 0.5 / len(shown),
            within_brands=len(shown),
            largest=tuple((codes[b], int(self.n[b])) for b in order[:2]),
            two_largest=float(self.n[order[:2]].sum() / self.n.sum()), constant=constant, before=before,
        )  # fmt: skip

    def _constant(self, earlier: Sequence[WaveResults], shown: Sequence[int]) -> tuple[float | None, float | None]:
        """The mean of this wave and of the last one over the brands shown in both, each with its weight of then."""
        then = _last(earlier, self.plan)
        common = [b for b in shown if self.brands.codes[b] in then]
        if not common:
            return None, None
        was = [then[self.brands.codes[b]] for b in common]
        weight = np.array([e.n for e in was], dtype=np.float64)
        weight /= weight.sum()
        before = np.array([e.value for e in was], dtype=np.float64)
        return float(weight @ self.value[common]), float(weight @ before)


def _last(earlier: Sequence[WaveResults], plan: Plan) -> dict[str, Estimate]:
    """The figures by brand of the last wave that has them, those of the same identity that have a value and a base."""
    for results in reversed(earlier):
        found = [e for e in results.estimates if e.source == "reviews" and e.indicator == plan.indicator.id]
        brands = {e.segment[0][1]: e for e in found if _of_brand(e)}
        if brands:
            return {b: e for b, e in brands.items() if e.identity == plan.identity.key and e.value is not None and e.n}
    return {}


def coder_error(session: Session, study: Study) -> Iterator[CoderError]:
    """How often the sign of the coder's score agrees with the stars, on texts that have both; once per wave.

    Few stars against many, those between left out. What cannot be analysed counts as wrong, since it was not told.
    """
    if not session.has("verbatims"):
        return
    read, _ = readings(session)
    own = read.filter(pc.and_(pc.equal(read["source"], "reviews"), pc.equal(read["question"], "text")))
    table = session.table("reviews").select("review", "stars").distinct().order_by("review").to_pyarrow()
    at = pc.index_in(own["origin"].combine_chunks(), table["review"].combine_chunks())
    stars = table["stars"].combine_chunks().take(at).to_numpy(zero_copy_only=False).astype(np.float64)
    way = (stars - 1) / (study.reviews.stars - 1)
    told = pc.not_equal(own["polarity"], "not_analysable").to_numpy()
    positive = own["score"].to_numpy() > CUT
    classes = [way <= LOW, way >= HIGH]
    of = [int(c.sum()) for c in classes]
    if not min(of):
        return
    right = [int((classes[0] & told & ~positive).sum()), int((classes[1] & told & positive).sum())]
    value, low, high = balanced_accuracy(right, of, level=study.header.show.level)
    extreme = classes[0] | classes[1]
    silent = float((extreme & ~told).sum() / extreme.sum())
    yield CoderError(polarity.CODER, "stars", sum(of), value, low, high, silent)
