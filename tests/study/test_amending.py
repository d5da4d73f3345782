"""The text of a study is changed where it must be, and nowhere else: comments, order and spaces stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def layouts() -> st.SearchStrategy[str]:
    """Lists of waves as people write them: in one line or many, with and without comments and last commas."""
    return st.builds(_laid_out, st.integers(0, 3), st.booleans(), st.lists(st.integers(0, 4), min_size=9, max_size=9))


def _laid_out(count: int, flow: bool, gaps: list[int]) -> str:
    """Between two signs stands one of five gaps; each comment has a number of its own."""
    seen, turn = 0, 0

    def gap() -> str:
        nonlocal seen, turn
        turn += 1
        kind = gaps[turn % len(gaps)]
        if kind > 2:
            seen += 1
            return f"  # c{seen}; a, [b] {{\n      " if kind == 3 else f"\n      # c{seen}\n      "
        return [" ", "", "\n      "][kind]

    def comma(more: bool) -> str:
        return "," + gap() if more or gaps[0] > 2 else ""

    def files(n: int) -> str:
        both = [f"survey: s{n}.csv", f"tests:{gap() or ' '}[{gap()}t{n}.csv{gap()}]"][: 1 + n % 2]
        return "{" + gap() + "".join(f + gap() + comma(f != both[-1]) for f in both) + "}"

    def block(n: int) -> str:
        lines = [f"  - id: w{n}  # w\n", f"    files: {files(n)}  # f\n"]
        if gaps[0] == 1:
            lines[1] = f"    files:  # m\n      survey: s{n}.csv  # s\n      # behind\n"
        return "".join(lines)

    if not flow and count:
        told = "waves:\n" + "".join(block(n) for n in range(count))
        told += "    population: |\n      Who lives\n      here\n" if gaps[1] == 2 else ""
    else:
        items = [f"{{id: w{n}, files: {files(n)}{gap()}}}" for n in range(count)]
        told = "waves: [" + gap() + "".join(i + gap() + comma(i != items[-1]) for i in items) + "]  # the waves\n"
    return f"study: s\n{told}# behind all\nbanner: [a]\n"


def comments(text: str) -> list[str]:
    return sorted(part for line in text.splitlines() if (part := line.partition("# ")[2]))


@given(layouts(), st.sampled_from(["w0", "w1"]), st.sampled_from(["survey", "tests", "reviews"]))
def test_whatever_the_layout_the_text_says_what_was_said_and_the_new(text, wave, key):
    old = parse_yaml(text, shown="")
    assert not old.problems, text
    made = with_wave(text, "2025", {"survey": [Named("b.csv", "panel")]})
    item = {"id": "2025", "files": {"survey": {"path": "b.csv", "import": "panel"}}}
    assert parse_yaml(made, shown="").value == old.value | {"waves": [*old.value["waves"], item]}
    assert len(comments(made)) == len(comments(text))
    if wave in [w["id"] for w in old.value["waves"]]:
        made = with_files(text, wave, key, [Named("new.csv")])
        for one, before in zip(waves(made), old.value["waves"], strict=True):
            assert one["files"] == before["files"] | ({key: "new.csv"} if one["id"] == wave else {})
            assert {k: v for k, v in one.items() if k != "files"} == {k: v for k, v in before.items() if k != "files"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("waves: [\n  {id: a, files: {survey: a}},  # first\n]\n",
         'waves: [\n  {id: a, files: {survey: a}}, {id: "b", files: {survey: x}},  # first\n]\n'),
        ("waves: [ # none yet\n]\n", 'waves: [{id: "b", files: {survey: x}} # none yet\n]\n'),
        ("waves: []\n", 'waves: [{id: "b", files: {survey: x}}]\n'),
    ],
)  # fmt: skip
def test_an_item_stands_behind_the_last_one_whatever_follows(before, after):
    assert with_wave(before, "b", {"survey": [Named("x")]}) == after


def test_what_waves_share_is_left_to_its_writer():
    text = "waves:\n  - {id: a, files: &f {survey: x}}\n  - {id: b, files: *f}\n"
    assert with_files(text, "a", "survey", [Named("y")]) is None
    assert with_files(text, "b", "tests", [Named("y")]) is None
