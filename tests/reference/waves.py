"""Make the two waves of a panel that R and Vigie both read: `python tests/reference/waves.py [folder]`.

Two waves of one survey, of which some people answer both; and a panel in strata of which everybody does. Invented
people; the standard library's generator.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

SEED = 20241108
HEAD = ("person", "wave", "stratum", "sex", "age", "d", "y", "x", "phone", "email")


def _person(i: int) -> tuple[str, str, str, float]:
    """What stays with a person: stratum, sex, age, mood."""
    rng = random.Random(f"{SEED}-{i}")
    return (
        rng.choice(("s1", "s1", "s2")),
        rng.choice("fm"),
        rng.choices(("a1", "a2", "a3"), (5, 3, 2))[0],
        rng.gauss(0, 1),
    )


def _rows(people: range, wave: int, rng: random.Random) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for i in people:
        stratum, sex, age, mood = _person(i)
        y = int(rng.random() < 0.4 + 0.05 * wave + 0.15 * (sex == "f") + 0.2 * (mood > 0))
        x = min(10, max(0, round(6 + mood + (age == "a3") + rng.gauss(0, 1.5))))
        marks = [
            min(10, max(1, round(6.5 + 1.2 * mood + rng.gauss(0, 1.5)))) if rng.random() < p else "" for p in (0.7, 0.5)
        ]
        d = round({"s1": 20.0, "s2": 35.0}[stratum] * rng.uniform(0.6, 1.6), 3)
        rows.append((i, wave, stratum, sex, age, d, y, x, *marks))
    return rows


def write(folder: Path) -> None:
    waves = {
        "waves_partly": (range(1, 301), range(181, 501)),  # 120 people answer both
        "waves_same": (range(1001, 1251), range(1001, 1251)),
    }
    for name, (first, second) in waves.items():
        rng = random.Random(f"{SEED}-{name}")
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEAD)
            writer.writerows(_rows(first, 1, rng) + _rows(second, 2, rng))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
