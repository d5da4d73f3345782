"""The tab book, opened again."""

import dataclasses
import os
import shutil
import subprocess

import openpyxl
import pytest

from report import all_sources, sample
from vigie.language import DASH
from vigie.report.xlsx import write

AGES = ["18-34\u00a0ans", "35-54\u00a0ans", "55\u00a0ans et plus"]
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
    assert len(links) > 2 * (len(names) - 1)
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
    assert phone[1].number_format == '0\u00a0%"\u00a0↓"'
    assert phone[2].value == 992


def test_a_hidden_figure_is_a_dash(tmp_path):
    workbook = book(tmp_path)
    video = next(row for row in rows(workbook["Canaux"]) if row[0] == "Visio")
    assert DASH in video
    assert workbook.sheetnames[-2:] == ["Enquête", "Tests mystères"]


def test_the_list_of_all_figures_says_how_many_are_hidden_and_holds_none(tmp_path):
    found = [e for e in sample.results().estimates if e.source == "survey"]
    hidden = [e for e in found if e.flag == "hidden"]
    lines = rows(book(tmp_path)["Enquête"])
    assert hidden
    assert lines[1][0].startswith(f"{len(hidden)} chiffre")
    values = [line[2] for line in lines[4:] if line[1]]
    assert len(values) - 1 == len(found) - len(hidden)
    assert DASH not in values


def table(workbook, name):
    """The lines of one table of the tab book, down to the empty line after it."""
    lines = rows(workbook["Tableaux"])
    start = next(i for i, line in enumerate(lines) if line[0] == name)
    end = next(i for i in range(start, len(lines)) if not any(lines[i]))
    return lines[start:end]


def test_an_indicator_has_its_bases_beneath_it(tmp_path):
    lines = table(book(tmp_path), "Ont contacté un service client")
    assert lines[0][1] == pytest.approx(0.8)
    assert [line[0].strip() for line in lines[1:]] == ["n, non pondéré", "n, pondéré", "n, efficace"]
    assert [line[1] for line in lines[1:3]] == [1240, 1240]


def test_a_question_has_its_answers_in_rows_and_the_banner_in_columns(tmp_path):
    workbook = book(tmp_path)
    head = next(line for line in rows(workbook["Tableaux"]) if line[1] == "Ensemble")
    assert head[1:] == ["Ensemble", "Femmes", "Hommes", *AGES]
    lines = table(workbook, "Vous êtes")
    women = next(line for line in lines if line[0] == "Femmes")
    assert women[1] == pytest.approx(0.52)
    assert women[head.index(AGES[0])] == pytest.approx(0.52)
    assert women[2] is None  # the answers to a question are not broken by that question


def test_a_scale_has_a_row_for_its_mean(tmp_path):
    mean = next(line for line in table(book(tmp_path), "Clarté des réponses") if line[0] == "Moyenne")
    assert mean[1] == pytest.approx(3.6)


def test_figures_of_channels_have_each_their_own_base(tmp_path):
    lines = table(book(tmp_path), "Satisfaits")
    labels = [line[0].strip() for line in lines]
    assert labels.index("E-mail") < labels.index("Téléphone")
    assert labels[labels.index("E-mail") + 1] == "n, non pondéré"


def test_arrows_stand_only_where_the_verdict_allows(tmp_path):
    sheet = book(tmp_path)["Tableaux"]
    marked = {
        row[0].value for row in sheet.iter_rows() for c in row if "↑" in c.number_format or "↓" in c.number_format
    }
    assert {"Messagerie", "Téléphone"} <= marked
    assert "Visio" not in marked


def test_fragile_figures_are_light_and_italic(tmp_path):
    sheet = book(tmp_path)["Tableaux"]
    start = next(c.row for c in sheet["A"] if c.value == "Satisfaits")
    cell = next(row[1] for row in sheet.iter_rows(min_row=start) if row[0].value == "Réseaux sociaux")
    assert cell.font.italic


def test_without_weights_nothing_is_called_weighted(tmp_path):
    said = " ".join(str(c.value) for c in cells(book(tmp_path, sample.replace(weighting=None))))
    assert " n pondéré" not in said
    assert " n, pondéré" not in said
    assert "n, non pondéré" in said


def test_the_contents_lead_to_every_table(tmp_path):
    workbook = book(tmp_path)
    for link in (c.hyperlink for c in cells(workbook) if c.hyperlink and "Tableaux" in c.hyperlink.location):
        row = int(link.location.split("!A")[1])
        assert row == 1 or workbook["Tableaux"].cell(row, 1).value


def test_every_sheet_says_study_wave_weighting_and_test(tmp_path):
    for sheet in book(tmp_path):
        said = " ".join(str(row[0]) for row in rows(sheet) if row[0])
        assert "vague 2024" in said
        assert "redressée" in said
        assert "Holm" in said


def test_thirty_columns(tmp_path):
    more = tuple(sample.estimate("contacted", 0.5, 200, (("region", f"r{i}"),)) for i in range(30))
    results = sample.replace(estimates=(*sample.results().estimates, *more), banner=("sex", "age", "region"))
    assert book(tmp_path, results)["Tableaux"].max_column == 37


def test_a_book_without_anything(tmp_path):
    empty = sample.replace(estimates=(), leagues=(), weighting=None, questionnaire=(), exclusions=(), fieldwork=())
    assert book(tmp_path, empty).sheetnames == ["Sommaire", "Méthode"]


def test_the_same_results_give_the_same_bytes(tmp_path):
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for path in (one, two):
        write(sample.results(), (), path, "fr")
    assert one.read_bytes() == two.read_bytes()


def test_libreoffice_opens_the_book(tmp_path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        assert "VIGIE_CI" not in os.environ, "LibreOffice is missing"
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "book.xlsx"
    write(sample.results(), sample.earlier(), path, "fr")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", "ods", "--outdir", str(tmp_path), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    made = tmp_path / "book.ods"
    assert made.exists(), done.stderr
    from python_calamine import CalamineWorkbook

    assert CalamineWorkbook.from_path(made).sheet_names == openpyxl.load_workbook(path).sheetnames


def lettered():
    """The sample, in which the second category of age exceeds others in all that the banner shows."""
    found = [
        dataclasses.replace(e, letters="Ac") if e.at("age") == "a2" and e.value is not None else e
        for e in sample.results().estimates
    ]
    return sample.replace(estimates=tuple(found))


def test_letters_stand_beside_the_numbers_of_the_banner(tmp_path):
    workbook = book(tmp_path, lettered(), language="en")
    lines = rows(workbook["Tables"])
    head = next(line for line in lines if line[1] == "Total")
    assert [str(head[i]).split("\n")[0] for i in range(2, 12, 2)] == ["A", "B", "A", "B", "C"]
    at = 8  # the second category of age
    contacted = next(line for line in lines if line[0] == "Contacted a customer service")
    assert isinstance(contacted[at], float)
    assert contacted[at + 1] == "Ac"
    assert not contacted[at - 1]
    unweighted = lines[lines.index(contacted) + 1]
    assert isinstance(unweighted[at], int)
    assert "Holm’s correction over the pairs of one line and one variable." in lines[1][0]


def test_without_letters_there_are_no_columns_for_them(tmp_path):
    head = next(line for line in rows(book(tmp_path, language="en")["Tables"]) if line[1] == "Total")
    assert not any("\n" in str(text) for text in head)


def whole_book(tmp_path):
    path = tmp_path / "book.xlsx"
    write(all_sources.results(), all_sources.earlier(), path, "fr")
    return openpyxl.load_workbook(path)


def test_every_source_has_its_sheets(tmp_path):
    names = whole_book(tmp_path).sheetnames
    for name in ("Délais de réponse", "Avis en ligne, tableaux", "Journal des contacts, tableaux",
                 "Tests mystères, tableaux", "Classement des secteurs", "Classement par les avis"):  # fmt: skip
        assert name in names


def test_delays_have_shares_and_a_median_in_hours_or_say_that_it_was_not_reached(tmp_path):
    sheet = whole_book(tmp_path)["Délais de réponse"]
    head = next(row for row in sheet.iter_rows() if row[1].value == "En 1\u00a0h")
    median = next(c.column for c in head if c.value == "Délai médian")
    lines = {row[0].value: row for row in reversed(list(sheet.iter_rows()))}
    assert lines["E-mail"][1].value == pytest.approx(0.08 * 1.02)
    assert lines["E-mail"][median - 1].value == pytest.approx(30.2)
    assert lines["E-mail"][median - 1].number_format == '#,##0.0"\u00a0h"'
    assert lines["Formulaire web"][median - 1].value == "non atteint"
    assert lines["Ondine"][1].value == DASH


def test_reviews_have_intervals_bases_and_their_composition(tmp_path):
    lines = {row[0]: row for row in rows(whole_book(tmp_path)["Avis en ligne, tableaux"])}
    blue = lines["Avis Bleu"]
    assert blue[2] < blue[1] < blue[3]
    assert blue[4] == 2900
    assert lines["Grand Largue"][1:5] == [DASH, None, None, 9]
    assert lines["Moyenne des marques"][1] == pytest.approx(3.61)
    assert lines["Part des deux marques qui ont le plus d’avis"][1] == pytest.approx(0.61)


def test_the_league_of_reviews_counts_reviews(tmp_path):
    lines = rows(whole_book(tmp_path)["Classement par les avis"])
    assert any(line[6] == "Avis" for line in lines)
    first = next(line for line in lines if line[0] == "Ondine")
    assert first[1:4] == [1, 1, pytest.approx(4.61)]


def test_a_printed_wave_has_a_book(tmp_path):
    path = tmp_path / "printed.xlsx"
    write(all_sources.printed(), (), path, "fr")
    workbook = openpyxl.load_workbook(path)
    phone = next(row for row in workbook["Canaux"].iter_rows() if row[0].value == "Téléphone")
    assert phone[1].value == pytest.approx(0.66)
    assert phone[1].font.italic


def test_a_gap_and_a_funnel_by_channel_have_blocks_of_their_own(tmp_path):
    lines = rows(whole_book(tmp_path)["Canaux"])
    heads = [line for line in lines if line[0] == "Canal"]
    assert len(heads) == 3
    gap = next(line for line in heads if line[1] == "Écart moyen")
    assert list(gap[3:9:2]) == [
        "En dessous des attentes",
        "Conforme aux attentes",
        "Au-dessus des attentes",
    ]
    first = lines[lines.index(gap) + 1]
    assert first[1] == pytest.approx(-0.8)
    assert sum(first[3:9:2]) == pytest.approx(1, abs=0.02)


def test_the_lines_of_the_long_sheets_are_one_rule(tmp_path):
    workbook = book(tmp_path)
    for name in ("Enquête", "Tests mystères"):
        (ruled,) = workbook[name].conditional_formatting
        assert ruled.rules[0].dxf.border.bottom.style
        head = next(c.row for c in workbook[name]["B"] if c.value == "Segment")
        last = next(c.row for c in reversed(workbook[name]["B"]) if c.value)
        assert str(ruled.sqref).startswith(f"A{head + 1}:")
        assert str(ruled.sqref).endswith(str(last))
