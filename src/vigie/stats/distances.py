"""The calibration functions F of Deville & Särndal: how a weight answers to what its margins ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from scipy.special import expit

from vigie.stats.sums import FloatArray

Method = Literal["raking", "linear", "logit"]
METHODS: tuple[Method, ...] = ("raking", "linear", "logit")
Bounds = tuple[float, float]
_LARGEST = 700.0  # beyond this logarithm a factor is no longer a number
_STEEPEST = 20.0  # a step never multiplies a weight by more than e^20, whatever the curvature says


class Distance(Protocol):
    """F with its slope F′ and its integral Φ, all of one shape."""

    @property
    def low(self) -> float:
        """The smallest factor."""

    @property
    def high(self) -> float:
        """The largest factor."""

    @property
    def most(self) -> float:
        """The longest step of u."""

    def factor(self, u: FloatArray) -> FloatArray:
        """F(u) = w/d."""

    def slope(self, u: FloatArray) -> FloatArray:
        """F′(u), zero where a bound holds."""

    def integral(self, u: FloatArray) -> FloatArray:
        """Φ(u), convex, Φ′ = F."""

    def inverse(self, factor: float) -> float:
        """The u whose factor this is, for a factor within the bounds."""


def distance(method: Method, bounds: Bounds | None) -> Distance:
    """The function of a method: raking eᵘ, linear 1 + u, each cut at the bounds if given; logit always between them.

    Raises ValueError for bounds that the method cannot keep.
    """
    if method not in METHODS:
        raise ValueError(f"the method {method!r} is none of {', '.join(METHODS)}")
    if bounds is not None and not bounds[0] < bounds[1]:
        raise ValueError(f"bounds {bounds} are not L < U")
    if method == "logit":
        if bounds is None or not 0 <= bounds[0] < 1 < bounds[1] < np.inf:
            raise ValueError(f"logit stands between bounds around 1, not {bounds}")
        return Logit(*bounds)
    if method == "linear":
        return Linear(*(bounds or (-np.inf, np.inf)))
    if bounds is not None and bounds[0] < 0:
        raise ValueError(f"bounds {bounds} are not 0 ≤ L < U")
    return Raking(*(bounds or (0.0, np.inf)))


@dataclass(frozen=True, slots=True)
class Raking:
    """F(u) = min(max(eᵘ, L), U): the limit of iterative proportional fitting, truncated where bounds are given."""

    low: float
    high: float
    most: float = _STEEPEST

    def factor(self, u: FloatArray) -> FloatArray:
        return np.asarray(np.clip(np.exp(np.minimum(u, _LARGEST)), self.low, self.high))

    def slope(self, u: FloatArray) -> FloatArray:
        grown = np.exp(np.minimum(u, _LARGEST))
        return np.where((grown > self.low) & (grown < self.high), grown, 0.0)

    def integral(self, u: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            held = np.clip(u, np.log(self.low), min(np.log(self.high), _LARGEST))
        # outside the bounds Φ goes on along its tangent: Φ(u) = e^a + e^a (u - a), a the logarithm of the bound
        return np.asarray(np.exp(held) * (1.0 + (u - held)))

    def inverse(self, factor: float) -> float:
        return float(np.log(max(factor, 1e-300)))


@dataclass(frozen=True, slots=True)
class Linear:
    """F(u) = min(max(1 + u, L), U): generalised regression; without bounds it may give negative weights."""

    low: float
    high: float
    most: float = np.inf  # the dual is made of parabolas: a full step is never too long to be halved back

    def factor(self, u: FloatArray) -> FloatArray:
        return np.asarray(np.clip(1.0 + u, self.low, self.high))

    def slope(self, u: FloatArray) -> FloatArray:
        return np.where((1.0 + u > self.low) & (1.0 + u < self.high), 1.0, 0.0)

    def integral(self, u: FloatArray) -> FloatArray:
        held = np.clip(u, self.low - 1.0, self.high - 1.0)
        return np.asarray(held + held**2 / 2 + (1.0 + held) * (u - held))

    def inverse(self, factor: float) -> float:
        return factor - 1.0


@dataclass(frozen=True, slots=True)
class Logit:
    """F(u) = [L(U-1) + U(1-L)e^{Au}] / [U-1 + (1-L)e^{Au}], A = (U-L)/((1-L)(U-1)): smooth, and within its bounds."""

    low: float
    high: float

    @property
    def most(self) -> float:
        return _STEEPEST / self._rate

    @property
    def _rate(self) -> float:
        return (self.high - self.low) / ((1 - self.low) * (self.high - 1))

    def _place(self, u: FloatArray) -> FloatArray:
        """Where the factor stands between its bounds, on the logit scale: F = L + (U - L) expit of it."""
        return np.asarray(self._rate * u + np.log((1 - self.low) / (self.high - 1)))

    def factor(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.low + (self.high - self.low) * expit(self._place(u)))

    def slope(self, u: FloatArray) -> FloatArray:
        place = self._place(u)
        return np.asarray((self.high - self.low) * self._rate * expit(place) * expit(-place))

    def integral(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.low * u + (self.high - self.low) / self._rate * np.logaddexp(0.0, self._place(u)))

    def inverse(self, factor: float) -> float:
        place = np.log((factor - self.low) / (self.high - factor)) - np.log((1 - self.low) / (self.high - 1))
        return float(place / self._rate)
