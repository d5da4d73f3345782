"""Make the reviews that R and Vigie both read: `python tests/reference/reviews.py [folder]`.

Invented reviews; the standard library's generator, whose numbers do not depend on any package.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

SEED = 20240301


def reviews(rng: random.Random) -> list[dict[str, object]]:
    """Reviews of one or two brands, by authors who write several and lean one way; some without stars."""
    rows: list[dict[str, object]] = []
    mood = [rng.gauss(0, 1) for _ in range(90)]
    for review in range(240):
        author = rng.randrange(90)
        brands = rng.sample("abcd", 2) if rng.random() < 0.2 else [rng.choice("aaabbcd")]
        stars = min(5, max(1, round(3.2 + mood[author] + rng.gauss(0, 0.8))))
        shown = 0 if rng.random() < 0.1 else stars  # 0: none given
        for brand in brands:
            row = {"review": review, "brand": brand, "author": author, "part": 1 / len(brands), "stars": shown}
            rows.append(row)
    return rows


def write(folder: Path) -> None:
    rows = reviews(random.Random(f"{SEED}-reviews"))
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
