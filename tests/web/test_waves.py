"""The waves of a study as its versions come and go: their order, which is the last made, and which readers see."""

from __future__ import annotations

import pytest

from small import edit
from vigie.store.home import linked
from vigie.web import library
from vigie.web.access import RIGHTS, Right, Visitor
from vigie.web.library import HOME
from vigie.web.running import keep
from vigie.web.urls import ROUTES
from web.test_rights import address

HERE = "/s/own/tiny/"


def shown(site, wave: str) -> None:
    """Show the last release of a wave to readers."""
    last = site.study.releases.filter(wave=wave).order_by("made").last()
    site.client("analyst").post(f"{HERE}-/publish", {"release": last.pk, "to": "readers"})


@pytest.mark.usefixtures("longer")
def test_waves_stand_in_the_order_of_the_study_whichever_version_readers_see(site):
    shown(site, "2019")
    place = Visitor(site.people["client own"]).at(site.study)
    assert [r.wave for r in place.waves] == ["2019", "2024"]
    assert place.waves[1].version.number == 1
    assert site.client("client").get(HERE)["Location"] == f"{HERE}2024/"


def test_what_a_version_that_was_taken_back_made_is_the_last_made(site, made, longer):
    analyst = site.client("analyst")
    first, undone = site.study.releases.filter(wave="2024").order_by("made")
    assert longer == undone.version
    analyst.post(f"{HERE}-/versions/1")
    keep(site.study.version, made[1])
    last = Visitor(site.people["analyst own"]).at(site.study).wave("2024")
    assert (last.pk, last.version.number) == (first.pk, 3)
    token = {"headers": {"Authorization": f"Bearer {site.token('analyst')}"}, "content_type": "application/json"}
    said = analyst.put("/api/v1/studies/own/tiny/waves/2024/publication", {"audience": "readers"}, **token)
    assert said.json()["release"] == first.key


@pytest.mark.usefixtures("longer")
def test_the_workshop_tells_what_readers_see_beside_what_was_made_last_and_takes_it_back(site):
    analyst, english = site.client("analyst"), {"headers": {"accept-language": "en"}}
    page = analyst.get(f"{HERE}-/", **english).content.decode()
    line = page.partition('2024/">2024</a>')[2].partition("</tr>")[0]
    assert "readers <small>(version 1, " in line
    assert ">Publish<" in line
    assert ">Withdraw<" in line
    assert "Not shown to readers: 2019." in analyst.get("/", **english).content.decode()
    last = site.study.releases.filter(wave="2024").order_by("made").last()
    analyst.post(f"{HERE}-/publish", {"release": last.pk, "to": ""})
    page = analyst.get(f"{HERE}-/", **english).content.decode()
    assert ">Withdraw<" not in page
    assert "Not shown to readers: 2019 and 2024." in analyst.get("/", **english).content.decode()
    assert site.client("client").get(f"{HERE}2024/").status_code == 404


def test_a_wave_is_called_printed_where_it_is_known_to_be(site, longer):
    analyst, english = site.client("analyst"), {"headers": {"accept-language": "en"}}
    assert analyst.get(f"{HERE}-/", **english).content.decode().count("printed figures") == 1
    edit(HOME.version(longer), "study.yaml", ('  - {id: "2019", mode: web, published: old.csv}\n', ""))
    library.forget()
    assert "printed figures" not in analyst.get(f"{HERE}-/", **english).content.decode()


@pytest.fixture
def unreadable(site, made):
    """A key in the study of the published version that this software does not know, as one before it may have done."""
    linked(made[0] / "out" / "2024" / "facts", HOME.out(site.study) / "2024" / "facts")
    path = HOME.version(site.study.version) / "study.yaml"
    text = path.read_text(encoding="utf-8")
    path.unlink()  # the file may be another version's too
    path.write_text(f"{text}unheard: of\n", encoding="utf-8")
    library.forget()


@pytest.mark.parametrize("role", ["client", "brand", "coder", "analyst", "administrator"])
@pytest.mark.usefixtures("unreadable")
def test_a_version_that_this_software_cannot_read_is_read_as_it_was_published(site, role):
    client = site.client(role)
    for route in (r for r in ROUTES if r.of_study and "GET" in r.methods):
        said = client.get(address(route), {"rows": "used", "columns": "sex"})
        said.close()
        assert said.status_code != 500
    for page, right in (("", Right.READ), ("method/", Right.METHOD), ("verbatims/", Right.QUOTE)):
        assert client.get(f"{HERE}2024/{page}").status_code == (200 if right in RIGHTS[role] else 403)


@pytest.mark.usefixtures("unreadable")
def test_what_is_wrong_with_it_is_told_where_it_stands_in_the_way(site):
    said = site.client("analyst").get(f"{HERE}2024/explore/")
    assert said.status_code == 400
    assert "unheard" in said.content.decode()
    form = {"do": "invite", "email": "a@b.example", "role": "brand", "brand": "ondine", "studies": site.study.pk}
    said = site.client("administrator").post("/o/own/people", form, headers={"accept-language": "en"})
    assert said.status_code == 400
    assert "The brands of tiny cannot be told" in said.content.decode()
    program = site.program("analyst")
    told = program.get("/api/v1/studies/own/tiny/waves/2024/table?rows=used&columns=sex")
    assert told.status_code == 400
    assert "unheard" in told.content.decode()
    assert program.get("/api/v1/studies/own/tiny/waves/2024/verbatims").status_code == 409
