"""What reports call things: parts, headings, bases, units, ends of times, what was left out."""

import dataclasses

import openpyxl
import pytest

from engine_sources import study as small_study
from engine_sources import table as csv
from line import study_folder
from report import all_sources, sample
from report.pages import blocks, read
from vigie import run
from vigie.language import speak
from vigie.report.blocks import Chart, KeyFigures, Section, Table, Text
from vigie.report.captions import base
from vigie.report.compose import compose
from vigie.report.edition import Edition
from vigie.report.rules import rules
from vigie.report.xlsx import write
from vigie.results.methods import Exclusion, Fieldwork


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def words_of(results, earlier=(), language="fr"):
    from vigie.report.html import render

    return plain(read(render(compose(results, earlier, language))).words)


def edition(results, language="fr"):
    return Edition(results, (), speak(language))


def like(indicator, label):
    """A figure on everybody under another name."""
    first = next(e for e in sample.results().estimates if not e.segment)
    return dataclasses.replace(first, indicator=indicator, identity=indicator, figure=indicator, label={"fr": label})


def named(*labels):
    """A wave whose indicators bear these names."""
    found = tuple(like(f"i{i}", label) for i, label in enumerate(labels))
    return sample.replace(estimates=found, leagues=(), labels={})


# parts


def test_two_funnels_with_states_of_one_code_keep_their_words(tmp_path):
    way = '{id: ID, source: reviews, label: ID, funnel: {good: "stars >= N", bad: "stars < N"}, states: WORDS}'
    one = way.replace("ID", "one").replace("N", "4").replace("WORDS", "{good: Happy, bad: Sad}")
    two = way.replace("ID", "two").replace("N", "2").replace("WORDS", "{good: Fine, bad: Poor}")
    rows = ["1,a,5", "2,a,1", "3,b,3"]
    small_study(tmp_path, (one, two), {"w": {"reviews": csv("review,brand,stars", rows)}})
    text = read((tmp_path / "out/w/current/report.en.html").read_text(encoding="utf-8")).words
    assert all(word in text for word in ("Happy", "Sad", "Fine", "Poor"))
    run.run(tmp_path, formats=["xlsx"])
    book = openpyxl.load_workbook(tmp_path / "out/w/current/report.en.xlsx")
    said = {str(cell.value).strip() for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"Happy", "Sad", "Fine", "Poor"} <= said


GRID = """
study: grid
title: Grid
languages: [en]
show: {hide: 1, fragile: 2}
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: a9, kind: grid, label: Opinions, items: {r1: Prices, r2: Delays}, options: {yes: Agrees, no: Disagrees}}
banner: [sex]
indicators: [{id: opinions, label: Opinions, share: a9, by: a9}]
waves: [{id: w, files: {survey: survey.csv}}]
"""


def test_a_grid_asked_whole_stands_in_the_page_and_in_the_tables(tmp_path):
    rows = "respondent,sex,a9_r1,a9_r2\n1,f,yes,no\n2,f,yes,yes\n3,m,no,no\n4,m,yes,no\n"
    run.run(study_folder(tmp_path, {"study.yaml": GRID, "survey.csv": rows}), formats=["html", "xlsx"])
    text = read((tmp_path / "out/w/current/report.en.html").read_text(encoding="utf-8")).words
    for word in ("Prices", "Delays", "Agrees", "Disagrees", "75%"):
        assert word in text
    sheet = openpyxl.load_workbook(tmp_path / "out/w/current/report.en.xlsx")["Tables"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows() if row[0].value]
    heads = [str(line[0]).strip() for line in lines]
    at = heads.index("Prices")
    assert heads[at + 1] == "Agrees"
    assert lines[at + 1][1] == pytest.approx(0.75)
    assert heads.index("Delays") > at


# headings


def test_items_of_two_batteries_are_told_apart():
    results = named("Produits utilisés – Espèces", "Produits utilisés – Carte", "Produits connus – Espèces",
                    "Produits connus – Carte", "Produits connus – Chèque")  # fmt: skip
    heads = [edition(results).short(e) for e in results.estimates]
    assert len(set(heads)) == len(heads)
    assert heads[-1] == "Chèque"


def test_a_long_stem_never_swallows_the_item():
    stem = "Dans quelle mesure faites-vous confiance aux services clients suivants pour répondre à vos demandes"
    results = named(f"{stem} – Rapidité", f"{stem} – Prix", "Rapidité", "Prix")
    heads = [edition(results).short(e, 60) for e in results.estimates]
    assert len(set(heads)) == 4
    assert heads[0].endswith("– Rapidité")
    assert all(len(head) <= 60 for head in heads)


def test_what_breaks_figures_is_told_as_a_noun_or_quoted_as_a_question():
    titles = [plain(c.title) for c in blocks(Chart, all_sources.results(), earlier=all_sources.earlier())]
    assert any(title.endswith("par motif") for title in titles)
    results = all_sources.results()
    asked = {**results.labels, "topic": {"fr": "Pourquoi avez-vous pris contact ?"}}
    titles = [plain(c.title) for c in blocks(Chart, dataclasses.replace(results, labels=asked))]
    assert any(title.endswith("selon « Pourquoi avez-vous pris contact ? »") for title in titles)
    begun = {**results.labels, "topic": {"fr": "Vous appelez…"}}
    titles = [plain(c.title) for c in blocks(Chart, dataclasses.replace(results, labels=begun))]
    assert any(title.endswith("selon « Vous appelez… »") for title in titles)


def test_the_journeys_have_one_title_that_says_what_they_are():
    def title(*indicators):
        kept = tuple(e for e in all_sources.results().estimates if e.indicator in (*indicators, "satisfied"))
        document = compose(dataclasses.replace(all_sources.results(), estimates=kept), (), "fr")
        return next(b.text for b in document.blocks if isinstance(b, Section) and b.anchor == "journeys")

    assert title("bot") == "Parcours"
    assert title("bot", "immediacy") == "Parcours et attentes"
    for many in (("bot", "trust", "priority"), ("bot", "immediacy", "trust", "priority", "named")):
        assert title(*many).count(" et ") == 1


# bases and units


@pytest.mark.parametrize(
    ("source", "written", "said"),
    [
        ("reviews", "answered(text) and stars <= 2", "avis avec un texte et Étoiles : 2 ou moins"),
        ("reviews", "polarity(text) == negative", "texte lu comme négatif"),
        ("log", "topic in [bill, move]", "Motif : « Facture » ou « Déménagement »"),
        ("log", "not topic == bill", "ensemble des dossiers, sauf Motif : « Facture »"),
        ("mystery", "score * 2 > 5", "une partie des tests"),
        ("mystery", "everyone", "ensemble des tests"),
    ],
)
def test_a_base_of_records_is_told_in_words(source, written, said):
    e = next(e for e in all_sources.results().estimates if e.source == source)
    e = dataclasses.replace(e, lineage=dataclasses.replace(e.lineage, base=written))
    assert plain(base(edition(all_sources.results()), e)) == said


def test_figures_on_some_of_the_tests_say_so():
    results = all_sources.results()
    kept = next(w.kept for w in results.fieldwork if w.source == "log")
    for n, told in ((49, True), (kept, False)):
        some = tuple(
            dataclasses.replace(e, n=n) if e.indicator == "case_end" and len(e.segment) == 1 else e
            for e in results.estimates
        )  # fmt: skip
        made = blocks(Chart, dataclasses.replace(results, estimates=some), earlier=())
        notes = plain(" ".join(line for c in made if c.title == "Issue des demandes" for line in c.note.lines))
        assert ("49 sur 18 044 dossiers" in notes) is told


def test_the_unit_of_a_number_stands_beside_its_mean(tmp_path):
    text = """
study: units
title: Units
languages: [en]
show: {hide: 1, fragile: 2}
questions: [{id: minutes, kind: numeric, label: Time, unit: minutes}]
indicators: [{id: time, label: Mean time, mean: minutes}]
waves: [{id: w, files: {survey: survey.csv}}]
"""
    rows = "respondent,minutes\n" + "".join(f"{i},{v}\n" for i, v in enumerate((39, 40, 40.7)))
    run.run(study_folder(tmp_path, {"study.yaml": text, "survey.csv": rows}), formats=["html"])
    page = read((tmp_path / "out/w/current/report.en.html").read_text(encoding="utf-8"))
    assert "39.9 minutes" in plain(page.words)


# times


def delayed(expression, **lineage):
    results = all_sources.results()
    found = tuple(
        dataclasses.replace(e, lineage=dataclasses.replace(e.lineage, expression=expression, **lineage))
        for e in results.estimates if e.indicator == "first_answer"
    )  # fmt: skip
    return dataclasses.replace(results, estimates=found, leagues=(), compositions=(), coders=())


def test_a_time_to_a_resolution_speaks_of_no_answer():
    results = delayed("time_to: resolved_at", horizon="7 d", observed="data")
    document = compose(results, (), "en")
    start = next(b for b in document.blocks if isinstance(b, Section) and b.anchor == "delays")
    assert start.text == "How long until cases are resolved"
    charts = [b for b in document.blocks if isinstance(b, Chart) and hasattr(b.spec, "facts")]
    facts = plain(" ".join(fact for c in charts for fact in c.spec.facts))
    assert "Resolved within 7 days: " in facts
    assert charts[0].spec.head == "Resolved within"
    assert "answered" not in facts.lower()
    said = plain(" ".join(str(t.content[0]) for t in document.blocks if isinstance(t, Text)))
    assert "it counts as open until the last moment in the data" in said


def test_the_cut_off_is_told_only_where_there_is_one():
    without = words_of(delayed("time_to: wait", horizon="7 d", observed="data"), language="en")
    assert "cut-off" not in without
    assert "gave up" not in without
    some = words_of(delayed("time_to: wait", horizon="7 d", cutoff="7 d", observed="cutoff", gave_up=3), language="en")
    assert "until the cut-off (7 days)" in some
    assert "Who gave up got no answer" in some


def test_the_tab_book_says_by_when(tmp_path):
    write(delayed("time_to: resolved_at", horizon="7 d", observed="data"), (), tmp_path / "book.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["Response times"]
    said = plain(" ".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value))
    assert "Resolved within 7 days" in said
    assert "reached by the end" not in said.lower()


def test_the_last_of_the_times_has_one_column():
    def heads(horizon):
        made = blocks(Chart, delayed("time_to: wait", horizon=horizon, observed="data"), language="en")
        return [plain(p.name) for c in made if c.title.endswith("by channel") for p in getattr(c.spec, "panels", ())]

    assert "Answered within 10 days" in heads("10 d")
    assert [head for head in heads("7 d") if "7 days" in head] == ["Within 7 days"]


def test_times_that_end_otherwise_say_each_when():
    results = all_sources.results()
    ends = {"reply": {"cutoff": "7 d", "observed": "cutoff"}, "first_answer": {"observed": "data"}}
    found = tuple(
        dataclasses.replace(e, lineage=dataclasses.replace(e.lineage, horizon="7 d", **ends[e.indicator]))
        for e in results.estimates if e.indicator in ends
    )  # fmt: skip
    text = words_of(dataclasses.replace(results, estimates=found, compositions=(), coders=()), language="en")
    assert "until observation ends" in text
    assert "Observed until the cut-off (7 days)." in text
    assert "Observed until the last moment in the data." in text


# what was left out


def test_the_page_and_the_console_count_alike_what_was_left_out():
    found = (Exclusion("survey", "bad-date", 3, 2, ()), Exclusion("survey", "keep", 12, 0, ()))
    alone = blocks(Table, sample.replace(exclusions=(Exclusion("log", "bad-date", 105, 0, ()),)))
    assert "105 lignes écartées" in [plain(t.title) for t in alone]
    tables = blocks(Table, sample.replace(exclusions=found))
    assert "3 lignes et 2 cellules écartées ; 12 lignes hors filtre" in [plain(t.title) for t in tables]


def test_a_file_of_events_is_read_in_events_and_kept_in_cases():
    works = (Fieldwork("log", "", "", "", 65533, 7554, events=True),)
    table = next(t for t in blocks(Table, sample.replace(fieldwork=works)) if plain(t.title) == "Terrain")
    assert [plain(str(c)) for c in table.rows[0].cells[-2:]] == ["65 533 événements", "7 554 dossiers"]


def test_a_wave_without_survey_says_nothing_of_one(tmp_path):
    results = all_sources.results()
    kept = tuple(e for e in results.estimates if e.source == "log")
    works = tuple(w for w in results.fieldwork if w.source == "log")
    alone = dataclasses.replace(results, estimates=kept, fieldwork=works, weighting=None, leagues=(), banner=(),
                                exclusions=())  # fmt: skip
    assert not any("enquête" in plain(t.content[0]).lower() for t in rules(edition(alone)))
    write(alone, (), tmp_path / "book.xlsx", "fr")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    said = " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value)
    assert "nquête" not in said
    assert "redress" not in said


def test_notes_of_the_analyst_stay_out_of_the_reports():
    assert "`within`" not in words_of(sample.replace(notes=("use `within`",)))


def test_key_figures_say_the_base_of_their_source():
    items = [i for b in blocks(KeyFigures, all_sources.results()) for i in b.items]
    assert not any("répondants" in i.title and "tests" in i.detail for i in items)
