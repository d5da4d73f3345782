"""Every link of every page leads to a page, whoever one is; and members see what strangers see."""

from __future__ import annotations

import html
import re
from collections import deque
from urllib.parse import urljoin

import pytest
from django.utils import timezone

from vigie.store.models import Release
from vigie.store.organisations import Role

LEFT = ("/static/", "/accounts/", "/account", "mailto:", "http:", "https:")  # sign-in and accounts have tests of theirs
TAKERS = (Role.ADMINISTRATOR, Role.ANALYST, Role.CLIENT)  # who may take files away


def links(text: str, page: str) -> set[str]:
    """The addresses on a page, without the place on it."""
    found = {html.unescape(a).partition("#")[0] for a in re.findall(r'href="([^"]*)"', text)}
    return {urljoin(page, a) for a in found if a and not a.startswith(LEFT)}


def walked(client) -> dict[str, str]:
    """Every page that somebody gets to from the first one, each with where its link stands."""
    found, waiting = {"/": "the address bar"}, deque(["/"])
    while waiting:
        page = waiting.popleft()
        said = client.get(page, follow=True)
        said.close()
        assert said.status_code == 200, (page, "on", found[page], said.status_code)
        if said.streaming or not said["Content-Type"].startswith("text/html"):  # a file to take away
            continue
        landed = said.redirect_chain[-1][0] if said.redirect_chain else page
        for link in sorted(links(said.content.decode(), landed) - set(found)):
            found[link] = page
            waiting.append(link)
    return found


@pytest.mark.parametrize(
    ("role", "public"), [*((r, False) for r in Role), *((r, True) for r in (None, Role.CONTROLLER, Role.TESTER))]
)
@pytest.mark.usefixtures("longer")
def test_every_link_leads_to_a_page(site, role, public):
    Release.objects.filter(wave="2019").update(published=timezone.now())
    if public:
        site.study.releases.filter(published__isnull=False).update(audience="public")
    pages = walked(site.client(role))
    assert len(pages) > (0 if role == Role.TESTER and not public else 2)
    files = {f"/s/own/tiny/2024/files/{name}" for name in ("report.fr.html", "results.json")}
    assert set(pages) & files == (files if role in TAKERS else set())
    if role in (Role.ADMINISTRATOR, Role.ANALYST):
        assert {"/s/own/tiny/2019/", "/s/own/tiny/2024/explore/", "/s/own/tiny/-/"} <= set(pages)
        assert "/s/own/tiny/2019/explore/" not in pages


def test_the_pages_of_a_wave_are_told_apart_by_their_titles(site):
    client, titles = site.client("analyst"), {}
    pages = ("", "channels/", "channels/phone", "league/", "league/standings", "league/compare?brand=ondine",
             "brands/", "brands/ondine", "verbatims/", "tables/", "explore/", "method/",
             "figures/?of=survey.usage")  # fmt: skip
    for page in pages:
        said = client.get(f"/s/own/tiny/2024/{page}")
        if said.status_code == 200:
            text = said.content.decode()
            heading = re.sub("<[^>]+>", "", re.search("<h[12][^>]*>(.*?)</h[12]>", text)[1])
            titles[page] = re.search("<title>(.*?)</title>", text)[1]
            assert html.unescape(titles[page]) == html.unescape(f"{heading} – Petit observatoire, 2024 – Vigie"), page
    assert {"", "channels/phone", "league/", "brands/ondine", "explore/", "method/"} <= set(titles)
    alike = {one for one in titles if list(titles.values()).count(titles[one]) > 1}
    assert not alike, alike


@pytest.mark.parametrize("role", [Role.CODER, Role.CONTROLLER, Role.TESTER, Role.BRAND])
def test_members_see_what_is_shown_to_everybody(site, role):
    stranger = site.client(None)
    Release.objects.filter(study=site.study).update(audience="public")
    assert "method/" in stranger.get("/s/own/tiny/2024/").content.decode()
    client = site.client(role)
    for page in ("", "league/", "tables/", "method/", "figures/"):
        assert client.get(f"/s/own/tiny/2024/{page}", follow=True).status_code == 200, page
    assert client.get("/s/own/tiny/", follow=True).status_code == 200


@pytest.mark.parametrize("role", [Role.CODER, Role.CONTROLLER, Role.TESTER])
def test_they_see_it_as_everybody_does_and_of_other_waves_nothing_more(site, longer, role):
    Release.objects.filter(study=site.study, wave="2024").update(audience="public")
    Release.objects.filter(version=longer).update(published=timezone.now(), audience="readers")
    site.study.releases.filter(version=longer, wave="2024").delete()
    client = site.client(role)
    for page in ("", "league/", "tables/"):
        mine, theirs = (c.get(f"/s/own/tiny/2024/{page}").content.decode() for c in (client, site.client(None)))
        assert mine.partition("<main")[2] == theirs.partition("<main")[2]
    assert client.get("/s/own/tiny/2019/").status_code == 403
    assert client.get("/s/own/tiny/2024/brands/ondine").status_code == 404  # no place of a brand is told to everybody
    assert client.get("/s/own/tiny/2024/files/results.json").status_code == 403
