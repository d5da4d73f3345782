"""The explorer gives the very table of the command, keeps it, hands it out, and tells what is wrong with a question."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import openpyxl
import pytest
from PIL import Image

from small import edit, tiny
from vigie import run
from vigie.report.crosstab_files import safe
from vigie.results.encoding import plain
from vigie.store.home import linked
from vigie.store.models import Entry, View
from vigie.web.library import HOME
from vigie.web.running import compute, keep
from vigie.web.studies_in import add_study

PAGE = "/s/own/tiny/2024/explore/"


@pytest.fixture
def analyst(site):
    """Somebody who may ask, once the study was run on the site."""
    client = site.client("analyst")
    client.post("/s/own/tiny/-/runs")
    compute(site.study.runs.get())
    return client


def first(site) -> tuple[str, str]:
    """A question and another one that tables may stand on."""
    study = run.load(HOME.version(site.study.version))
    singles = [q.id for q in study.instrument("2024").values() if q.kind == "single"]
    return singles[0], singles[1] if len(singles) > 1 else "channel"


def test_the_form_offers_questions_and_asks_for_nothing_at_first(analyst, site):
    page = analyst.get(PAGE).content.decode()
    assert f'<option value="{first(site)[0]}"' in page
    assert "<table" not in page


def listed(page: str, name: str) -> list[str]:
    """What a list of the form offers; the fields that a browser sends only once they are filled are none of it."""
    found = re.search(rf'<select id="{name}"[^>]*>(.*?)</select>', page)
    assert "required" not in found[0]
    return re.findall(r'<option value="([^"]+)"', found[1])


def test_each_source_is_reached_by_the_form_alone(analyst):
    page = analyst.get(PAGE).content.decode()
    assert listed(page, "source") == ["survey", "mystery"]
    sent = {"source": "mystery", "listed": "survey", "rows": "", "where": "", "compare": "columns"}
    for left in ({}, {"rows": "satisfaction", "columns": "sex", "where": "age == a1"}):  # of a table that stood there
        said = analyst.get(PAGE, sent | left)
        page = said.content.decode()
        assert said.status_code == 200
        assert 'class="problems"' not in page
        assert "outcome" in listed(page, "rows")
        assert "satisfaction" not in listed(page, "rows")
        assert 'value="channel"' in page
        assert 'name="listed" value="mystery"' in page
    said = analyst.get(PAGE, sent | {"listed": "mystery", "rows": "outcome", "columns": "channel"})
    assert said.status_code == 200
    assert "<table" in said.content.decode()
    assert analyst.get(PAGE, {"rows": "satisfaction", "source": "mystery"}).status_code == 400  # nobody chose anew


def test_a_table_is_that_of_the_command(analyst, site):
    rows, columns = first(site)
    given = {"rows": rows, "columns": columns, "format": "json"}
    found = json.loads(analyst.get(PAGE, given).content)
    study = run.load(HOME.version(site.study.version))
    made = run.table(study, rows, [columns], wave="2024", out=HOME.out(site.study))
    assert found == json.loads(json.dumps(plain(made)))
    page = analyst.get(PAGE, {"rows": rows, "columns": columns}).content.decode()
    assert "<table" in page
    assert "<script" not in page


def test_as_csv_each_cell_is_a_line(analyst, site):
    rows, columns = first(site)
    said = analyst.get(PAGE, {"rows": rows, "columns": columns, "format": "csv"})
    assert "attachment" in said["Content-Disposition"]
    table = list(csv.DictReader(io.StringIO(said.content.decode("utf-8-sig"))))
    made = json.loads(analyst.get(PAGE, {"rows": rows, "columns": columns, "format": "json"}).content)
    values = [c["value"] for line in made["lines"] for c in line["cells"] if c is not None]
    assert [float(t["value"]) if t["value"] else None for t in table] == pytest.approx(values)
    assert Entry.objects.filter(action="exported").count() == 2


@pytest.mark.parametrize(
    "given",
    [
        {"rows": "nothing"},
        {"rows": "all", "columns": "SECOND"},
        {"rows": "FIRST"},
        {"rows": "FIRST", "columns": "nothing"},
        {"rows": "FIRST", "columns": "SECOND", "where": "x =="},
        {"rows": "FIRST", "columns": "SECOND", "compare": "agencies"},
        {"rows": "FIRST", "columns": "SECOND", "source": "x"},
    ],
)
def test_a_question_that_cannot_be_answered_is_told_and_never_an_error(analyst, site, given):
    names = dict(zip(("FIRST", "SECOND"), first(site), strict=True))
    said = analyst.get(PAGE, {k: names.get(v, v) for k, v in given.items()})
    assert said.status_code == 400
    assert 'class="problems"' in said.content.decode()


def test_a_table_is_kept_and_opened_again(analyst, site):
    rows, columns = first(site)
    said = analyst.post(PAGE, {"rows": rows, "columns": columns, "name": "By sex"})
    view = View.objects.get()
    assert said["Location"].endswith(f"/explore/{view.key}")
    opened = analyst.get(said["Location"], follow=True)
    assert opened.status_code == 200
    assert "By sex" in opened.content.decode()
    assert site.client("client").get(said["Location"]).status_code == 403


def test_a_workbook_holds_the_figures_of_the_table_as_numbers(analyst, site):
    rows, columns = first(site)
    asked = {"rows": rows, "columns": columns}
    made = json.loads(analyst.get(PAGE, asked | {"format": "json"}).content)
    said = analyst.get(PAGE, asked | {"format": "xlsx"})
    assert said["Content-Disposition"] == f'attachment; filename="tiny-2024-{rows}.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(said.content)).worksheets[0]
    lines = {row[0].value: [c.value for c in row[1:]] for row in sheet.iter_rows() if row[0].value}
    for line in made["lines"]:
        numbers = [v for v in lines[line["label"]["fr"]] if isinstance(v, int | float)]
        assert numbers == pytest.approx([c["value"] for c in line["cells"] if c["value"] is not None])
    assert lines["n, non pondéré"][0] == made["columns"][0]["n"]


def test_a_drawing_is_a_picture_that_stands_alone(analyst, site):
    asked = dict(zip(("rows", "columns"), first(site), strict=True))
    drawing = analyst.get(PAGE, asked | {"format": "svg"})
    assert drawing["Content-Type"] == "image/svg+xml"
    opening = re.match(
        r'<svg xmlns="http://www.w3.org/2000/svg" width="(\d+)" height="(\d+)"', drawing.content.decode()
    )
    assert b"var(--" not in drawing.content
    picture = Image.open(io.BytesIO(analyst.get(PAGE, asked | {"format": "png"}).content))
    assert picture.size == (2 * int(opening[1]), 2 * int(opening[2]))
    assert len(picture.convert("RGB").getcolors(1 << 20)) > 10  # there is something on it


def test_wherever_a_table_goes_it_says_whom_it_stands_on(analyst):
    asked = {"rows": "used", "columns": "sex", "where": "age == a1"}
    told = ("Base: all respondents.", "Filter: age == a1.", "Weighted.", "95%")

    def taken(form: str, **more: str) -> bytes:
        return analyst.get(PAGE, asked | more | {"format": form}, headers={"accept-language": "en"}).content

    page = re.sub(r"\s", " ", html.unescape(taken("").decode()))
    drawing = re.sub(r"\s", " ", html.unescape(re.sub("<style.*?</style>|<[^>]+>", " ", taken("svg").decode())))
    for line in told:
        assert line in page.partition("<table")[2].replace(" %", "%")
        assert line in drawing.replace(" %", "%")
    book = openpyxl.load_workbook(io.BytesIO(taken("xlsx"))).worksheets[0]
    cells = [str(cell.value) for row in book.iter_rows() for cell in row]
    assert {line for line in told if any(line in re.sub(r"\s", " ", c).replace(" %", "%") for c in cells)} == set(told)
    (line, *_) = csv.DictReader(io.StringIO(taken("csv").decode("utf-8-sig")))
    stands = {
        "wave": "2024",
        "base": "all respondents",
        "filter": "age == a1",
        "weighting": "weighted",
        "level": "0.95",
    }
    assert {name: line[name] for name in stands} == stands
    assert b"Filter:" not in taken("svg", where="")
    record = json.loads(taken("json", source="mystery", rows="outcome", columns="channel", where=""))
    (line, *_) = csv.DictReader(io.StringIO(taken("csv", source="mystery", rows="outcome", columns="channel", where="")
                                            .decode("utf-8-sig")))  # fmt: skip
    assert (line["base"], line["filter"], line["weighting"]) == ("all tests", record["filter"], "")


def test_a_table_without_drawing_has_no_picture(analyst, site):
    asked = {"rows": "contacted", "columns": first(site)[1]}  # a single line
    assert analyst.get(PAGE, asked | {"format": "svg"}).status_code == 404
    page = analyst.get(PAGE, asked).content.decode()
    assert "format=xlsx" in page
    assert "format=svg" not in page


def test_cells_are_no_formulas():
    assert safe("=1+1") == "'=1+1"
    assert safe("Women") == "Women"


def test_the_same_table_of_further_waves_stands_beneath(analyst, site):
    rows, columns = first(site)
    asked = {"rows": rows, "columns": columns}
    (wave,) = {r.wave for r in site.study.releases.all()}
    alone = analyst.get(PAGE, asked).content.decode()
    assert analyst.get(PAGE, asked | {"beside": [wave, "1999"]}).status_code == 404  # no such wave
    assert analyst.get(PAGE, asked | {"beside": wave}).content.decode().count("<table") == alone.count("<table")


@pytest.fixture(scope="session")
def made_reworded(tmp_path_factory):
    """The study with a wave before, where one question was worded otherwise, run once."""
    folder = tiny(tmp_path_factory.mktemp("reworded") / "tiny")
    before = '\nwaves:\n  - {id: "2023", mode: web, instrument: old.yaml, files: {survey: data/2024/survey.csv}}\n'
    edit(folder, "study.yaml", ("\nwaves:\n", before), ('{id: "2024",', '{id: "2024", people: fresh,'))
    words = "{fr: Conseillez-vous ce service ?, en: Do you recommend this service?}"
    (folder / "old.yaml").write_text(f"questions:\n  - {{id: advise, label: {words}}}\n", encoding="utf-8")
    (folder / "margins" / "2023.csv").write_bytes((folder / "margins" / "2024.csv").read_bytes())
    return folder, run.run(folder, formats=["html"])


@pytest.fixture
def reworded(site, made_reworded):
    """An analyst of that study, as the second version."""
    folder, published = made_reworded
    _, version = add_study(site.study.organisation, folder, site.people["analyst own"])
    keep(version, published)
    for wave in ("2023", "2024"):
        linked(folder / "out" / wave / "facts", HOME.out(site.study) / wave / "facts")
    return site.client("analyst")


def test_a_series_that_breaks_between_waves_beside_each_other_says_so_everywhere(reworded):
    said = "Not comparable with wave 2024: the question was reworded."

    def taken(rows: str, form: str = "", source: str = "survey", columns: str = "sex") -> bytes:
        asked = {"rows": rows, "columns": columns, "beside": "2023", "format": form, "source": source}
        return reworded.get(PAGE, asked, headers={"accept-language": "en"}).content

    for rows in ("advise", "recommend"):  # the question, and an indicator made of it
        page = taken(rows).decode()
        assert page.count("Wave 2023. " + said) == 1
        assert "the other files wave 2024 alone" in page
    assert "Not comparable" not in taken("age").decode()
    assert "Wave 2023" in taken("age").decode()

    book = openpyxl.load_workbook(io.BytesIO(taken("advise", "xlsx")))
    assert book.sheetnames == ["Wave 2024", "Wave 2023"]
    assert book["Wave 2023"]["A1"].value == "Do you recommend this service?"  # as this wave asked
    assert book["Wave 2024"]["A1"].value != book["Wave 2023"]["A1"].value
    texts = {s.title: [str(c.value) for row in s.iter_rows() for c in row] for s in book}
    assert f"Wave 2023. {said}" in texts["Wave 2023"]
    assert not any("Not comparable" in text for text in texts["Wave 2024"])
    lines = list(csv.DictReader(io.StringIO(taken("advise", "csv").decode("utf-8-sig"))))
    assert {(line["wave"], line["break"]) for line in lines} == {("2024", ""), ("2023", "the question was reworded")}


@pytest.mark.usefixtures("longer")
def test_only_waves_that_were_fielded_are_offered_and_what_is_wrong_in_another_is_told(site):
    analyst, asked = site.client("analyst"), {"rows": "used", "columns": "sex"}
    page = analyst.get(PAGE, asked).content.decode()
    assert "<table" in page
    assert 'name="beside"' not in page
    said = analyst.get(PAGE, asked | {"beside": "2019"}, headers={"accept-language": "en"})  # kept from before, perhaps
    assert said.status_code == 200
    assert "Wave 2019: " in said.content.decode()
    assert "<table" in said.content.decode()
    program = site.program("analyst")
    assert program.get("/api/v1/studies/own/tiny/waves/2019/table", asked).status_code == 404


def test_no_table_of_everything_is_computed(analyst, site, monkeypatch):
    monkeypatch.setattr("vigie.web.asking.tables", lambda *_, **__: pytest.fail("computed"))
    said = site.program("analyst").get("/api/v1/studies/own/tiny/waves/2024/table", {"rows": "all", "columns": "sex"})
    assert said.status_code == 400
    assert said.json()["problems"][0]["code"] == "unknown-name"
    assert analyst.get(PAGE, {"rows": "all", "columns": "sex"}).status_code == 400


def test_a_table_is_computed_once(analyst, site, monkeypatch):
    rows, columns = first(site)
    asked = {"rows": rows, "columns": columns, "where": "age == a1"}
    page = analyst.get(PAGE, asked).content
    monkeypatch.setattr("vigie.web.asking.tables", lambda *_, **__: pytest.fail("computed twice"))
    assert analyst.get(PAGE, asked).content.count(b"<td") == page.count(b"<td")
