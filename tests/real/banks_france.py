"""Real mystery visits to French bank branches as a study: columns are counted here, words read when it runs.

The file is an untidy export: texts of questions as headers, a column per option without the question's name, durations
written in many ways, lines of sums below the visits.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mystery"
DATA, BOOK = SHARED / "banks_france_2021.csv", SHARED / "banks_france_2021_published.xlsx"
MISSING = not (DATA.is_file() and BOOK.is_file())
VISIT, DAY, BANK, MINUTES = 0, 4, 5, 8  # columns by their number from 0
CREATED = "date_created"  # the header of the first; it is empty in the lines of sums
OPEN = (9, 83)  # the visit in the tester's own words; words of "other"
CHOSEN = (10, 11, 24, 25, 26, 33, 34, 35, 81, 82, 90, 98, 99, 100, 101, 102, 111, 127, 128, 129, 130)  # one label each
TICKED = {  # a column per option, which holds its label where ticked; the number is that of the question's column
    12: range(13, 24), 27: range(28, 33), 36: range(37, 51), 51: range(52, 66), 66: range(67, 81), 86: range(87, 90),
    91: range(92, 98), 103: range(104, 109), 109: range(110, 111), 112: range(113, 120), 120: range(121, 127),
}  # fmt: skip
GRID = (10, 24, 26, 34, 128, 129)  # yes or no: what an adviser is expected to do
UNSURE = "Je ne sais pas"
PAST_THE_HOUR = {"00:60": "60"}  # a clock that shows 60 minutes

Row = list[str]


def table() -> tuple[Row, list[Row]]:
    """The headers, and the visits without the lines of sums below them."""
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    return [name.strip() for name in header], [row for row in rows if row[VISIT]]


def tidy(text: str) -> str:
    """A header without its spaces and the number that tells it from an earlier one."""
    return re.sub(r"\.\d$", "", " ".join(text.split()))


@dataclass(frozen=True)
class Asked:
    """A question: its columns and its options by code."""

    id: str
    wording: str
    columns: tuple[int, ...]
    options: dict[str, str]
    multiple: bool


def asked() -> dict[str, Asked]:
    """Every closed question, in the order of the file; of two columns with one label there is one option."""
    header, rows = table()
    found = {}
    for number in sorted((*CHOSEN, *TICKED)):
        columns = tuple(TICKED.get(number, (number,)))
        labels = dict.fromkeys(" ".join(row[c].split()) for c in columns for row in rows)
        texts = [text for text in sorted(labels) if text]
        options = {f"o{k}": text for k, text in enumerate(texts, start=1)}
        found[f"q{number}"] = Asked(f"q{number}", tidy(header[number]), columns, options, number in TICKED)
    return found


def networks() -> list[str]:
    """Which bank networks were visited: the file has numbers only."""
    _, rows = table()
    return sorted({row[BANK] for row in rows}, key=float)


def network(number: str) -> str:
    return f"n{float(number):.0f}"


def days() -> tuple[str, str]:
    _, rows = table()
    moments = sorted(datetime.strptime(row[DAY], "%d/%m/%Y").date() for row in rows)  # noqa: DTZ007 - a day has no zone
    return moments[0].isoformat(), moments[-1].isoformat()


def definition() -> dict[str, Any]:
    header, _ = table()
    questions = asked()
    lasted = {
        "id": "minutes", "kind": "numeric", "label": tidy(header[MINUTES]), "unit": "minutes", "minimum": 0,
        "maximum": 240,
    }  # fmt: skip
    words = [{"id": f"q{k}", "kind": "open", "label": tidy(header[k])} for k in OPEN]
    columns: dict[str, Any] = {
        q.id: {"from": [header[c] for c in q.columns] if q.multiple else header[q.columns[0]], "labels": True}
        for q in questions.values()
    }
    columns |= {f"q{k}": {"position": k + 1} for k in OPEN}
    columns["minutes"] = {"from": header[MINUTES], "clock": "hm", "unit": "min", "codes": PAST_THE_HOUR}
    return {
        "study": "banks_france", "title": "Conseillers bancaires", "languages": ["fr"], "channels": ["face_to_face"],
        "brands": "brands.csv", "population": "Rendez-vous en agence",
        "mystery": {
            "grids": {"face_to_face": "grid.yaml"}, "out_of": 20, "min_tests": 5, "show": {"hide": 2, "fragile": 30},
            "questions": [
                *({"id": q.id, "kind": "multiple" if q.multiple else "single", "label": q.wording, "options": q.options}
                  for q in questions.values()),
                lasted, *words,
            ],
        },
        "indicators": [
            *({"id": f"share_{q.id}", "source": "mystery", "label": q.wording, "share": q.id, "by": "brand"}
              for q in questions.values()),
            {"id": "lasting", "source": "mystery", "label": lasted["label"], "mean": "minutes", "by": "brand",
             "decimals": 1},
        ],
        "imports": {
            "export": {
                "keep": f"answered({CREATED})", "test": header[VISIT], "only_channel": "face_to_face",
                "brand": {"from": header[BANK], "codes": {number: network(number) for number in networks()}},
                "sent_at": {"from": header[DAY], "order": "dmy"}, "columns": columns,
                "marks": {
                    "from": "{criterion}", "options": {header[k]: f"c{k}" for k in GRID},
                    "codes": {"Oui": 1, "Non": 0},
                },
                "not_applicable": [UNSURE],
            }
        },
        "waves": [
            {"id": "2021", "field": list(days()), "files": {"tests": {"path": "visits.csv", "import": "export"}}},
        ],
    }  # fmt: skip


def grid() -> dict[str, Any]:
    """A grid of our own: one point for each thing that an adviser is expected to do."""
    header, _ = table()
    criteria = [{"id": f"c{k}", "label": tidy(header[k]), "needs_reply": False} for k in GRID]
    return {"grid": "advice", "dimensions": [{"id": "advice", "label": "Conseil", "criteria": criteria}]}


def write(folder: Path) -> Path:
    """The study's folder; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, told in (("study.yaml", definition()), ("grid.yaml", grid())):
        (folder / name).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    with (folder / "brands.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["brand", "name", "sector"])
        writer.writerows([network(k), f"Réseau {float(k):.0f}", "banks"] for k in networks())
    shutil.copyfile(DATA, folder / "visits.csv")
    return folder


@dataclass(frozen=True)
class Printed:
    """A line of the workbook: a count, and its share in percent where one is printed."""

    label: str
    count: int
    percent: float | None


@dataclass(frozen=True)
class Block:
    """What the workbook prints of a question; beside it, for some, the same without those that did not answer."""

    title: str
    lines: tuple[Printed, ...]
    answering: tuple[Printed, ...]


def blocks() -> list[Block]:
    """Every block of the workbook's sheet: a wording in the first column, labels in the third, figures behind them."""
    rows = CalamineWorkbook.from_path(BOOK).get_sheet_by_index(0).to_python(skip_empty_area=False)[1:]
    begun = [k for k, row in enumerate(rows) if str(row[0]).strip()]
    found = []
    for at, end in zip(begun, [*begun[1:], len(rows)], strict=True):
        apart = next((k for k in range(at, end) if "excluding" in str(rows[k][1])), end)
        lines, beside = _lines(rows[at:apart], 3), _lines(rows[at:apart], 7) or _lines(rows[apart:end], 3)
        found.append(Block(tidy(str(rows[at][0])), lines, beside))
    return found


def _lines(rows: list[list[Any]], at: int) -> tuple[Printed, ...]:
    return tuple(
        Printed(
            " ".join(str(row[2]).split()),
            int(row[at]),
            row[at + 1] if len(row) > at + 1 and isinstance(row[at + 1], float) else None,
        )
        for row in rows
        if str(row[2]).strip() and len(row) > at and isinstance(row[at], float)
    )
