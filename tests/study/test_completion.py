"""What may stand at a cursor: keys with what they mean, values, the study's own names; in a text that may be torn."""

from __future__ import annotations

import pytest

from small import STUDY
from vigie.study.completion import complete
from vigie.study.document import parse_yaml
from vigie.study.names import known_of
from vigie.study.shapes import GRID, INSTRUMENT

KNOWN = known_of(parse_yaml(STUDY, shown="").value, ["margins.csv", "brands.csv"], "en")


def offered(text: str, kind: str = "study") -> list[str]:
    """What is offered where `|` stands."""
    cursor = text.index("|")
    return [s.label for s in complete(text.replace("|", "", 1), cursor, KNOWN, kind).suggestions]


@pytest.mark.parametrize(
    ("was", "now", "first"),
    [
        ("banner: [sex]", "ban|", "banner"),  # a key of the study
        ("banner: [sex]", "banner: [|]", "sex"),  # a question
        ("banner: [sex]", "banner: [sx|]", "sex"),  # … nearly spelled
        ("kind: date", "kind: d|", "date"),  # a kind
        ("kind: date, label: Day", "kind: date, ear|, label: Day", "earliest"),  # a key of that kind
        ("share: any(used)", "share: any(us|)", "used"),  # inside an expression
        ("share: any(used)", "share: sex == |", "f"),  # an option of the question before it
        ("share: any(used)", "share: used.|", "phone"),  # a channel
        ("share: any(used)", "share: 'sex in [m, |]'", "f"),
        ("method: raking", "method: |", "raking"),
        ("margins: margins.csv", "margins: mar|", "margins.csv"),  # a file
        ("import: panel", "import: |", "panel"),
        ("codes: {1: f, 2: m}", "codes: {1: |}", "f"),  # a code of the question whose column it is
        ("columns: {sex:", "columns: {s|:", "sex"),
    ],
)
def test_what_fits_is_offered_first(was, now, first):
    assert was in STUDY
    assert offered(STUDY.replace(was, now, 1))[0] == first


def test_a_text_that_is_torn_after_the_cursor_is_completed_all_the_same():
    assert offered(STUDY.split("indicators:")[0] + "indicators:\n  - {id: x, share: any(u|")[0] == "used"
    assert offered("study: s\nquestions:\n  - {id: a, kind: sc|\n  - {id: b, [[[")[0] == "scale"
    assert "study" in offered("|")


@pytest.mark.parametrize("kind", ["[|]", "{a: |}", "[sc|", "[[a]]|", "{a: b}|"])
def test_a_kind_that_is_no_word_yet_is_completed_all_the_same(kind):
    assert isinstance(offered(f"study: s\nquestions:\n  - {{id: a, kind: {kind}}}\n"), list)
    assert isinstance(offered(f"study: s\nquestions:\n  - id: a\n    kind: {kind}\n"), list)


def test_keys_that_stand_are_not_offered_again():
    found = offered(STUDY.replace("{id: day,", "{id: day, |,", 1))
    assert "earliest" in found
    assert not {"id", "kind", "label"} & set(found)


def test_a_key_is_told_with_what_it_means_and_written_with_its_colon():
    text = "study: s\nba"
    found = complete(text, len(text), KNOWN)
    (one,) = [s for s in found.suggestions if s.label == "banner"]
    assert (text[found.start : found.end], one.text) == ("ba", "banner: ")
    assert one.about == "the single questions that break tables"


def test_a_key_that_has_its_colon_gets_no_second_one():
    text = "study: s\nban: [sex]\n"
    (one,) = [s for s in complete(text, text.index("ban") + 3, KNOWN).suggestions if s.label == "banner"]
    assert one.text == "banner"


def test_a_grid_and_an_instrument_have_keys_of_their_own():
    assert offered("dim|", GRID)[0] == "dimensions"
    assert offered("dimensions:\n  - {id: a, criteria: [{id: b, nee|}]}", GRID) == ["needs_reply"]
    assert offered("que|", INSTRUMENT)[0] == "questions"
    assert offered("order: [se|]", INSTRUMENT)[0] == "sex"


def test_a_question_that_was_written_a_moment_ago_is_known():
    new = STUDY.replace("questions:\n", "questions:\n  - {id: brand_new, kind: open, label: New}\n")
    assert offered(new.replace("share: any(used)", "share: answered(brand_|)", 1)) == ["brand_new"]


@pytest.mark.parametrize("cursor", [-3, 0, 10_000])
def test_a_cursor_outside_the_text_is_no_error(cursor):
    assert complete("study: s\n", cursor, KNOWN).start >= 0
