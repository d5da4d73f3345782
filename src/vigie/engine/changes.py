"""What changed since the wave before: the difference of each figure with its test, where a test is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from vigie.engine.common_brands import OnCommon, Tested, brands_of, on_common
from vigie.engine.common_lists import between
from vigie.engine.overlap import Surveys
from vigie.results.figures import BRANDS, COMMON, LINKED, Change, Estimate, Flag, Place, Verdict, family, flag_of
from vigie.results.rankings import CellScore
from vigie.results.waves import WaveResults
from vigie.stats.significance import difference, holm
from vigie.study.identity import Identity, indicator_identity, score_identity
from vigie.study.model import Study
from vigie.study.sections import Mystery
from vigie.study.waves import Wave
from vigie.verbatim.polarity import CODER

Cells = Sequence[CellScore]
Terms = list[tuple[float, Estimate]]
SCORE = "mystery_score"
PARALLEL, OVERLAP, OTHERS = "parallel", "overlap", "other_brands"


@dataclass(frozen=True)
class Before:
    """The waves that a wave is compared with, and what they share with it."""

    earlier: Sequence[WaveResults]  # oldest first; each source is compared with the last that has it
    panel: Surveys = field(default_factory=Surveys)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by indicator: comparable with these notes
    noted: str = ""  # the wave since which these hold
    against: str = ""  # the one wave that is compared with, whatever lies between


def with_changes(study: Study, wave: Wave, before: Before, now: Sequence[Estimate], cells: Cells) -> list[Estimate]:
    """The estimates of a wave, each with its change from the last wave before that has its source.

    Surveys in which the same people answer are tested with their covariance; tests, reviews and cases of two waves are
    taken as independent. Only figures of one identity are tested, and only where neither base is flagged; a series
    whose instrument changed goes on where a parallel run measured both instruments, with the shift between them and its
    error. The mean score of a channel is compared on the brands that both waves tested at least twice, so that new
    brands are no change; with none, or too few tests of theirs, it is not tested. Nothing is tested against printed
    figures. Student's t with the two bases' degrees of freedom; Holm's correction runs within one indicator over its
    segments of one kind (its channels; the categories of one banner question; its brands).
    """
    differ = _Comparison(study, wave, before, cells)
    found = [differ.change(e) for e in now]
    adjusted = _adjusted(now, found)
    level = 1 - study.header.show.level
    return [
        replace(e, change=_judged(c, p, level)) if c is not None else e
        for e, c, p in zip(now, found, adjusted, strict=True)
    ]


def compared_with(study: Study, wave: Wave, earlier: Sequence[WaveResults]) -> list[WaveResults]:
    """The waves before that may be compared with: a parallel run with the wave beside which it ran, and no other.

    No wave is compared with a parallel run, which is no step of the trend.
    """
    if wave.parallel is not None:
        return [r for r in earlier if r.wave == wave.parallel.to]
    return [r for r in earlier if study.waves[r.wave].parallel is None]


class _Comparison:
    """A wave beside the last earlier wave of each source."""

    def __init__(self, study: Study, wave: Wave, before: Before, cells: Cells) -> None:
        self.study, self.wave, self.cells, self.before = study, wave, cells, before
        self.identities: dict[tuple[str, str, str], Identity | None] = {}
        compared = compared_with(study, wave, before.earlier)
        if before.against:
            compared = [r for r in before.earlier if r.wave == before.against]
        self.beside = wave.parallel.to if wave.parallel is not None else ""
        self.last = {e.source: results for results in compared for e in results.estimates}
        self.then: dict[Place, Estimate] = {
            e.place: e for source, results in self.last.items() for e in results.estimates if e.source == source
        }
        self.links = self._links()

    def _links(self) -> list[tuple[Mapping[Place, Estimate], Mapping[Place, Estimate]]]:
        """The figures of each wave that had a parallel run, and those of the run."""
        by_wave = {r.wave: r for r in self.before.earlier}
        pairs = [
            (by_wave[w.parallel.to], by_wave[w.id])
            for w in self.study.waves.values()
            if w.parallel is not None and {w.id, w.parallel.to} <= set(by_wave)
        ]
        return [({e.place: e for e in one.estimates}, {e.place: e for e in two.estimates}) for one, two in pairs]

    def change(self, now: Estimate) -> Change | None:
        """The unadjusted change: a break, a base too small, or a difference with its p-value."""
        then = self.then.get(now.place)
        if then is None or then.unit != now.unit:
            return None
        before = self.study.waves[then.wave]
        if then.published:
            return Change(before.id, None, None, None, None, "untested", "published")
        terms = [(1.0, now), (-1.0, then)]
        notes = list(self.before.notes.get(now.indicator, ()) if then.wave == self.before.noted else ())
        broken = "" if self._side_by_side(before) else self._broken(before, now, then)
        if broken:
            terms, how = self._reopened(now, then)
            notes.append(how)
            if not terms:
                return Change(before.id, None, None, None, None, "break", broken)
        if any(e.value is None or e.se is None for _, e in terms):
            told = "small_base" if "hidden" in {e.flag for _, e in terms} else "no_test"
            return Change(before.id, None, None, None, None, "untested", told)
        sound = all(e.flag == "ok" for _, e in terms)
        if self._other_brands(terms):
            alone = self._on_common_brands(terms)
            flag = self._flag(alone.n) if alone else "hidden"
            if alone is None or flag == "hidden":
                told = OTHERS if alone is None else "small_base"
                return Change(before.id, None, None, None, None, "untested", told)
            diff, error, p, how, sound = alone.difference, alone.se, alone.p, BRANDS, sound and flag == "ok"
        else:
            diff, error, p, how = self._test(terms)
        notes += [how] if how else []
        test = float(p) if np.isfinite(p) else None
        verdict, reason = ("none", "") if sound and test is not None else ("untested", "small_base")
        if sound and test is None:
            reason = "no_spread"
        if self._side_by_side(before):
            verdict, reason = "untested", PARALLEL
        return Change(before.id, float(diff), float(error), test, None, cast("Verdict", verdict), reason, tuple(notes))

    def _test(self, terms: Terms) -> tuple[float, float, float, str]:
        """The difference, its standard error and p-value, and a note where people were shared."""
        variance, together = self.before.panel.variance(terms)
        value = sum(c * (e.value or 0.0) for c, e in terms)
        largest = sum((c * (e.se or 0.0)) ** 2 for c, e in terms)
        se = variance**0.5 if variance > 1e-14 * largest else 0.0  # what rounding leaves of equal answers is no spread
        if any(e.se == 0 for _, e in terms):  # nobody, or everybody: a handful of people would pass for certainty
            return value, se, np.nan, OVERLAP if together else ""
        df = self.before.panel.degrees([e for _, e in terms])
        _, error, p = difference(value, se, 0.0, 0.0, df=df)
        return value, float(error), float(p), OVERLAP if together else ""

    def _reopened(self, now: Estimate, then: Estimate) -> tuple[Terms, str]:
        """What stands for the difference of two figures that may not be compared as they are, and how."""
        common = self._on_common_list(now, then)
        return (common, COMMON) if common else (self._linked(now, then), LINKED)

    def _side_by_side(self, other: Wave) -> bool:
        """Whether the two waves ran in parallel: what differs then is the instrument, and no change."""
        return self.beside == other.id

    def _on_common_list(self, now: Estimate, then: Estimate) -> Terms:
        """The same two figures on the channels that both waves list, where these alone make the difference."""
        segment = tuple(sorted((*now.segment, between(now.wave, then.wave))))
        one, two = (self.before.panel.common(e.wave, (now.source, now.indicator, segment)) for e in (then, now))
        if now.source != "survey" or one is None or two is None or one.identity != two.identity:
            return []
        return [(1.0, two), (-1.0, one)]

    def _linked(self, now: Estimate, then: Estimate) -> Terms:
        """θ now - θ then - the shift between the instruments, as a parallel run measured it; empty where none did."""
        for one, two in self.links:
            if now.place not in one or now.place not in two:
                continue
            old, new = one[now.place], two[now.place]
            if (old.identity, new.identity) == (now.identity, then.identity):
                old, new = new, old
            if (old.identity, new.identity) == (then.identity, now.identity):
                return _summed([(1.0, now), (-1.0, then), (-1.0, new), (1.0, old)])
        return []

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

    def _brands(self, estimate: Estimate) -> Tested:
        """The brands that the mean score of a channel stands on."""
        earlier = (r for r in self.before.earlier if r.wave == estimate.wave)
        every = self.cells if estimate.wave == self.wave.id else next(([*r.cells, *r.thin] for r in earlier), [])
        return brands_of(every, estimate.at("channel"))

    def _other_brands(self, terms: Terms) -> bool:
        """Whether the means of a channel stand on other brands in one wave than in another."""
        if terms[0][1].indicator != SCORE or terms[0][1].at("channel") is None:
            return False
        return len({frozenset(self._brands(e)) for _, e in terms}) > 1

    def _on_common_brands(self, terms: Terms) -> OnCommon | None:
        """The difference over the brands that both waves tested; none across a link of more waves than two."""
        return on_common(*(self._brands(e) for _, e in terms)) if len(terms) == 2 else None

    def _flag(self, tests: int) -> Flag:
        show = (self.study.header.mystery or Mystery()).show
        return flag_of(tests, show.hide, show.fragile)


def _summed(terms: Terms) -> Terms:
    """The terms of a sum with those of one wave added up; what cancels is gone."""
    total: dict[str, tuple[float, Estimate]] = {}
    for c, e in terms:
        total[e.wave] = (total.get(e.wave, (0.0, e))[0] + c, e)
    return [(c, e) for c, e in total.values() if c]


def _adjusted(now: Sequence[Estimate], found: Sequence[Change | None]) -> list[float | None]:
    """Holm-adjusted p-values of the changes that are tested."""
    families: dict[tuple[str, ...], int] = {}
    kinds = [tuple(family(e)) for e in now]
    numbers = [families.setdefault(kind, len(families)) for kind in kinds]
    raw = np.array([c.p if c and c.p is not None and c.verdict == "none" else np.nan for c in found], dtype=np.float64)
    if not len(raw):
        return []
    return [float(p) if np.isfinite(p) else None for p in holm(raw, np.array(numbers))]


def _judged(change: Change, p: float | None, level: float) -> Change:
    """Up or down where the adjusted test says so."""
    if p is None or change.difference is None:
        return change
    verdict = change.verdict if p >= level else "up" if change.difference > 0 else "down"
    return replace(change, p_adjusted=p, verdict=verdict)
