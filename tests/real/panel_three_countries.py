"""A real panel of three countries as a study: columns and codes are mapped here; words are read when it runs.

Wordings and labels come from the panel's data map, figures from its tab book; neither is kept in the project.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from real.country_tables import Line, Mapped, Table, data_map

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "surveys"
DATA, MAP, BOOK = (SHARED / f"panel_de_it_nl_2023{end}" for end in (".csv", "_datamap.xlsx", "_published.xlsx"))
MISSING = not (DATA.is_file() and MAP.is_file() and BOOK.is_file())
WAVE = "2023"
COUNTRIES = ("1", "2", "3")
PRODUCTS = range(1, 12)
BANDS = [(low, low + 10) for low in range(0, 100, 10)]  # open below, closed above
# the book's first and last band of ages bear each other's sign: what it calls above is below, and the reverse
AGES = ((0, 20), (21, 30), (31, 40), (41, 50), (51, 60), (61, 70), (71, 80), (81, 120))
ITEMS = ("r1", "r2", "r3")
STATEMENTS = {"1": "s1", "2": "s2", "3": "s3"}  # what stands in the columns, and the item's name
Segment = tuple[tuple[str, str], ...]
Json = dict[str, Any]


@dataclass(frozen=True)
class Printed:
    """What Vigie says of a printed table: `{code}` in the segment stands for the code of the line."""

    indicator: str
    segment: Segment
    dont_know: str = ""  # the indicator of the last line, where that is "don't know"
    na: str = ""  # the indicator of the line of those without an answer; "-": everyone without the base


def _code(number: int, line: Line) -> str:
    """The code of a line: its place, or the upper end of its band."""
    band = re.fullmatch(r"\((\d+)-(\d+)\]", line.label)
    return f"to{band[2]}" if band else str(number)


def targets(printed: Printed, table: Table) -> Iterator[tuple[Line, str, Segment]]:
    """Each line of a table with the indicator and the segment of its figures; no indicator: out of the base."""
    for number, line in enumerate(table.lines, start=1):
        if line.label == "NA":
            yield line, printed.na.removeprefix("-"), ((("state", "na"),) if printed.na == printed.indicator else ())
        elif printed.dont_know and line is table.lines[-1]:
            segment = tuple(pair for pair in printed.segment if "{code}" not in pair[1])
            yield line, printed.dont_know, segment
        else:
            code = _code(number, line)
            yield line, printed.indicator, tuple((k, v.replace("{code}", code)) for k, v in printed.segment)


SINGLE = {  # questions with one option, and their columns
    "decides": "A1", "heard": "B1", "owns": "B2", "plans": "B3", "knows": "B7", "b8": "B8", "b9": "B9", "b10": "B10",
    "b11": "B11", "b11b": "B11B", "b12": "B12", "b13": "B13", "b14": "B14", "b15": "B15", "b16": "B16", "b17": "B17",
    "d1": "D1", "d2": "D2", "d3": "D3", "education": "E3", "income": "E4", "saving": "E5", "wealth": "E6",
}  # fmt: skip
QUIZ = {"a4": "4", "a5": "4", "a6": "3", "a7": "4"}  # with the code of "don't know", which counts in the base
MULTIPLE = {  # question: column, options that stand alone, the option that asks for words with their column, routing
    "a3": ("A3", ["15"], {"14": "A3r14oe"}, ""),
    "b5": ("B5", ["10"], {}, "owns == 1"),
    "b6": ("B6", ["10"], {}, "owns == 2 or plans == 2"),
    "d4": ("D4", ["5", "6"], {"4": "D4r4oe"}, ""),
}
CELLS = {"_video": "cell == 1", "_none": "cell == 2"}


def expected() -> dict[str, list[Printed]]:
    """The tables of each sheet in their order, as Vigie's figures."""

    def whole(*names: str) -> list[Printed]:
        return [Printed(name, ((name, "{code}"),)) for name in names]

    def marked(grid: str, item: str, suffix: str = "", na: str = "") -> Printed:
        own = ((grid, item), (f"{grid}_{item}", "{code}"))
        return Printed(grid + suffix, own, f"{grid}_dk{suffix}" if grid[0] == "d" else "", na)

    shares = [Printed(f"a2_{p}", (("state", "{code}"),), na=f"a2_{p}") for p in PRODUCTS]
    quiz = [Printed(q, ((q, "{code}"),), dont_know=f"{q}_dk") for q in QUIZ]
    risk = Printed("a8", (("state", "{code}"),), na="a8")
    self = [marked("a9", f"r{k}") for k in range(1, 11)]
    part_d = [marked(g, i, s) for g in ("d6", "d7", "d8") for i in STATEMENTS.values() for s in ("", *CELLS)]
    return {
        "Intro": [*whole("gender"), Printed("age", (("state", "{code}"),))],
        "Part A.": [*whole("decides"), *shares, *whole("a3"), *quiz, risk, *self],
        "Part B.": [
            *whole("heard", "owns", "plans"),
            *(Printed(f"b4_{p}", (("state", "{code}"),), na=f"b4_na_{p}") for p in PRODUCTS),
            *whole("b5", "b6", "knows", *(q for q in SINGLE if re.fullmatch(r"b\d+b?", q))),
        ],
        "Part C.": [
            *(marked(f"c1_{p}", i, na="-") for p in PRODUCTS for i in ITEMS),
            *(Printed(f"c2_{p}_{i}", (("state", "{code}"),), na="-") for p in PRODUCTS for i in ITEMS),
        ],
        "Part. D": [*whole("d1", "d2", "d3", "d4"), *part_d],
        "Part. E": whole("education", "income", "saving", "wealth"),
    }  # fmt: skip


def _questions(mapped: dict[str, Mapped]) -> Iterator[tuple[Json, Any]]:
    """Every question with the column (or pattern) that it stands in."""

    def single(name: str, column: str, **more: Any) -> tuple[Json, Any]:
        told = mapped[column]
        return {"id": name, "kind": "single", "label": told.text, "options": told.options} | more, column

    def multiple(name: str, column: str, **more: Any) -> tuple[Json, Any]:
        listed = {str(k): text for k, text in enumerate(mapped[column].columns.values(), start=1)}
        label = mapped[column].text
        return {"id": name, "kind": "multiple", "label": label, "options": listed} | more, column + "r{option}"

    yield single("country", "E0", label={"fr": "Pays", "en": "Country"})  # the map calls it hidden
    yield single("gender", "E1")
    yield {"id": "age", "kind": "numeric", "label": mapped["E2r1"].text, "minimum": 18, "maximum": 99}, "E2r1"
    yield {"id": "year", "kind": "category", "label": mapped["E2r1"].text}, "E2r1"
    for name, column in SINGLE.items():
        yield single(name, column, **({"specify": ["6"]} if name == "education" else {}))
    for name, dont_know in QUIZ.items():
        told, column = single(name, name.upper())
        label = told["options"].pop(dont_know)
        yield told | {"dont_know": {"code": dont_know, "in_base": True, "label": label}}, column
    for name, (column, alone, words, ask_if) in MULTIPLE.items():
        routing = {"ask_if": ask_if} if ask_if else {}
        yield multiple(name, column, exclusive=alone, **({"specify": list(words)} if words else {}), **routing)
    yield multiple("holds", "Hid_C1")
    yield single("cell", "CELL", ask_if="d4.1 or d4.2 or d4.3")
    risk = mapped["A8"]
    ends = {"from": 1, "to": 7, "low": risk.options["1"], "high": risk.options["7"]}
    yield {"id": "a8", "kind": "scale", "label": risk.text, "scale": ends}, "A8"
    self = mapped["A9"]
    items = {f"r{k}": text for k, text in enumerate(self.columns.values(), start=1)}
    yield {"id": "a9", "kind": "grid", "label": self.text, "items": items, "options": self.options}, "A9{item}"
    for p in PRODUCTS:
        yield from _of_product(mapped, p)
    for k, grid in enumerate(("d6", "d7", "d8"), start=1):
        yield _statements(mapped, grid, f"d4.{k}")


def _of_product(mapped: dict[str, Mapped], p: int) -> Iterator[tuple[Json, Any]]:
    """What is asked of one product: its part of the wealth, why it is held, and the order of the reasons."""
    for name, column, ask_if in (("a2", "A2", ""), ("b4", "B4", "owns == 1")):
        told = mapped[column]
        label = f"{told.text} – {told.columns[f'{column}r{p}']}"
        routing = {"ask_if": ask_if} if ask_if else {}
        yield {"id": f"{name}_{p}", "kind": "numeric", "label": label, "minimum": 0} | routing, f"{column}r{p}"
    why = mapped[f"C1_Lr{p}"]
    items = dict(zip(ITEMS, why.columns.values(), strict=True))
    options = mapped["C1_Lr1"].options
    held = {"id": f"c1_{p}", "kind": "grid", "label": why.text, "items": items, "options": options}
    yield held | {"ask_if": f"holds.{p}"}, f"C1_Lr{p}{{item}}"
    matters = " or ".join(f"c1_{p}_{item} in [4, 5]" for item in ITEMS)
    order = {"id": f"c2_{p}", "kind": "ranking", "label": mapped[f"C2_Lr{p}"].text, "options": items}
    yield order | {"ask_if": matters}, f"C2_Lr{p}{{option}}"


def _statements(mapped: dict[str, Mapped], grid: str, ask_if: str) -> tuple[Json, Any]:
    """Three statements judged by yes or no; "don't know" counts in the base. They are one grid to whoever reads."""
    name = grid.upper()
    items = {item: mapped[f"{name}_{k}r1"].text for k, item in STATEMENTS.items()}
    labels = dict(mapped[f"{name}_1r1"].options)
    label = {"code": "3", "in_base": True, "label": labels.pop("3")}
    told = {"id": grid, "kind": "grid", "label": name, "items": items, "options": labels, "dont_know": label}
    return told | {"ask_if": ask_if}, {"from": f"{name}_{{item}}r1", "options": STATEMENTS}


def _indicators(questions: list[Json], mapped: dict[str, Mapped]) -> Iterator[Json]:
    for q in questions:
        name, label = q["id"], q["label"]
        if q["kind"] == "grid":
            for suffix, base in {"": "", **(CELLS if "dont_know" in q else {})}.items():
                told = {"id": name + suffix, "label": label, "share": name, "by": name}
                yield told | ({"base": base} if base else {})
                if "dont_know" in q:
                    yield _unsure(q, suffix, base) | {"by": name}
        elif q["kind"] in ("single", "multiple", "category"):
            yield {"id": name, "label": label, "share": name}
            if "dont_know" in q:
                yield _unsure(q)
        elif q["kind"] == "ranking":
            for option, text in q["options"].items():
                states = {str(k): f"{name}.{option} == {k}" for k in (1, 2, 3)}
                told = {"id": f"{name}_{option}", "label": f"{label} – {text}", "funnel": states}
                ranked = {"fr": "ceux qui ont classé cette raison", "en": "those who ranked this reason"}
                yield told | {"base": f"{name}.{option} <= 3", "base_label": ranked}
        elif name == "age":
            states = {str(k): f"age in {low}..{high}" for k, (low, high) in enumerate(AGES, start=1)}
            words = {str(k): f"{low}–{high}" for k, (low, high) in enumerate(AGES, start=1)}
            yield {"id": "age", "label": label, "funnel": states, "states": words}
        elif name == "a8":
            states = {code: f"answered(a8) and a8 == {code}" for code in mapped["A8"].options}
            told = {"id": "a8", "label": label, "funnel": states | {"na": "not answered(a8)"}}
            yield told | {"states": mapped["A8"].options | {"na": "–"}}
        else:
            yield from _parts(name, label)


def _unsure(q: Json, suffix: str = "", base: str = "") -> Json:
    """The share of "don't know" among those asked."""
    name, asked = q["id"], f"answered({q['id']}) or dont_know({q['id']})"
    label = f"{q['label']} – {q['dont_know']['label']}"
    within = f"{base} and ({asked})" if base else asked
    return {"id": f"{name}_dk{suffix}", "label": label, "share": f"dont_know({name})", "base": within}


def _parts(name: str, label: str) -> Iterator[Json]:
    """How large a part of the wealth a product is, by bands; who holds none of it is a state of its own."""
    nothing = f"not answered({name}) or {name} == 0"
    states = {f"to{high}": f"answered({name}) and {name} > {low} and {name} <= {high}" for low, high in BANDS}
    words = {f"to{high}": f"{low}–{high} %" for low, high in BANDS} | {"na": "0 %"}
    told = {"id": name, "label": label, "funnel": states | {"na": nothing}, "states": words}
    if name.startswith("b4"):
        told["base"] = "owns == 1"
        yield {"id": name.replace("b4_", "b4_na_"), "label": f"{label} – 0 %", "share": nothing}
    yield told


def definition() -> Json:
    """The whole study."""
    mapped = data_map(MAP)
    told = list(_questions(mapped))
    questions = [question for question, _ in told]
    words = {name: next(iter(own[2].values())) for name, own in MULTIPLE.items() if own[2]} | {"education": "E3r6oe"}
    return {
        "study": "three_countries",
        "title": {"fr": "Panel de trois pays", "en": "Panel of three countries"},
        "languages": ["en"],
        "reports": ["fr", "en"],
        "show": {"hide": 10, "fragile": 100},
        "questions": questions,
        "indicators": list(_indicators(questions, mapped)),
        "banner": ["country"],
        "imports": {
            "panel": {
                "respondent": "record",
                "started_at": {"from": "start_date", "order": "ymd"},
                "duration": {"from": "qtime", "unit": "s"},
                "keep": "status == 3",
                "columns": {question["id"]: column for question, column in told},
                "specify": words,
            }
        },
        "waves": [{"id": WAVE, "panel": "access", "files": {"survey": {"path": "survey.csv", "import": "panel"}}}],
    }


def write_study(folder: Path) -> None:
    """Write the study and its data into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(definition(), ensure_ascii=False, indent=1)
    (folder / "study.yaml").write_text(told + "\n", encoding="utf-8")  # JSON is YAML
    shutil.copyfile(DATA, folder / "survey.csv")
