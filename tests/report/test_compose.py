"""What a report says, and what it must not say."""

import dataclasses

import pytest

from report import sample
from report.pages import page, read
from vigie.report.blocks import Bars, Chart, KeyFigures, Panorama, Ranking, Section, Table, Title, Trend
from vigie.report.compose import compose


def blocks(kind, results=None, *, earlier=None, language="fr"):
    results = sample.results() if results is None else results
    document = compose(results, sample.earlier() if earlier is None else earlier, language)
    return [block for block in document.blocks if isinstance(block, kind)]


def charts(spec, **more):
    return [chart for chart in blocks(Chart, **more) if isinstance(chart.spec, spec)]


def headline(results=None, **more):
    return blocks(Title, results, **more)[0].text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_headline_tells_the_widest_tested_changes():
    assert headline() == "Utilisé : Messagerie gagne 7 points, Téléphone perd 7 points"
    assert headline(language="en") == "Used: Messaging gains 7 points, Phone loses 7 points"


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
    assert rows[0].detail.endswith("répondants")


def test_the_wave_before_is_drawn_only_where_it_was_tested():
    nps = next(c for c in charts(Trend) if "NPS" in c.title)
    assert nps.spec.reasons == ((2, "l’échelle a changé"),)
    assert nps.spec.series[0].breaks == (2,)
    assert nps.spec.series[0].figures[2].before is None


def test_a_changed_identity_breaks_a_line_without_a_verdict():
    bare = tuple(dataclasses.replace(e, change=None, identity=e.identity + "x") for e in sample.results().estimates)
    trends = charts(Trend, results=sample.replace(estimates=bare))
    assert all(2 in series.breaks for chart in trends for series in chart.spec.series)


def test_answers_to_a_multiple_question_are_ordered_and_those_of_others_are_not():
    asked = dataclasses.replace(sample.results().questionnaire[0], id="sector_used", kind="multiple")
    mixed = tuple(reversed(sample.results().estimates))
    for questionnaire, order in (((), ["Voyage", "Banque", "Énergie"]), ((asked,), ["Énergie", "Banque", "Voyage"])):
        spec = charts(Bars, results=sample.replace(estimates=mixed, questionnaire=questionnaire))[0].spec
        assert [bar.label for bar in spec.bars] == order


def test_a_base_is_told_in_words():
    base = "sex == f"
    said = {
        "everyone": "ensemble des répondants",
        base: "répondants ayant répondu « Femmes »",
        "age in [a1, a2]": "18-34 ans et 35-54 ans",
        "any(used)": "au moins une réponse à « Canaux utilisés »",
        "n > 3": "n > 3",
    }
    for written, words in said.items():
        first = sample.results().estimates[0]
        lineage = dataclasses.replace(first.lineage, base=written)
        chart = blocks(Chart, sample.replace(estimates=(dataclasses.replace(first, lineage=lineage),)))[0]
        assert words in " ".join(chart.note.lines).replace("\u202f", " ")


def test_the_study_names_its_bases():
    first = sample.results().estimates[0]
    lineage = dataclasses.replace(first.lineage, base="n > 3", base_label={"fr": "les grands clients"})
    chart = blocks(Chart, sample.replace(estimates=(dataclasses.replace(first, lineage=lineage),)))[0]
    assert "les grands clients" in " ".join(chart.note.lines)


def test_dont_knows_are_told_above_one_percent():
    for share, told in ((0.005, False), (0.07, True)):
        some = tuple(dataclasses.replace(e, dont_know=share) for e in sample.results().estimates)
        assert ("Ne sait pas" in " ".join(blocks(Chart, sample.replace(estimates=some))[0].note.lines)) is told


def test_at_most_six_lines():
    assert max(len(chart.spec.series) for chart in charts(Trend)) == 6


def test_every_chart_says_its_base_its_wording_and_its_source():
    for chart in blocks(Chart):
        said = " ".join(chart.note.lines)
        assert "Intervalles à" in said
        assert "Enquête" in said or "Tests" in said
        if "Enquête" in said:
            assert "Base" in said
            assert "redressée" in said


def test_the_word_of_sampling_error_is_never_used():
    for language in ("fr", "en"):
        words = read(page(language=language)).words
        assert "margin of sampling error" not in words
        assert "marge d’erreur" not in words
        assert ("sous un modèle" if language == "fr" else "under a model") in words


def test_key_figures_are_sound_ones_only():
    fragile = tuple(dataclasses.replace(e, flag="fragile") if not e.segment else e for e in sample.results().estimates)
    assert not blocks(KeyFigures, sample.replace(estimates=fragile))


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
    assert len(charts(Panorama, results=sample.replace(estimates=alone))[0].spec.rows) == 1


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
