"""What raked weights come to, the same for every tool; read in every environment with NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmark.timing import Taken


def summary(
    base: npt.ArrayLike, raked: npt.ArrayLike, codes: Mapping[str, npt.ArrayLike],
    targets: Mapping[str, Mapping[str, float]],
) -> dict[str, float]:  # fmt: skip
    """The largest relative gap to a target, and the extremes of weight / base weight, by which tools are compared.

    `codes` gives each person's category of a margin, as a place in its targets.
    """
    w = np.asarray(raked, dtype=np.float64)
    ratio = w / np.asarray(base, dtype=np.float64)
    ratio = ratio / (w.sum() / np.asarray(base).sum())
    gaps = []
    for name, wanted in targets.items():
        target = np.array(list(wanted.values()))
        have = np.bincount(np.asarray(codes[name]), weights=w, minlength=len(target))
        gaps.append(np.abs(have / have.sum() * target.sum() / target - 1).max())
    return {"gap": float(max(gaps)), "smallest": float(ratio.min()), "largest": float(ratio.max())}


def answer(taken: Taken, summed: Mapping[str, float], versions: Mapping[str, str]) -> dict[str, Any]:
    """What every `rake` answers."""
    return {**taken._asdict(), "weights": dict(summed), "versions": dict(versions)}
