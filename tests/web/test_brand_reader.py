"""A brand's reader on the site: their own brand, and of the others nothing, on any page and by any address."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import pytest
from django.utils import timezone

from small import edit, tiny
from vigie import run
from vigie.results.decoding import from_json
from vigie.store.models import Grant, Release
from vigie.web import library
from vigie.web.library import HOME
from vigie.web.running import keep
from vigie.web.studies_in import add_study
from vigie.web.urls import ROUTES
from web.test_rights import address

OVER_BRANDS = """
  - {id: provider, kind: single, label: Votre fournisseur, options: brands}
  - {id: owned, kind: multiple, label: Vos contrats, options: brands, none: Aucun}
  - {id: known, kind: single, label: Le plus connu, options: {1: Cabestan, 2: Ondine, 3: Misaine, 9: Un autre}}
  - {id: area, kind: single, label: Votre secteur, options: sectors}
"""
RIVALS = ("Cabestan", "Misaine")


@pytest.fixture
def rivals(site):
    """The study's release with a rule that publishes no names, and a reader of its first brand."""
    release = Release.objects.get(study=site.study)
    path = HOME.release(release) / "results.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["disclose"]["names"] = "none"
    path.unlink()  # the file may be another release's too
    path.write_text(json.dumps(told), encoding="utf-8")
    library.forget()
    brands = sorted({e["segment"]["brand"] for e in told["estimates"] if "brand" in e["segment"]})
    own = brands[0]
    Grant.objects.filter(membership__person=site.people["brand own"]).update(brand=own)
    yield own, {b: told["labels"][f"brand:{b}"]["fr"] for b in brands[1:]}
    library.forget()


def test_no_page_names_a_rival(site, rivals):
    own, names = rivals
    assert names
    client, open_ = site.client("brand"), 0
    for route in (r for r in ROUTES if r.of_study and "GET" in r.methods):
        for brand in (own, *names):
            said = client.get(address(route, brand=brand))
            said.close()
            if said.status_code == 200:
                open_ += 1
                text = said.content.decode()
                assert not [name for name in names.values() if name in text], route.name
    assert open_ > 3


def test_a_rival_s_page_does_not_exist_and_the_own_one_does(site, rivals):
    own, names = rivals
    client = site.client("brand")
    assert client.get(f"/s/own/tiny/2024/brands/{own}").status_code == 200
    for brand in names:
        assert client.get(f"/s/own/tiny/2024/brands/{brand}").status_code == 404
        assert site.client("client").get(f"/s/own/tiny/2024/brands/{brand}").status_code == 200


def test_what_a_client_saw_is_not_shown_to_a_brand_from_memory(site, rivals):
    _, names = rivals
    for page in ("league/", "brands/", ""):
        assert site.client("client").get(f"/s/own/tiny/2024/{page}").status_code == 200
        text = site.client("brand").get(f"/s/own/tiny/2024/{page}").content.decode()
        assert not [name for name in names.values() if name in text]


def test_files_tables_and_kept_tables_are_closed(site, rivals):
    assert rivals
    client = site.client("brand")
    for page in ("files/results.json", "files/report.fr.html", "explore/", "explore/x"):
        assert client.get(f"/s/own/tiny/2024/{page}").status_code == 403


def test_a_reader_who_was_granted_no_brand_sees_no_brand(site, rivals):
    own, names = rivals
    Grant.objects.filter(membership__person=site.people["brand own"]).update(brand="")
    client = site.client("brand")
    for brand in (own, *names):
        assert client.get(f"/s/own/tiny/2024/brands/{brand}").status_code == 404


@pytest.fixture(scope="module")
def asked_of_brands(tmp_path_factory):
    """The smallest study with brands and sectors in its questions, whose answers break its tables and weigh them."""
    folder = tiny(tmp_path_factory.mktemp("brands") / "study")
    edit(
        folder, "study.yaml", ("study: tiny", "study: brands"), ("\nindicators:", f"{OVER_BRANDS}\nindicators:"),
        ("banner: [sex, age]", "banner: [sex, age, provider, owned, known, area]"),
        ("\nweighting:", "\ndisclose: {names: none, brands: 2}\nweighting:"),
    )  # fmt: skip
    margins = "age,a2,0.70\n", "age,a2,0.70\nprovider,ondine,0.3\nprovider,cabestan,0.4\nprovider,misaine,0.3\n"
    edit(folder, "margins/2024.csv", margins)
    path, brands = folder / "data/2024/survey.csv", ("ondine", "cabestan", "misaine")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    for k, row in enumerate(rows):
        row |= {"provider": brands[k % 3], "known": k % 3 + 1, "area": "energy", "owned.none": int(k % 4 == 3)}
        row |= {f"owned.{b}": int(k % 4 == j) for j, b in enumerate(brands)}
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder, run.run(folder, formats=["html"])


@pytest.fixture
def over_brands(site, asked_of_brands):
    """That study on the site, shown to everybody, and granted to the reader of Ondine."""
    folder, published = asked_of_brands
    study, version = add_study(site.study.organisation, folder, None)
    keep(version, published)
    study.releases.update(published=timezone.now(), audience="public")
    Grant.objects.create(membership=site.people["brand own"].memberships.get(), study=study, brand="ondine")
    return study


def pages(client, study):
    """What somebody reads of a wave: every page that its bar leads to."""
    first = client.get(f"/s/own/{study.slug}/2024/").content.decode()
    bar = dict.fromkeys(re.findall(rf'href="(/s/own/{study.slug}/2024/\w*/?)"', first))
    assert len(bar) > 2
    return {page: client.get(page).content.decode() for page in bar}


@pytest.mark.parametrize("role", [None, "brand", "tester"])
def test_a_question_that_lists_brands_tells_nothing_of_rivals(site, over_brands, role):
    for page, text in pages(site.client(role), over_brands).items():
        assert not [name for name in RIVALS if name in text], page
    tables = pages(site.client("administrator"), over_brands)[f"/s/own/{over_brands.slug}/2024/tables/"]
    assert all(name in tables for name in RIVALS)  # there is something to hide


def test_the_own_brand_s_answers_are_told_beside_enough_others(site, over_brands):
    tables = f"/s/own/{over_brands.slug}/2024/tables/"
    assert "Ondine" in site.client("brand").get(tables).content.decode()
    assert "Ondine" not in site.client(None).get(tables).content.decode()
    path = HOME.release(over_brands.releases.get()) / "results.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["disclose"]["brands"] = 3  # but there are two: with the whole and their own, a reader would know the others'
    path.unlink()
    path.write_text(json.dumps(told), encoding="utf-8")
    library.forget()
    assert "Ondine" not in site.client("brand").get(tables).content.decode()


def test_the_api_tells_no_more_than_the_pages(site, over_brands):
    root = f"/api/v1/studies/own/{over_brands.slug}/waves/2024"
    for part in ("", "/rankings", "/scores", "/tables", "/tables?page=overview", "/estimates?limit=1000"):
        said = site.program("brand").get(root + part)
        assert said.status_code == 200, part
        text = said.content.decode()
        assert not [name for name in (*RIVALS, *map(str.lower, RIVALS)) if name in text], part
    segments = [e["segment"] for e in site.program("brand").get(f"{root}/estimates?limit=1000").json()["items"]]
    assert {s["provider"] for s in segments if "provider" in s} == {"ondine"}
    assert not [s for s in segments if "area" in s]


def test_of_two_brands_of_one_name_the_code_tells_which_is_meant(over_brands):
    from vigie.report.listing import listing

    whole = from_json((HOME.release(over_brands.releases.get()) / "results.json").read_bytes())
    found = listing(whole)
    assert set(found.brands) == {"brand", "provider", "owned", "known"}
    assert found.sectors == {"sector", "area"}
    assert found.brands["known"] == {"1": "cabestan", "2": "ondine", "3": "misaine"}
    alike = {"brand:misaine", "provider:misaine", "owned:misaine"}
    labels = {k: whole.labels["brand:ondine"] if k in alike else t for k, t in whole.labels.items()}
    told = listing(replace(whole, labels=labels)).brands["provider"]
    assert told == {b: b for b in ("ondine", "cabestan", "misaine")}


def test_what_is_left_of_a_wave_names_no_rival_anywhere(over_brands):
    from vigie.report.reduced import reduced
    from vigie.results.encoding import to_json

    whole = from_json((HOME.release(over_brands.releases.get()) / "results.json").read_bytes())
    assert {m.variable for m in whole.weighting.margins} == {"sex", "age", "provider"}
    seen = reduced(whole, ["ondine"])
    assert {m.variable for m in seen.weighting.margins} == {"sex", "age"}
    assert not [e for e in seen.estimates if e.letters and e.at("provider")]
    text = to_json(seen)
    assert not [name for name in (*RIVALS, *map(str.lower, RIVALS)) if name in text]
