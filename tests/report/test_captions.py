"""What stands beneath figures, and in the methodology: bases, wordings, weights, tests."""

import dataclasses
import re

from report import sample
from report.pages import blocks, charts, page, read
from vigie.report.blocks import Chart, Fold, Section, Table, Text
from vigie.report.captions import METHOD
from vigie.report.compose import compose
from vigie.report.drawings import Panorama


def test_a_base_is_told_in_words():
    base = "sex == f"
    said = {
        "everyone": "ensemble des répondants",
        base: "répondants ayant répondu « Femmes » à « Sexe »",
        "age in [a1, a2]": "répondu « 18-34 ans » ou « 35-54 ans » à « Âge »",
        "any(used)": "choisi une réponse à « Canaux utilisés »",
        "recommend >= 5 and sex == f": "répondu 5 ou plus à « recommend » et répondu « Femmes » à « Sexe »",
        "mark in 1..2": "répondu 1 à 2 à « mark »",
        "n > 3": "répondu plus de 3 à « n »",
        "sex == f and (answered(age) or dont_know(age))": "répondu « Femmes » à « Sexe » et répondu à « Âge », "
        "« ne sait pas » compris",
        "sex == f and (answered(age) or any(used))": "répondu « Femmes » à « Sexe » et soit répondu à « Âge », "
        "soit choisi une réponse à « Canaux utilisés »",
        "not answered(age)": "répondants, sauf ceux ayant répondu à « Âge »",
        "sex == f and not any(used)": "« Sexe », sauf ceux ayant choisi une réponse à « Canaux utilisés »",
        "AGE.a1 or age.a2": "répondu « 18-34 ans » ou « 35-54 ans » à « Âge »",
        "count(used) < 3": "choisi moins de 3 des réponses à « Canaux utilisés »",
        "age.a1 <= 3": "classé « 18-34 ans » parmi les 3 premiers à « Âge »",
        "age.a1 == 1": "classé « 18-34 ans » en premier à « Âge »",
        "polarity(age) == negative": "écrit à « Âge » un texte lu comme négatif",
        "(n + 2) * 3 > 4": "une partie des répondants (n =",
        "sex == unheard_of": "une partie des répondants (n =",
    }
    for written, words in said.items():
        first = sample.results().estimates[0]
        lineage = dataclasses.replace(first.lineage, base=written)
        chart = blocks(Chart, sample.replace(estimates=(dataclasses.replace(first, lineage=lineage),)))[0]
        assert words in " ".join(chart.note.lines).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_study_names_its_bases():
    first = sample.results().estimates[0]
    lineage = dataclasses.replace(first.lineage, base="n > 3", base_label={"fr": "les grands clients"})
    chart = blocks(Chart, sample.replace(estimates=(dataclasses.replace(first, lineage=lineage),)))[0]
    assert "les grands clients" in " ".join(chart.note.lines)


def test_dont_knows_are_told_above_one_percent():
    for share, told in ((0.005, False), (0.07, True)):
        some = tuple(dataclasses.replace(e, dont_know=share) for e in sample.results().estimates)
        assert ("Ne sait pas" in " ".join(blocks(Chart, sample.replace(estimates=some))[0].note.lines)) is told


def test_every_chart_or_its_section_says_base_wording_source_and_method():
    document = compose(sample.results(), sample.earlier(), "fr")
    section = ""
    for block in document.blocks:
        if isinstance(block, Section):
            section = ""
            if block.anchor == METHOD:
                return  # what it draws are no estimates
        if isinstance(block, Text):
            section += str(block.content[0])
        if isinstance(block, Chart):
            said = section + " ".join(block.note.lines)
            assert "Intervalles à" in said
            assert "Enquête" in said or "Tests" in said
            if "Enquête" in said and "mystère" not in block.title:
                assert "Base" in said
                assert "redressée" in said


def test_a_section_says_once_what_its_figures_share():
    words = read(page()).words
    assert words.count("Rangs\u00a0: ensembles de confiance simultanés") == 1
    assert words.count("précision sous un modèle") <= len(blocks(Section))


def test_the_number_of_people_stands_with_the_base():
    (chart,) = charts(Panorama)
    said = " ".join(chart.note.lines).replace("\u00a0", " ")
    assert re.search(r"ensemble des répondants \(n = 992\)", said)
    assert re.search(r"\(n = \d+–\d+\)", said)


def test_long_wordings_are_folded_away():
    long = {"fr": "Une question fort longue, " * 12}
    asked = tuple(dataclasses.replace(w, label=long) for w in sample.results().questionnaire)
    (chart,) = charts(Panorama, results=sample.replace(questionnaire=asked))
    assert not any("fort longue" in line for line in chart.note.lines)
    assert any("fort longue" in line for line in chart.note.folded)


def test_a_first_wave_speaks_of_no_change():
    first = sample.results("2022")
    words = read(page(first, earlier=())).words
    for told in ("depuis la vague précédente", "évolutions testées", "Évolutions", "↑"):
        assert told not in words, told


def test_figures_with_weights_of_the_file_are_never_called_unweighted():
    for method in ("base", "base+raking", "raking"):
        weights = dataclasses.replace(sample.results().weighting, method=method)
        words = read(page(sample.replace(weighting=weights))).words
        assert "non redressée" not in words
    assert "non redressée" in read(page(sample.replace(weighting=None))).words


def test_examples_of_exclusions_are_folded():
    table = next(t for t in blocks(Table) if "écartées" in t.title)
    assert [c.head for c in table.columns] == ["Raison", "Lignes", "Cellules"]
    assert [row.cells[0] for row in table.rows if row.heading] == ["Enquête", "Tests mystères"]
    assert any(fold.summary == "Exemples" for fold in blocks(Fold))


def test_a_table_has_no_empty_column():
    for table in blocks(Table):
        for i, column in enumerate(table.columns[1:], 1):
            cells = [row.cells[i] for row in table.rows if not row.heading]
            assert any(cell not in (None, "") for cell in cells), (table.title, column.head)


def test_the_word_of_sampling_error_is_never_used():
    for language in ("fr", "en"):
        words = read(page(language=language)).words
        assert "margin of sampling error" not in words
        assert "marge d’erreur" not in words
        assert ("sous un modèle" if language == "fr" else "under a model") in words
