"""Weights that cannot be: the margin and the category, and what was tried and would work."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.engine.cells import Cells, Rules
from vigie.engine.factors import Margins, factors
from vigie.errors import Problem
from vigie.stats.weights import NoWeights
from vigie.study.sections import Calibration

LESS = (1.5, 2, 3, 5, 10)  # times the trimming asked for
ALLOW = "Allow them (`negative: true`), or take another method."
MERGE = "Merge rare categories, or leave a margin out."
FAR = "Is the number right? It is far from that of the people."


def problem_of(failed: NoWeights, cells: Cells, rules: Rules) -> Problem:
    """The failure in the analyst's terms; its hint offers what was tried and works."""
    offers = list(_offers(failed, cells, rules.calibration))
    vague = ALLOW if failed.kind == "negative" else FAR if cells.numbers else MERGE
    hint = _either(offers) if offers else vague
    place = f"{rules.place[0].upper()}{rules.place[1:]}"
    return Problem("weighting-failed", f"{place}: {_message(failed, cells, rules.calibration)}", hint, rules.file)


def _message(failed: NoWeights, cells: Cells, how: Calibration) -> str:
    name = _place(failed, cells)
    wanted, reached = _amounts(failed, cells)
    told = "" if _of_people(failed, cells) else f": {wanted} wanted, {reached} reached"
    within = f" between {how.bounds[0]:g} and {how.bounds[1]:g}" if how.bounds else ""
    trimmed = f", trimmed at {how.trim:g} interquartile ranges," if how.trim is not None else ""
    least = f"{failed.reached:.2f}"
    return {
        "empty-category": f"Nobody in the file is {name}, and the population has {wanted} of them.",
        "no-target": f"People in the file are {name}, and the population has none of them.",
        "negative": f"To reach {name} the linear method gives people negative weights, down to {least} times the base.",
        "no-weight": f"The margins can only be reached if some people who are {name} weigh nothing.",
        "out-of-bounds": f"No weights{within}{trimmed} reach {name}{told}.",
    }[failed.kind]


def _place(failed: NoWeights, cells: Cells) -> str:
    """The category and its margin, and the population where there are several."""
    among = f' in "{cells.population}"' if cells.population else ""
    if _of_people(failed, cells):
        names = " and ".join(f'"{m.variable}"' for m in cells.margins)
        return f"{names}{among} with as many people as there are"
    margin = cells.margins[failed.margin]
    if margin.numeric or failed.category is None:
        return f'"{margin.variable}"{among}'
    return f'"{list(margin.totals)[failed.category]}" of "{margin.variable}"{among}'


def _of_people(failed: NoWeights, cells: Cells) -> bool:
    """Whether it is the number of people that is not reached, beside margins that are all numbers."""
    return cells.numbers and failed.margin == len(cells.margins)


def _amounts(failed: NoWeights, cells: Cells) -> tuple[str, str]:
    """What was wanted and what was reached, as shares of the population or means of a number, told apart."""
    numeric = not _of_people(failed, cells) and cells.margins[failed.margin].numeric
    values = failed.target / cells.total, failed.reached / cells.total
    for digits in range(1, 8):
        wanted, reached = (f"a mean of {v:.{digits + 3}g}" if numeric else f"{v:.{digits}%}" for v in values)
        if wanted != reached:
            break
    return wanted, reached


def _offers(failed: NoWeights, cells: Cells, how: Calibration) -> Iterator[str]:
    """Each thing that is enough, as a clause."""
    from vigie.stats.remedies import remedies  # a library of linear programmes, which only failures need

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
    several = len(cells.margins) > 1
    names = [cells.margins[m].variable for m in found.without if several and m < len(cells.margins)]
    yield from (f'leave the margin "{name}" out' for name in names)


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
