"""The page that tells what was measured. Every number in it comes from the run; nothing is typed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmark.machine import Machine
from benchmark.measurement import BOOK, FIFTY, INTAKE, MAIN, RAKING, RANKS, VIGIE, WIDE, Measurement, find, of_part
from benchmark.questionnaire import BY_ID, COLUMNS, DEMOGRAPHICS, ITEMS, TABLES, kinds
from benchmark.questionnaire import WIDE as PROFILES
from benchmark.sql import ALL_SUMS, ONE_PASS, WIDE_PASS
from benchmark.targets import targets
from benchmark.tools import BRANDS, DRAWS, TOLERANCE

_TEXT = """\
# How fast, and how much memory

`make bench` measures this page: everything on it comes from one run on one machine ({cores} cores, {memory:.0f} GiB,
Python {python}). Each measured thing runs in a process of its own; times are medians of {runs} runs with the file in
the memory of the system ("cold": read from the disk), from the call to the results in memory, with the imports behind
it. Nothing was begun again after two minutes: the tables tell how often each was run. Vigie reads the description of
the study before, as others have theirs in their programs. Peak memory is that of the whole process.

The data are generated: {columns} columns, among them {items} items ({answers} answers: {scales} scales and {choices}
questions with one answer), {demographics} demographics of {sizes} categories ({heads} columns of a table, {cells:,}
cells when crossed), and {profiles} further ones of five categories for a wide banner. Answers are complete, weights
unequal. All tools read the same Parquet file, {megabytes}; R, which reads none, the same columns as binary files.
Figures of every tool were compared with those of plain SQL; the last column of a table is the largest relative
difference of a value or a standard error.

## Promises

| | Limit | Found | Kept |
|---|--:|--:|---|
{promises}

## The tab book: {tables} tables

From the file to the results: {items} items × {demographics} demographics. The ratio is to the plain DuckDB pass of
50 sums; "all sums by cell" is the plain pass that makes every sum a tab book stands on. None of the peers marks with
letters the columns that differ: their time is without tests.
{books}

## A wide banner: {wide_tables:,} tables

{items} items × {profiles} demographics ({wide_heads} columns), whose crossing puts nearly everybody into a cell alone.
The plain pass sums the items by each demographic, with grouping sets.
{wide}

## Raking to {demographics} margins

From people in memory, their categories coded as each tool likes them best, to a weight for each. The tolerance is
{tolerance:g}, on the largest relative gap to a target; R's `rake` stops on the movement of cells, and its tolerance is
set so that the gap is no larger. "Agrees" is the largest relative difference of the extremes of weight / base weight.
The ratio is to Vigie.
{raking}

## Rank sets

{brands} brands with full covariance, {draws:,} draws.
{ranks}

## Intake

The raw file of {columns} columns to frozen facts, on its own; the tab book starts from these.
{intake}

## The main job

{main}

## What was extrapolated

{extrapolated}

## The SQL of the plain passes

`survey` is a view of the file, `PRAGMA threads=2`. 50 sums by cell:

```sql
{one_pass}
```

All sums by cell and answer: a projection, then one of these for each item.

```sql
{projection}
```

```sql
{by_answer}
```

The wide banner:

```sql
{wide_pass}
```

## Versions

{versions}

## Again

```
{command}
```
"""


def page(found: Sequence[Measurement], machine: Machine, *, runs: int, command: str, file_bytes: dict[int, int]) -> str:
    """The page in Markdown."""
    sizes = [d.size for d in DEMOGRAPHICS]
    cells = 1
    for size in sizes:
        cells *= size
    return _TEXT.format(
        cores=machine.cores, memory=machine.memory, python=machine.python, runs=runs, columns=len(COLUMNS),
        items=len(ITEMS), answers=sum(i.size for i in ITEMS), scales=sum(i.scale for i in ITEMS),
        brands=BRANDS, draws=DRAWS,
        choices=sum(not i.scale for i in ITEMS), demographics=len(DEMOGRAPHICS), sizes=_listed(map(str, sizes)),
        heads=sum(sizes), cells=cells, profiles=len(PROFILES), tables=len(TABLES), tolerance=TOLERANCE,
        wide_tables=len(ITEMS) * len(PROFILES), wide_heads=sum(p.size for p in PROFILES),
        megabytes=_listed(f"{size / 1e6:,.0f} MB for {rows:,} people" for rows, size in file_bytes.items()),
        promises="\n".join(_promises(found)), books=_by_size(found, BOOK), wide=_by_size(found, WIDE),
        raking=_by_size(found, RAKING), ranks=_ranks(found), intake=_by_size(found, INTAKE), main=_main(found),
        extrapolated="\n".join(_extrapolated(found)) or "Nothing.", one_pass=ONE_PASS[0], projection=ALL_SUMS[0],
        by_answer=ALL_SUMS[1], wide_pass=WIDE_PASS, command=command,
        versions=", ".join(f"{name} {version}" for name, version in machine.packages) + ".",
    )  # fmt: skip


def _promises(found: Sequence[Measurement]) -> Iterator[str]:
    for one in targets(found):
        limit = f"{'at least' if one.at_least else 'at most'} {one.limit:,.0f} {one.unit}"
        kept = {True: "yes", False: "**no**", None: "not measured"}[one.met]
        reached = "–" if one.found is None else f"{number(one.found)} {one.unit}"
        yield f"| {one.promise} | {limit} | {reached} | {kept} |"


def _by_size(found: Sequence[Measurement], part: str) -> str:
    """A table of the tools for each number of people."""
    blocks = []
    for rows in dict.fromkeys(one.rows for one in of_part(found, part)):
        lines = "\n".join(_tool(found, one) for one in of_part(found, part, rows))
        blocks.append(
            f"\n{rows:,} people:\n\n| Tool | Makes | Seconds | Processor seconds | Ratio | Peak MiB | Runs | Agrees |\n"
            f"|---|---|--:|--:|--:|--:|--:|--:|\n{lines}"
        )
    return "\n".join(blocks) or "\nNot measured."


def _tool(found: Sequence[Measurement], one: Measurement) -> str:
    """A line; the ratio of a tab book is to the plain pass, of raking to Vigie."""
    against = find(found, one.part, FIFTY if one.part in (BOOK, WIDE) else VIGIE, one.rows)
    ratio = f"{number(one.median / against.median)} ×" if against is not None else "–"
    name = one.tool + (", cold" if one.cold else "") + (" †" if one.of else "")
    cells = (
        name, one.gives, number(one.median), number(sorted(one.processor)[len(one.processor) // 2]), ratio,
        f"{one.peak:,.0f}", str(len(one.seconds)), agreed(one),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def agreed(one: Measurement) -> str:
    """The largest difference from the reference."""
    if one.agreement is None:
        return ""
    return f"{max(one.agreement.value, one.agreement.se or 0.0):.0e}"


def _ranks(found: Sequence[Measurement]) -> str:
    lines = [f"| {one.tool} | {number(one.median)} | {one.peak:,.0f} |" for one in of_part(found, RANKS)]
    return "\n".join(["", "| Sets | Seconds | Peak MiB |", "|---|--:|--:|", *lines])


def _main(found: Sequence[Measurement]) -> str:
    lines = [
        f"| {one.tool} | {number(one.median)} | {f'{one.peak:,.0f}' if one.peak else ''} |"
        for one in of_part(found, MAIN)
    ]
    return "\n".join(["| | Seconds | Peak MiB |", "|---|--:|--:|", *lines])


def _extrapolated(found: Sequence[Measurement]) -> Iterator[str]:
    listed = _listed(dict.fromkeys(BY_ID[item].kind for item, _ in kinds()))
    for one in found:
        if one.of:
            yield (
                f"- † {one.tool}, {one.rows:,} people: {one.of[0]} of {one.of[1]} tables were made, one of each kind "
                f"of item ({listed})\n  by each demographic, and each counted as often as there are tables of its "
                "kind. Reading the file is not counted."
            )


def number(value: float) -> str:
    """A number with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value >= 0.001 else f"{value:.1e}"


def _listed(words: object) -> str:
    *head, last = list(words)  # type: ignore[call-overload]
    return f"{', '.join(head)} and {last}" if head else str(last)
