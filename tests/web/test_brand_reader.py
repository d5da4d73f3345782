"""A brand's reader on the site: their own brand, and of the others nothing, on any page and by any address."""

from __future__ import annotations

import json

import pytest

from vigie.store.models import Grant, Release
from vigie.web import library
from vigie.web.library import HOME
from vigie.web.urls import ROUTES
from web.test_rights import address


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
