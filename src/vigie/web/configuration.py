"""How a site is set up: all from the environment, checked at once, with what to do where something does not fit.

A site on this machine alone needs nothing. One that others reach has an address (`VIGIE_URL`), and then a secret of its
own, and is served over HTTPS: what would be unsafe is refused in a sentence, before anything is served.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import ParseResult, unquote, urlparse

from vigie.errors import Problem, VigieError

LOCAL = ("localhost", "127.0.0.1", "::1", "[::1]")
LONG = 50  # characters of a secret
SIGNS = "A sign in a name or a password is written in code: / as %2F, @ as %40, # as %23, ? as %3F."
SCHEMES = {"postgresql": 5432, "postgres": 5432}


@dataclass(frozen=True, slots=True)
class Configuration:
    """A site's settings."""

    home: Path  # where its database, its studies and their releases are
    database: str  # a URL, or nothing for SQLite in the home
    secret: str
    url: str  # where others reach it; empty on this machine alone
    mail: str  # smtp://user:password@host:port, or nothing: then mail is written to the log
    sender: str
    oidc: str  # the address of a single sign-on, with VIGIE_OIDC_CLIENT and VIGIE_OIDC_SECRET
    oidc_client: str
    oidc_secret: str
    demo: bool  # whether visitors may change who they are; on this machine alone

    @property
    def public(self) -> bool:
        return bool(self.url)

    @property
    def hosts(self) -> list[str]:
        """The names that the site answers to."""
        host = urlparse(self.url).hostname
        return [host] if host else [*LOCAL]


def configuration(given: Mapping[str, str] | None = None) -> Configuration:
    """The settings in the environment (`VIGIE_HOME`, `VIGIE_URL`, …).

    Raises `VigieError` with everything that is wrong or unsafe.
    """
    said = os.environ if given is None else given
    home = Path(said.get("VIGIE_HOME") or "observatory-site").expanduser().absolute()
    made = Configuration(
        home=home, database=said.get("VIGIE_DATABASE", ""), secret=said.get("VIGIE_SECRET", ""),
        url=said.get("VIGIE_URL", "").rstrip("/"), mail=said.get("VIGIE_MAIL", ""),
        sender=said.get("VIGIE_SENDER", "vigie@localhost"), oidc=said.get("VIGIE_OIDC", ""),
        oidc_client=said.get("VIGIE_OIDC_CLIENT", ""), oidc_secret=said.get("VIGIE_OIDC_SECRET", ""),
        demo=said.get("VIGIE_DEMO", "") == "1",
    )  # fmt: skip
    if problems := list(_problems(made)):
        raise VigieError(problems)
    return made


def _problems(site: Configuration) -> Iterator[Problem]:
    address = _address(site.url)
    if site.url and (address is None or address.scheme not in ("http", "https")):
        yield _problem(f'VIGIE_URL is "{site.url}", which is no address.', "Write it like https://observatory.example.")
    elif address and (address.path or address.params or address.query or address.fragment or address.username):
        yield _problem(
            f'VIGIE_URL is "{site.url}"; a site has a name of its own, with nothing before or behind it.',
            "Write it like https://observatory.example.",
        )
    elif address and address.scheme == "http" and address.hostname not in LOCAL:
        yield _problem(
            "VIGIE_URL is served without encryption: passwords could be read on the way.",
            f"Serve it as https://{address.netloc}, behind nginx or another proxy that holds the certificate.",
        )
    if site.public and len(site.secret) < LONG:
        said = f"has {len(site.secret)} characters" if site.secret else "is missing"
        yield _problem(
            f"VIGIE_SECRET {said}; a site that others reach needs {LONG} or more.",
            'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(48))", and keep it.',
        )
    if site.public and site.demo:
        yield _problem(
            "VIGIE_DEMO lets every visitor be anybody, and VIGIE_URL makes the site reachable.",
            "Take one of the two out.",
        )
    yield from _of_database(site.database)
    mail = _address(site.mail)
    if site.mail and (mail is None or mail.scheme not in ("smtp", "smtps") or mail.path.strip("/")):
        yield _problem("VIGIE_MAIL is no mail server.", f"Write it like smtp://name:password@mail.example:587. {SIGNS}")
    if site.public and not site.mail:
        yield _problem(
            "VIGIE_MAIL is missing: nobody could be invited, nor get a new password.",
            "Name a mail server: smtp://name:password@mail.example:587.",
        )
    sign_on = _address(site.oidc)
    if site.oidc and (sign_on is None or sign_on.scheme not in ("http", "https")):
        yield _problem(
            f'VIGIE_OIDC is "{site.oidc}", which is no address.', "Write it like https://id.example/realms/observatory."
        )
    if site.oidc and not (site.oidc_client and site.oidc_secret):
        yield _problem("VIGIE_OIDC needs VIGIE_OIDC_CLIENT and VIGIE_OIDC_SECRET.", "Ask who runs the single sign-on.")


def _of_database(url: str) -> Iterator[Problem]:
    scheme, parts = url.partition(":")[0].lower(), _address(url)
    hint = "Write postgresql://name:password@host/database, or leave it out for SQLite."
    if not url:
        return
    if scheme == "sqlite":
        if re.match(r"sqlite://[^/]", url):
            yield _problem("VIGIE_DATABASE (--database) names a host; SQLite has none.", "Write sqlite:///the/file.")
    elif scheme not in SCHEMES:
        yield _problem(f'VIGIE_DATABASE (--database): "{scheme}" is no database that the site can use.', hint)
    elif parts is None or not parts.path.strip("/"):
        message = "VIGIE_DATABASE (--database) is no address, or names no host, or no database."
        yield _problem(message, f"Write it like postgresql://name:password@host/database. {SIGNS}")
    elif find_spec("psycopg") is None:
        message = "PostgreSQL needs psycopg, which is not installed."
        yield Problem("missing-extra", message, "Install it: pip install 'psycopg[binary]'.")


def _address(url: str) -> ParseResult | None:
    """The parts of an address that names a host; None where it does not, or a sign in it stands for something else."""
    try:
        parts = urlparse(url)
        found = parts.hostname is not None and parts.port != 0  # a port that is no number is found when it is asked for
    except ValueError:
        return None
    # what stands behind the host holds no @: a password with a / before would be cut there
    return parts if found and "@" not in parts.path + parts.params + parts.query + parts.fragment else None


def _problem(message: str, hint: str) -> Problem:
    return Problem("site-settings", message, hint)


def database_settings(site: Configuration) -> dict[str, object]:
    """The database as Django is told of it: SQLite in WAL mode, or PostgreSQL."""
    parts = urlparse(site.database)
    if parts.scheme in SCHEMES:
        return _postgresql(parts)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(Path(unquote(parts.path)) if parts.path else site.home / "vigie.sqlite3"),
        "OPTIONS": {
            # a transaction that will write takes its turn at the start, or two of them would wait for each other
            "transaction_mode": "IMMEDIATE", "timeout": 5,
            # FULL: what was acknowledged survives a power cut
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }  # fmt: skip


def _postgresql(parts: ParseResult) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "", "PORT": parts.port or SCHEMES[parts.scheme],
        "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,
    }  # fmt: skip


def sign_on(site: Configuration) -> dict[str, dict[str, object]]:
    """The single sign-on as the sign-in is told of it."""
    if not site.oidc:
        return {}
    one = {
        "provider_id": "sso", "name": urlparse(site.oidc).hostname, "client_id": site.oidc_client,
        "secret": site.oidc_secret, "settings": {"server_url": site.oidc, "oauth_pkce_enabled": True},
    }  # fmt: skip
    return {"openid_connect": {"APPS": [one]}}


def own_secret(home: Path) -> str:
    """The secret of a site on this machine alone, made at its first start and kept beside its database."""
    path = home / "secret"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        made = home / f"secret.{os.getpid()}"
        made.write_text(secrets.token_urlsafe(LONG), encoding="ascii")
        made.chmod(0o600)
        try:
            os.link(made, path)  # the first one stays, whoever else starts at the same time
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text(encoding="ascii").strip()


def kept_secret(home: Path) -> str:
    """The secret of a site that has been set up; before that, one that nobody keeps."""
    try:
        return (home / "secret").read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_urlsafe(LONG)
