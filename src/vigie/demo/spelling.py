"""Brands as people write them: the name, the name as it is typed in a hurry, and one that no list holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vigie.demo.names import plain
from vigie.demo.population import Ints

UNLISTED = ("la boulangerie en bas de chez moi", "mon garagiste", "Quincaillerie Moreau", "mon opticien de quartier",
            "la pharmacie du bourg", "Pizzeria Roma")  # fmt: skip
# as it is, without accents, in capitals, with something before it, with a letter too few
_WAYS = (0.52, 0.20, 0.08, 0.10, 0.10)


def slipped(name: str) -> str:
    """A name without the second of two letters that look alike or, failing that, without its fourth letter."""
    double = next((i for i in range(1, len(name)) if name[i] == name[i - 1] and name[i].isalpha()), 3)
    return name[:double] + name[double + 1 :]


def spelled(
    names: npt.NDArray[np.object_], place: Ints, rng: np.random.Generator, ways: tuple[float, ...] = _WAYS
) -> npt.NDArray[np.object_]:
    """The name at each place, in one of the ways in which people write it."""
    forms = np.array(
        [[n, plain(n), n.upper(), f"{n} bien sûr", slipped(n)] for n in names.tolist()], dtype=object
    )  # fmt: skip
    return np.asarray(forms[place, rng.choice(len(ways), size=len(place), p=ways)])
