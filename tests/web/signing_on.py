"""A single sign-on on loopback: as much of OpenID Connect as a site asks of a provider."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlparse

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "observatory", "said between servers"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "one", "alg": "RS256", "use": "sig"}


class Answers(BaseHTTPRequestHandler):
    """What a provider of OpenID Connect says to a site."""

    server: Provider
    timeout = 1  # browsers open connections that they may need, and do not

    def do_GET(self):
        base = self.server.base
        if self.path == "/.well-known/openid-configuration":
            self._say({"issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                       "userinfo_endpoint": f"{base}/userinfo", "jwks_uri": f"{base}/keys",
                       "token_endpoint_auth_methods_supported": ["client_secret_post"]})  # fmt: skip
        elif self.path == "/keys":
            self._say({"keys": [PUBLIC]})
        elif self.path.startswith("/authorize?"):
            asked = {name: values[0] for name, values in parse_qs(urlparse(self.path).query).items()}
            assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
            assert asked["code_challenge_method"] == "S256"
            self.server.challenge = asked["code_challenge"]
            self.send_response(302)
            back = urlencode({"code": "one-time", "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
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

    daemon_threads = False
    challenge = ""
    person: dict[str, object]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"
