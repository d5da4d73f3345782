"""A study is written in the page: all problems told with their places, nothing kept with one, nothing lost."""

from __future__ import annotations

import html
import re

import pytest

from vigie.store.models import Entry, Version
from vigie.web.drafts import Draft, proper
from vigie.web.library import HOME

PAGE = "/s/own/tiny/-/files/study.yaml"


@pytest.fixture
def analyst(site):
    return site.client("analyst")


def text_of(site, name: str = "study.yaml") -> str:
    return (HOME.version(site.study.version) / name).read_text(encoding="utf-8")


def keep(client, text: str, base: int = 1, page: str = PAGE, **more: str):
    return client.post(page, {"text": text.replace("\n", "\r\n"), "base": base, **more})


def test_a_file_stands_in_the_page_line_by_line(analyst, site):
    page = analyst.get(PAGE).content.decode()
    text = text_of(site)
    assert page.count('<li id="L') == text.count("\n") + 1
    shown = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
    assert "study: tiny" in shown
    assert "<script>" not in page
    assert " style=" not in page


def test_a_sound_text_is_the_next_version_and_data_are_not_copied(analyst, site):
    before = HOME.version(site.study.version)
    said = keep(analyst, text_of(site) + "# more\n")
    assert said.status_code == 302
    version = site.study.version
    assert (version.number, version.by) == (2, site.people["analyst own"])
    assert text_of(site).endswith("# more\n")
    assert "# more" not in (before / "study.yaml").read_text(encoding="utf-8")
    assert "\r" not in text_of(site)
    data = "data/2024/survey.csv"
    assert (before / data).samefile(HOME.version(version) / data)
    assert Entry.objects.filter(action="changed", study=site.study.pk).exists()


def test_a_text_that_is_as_it_was_makes_no_version(analyst, site):
    assert keep(analyst, text_of(site)).status_code == 302
    assert site.study.version.number == 1


def test_all_problems_are_told_with_links_to_their_lines_and_nothing_is_kept(analyst, site):
    wrong = text_of(site).replace("share: any(used)", "share: any(usd)").replace("banner: [sex, age]", "banner: [six]")
    said = keep(analyst, wrong)
    page = said.content.decode()
    assert said.status_code == 400
    assert Version.objects.filter(study=site.study).count() == 1
    for name in ("usd", "six"):
        line = next(n for n, text in enumerate(wrong.splitlines(), 1) if name in text)
        assert f'href="{PAGE}#L{line}"' in page
        assert f'<li id="L{line}" class="wrong">' in page
    assert "any(usd)" in page  # what was written is not lost
    assert not list((HOME.path / "work").iterdir())


def test_checking_keeps_nothing(analyst, site):
    said = keep(analyst, text_of(site) + "# more\n", do="check")
    assert said.status_code == 200
    assert site.study.version.number == 1
    assert "# more" in said.content.decode()


def test_problems_are_told_while_the_text_is_written(analyst, site):
    told = {"file": "study.yaml", "text": text_of(site).replace("kind: open", "kind: opn")}
    page = analyst.post("/s/own/tiny/-/check", told).content.decode()
    assert "study.yaml:26:" in page
    assert 'data-wrong="26 "' in page
    assert 'class="sound"' in analyst.post("/s/own/tiny/-/check", {**told, "text": text_of(site)}).content.decode()


def test_what_may_stand_at_the_cursor_is_suggested(analyst, site):
    text = text_of(site).replace("share: any(used)", "share: any(us)")
    cursor = text.index("any(us)") + 6
    said = analyst.post("/s/own/tiny/-/suggest", {"file": "study.yaml", "text": text, "cursor": cursor}).json()
    assert said["suggestions"][0] == {
        "label": "used", "text": "used", "about": "Par quels moyens avez-vous contacté un service client ?",
    }  # fmt: skip
    assert text[said["start"] : said["end"]] == "us"


@pytest.mark.parametrize(
    ("name", "cursor"), [("study.yaml", "x"), ("margins/2024.csv", "1"), ("../x.yaml", "1"), ("", "")]
)
def test_a_question_that_makes_no_sense_has_no_suggestion(analyst, name, cursor):
    said = analyst.post("/s/own/tiny/-/suggest", {"file": name, "text": "a", "cursor": cursor})
    assert said.json()["suggestions"] == []


def test_somebody_faster_is_told_with_both_differences_and_nothing_is_lost(analyst, site):
    first = text_of(site)
    keep(analyst, first.replace("hide: 5", "hide: 6"))
    mine = first.replace("fragile: 15", "fragile: 20")
    said = keep(site.client("administrator"), mine, base=1)
    page = said.content.decode()
    assert said.status_code == 409
    assert site.study.version.number == 2
    assert re.search(r"<ins>show: \{hide: 6, fragile: 15\}</ins>", page)  # theirs
    assert re.search(r"<ins>show: \{hide: 5, fragile: 20\}</ins>", page)  # mine
    assert 'name="base" value="2"' in page
    assert keep(site.client("administrator"), mine, base=2).status_code == 302
    assert "fragile: 20" in text_of(site)


def test_two_who_write_different_files_do_not_meet(analyst, site):
    keep(analyst, text_of(site) + "# more\n")
    margins = text_of(site, "margins/2024.csv")
    said = keep(analyst, margins + "\n", base=1, page="/s/own/tiny/-/files/margins/2024.csv")
    assert said.status_code == 302
    assert site.study.version.number == 3
    assert text_of(site).endswith("# more\n")


def test_a_new_file_is_written_and_taken_out_again(analyst, site):
    page = analyst.get("/s/own/tiny/-/files", {"name": "notes/read me.md"})["Location"]
    assert analyst.get(page).status_code == 200
    assert keep(analyst, "Hello.\n", page=page).status_code == 302
    assert text_of(site, "notes/read me.md") == "Hello.\n"
    assert keep(analyst, "", base=2, page=page, do="remove").status_code == 302
    assert not (HOME.version(site.study.version) / "notes" / "read me.md").exists()


@pytest.mark.parametrize(
    "name", ["notes.txt", "table.csv", "../x.yaml", "data/2024/survey.csv", "x.py", "", "中" * 96 + ".md"]
)
def test_a_name_that_no_text_of_the_study_has_is_refused_with_what_may_be_written(analyst, name):
    said = analyst.get("/s/own/tiny/-/files", {"name": name}, headers={"accept-language": "en"})
    page = html.unescape(said.content.decode())
    assert said.status_code == 400
    assert "such as brands.csv or margins/2025.csv" in page
    assert name in page  # to be mended


@pytest.mark.parametrize("name", ["notes.md", "margins/2025.csv", "grids/chat.yaml", "中" * 60 + ".md"])
def test_a_name_that_the_form_takes_leads_to_a_page(analyst, name):
    page = analyst.get("/s/own/tiny/-/files", {"name": name})["Location"]
    assert analyst.get(page).status_code == 200


def test_names_of_many_bytes_are_no_files(analyst):
    name = "中" * 96 + ".md"
    assert analyst.get(f"/s/own/tiny/-/files/{name}").status_code == 404
    assert analyst.post("/s/own/tiny/-/check", {"file": name, "text": "x"}).status_code == 200


def test_what_an_old_version_holds_never_changes_whatever_its_files_are_called(analyst, site):
    first = HOME.version(site.study.version)
    (first / ".written").write_text("somebody's", encoding="utf-8")
    assert keep(analyst, text_of(site) + "# more\n").status_code == 302
    assert (first / ".written").read_text(encoding="utf-8") == "somebody's"
    assert text_of(site, ".written") == "somebody's"


@pytest.mark.parametrize("do", ["remove", "keep"])
def test_somebody_faster_by_a_moment_is_told(analyst, site, monkeypatch, do):
    page = "/s/own/tiny/-/files/notes.md"
    keep(analyst, "Hello.\n", page=page)
    last = Draft.keep

    def meanwhile(draft, by):
        monkeypatch.setattr(Draft, "keep", last)
        keep(site.client("administrator"), "Theirs.\n", base=2, page=page)
        return last(draft, by)

    monkeypatch.setattr(Draft, "keep", meanwhile)
    said = keep(analyst, "Mine.\n", base=2, page=page, do=do)
    assert said.status_code == 409
    assert "<ins>Theirs.</ins>" in said.content.decode()
    assert text_of(site, "notes.md") == "Theirs.\n"


def test_a_file_that_the_study_needs_cannot_be_taken_out(analyst, site):
    said = keep(analyst, "", page="/s/own/tiny/-/files/brands.csv", do="remove")
    assert said.status_code == 400
    assert "brands.csv" in said.content.decode()
    assert site.study.version.number == 1


@pytest.mark.parametrize(
    "name", ["data/2024/survey.csv", "data/2024/tests.csv", "out/x.csv", "x.py", "a/../../x.csv", ".hidden.yaml", "x"]
)
def test_answers_and_what_is_no_text_of_the_study_are_not_written_in_the_page(analyst, site, name):
    page = f"/s/own/tiny/-/files/{name}"
    assert analyst.get(page).status_code == 404
    assert keep(analyst, "x", page=page).status_code == 404
    assert site.study.version.number == 1


@pytest.mark.parametrize(
    ("name", "good"),
    [("study.yaml", True), ("grids/chat.yaml", True), ("a b/ç (1).csv", True), ("", False), ("/a.csv", False),
     ("a//b.csv", False), ("../a.csv", False), ("a/./b.csv", False), ("a\\b.csv", False), (".git/x.md", False),
     ("out/x.csv", False), ("a\0.csv", False), ("中" * 66 + ".md", False), ("中" * 65 + ".md", True),
     ("a /x.csv", False), ("a/b/c/d/e/f/g.csv", False)],
)  # fmt: skip
def test_names_of_files_lead_nowhere_else(name, good):
    assert proper(name) is good


def test_a_file_that_is_too_large_is_refused_with_a_message(analyst, monkeypatch):
    monkeypatch.setattr("vigie.web.pages.editor.LARGEST_TEXT", 100)
    said = keep(analyst, "# " + "x" * 200, page="/s/own/tiny/-/files/new.yaml")
    assert said.status_code == 400
    assert "new.yaml" in said.content.decode()


def test_a_file_and_a_folder_do_not_bear_one_name(analyst, site):
    for name in ("brands.csv/x.yaml", "margins/2024.csv/y.md"):
        said = keep(analyst, "x", page=f"/s/own/tiny/-/files/{name}")
        assert said.status_code == 400
        assert "one name" in said.content.decode()
    assert site.study.version.number == 1


def test_what_is_written_is_shown_and_never_run(analyst):
    said = keep(analyst, "</textarea><script>alert(1)</script>")
    assert said.status_code == 400
    assert "<script>alert" not in said.content.decode()
