"""Trends as small charts, and the answers to questions."""

import dataclasses
import re

from report import sample
from report.pages import blocks, charts, page, read
from vigie.report.blocks import Chart, Fold, Links, Table
from vigie.report.drawings import Bars, Multiples, Panorama


def test_the_wave_before_is_drawn_only_where_it_was_tested():
    whole = charts(Multiples)[0]
    nps = next(cell for cell in whole.spec.cells if "NPS" in cell.title)
    assert nps.series.breaks == (2,)
    assert nps.series.figures[2].before is None
    assert any(line.startswith(nps.mark) and "l’échelle a changé" in line for line in whole.note.lines)


def test_all_indicators_are_one_figure_and_each_question_on_channels_another():
    titles = [chart.spec.cells[0].series.figures[-1].unit for chart in charts(Multiples)]
    assert titles == ["share", "share", "share", "share", "score"]
    first, usage, *_ = charts(Multiples)
    assert [cell.title for cell in first.spec.cells][:2] == ["Ont contacté un service client", "Nombre moyen de canaux"]
    assert [cell.title for cell in usage.spec.cells][:3] == ["E-mail", "Téléphone", "Formulaire web"]


def test_significant_changes_stand_first_with_their_size():
    last = sample.results().estimates
    up = {"change": dataclasses.replace(last[1].change, verdict="up", difference=0.2)}
    moved = tuple(dataclasses.replace(e, **up) if e.indicator == "channels" and not e.segment else e for e in last)
    cell = charts(Multiples, results=sample.replace(estimates=moved))[0].spec.cells[0]
    assert cell.title == "Nombre moyen de canaux"
    assert cell.change == "+0,2"
    assert not any(c.change for c in charts(Multiples)[0].spec.cells)


def test_a_headline_denies_no_change_that_stands_elsewhere(monkeypatch):
    said = charts(Multiples)[0].title.replace("\u00a0", " ")
    assert said == "Aucun des 2 indicateurs testés ici n’a évolué significativement depuis 2023"
    (whole,) = charts(Panorama)
    assert whole.title == "Des évolutions significatives dans 3 canaux sur 9"
    monkeypatch.setattr("vigie.report.channels.MOST_PANELS", 3)  # the others stand in the table beneath
    (some,) = charts(Panorama)
    assert some.title == "Pour les 3 indicateurs représentés, des évolutions significatives dans 3 canaux sur 9"


def test_what_is_not_drawn_over_the_waves_stands_in_a_folded_table():
    table = next(t for t in blocks(Table) if t.title == "Les autres évolutions")
    assert table.folded
    assert [c.head for c in table.columns][1:4] == ["2022", "2023", "2024"]
    assert any("Énergie" in str(row.cells[0]) for row in table.rows)


def test_a_changed_identity_breaks_a_line_without_a_verdict():
    bare = tuple(dataclasses.replace(e, change=None, identity=e.identity + "x") for e in sample.results().estimates)
    trends = charts(Multiples, results=sample.replace(estimates=bare))
    assert trends
    assert all(2 in cell.series.breaks for chart in trends for cell in chart.spec.cells)


def test_answers_to_a_multiple_question_are_ordered_and_those_of_others_are_not():
    asked = dataclasses.replace(sample.results().questionnaire[0], id="sector_used", kind="multiple")
    mixed = tuple(reversed(sample.results().estimates))
    for questionnaire, order in (((), ["Voyage", "Banque", "Énergie"]), ((asked,), ["Énergie", "Banque", "Voyage"])):
        found = charts(Bars, results=sample.replace(estimates=mixed, questionnaire=questionnaire))
        spec = next(c.spec for c in found if c.title.startswith("Secteur"))
        assert [bar.label for bar in spec.bars] == order


def test_the_answers_to_a_question_of_the_banner_are_shown_too():
    chart = next(c for c in charts(Bars) if c.title == "Vous êtes")
    assert [bar.label for bar in chart.spec.bars] == ["Femmes", "Hommes"]


def test_a_scale_has_its_mean_beside_it():
    chart = next(c for c in charts(Bars) if c.title == "Clarté des réponses")
    assert chart.spec.mean.value == 3.6
    assert "Moyenne 3,6" in " ".join(read(page()).words.split())


def test_a_share_of_almost_nothing_is_not_printed_as_zero():
    words = " ".join(read(page()).words.split())
    assert re.search(r"<\s1\s%", words)


def many(n: int):
    """Questions by the dozen, the second half of them one battery."""
    first = next(e for e in sample.results().estimates if e.indicator == "gender")
    found = []
    for i in range(n):
        stem = "À quel point cela compte-t-il pour vous – " if i >= n // 2 else ""
        for code in ("a", "b"):
            segment = ((f"q{i}", code),)
            label = {"fr": f"{stem}Point {i}"}
            found.append(dataclasses.replace(
                first, figure=f"{i}{code}", indicator=f"q{i}", label=label, segment=segment, part=f"q{i}",
                lineage=dataclasses.replace(first.lineage, expression=f"share: q{i}", question=label),
            ))  # fmt: skip
    return sample.replace(estimates=tuple(found), leagues=())


def test_many_questions_are_listed_and_folded_in_groups():
    (links,), folds = blocks(Links, many(40), earlier=()), blocks(Fold, many(40), earlier=())
    assert len(links.items) == 40
    groups = [fold for fold in folds if isinstance(fold.blocks[0], Chart)]
    assert sum(len(fold.blocks) for fold in groups) == 40
    assert [fold.open for fold in groups].count(True) == 1
    battery = groups[-1]
    assert "À quel point" in battery.summary
    assert battery.blocks[0].title == "Point 20"
    reader = read(page(many(40), earlier=()))
    assert {link.anchor for link in links.items} <= set(reader.ids())


def test_few_questions_lie_open():
    assert not blocks(Links, many(12), earlier=())


def test_a_long_name_is_folded_beneath_its_short_heading():
    first = next(e for e in sample.results().estimates if e.indicator == "sector")
    name = "Une question qui n’en finit pas de finir " * 8
    parts = [e for e in sample.results().estimates if e.indicator == "sector"]
    labels = sample.results().labels | {"indicator:sector": {"fr": name}}
    changed = sample.replace(estimates=tuple(parts), labels=labels)
    (chart,) = charts(Bars, results=changed)
    assert first.part == "sector_used"
    assert len(chart.title) <= 80
    assert any(name.strip() in line for line in chart.note.folded)


def test_no_answer_is_left_out_in_silence():
    first = next(e for e in sample.results().estimates if e.indicator == "sector")
    lots = tuple(dataclasses.replace(first, segment=(("sector_used", f"s{i}"),), figure=f"s{i}") for i in range(22))
    reader = read(page(sample.replace(estimates=lots), earlier=()))
    assert "et 7 autres réponses" in reader.words
    assert all(f"s{i}" in reader.words for i in range(22))


def test_banner_heads_are_short():
    long = {f"indicator:{i}": {"fr": "Une étiquette vraiment très longue et sans fin " * 4} for i in sample.INDICATORS}
    table = next(
        t for t in blocks(Table, sample.replace(labels=sample.results().labels | long)) if t.columns[0].head == ""
    )
    assert all(len(column.head) <= 44 for column in table.columns)


def test_a_cell_of_the_banner_is_never_taken_for_an_answer():
    assert {c.title for c in charts(Bars)} == {"Vous êtes", "Clarté des réponses", "Secteur du dernier contact"}


def test_letters_are_small_beside_the_figures_of_the_banner_and_explained():
    found = tuple(
        dataclasses.replace(e, letters="B") if e.at("sex") == "f" and e.indicator == "contacted" else e
        for e in sample.results().estimates
    )
    text = page(sample.replace(estimates=found))
    assert text.count('<sup class="letters">') == 1
    assert "significativement supérieur à </span>B</sup>" in text
    words = read(text).words
    assert "majuscules à 95" in words
    assert "Correction de Holm sur les paires d’une ligne et d’une variable." in words
    assert "Aucune modalité ne diffère significativement." in read(page(sample.results())).words
