"""A site's settings: what is unsafe or impossible is refused in a sentence, all of it at once."""

from __future__ import annotations

import pytest

from vigie.errors import VigieError
from vigie.web.configuration import configuration, database_settings, kept_secret, own_secret

SECRET = "x" * 50
SAFE = {"VIGIE_URL": "https://observatory.example", "VIGIE_SECRET": SECRET, "VIGIE_MAIL": "smtp://a:b@mail.example:587"}


def said(**given: str) -> str:
    with pytest.raises(VigieError) as caught:
        configuration(given)
    assert {p.code for p in caught.value.problems} == {"site-settings"}
    assert all(p.hint for p in caught.value.problems)
    return " ".join(map(str, caught.value.problems))


def test_a_site_on_this_machine_alone_needs_nothing(tmp_path):
    site = configuration({"VIGIE_HOME": str(tmp_path)})
    assert not site.public
    assert "127.0.0.1" in site.hosts
    assert database_settings(site)["NAME"] == str(tmp_path / "vigie.sqlite3")


def test_a_public_site_says_its_host_alone():
    site = configuration(SAFE)
    assert site.hosts == ["observatory.example"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"VIGIE_URL": "observatory"}, "is no address"),
        ({"VIGIE_URL": "http://observatory.example"}, "without encryption"),
        ({"VIGIE_SECRET": "short"}, "has 5 characters"),
        ({"VIGIE_SECRET": ""}, "is missing"),
        ({"VIGIE_DEMO": "1"}, "lets every visitor be anybody"),
        ({"VIGIE_MAIL": ""}, "nobody could be invited"),
        ({"VIGIE_MAIL": "mail.example"}, "is no mail server"),
        ({"VIGIE_OIDC": "https://id.example"}, "VIGIE_OIDC_CLIENT"),
        ({"VIGIE_DATABASE": "mysql://a@b/c"}, '"mysql" is no database'),
        ({"VIGIE_DATABASE": "postgresql://"}, "names no host"),
        ({"VIGIE_DATABASE": "postgresql://vigie:pa/ss@127.0.0.1/vigie"}, "/ as %2F"),
        ({"VIGIE_DATABASE": "postgresql://vigie:1/ss@127.0.0.1/vigie"}, "/ as %2F"),
        ({"VIGIE_DATABASE": "postgresql://vigie:1?s@127.0.0.1/vigie"}, "? as %3F"),
        ({"VIGIE_DATABASE": "postgresql://v:p@127.0.0.1:99999/vigie"}, "VIGIE_DATABASE (--database) is no address"),
        ({"VIGIE_DATABASE": "postgresql://v:p@[h/d"}, "VIGIE_DATABASE (--database) is no address"),
        ({"VIGIE_DATABASE": "sqlite://[h/d"}, "SQLite has none"),
        ({"VIGIE_DATABASE": "x"}, '"x" is no database'),
        ({"VIGIE_MAIL": "smtp://a:b/c@m:587"}, "VIGIE_MAIL is no mail server. Write it like"),
        ({"VIGIE_MAIL": "smtp://a:1/c@m:587"}, "/ as %2F"),
        ({"VIGIE_MAIL": "smtp://m:smtp"}, "VIGIE_MAIL is no mail server"),
        ({"VIGIE_URL": "https://[a"}, "is no address"),
        ({"VIGIE_URL": "https://a.example:abc"}, "is no address"),
        ({"VIGIE_URL": "https://a.example:99999"}, "is no address"),
        ({"VIGIE_URL": "https://a.example/vigie"}, "with nothing before or behind it"),
        ({"VIGIE_URL": "https://a.example?x"}, "with nothing before or behind it"),
        ({"VIGIE_URL": "https://ana@a.example"}, "with nothing before or behind it"),
        ({"VIGIE_OIDC": "x", "VIGIE_OIDC_CLIENT": "a", "VIGIE_OIDC_SECRET": "b"}, 'VIGIE_OIDC is "x"'),
        ({"VIGIE_OIDC": "https://[a", "VIGIE_OIDC_CLIENT": "a", "VIGIE_OIDC_SECRET": "b"}, "VIGIE_OIDC is"),
    ],
)
def test_what_is_unsafe_or_impossible_is_refused(given, told):
    assert told in said(**SAFE | given)


@pytest.mark.parametrize(
    "given",
    [
        {"VIGIE_URL": "https://a.example:8443/"}, {"VIGIE_DATABASE": "sqlite:///srv/one.sqlite3"},
        {"VIGIE_DATABASE": "postgresql://v:p%2Fs@[::1]:5433/vigie"}, {"VIGIE_MAIL": "smtps://m.example"},
        {"VIGIE_OIDC": "https://id.example/realms/a?x=1", "VIGIE_OIDC_CLIENT": "a", "VIGIE_OIDC_SECRET": "b"},
    ],
)  # fmt: skip
def test_what_is_possible_is_taken(given):
    site = configuration(SAFE | given)
    assert database_settings(site)["NAME"]
    assert site.hosts


def test_all_that_is_wrong_is_told_at_once():
    told = said(VIGIE_URL="http://a.example", VIGIE_DEMO="1", VIGIE_DATABASE="oracle://x")
    for part in ("without encryption", "is missing", "anybody", "oracle"):
        assert part in told


def test_the_password_of_a_database_may_hold_any_character():
    found = database_settings(configuration({"VIGIE_DATABASE": "postgresql://ana:p%40ss%2Fw@db.example:5433/site"}))
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("ana", "p@ss/w", "db.example", 5433)


def test_the_secret_of_a_local_site_is_made_once_and_kept_from_others(tmp_path):
    first = own_secret(tmp_path / "home")
    assert len(first) >= 50
    assert own_secret(tmp_path / "home") == first
    assert kept_secret(tmp_path / "home") == first
    assert kept_secret(tmp_path / "elsewhere") != kept_secret(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "home" / "secret").stat().st_mode & 0o077 == 0
