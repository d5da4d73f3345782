"""Tokens on one's account: made with what one may do, shown once, kept as a hash, revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from vigie.store.models import Entry, Token
from vigie.store.tokens import PREFIX, Scope, issue, token_of
from vigie.web.access import SCOPES, Visitor
from vigie.web.pages.tokens import DAYS, MOST, offered

PAGE = "/account/tokens"
WANTED = {"name": "Nightly export", "scopes": ["read"], "days": "30"}


def secret_in(said) -> str:
    return re.search(rf"<code>({PREFIX}[\w-]+)</code>", said.content.decode())[1]


def test_a_token_is_shown_once_and_opens_the_api(site):
    client = site.client("client")
    secret = secret_in(client.post(PAGE, WANTED))
    again = client.get(PAGE).content.decode()
    assert "Nightly export" in again
    assert secret not in again
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/me").json()["scopes"] == ["read"]
    assert abs(Token.objects.get().expires - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


def test_of_a_secret_the_database_keeps_only_its_hash(site):
    token, secret = issue(site.people["client own"], "x", ["read"], 1)
    kept = {str(value) for value in Token.objects.filter(pk=token.pk).values_list().get()}
    assert not [value for value in kept if secret in value or (len(value) > 12 and value in secret)]


def test_a_revoked_token_opens_nothing_any_more(site):
    client = site.client("client")
    secret = secret_in(client.post(PAGE, WANTED))
    assert token_of(secret) is not None
    client.post(PAGE, {"revoke": Token.objects.get().pk})
    assert token_of(secret) is None
    actions = Entry.objects.order_by("pk").values_list("action", "organisation")
    assert list(actions) == [(a, site.study.organisation_id) for a in ("made a token", "revoked a token")]


def test_somebody_else_s_token_cannot_be_revoked(site):
    theirs, _ = issue(site.people["analyst own"], "x", ["read"], 1)
    assert site.client("client").post(PAGE, {"revoke": theirs.pk}).status_code == 404
    assert Token.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    "given", [{"name": " "}, {"scopes": []}, {"scopes": ["publish"]}, {"days": "0"}, {"days": "36500"}, {"days": "x"}]
)
def test_a_token_that_is_not_wholly_chosen_is_not_made(site, given):
    said = site.client("client").post(PAGE, WANTED | given)
    assert said.status_code == 400
    assert 'role="alert"' in said.content.decode()
    assert not Token.objects.exists()


def test_nobody_has_more_than_so_many(site):
    for _ in range(MOST):
        issue(site.people["client own"], "x", ["read"], 1)
    assert site.client("client").post(PAGE, WANTED).status_code == 400


def test_what_is_offered_is_what_somebody_may_do(site):
    told = {role: offered(Visitor(site.people[f"{role} own"])) for role in ("analyst", "client", "brand", "tester")}
    assert told == {"analyst": list(Scope), "client": [Scope.READ], "brand": [Scope.READ], "tester": [Scope.READ]}
    assert set(SCOPES) == set(Scope)


def test_strangers_sign_in_first(site):
    assert site.client(None).get(PAGE)["Location"].startswith("/accounts/login/")


def test_that_a_token_was_used_is_seen_but_not_written_for_every_request(site, django_assert_num_queries):
    _, secret = issue(site.people["client own"], "x", ["read"], max(DAYS))
    assert token_of(secret).used is None
    used = Token.objects.get().used
    assert timezone.now() - used < timedelta(minutes=1)
    with django_assert_num_queries(1):
        token_of(secret)
