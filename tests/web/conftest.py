"""A site with two organisations, a study in each, and a person in every role."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, field

import pytest
from django.conf import settings as configured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import timezone

from small import edit, tiny
from vigie import run
from vigie.demo.folder import write_demo
from vigie.store.home import linked
from vigie.store.models import Grant, Membership, Organisation, Release, Study, User
from vigie.store.organisations import Role
from vigie.store.tokens import Scope, issue
from vigie.web import library
from vigie.web.configuration import configuration, sign_on
from vigie.web.library import HOME
from vigie.web.running import keep
from vigie.web.site import demonstrate
from vigie.web.studies_in import add_study
from web.signing_on import CLIENT, SECRET, Answers, Provider


@dataclass
class Site:
    """What the tests of pages need."""

    study: Study
    other: Study
    people: dict[str, User] = field(default_factory=dict)

    def client(self, role: str | None, *, own: bool = True) -> Client:
        """A browser of somebody of that role in the study's organisation, or in the other one; of nobody."""
        client = Client()
        if role is not None:
            client.force_login(self.people[f"{role} {'own' if own else 'other'}"])
        return client

    def token(self, role: str, *scopes: str, own: bool = True) -> str:
        """A token of somebody, of these scopes or of all."""
        return issue(self.people[f"{role} {'own' if own else 'other'}"], "test", scopes or Scope.values, 1)[1]

    def program(self, role: str, *scopes: str, own: bool = True) -> Client:
        """A program with such a token."""
        return Client(headers={"Authorization": f"Bearer {self.token(role, *scopes, own=own)}"})


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    """A test that closes a file it was sent ends a request, and with it, on PostgreSQL, the connection it runs on."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)  # noqa: ARG005


LIFT = {
    "sqlite": ("DROP TRIGGER IF EXISTS vigie_entry_changed", "DROP TRIGGER IF EXISTS vigie_entry_removed"),
    "postgresql": (
        "DROP TRIGGER IF EXISTS vigie_entry_changed ON vigie_entry",
        "DROP TRIGGER IF EXISTS vigie_entry_emptied ON vigie_entry",
    ),
}


@pytest.fixture(autouse=True, scope="session")
def emptied():
    """A test that commits leaves empty tables: the log too, which refuses; after it, it is guarded as before."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self, statements):
        flush(self, [*LIFT[self.connection.vendor], *statements])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", lifted)
        yield


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A study of two waves, run once."""
    folder = tiny(tmp_path_factory.mktemp("study") / "tiny")
    published = run.run(folder, formats=["html"])
    return folder, published


@pytest.fixture
def site(db, made):  # noqa: ARG001 - the database is emptied behind it
    """The study, with its releases, in one organisation; and in another one a study of the same name."""
    folder, published = made
    shutil.rmtree(HOME.path / "studies", ignore_errors=True)
    library.forget()  # what the test before read under the same numbers
    here, there = (Organisation.objects.create(slug=s, name=s.title()) for s in ("own", "other"))
    studies = []
    for organisation in (here, there):
        study, version = add_study(organisation, folder, None)
        keep(version, published)
        studies.append(study)
    found = Site(*studies)
    for organisation, name in ((here, "own"), (there, "other")):
        for role in Role:
            person = User.objects.create_user(f"{role}@{name}.example", name=f"{role} {name}")
            member = Membership.objects.create(person=person, organisation=organisation, role=role)
            study = found.study if organisation is here else found.other
            Grant.objects.create(membership=member, study=study, brand="ondine" if role == Role.BRAND else "")
            found.people[f"{role} {name}"] = person
    Release.objects.update(published=timezone.now())
    assert configured.SITE.home == HOME.path
    return found


@pytest.fixture
def provider(site, settings):
    """A single sign-on where a reader of the site is signed in, and which the site knows."""
    with Provider(("127.0.0.1", 0), Answers) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        served.person = {"sub": "17", "email": "client@own.example", "email_verified": True}
        given = {"VIGIE_OIDC": served.base, "VIGIE_OIDC_CLIENT": CLIENT, "VIGIE_OIDC_SECRET": SECRET}
        settings.SOCIALACCOUNT_PROVIDERS = sign_on(configuration(given))
        person = site.people["client own"]
        person.set_password("a long sentence 42")
        person.save()
        yield served
        served.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def made_longer(tmp_path_factory):
    """The study with a wave before its own, of which only printed figures are left, run once."""
    folder = tiny(tmp_path_factory.mktemp("longer") / "tiny")
    edit(folder, "study.yaml", ("\nwaves:\n", '\nwaves:\n  - {id: "2019", mode: web, published: old.csv}\n'))
    printed = "indicator,value,unit,n,source\ncontacted,61,%,1000,Report 2019\n"
    (folder / "old.csv").write_text(printed, encoding="utf-8")
    return folder, run.run(folder, formats=["html"])


@pytest.fixture
def longer(site, made_longer):
    """That study as the second version, run, its facts at hand; readers still see the release of the first."""
    folder, published = made_longer
    _, version = add_study(site.study.organisation, folder, site.people["analyst own"])
    keep(version, published)
    linked(folder / "out" / "2024" / "facts", HOME.out(site.study) / "2024" / "facts")
    return version


@pytest.fixture(scope="session")
def observatory(tmp_path_factory):
    """The small demonstration, one wave of it run."""
    folder = write_demo(tmp_path_factory.mktemp("observatory") / "study", size="small")
    return folder, run.run(folder, wave="2022", formats=["html"])


@pytest.fixture
def demonstration(transactional_db, observatory):  # noqa: ARG001 - the database is emptied behind it
    """A site with the demonstration and its people, and an administrator."""
    library.forget()
    shutil.rmtree(HOME.path / "studies", ignore_errors=True)
    demonstrate(*observatory, lambda _: None)
    person = User.objects.create_user("head@demo.invalid", "a long sentence 42", name="Alix")
    Membership.objects.create(person=person, organisation=Organisation.objects.get(), role=Role.ADMINISTRATOR)
    return Study.objects.get()
