"""Signing in where only a browser tells: with a passkey of its own making, and by a single sign-on, there and back."""

from __future__ import annotations

import pytest

from web.browsing import tab
from web.test_sign_in import PASSWORD, entered

pytestmark = pytest.mark.xdist_group("browser")
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def registered(browser, live_server, site):
    """A reader's browser in which a passkey was just made."""
    person = site.people["client own"]
    person.set_password(PASSWORD)
    person.save()
    opened = tab(browser, live_server.url, entered(person), "en")
    device = opened.page.context.new_cdp_session(opened.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    opened.open("/accounts/2fa/webauthn/add/")
    opened.page.get_by_label("Passwordless").check()
    opened.page.get_by_role("button", name="Add").click()
    opened.page.wait_for_url("**/accounts/2fa/recovery-codes/")
    yield opened
    opened.page.context.close()


def test_a_passkey_alone_signs_in(registered):
    page = registered.page
    page.context.clear_cookies()
    registered.open("/accounts/login/")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_url("**/s/own/tiny/2024/")
    assert page.locator("header.site").get_by_role("link", name="client own").is_visible()
    assert registered.complaints == []


def test_a_password_alone_no_longer_does(registered):
    page = registered.page
    page.context.clear_cookies()
    registered.open("/accounts/login/")
    page.get_by_label("E-mail").fill("client@own.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    page.get_by_role("button", name="security key").click()
    page.wait_for_url("**/s/own/tiny/2024/")
    assert registered.complaints == []


def test_a_single_sign_on_leads_there_and_back(browser, live_server, provider):
    opened = tab(browser, live_server.url, None, "en")
    opened.open("/accounts/login/")
    opened.page.get_by_role("link", name="Sign in with 127.0.0.1").click()
    opened.page.wait_for_url("**/s/own/tiny/2024/")
    opened.page.context.close()
    (elsewhere,) = opened.complaints
    assert f"{provider.base}/authorize?" in elsewhere
