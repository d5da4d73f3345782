"""Every page in a browser, for each reader: axe finds nothing, the keyboard reaches all, a telephone shows it whole, no
other host is asked for anything, and it reads without scripts.
"""

from __future__ import annotations

import pytest
from django.test import Client

from vigie.store.models import Entry, Run, User, View
from vigie.store.organisations import Role
from vigie.web.access import Visitor
from vigie.web.urls import ROUTES
from web.browsing import NARROW, WIDE, tab
from web.test_rights import address
from web.test_sign_in import entered, equipped

pytestmark = pytest.mark.xdist_group("browser")
NOTHING = "/nothing/here"


@pytest.fixture
def given(demonstration):
    """What stands in addresses."""
    release = demonstration.releases.get()
    visitor = Visitor(User.objects.get(email="brand@demo.invalid"))
    view = View.objects.create(
        study=demonstration, name="Sex by age", by=visitor.person,
        request={"rows": "sex", "columns": ["age"], "where": "", "compare": "columns", "source": "survey"},
    )  # fmt: skip
    Run.objects.create(study=demonstration, version=release.version, by=visitor.person, state=Run.State.DONE)
    Entry.objects.create(action="ran", organisation=demonstration.organisation_id, study=demonstration.pk)
    return {"organisation": demonstration.organisation.slug, "study": demonstration.slug, "wave": release.wave,
            "key": view.key, "brand": visitor.at(demonstration).brands[0]}  # fmt: skip


def reader(email: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client


def pages(client: Client, given: dict[str, str]) -> list[str]:
    """The addresses of the site that show a page to somebody."""
    found = []
    for route in ROUTES:
        if "GET" in route.methods:
            said = client.get(address(route, **given))
            said.close()
            if said.status_code == 200 and said.headers["Content-Type"].startswith("text/html"):
                found.append(address(route, **given))
    return found


READERS = [  # who, in which language, how many pages they have at the least, and at which sizes axe looks at these
    ("head@demo.invalid", "fr", 15, [WIDE, NARROW]), ("client@demo.invalid", "en", 9, [NARROW]),
    ("brand@demo.invalid", "en", 6, [NARROW]),
]  # fmt: skip


def test_no_page_has_a_fault_for_anybody(browser, live_server, given):
    faults = {}
    for email, language, least, sizes in READERS:
        client = reader(email)
        known = pages(client, given)
        assert len(known) >= least
        opened = tab(browser, live_server.url, client, language)
        for one in known:
            assert opened.open(one) == 200
            faults |= {(email, one): said} if (said := opened.wrong(sizes)) else {}
        opened.page.context.close()
    assert not faults


def test_the_sign_in_and_what_is_not_there_have_no_fault(browser, live_server, demonstration):
    person = User.objects.get(email="head@demo.invalid")
    client = entered(person)
    mine = equipped(person)
    faults = {}
    for who, known in ((None, ["/accounts/login/", "/accounts/password/reset/"]), (client, [*mine, NOTHING])):
        opened = tab(browser, live_server.url, who, "fr")
        for one in known:
            assert opened.open(one) == (404 if one == NOTHING else 200), one
            found = [said for said in opened.wrong() if "404 (Not Found)" not in said]
            faults |= {one: found} if found else {}
        opened.page.context.close()
    assert not faults
    assert Role.ADMINISTRATOR in demonstration.organisation.memberships.values_list("role", flat=True)


def test_the_tab_key_reaches_everything_in_order_and_one_sees_where_it_is(browser, live_server, given):
    client = reader("head@demo.invalid")
    opened = tab(browser, live_server.url, client, "fr")
    for one in pages(client, given):
        opened.open(one)
        reached, many, unseen = opened.walk()
        assert reached == list(range(many)), one
        assert unseen == [], one
    opened.page.context.close()
    _skips_to_the_content(tab(browser, live_server.url, reader("client@demo.invalid"), "en"), given)


def _skips_to_the_content(opened, given):
    """The first stop leads past the head of the page."""
    opened.open("/s/{organisation}/{study}/{wave}/".format(**given))
    opened.page.keyboard.press("Tab")
    assert opened.page.locator(":focus").inner_text() == "Skip to the content"
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    opened.page.context.close()


def test_pages_read_and_waves_unfold_without_scripts(browser, live_server, given):
    client = reader("client@demo.invalid")
    opened = tab(browser, live_server.url, client, "fr", java_script_enabled=False)
    for one in pages(client, given):
        opened.open(one)
        assert opened.page.locator("h1").count() == 1, one
        assert len(opened.page.locator("main").inner_text()) > 40, one
    opened.open("/s/{organisation}/{study}/{wave}/".format(**given))
    opened.page.locator(".menu summary").click()
    assert opened.page.locator(".menu a").first.is_visible()
    opened.page.context.close()
