"""Weights that cannot be: the margin and the category, and what was tried and would work."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.engine.cells import Cells, Rules
from vigie.engine.factors import Margins, factors
from vigie.errors import Problem
from vigie.stats.weights import NoWeights
from vigie.study.sections import Calibration

LESS = (1.5, 2, 3, 5, 10)  # times the trimming asked for
VAGUE = {
    "totals-differ": "Give shares.",
    "negative": "Allow them (`negative: true`), or take another method.",
}


def problem_of(failed: NoWeights, cells: Cells, rules: Rules) -> Problem:
    """The failure in the analyst's terms; its hint offers what was tried and works."""
    offers = list(_offers(failed, cells, rules.calibration))
    hint = _either(offers) if offers else VAGUE.get(failed.kind, "Merge rare categories, or leave a margin out.")
    return Problem("weighting-failed", _message(failed, cells, rules.calibration), hint, cells.margins[0].file)


def _message(failed: NoWeights, cells: Cells, how: Calibration) -> str:
    name = _place(failed, cells)
    wanted, reached = _amounts(failed, cells)
    within = f" between {how.bounds[0]:g} and {how.bounds[1]:g}" if how.bounds else ""
    trimmed = f", trimmed at {how.trim:g} interquartile ranges," if how.trim is not None else ""
    least = f"{failed.reached:.2f}"
    return {
        "empty-category": f"Nobody in the file is {name}, and the population has {wanted} of them.",
        "no-target": f"People in the file are {name}, and the population has none of them.",
        "totals-differ": f"The total of {name} differs from the other margins.",
        "negative": f"The linear method gives people who are {name} negative weights, down to {least} times the base.",
        "no-weight": f"The margins can only be reached if some people who are {name} weigh nothing.",
        "out-of-bounds": f"No weights{within}{trimmed} reach {name}: {wanted} wanted, {reached} reached.",
    }[failed.kind]


def _place(failed: NoWeights, cells: Cells) -> str:
    """The category and its margin, and the population where there are several."""
    margin = cells.margins[failed.margin]
    among = f' in "{cells.population}"' if cells.population else ""
    if margin.numeric or failed.category is None:
        return f'"{margin.variable}"{among}'
    return f'"{list(margin.totals)[failed.category]}" of "{margin.variable}"{among}'


def _amounts(failed: NoWeights, cells: Cells) -> tuple[str, str]:
    """What was wanted and what was reached, as shares of the population or means of a number, told apart."""
    numeric = cells.margins[failed.margin].numeric
    values = failed.target / cells.total, failed.reached / cells.total
    for digits in range(1, 8):
        wanted, reached = (f"a mean of {v:.{digits + 3}g}" if numeric else f"{v:.{digits}%}" for v in values)
        if wanted != reached:
            break
    return wanted, reached


def _offers(failed: NoWeights, cells: Cells, how: Calibration) -> Iterator[str]:
    """Each thing that is enough, as a clause."""
    from vigie.stats.remedies import remedies  # a library of linear programmes, which only failures need

    if failed.kind == "totals-differ":
        return
    if failed.kind == "negative" and _works(cells, how.model_copy(update={"method": "raking"})):
        yield "take `method: raking`"
    if how.trim is not None:
        enough = (how.trim * times for times in LESS)
        spread = next((s for s in enough if _works(cells, how.model_copy(update={"trim": s}))), None)
        if spread is not None:
            yield f"trim less (`trim: {spread:g}`)"
    to = Margins.of(cells)
    found = remedies(
        cells.mass, to.matrix, to.totals, to.sizes, failed,
        lambda matrix, totals, sizes, bounds: factors(cells, how, Margins(matrix, totals, sizes), bounds),
        bounds=how.bounds,
    )  # fmt: skip
    if found.bounds is not None:
        yield f"widen the bounds to [{found.bounds[0]:g}, {found.bounds[1]:g}]"
    for merge in found.merges:
        margin = cells.margins[merge.margin]
        listed = list(margin.totals)
        yield f'merge "{listed[merge.one]}" and "{listed[merge.other]}" of "{margin.variable}"'
    yield from (f'leave the margin "{cells.margins[m].variable}" out' for m in found.without)


def _works(cells: Cells, how: Calibration) -> bool:
    try:
        factors(cells, how, Margins.of(cells), how.bounds)
    except NoWeights:
        return False
    return True


def _either(offers: list[str]) -> str:
    """One sentence of alternatives, each of which is enough."""
    *first, last = offers
    said = f"{', '.join(first)}, or {last}" if first else last
    return f"{said[0].upper()}{said[1:]}: {'any one of these' if first else 'this'} is enough."
