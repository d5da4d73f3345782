"""The people of the demonstration: a finite population of cells (sex × age × region) with known shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MARGINS: dict[str, dict[str, float]] = {
    "sex": {"f": 0.52, "m": 0.48},
    "age": {"a1": 0.10, "a2": 0.15, "a3": 0.24, "a4": 0.25, "a5": 0.26},
    "region": {"idf": 0.19, "nw": 0.23, "ne": 0.22, "sw": 0.11, "se": 0.25},
}

# How readily each group answers. The chance of a cell is the product of its three factors, which is the model that
# raking on the three margins undoes exactly. The web panel is young, the telephone reaches the old.
_READINESS: dict[str, dict[str, tuple[float, ...]]] = {
    "web": {"sex": (1.10, 0.90), "age": (1.7, 1.4, 1.1, 0.9, 0.7), "region": (1.2, 0.9, 1.0, 1.1, 0.9)},
    "phone": {"sex": (1.15, 0.85), "age": (0.9, 0.85, 0.95, 1.05, 1.15), "region": (0.9, 1.05, 1.0, 1.1, 1.0)},
}


@dataclass(frozen=True, eq=False, slots=True)
class Population:
    """The cells: the index of each one's sex, age and region, and its share of the population."""

    index: dict[str, Ints]
    share: Floats

    def __len__(self) -> int:
        return len(self.share)

    def spread(self, variable: str, by_category: tuple[float, ...]) -> Floats:
        """A number per category of a variable, as a number per cell."""
        return np.asarray(by_category, dtype=np.float64)[self.index[variable]]

    def within(self, variable: str, category: str) -> npt.NDArray[np.bool_]:
        """Which cells belong to a category."""
        return np.asarray(self.index[variable] == list(MARGINS[variable]).index(category))

    def readiness(self, mode: str) -> Floats:
        """The relative chance of each cell to take part, by mode."""
        found = np.ones(len(self))
        for variable, factors in _READINESS[mode].items():
            found = found * self.spread(variable, factors)
        return found


def people() -> Population:
    """The population: women are more numerous among the old, the young live more around Paris."""
    shape = tuple(len(categories) for categories in MARGINS.values())
    table = np.ones(shape)
    table[0] *= np.array([0.96, 0.98, 1.0, 1.03, 1.18])[:, None]
    table[:, :2, 0] *= 1.25
    targets = [np.array(list(categories.values())) for categories in MARGINS.values()]
    for _ in range(100):  # proportional fitting, so that the margins are the round ones that the study publishes
        for axis, target in enumerate(targets):
            others = tuple(a for a in range(len(shape)) if a != axis)
            factor = target / table.sum(axis=others)
            table = table * np.expand_dims(factor, others)
    places = np.indices(shape).reshape(len(shape), -1)
    return Population(dict(zip(MARGINS, places, strict=True)), table.reshape(-1))
