"""What changed since the wave before: the difference of each figure with its test, where a test is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from vigie.results import CellScore, Change, Estimate, Segment, Verdict, WaveResults
from vigie.stats.significance import difference, holm
from vigie.study.identity import Identity, indicator_identity, score_identity
from vigie.study.model import Study
from vigie.study.waves import Wave
from vigie.verbatim.polarity import CODER

Key = tuple[str, str, Segment]
Cells = Sequence[CellScore]
SCORE = "mystery_score"


def with_changes(
    study: Study, wave: Wave, earlier: Sequence[WaveResults], now: Sequence[Estimate], cells: Cells
) -> list[Estimate]:
    """The estimates of a wave, each with its change from the last wave before that has its source.

    Samples are taken as independent, reviews and cases of two waves too: waves in which the same people answer twice
    need a covariance that is not made here. Only figures of one identity are tested, and only where neither base is
    flagged; the mean score of a channel on the brands that both waves tested, so that new brands are no change. Nothing
    is tested against printed figures. Student's t with the two bases' degrees of freedom; Holm's correction runs within
    one indicator over its segments of one kind (its channels; the categories of one banner question; its brands).
    """
    differ = _Comparison(study, wave, earlier, cells)
    found = [differ.change(e) for e in now]
    adjusted = _adjusted(now, found)
    level = 1 - study.header.show.level
    return [
        replace(e, change=_judged(c, p, level)) if c is not None else e
        for e, c, p in zip(now, found, adjusted, strict=True)
    ]


class _Comparison:
    """A wave beside the last earlier wave of each source."""

    def __init__(self, study: Study, wave: Wave, earlier: Sequence[WaveResults], cells: Cells) -> None:
        self.study, self.wave, self.cells = study, wave, cells
        self.identities: dict[tuple[str, str, str], Identity | None] = {}
        self.last = {e.source: results for results in earlier for e in results.estimates}
        self.then: dict[Key, Estimate] = {
            (source, e.indicator, _ordered(e.segment)): e
            for source, results in self.last.items() for e in results.estimates if e.source == source
        }  # fmt: skip

    def change(self, now: Estimate) -> Change | None:
        """The unadjusted change: a break, a base too small, or a difference with its p-value."""
        then = self.then.get((now.source, now.indicator, _ordered(now.segment)))
        if then is None or then.unit != now.unit:
            return None
        before = self.study.waves[then.wave]
        if then.published:
            return Change(before.id, None, None, None, None, "untested", "published")
        broken = self._broken(before, now, then)
        if broken:
            return Change(before.id, None, None, None, None, "break", broken)
        if now.value is None or then.value is None or now.se is None or then.se is None:
            told = "small_base" if "hidden" in (now.flag, then.flag) else "no_test"
            return Change(before.id, None, None, None, None, "untested", told)
        pair = self._common(now.at("channel")) if now.indicator == SCORE and now.at("channel") else None
        value, se, was, had = pair or (now.value, now.se, then.value, then.se)
        diff, error, p = difference(value, se, was, had, df=max(now.n + then.n - 2, 1))
        test = float(p) if np.isfinite(p) else None
        tested = now.flag == "ok" and then.flag == "ok" and test is not None
        verdict, reason = ("none", "") if tested else ("untested", "small_base")
        return Change(before.id, float(diff), float(error), test, None, cast("Verdict", verdict), reason)

    def _broken(self, before: Wave, now: Estimate, then: Estimate) -> str:
        """Why two figures may not be compared: the part of the identity that differs, or a merger."""
        if now.identity != then.identity:
            here, there = (self._identity(w, now) for w in (self.wave, before))
            return (here.differs(there) if here and there else "") or (
                "channels" if now.indicator == SCORE and now.at("brand") else "not_comparable"
            )
        return "merged" if self._merged(before, now.at("brand")) else ""

    def _identity(self, wave: Wave, estimate: Estimate) -> Identity | None:
        """The identity of a figure's indicator, or of its channel's score, in a wave; made once."""
        score = estimate.indicator == SCORE
        key = (wave.id, estimate.indicator, estimate.at("channel") or "" if score else "")
        if key not in self.identities:
            self.identities[key] = (
                score_identity(self.study, wave, key[2] or None)
                if score
                else indicator_identity(self.study, wave, self.study.indicators[estimate.indicator], CODER)
            )
        return self.identities[key]

    def _merged(self, before: Wave, brand: str | None) -> bool:
        """Whether a brand took over another between the two waves."""
        days = [w.field[0] for w in (before, self.wave) if w.field]
        return len(days) == 2 and any(
            b.brand == brand and b.succeeds and b.start and days[0] < b.start <= days[1] for b in self.study.brands
        )

    def _common(self, channel: str | None) -> tuple[float, float, float, float] | None:
        """A channel's mean over the brands that both waves tested, now and then, each with its standard error."""
        then = {c.brand: c for c in self.last["mystery"].cells if c.channel == channel and c.score is not None}
        now = {c.brand: c for c in self.cells if c.channel == channel and c.score is not None}
        brands = sorted(now.keys() & then.keys())
        if not brands:
            return None
        found = []
        for cells in (now, then):
            scores = np.array([cells[b].score for b in brands], dtype=np.float64)
            errors = np.array([cells[b].se for b in brands], dtype=np.float64)
            found += [float(scores.mean()), float(np.sqrt((errors**2).sum()) / len(brands))]
        return found[0], found[1], found[2], found[3]


def _ordered(segment: Segment) -> Segment:
    """The dimensions in one order: printed figures may have another."""
    return tuple(sorted(segment))


def _adjusted(now: Sequence[Estimate], found: Sequence[Change | None]) -> list[float | None]:
    """Holm-adjusted p-values of the changes that are tested."""
    families: dict[tuple[str, ...], int] = {}
    kinds = [(e.source, e.indicator, *(d for d, _ in _ordered(e.segment))) for e in now]
    family = [families.setdefault(kind, len(families)) for kind in kinds]
    raw = np.array([c.p if c and c.p is not None and c.verdict == "none" else np.nan for c in found], dtype=np.float64)
    if not len(raw):
        return []
    return [float(p) if np.isfinite(p) else None for p in holm(raw, np.array(family))]


def _judged(change: Change, p: float | None, level: float) -> Change:
    """Up or down where the adjusted test says so."""
    if p is None or change.difference is None:
        return change
    verdict = change.verdict if p >= level else "up" if change.difference > 0 else "down"
    return replace(change, p_adjusted=p, verdict=verdict)
