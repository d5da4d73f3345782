"""Every page answers in one click where its figures come from; a reader's answer holds nothing but what is theirs."""

from __future__ import annotations

import html
import re

import pytest

from web.test_rights import library_results

WAVE = "/s/own/tiny/2024/"
LINK = re.compile(r'href="(/s/own/tiny/2024/figures/\?[^"]+)"')


@pytest.mark.parametrize("page", ["", "channels/", "channels/phone", "tables/", "league/", "brands/ondine"])
def test_one_click_leads_from_figures_to_how_they_are_made(site, page):
    client = site.client("client")
    body = client.get(WAVE + page).content.decode()
    links = [html.unescape(link) for link in LINK.findall(body)]
    assert links
    shown = {(e.source, e.indicator): e for e in library_results(site).estimates}
    for link in dict.fromkeys(links):
        told = html.unescape(client.get(link).content.decode())
        for source, indicator in re.findall(r"of=(\w+)\.(\w+)", link):
            lineage = shown[source, indicator].lineage
            assert all(digest[:16] in told for digest in lineage.inputs)
            assert lineage.base == "everyone" or lineage.base in told or source == "mystery"


def test_indicators_that_are_not_there_lead_to_the_method(site):
    said = site.client("client").get(WAVE + "figures/", {"of": ["survey.nothing", "'"]})
    assert said.status_code == 302
    assert said["Location"] == WAVE + "method/#lineage"


def test_a_brand_s_reader_finds_no_figure_of_another_there(site):
    results = library_results(site)
    scored = [e for e in results.estimates if e.source == "mystery" and e.at("brand") not in (None, "ondine")]
    assert scored
    body = site.client("brand").get(WAVE + "figures/", {"of": "mystery.mystery_score"}).content.decode()
    labels = {results.labels[f"brand:{e.at('brand')}"]["fr"] for e in scored}
    table = body.split("<tbody>")[-1]
    assert not [label for label in labels if label in table]
