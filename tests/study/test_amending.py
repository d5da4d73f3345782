"""The text of a study is changed where it must be, and nowhere else: comments, order and spaces stay."""

from __future__ import annotations

import pytest

from vigie.study.amending import Named, with_files, with_values, with_wave
from vigie.study.document import parse_yaml

FLOW = """\
study: s  # a name
waves:
  - {id: "2024", files: {survey: data/x.csv}}  # the first
# the end
"""
BLOCK = """\
study: s
waves:
- id: 2024
  files:
    survey:
      path: a.csv
      import: panel

banner: [a]
"""
LIST = "waves: [{id: '2024', files: {survey: [a.csv, b.csv]}}]\n"
NO_END = "waves:\n  - id: '2024'\n    files: {survey: a.csv}\n    mode: web"
TEXTS = [FLOW, BLOCK, LIST, NO_END]


def waves(text: str) -> list:
    document = parse_yaml(text, shown="study.yaml")
    assert not document.problems
    return document.value["waves"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_wave_is_added_at_the_end_of_the_list(text):
    made = with_wave(text, "2025 bis", {"survey": [Named("data/é 1.csv"), Named("b.csv", "panel")]})
    before, after = waves(text), waves(made)
    assert after[:-1] == before
    assert after[-1] == {
        "id": "2025 bis", "files": {"survey": ["data/é 1.csv", {"path": "b.csv", "import": "panel"}]},
    }  # fmt: skip
    rest = parse_yaml(made, shown="").value
    assert {k: v for k, v in rest.items() if k != "waves"} == {
        k: v for k, v in parse_yaml(text, shown="").value.items() if k != "waves"
    }


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("key", ["survey", "tests"])
def test_the_files_of_a_wave_are_named_otherwise(text, key):
    (wave,) = waves(with_files(text, "2024", key, [Named("data/new.xlsx", "panel")]))
    (before,) = waves(text)
    assert wave["files"] == before["files"] | {key: {"path": "data/new.xlsx", "import": "panel"}}
    assert {k: v for k, v in wave.items() if k != "files"} == {k: v for k, v in before.items() if k != "files"}


def test_comments_stay():
    made = with_files(with_wave(FLOW, "2025", {"survey": [Named("b.csv")]}), "2024", "survey", [Named("c.csv")])
    assert made == FLOW.replace("data/x.csv", "c.csv").replace(
        "# the end", '  - {id: "2025", files: {survey: b.csv}}\n# the end'
    )


@pytest.mark.parametrize("text", ["", "study: s\n", "waves: 3\n", "waves: [", "waves: [{id: '2023'}]"])
def test_what_cannot_be_found_is_left_to_its_writer(text):
    assert with_files(text, "2024", "survey", [Named("a.csv")]) is None


def test_keys_of_the_study_get_other_values():
    made = with_values(FLOW, {"study": "mine", "reports": "[fr]"})
    assert made == FLOW.replace("study: s ", "study: mine ")
