"""Somebody new opens the demonstration: which brand is first in energy, and is it certain? In less than a minute.

With VIGIE_FILM=<folder>, each step is kept there as a picture.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from vigie.results.decoding import from_json
from vigie.web import frame
from vigie.web.library import HOME
from vigie.web.pages import account
from vigie.web.settings import SITE
from web.browsing import tab

pytestmark = pytest.mark.xdist_group("browser")
WORDS = {
    "fr": {"league": "Classement", "energy": "Énergie", "first": "Certain", "tied": "Incertain", "none": "Aucune"},
    "en": {"league": "Ranking", "energy": "Energy", "first": "Certain", "tied": "Not certain", "none": "No"},
}  # fmt: skip
MINUTE = 60  # seconds


@pytest.fixture
def open_to_all(monkeypatch):
    """The site as `vigie demo` serves it."""
    for module in (account, frame):
        monkeypatch.setattr(module, "SITE", replace(SITE, demo=True))


def film(page, name: str) -> None:
    if folder := os.environ.get("VIGIE_FILM"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def league_of_energy(study):
    """What was computed."""
    release = study.releases.get()
    results = from_json((HOME.release(release) / "results.json").read_bytes())
    league = next(one for one in results.leagues if one.family == "sector:energy" and one.source == "mystery")
    return league, results.labels


@pytest.mark.usefixtures("open_to_all")
def test_who_is_first_in_energy_and_is_it_certain(browser, live_server, demonstration):
    for language in WORDS:
        asked(tab(browser, live_server.url, None, language), language, *league_of_energy(demonstration))


def asked(opened, language, league, labels):
    """The way from the first page to the answer, which is what was computed."""
    said = WORDS[language]
    page, began = opened.page, time.monotonic()
    assert opened.open("/demonstration") == 200
    film(page, f"{language}-1-home")
    page.locator("main .button").first.click()
    film(page, f"{language}-2-overview")
    page.get_by_role("link", name=said["league"], exact=True).click()
    film(page, f"{language}-3-ranking")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=said["energy"], exact=True))
    answer = row.get_by_role("cell").first.inner_text()
    film(page, f"{language}-4-answer")
    row.get_by_role("link", name=said["energy"], exact=True).click()
    film(page, f"{language}-5-league")
    assert time.monotonic() - began < MINUTE
    assert answer.startswith(said[league.verdict])
    named = league.winners[:3] or [league.entries[0].brand]
    assert all(labels[f"brand:{brand}"][language] in answer for brand in named)
    assert opened.complaints == []
    page.context.close()
