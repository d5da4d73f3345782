"""The pages of the sign-in: each answers in both languages, in the look of the site; what has no place here is shut."""

from __future__ import annotations

import json
import re
from smtplib import SMTPServerDisconnected

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.cache import cache
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


@pytest.fixture(autouse=True)
def unhurried(db):  # noqa: ARG001 - the cache is a table of it
    """Nobody has asked for anything in the last minute."""
    cache.clear()


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


RESET = "/accounts/password/reset/"


def test_a_link_is_sent_to_those_who_have_an_account_and_nobody_sees_who_has(person):
    unknown = Client().post(RESET, {"email": "else@own.example"}, follow=True)
    assert mail.outbox == []  # nobody can have mail sent to a stranger
    known = Client().post(RESET, {"email": person.email}, follow=True)
    assert [m.to for m in mail.outbox] == [[person.email]]
    assert (known.status_code, known.redirect_chain) == (unknown.status_code, unknown.redirect_chain)
    pages = [re.sub(r'(?<=name="csrfmiddlewaretoken" value=)"\w+"', "", p.content.decode()) for p in (known, unknown)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), ConnectionRefusedError(111, "refused")])
def test_a_link_that_cannot_be_sent_is_written_down_and_the_page_is_the_same(person, monkeypatch, caplog, error):
    def refused(self, fail_silently=False):  # noqa: ARG001 - as Django has it
        raise error

    monkeypatch.setattr(mail.EmailMessage, "send", refused)
    said = Client().post(RESET, {"email": person.email})
    assert said["Location"] == f"{RESET}done/"
    assert "could not be sent" in caplog.text


def test_mail_is_written_in_the_language_of_who_gets_it(person):
    for language, word in (("fr", "mot de passe"), ("en", "password"), ("", "password")):
        User.objects.filter(pk=person.pk).update(language=language)
        Client().post(RESET, {"email": person.email}, headers={"Accept-Language": "en"})
        assert word in mail.outbox[-1].body


def test_who_signs_in_reads_the_language_that_they_chose(person):
    client = entered(person)
    other = {"Accept-Language": "en"}
    assert '<html lang="en">' in client.get("/account", headers=other).content.decode()  # nobody asked for another
    client.post("/language", {"language": "fr"})
    assert User.objects.get(pk=person.pk).language == "fr"
    elsewhere = entered(person)
    assert '<html lang="fr">' in elsewhere.get("/account", headers=other).content.decode()
    elsewhere.cookies["vigie_language"] = "en"  # what this browser was told holds in it
    assert '<html lang="en">' in elsewhere.get("/account", headers={"Accept-Language": "fr"}).content.decode()
    assert '<html lang="en">' in Client().get("/accounts/login/", headers=other).content.decode()


def test_who_asks_too_often_is_told_to_wait(person):
    """Six links for one address in a minute: the sixth is refused."""
    said = [Client().post(RESET, {"email": person.email}, headers={"Accept-Language": "en"}) for _ in range(6)][-1]
    assert said.status_code == 429
    assert '<html lang="en">' in said.content.decode()
    assert "Wait a minute" in said.content.decode()
