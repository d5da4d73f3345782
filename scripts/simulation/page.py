"""The page that tells what was measured. It holds no date: the same command writes the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from simulation.comparison import ARROWS, BRANDS_OF_ALL, FAMILIES, FEW, LEAGUES, MANY, TIED, UNADJUSTED, Counts
from simulation.studies import BRANDS, SECTORS, TESTS
from simulation.tally import Row, arrows, coverage, figures, ranks

_WORDS = {
    LEAGUES: "Sector leagues whose simultaneous rank sets hold the true rank of every brand at once",
    TIED: "The same, of the leagues in which several brands are equal in truth",
    BRANDS_OF_ALL: "Brands whose marginal rank set in the league of all brands holds their true rank",
    UNADJUSTED: "Unchanged figures with p below 0.05, before adjustment",
    ARROWS: "Unchanged figures with an arrow (after Holm)",
    FAMILIES: "Families of figures (one indicator over its segments of one kind) with an arrow on an unchanged figure",
}
_TEXT = """\
# Do the intervals hold what they promise?

A 95 % interval promises that 95 of 100 such intervals contain the true value. In a real study nobody knows the true
value; in a simulation it is planted. `make simulate` draws {studies} studies from one planted truth, runs each of them
down the whole line, from files to results, and counts.

Each study has two waves, 2023 and 2024, with {people:,} complete interviews each. People answer with unequal chances by
sex, age and region, as panels do, and are raked to the margins of the population. At most four of the channels that a
person used are drawn and evaluated; the answers of one person resemble each other. The files hold what real ones do:
interviews broken off, refusals, "don't know", and a few cells that are wrong. {brands} brands of {sectors} sectors are
tested by mystery, half of them {many} times a wave, half of them {few} times, with tests that stay unanswered, criteria
that do not apply and marks that were forgotten; three brands of one sector are equal in truth. The channels' weights
in the scores come from the survey of the same wave, with its error.

Every interval that a report would show is compared with the truth: for everyone, and within each category of sex, age
and region. Shares that can only be 0 are left out. The size of a base is the effective base (tests, for mystery
scores; the smaller of the two, for changes); it can be below 30 where 30 people or more answered. A box
or a mean of a scale that is asked per channel counts under both kinds. Figures of one study hang together, because the
same people answer all of it: the Monte-Carlo standard error takes studies as clusters.

## Intervals at 95 %

| Figure | Effective base | Intervals | Contain the truth | Monte-Carlo s.e. | Required | Met |
|---|---|--:|--:|--:|--:|---|
{intervals}

A row is an average over many figures. Two of them hide differences that are more than chance:

- *Mystery scores.* A brand × channel with fewer than 30 tests borrows the variance of its channel over all brands.
  Where a brand's own tests vary more than that, as those of the best brands do when an unanswered e-mail scores zero,
  its interval is too short; where they vary less, too long. Brand by brand, the intervals contain the truth in
  {brand_spread} of cases.
- *Mean marks on small bases.* Marks are skewed, and the error of a mean of some 40 people is itself uncertain; the
  interval takes neither into account. Shares do better there, because their limits are made on the logit scale.

## Ranks

| Rank sets at 95 % | Counted | Right | Monte-Carlo s.e. | Required | Met |
|---|--:|--:|--:|--:|---|
{ranks}

A set is right when it contains every rank that the brand has in truth; brands that are equal share their ranks.
The sets guard against all brands being equal; where brands differ, they hold more often than they promise.

## Arrows on what has not changed

| Between two waves | Counted | Wrongly found | Monte-Carlo s.e. |
|---|--:|--:|--:|
{arrows}

A single test is meant to be wrong in 5 of 100 cases. Holm's adjustment is meant to hold the chance of one wrong arrow
or more to the same 5 %, for a whole family.

## Again

```
{command}
```

The same command gives the same numbers; another `--seed` plants another truth. The command fails when a band is not
met. It needs {enough:,} intervals of each kind on effective bases of 100 and more.
"""


def page(studies: Sequence[Counts], *, people: int, seed: int, enough: int) -> str:
    """The page in Markdown."""
    return _TEXT.format(
        studies=len(studies), people=people, brands=BRANDS, sectors=SECTORS, many=sum(TESTS), few=sum(TESTS) // 2,
        intervals="\n".join(_interval(r) for r in coverage(studies)),
        brand_spread=_spread(studies), ranks="\n".join(_line(r) + _required(r) for r in ranks(studies)),
        arrows="\n".join(_line(r) for r in arrows(studies)), enough=enough,
        command=f"python scripts/simulate.py --studies {len(studies)} --people {people} --seed {seed}",
    )  # fmt: skip


def _spread(studies: Sequence[Counts]) -> str:
    """From the least to the most often held score of a brand."""
    rows = [
        r for g in (MANY, FEW) for r in figures(studies, "mystery score", g, len(studies)) if "brand=" in r.line.figure
    ]
    return f"{100 * min(r.share for r in rows):.0f} to {100 * max(r.share for r in rows):.0f} %"


def _interval(row: Row) -> str:
    group = row.line.group
    return f"| {row.line.kind[0].upper()}{row.line.kind[1:]} | {group} | {_numbers(row)} |{_required(row)}"


def _line(row: Row) -> str:
    return f"| {_WORDS[row.line.kind]} | {_numbers(row)} |"


def _numbers(row: Row) -> str:
    if not row.of:
        return "0 | – | –"
    error = f"{100 * row.se:.2f}" if isfinite(row.se) else "–"
    return f"{row.of:,} | {100 * row.share:.1f} % | {error}"


def _required(row: Row) -> str:
    if row.band is None:
        return " | |"
    low, high = (100 * end for end in row.band)
    band = f"{low:.0f}–{high:.0f} %" if high < 100 else f"at least {low:.0f} %"
    return f" {band} | {'yes' if row.met else '**no**'} |"
