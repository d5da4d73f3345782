"""A real mystery programme in six countries as studies: columns are counted here, words and figures read when it runs.

Countries stand as sectors. The programme gives its banks new codes every year: a bank is keyed by year, country and
code, and has no trend.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mystery"
DATA = {year: SHARED / f"banks_six_countries_{year}.csv" for year in ("2021", "2022")}
BOOK = {year: SHARED / f"banks_six_countries_{year}_published.xlsx" for year in DATA}
MISSING = not all(p.is_file() for p in (*DATA.values(), *BOOK.values()))
KEY = {"2021": 0, "2022": 0}  # columns by their number from 0: the visit, its day, its country, its bank
DAY = {"2021": 2, "2022": 2}
COUNTRY = {"2021": 4, "2022": 5}
BANK = {"2021": 9, "2022": 9}
MINUTES = {"2021": 12, "2022": 12}  # which are seconds
FITS = {"2021": 42, "2022": 45}  # asked in the same words in both years: did the summary correspond to the needs?
ASKED_2022 = (7, 11, *range(13, 54))
GRID_2022 = (13, 14, 15, 28, 35, 37, 38, 39, 40, 41, 44, 47, 48)  # yes or no: what an adviser is expected to do
TICKED_2021 = {  # columns of 0 and 1 per option, by the question's number
    6: range(13, 23), 8: range(28, 40), 11: range(46, 52), 17: range(63, 71), 18: range(73, 82),
}  # fmt: skip
CHOSEN_2021 = {7: 23, 9: 40, 10: 42, 12: 52, 13: 54, 14: 56, 15: 58, 16: 60}  # one label each
ARGUED = 62  # the list of arguments as one text: whoever has one is in the base of questions 17 and 18
GRID_2021 = (40, 52, 56, 60)
LEFT_OUT = "Questions from 19 on are left out: their columns are misaligned in the file. So is the printed Ireland."
YES_NO = {"yes": "Yes", "no": "No"}


def table(year: str) -> tuple[list[str], list[list[str]]]:
    with DATA[year].open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    return header, rows


def stem(header: str) -> str:
    """A header's wording, without its number and the number of its option."""
    return re.sub(r"_\d+$", "", re.sub(r"^[A-Z]?\d+\.\s*", "", header)).strip()


@dataclass(frozen=True)
class Asked:
    """A question: its columns (several where one is ticked per option) and its options by code."""

    id: str
    wording: str
    columns: tuple[str, ...]
    options: dict[str, str]

    @property
    def multiple(self) -> bool:
        return len(self.columns) > 1


def asked(year: str, numbers: tuple[int, ...]) -> list[Asked]:
    """The questions in these columns; columns of one wording are one question."""
    header, rows = table(year)
    groups: dict[str, list[int]] = {}
    for k in numbers:
        groups.setdefault(stem(header[k]), []).append(k)
    found = []
    for wording, places in groups.items():
        texts = sorted({row[k].strip() for row in rows for k in places} - {""})
        listed = YES_NO if set(texts) == {"Yes", "No"} else {f"o{n}": text for n, text in enumerate(texts, start=1)}
        found.append(Asked(f"q{places[0]}", wording, tuple(header[k] for k in places), listed))
    return found


def question(item: Asked) -> dict[str, Any]:
    kind = "multiple" if item.multiple else "single"
    return {"id": item.id, "kind": kind, "label": item.wording, "options": item.options}


def mapped(item: Asked) -> dict[str, Any]:
    """Cells hold labels; a column per option holds its label where it was ticked."""
    return {"from": list(item.columns) if item.multiple else item.columns[0], "labels": True}


def asked_2021() -> list[Asked]:
    """Questions 6 to 18 of the first year."""
    header, _ = table("2021")
    found = {n: asked("2021", (column,))[0] for n, column in CHOSEN_2021.items()}
    for number, columns in TICKED_2021.items():
        texts = {f"o{k}": _option(header[column]) for k, column in enumerate(columns, start=1)}
        found[number] = Asked(
            f"q{columns[0]}", _stem_2021(header[columns[0]]), tuple(header[c] for c in columns), texts
        )
    return [found[n] for n in sorted(found)]


def _option(header: str) -> str:
    """What stands for the option at the end of a header."""
    return re.split(r"all that apply!\s*-?\s*| - ", header, maxsplit=1)[-1].strip()


def _stem_2021(header: str) -> str:
    return re.split(r" - |Please select|Select a", re.sub(r"^\d+(\.\d+)?\.?\s*", "", header))[0].strip()


def country(name: str) -> str:
    return name.strip().casefold()


def brands(year: str) -> Iterator[list[str]]:
    """A line of brands.csv per bank of a year."""
    _, rows = table(year)
    for name, code in sorted({(r[COUNTRY[year]].strip(), r[BANK[year]].strip()) for r in rows}):
        first, last = days(year)
        yield [f"{year}-{country(name)}-{code}", f"{name} {code}", country(name), "", first, last]


def days(year: str) -> tuple[str, str]:
    _, rows = table(year)
    moments = sorted(date.fromisoformat(r[DAY[year]]) for r in rows)
    return moments[0].isoformat(), moments[-1].isoformat()


def visits(year: str, columns: dict[str, Any]) -> dict[str, Any]:
    """The import of a year's file."""
    header, rows = table(year)
    pairs = sorted({(r[COUNTRY[year]].strip(), r[BANK[year]].strip()) for r in rows})
    keys = {f"{name}-{code}": f"{year}-{country(name)}-{code}" for name, code in pairs}
    return {
        "test": header[KEY[year]],
        "brand": {"from": [header[COUNTRY[year]], header[BANK[year]]], "join": "-", "codes": keys},
        "only_channel": "face_to_face",
        "sent_at": {"from": header[DAY[year]], "order": "ymd"},
        "columns": columns,
    }


def head(name: str, title: str) -> dict[str, Any]:
    return {
        "study": name, "title": title, "languages": ["en"], "channels": ["face_to_face"], "brands": "brands.csv",
        "population": "Bank branches visited",
    }  # fmt: skip


def wave(year: str) -> dict[str, Any]:
    return {"id": year, "field": list(days(year)), "files": {"tests": {"path": f"{year}.csv", "import": f"y{year}"}}}


def definition_2022() -> dict[str, Any]:
    """The campaign of 2022 with a grid of our own: what an adviser is expected to do, one point each."""
    header, _ = table("2022")
    questions = asked("2022", ASKED_2022)
    marks = {header[k]: f"c{k}" for k in GRID_2022}
    rules = visits("2022", {q.id: mapped(q) for q in questions} | {"lasted": header[MINUTES["2022"]]})
    rules["marks"] = {"from": "{criterion}", "options": marks, "codes": {"Yes": 1, "No": 0}}
    lasted = {"id": "lasted", "kind": "numeric", "label": stem(header[MINUTES["2022"]]), "unit": "s", "minimum": 0}
    return head("banks_2022", "Bank advisers") | {
        "mystery": {
            "grids": {"face_to_face": "grid.yaml"}, "out_of": 20, "min_tests": 5, "show": {"hide": 2, "fragile": 30},
            "questions": [*(question(q) for q in questions), lasted],
        },
        "indicators": [
            *({"id": f"share_{q.id}", "source": "mystery", "label": q.wording, "share": q.id, "by": "sector"}
              for q in questions),
            {"id": "lasting", "source": "mystery", "label": lasted["label"], "mean": "lasted", "by": "sector"},
        ],
        "imports": {"y2022": rules},
        "waves": [wave("2022")],
    }  # fmt: skip


def grid(year: str, numbers: tuple[int, ...]) -> dict[str, Any]:
    """A grid of our own: one point for each thing that an adviser is expected to do."""
    header, _ = table(year)
    criteria = [{"id": f"c{k}", "label": stem(header[k]), "needs_reply": False} for k in numbers]
    return {"grid": "advice", "dimensions": [{"id": "advice", "label": "Advice", "criteria": criteria}]}


def definition_2021() -> dict[str, Any]:
    """The first year, as far as its columns can be trusted."""
    header, _ = table("2021")
    questions = asked_2021()
    columns: dict[str, Any] = {}
    for q in questions:
        ticks = dict(zip(q.columns, q.options, strict=True)) if q.multiple else {}
        columns[q.id] = {"from": "{option}", "options": ticks, "chosen": 1, "not_chosen": 0} if ticks else mapped(q)
    argued = {"id": "argued", "kind": "open", "label": header[ARGUED]}
    columns["argued"] = header[ARGUED]
    rules = visits("2021", columns)
    rules["marks"] = {
        "from": "{criterion}",
        "options": {header[k]: f"c{k}" for k in GRID_2021},
        "codes": {"Yes": 1, "No": 0},
    }
    return head("banks_2021", "Bank advisers") | {
        "population": f"Bank branches visited. {LEFT_OUT}",
        "mystery": {
            "grids": {"face_to_face": "grid.yaml"},
            "questions": [*(question(q) for q in questions), argued],
            "show": {"hide": 2, "fragile": 30},
        },
        "indicators": [
            {"id": f"share_{q.id}", "source": "mystery", "label": q.wording, "share": q.id, "by": "sector"}
            | ({"base": "answered(argued)"} if q.id in ("q63", "q73") else {})
            for q in questions
        ],
        "imports": {"y2021": rules},
        "waves": [wave("2021")],
    }


def definition_trend() -> dict[str, Any]:
    """Both years on what was asked in the same words: by country, since banks have no trend."""
    header = {year: table(year)[0] for year in DATA}
    fits = {"id": "fits", "kind": "single", "label": stem(header["2022"][FITS["2022"]]), "options": YES_NO}
    lasted = {"id": "lasted", "kind": "numeric", "label": stem(header["2022"][MINUTES["2022"]]), "minimum": 0}
    columns = {
        year: {"fits": {"from": header[year][FITS[year]], "labels": True}, "lasted": header[year][MINUTES[year]]}
        for year in DATA
    }
    return head("banks_trend", "Bank advisers, two years") | {
        "mystery": {"questions": [fits, lasted]},
        "indicators": [
            {"id": "fitting", "source": "mystery", "label": fits["label"], "share": "fits == yes",
             "by": ["sector", "brand"]},
            {"id": "lasting", "source": "mystery", "label": lasted["label"], "mean": "lasted", "by": "sector"},
        ],
        "imports": {f"y{year}": visits(year, columns[year]) for year in DATA},
        "waves": [wave(year) for year in DATA],
    }  # fmt: skip


def write(folder: Path, told: dict[str, Any], years: tuple[str, ...], marks: dict[str, Any] | None = None) -> Path:
    """A study folder; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if marks is not None:
        (folder / "grid.yaml").write_text(json.dumps(marks, ensure_ascii=False, indent=1), encoding="utf-8")
    with (folder / "brands.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["brand", "name", "sector", "aliases", "from", "until"])
        for year in years:
            writer.writerows(brands(year))
    for year in years:
        shutil.copyfile(DATA[year], folder / f"{year}.csv")
    return folder


@dataclass(frozen=True)
class Block:
    """What the workbook prints of a question: counts by label and country."""

    title: str
    counts: dict[str, dict[str, int]]


def blocks_2022() -> list[Block]:
    """Every block of the workbook of 2022: the title above a line of countries, the labels and counts below it."""
    book = CalamineWorkbook.from_path(BOOK["2022"])
    found = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for r, row in enumerate(rows):
            if "Denmark" in row[:9] and "Estonia" in row[:9]:
                at = row.index("Denmark")
                above = (str(c).strip() for k in range(r - 1, -1, -1) for c in rows[k] if str(c).strip())
                found.append(
                    Block(next(above, ""), _counts(rows[r + 1 :], at, [country(str(c)) for c in row[at : at + 6]]))
                )
    return found


def _counts(rows: list[list[Any]], at: int, countries: list[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        label = str(row[at - 1]).strip()
        if not label or label == "Total" or label in found:
            break
        found[label] = {
            c: int(v) if isinstance(v, float) else 0 for c, v in zip(countries, row[at : at + 6], strict=True)
        }
    return found


def blocks_2021() -> list[Block]:
    """Shares by label and country, as the workbook of the first year prints them; in ten thousandths."""
    rows = CalamineWorkbook.from_path(BOOK["2021"]).get_sheet_by_index(0).to_python(skip_empty_area=False)
    at = next(k for k, c in enumerate(rows[0]) if c == "Germany")
    countries = [country(str(c)) for c in rows[0][at : at + 6]]
    found: list[Block] = []
    for row in rows[1:]:
        if str(row[0]).strip():
            found.append(Block(str(row[0]).strip(), {}))
        if str(row[at - 1]).strip() and found:
            shares = {
                c: round(v * 10_000) for c, v in zip(countries, row[at : at + 6], strict=True) if isinstance(v, float)
            }
            found[-1].counts[str(row[at - 1]).strip()] = shares
    return found
