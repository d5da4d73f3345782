"""Files of a wave are put where the study expects them, read before they stay, and never half-written."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vigie.study.loading import load_study
from vigie.web.library import HOME

PAGE = "/s/own/tiny/-/data"
SURVEY = "data/2024/survey.csv"


@pytest.fixture
def analyst(site):
    return site.client("analyst")


def folder(site):
    return HOME.version(site.study.version)


def survey(site) -> str:
    return (folder(site) / SURVEY).read_text(encoding="utf-8")


def send(client, files: dict[str, bytes | str], **form: str):
    sent = [SimpleUploadedFile(n, d.encode() if isinstance(d, str) else d) for n, d in files.items()]
    asked = {"wave": "2024", "holds": "survey", **form, "files": sent}
    return client.post(PAGE, asked, headers={"accept-language": "en"})


def told(client, said) -> str:
    assert said.status_code == 302, said.content.decode()
    return client.get(said["Location"], headers={"accept-language": "en"}).content.decode()


def test_the_page_says_which_files_are_expected_and_stand(analyst):
    page = analyst.get(PAGE).content.decode()
    assert SURVEY in page
    assert "data/2024/tests.csv" in page


def test_a_file_takes_the_place_of_the_one_that_stands(analyst, site):
    text = "\n".join(survey(site).splitlines()[:31]) + "\n"
    before = folder(site)
    page = told(analyst, send(analyst, {"export (3).csv": text}))
    assert survey(site) == text
    assert (before / SURVEY).read_text(encoding="utf-8") != text
    assert site.study.version.number == 2
    assert "30 rows read" in page
    assert (folder(site) / "study.yaml").samefile(before / "study.yaml")


def test_a_file_of_another_format_is_named_in_the_study(analyst, site):
    lines = [line.split(",") for line in survey(site).splitlines()]
    table = pa.table({h: [row[i] for row in lines[1:]] for i, h in enumerate(lines[0])})
    packed = io.BytesIO()
    pq.write_table(table, packed)
    told(analyst, send(analyst, {"x.parquet": packed.getvalue()}))
    study, problems = load_study(folder(site))
    assert not problems
    assert study.waves["2024"].files.survey[0].path == "data/2024/survey.parquet"
    assert not (folder(site) / SURVEY).exists()


@pytest.mark.parametrize("wave", ["中" * 90, "a" * 61, "con", "../x", "x.", "", "a/b"])
def test_a_wave_that_can_be_no_folder_is_refused(analyst, site, wave):
    said = send(analyst, {"a.csv": survey(site)}, wave="", new=wave)
    assert said.status_code == 400
    assert "at most 60" in said.content.decode()
    assert site.study.version.number == 1


@pytest.mark.parametrize(("named", "wave"), [("2025", "2025"), (" 2025.0 ", "2025"), ("中" * 60, "中" * 60)])
def test_a_further_wave_is_added_to_the_study(analyst, site, named, wave):
    text = "\n".join(line for line in (folder(site) / "study.yaml").read_text(encoding="utf-8").splitlines())
    analyst.post(f"/s/own/tiny/-/files/margins/{wave}.csv",
                 {"text": (folder(site) / "margins/2024.csv").read_text(encoding="utf-8"), "base": "1"})  # fmt: skip
    told(analyst, send(analyst, {"a.csv": survey(site)}, wave="", new=named))
    study, problems = load_study(folder(site))
    assert not problems
    assert list(study.waves) == ["2024", wave]
    assert study.waves[wave].files.survey[0].path == f"data/{wave}/survey.csv"
    assert (folder(site) / "study.yaml").read_text(encoding="utf-8").startswith(text)


def test_files_may_stand_beside_each_other(analyst, site):
    head, *rows = survey(site).splitlines()
    told(analyst, send(analyst, {"a.csv": "\n".join([head, *rows[:10]]), "b.csv": "\n".join([head, *rows[10:]])}))
    study, _ = load_study(folder(site))
    assert [f.path for f in study.waves["2024"].files.survey] == ["data/2024/survey-1.csv", "data/2024/survey-2.csv"]
    more = "\n".join([head, *(f"x{row}" for row in rows[:3])])
    told(analyst, send(analyst, {"c.csv": more}, how="beside"))
    study, _ = load_study(folder(site))
    assert len(study.waves["2024"].files.survey) == 3
    told(analyst, send(analyst, {"survey-2.csv": "\n".join([head, *rows[10:15]])}))  # by its name
    assert (folder(site) / "data/2024/survey-2.csv").read_text(encoding="utf-8").count("\n") == 5


def test_columns_that_no_question_has_are_told_with_the_nearest_question(analyst, site):
    page = told(analyst, send(analyst, {"a.csv": survey(site).replace("advise", "advice", 1)}))
    assert "No column for the question “advise”." in page
    assert "The file has “advice”" in page


def test_a_file_that_cannot_be_read_as_the_wave_is_refused_with_the_nearest_name(analyst, site):
    said = send(analyst, {"a.csv": survey(site).replace("respondent", "respondant", 1)})
    assert said.status_code == 400
    assert "respondent" in said.content.decode()
    assert "respondant" in said.content.decode()
    assert site.study.version.number == 1
    assert not list((HOME.path / "work").iterdir())


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [("a.pdf", b"%PDF", ".pdf"), ("noending", b"x", "no ending"), ("a.csv", b"", "empty"),
     ("a.xlsx", b"PK\x03\x04 no workbook", "survey.xlsx"), ("a.csv", b"PK\x03\x04\0\0\0", "survey.csv"),
     ("a.exe", b"MZ", ".exe")],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_message(analyst, site, name, data, what):
    said = send(analyst, {name: data})
    assert said.status_code == 400
    assert 'class="problems"' in said.content.decode()
    assert what in said.content.decode()
    assert site.study.version.number == 1


def test_a_file_that_is_too_large_is_refused(analyst, site, monkeypatch):
    monkeypatch.setattr("vigie.web.dropping.LARGEST", 100)
    assert send(analyst, {"a.csv": survey(site)}).status_code == 400
    assert site.study.version.number == 1


@pytest.mark.parametrize("form", [{"wave": "", "new": "../x"}, {"wave": "", "new": ""}, {"holds": "nothing"},
                                  {"wave": "", "new": "out/.."}])  # fmt: skip
def test_a_wave_or_a_source_that_cannot_be_is_told(analyst, site, form):
    assert send(analyst, {"a.csv": survey(site)}, **form).status_code == 400
    assert site.study.version.number == 1


def test_nothing_chosen_is_told(analyst):
    assert analyst.post(PAGE, {"wave": "2024", "holds": "survey"}).status_code == 400


def test_examples_are_told_as_such_until_files_take_their_place(analyst):
    analyst.post("/o/own/begin", {"template": "survey", "name": "fresh"})
    page = "/s/own/fresh/-/data"
    english = {"accept-language": "en"}
    assert "example, drawn at random" in analyst.get(page, headers=english).content.decode()
    text = "respondent,sex,age\n1,f,a1\n2,m,a2\n"
    said = analyst.post(
        page, {"wave": "2025", "holds": "survey", "files": [SimpleUploadedFile("a.csv", text.encode())]}
    )
    assert said.status_code == 302
    assert "example, drawn at random" not in analyst.get(page, headers=english).content.decode()
