"""What a declaration or a parallel run reopens, and what a list of channels that grew leaves comparable."""

from __future__ import annotations

import random

import pytest

from line import figure, results
from linked_waves import HAPPY, LESS, RUN, SAME, TWO, linked, rows


def waves(folder, listed: str, same: str = "", own: str = "", **files: str):
    return results(linked(folder, listed, same=same, own=own, **files))


@pytest.mark.parametrize(("same", "own"), [(SAME, ""), ("", SAME)], ids=["on the question", "on the indicator"])
def test_a_change_declared_harmless_is_tested_and_told(tmp_path, same, own):
    found = waves(tmp_path, TWO, same, own, a_csv=rows("a", 0.4), b_csv=rows("b", 0.7), one_yaml=HAPPY)["2"]
    change = figure(found, "glad")["change"]
    assert (change["verdict"], change["notes"]) == ("up", ["same_as"])
    (item,) = found["differences"]
    assert (item["rule"], item["declared"], item["broken"]) == ("reworded", "same_as", [])
    assert item["reason"] == {"en": "Only the politeness changed"}


def test_without_a_declaration_there_is_no_test(tmp_path):
    found = waves(tmp_path, TWO, a_csv=rows("a", 0.4), b_csv=rows("b", 0.7), one_yaml=HAPPY)["2"]
    change = figure(found, "glad")["change"]
    assert (change["verdict"], change["difference"], change["reason"]) == ("break", None, "wording")
    assert figure(found, "glad")["rolling"] is None


def test_a_parallel_run_links_the_series_and_its_error_is_counted(tmp_path):
    files = {"a_csv": rows("a", 0.4), "p_csv": rows("p", 0.6, n=300), "b_csv": rows("b", 0.6)}
    found = waves(tmp_path, RUN, **files)
    old, run, new = (figure(found[w], "glad") for w in ("1", "1w", "2"))
    assert (run["change"]["verdict"], run["change"]["reason"], run["change"]["wave"]) == ("untested", "parallel", "1")
    assert run["change"]["difference"] == pytest.approx(run["value"] - old["value"])
    change = new["change"]
    assert (change["wave"], change["notes"]) == ("1", ["linked"])
    # the run was made beside the earlier wave, whose own figure cancels
    assert change["difference"] == pytest.approx(new["value"] - run["value"])
    assert change["se"] == pytest.approx((new["se"] ** 2 + run["se"] ** 2) ** 0.5)
    assert change["verdict"] == "none"
    assert found["2"]["previous"] == "1"
    assert found["2"]["linked"] == [
        {"wave": "1w", "to": "1", "reason": {"fr": "Change of mode", "en": "Change of mode"}}
    ]


def test_a_parallel_run_of_another_wave_moves_the_level_by_its_shift(tmp_path):
    listed = RUN.replace(
        '  - {id: "2", mode: web', '  - {id: "x", mode: phone, files: {survey: x.csv}}\n  - {id: "2", mode: web'
    )
    files = {"a_csv": rows("a", 0.4), "p_csv": rows("p", 0.6), "x_csv": rows("x", 0.5), "b_csv": rows("b", 0.6)}
    found = waves(tmp_path, listed, **files)
    at = {w: figure(found[w], "glad", sex="f") for w in ("1", "1w", "x", "2")}
    shift = at["1w"]["value"] - at["1"]["value"]
    change = at["2"]["change"]
    assert change["wave"] == "x"
    assert change["difference"] == pytest.approx(at["2"]["value"] - at["x"]["value"] - shift)
    assert change["se"] == pytest.approx(sum(e["se"] ** 2 for e in at.values()) ** 0.5)


def test_a_link_through_a_hidden_figure_is_no_test(tmp_path):
    files = {"a_csv": rows("a", 0.4), "p_csv": rows("p", 0.6, n=5), "b_csv": rows("b", 0.6)}
    change = figure(waves(tmp_path, RUN, **files)["2"], "glad")["change"]
    assert (change["verdict"], change["reason"]) == ("untested", "small_base")


def test_channels_go_on_and_their_number_is_compared_on_the_common_list(tmp_path):
    first = rows("a", 0.5, channels=("phone", "email"))
    found = waves(tmp_path, TWO, a_csv=first, b_csv=rows("b", 0.5), one_yaml=LESS)
    phone = figure(found["2"], "usage", channel="phone")["change"]
    assert (phone["verdict"], phone["notes"]) == ("none", ["channels_added"])
    assert figure(found["2"], "usage", channel="chat")["change"] is None
    now, then = (figure(found[w], "channels") for w in ("2", "1"))
    assert "common_list" in now["change"]["notes"]
    uses = [figure(found["2"], "usage", channel=c)["value"] for c in ("phone", "email")]
    assert now["change"]["difference"] == pytest.approx(sum(uses) - then["value"])
    assert now["value"] == pytest.approx(sum(uses) + figure(found["2"], "usage", channel="chat")["value"])
    assert now["change"]["verdict"] == "none"
    assert all("list" not in e["segment"] for e in found["2"]["estimates"]), "the common list is no figure of its own"
    apart = {m["indicator"] for m in found["2"]["mixes"]}
    assert "channels" not in apart, "a change on the common list is not that of the figures, which have other lists"
    assert "glad" in apart


def test_only_means_are_compared_on_the_common_list(tmp_path):
    more = """}
  - {id: some, share: any(used)}
  - {id: few, funnel: {none: "not any(used)", one: count(used) == 1, more: count(used) > 1}"""
    first = rows("a", 0.5, channels=("phone", "email"))
    found = waves(tmp_path, TWO, own=more, a_csv=first, b_csv=rows("b", 0.5), one_yaml=LESS)["2"]
    for told in (figure(found, "some"), figure(found, "few", state="none"), figure(found, "few", state="one")):
        assert (told["change"]["verdict"], told["change"]["reason"]) == ("break", "options")
    assert sum(figure(found, "few", state=s)["value"] for s in ("none", "one", "more")) == pytest.approx(1)


def test_a_base_of_users_is_narrowed_to_the_common_list_too(tmp_path):
    own = "}\n  - {id: each, mean: count(used), base: any(used)"
    first, second = rows("a", 0.5, channels=("phone", "email")), rows("b", 0.5)
    found = waves(tmp_path, TWO, own=own, a_csv=first, b_csv=second, one_yaml=LESS)
    counts = [sum(map(int, line.split(",")[3:5])) for line in second.splitlines()[1:]]
    users = [n for n in counts if n]
    now = figure(found["2"], "each")
    assert now["n"] > len(users)
    change = now["change"]
    assert "common_list" in change["notes"]
    assert change["difference"] == pytest.approx(sum(users) / len(users) - figure(found["1"], "each")["value"])
    assert change["verdict"] == "none"


def test_a_break_starts_the_mean_of_waves_anew(tmp_path):
    listed = TWO + '  - {id: "3", files: {survey: c.csv}}\n'
    files = {"a_csv": rows("a", 0.4), "b_csv": rows("b", 0.5), "c_csv": rows("c", 0.6), "one_yaml": HAPPY}
    found = waves(tmp_path, listed, **files)
    assert figure(found["2"], "glad")["rolling"] is None
    rolling = figure(found["3"], "glad")["rolling"]
    assert rolling["waves"] == ["2", "3"]
    two, three = (figure(found[w], "glad") for w in ("2", "3"))
    assert rolling["se"] == pytest.approx((two["se"] ** 2 + three["se"] ** 2) ** 0.5 / 2)


def test_a_change_of_mix_is_told_as_such(tmp_path):
    def mixed(seed: str, women: float) -> str:
        rng = random.Random(seed)
        lines = ["respondent,sex,glad,used.phone,used.email,used.chat"]
        for i in range(1500):
            sex = "f" if rng.random() < women else "m"
            lines.append(f"{seed}{i},{sex},{'y' if rng.random() < (0.8 if sex == 'f' else 0.3) else 'n'},1,0,0")
        return "\n".join(lines)

    found = waves(tmp_path, TWO.replace(" instrument: one.yaml,", ""), a_csv=mixed("a", 0.3), b_csv=mixed("b", 0.7))[
        "2"
    ]
    (mix,) = (m for m in found["mixes"] if m["indicator"] == "glad")
    change = figure(found, "glad")["change"]
    assert (mix["dimension"], mix["notable"], change["verdict"]) == ("sex", True, "up")
    assert mix["difference"] == pytest.approx(change["difference"])
    assert mix["within"] + mix["mix"] == pytest.approx(mix["difference"])
    assert mix["mix"] == pytest.approx(0.2, abs=4 * mix["mix_se"])
    assert abs(mix["within"]) < 4 * mix["within_se"]
