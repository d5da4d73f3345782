"""What every page keeps to: the policy of its headers, no script or style in it, and no form from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from vigie.web.access import Right
from vigie.web.routes import Route
from vigie.web.urls import ROUTES
from web.test_rights import address

SIGN_IN = ["account_login", "account_reset_password", "account_change_password", "mfa_index", "usersessions_list"]
PAGES = [r for r in ROUTES if "GET" in r.methods and r.name not in ("file", "demonstration", "health")]


class Inline(HTMLParser):
    """What a strict policy forbids in a page, or what it would load from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        loads = [given.get("src"), given.get("action"), given.get("href") if tag == "link" else None]
        self.found += [f"{tag} {url}" for url in loads if url and re.match(r"(https?:)?//|javascript:", url)]


def checked(said) -> None:
    policy = dict(part.split(" ", 1) for part in said["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in said["Content-Security-Policy"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["X-Frame-Options"] == "DENY"
    assert said["Referrer-Policy"] == "same-origin"
    assert "private" in said["Cache-Control"]
    if said["Content-Type"].startswith("text/html") and not said.streaming:
        assert Inline(said.content.decode()).found == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_keeps_to_the_policy(site, language):
    client = site.client("administrator")
    for route in PAGES:
        checked(client.get(address(route), headers={"Accept-Language": language}))
    for name in SIGN_IN:
        checked(client.get(reverse(name)))
        checked(Client().get(reverse(name)))
    checked(Client().get("/s/own/tiny/nowhere/nothing"))
    checked(Client().get("/"))


CHANGING = [r for r in ROUTES if "POST" in r.methods]


@pytest.mark.parametrize("route", CHANGING, ids=lambda r: r.name)
def test_a_form_from_elsewhere_is_refused(site, route: Route):
    client = Client(enforce_csrf_checks=True)
    if route.right != Right.ANYBODY:
        client.force_login(site.people["administrator own"])
    said = client.post(address(route), {"name": "x", "do": "remove", "to": "public"})
    assert said.status_code == 403
    checked(said)


@pytest.mark.parametrize("route", [r for r in ROUTES if "POST" not in r.methods], ids=lambda r: r.name)
def test_what_only_shows_takes_no_form(site, route: Route):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(site.client("administrator"), method)(address(route)).status_code == 405


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(site):
    person = site.people["client own"]
    person.set_password("a long sentence 42")
    person.save()
    client = Client()
    client.get("/accounts/login/")
    client.post("/language", {"language": "en"})
    said = client.post("/accounts/login/", {"login": person.email, "password": "a long sentence 42"})
    assert said.status_code == 302
    assert {"vigie", "csrftoken", "vigie_language"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in ("Lax", "Strict"), cookie.key


def test_signing_out_ends_the_session_and_signing_in_makes_a_new_one(site):
    client = site.client("client")
    first = client.cookies["vigie"].value
    client.post("/accounts/logout/")
    assert client.get("/s/own/tiny/2024/").status_code == 302
    client.cookies["vigie"] = first
    assert client.get("/s/own/tiny/2024/").status_code == 302
    client.force_login(site.people["client own"])
    assert client.cookies["vigie"].value != first


ELSEWHERE = ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\x.example"]


@pytest.mark.parametrize("back", ELSEWHERE)
def test_nobody_is_led_elsewhere(site, back):
    assert site
    assert Client().post("/language", {"language": "en", "next": back})["Location"] == "/"
    person = site.people["client own"]
    person.set_password("a long sentence 42")
    person.save()
    form = {"login": person.email, "password": "a long sentence 42", "next": back}
    assert Client().post("/accounts/login/", form)["Location"] == "/"
