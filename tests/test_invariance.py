"""The same answers in another order, format or spelling give the same figures, verdicts and ranks."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from small import edit, tiny
from vigie import run

Rows = list[list[str]]
WAVES = ("2023", "2024")
FILES = [f"data/{wave}/{name}" for wave in WAVES for name in ("survey.csv", "tests.csv")]
NEW = {"f": "zz", "m": "1", "a1": "u35", "a2": "o35", "ondine": "zeta", "cabestan": "Beta", "misaine": "42"}


def rows_of(path: Path) -> Rows:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def as_text(rows: Rows, separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def rewrite(folder: Path, change: Callable[[Rows, str], Rows]) -> None:
    """Every data file's rows, changed."""
    for name in FILES:
        path = folder / name
        path.write_text(as_text(change(rows_of(path), name)), encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The tiny study with a wave before: other marks, some people and tests fewer."""
    folder = tiny(tmp_path_factory.mktemp("invariance") / "study")
    shutil.copytree(folder / "data" / "2024", folder / "data" / "2023")
    shutil.copy(folder / "margins" / "2024.csv", folder / "margins" / "2023.csv")
    line = '  - {id: "2024", mode: web, field: [2024-01-08, 2024-01-26], files: {survey: data/2024/survey.csv, '
    before = line.replace("2024", "2023") + "tests: data/2023/tests.csv}}\n"
    edit(folder, "study.yaml", (line, before + line))
    chance = random.Random(7)

    def other(rows, name):
        kept = [rows[0], *(r for r in rows[1:] if "2024" in name or chance.random() < 0.9)]
        marks = [i for i, h in enumerate(rows[0]) if h.startswith("satisfaction")]
        for row in kept[1:] if "2023" in name else ():
            for i in marks:
                row[i] = (
                    str(max(1, int(row[i]) - chance.randrange(4))) if row[i].isdigit() and row[i] != "99" else row[i]
                )
        return kept

    rewrite(folder, other)
    return folder


@pytest.fixture(scope="module")
def expected(study):
    return figures(study)


@pytest.fixture
def copy(study, tmp_path):
    return shutil.copytree(study, tmp_path / "study", ignore=shutil.ignore_patterns("out"))


def figures(folder: Path, new: dict[str, str] | None = None) -> dict[tuple, dict]:
    """Every estimate and every ranked brand of all waves, by names that were there before a relabelling."""
    old = {v: k for k, v in (new or {}).items()}
    run.run(folder, formats=["html"])
    found: dict[tuple, dict] = {}
    for wave in WAVES:
        text = (folder / "out" / wave / "current" / "results.json").read_text(encoding="utf-8")
        told = json.loads(text)
        for estimate in told["estimates"]:
            segment = tuple(sorted((k, old.get(v, v)) for k, v in estimate["segment"].items()))
            found[wave, estimate["indicator"], segment] = estimate
        for league in told["leagues"]:
            found[wave, league["family"], "league"] = {
                "verdict": league["verdict"], "winners": sorted(old.get(w, w) for w in league["winners"])
            }  # fmt: skip
            for entry in league["entries"]:
                found[wave, league["family"], old.get(entry["brand"], entry["brand"])] = entry
    return found


NUMBERS = ("value", "se", "ci_low", "ci_high", "n_weighted", "n_effective", "design_effect", "score", "dont_know")
EXACT = ("n", "flag", "unit", "rank", "verdict", "winners", "possible_first", "reaches_threshold", "absent_channels")


def compare(found: dict[tuple, dict], expected: dict[tuple, dict]) -> None:
    assert set(found) == set(expected)
    for key, told in found.items():
        other = expected[key]
        error = other.get("se") or 0.0
        for name in NUMBERS:
            assert alike(told.get(name), other.get(name), error), (key, name, told.get(name), other.get(name))
        for name in EXACT:
            assert told.get(name) == other.get(name), (key, name)
        change, before = told.get("change") or {}, other.get("change") or {}
        assert (change.get("verdict"), change.get("reason")) == (before.get("verdict"), before.get("reason")), key
        assert alike(change.get("difference"), before.get("difference"), before.get("se") or 0.0), key


def alike(one: float | None, other: float | None, error: float) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-10, abs_tol=1e-10 * error)


def test_the_study_has_changes_verdicts_and_ranks_to_compare(expected):
    assert len(expected) > 100
    assert {(e.get("change") or {}).get("verdict") for e in expected.values()} >= {"none"}
    assert any(e.get("rank") for e in expected.values())
    assert {e.get("flag") for e in expected.values()} >= {"ok", "fragile", "hidden"}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_and_columns_does_not_matter(copy, expected, seed):
    chance = random.Random(seed)

    def mixed(rows, _name):
        order = list(range(len(rows[0])))
        chance.shuffle(order)
        body = rows[1:]
        chance.shuffle(body)
        return [[row[i] for i in order] for row in [rows[0], *body]]

    rewrite(copy, mixed)
    compare(figures(copy), expected)


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "cp1252"), ("\t", "utf-16"), ("|", "utf-8-sig"), (",", "utf-16-le-bom"), (";", "utf-8")],
)
def test_separator_and_encoding_do_not_matter(copy, expected, separator, encoding):
    for name in FILES:
        text = as_text(rows_of(copy / name), separator).replace("\n", "\r\n")
        data = ("\ufeff" + text).encode("utf-16-le") if encoding.endswith("bom") else text.encode(encoding)
        (copy / name).write_bytes(data)
    compare(figures(copy), expected)


def test_a_decimal_comma_does_not_matter(copy, expected):
    imports = (
        "imports:\n  people: {respondent: respondent, decimal: ','}\n  visits: {test: test, brand: brand, channel: "
        "channel, outcome: outcome, answered_at: answered_at, decimal: ','}\nwaves:"
    )
    edit(copy, "study.yaml", ("waves:", imports))
    for wave in WAVES:
        both = (("survey", "people"), ("tests", "visits"))
        edit(copy, "study.yaml", *((f"{n}: data/{wave}/{n}.csv", f"{n}: {{path: data/{wave}/{n}.csv, import: {i}}}")
                                   for n, i in both))  # fmt: skip

    def comma(rows, _name):
        first = next(i for i, h in enumerate(rows[0]) if h in ("satisfaction.phone", "wait"))
        return [rows[0], *([*r[:first], *(f"{c},00" if c.isdigit() else c for c in r[first:])] for r in rows[1:])]

    rewrite(copy, comma)
    compare(figures(copy), expected)


def test_a_workbook_does_not_matter(copy, expected):
    for name in FILES:
        with xlsxwriter.Workbook(copy / name.replace(".csv", ".xlsx"), {"strings_to_numbers": True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows_of(copy / name)):
                sheet.write_row(number, 0, row)
        edit(copy, "study.yaml", (name, name.replace(".csv", ".xlsx")))
    compare(figures(copy), expected)


@pytest.mark.parametrize("seed", range(2))
def test_a_file_split_in_two_does_not_matter(copy, expected, seed):
    chance = random.Random(seed)
    for name in FILES:
        header, *body = rows_of(copy / name)
        cut = chance.randrange(1, len(body))
        second = name.replace(".csv", "-2.csv")
        (copy / name).write_text(as_text([header, *body[cut:]]), encoding="utf-8")
        (copy / second).write_text(as_text([header, *body[:cut]], ";"), encoding="utf-8")
        edit(copy, "study.yaml", (name, f"[{name}, {second}]"))
    compare(figures(copy), expected)


def test_other_codes_and_other_brand_ids_do_not_matter(copy, expected):
    edit(
        copy, "study.yaml", ("{f: {fr: Une", "{zz: {fr: Une"), ("m: {fr: Un homme", "1: {fr: Un homme"),
        ("{a1: {", "{u35: {"), ("a2: {fr", "o35: {fr"),
    )  # fmt: skip
    for wave in WAVES:
        path = copy / "margins" / f"{wave}.csv"
        lines = [[v, NEW.get(c, c), s] for v, c, s in rows_of(path)]
        path.write_text(as_text([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    brands = [[NEW.get(r[0], r[0]), *r[1:]] for r in rows_of(copy / "brands.csv")]
    (copy / "brands.csv").write_text(as_text([brands[0], *reversed(brands[1:])]), encoding="utf-8")

    def renamed(rows, _name):
        coded = {i for i, header in enumerate(rows[0]) if header in ("sex", "age", "brand")}
        return [rows[0], *([NEW.get(c, c) if i in coded else c for i, c in enumerate(row)] for row in rows[1:])]

    rewrite(copy, renamed)
    compare(figures(copy, NEW), expected)
