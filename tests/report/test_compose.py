"""What a report says first, of channels and of leagues, and what it must not say."""

import dataclasses

import pytest

from report import sample
from report.pages import blocks, charts, headline, page, read
from vigie.report.blocks import Chart, KeyFigures, Ranking, Section, Table, Text
from vigie.report.compose import compose
from vigie.report.drawings import Panorama


def test_the_headline_tells_the_widest_tested_changes():
    assert headline() == "Utilisé : Messagerie +7 points, Téléphone −7 points"
    assert headline(language="en") == "Used: Messaging +7 points, Phone −7 points"


def test_a_headline_is_short_whatever_the_question():
    asked = "Au cours des douze derniers mois, et en dehors de vos achats, par quels moyens précisément " * 3
    labels = {
        key: {"fr": asked if key.startswith("indicator") else "un nom de canal"} for key in sample.results().labels
    }
    for changed in (sample.replace(labels=labels), sample.replace(labels=labels, leagues=(), estimates=())):
        assert len(headline(changed)) <= 90
    assert "…" in headline(sample.replace(labels=labels))


def test_an_indicator_without_label_bears_its_wording_and_never_its_id():
    labels = {k: v for k, v in sample.results().labels.items() if not k.startswith("indicator:")}
    bare = tuple(dataclasses.replace(e, label={}) for e in sample.results().estimates)
    texts = read(page(sample.replace(labels=labels, estimates=bare))).texts
    words = " ".join(text for tags, text in texts if "code" not in tags)
    assert "sector_used" not in words
    named = {f"indicator:{i}": {"fr": i} for i in sample.INDICATORS}  # an id is no label
    assert "Satisfaits" not in read(page(sample.replace(labels=labels | named, estimates=bare))).words
    assert "Êtes-vous satisfait de vos contacts par […]" in words


def test_the_lead_is_made_of_sentences():
    lead = next(t for t in blocks(Text) if t.role == "lead").content[0]
    assert "personnes ont répondu à l’enquête" in lead
    assert "ont porté sur 36 marques." in lead
    assert lead.count(".") >= 3


def test_a_first_wave_claims_no_change():
    assert "2022" in headline(sample.results("2022"), earlier=()) or "arrive en tête" in headline(
        sample.results("2022"), earlier=()
    )
    assert "première vague" in read(page(sample.results("2022"), earlier=())).words


def test_without_survey_the_headline_is_the_league_verdict():
    assert headline(sample.replace(estimates=())) == "Banque : Crédit Sextant arrive en tête"


def test_first_is_said_only_of_a_proven_winner():
    titles = {r.league.family: r.title for r in blocks(Ranking)}
    assert titles["sector:banking"].endswith("Crédit Sextant arrive en tête")
    assert "trois marques peuvent prétendre" in titles["sector:energy"]
    assert "aucune marque n’atteint 12 sur 20" in titles["sector:travel"]


def test_a_marginal_league_says_nothing_of_its_head():
    table = next(t for t in blocks(Table) if t.anchor == "league-all")
    assert "tête" not in table.title
    assert "une marque à la fois" in table.sub
    assert table.folded


def test_unranked_brands_and_untested_channels_are_told():
    energy = blocks(Ranking)[0]
    assert "Gaz Dormant" in energy.unranked[0]
    assert any("Tchat" in remark for remark in energy.remarks)


def test_channels_stand_from_the_most_to_the_least_used():
    rows = charts(Panorama)[0].spec.rows
    assert [row.label for row in rows][:3] == ["E-mail", "Téléphone", "Formulaire web"]
    assert rows[0].detail.endswith("évaluations")


def test_the_panorama_has_one_panel_per_question_use_first_and_tests_last():
    more = tuple(
        dataclasses.replace(
            e, indicator="very_satisfied", identity="very", label={"fr": "Très satisfaits (notes 9 et 10)"}
        )
        for e in sample.results().estimates
        if e.indicator == "satisfied"
    )
    changed = sample.replace(estimates=(*more, *sample.results().estimates))
    asked = sample.results().questionnaire[1]
    assert asked.id == "satisfaction"
    (chart,) = [c for c in blocks(Chart, changed) if isinstance(c.spec, Panorama)]
    names = [panel.name.replace("\u00a0", " ") for panel in chart.spec.panels]
    assert names == ["Utilisé", "Très satisfaits (notes 9 et 10)", "Effort faible", "Note mystère"]
    rest = next(t for t in blocks(Table, changed) if t.title == "Autres indicateurs par canal")
    assert [c.head for c in rest.columns][1:] == ["Satisfaits"]
    assert rest.folded
    assert rest.intervals


def test_numbers_in_names_stay_with_their_words():
    labels = sample.results().labels | {"indicator:satisfied": {"fr": "Satisfaits (notes 7 à 10) en 12 mois"}}
    (chart,) = charts(Panorama, results=sample.replace(labels=labels))
    assert chart.spec.panels[1].name == "Satisfaits (notes\u00a07\u00a0à\u00a010) en 12\u00a0mois"


def test_key_figures_are_sound_ones_only():
    fragile = tuple(dataclasses.replace(e, flag="fragile") for e in sample.results().estimates)
    assert not blocks(KeyFigures, sample.replace(estimates=fragile))


def test_key_figures_tell_what_moved_on_short_bases():
    (key,) = blocks(KeyFigures)
    assert key.items[0].label == "Ont contacté un service client"
    assert all("répondants" in item.detail and len(item.detail) < 60 for item in key.items)
    assert len(key.items) == 4


def test_many_sectors_have_an_index():
    index = next(t for t in blocks(Table) if t.anchor == "sectors")
    assert len(index.rows) == 3
    assert index.rows[0].cells[0].anchor == "league-sector-energy"


@pytest.mark.parametrize(
    "changes",
    [
        {"estimates": (), "leagues": ()},
        {"leagues": (), "channel_weights": (), "fieldwork": ()},
        {"weighting": None, "previous": None},
        {"banner": (), "questionnaire": (), "exclusions": ()},
        {"labels": {}, "title": {}, "population": {}},
        {"notes": ("A word of the analyst.",)},
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_report_lives_without(changes, language):
    reader = read(page(sample.replace(**changes), earlier=(), language=language))
    assert reader.count("h1") == 1


def test_sections_are_there_only_if_the_results_hold_them():
    anchors = [s.anchor for s in blocks(Section)]
    assert anchors == ["channels", "trends", "ranking", "profiles", "answers", "method"]
    assert [s.anchor for s in blocks(Section, sample.replace(estimates=(), leagues=()), earlier=())] == ["method"]


def test_one_channel_alone():
    alone = tuple(e for e in sample.results().estimates if e.at("channel") in (None, "phone"))
    document = compose(sample.replace(estimates=alone), (), "fr")  # it is the whole: nothing stands beside it
    assert "channels" not in [b.anchor for b in document.blocks if isinstance(b, Section)]


def test_an_empty_league_is_a_sentence():
    league = dataclasses.replace(sample.results().leagues[0], entries=(), verdict="none", winners=())
    assert "aucune marque n’a pu être classée" in read(page(sample.replace(leagues=(league,)))).words


def test_names_of_every_script_and_length():
    labels = dict(sample.results().labels)
    labels["brand:ondine"] = {"fr": "شركة الاتصالات"}
    labels["brand:sillage"] = {
        "fr": "Compagnie générale des eaux, du gaz et de l’électricité réunies de France et d’Outre-mer & fils"
    }
    labels["channel:email"] = {"fr": "Courrier électronique adressé au service des réclamations de l’enseigne"}
    labels["age:a2"] = {"fr": "x" * 200}
    words = read(page(sample.replace(labels=labels))).words
    assert "شركة" in words
    assert "…" in words
