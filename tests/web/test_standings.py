"""All brands on a line each: found, sorted, compared; and what may not be named is not there."""

from __future__ import annotations

import json
import re

import pytest

from vigie.web import library
from vigie.web.library import HOME

PAGE = "/s/own/tiny/2024/league/"


def listed(page) -> list[str]:
    return re.findall(r'name="brand" value="([^"]+)"', page.content.decode())


@pytest.fixture
def league(site):
    from web.test_rights import library_results

    (sector,) = (one for one in library_results(site).leagues if one.of == "brand" and one.family != "all")
    return sector


def test_every_ranked_brand_has_a_line(site, league):
    page = site.client("client").get(PAGE + "standings")
    assert sorted(listed(page)) == sorted(e.brand for e in league.entries)


def test_brands_are_found_whatever_the_accents_and_capitals(site, league):
    one = league.entries[0].brand
    name = re.search(rf'value="{one}"[^>]*aria-label="\S+ ([^"]+)"', site.client("client").get(PAGE + "standings")
                     .content.decode())[1]  # fmt: skip
    client = site.client("client")
    assert listed(client.get(PAGE + "standings", {"find": name.upper()})) == [one]
    assert sorted(listed(client.get(PAGE + "standings", {"find": "energie"}))) == sorted(
        e.brand for e in league.entries
    )
    assert listed(client.get(PAGE + "standings", {"find": "no such brand"})) == []


def test_lines_stand_in_the_order_asked_for(site, league):
    client = site.client("client")
    by_score = [e.brand for e in sorted(league.entries, key=lambda e: -e.score)]
    assert listed(client.get(PAGE + "standings", {"sort": "score"})) == by_score
    by_tests = [e.n for e in league.entries]
    found = listed(client.get(PAGE + "standings", {"sort": "n"}))
    counts = {e.brand: e.n for e in league.entries}
    assert [counts[b] for b in found] == sorted(by_tests, reverse=True)
    assert client.get(PAGE + "standings", {"sort": "channel:nothing"}).status_code == 200


@pytest.mark.parametrize(
    ("sort", "told"), [("name", "ascending"), ("rank", "ascending"), ("score", "descending"), ("n", "descending")]
)
@pytest.mark.usefixtures("league")
def test_the_order_is_told_to_whoever_listens(site, sort, told):
    page = site.client("client").get(PAGE + "standings", {"sort": sort}).content.decode()
    assert re.findall(r'aria-sort="(\w+)"', page) == [told]


def test_up_to_five_brands_are_compared_and_unknown_ones_passed_over(site, league):
    client = site.client("client")
    brands = [e.brand for e in league.entries]
    page = client.get(PAGE + "compare", {"brand": [*brands * 3, "nobody"]}).content.decode()
    assert page.count("<h3") >= 2
    assert client.get(PAGE + "compare", {"brand": "nobody"}).status_code == 302
    assert client.get(PAGE + "compare").status_code == 302


def test_the_order_of_two_brands_is_certain_only_where_it_is_proved(site, league):
    first, second = league.entries[0], league.entries[1]
    page = site.client("client").get(PAGE + "compare", {"brand": [second.brand, first.brand]}).content.decode()
    certain = first.rank.high < second.rank.low or second.brand in first.also_before
    assert ("de façon certaine" in page) is certain
    assert ("l’ordre n’est pas certain" in page) is not certain


def test_a_brand_without_a_rank_is_found_with_the_reason(site):
    path = HOME.release(site.study.releases.get()) / "results.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    for league in told["leagues"]:
        league["unranked"] = [{"brand": "vent_debout", "n": 4, "reason": "min_tests"}]
    told["labels"]["brand:vent_debout"] = {"fr": "Vent Debout", "en": "Vent Debout"}
    path.unlink()  # it may stand elsewhere too, under another name
    path.write_text(json.dumps(told), encoding="utf-8")
    library.forget()
    client = site.client("client")
    for typed in ("", "vent"):
        page = client.get(PAGE + "standings", {"find": typed}, headers={"Accept-Language": "en"}).content.decode()
        assert re.search(r"Not ranked, [^:]+: Vent Debout \(", page)
        assert "No brand of that name" not in page
    assert "Vent Debout" not in client.get(PAGE + "standings", {"find": "cabestan"}).content.decode()
