"""balance, which weights samples to populations: raking only, and apart from the others, for it needs older parts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

import pandas as pd  # type: ignore[import-untyped,unused-ignore]

logging.disable(logging.INFO)  # balance greets whoever imports it

from balance.weighting_methods.rake import rake as balance_rake  # type: ignore[import-not-found] # noqa: E402

from benchmark.questionnaire import BY_ID, WEIGHT  # noqa: E402
from benchmark.timing import timed, versions  # noqa: E402
from benchmark.weights import answer, summary  # noqa: E402


def rake(path: str, targets: Mapping[str, Mapping[str, float]], tolerance: float) -> dict[str, Any]:
    """`weighting_methods.rake`, whose convergence rate is the largest relative gap to a target."""
    frame = pd.read_parquet(path, columns=[WEIGHT, *targets])
    sample, base, people = frame[list(targets)], frame[WEIGHT], _population(targets)
    found, taken = timed(
        lambda: balance_rake(
            sample, base, people[list(targets)], people["people"], transformations=None,
            convergence_rate=tolerance, rate_tolerance=0.0,
        )
    )  # fmt: skip
    codes = {n: pd.Categorical(frame[n], categories=list(BY_ID[n].codes)).codes for n in targets}
    summed = summary(base.to_numpy(), found["weight"].to_numpy(), codes, targets)
    return answer(taken, summed, versions("balance"))


def _population(targets: Mapping[str, Mapping[str, float]]) -> Any:
    """A population with exactly these margins, which is how balance takes them: one row for each crossing."""
    total = sum(next(iter(targets.values())).values())
    crossings = list(product(*(wanted.items() for wanted in targets.values())))
    people = pd.DataFrame([[code for code, _ in crossing] for crossing in crossings], columns=list(targets))
    return people.assign(people=[total * prod(x / total for _, x in crossing) for crossing in crossings])
