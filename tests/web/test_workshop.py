"""A study at a glance, its versions beside each other, one taken back; and a new study from a template."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from small import edit, tiny
from vigie import run
from vigie.results.decoding import from_json
from vigie.store.models import Release, Study
from vigie.templates.writing import TEMPLATES
from vigie.web.library import HOME
from vigie.web.studies_in import add_study

HERE = "/s/own/tiny/-/"


@pytest.fixture
def changed(site, tmp_path):
    """A second version of the study: a question reworded, an indicator defined otherwise, data added to."""
    folder = edit(tiny(tmp_path / "tiny"), "study.yaml", ("Êtes-vous satisfait de", "Que pensez-vous de"),
                  ("nps: advise, base: any(used)", "nps: advise, base: everyone"))  # fmt: skip
    with (folder / "data" / "2024" / "survey.csv").open("a", encoding="utf-8") as file:
        file.write("secret-person,f,a1\n")
    return add_study(site.study.organisation, folder, site.people["analyst own"])[1]


def test_the_workshop_shows_waves_files_and_versions(site, changed):
    page = site.client("analyst").get(HERE).content.decode()
    assert 'href="/s/own/tiny/2024/"' in page
    assert 'href="/s/own/tiny/-/files/margins/2024.csv"' in page
    assert 'href="/s/own/tiny/-/files/data/2024/survey.csv"' not in page
    assert "study.yaml (+2 −2), data/2024/survey.csv" in page
    assert "analyst own" in page
    assert changed.number == 2


def test_a_wave_is_published_and_withdrawn_from_the_workshop(site):
    client, release = site.client("analyst"), site.study.releases.get()
    for to, shown in (("", False), ("readers", True), ("public", True)):
        assert client.post(HERE + "publish", {"release": release.pk, "to": to})["Location"] == HERE
        release.refresh_from_db()
        assert release.shown is shown
    assert release.audience == "public"


def test_a_study_that_no_run_has_finished_says_so(site):
    Release.objects.all().delete()
    page = site.client("analyst").get(HERE, headers={"accept-language": "en"}).content.decode()
    assert "not computed yet" in page
    assert "The study has not been run yet." in page


@pytest.mark.usefixtures("changed")
def test_two_versions_beside_each_other_say_what_breaks_and_which_lines_differ(site):
    page = site.client("analyst").get(HERE + "versions/2", headers={"accept-language": "en"}).content.decode()
    assert "“satisfaction” was reworded." in page
    assert "“Recommendation (NPS)” is measured otherwise." in page
    assert 'class="break"' in page
    assert "<del>" in page
    assert "Que pensez-vous de" in page
    assert "secret-person" not in page  # what people answered is nobody's to read here
    back = site.client("analyst").get(HERE + "versions/1", {"against": "2"}).content.decode()
    assert "Êtes-vous satisfait de" in back


def test_the_first_version_has_none_before_it(site):
    assert site.client("analyst").get(HERE + "versions/1").status_code == 200
    for address in ("versions/7", "versions/1?against=9", "versions/1?against=x", "versions/99999999999999999999"):
        assert site.client("analyst").get(HERE + address).status_code == 404


@pytest.mark.usefixtures("changed")
def test_a_version_is_taken_back_as_a_new_one(site):
    client = site.client("analyst")
    assert client.post(HERE + "versions/1")["Location"] == HERE
    version = site.study.version
    assert version.number == 3
    assert version.digest == site.study.versions.get(number=1).digest
    assert "Êtes-vous satisfait de" in (HOME.version(version) / "study.yaml").read_text(encoding="utf-8")
    client.post(HERE + "versions/1")
    assert site.study.version.number == 3  # it is the last already


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_study_begins_from_a_template_and_opens_in_the_editor(site, template):
    form = {"template": template, "name": "my_study", "title": 'Nos "clients" : été', "language": "fr"}
    said = site.client("analyst").post("/o/own/begin", form)
    assert said["Location"] == "/s/own/my_study/-/files/study.yaml"
    study = Study.objects.get(slug="my_study")
    assert study.title["fr"] == 'Nos "clients" : été'
    text = (HOME.version(study.version) / "study.yaml").read_text(encoding="utf-8")
    assert "study: my_study\n" in text
    assert "reports: [fr]\n" in text
    assert site.client("analyst").get(said["Location"]).status_code == 200


ANSWERS = "id;sex;reco;name\n" + "".join(f"{i};{'fm'[i % 2]};{i % 11};Person {i}\n" for i in range(1, 61))


def from_table(client, text: str, called: str = "answers.csv", **more: str):
    file = SimpleUploadedFile(called, text.encode())
    form = {"template": "table", "name": "mine", "language": "en", "wave": "2025", "title": "Mine", "file": file}
    return client.post("/o/own/begin", form | more)


def test_a_study_is_proposed_from_a_file_of_answers_and_can_be_run_at_once(site):
    said = from_table(site.client("analyst"), ANSWERS)
    assert said["Location"] == "/s/own/mine/-/files/study.yaml"
    study = Study.objects.get(slug="mine")
    (published,) = run.run(HOME.version(study.version), out=HOME.out(study), formats=["html"])
    results = from_json((published.folder / "results.json").read_bytes())
    assert {e.indicator for e in results.estimates} == {"sex_share", "reco_nps"}  # nobody's name
    assert not published.excluded_cells


@pytest.mark.parametrize(
    ("text", "name", "more"),
    [("sex\nf\nf\n", "a.csv", {}), (ANSWERS, "a.pdf", {}), (ANSWERS, "a.csv", {"wave": "../.."}),
     (ANSWERS, "a.csv", {"name": "tiny"}), ("", "a.csv", {}), ("PK no workbook", "a.xlsx", {})],
)  # fmt: skip
def test_what_is_no_file_of_answers_is_told_and_nothing_is_kept(site, text, name, more):
    said = from_table(site.client("analyst"), text, name, **more)
    assert said.status_code == 400
    assert 'class="problems"' in said.content.decode()
    assert Study.objects.filter(organisation__slug="own").count() == 1
    assert not list((HOME.path / "work").iterdir())


@pytest.mark.parametrize(
    "form",
    [{}, {"template": "survey"}, {"template": "nothing", "name": "a"}, {"template": "survey", "name": "A b"},
     {"template": "survey", "name": "tiny"}, {"template": "survey", "name": "not"},
     {"template": "survey", "name": "a", "title": "x" * 121}],
)  # fmt: skip
def test_a_beginning_that_cannot_be_is_told_and_nothing_is_kept(site, form):
    said = site.client("analyst").post("/o/own/begin", form)
    assert said.status_code == 400
    assert 'class="problems"' in said.content.decode()
    assert Study.objects.filter(organisation__slug="own").count() == 1
