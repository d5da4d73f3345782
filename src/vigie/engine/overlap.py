"""The surveys of a study's waves beside each other: changes are tested with the covariance of people in several.

Of each wave only what linearises a person anew is kept (`fielded.py`); the answers of the people whom two waves share,
and of nobody else, are read once more from both snapshots (`shared.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from vigie.engine.fielded import Fielded
from vigie.engine.shared import Shared, shared
from vigie.results.figures import Estimate, Place
from vigie.study.waves import Wave

Floats = npt.NDArray[np.float64]


class Surveys:
    """The surveys of a study's waves, and the covariance of any two of them; each pair is looked at once."""

    def __init__(self) -> None:
        self.waves: dict[str, list[Fielded]] = {}  # by wave, one of each weighting
        self.pairs: dict[tuple[str, str], Shared] = {}

    def add(self, wave: Wave, fielded: Sequence[Fielded]) -> None:
        if fielded:
            self.waves[wave.id] = list(fielded)

    def people(self, wave: str) -> int:
        """How many people a wave's figures stand on."""
        return max(f.people for f in self.waves[wave])

    def common(self, wave: str, key: Place) -> Estimate | None:
        """A figure on the channels that another wave lists too."""
        return next((f.common[key] for f in self.waves.get(wave, []) if key in f.common), None)

    def shared(self, one: str, other: str) -> Shared | None:
        """What two waves share; None where one has no survey."""
        asked = (one, other)
        if one not in self.waves or other not in self.waves:
            return None
        if asked not in self.pairs:
            one, other = sorted((one, other), key=list(self.waves).index)
            found = self._shared(one, other)
            self.pairs[one, other] = found
            self.pairs[other, one] = replace(found, variance=found.variance[::-1])
        return self.pairs[asked]

    def _shared(self, one: str, other: str) -> Shared:
        """What two waves share, weighting by weighting: each figure has one."""
        earlier = {f.weighting: f for f in self.waves[one]}
        made = [shared(earlier[f.weighting], f) for f in self.waves[other] if f.weighting in earlier]
        cov = {key: value for s in made for key, value in s.cov.items()}
        variance = tuple({key: value for s in made for key, value in s.variance[i].items()} for i in (0, 1))
        people, clusters = (max((getattr(s, name) for s in made), default=0) for name in ("people", "clusters"))
        return Shared(people, cov, (variance[0], variance[1]), clusters)

    def variance(self, parts: Sequence[tuple[float, Estimate]]) -> tuple[float, bool]:
        """Var Σ c θ of one figure in several waves, and whether any two of them share people.

        Two waves: V₁ + V₂ - 2Cov with people, or the clusters that were drawn, as clusters across both. More: each
        wave's own variance, and the covariance of every two.
        """
        total = sum(c * c * (e.se or 0.0) ** 2 for c, e in parts)
        together = False
        for i, (c, e) in enumerate(parts):
            for c2, e2 in parts[i + 1 :]:
                found = self.shared(e.wave, e2.wave) if e.source == "survey" else None
                if found is None or e.place not in found.cov:
                    continue
                together = together or found.people > 0
                if len(parts) == 2 and e.place in found.variance[0]:
                    total = c * c * found.variance[0][e.place] + c2 * c2 * found.variance[1][e.place]
                total += 2 * c * c2 * found.cov[e.place]
        return max(total, 0.0), together

    def degrees(self, estimates: Sequence[Estimate]) -> float:
        """Degrees of freedom of a difference, or a mean, of a figure of several waves.

        Those of the waves together; where waves drew the same clusters, which are there once, of the wave that has the
        most.
        """
        pairs = [(a, b) for i, a in enumerate(estimates) for b in estimates[i + 1 :] if a.source == "survey"]
        found = (self.shared(a.wave, b.wave) for a, b in pairs)
        if any(f is not None and f.clusters for f in found):
            return max(e.degrees for e in estimates)
        return sum(e.degrees for e in estimates)

    def covariance(self, run: Sequence[Estimate]) -> Floats:
        """The covariance (T, T) of one figure in several waves."""
        cov = np.diag([(e.se or 0.0) ** 2 for e in run])
        for i, e in enumerate(run):
            for j, other in enumerate(run[:i]):
                found = self.shared(e.wave, other.wave) if e.source == "survey" else None
                cov[i, j] = cov[j, i] = found.cov.get(e.place, 0.0) if found is not None else 0.0
        return cov
