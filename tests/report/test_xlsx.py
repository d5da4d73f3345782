"""The tab book, opened again."""

import openpyxl
import pytest

from report import sample
from vigie.language import DASH
from vigie.report.xlsx import write

EVIL = '=HYPERLINK("http://x","y")'


def book(tmp_path, results=None, language="fr"):
    path = tmp_path / "book.xlsx"
    write(sample.results() if results is None else results, sample.earlier(), path, language)
    return openpyxl.load_workbook(path)


def cells(workbook):
    return [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sheets_are_named_and_linked(tmp_path, language):
    workbook = book(tmp_path, language=language)
    names = workbook.sheetnames
    assert len({n.casefold() for n in names}) == len(names)
    assert all(len(n) <= 31 for n in names)
    links = [cell.hyperlink for cell in cells(workbook) if cell.hyperlink]
    assert len(links) == 2 * (len(names) - 1)
    assert {link.location.split("!")[0].strip("'") for link in links} == set(names)
    assert not any(link.target for link in links)


def test_no_cell_is_a_formula_whatever_the_names_are(tmp_path):
    labels = {key: {"fr": mark + key} for key in sample.results().labels for mark in (EVIL, "+", "-", "@")}
    workbook = book(tmp_path, sample.replace(labels=labels, title={"fr": EVIL}, notes=(EVIL,)))
    assert not [cell for cell in cells(workbook) if cell.data_type == "f"]
    assert any(str(cell.value).startswith("@") for cell in cells(workbook))


def test_figures_are_real_numbers_with_their_formats(tmp_path):
    sheet = book(tmp_path)["Canaux"]
    phone = next(row for row in sheet.iter_rows() if row[0].value == "Téléphone")
    assert phone[1].value == pytest.approx(0.54)
    assert phone[1].number_format.endswith("%")
    assert phone[2].value == 992


def test_a_hidden_figure_is_a_dash(tmp_path):
    workbook = book(tmp_path)
    video = next(row for row in rows(workbook["Canaux"]) if row[0] == "Visio")
    assert DASH in video
    for row in rows(workbook["Enquête"]):
        if len(row) > 8 and row[8] == "masqué":
            assert row[2] == row[3] == row[4] == DASH
            assert not [v for v in row[6:] if isinstance(v, float)]


def test_the_banner_has_both_bases_under_each_line(tmp_path):
    lines = rows(book(tmp_path)["Tri croisé"])
    i = next(i for i, row in enumerate(lines) if row[0] == "Ont contacté un service client")
    assert lines[i][1] == pytest.approx(0.8)
    assert "non pondéré" in lines[i + 1][0]
    assert lines[i + 1][1] == 1240
    assert lines[i + 2][1] == 1240


def test_every_sheet_says_study_wave_weighting_and_test(tmp_path):
    for sheet in book(tmp_path):
        said = " ".join(str(row[0]) for row in rows(sheet) if row[0])
        assert "vague 2024" in said
        assert "redressée" in said
        assert "Holm" in said


def test_thirty_columns(tmp_path):
    more = tuple(sample.estimate("contacted", 0.5, 200, (("region", f"r{i}"),)) for i in range(30))
    results = sample.replace(estimates=(*sample.results().estimates, *more), banner=("sex", "age", "region"))
    assert book(tmp_path, results)["Tri croisé"].max_column == 37


def test_a_book_without_anything(tmp_path):
    empty = sample.replace(estimates=(), leagues=(), weighting=None, questionnaire=(), exclusions=(), fieldwork=())
    assert book(tmp_path, empty).sheetnames == ["Sommaire", "Méthode"]


def test_the_same_results_give_the_same_bytes(tmp_path):
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for path in (one, two):
        write(sample.results(), (), path, "fr")
    assert one.read_bytes() == two.read_bytes()
