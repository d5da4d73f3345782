"""A site is set up: its database, its files, its first administrator; one command, no more."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.errors import Problem, VigieError, failure
from vigie.web.configuration import Configuration, configuration, own_secret

if TYPE_CHECKING:
    from vigie.run import Published
    from vigie.store.models import Organisation, Study

Progress = Callable[[str], None]
DEMO = {
    "analyst": "analyst@demo.invalid",
    "client": "client@demo.invalid",
    "brand": "brand@demo.invalid",
}  # who reads one
FIRST = "vigie"  # the organisation of a new site


def settle(home: Path | None, database: str | None, *, demo: bool = False) -> Configuration:
    """Put what the command says into the environment, where every process of the site finds it, and check all of it."""
    if home is not None:
        os.environ["VIGIE_HOME"] = str(home.absolute())
    if database is not None:
        os.environ["VIGIE_DATABASE"] = database
    if demo:
        os.environ["VIGIE_DEMO"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
    settings = configuration()
    os.environ["VIGIE_HOME"] = str(settings.home)
    return settings


def prepare(progress: Progress) -> None:
    """The database's tables and the style sheets, as this version needs them."""
    import django
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        own_secret(Path(os.environ["VIGIE_HOME"]))  # before the settings look for it
        django.setup()
        progress("preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        progress("collecting style sheets")
        call_command("collectstatic", verbosity=0, interactive=False)
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0]
        hint = "Is the server running, and are name and password right?"
        raise failure("site-settings", f"The database cannot be used: {said}.", hint) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise failure("cannot-write", f"{reason}.", "Name another folder: --home.", file=str(error.filename)) from None


def organisation() -> Organisation:
    """The first organisation."""
    from vigie.store.models import Organisation

    found = Organisation.objects.order_by("pk").first()
    return found or Organisation.objects.create(slug=FIRST, name="Vigie")


def bring_in(folders: Sequence[Path], progress: Progress) -> list[Study]:
    """Study folders become versions of studies of the first organisation; all of their problems at once."""
    from django.utils import timezone

    from vigie.store.audit import note
    from vigie.web.studies_in import add_study

    problems: list[Problem] = []
    found: list[Study] = []
    for folder in folders:
        progress(f"reading {folder}")
        try:
            began = timezone.now()
            study, version = add_study(organisation(), folder, None)
        except VigieError as error:
            problems += error.problems
            continue
        found.append(study)
        if version.at >= began:  # or it is the one that stands
            note("brought in", None, study=study, version=version.number)
    if problems:
        raise VigieError(problems)
    return found


def queue(study: Study) -> None:
    """Let the worker run the last version of a study, unless its releases stand."""
    from vigie.web import orders

    version = study.version
    if version is not None and not version.releases.exists():
        orders.start(study, None)


def first_link(base: str) -> str | None:
    """Where the first administrator signs in; None once there is one."""
    from vigie.store.invitations import invite
    from vigie.store.models import Membership
    from vigie.store.organisations import Role

    if Membership.objects.filter(role=Role.ADMINISTRATOR).exists():
        return None
    _, key = invite(organisation(), Role.ADMINISTRATOR, "")
    return f"{base}/invitation/{key}"


def demonstrate(folder: Path, published: Sequence[Published], progress: Progress) -> None:
    """A study that was just run as the site's own, its waves published, and the people who may look at it."""
    from django.utils import timezone

    from vigie.store.home import linked
    from vigie.store.models import Grant, Membership, Release, User
    from vigie.store.organisations import Role
    from vigie.web.library import HOME
    from vigie.web.running import keep
    from vigie.web.studies_in import add_study

    progress("bringing the study to the site")
    home = organisation()
    study, version = add_study(home, folder, None)
    keep(version, published)
    for wave in published:  # its facts, so that tables and texts can be asked for
        for part in ("facts", "derived"):
            made, there = wave.folder.parent / part, HOME.out(study) / wave.wave / part
            if made.is_dir() and not there.exists():
                linked(made, there)
    Release.objects.filter(version=version, published__isnull=True).update(published=timezone.now())
    for (role, email), name in zip(DEMO.items(), ("Camille", "Dominique", "Maxime"), strict=True):
        person = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
        member, _ = Membership.objects.get_or_create(person=person, organisation=home, defaults={"role": role})
        if role != Role.ANALYST:
            own = _ranked(published) if role == Role.BRAND else ""
            Grant.objects.get_or_create(membership=member, study=study, brand=own)


def _ranked(published: Sequence[Published]) -> str:
    """A brand of the last wave's league, neither first nor last of its sector."""
    from vigie.results.decoding import from_json

    results = from_json((published[-1].folder / "results.json").read_bytes())
    league = max((s for s in results.leagues if s.family != "all"), key=lambda s: len(s.entries))
    return league.entries[len(league.entries) // 2].brand
