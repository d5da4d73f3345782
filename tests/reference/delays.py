"""Make the delays that R and Vigie both read: `python tests/reference/delays.py [folder]`.

Invented e-mails; the standard library's generator, whose numbers do not depend on any package.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

SEED = 20240229
CUT = 168.0


def delays(rng: random.Random) -> list[dict[str, object]]:
    """Groups with ties, losses before the cut-off, answers at once, nobody answered, everybody, one half, one alone."""
    rows: list[dict[str, object]] = []

    def add(group: str, hours: float, answered: int) -> None:
        rows.append({"group": group, "hours": hours, "answered": answered})

    for group, n, mean in (("fast", 120, 12.0), ("slow", 90, 70.0), ("lost", 60, 40.0)):
        for _ in range(n):
            delay = round(rng.expovariate(1 / mean))  # whole hours: ties, and answers at 0
            end = round(rng.uniform(10, CUT)) if group == "lost" else CUT
            add(group, float(min(delay, end)), int(delay <= end and rng.random() < 0.9))
    for i in range(12):
        add("never", CUT if i else 20.0, 0)
        add("all", float(1 + i // 2), 1)
        add("half", float(1 + i // 2), 1) if i < 6 else add("half", CUT, 0)
        add("pause", 5.0 if i < 6 else 30.0 + i, 1)
    add("one", 7.5, 1)
    add("alone", 9.0, 0)
    return rows


def write(folder: Path) -> None:
    rows = delays(random.Random(f"{SEED}-delays"))
    with (folder / "delays.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
