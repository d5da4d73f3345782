"""Two states of one study: what is measured otherwise is told by the rules between waves, and no break is silent."""

from __future__ import annotations

import pytest

from small import edit, loaded, tiny
from vigie.study.revisions import revised


@pytest.fixture
def told(tmp_path):
    """What an edit of the tiny study changes, as (rule, severity, indicators that begin anew)."""
    before = loaded(tiny(tmp_path / "before"))

    def change(*pairs: tuple[str, str], name: str = "study.yaml"):
        now = loaded(edit(tiny(tmp_path / "now"), name, *pairs))
        found = revised(before, now)
        return [(d.rule, d.severity, set(d.broken)) for d in found.get("2024", ())]

    return change


def test_a_study_as_it_was_has_no_difference(told):
    assert told() == []


def test_a_reworded_question_breaks_the_indicator_that_reads_it(told):
    assert told(("Êtes-vous satisfait de", "Que pensez-vous de")) == [("reworded", "break", {"satisfied"})]


def test_a_translation_is_harmless(told):
    assert told(("en: Tell us", "en: Tell us all")) == [("retyped", "harmless", set())]


def test_another_box_is_another_indicator(told):
    assert told(("satisfaction >= 7", "satisfaction >= 8")) == [("definition", "break", {"satisfied"})]


def test_a_label_or_a_threshold_of_display_is_no_difference(told):
    assert told(("hide: 5", "hide: 6"), ("Satisfaits (7 à 10)", "Contents (7 à 10)")) == []


def test_another_mode_breaks_the_survey_and_what_rests_on_it(told):
    (mode, weights) = told(("mode: web", "mode: phone"))
    assert mode == ("mode", "break", {"contacted", "usage", "channels", "satisfied", "recommend"})
    assert weights == ("channel_weights", "break", {"mystery_score"})


def test_a_longer_list_of_channels_is_told_with_a_note(told):
    rules = {rule: severity for rule, severity, _ in told(("chat, other]", "chat, video, other]"))}
    assert rules["channels_added"] == "note"


def test_weights_of_channels_and_grids_decide_the_mystery_score(told):
    weights = ("channel_weights: {from: usage, over: tested}", "channel_weights: {phone: 1, email: 2}")
    assert told(weights) == [("channel_weights", "break", {"mystery_score"})]


def test_a_grid_that_is_marked_otherwise_breaks_the_score(told):
    found = told(("en: Wait}, out_of: 2", "en: Wait}, out_of: 4"), name="grids/phone.yaml")
    assert found == [("criterion_marks", "break", {"mystery_score"})]


def test_an_indicator_that_is_new_or_gone_breaks_nothing(told):
    line = "  - {id: channels, label: {fr: Nombre moyen de canaux, en: Mean number of channels}, mean: count(used), base: any(used)}\n"  # noqa: E501
    assert told((line, line.replace("id: channels", "id: how_many"))) == []
