"""What people call their brands, and what no keyboard sends: every page answers, in a sentence where it cannot."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, unquote

import pytest
from django.utils import timezone

from small import tiny
from vigie import run
from vigie.store.models import Grant, Release
from vigie.web.running import keep
from vigie.web.studies_in import add_version
from vigie.web.urls import ROUTES
from web.test_rights import address

NAME = "Ondine S.A. / Nord ?#&é"
WAVE = "/s/own/tiny/2024/"
NUL = "a\0b"


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """The study whose brands have ids as they stand in many files: names with spaces, dots, slashes, accents."""
    folder = tiny(tmp_path_factory.mktemp("renamed") / "tiny")
    for name in ("brands.csv", "data/2024/tests.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(re.sub(r"\bondine,", f'"{NAME}",', text), encoding="utf-8")
    return folder, run.run(folder, formats=["html"])


def test_a_brand_may_be_called_as_it_is(site, renamed):
    folder, published = renamed
    keep(add_version(site.study, folder, None), published)
    Release.objects.filter(study=site.study).update(published=timezone.now())
    Grant.objects.filter(brand="ondine", study=site.study).update(brand=NAME)
    for role in ("analyst", "client", "brand"):
        client = site.client(role)
        for part in ("", "league/", f"league/compare?brand={quote(NAME)}", "method/", "tables/"):
            assert client.get(WAVE + part).status_code == 200, part
        listed = client.get(f"{WAVE}brands/").content.decode()
        links = {unquote(html.unescape(link)) for link in re.findall(r'href="(/s/[^"]*brands/[^"]+)"', listed)}
        assert f"{WAVE}brands/{NAME}" in links
        for link in links:
            assert client.get(quote(link)).status_code == 200


def test_a_nul_is_refused_wherever_it_stands(site):
    client = site.client("administrator")
    for route in ROUTES:
        for name in set(re.findall(r"<(?:str|path):(\w+)>", route.pattern)):
            assert client.get(address(route, **{name: NUL})).status_code == 400, (route.name, name)
        if "GET" in route.methods:
            assert client.get(address(route), {"words": NUL}).status_code == 400, route.name
            assert client.get(address(route), {NUL: "words"}).status_code == 400, route.name
        if "POST" in route.methods:
            assert client.post(address(route), {"name": NUL}).status_code == 400, route.name
            assert client.post(address(route), {NUL: "name"}).status_code == 400, route.name


def test_the_api_refuses_it_too(site):
    program = site.program("administrator")
    base = "/api/v1/studies/own/tiny/waves/2024/"
    for asked in (f"verbatims?words={quote(NUL)}", f"estimates?indicator={quote(NUL)}", f"files/{quote(NUL)}"):
        said = program.get(base + asked)
        assert said.status_code == 400
        assert said.json()["problems"][0]["code"] == "parameter"
    for release in ('"\\ud800"', '"a\\u0000b"', '"../x"'):
        said = program.put(base + "publication", f'{{"release": {release}}}', content_type="application/json")
        assert said.status_code == 400
