"""A site that others reach, as it is served: nothing is on Django's list of what is unsafe, and its name counts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVED = """
import json, os, re
from pathlib import Path
from vigie.web import site
site.settle(Path(os.environ["VIGIE_HOME"]), None)
site.prepare(lambda _: None)
from django.core.management import call_command
from django.test import Client, RequestFactory
from vigie.store.models import User
call_command("check", deploy=True, fail_level="WARNING")
User.objects.create_user("ana@own.example", "a long sentence 42")
client = Client(SERVER_NAME="observatory.example", headers={"X-Forwarded-Proto": "https"})
page = client.get("/accounts/login/")
entered = client.post("/accounts/login/", {"login": "ana@own.example", "password": "a long sentence 42"})
strict = Client(SERVER_NAME="observatory.example", headers={"X-Forwarded-Proto": "https"}, enforce_csrf_checks=True)
token = re.search('csrfmiddlewaretoken" value="([^"]+)', strict.get("/accounts/login/").content.decode())[1]
form = {"csrfmiddlewaretoken": token, "login": "x@x.example", "password": "x"}
from allauth.core.internal.httpkit import get_client_ip
far = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7"}  # the first one is whatever the visitor claims
print(json.dumps({
    "hsts": page["Strict-Transport-Security"],
    "cookies": {n: [bool(c["secure"]), bool(c["httponly"]), c["samesite"]] for n, c in client.cookies.items()},
    "entered": entered.status_code,
    "plain": [(r := Client(SERVER_NAME="observatory.example").get("/health")).status_code, r["Location"]],
    "other name": Client(SERVER_NAME="elsewhere.example").get("/health").status_code,
    "health": client.get("/health").status_code,
    "own form": strict.post("/accounts/login/", form, headers={"Origin": "https://observatory.example"}).status_code,
    "other form": strict.post("/accounts/login/", form, headers={"Origin": "https://elsewhere.example"}).status_code,
    "address": get_client_ip(RequestFactory().get("/", headers=far, REMOTE_ADDR="127.0.0.1")),
    "demonstration": client.get("/demonstration").status_code,
    "style": client.get("/static/staticfiles.json").status_code,
}))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("home") / "site"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "DJANGO_"))}
    environment |= {
        "VIGIE_HOME": str(home), "VIGIE_URL": "https://observatory.example", "VIGIE_MAIL": "smtp://a:b@mail.example:587",
        "VIGIE_SECRET": "kS8vQz3tYb1mXw7nRc5fLg9hJd2pAe4uTi6oBq0sKz8vYx3tWm1n",
    }  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-c", SERVED], capture_output=True, text=True, env=environment, check=False
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "WARNING" not in made.stderr
    assert "Traceback" not in made.stderr  # who comes under another name is refused, and fills no log
    return json.loads(made.stdout.splitlines()[-1])


def test_cookies_go_over_https_alone(served):
    assert served["entered"] == 302
    assert set(served["cookies"]) >= {"vigie", "csrftoken"}
    assert all(told[:2] == [True, True] and told[2] == "Lax" for told in served["cookies"].values())


def test_who_comes_without_https_is_sent_there_and_told_to_stay(served):
    assert served["plain"] == [301, "https://observatory.example/health"]
    assert served["hsts"].startswith("max-age=31536000")
    assert served["health"] == 200


def test_the_site_answers_to_its_own_name_and_takes_its_own_forms(served):
    assert served["other name"] == 400
    assert (served["own form"], served["other form"]) == (200, 403)
    assert served["demonstration"] == 404


def test_guessing_is_counted_by_the_visitor_s_address_and_not_by_the_proxy_s_or_a_claimed_one(served):
    assert served["address"] == "203.0.113.7"


def test_the_container_is_built_from_files_that_exist_and_runs_without_rights():
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    steps = re.findall(r"^(FROM|COPY|USER|VOLUME|HEALTHCHECK|CMD) (.*)$", text, re.MULTILINE)
    for kind, rest in steps:
        if kind == "COPY" and "--from" not in rest:
            assert all((ROOT / name).exists() for name in rest.split()[:-1]), rest
    last = dict(steps[max(i for i, (kind, _) in enumerate(steps) if kind == "FROM") :])
    assert last["USER"] not in ("0", "root")
    assert json.loads(last["CMD"])[:2] == ["vigie", "serve"]
    (check,) = re.findall(r"CMD (\[.*\])", last["HEALTHCHECK"])
    compile(json.loads(check)[2], "healthcheck", "exec")
    home = re.search(r"VIGIE_HOME=(\S+)", text)[1]
    assert last["VOLUME"] == home
