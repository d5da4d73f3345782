"""The pages of the sign-in: each answers in both languages, in the look of the site; what has no place here is shut."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from vigie.store.models import User
from vigie.web.templatetags.wording import browser, typeset
from vigie.web.urls import CLOSED

PASSWORD = "a long sentence 42"
BEFORE = ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/"]
PAGES = [
    "/account", "/accounts/password/change/", "/accounts/reauthenticate/", "/accounts/logout/", "/accounts/sessions/",
    "/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/totp/deactivate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/{key}/edit/", "/accounts/2fa/webauthn/keys/{key}/remove/",
]  # fmt: skip
OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/",
           "/accounts/password/reset/key/1-set-password/", "/accounts/password/reset/key/done/"]  # fmt: skip


def passkey() -> dict:
    """What a browser registers of a passkey."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    key = AttestedCredentialData.create(b"0" * 16, b"k" * 16, public)
    known = AuthenticatorData.create(b"h" * 32, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, key)
    client = json.dumps({"type": "webauthn.create", "challenge": "AAAA", "origin": "http://localhost"}).encode()
    name, response = websafe_encode(b"k" * 16), AttestationObject.create("none", known, {})
    return {
        "type": "public-key", "id": name, "rawId": name, "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(response)},
    }  # fmt: skip


def equipped(person: User) -> list[str]:
    """Give somebody every second factor that there is; the pages of a person who has them all."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    data = {"name": "Blue key", "credential": passkey()}
    key = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
    return [page.format(key=key.pk) for page in PAGES]


@pytest.fixture
def person(site):
    found = site.people["client own"]
    found.set_password(PASSWORD)
    found.save()
    return found


def entered(person: User) -> Client:
    """A browser in which somebody has signed in, and just said the password again, as second factors want."""
    client = Client()
    assert client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def signed_in(person):
    return entered(person)


def shown(client: Client, page: str, language: str) -> str:
    """A page that answers, is framed as all are, and holds nothing that the policy forbids."""
    said = client.get(page, headers={"Accept-Language": language})
    assert said.status_code == 200, page
    text = said.content.decode()
    assert f'<html lang="{language}">' in text
    assert text.count("<h1") == 1
    assert 'class="name" href="/"' in text
    assert "<style" not in text
    assert " style=" not in text
    assert "onclick" not in text
    for script in text.split("<script")[1:]:
        assert "src=" in script.split(">")[0] or "application/json" in script.split(">")[0]
    return text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_the_sign_in_answers(person, signed_in, language):
    texts = [shown(signed_in, page, language) for page in (*BEFORE, "/accounts/2fa/")]
    texts += [shown(signed_in, page, language) for page in equipped(person)]
    texts += [shown(Client(), page, language) for page in OUTSIDE]
    assert not [text for text in texts if language == "fr" and "l'" in text.split("<main")[1].split("<script")[0]]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_second_factor_is_asked_for(person, language):
    equipped(person)
    client = Client()
    form = {"login": person.email, "password": PASSWORD}
    assert client.post("/accounts/login/", form)["Location"].startswith("/accounts/2fa/authenticate/")
    shown(client, "/accounts/2fa/authenticate/", language)


@pytest.mark.parametrize("address", CLOSED)
def test_what_people_who_are_invited_do_not_need_is_not_there(signed_in, address):
    assert signed_in.get(f"/{address}").status_code == 404
    assert Client().post(f"/{address}", {"email": "else@own.example"}).status_code == 404
    assert User.objects.filter(email="else@own.example").count() == 0


def test_a_session_says_its_browser_and_since_when(person):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    text = shown(client, "/accounts/sessions/", "en")
    assert "Firefox, Linux" in text
    assert "Mozilla" not in text


@pytest.mark.parametrize(
    ("agent", "name"),
    [("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
     ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
     ("curl/8.5", "curl/8.5"), ("", ""), ("x" * 200, "x" * 60)],
)  # fmt: skip
def test_a_browser_is_named_as_people_know_it(agent, name):
    assert browser(agent) == name


def test_words_of_the_sign_in_have_the_apostrophes_of_the_language():
    from django.utils import translation
    from django.utils.safestring import SafeString, mark_safe

    with translation.override("fr"):
        assert typeset("l'accès ?") == "l’accès\u202f?"
        assert isinstance(typeset(mark_safe("<b>l'accès</b>")), SafeString)
        assert not isinstance(typeset("<b>"), SafeString)
