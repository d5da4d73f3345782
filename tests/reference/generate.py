"""Make the small data sets that R and Vigie both read: `python tests/reference/generate.py [folder]`.

Invented people and tests; the standard library's generator, whose numbers do not depend on any package.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from pathlib import Path

SEED = 20240229
PEOPLE = 400
CLUSTERS = 42
BRANDS, CHANNELS = ("b1", "b2", "b3", "b4", "b5", "b6"), ("phone", "email", "chat")
# tests by brand and channel: full, thin (pooled variance), and absent cells
TESTS = {
    "b1": (40, 35, 32),
    "b2": (31, 12, 30),
    "b3": (36, 30, 0),
    "b4": (8, 9, 1),
    "b5": (45, 2, 33),
    "b6": (30, 40, 31),
}
CODED = set(random.Random(f"{SEED}-coded").sample(range(1, 501), 160))


def people(rng: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for i in range(1, PEOPLE + 1):
        stratum = "s3" if i <= 12 else rng.choice(("s1", "s1", "s2"))
        sex, age = rng.choice("fm"), rng.choices(("a1", "a2", "a3"), (5, 3, 2))[0]
        segment = rng.choices(("north", "south", "west"), (5, 4, 1))[0]
        # the outcome goes with the margins, so that raking changes value and standard error
        y = int(rng.random() < 0.35 + 0.2 * (sex == "f") + 0.1 * (age == "a3"))
        x = min(10, max(0, round(rng.gauss(6 + 1.5 * y - 0.8 * (segment == "south"), 2))))
        base = {"s1": 20.0, "s2": 35.0, "s3": 8.0}[stratum]
        d = round(base * rng.uniform(0.6, 1.6), 3)
        alone = "z" if i == 7 else stratum
        row = (i, stratum, alone, sex, age, segment, d, y, x)
        rows.append(dict(zip(("person", "stratum", "alone", "sex", "age", "segment", "d", "y", "x"), row, strict=True)))
    return rows


def evaluations(rng: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for person in range(1, PEOPLE + 1):
        mood = rng.gauss(0, 1.5)
        for channel, most in (("phone", 4), ("email", 3)):
            eligible = rng.randint(0, most)
            asked = min(2, eligible)
            for _ in range(asked):
                mark = min(10, max(0, round(rng.gauss(6.5 + mood, 2))))
                row = (person, channel, eligible, asked, mark)
                rows.append(dict(zip(("person", "channel", "eligible", "asked", "mark"), row, strict=True)))
    return rows


def mystery(rng: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for brand, counts in TESTS.items():
        level = rng.uniform(0.5, 0.8)
        for channel, n in zip(CHANNELS, counts, strict=True):
            shift = rng.uniform(-0.1, 0.1)
            for _ in range(n):
                score = round(min(1.0, max(0.0, rng.gauss(level + shift, 0.12))), 4)
                rows.append({"brand": brand, "channel": channel, "score": score})
    return rows


def drivers(rng: random.Random) -> list[dict[str, object]]:
    """An overall mark and four attributes that go together, in two strata, with unequal weights."""
    rows: list[dict[str, object]] = []
    for i in range(1, 301):
        mood = rng.gauss(0, 1.2)
        marks = [min(10, max(1, round(6 + mood + rng.gauss(0, spread)))) for spread in (1.6, 1.8, 2.2, 1.4)]
        overall = min(10, max(1, round(0.45 * marks[0] + 0.3 * marks[1] + 0.05 * marks[2] + 1.4 + rng.gauss(0, 1.1))))
        stratum, amount = rng.choice(("s1", "s1", "s2")), round(rng.lognormvariate(3, 0.7), 2)
        weight = round((1.0 if stratum == "s1" else 2.2) * rng.uniform(0.5, 1.5), 4)
        row = (i, stratum, weight, overall, *marks, amount)
        names = ("person", "stratum", "w", "overall", "speed", "welcome", "clarity", "price", "amount")
        rows.append(dict(zip(names, row, strict=True)))
    return rows


def coding(rng: random.Random) -> list[dict[str, object]]:
    """Texts with an automatic code of all, and the codes of two people for a random part of them."""
    rows: list[dict[str, object]] = []
    for i in range(1, 501):
        true = rng.choices((0, 1, 2), (5, 3, 2))[0]
        auto, first, second = (true if rng.random() < right else rng.choice((0, 1, 2)) for right in (0.75, 0.9, 0.85))
        seen = i in CODED
        row = (i, round(rng.uniform(0.4, 2.5), 4), auto, first if seen else "", second if seen else "")
        rows.append(dict(zip(("text", "d", "auto", "first", "second"), row, strict=True)))
    return rows


def testers(rng: random.Random) -> list[dict[str, object]]:
    """Tests of brands by testers who are severe or kind; not every tester sees every brand."""
    rows: list[dict[str, object]] = []
    kind = [rng.gauss(0, 1.2) for _ in range(9)]
    for brand in range(7):
        level = rng.gauss(12, 1.5)
        for _ in range(rng.randint(5, 16)):
            tester = (brand + rng.randrange(5)) % 9
            rows.append({"brand": brand, "tester": tester, "score": round(level + kind[tester] + rng.gauss(0, 2), 2)})
    return rows


def clusters(rng: random.Random) -> list[dict[str, object]]:
    """People drawn in clusters, of which one stratum of `alone` has a single one; people of a cluster are alike."""
    rows: list[dict[str, object]] = []
    for c in range(1, CLUSTERS + 1):
        stratum = "s1" if c <= 14 else "s2" if c <= 30 else "s3"
        mood = rng.gauss(0, 0.8)
        region = rng.choices(("north", "south", "west"), (5, 4, 2))[0]
        for _ in range(rng.randint(2, 11)):
            sex, age = rng.choice("fm"), rng.choices(("a1", "a2", "a3"), (5, 3, 2))[0]
            x = round(max(0.5, rng.gauss(6 + mood, 2)), 2)
            y = int(rng.random() < 1 / (1 + math.exp(-mood - 0.4 * (sex == "f"))))
            sizes = {"s1": 60, "s2": 45, "s3": 20}
            row = {
                "person": len(rows) + 1, "stratum": stratum, "alone": "z" if c == 1 else stratum, "cluster": f"c{c:02}",
                "fpc": sizes[stratum], "few": 5, "wrong": sizes[stratum] + c % 2, "sex": sex, "age": age,
                "region": region, "d": round(rng.uniform(5, 20), 3), "x": x, "y": y,
            }  # fmt: skip
            rows.append(row)
    return rows


def write(folder: Path) -> None:
    makers = {
        "people": people, "evaluations": evaluations, "mystery": mystery, "drivers": drivers, "coding": coding,
        "testers": testers, "clusters": clusters,
    }  # fmt: skip
    for name, make in makers.items():
        rows = make(random.Random(f"{SEED}-{name}"))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
