"""The part of docs/why/letters.md that is measured. It holds no date: the same command writes the same bytes."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.letters import ADJUST, Found

BEGIN = "<!-- measured; written by scripts/simulate.py --letters -->"
END = "<!-- end of what is measured -->"  # on every page that `placed` writes to
_TEXT = """\
| Banner | Figure | Smallest column | Wrong per pair | Overlap ignored | Unadjusted | Holm | BH | Met |
|---|---|--:|--:|--:|--:|--:|--:|---|
{rows}

{lines:,} lines of each kind:

```
{command}
```

*Wrong per pair*: letters at 95 % per pair of columns, unadjusted; *overlap ignored*: the same with columns taken for
independent. *Unadjusted*, *Holm*, *BH*: lines with one letter or more. After ± stands the Monte-Carlo standard error,
lines being the clusters. *Met*: 5 % per pair, and at most 5 % of lines after Holm, within three such errors; of small
columns nothing is required.
"""


def block(found: Sequence[Found], *, seed: int) -> str:
    """The table in Markdown."""
    lines = len(found[0].pairs)
    command = f"python scripts/simulate.py --letters docs/why/letters.md --lines {lines} --seed {seed}"
    return _TEXT.format(rows="\n".join(_row(f) for f in found), lines=lines, command=command)


def placed(page: str, text: str, mark: str = BEGIN) -> str:
    """The page with this text between its two marks; ValueError where a mark is missing."""
    before, begin, rest = page.partition(mark)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no marks {mark} and {END}")
    return f"{before}{mark}\n\n{text}\n{END}{after}"


def _row(found: Found) -> str:
    rates = (found.single(), found.single(found.blind), *(found.whole(adjust) for adjust in ADJUST))
    met = {True: "yes", False: "**no**", None: ""}[found.met]
    cells = (found.table.banner, found.table.figure, f"{found.smallest:.0f}", *(_share(r) for r in rates), met)
    return f"| {' | '.join(cells)} |"


def _share(measured: tuple[float, float]) -> str:
    share, error = measured
    return f"{100 * share:.1f} ± {100 * error:.2f} %"
