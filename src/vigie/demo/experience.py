"""What goes with the overall satisfaction: marks that share a mood, and an overall mark that is made of them.

Drawn from a generator of its own, so that everything else of a demonstration stays what it was.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vigie.demo.population import Floats
from vigie.stats.drivers import shapley

OVERALL = "overall"
# of each item: what it is worth to the overall mark, and its own mean
ITEMS: dict[str, tuple[float, float]] = {
    "reachable": (0.15, 6.2), "fast": (0.33, 5.6), "clear": (0.48, 6.9), "kind": (0.06, 7.8), "solved": (0.69, 6.5),
}  # fmt: skip
MOOD, OWN, NOISE = 0.9, 1.5, 0.7  # spread of what the marks share, of each one's own part, of the overall mark's own
MEAN = 6.4  # of the overall mark
DONT_KNOW, SILENT, EMPTY = 99, 0.02, -1
CODES = np.arange(1, 11)


def draw_experience(contacted: npt.NDArray[np.bool_], rng: np.random.Generator) -> dict[str, npt.NDArray[np.int64]]:
    """Marks from 1 to 10 of those who had a contact; a few know no answer to an item."""
    n, worth = len(contacted), np.array([w for w, _ in ITEMS.values()])
    parts = MOOD * rng.standard_normal((n, 1)) + OWN * rng.standard_normal((n, len(ITEMS)))
    overall = MEAN + parts @ worth + NOISE * rng.standard_normal(n)
    found = {OVERALL: _marked(overall, contacted)}
    for k, (item, (_, mean)) in enumerate(ITEMS.items()):
        marks = np.where(rng.random(n) < SILENT, DONT_KNOW, _marked(mean + parts[:, k], contacted))
        found[f"experience_{item}"] = np.where(contacted, marks, EMPTY)
    return found


def _marked(values: Floats, contacted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    marks = np.clip(np.rint(values), CODES[0], CODES[-1]).astype(np.int64)
    return np.asarray(np.where(contacted, marks, EMPTY))


def importance() -> dict[str, float]:
    """The true share of each item in what all of them explain, before marks are rounded and cut."""
    worth = np.array([w for w, _ in ITEMS.values()])
    among = OWN**2 * np.eye(len(ITEMS)) + MOOD**2
    with_overall = among @ worth
    cov = np.vstack([[worth @ with_overall + NOISE**2, *with_overall], np.column_stack([with_overall, among])])
    share, r2 = shapley(cov)
    return dict(zip(ITEMS, (share / r2).tolist(), strict=True))
