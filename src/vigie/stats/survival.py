"""Delays until an answer, the unanswered included: Kaplan-Meier curves of many groups at once, and their comparison.

A request without an answer is *censored* at the last moment when somebody looked: its delay is longer than that, not
unknown. Dropping it makes the slow look fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtri

from vigie.stats.intervals import interval
from vigie.stats.sums import BoolArray, FloatArray, IntArray

__all__ = ["Curves", "answered_within", "kaplan_meier", "log_rank", "median", "restricted_mean"]

_TIE = float(np.sqrt(np.finfo(np.float64).eps))  # R's: a survival this close to one half is one half
_CELLS = 1 << 20  # times × groups that are looked at together by the log-rank test


@dataclass(frozen=True, slots=True)
class Curves:
    """Kaplan-Meier curves of G groups, one group after another in K steps, one for each time that was seen in a group.

    A group without people has no steps; before its first step a curve is 1.
    """

    start: IntArray  # (G + 1,) the steps of group g are start[g] to start[g + 1]
    time: FloatArray  # (K,) hours, increasing within a group; answers and ends of observation
    at_risk: IntArray  # (K,) without an answer just before this time, and still looked at
    events: IntArray  # (K,) answers at this time
    survival: FloatArray  # (K,) S, the share without an answer, from this time to the next
    variance: FloatArray  # (K,) of S, Greenwood; 0 where S is 0

    @property
    def groups(self) -> int:
        """G, the number of groups."""
        return len(self.start) - 1

    @property
    def n(self) -> IntArray:
        """(G,) all of the group, answered or not."""
        return self._at_first(self.at_risk)

    @property
    def answered(self) -> IntArray:
        """(G,) those that were answered while somebody looked."""
        total = np.concatenate([[0], np.cumsum(self.events)])
        return np.asarray(np.diff(total[self.start]))

    @property
    def last(self) -> FloatArray:
        """(G,) hours, the last time that was seen; nan in a group without people."""
        some = np.diff(self.start) > 0
        out = np.full(self.groups, np.nan)
        out[some] = self.time[self.start[1:][some] - 1]
        return out

    def steps(self, group: int) -> slice:
        """Where the steps of one group stand, e.g. `curves.time[curves.steps(2)]` for its chart."""
        return slice(int(self.start[group]), int(self.start[group + 1]))

    def _at_first(self, values: IntArray) -> IntArray:
        some = np.diff(self.start) > 0
        out = np.zeros(self.groups, dtype=np.int64)
        out[some] = values[self.start[:-1][some]]
        return out


def kaplan_meier(time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike, n_groups: int) -> Curves:
    """The share still without an answer at every time, S(t) = Π_{t_i ≤ t} (1 - d_i/n_i), in each group.

    d_i answers at t_i among the n_i that wait just before; whoever is censored at t_i still waits at t_i. Greenwood's
    variance S² Σ d_i/(n_i (n_i - d_i)). Kaplan & Meier 1958; agrees with R `survival::survfit`.

    Parameters: `time` (n,) hours ≥ 0 until the answer, or until the end of observation without one; `event` (n,) bool,
    whether there was an answer; `group` (n,) between 0 and `n_groups` - 1.

    Raises ValueError where shapes differ, a time is negative or not finite, an event is neither true nor false, or a
    group is out of range.

    Not where observation ends *because* an answer is near or far (a bounce is another event, an automatic
    acknowledgement is none), nor for weighted or clustered samples: each request counts once, on its own.

    >>> curves = kaplan_meier([1, 2, 2, 3], [True, True, False, True], [0, 0, 0, 0], 1)
    >>> curves.survival.round(4).tolist()  # 3/4; of three that wait one is answered; of one, one
    [0.75, 0.5, 0.0]
    """
    hours, answered, key = _checked(time, event, group, n_groups)
    order = np.lexsort((hours, key))
    hours, answered, key = hours[order], answered[order], key[order]
    new = np.ones(len(key), dtype=np.bool_)
    new[1:] = (np.diff(key) != 0) | (np.diff(hours) != 0)
    first = np.flatnonzero(new)
    ends = np.searchsorted(key, np.arange(n_groups + 1))
    start = np.searchsorted(first, ends)
    at_risk = (ends[key[first] + 1] - first).astype(np.int64)
    counted = np.concatenate([[0], np.cumsum(answered)])
    events = np.diff(counted[np.append(first, len(key))]).astype(np.int64)
    stay = at_risk - events
    survival, growth = np.empty(len(first)), np.empty(len(first))
    factor, term = stay / np.maximum(at_risk, 1), _greenwood(at_risk, events)
    for part in _parts(start):
        np.cumprod(factor[part], out=survival[part])
        np.cumsum(term[part], out=growth[part])
    return Curves(start, hours[first], at_risk, events, survival, survival**2 * growth)


def answered_within(
    curves: Curves, times: npt.ArrayLike, level: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Share answered within each time, 1 - S(t), its standard error and confidence limits, each (G, T).

    The limits are those of S on the log(-log) scale, S^exp(±z·se/(S log S)), taken from 1, as R's
    `survfit(conf.type="log-log")`. Where nobody or everybody was answered by then, the standard error is 0 and the
    limits are Clopper-Pearson's (1934) on those whose fate at that time is known, where R gives none.

    Parameters: `times` (T,) hours ≥ 0, an answer at exactly that time included. Values are shares. All four are nan
    in a group without people, and past the last time seen in the group unless S has reached 0 by then: what was not
    looked at is not extrapolated.

    Raises ValueError for a negative time and for an unknown level.

    Not one after the other as a family of tests: the times of one curve go together.

    >>> hours = [1, 2, 2, 5, 8, 20, 23, 30, 47, 60, 72, 90] + [168] * 8  # e-mails, of which the last 8 had no answer

    >>> curves = kaplan_meier(hours, [True] * 12 + [False] * 8, [0] * 20, 1)
    >>> [round(x.item(), 4) for x in answered_within(curves, 24)]  # 7 of 20 within a day
    [0.35, 0.1067, 0.1847, 0.597]
    """
    asked = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if asked.ndim != 1 or not (asked >= 0).all():
        raise ValueError("times are hours, not negative")
    lower, upper = _limits(curves, level)
    shape = (curves.groups, len(asked))
    value, se, low, high = (np.full(shape, np.nan) for _ in range(4))
    total = np.concatenate([[0], np.cumsum(curves.events)])
    for j, t in enumerate(asked):
        known = np.flatnonzero(_observed(curves, float(t)))
        begin, passed = curves.start[known], _steps_until(curves, float(t))[known]
        step = np.maximum(begin + passed - 1, 0)
        S, V, L, U = (
            np.where(passed > 0, a[step], before)
            for a, before in ((curves.survival, 1.0), (curves.variance, 0.0), (lower, np.nan), (upper, np.nan))
        )
        value[known, j], se[known, j] = 1 - S, np.sqrt(V)
        # nobody yet: all who were still looked at; everybody: all who were answered, the others having left before
        waiting = begin + _steps_before(curves, float(t))[known]
        looked = curves.at_risk[np.minimum(waiting, len(curves.time) - 1)]
        fate = np.where(S == 1, looked, total[begin + passed] - total[begin])
        edge = interval("share", 1 - S, 0.0, np.inf, n_effective=fate, level=level)
        at_edge = (S == 0) | (S == 1)
        low[known, j], high[known, j] = np.where(at_edge, edge[0], 1 - U), np.where(at_edge, edge[1], 1 - L)
    return value, se, low, high


def median(curves: Curves, level: float = 0.95) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Median delay in hours and its confidence limits, each (G,): by when one half was answered.

    The first time with S < 0.5; where S is 0.5 on an interval, its middle (its end being the last time seen, if S
    falls no further). The limits are where the log-log limits of S cross 0.5 (Brookmeyer & Crowley 1982). Agrees with
    R `quantile(survfit(conf.type="log-log"), 0.5)`. nan where a curve or a limit does not reach 0.5: the median is then
    longer than the time looked at, and the upper limit has no end.

    Raises ValueError for an unknown level.

    Not the median of those that were answered, which is always shorter.

    >>> hours = [1, 2, 2, 5, 8, 20, 23, 30, 47, 60, 72, 90] + [168] * 8  # e-mails, of which the last 8 had no answer

    >>> middle, low, high = median(kaplan_meier(hours, [True] * 12 + [False] * 8, [0] * 20, 1))
    >>> middle.item()  # half are answered at 60 hours, more than half at 72; those answered waited 30 in the mean
    66.0
    """
    lower, upper = _limits(curves, level)
    return _crossing(curves, curves.survival), _crossing(curves, lower), _crossing(curves, upper)


def restricted_mean(curves: Curves, until: float) -> tuple[FloatArray, FloatArray]:
    """Mean of the smaller of delay and `until`, in hours, and its standard error, each (G,): the area ∫₀ᵘ S(t)dt.

    Variance Σ A_i² d_i/(n_i (n_i - d_i)), A_i = ∫_{t_i}^u S (Klein & Moeschberger 2003, §4.5); a step at which the last
    ones are answered adds nothing. Agrees with R `summary(survfit, rmean=until)`, which goes on beyond the last time
    seen as if nothing more happened; here value and error are nan there unless S has reached 0.

    Raises ValueError for `until` that is not positive and finite.

    Not a mean delay: `until` is part of the figure and is printed with it. Not with few answers: value ± 1.96 se is
    then somewhat too short (some 19 answers a group: it holds the truth in about 93 % of simulated groups).

    >>> hours = [1, 2, 2, 5, 8, 20, 23, 30, 47, 60, 72, 90] + [168] * 8  # e-mails, of which the last 8 had no answer

    >>> value, _ = restricted_mean(kaplan_meier(hours, [True] * 12 + [False] * 8, [0] * 20, 1), 168)
    >>> round(value.item(), 4)  # (12·30 + 8·168)/20
    85.2
    """
    if not (until > 0 and np.isfinite(until)):
        raise ValueError(f"a mean until {until} hours is not offered")
    here = np.minimum(curves.time, until)
    following = np.append(here[1:], until)
    some = np.diff(curves.start) > 0
    following[curves.start[1:][some] - 1] = until
    areas = curves.survival * (following - here)
    terms = _greenwood(curves.at_risk, curves.events)
    value, variance = np.full(curves.groups, np.nan), np.full(curves.groups, np.nan)
    known = _observed(curves, until)
    for g, part in enumerate(_parts(curves.start)):
        if known[g]:
            after = np.cumsum(areas[part][::-1])[::-1]
            value[g] = here[part][0] + after[0]
            variance[g] = float(after**2 @ terms[part])
    return value, np.sqrt(variance)


def log_rank(time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike) -> tuple[float, int, float]:
    """Test that delays are the same in all groups: χ², its degrees of freedom and its p-value (Mantel 1966).

    Observed minus expected answers of each group, Σ_i (d_ig - d_i n_ig/n_i), with their hypergeometric covariance.
    Agrees with R `survival::survdiff`. A group in which no answer was to be expected is left out; with fewer than two
    groups left, χ² and p are nan and df is 0.

    Parameters: as for `kaplan_meier`, the number of groups being the largest `group` + 1. Raises ValueError likewise.

    Not for curves that cross (early and late differences cancel), nor for requests that hang together, such as many of
    one sender.

    >>> hours = [1, 2, 2, 5, 8, 20, 23, 30, 47, 60, 72, 90] + [168] * 8  # e-mails, of which the last 8 had no answer

    >>> chisq, df, _ = log_rank(hours, [True] * 12 + [False] * 8, [0, 1] * 10)  # to two brands by turns
    >>> round(chisq, 4), df  # as R
    (0.0219, 1)
    """
    key = np.asarray(group).astype(np.int64)
    n_groups = int(key.max(initial=-1)) + 1
    hours, answered, key = _checked(time, event, group, n_groups)
    moments, events = np.unique(hours[answered], return_counts=True)
    # whoever leaves at or after the i-th time of an answer still waits at it
    leaves = np.searchsorted(moments, hours, side="right") - 1
    expected, own, shared = np.zeros(n_groups), np.zeros(n_groups), np.zeros((n_groups, n_groups))
    for block, waiting in _waiting(leaves, key, len(moments), n_groups):
        d, n = events[block].astype(np.float64), waiting.sum(axis=1)
        spread = np.divide(d * (n - d), n - 1, out=np.zeros_like(n), where=n > 1)
        share = waiting / n[:, None]
        expected += d @ share
        own += spread @ share
        shared += (share * spread[:, None]).T @ share
    kept = np.flatnonzero(expected > 0)[1:]
    if not len(kept):
        return float("nan"), 0, float("nan")
    gap = (np.bincount(key[answered], minlength=n_groups) - expected)[kept]
    cov = (np.diag(own) - shared)[np.ix_(kept, kept)]
    chisq = float(gap @ np.linalg.lstsq(cov, gap, rcond=None)[0])
    return chisq, len(kept), float(chdtrc(len(kept), chisq))


def _checked(
    time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike, n_groups: int
) -> tuple[FloatArray, BoolArray, IntArray]:
    hours, given = np.asarray(time, dtype=np.float64), np.asarray(event)
    answered = given.astype(np.bool_)
    key = np.asarray(group).astype(np.int64)
    if hours.ndim != 1 or answered.shape != hours.shape or key.shape != hours.shape:
        raise ValueError("time, event and group have one entry per request")
    if not np.isfinite(hours).all() or (hours < 0).any():
        raise ValueError("times are hours, finite and not negative: without an answer, until the end of observation")
    if not (answered == given).all():
        raise ValueError("an event is true or false")
    if key.size and (key.min() < 0 or key.max() >= n_groups):
        raise ValueError(f"a group lies outside 0…{n_groups - 1}")
    return hours, answered, key


def _parts(start: IntArray) -> Iterator[slice]:
    for begin, end in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
        yield slice(begin, end)


def _greenwood(at_risk: IntArray, events: IntArray) -> FloatArray:
    """d/(n (n - d)) of every step; 0 where all that waited are answered, since S is 0 from then on."""
    below = at_risk * (at_risk - events)
    return np.divide(events, below, out=np.zeros(len(events)), where=below > 0)


def _limits(curves: Curves, level: float) -> tuple[FloatArray, FloatArray]:
    """Limits of S at every step on the log(-log) scale; nan where S is 0 or 1."""
    if not 0 < level < 1:
        raise ValueError(f"the level {level} is not between 0 and 1")
    inside = (curves.survival > 0) & (curves.survival < 1)
    S = np.where(inside, curves.survival, np.nan)
    half = ndtri((1 + level) / 2) * np.sqrt(curves.variance) / -(S * np.log(S))
    return S ** np.exp(half), S ** np.exp(-half)


def _crossing(curves: Curves, values: FloatArray) -> FloatArray:
    """Where the values of each group fall below one half (G,), as R's `quantile.survfit`; nan never passes."""
    K = len(values)
    out = np.full(curves.groups, np.nan)
    some = np.flatnonzero(np.diff(curves.start) > 0)
    if not len(some):
        return out
    index, begin, final = np.arange(K), curves.start[:-1][some], curves.start[1:][some] - 1
    touch, pass_ = (
        np.minimum.reduceat(np.where(below, index, K), begin) for below in (values <= 0.5 + _TIE, values <= 0.5 - _TIE)
    )
    stays = np.abs(values[final] - 0.5) < _TIE
    later = np.where((pass_ == K) & stays, final, pass_)
    reached = later < K
    out[some[reached]] = (curves.time[touch[reached]] + curves.time[later[reached]]) / 2
    return out


def _observed(curves: Curves, t: float) -> BoolArray:
    """(G,) whether S is known at this time: somebody was still looked at, or everybody was answered before."""
    some = np.diff(curves.start) > 0
    out = np.zeros(curves.groups, dtype=np.bool_)
    final = curves.start[1:][some] - 1
    out[some] = (curves.time[final] >= t) | (curves.survival[final] == 0)
    return out


def _steps_until(curves: Curves, t: float) -> IntArray:
    """(G,) steps of each group at or before this time."""
    total = np.concatenate([[0], np.cumsum(curves.time <= t)])
    return np.asarray(np.diff(total[curves.start]))


def _steps_before(curves: Curves, t: float) -> IntArray:
    """(G,) steps of each group before this time."""
    total = np.concatenate([[0], np.cumsum(curves.time < t)])
    return np.asarray(np.diff(total[curves.start]))


def _waiting(leaves: IntArray, key: IntArray, moments: int, n_groups: int) -> Iterator[tuple[slice, FloatArray]]:
    """People of each group that wait at each time of an answer (times, G), from the last times to the first."""
    order = np.argsort(leaves, kind="stable")
    sorted_leaves, sorted_key = leaves[order], key[order]
    size = max(1, _CELLS // max(n_groups, 1))
    staying = np.zeros(n_groups)
    for end in range(moments, 0, -size):
        block = slice(max(0, end - size), end)
        length = block.stop - block.start
        rows = slice(*np.searchsorted(sorted_leaves, [block.start, block.stop]))
        cell = (sorted_leaves[rows] - block.start) * n_groups + sorted_key[rows]
        left = np.bincount(cell, minlength=length * n_groups).reshape(length, n_groups)
        waiting = np.cumsum(left[::-1], axis=0)[::-1] + staying
        staying = waiting[0]
        yield block, waiting
