"""What changed since the wave before: the difference of each figure with its test, where a test is allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vigie.results import Change, Estimate, Segment
from vigie.stats.significance import difference, holm
from vigie.study.identity import Identity, indicator_identity, score_identity
from vigie.study.model import Study
from vigie.study.waves import Wave

Key = tuple[str, str, Segment]


def with_changes(
    study: Study, wave: Wave, before: Wave, now: Sequence[Estimate], then: Sequence[Estimate]
) -> list[Estimate]:
    """The estimates of a wave with their change from the wave before; independent samples.

    Only figures of one identity are tested, and only where neither base is flagged. Holm's correction runs within one
    indicator over its segments of one kind (its channels; the categories of one banner question). Panels in which the
    same people answer twice need the covariance, and are not tested here.
    """
    earlier: dict[Key, Estimate] = {(e.source, e.indicator, e.segment): e for e in then}
    found = [_change(study, wave, before, e, earlier.get((e.source, e.indicator, e.segment))) for e in now]
    adjusted = _adjusted(now, found)
    level = 1 - study.header.show.level
    return [
        replace(e, change=_judged(c, p, level)) if c is not None else e
        for e, c, p in zip(now, found, adjusted, strict=True)
    ]


def _change(study: Study, wave: Wave, before: Wave, now: Estimate, then: Estimate | None) -> Change | None:
    """The untested change: a break, a base too small, or a difference with its p-value."""
    if then is None:
        return None
    if now.identity != then.identity:
        return Change(before.id, None, None, None, None, "break", _reason(study, wave, before, now))
    if now.flag == "hidden" or then.flag == "hidden" or None in (now.value, then.value, now.se, then.se):
        return Change(before.id, None, None, None, None, "untested", "small_base")
    diff, se, p = difference(now.value, now.se, then.value, then.se)  # type: ignore[arg-type]
    test = float(p) if np.isfinite(p) else None
    if now.flag != "ok" or then.flag != "ok":
        return Change(before.id, float(diff), float(se), test, None, "untested", "small_base")
    return Change(before.id, float(diff), float(se), test, None, "none")


def _reason(study: Study, wave: Wave, before: Wave, now: Estimate) -> str:
    """Which part of the identity differs between the two waves."""
    identity: Callable[[Wave], Identity | None]
    if now.source == "mystery":
        channel = now.at("channel")
        identity = lambda w: score_identity(study, w, channel)  # noqa: E731 - two ways to say the same thing
    else:
        indicator = study.indicators[now.indicator]
        identity = lambda w: indicator_identity(study, w, indicator)  # noqa: E731
    here, there = identity(wave), identity(before)
    return (here.differs(there) if here and there else "") or "not_comparable"


def _adjusted(now: Sequence[Estimate], found: Sequence[Change | None]) -> list[float | None]:
    """Holm-adjusted p-values of the changes that are tested."""
    families: dict[tuple[str, ...], int] = {}
    family = [families.setdefault((e.source, e.indicator, *(d for d, _ in e.segment)), len(families)) for e in now]
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
