"""What the generated survey asks: 110 columns of a file, and the tab book that is made of them.

Read in the project's environment and in those of the peers: the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one answer: a mark from 1 to `size`, or one of `size` codes."""

    id: str
    size: int
    scale: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The answers in order, as texts."""
        return tuple(str(k + 1) if self.scale else ascii_lowercase[k] for k in range(self.size))

    @property
    def kind(self) -> str:
        """What questions of the same cost share."""
        return f"{'scale' if self.scale else 'choice'} of {self.size}"


def _scales(size: int, count: int) -> tuple[Question, ...]:
    return tuple(Question(f"scale{size}_{k:02d}", size, scale=True) for k in range(1, count + 1))


DEMOGRAPHICS = (
    Question("sex", 2), Question("age", 5), Question("income", 8), Question("region", 13), Question("town", 5),
)  # fmt: skip
ITEMS = (
    *_scales(5, 10), *_scales(6, 10), *_scales(7, 10), *_scales(10, 4),
    *(Question(f"choice_{k:02d}", 5) for k in range(1, 17)),
)  # fmt: skip
WIDE = tuple(Question(f"profile_{k:02d}", 5) for k in range(1, 41))
FURTHER = tuple(f"further_{k:02d}" for k in range(1, 14))  # numbers that no table reads
QUESTIONS = (*DEMOGRAPHICS, *ITEMS, *WIDE)
BY_ID = {q.id: q for q in QUESTIONS}
COLUMNS = ("respondent", "weight", *BY_ID, *FURTHER)
WEIGHT = "base_weight"  # the name that the facts give to the weight
Pair = tuple[str, str]  # a table: an item by a demographic
TABLES: tuple[Pair, ...] = tuple((i.id, d.id) for i in ITEMS for d in DEMOGRAPHICS)


def kinds() -> dict[Pair, int]:
    """One table of every kind, with the number of tables it stands for: what is slow is timed on these."""
    found: dict[tuple[str, str], Pair] = {}
    count: dict[Pair, int] = {}
    for item, demographic in TABLES:
        pair = found.setdefault((BY_ID[item].kind, demographic), (item, demographic))
        count[pair] = count.get(pair, 0) + 1
    return count


def margins(people: int) -> dict[str, dict[str, float]]:
    """The population that weights are raked to: flatter than the sample, which has more of the first categories."""
    shares = {d.id: [3 - 1.5 * k / (d.size - 1) for k in range(d.size)] for d in DEMOGRAPHICS}
    return {
        d.id: {code: people * share / sum(shares[d.id]) for code, share in zip(d.codes, shares[d.id], strict=True)}
        for d in DEMOGRAPHICS
    }
