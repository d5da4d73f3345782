"""The page that tells how each published figure of five studies is had: made from the full demonstration, and fresh."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRINTED = ROOT.parent / "shared" / "reference" / "published_figures.csv"
sys.path.insert(0, str(ROOT / "scripts"))

import studies  # noqa: E402


def test_the_page_is_what_the_demonstration_says_now(tmp_path):
    """`VIGIE_WRITE=1 pytest tests/test_studies.py` writes the page anew."""
    text = studies.page(studies.demonstration(tmp_path / "demo"))
    if os.environ.get("VIGIE_WRITE"):
        studies.PAGE.write_text(text, encoding="utf-8")
    assert studies.PAGE.read_text(encoding="utf-8") == text


def test_every_published_figure_has_an_indicator_or_a_reason():
    listed = studies.published()
    assert [figure.row for figure in listed] == [str(n) for n in range(1, 86)]
    assert all(bool(figure.indicator) or bool(figure.note) for figure in listed)
    assert sum(bool(figure.indicator) for figure in listed) == 78


@pytest.mark.skipif(not PRINTED.is_file(), reason="the list of published figures is not beside the project")
def test_the_list_is_the_published_one():
    with PRINTED.open(encoding="utf-8", newline="") as file:
        printed = [(r["study"], r["wave"], r["indicator"], r["value"], r["unit"]) for r in csv.DictReader(file)]
    with studies.LIST.open(encoding="utf-8", newline="") as file:
        ours = [(r["study"], r["wave"], r["published"], r["value"], r["unit"]) for r in csv.DictReader(file)]
    assert ours == printed
