"""A single sign-on lets in whoever has an account under the address it vouches for: asked of one that runs here."""

from __future__ import annotations

import html
import re
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlparse

import pytest
from django.test import Client

from vigie.store.models import User
from web.signing_on import Provider
from web.test_sign_in import PASSWORD


def come_by(provider: Provider, client: Client, **further: str):
    """By the link of the sign-in, to the provider and back; what the site answers then."""
    (link,) = re.findall(r'href="(/accounts/oidc/[^"]+)"', client.get("/accounts/login/").content.decode())
    away = client.get(html.unescape(link))["Location"]
    assert away.startswith(f"{provider.base}/authorize?")
    asking = HTTPConnection("127.0.0.1", provider.server_port)
    asking.request("GET", away.removeprefix(provider.base))
    back = urlparse(asking.getresponse().getheader("Location"))
    asking.close()
    return client.get(back.path, dict(parse_qsl(back.query)) | further)


def test_who_has_an_account_comes_in_and_keeps_the_password(provider, site):
    elsewhere = Client()
    assert elsewhere.post("/accounts/login/", {"login": "client@own.example", "password": PASSWORD}).status_code == 302
    for _ in range(2):
        client = Client()
        assert come_by(provider, client).status_code == 302
        assert client.get("/s/own/tiny/2024/").status_code == 200
    assert elsewhere.get("/s/own/tiny/2024/").status_code == 200
    assert User.objects.get(pk=site.people["client own"].pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "person",
    [{"sub": "18", "email": "nobody@own.example", "email_verified": True},
     {"sub": "19", "email": "client@own.example", "email_verified": False},
     {"sub": "20", "email": "client@own.example"},
     {"sub": "21"}],
    ids=["unknown", "not theirs", "not said to be theirs", "no address"],
)  # fmt: skip
def test_nobody_else_does(provider, person):
    provider.person, client = person, Client(headers={"Accept-Language": "en"})
    said = come_by(provider, client)
    while said.status_code == 302:
        said = client.get(said["Location"])
    assert client.get("/s/own/tiny/2024/").status_code == 302
    assert "Ask an administrator of your organisation to invite that address." in said.content.decode()
    assert not User.objects.filter(email="nobody@own.example").exists()


def test_an_answer_that_was_not_asked_for_opens_nothing(provider):
    client = Client()
    assert come_by(provider, client, state="another").status_code == 401
    assert client.get("/s/own/tiny/2024/").status_code == 302


def test_a_provider_that_does_not_answer_is_told(provider):
    provider.shutdown()
    provider.server_close()
    said = Client(headers={"Accept-Language": "en"}).get("/accounts/oidc/sso/login/")
    assert said.status_code == 502
    assert "The single sign-on does not answer" in said.content.decode()
