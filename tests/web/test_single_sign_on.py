"""A single sign-on lets in whoever has an account under the address it vouches for: asked of one that runs here."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from vigie.store.models import User
from vigie.web.configuration import configuration, sign_on

CLIENT, SECRET, PASSWORD = "observatory", "said between servers", "a long sentence 42"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "one", "alg": "RS256", "use": "sig"}


class Answers(BaseHTTPRequestHandler):
    """What a provider of OpenID Connect says to a site."""

    server: Provider

    def do_GET(self):
        base = self.server.base
        if self.path == "/.well-known/openid-configuration":
            self._say({"issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                       "userinfo_endpoint": f"{base}/userinfo", "jwks_uri": f"{base}/keys",
                       "token_endpoint_auth_methods_supported": ["client_secret_post"]})  # fmt: skip
        elif self.path == "/keys":
            self._say({"keys": [PUBLIC]})
        elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
            self._say(self.server.person)
        else:
            self.send_error(404)

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest()).rstrip(b"=")
        sound = form["client_secret"] == [SECRET] and form["code"] == ["one-time"]
        if self.path != "/token" or not sound or proof.decode() != self.server.challenge:
            return self.send_error(400)
        now = int(time.time())
        claims = self.server.person | {"iss": self.server.base, "aud": CLIENT, "iat": now, "exp": now + 60}
        said = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "one"})
        return self._say({"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": said})

    def _say(self, told):
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Provider(ThreadingHTTPServer):
    """A single sign-on on loopback, where one person is signed in."""

    challenge = ""
    person: dict[str, object]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def provider(site, settings):
    with Provider(("127.0.0.1", 0), Answers) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        served.person = {"sub": "17", "email": "client@own.example", "email_verified": True}
        given = {"VIGIE_OIDC": served.base, "VIGIE_OIDC_CLIENT": CLIENT, "VIGIE_OIDC_SECRET": SECRET}
        settings.SOCIALACCOUNT_PROVIDERS = sign_on(configuration(given))
        person = site.people["client own"]
        person.set_password(PASSWORD)
        person.save()
        yield served
        served.shutdown()
        thread.join()


def come_by(provider: Provider, client: Client, **further: str):
    """Through the button of the sign-in, to the provider and back; what the site answers in the end."""
    page = client.get("/accounts/login/")
    (form,) = [part for part in page.content.decode().split("<form")[1:] if "/accounts/oidc/sso/login/" in part]
    assert 'method="post"' in form.split(">")[0]
    away = urlparse(client.post("/accounts/oidc/sso/login/")["Location"])
    asked = {name: values[0] for name, values in parse_qs(away.query).items()}
    assert f"{away.scheme}://{away.netloc}{away.path}" == f"{provider.base}/authorize"
    assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
    provider.challenge = asked["code_challenge"]
    return client.get(urlparse(asked["redirect_uri"]).path, {"code": "one-time", "state": asked["state"]} | further)


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
    said = Client(headers={"Accept-Language": "en"}).post("/accounts/oidc/sso/login/")
    assert said.status_code == 502
    assert "The single sign-on does not answer" in said.content.decode()
