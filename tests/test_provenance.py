"""Nothing of other people's data stands in the project: neither texts, nor values, nor brands; nor, outside tests/real,
the names of their files. Where those data are not beside the project there is nothing to compare with."""

from __future__ import annotations

import csv
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
DATA = SHARED / "data"
WORDS = 8  # so many words in a row are no coincidence
DIGITS = 9  # so many significant digits are no coincidence
SAMPLE = 20_000  # cells read of each file
BRANDS = {"reviews/insurance_fr.csv": "assureur"}
AT_RANDOM = 40  # fewer sampled texts than this in all would prove nothing

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data to compare with are not beside the project")


@cache
def project() -> dict[str, str]:
    """The text of every file under version control, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split("\n")  # fmt: skip
    names = [n for n in listed if n] or [str(p.relative_to(ROOT)) for p in ROOT.rglob("*.py") if ".venv" not in p.parts]
    found = {}
    for name in names:
        try:
            found[name] = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue  # a picture, a compiled catalogue, a file just deleted
    return found


def words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in folded if not unicodedata.combining(c)))


def runs(text: str) -> set[int]:
    """Every run of so many words, most of them words and neither codes nor numbers, as a hash."""
    listed = words(text)
    spoken = [len(w) > 2 and w.isalpha() for w in listed]
    starts = (i for i in range(len(listed) - WORDS + 1) if sum(spoken[i : i + WORDS]) >= WORDS // 2)
    return {hash(tuple(listed[i : i + WORDS])) for i in starts}


def cells(path: Path) -> Iterator[str]:
    """The texts that a file holds."""
    if path.suffix in (".xlsx", ".xls"):
        book = CalamineWorkbook.from_path(str(path))
        yield from (
            str(c) for sheet in book.sheet_names for row in book.get_sheet_by_name(sheet).to_python() for c in row
        )
    elif path.suffix == ".csv":
        csv.field_size_limit(1 << 24)
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            yield from (cell for row in csv.reader(file) for cell in row)
    elif path.suffix in (".txt", ".xml", ".json", ".asc", ".sss", ".dat"):
        yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


def files() -> list[Path]:
    listed = [p for p in sorted(DATA.rglob("*")) if p.is_file() and p.name != "README.md"]
    return [*listed, *sorted((SHARED / "reference").glob("calmar_*"))]


def sampled(path: Path) -> list[str]:
    """Cells from all over a file, the same ones each time."""
    found = list(dict.fromkeys(cells(path)))
    return found[:: max(len(found) // SAMPLE, 1)]


def test_no_text_of_theirs_stands_in_the_project():
    ours: dict[int, str] = {}
    for name, text in project().items():
        ours |= dict.fromkeys(runs(text), name)
    compared, found = 0, set()
    for path in files():
        for text in sampled(path):
            these = runs(text) if text.count(" ") >= WORDS - 1 else set()
            compared += bool(these)
            found |= {(ours[run], path.name, text[:80]) for run in these & ours.keys()}
    assert compared > AT_RANDOM
    assert not found


def test_no_value_of_theirs_stands_in_the_project():
    number = re.compile(rf"(?<![\w.])\d+\.\d{{{DIGITS - 3},}}(?![\w.])")

    def told(text: str) -> set[str]:
        return {n.rstrip("0") for n in number.findall(text) if len(n.strip("0.").replace(".", "")) >= DIGITS}

    ours = {value: name for name, text in project().items() for value in told(text)}
    theirs = {value: path.name for path in files() for cell in sampled(path) for value in told(cell)}
    assert len(theirs) > AT_RANDOM
    assert not {(ours[v], theirs[v], v) for v in ours.keys() & theirs.keys()}


@pytest.mark.parametrize(("file", "column"), BRANDS.items())
def test_no_brand_of_theirs_stands_in_the_project(file, column):
    with (DATA / file).open(encoding="utf-8", newline="") as opened:
        brands = {row[column].strip() for row in csv.DictReader(opened)}
    told = {b for b in brands if len(b) >= 6}
    assert len(told) > 10
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(told))) + r")\b")
    assert not {(name, hit) for name, text in project().items() for hit in pattern.findall(text)}


def test_their_files_are_named_in_tests_of_real_studies_only():
    names = {p.name for p in files() if len(p.stem) > 7}
    assert len(names) > 10
    pattern = re.compile("|".join(map(re.escape, sorted(names))))
    allowed = {"tests/test_provenance.py"}
    elsewhere = {n: t for n, t in project().items() if not n.startswith("tests/real/") and n not in allowed}
    assert not {(name, hit) for name, text in elsewhere.items() for hit in pattern.findall(text)}
