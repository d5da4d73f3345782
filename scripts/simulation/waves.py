"""Arrows between two waves that are equal in truth: how often one is drawn, with people who answer in both.

Waves are drawn as sums, without files: what is measured is the test, from the people's answers to the arrows. Weights
go with the mood that answers depend on, so that their design effect is about one and a half; each wave is raked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vigie.stats.design import Design
from vigie.stats.design_effects import effective_base
from vigie.stats.estimates import estimate
from vigie.stats.panels import Influence, centred, contributions, factors, influence, stratum_variance, wave_covariance
from vigie.stats.significance import difference, holm
from vigie.stats.sums import FloatArray, IntArray, sums
from vigie.stats.weights import dummies, rake

LEVEL = 0.95
CHANNELS = (0.7, 0.6, 0.5, 0.4, 0.3)  # how many people are in the base of each figure of a family
_STRATA, _SEXES, _AGES = 2, 2, 3
_CELLS = _SEXES * _AGES
_MARGINS = ((0.48, 0.52), (0.3, 0.4, 0.3))
_SPREAD = 0.6  # of the logarithm of the weights


@dataclass(frozen=True, slots=True)
class Pair:
    """Two waves of a study that nothing changed between."""

    people: int  # of each wave
    shared: float  # how many of them answer in both
    figure: str
    mark: bool = False


PAIRS = (
    Pair(1000, 0.0, "share"), Pair(1000, 0.4, "share"), Pair(1000, 1.0, "share"),
    Pair(1000, 0.0, "mean mark", mark=True), Pair(1000, 0.4, "mean mark", mark=True),
    Pair(1000, 1.0, "mean mark", mark=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrows:
    """What the families of one kind gave; every arrow is wrong."""

    pair: Pair
    deff: float
    wrong: IntArray  # (R,) tests of a family below the level, unadjusted
    families: IntArray  # (R,) 1 where Holm leaves an arrow
    blind: IntArray  # (R,) unadjusted, waves taken for independent

    def single(self, wrong: IntArray | None = None) -> tuple[float, float]:
        """Wrong tests, and the Monte-Carlo error, families being the clusters."""
        return _rate((self.wrong if wrong is None else wrong) / len(CHANNELS))

    def whole(self) -> tuple[float, float]:
        """Families with an arrow, and the Monte-Carlo error."""
        return _rate(self.families.astype(np.float64))

    @property
    def met(self) -> bool:
        """Single tests wrong in 5 %, and families in at most 5 %, within three Monte-Carlo errors."""
        (single, error), (whole, whole_error) = self.single(), self.whole()
        return abs(single - (1 - LEVEL)) <= 3 * error and whole <= 1 - LEVEL + 3 * whole_error


def _rate(per_family: FloatArray) -> tuple[float, float]:
    return float(per_family.mean()), float(per_family.std(ddof=1) / len(per_family) ** 0.5)


@dataclass(frozen=True, slots=True)
class _Wave:
    """A wave that was drawn: its figures, how they hang on people, and these people."""

    value: FloatArray
    se: FloatArray
    of: Influence
    t: FloatArray  # (people, C)
    stratum: IntArray
    deff: float


def _wave(mood: FloatArray, traits: IntArray, pair: Pair, rng: np.random.Generator) -> _Wave:
    """Everybody's answers in one wave, with weights of their own, raked to the margins."""
    n, C = len(mood), len(CHANNELS)
    stratum, cell = traits[:, 0], traits[:, 1] * _AGES + traits[:, 2]
    d = np.exp(_SPREAD * rng.standard_normal(n) + 0.2 * mood)
    u = (rng.random((n, C)) < CHANNELS).astype(np.float64)
    answer = 0.9 * mood[:, None] + 0.15 * traits[:, 2:] + 0.6 * rng.standard_normal((n, C))
    v = u * (np.clip(np.rint(6 + 2 * answer), 0, 10) if pair.mark else answer > 0)
    groups = np.arange(_STRATA * _CELLS)
    total = sums(stratum * _CELLS + cell, len(groups), d, u, v)
    margins = [np.arange(_CELLS) // _AGES, np.arange(_CELLS) % _AGES]
    targets = [np.array(m) * d.sum() for m in _MARGINS]
    g = rake(np.bincount(cell, weights=d, minlength=_CELLS), margins, targets).g
    design = Design.of(stratum=groups // _CELLS, cell=groups % _CELLS, g=g, dummies=dummies(margins, [_SEXES, _AGES]))
    whole = np.ones((1, len(groups)), dtype=bool)
    made, figures = influence(total, design, whole), estimate(total, design, whole)
    everybody = np.ones(n, dtype=bool)
    t = contributions(made, 0, range(C), stratum * _CELLS + cell, d, everybody, u, v)
    w = d * g[cell]
    return _Wave(figures.value[0], figures.se[0], made, t, stratum, n / float(effective_base(w.sum(), (w * w).sum())))


def draw(pair: Pair, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, float]:
    """The p-values (C,) of the changes of one family, those of waves taken for independent, and the design effect."""
    n, both = pair.people, round(pair.people * pair.shared)
    mood = rng.standard_normal(2 * n - both)
    sizes = (_STRATA, _SEXES, _AGES)
    traits = np.column_stack([rng.integers(0, k, len(mood)) for k in sizes])
    one, two = (_wave(mood[at], traits[at], pair, rng) for at in (slice(0, n), slice(n - both, None)))
    df = 2 * n - 2
    alone = difference(two.value, two.se, one.value, one.se, df=df)[2]
    if not both:
        return alone, alone, one.deff
    people = one.of.n + two.of.n - np.bincount(two.stratum[:both], minlength=_STRATA)
    scale = factors(people)[two.stratum[:both]]
    totals = [w.of.total[:, 0] for w in (one, two)]
    cov = wave_covariance(one.t[n - both :], two.t[:both], scale, centred(totals[0], totals[1], people))
    errors = [np.sqrt(stratum_variance(w.of.square[:, 0], w.of.total[:, 0], people)) for w in (one, two)]
    return difference(two.value, errors[1], one.value, errors[0], cov=cov, df=df)[2], alone, one.deff


def find(pair: Pair, families: int, seed: int) -> Arrows:
    """Draw many families and count their arrows."""
    drawn = [draw(pair, np.random.default_rng((seed, r))) for r in range(families)]
    p, blind = (np.array([d[k] for d in drawn]) for k in (0, 1))
    left = np.array([(holm(one) < 1 - LEVEL).any() for one in p], dtype=np.int64)
    return Arrows(
        pair, float(np.mean([d[2] for d in drawn])), (p < 1 - LEVEL).sum(axis=1), left, (blind < 1 - LEVEL).sum(axis=1)
    )


def measure(families: int, seed: int, pairs: Sequence[Pair] = PAIRS) -> Iterator[Arrows]:
    """What every kind of pair gives."""
    for k, pair in enumerate(pairs):
        yield find(pair, families, seed + 1000 * k)


BEGIN = "<!-- measured; written by scripts/simulate.py --waves -->"  # the end is that of every page: block.END
_TEXT = """\
Two waves of 1,000 people each were drawn in which nothing changed, so that every arrow is wrong: figures of five
channels, in two strata, each wave with weights of its own (design effect {deff:.2f}) and raked to margins.

| Figure | People in both | Wrong per test | Overlap ignored | Families with an arrow (Holm) | Met |
|---|--:|--:|--:|--:|---|
{rows}

{families:,} families of each kind:

```
{command}
```

After ± stands the Monte-Carlo standard error, families being the clusters. *Met*: 5 % per test, and at most 5 % of
families, within three such errors.
"""


def block(found: Sequence[Arrows], *, seed: int) -> str:
    """The part of docs/why/waves.md that is measured."""
    families = len(found[0].wrong)
    command = f"python scripts/simulate.py --waves docs/why/waves.md --lines {families} --seed {seed}"
    deff = float(np.mean([f.deff for f in found]))
    return _TEXT.format(rows="\n".join(map(_row, found)), families=families, command=command, deff=deff)


def _row(found: Arrows) -> str:
    shares = (found.single(), found.single(found.blind), found.whole())
    told = [f"{100 * share:.1f} ± {100 * error:.2f} %" for share, error in shares]
    cells = (found.pair.figure, f"{100 * found.pair.shared:.0f} %", *told, "yes" if found.met else "**no**")
    return f"| {' | '.join(cells)} |"
