"""What is done to a study, by a page or by the API alike: run it, stop a run, show a wave to readers, take it back.

Each is written down; `via` says how it came where not by a page.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from vigie.store.audit import note
from vigie.store.models import Release, Run, Study, User


def start(study: Study, person: User | None, **via: Any) -> Run | None:
    """Queue a run of the last version, or find the one that waits or runs; None of a study without a version."""
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study.pk)  # who asks at the same time waits, and finds the run
        version = study.version
        if version is None:
            return None
        under_way = study.runs.filter(version=version, state__in=(Run.State.QUEUED, Run.State.RUNNING)).first()
        if under_way is not None:
            return under_way
        made = Run.objects.create(study=study, version=version, by=person)
        note("ran", person, study=study, run=made.pk, version=version.number, **via)
    return made


def stop(run: Run, person: User | None, **via: Any) -> Run:
    """Ask a run to end: one that waits ends at once, one that is over stays as it is."""
    if run.over:
        return run
    Run.objects.filter(pk=run.pk).update(stop=True)
    run.refresh_from_db()
    if run.state == Run.State.QUEUED:
        run.end(Run.State.CANCELLED)
        run.refresh_from_db()
    note("stopped a run", person, study=run.study, run=run.pk, **via)
    return run


def publish(release: Release, to: str, person: User | None, **via: Any) -> None:
    """Show a release to an audience, in the place of the one of its wave that was shown before."""
    now = timezone.now()
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=release.study_id)  # two who publish at once take turns
        release.study.shown.filter(wave=release.wave).exclude(pk=release.pk).update(withdrawn=now)
        Release.objects.filter(pk=release.pk).update(published=now, withdrawn=None, audience=to)
        note("published", person, study=release.study, wave=release.wave, release=release.key, to=to, **via)


def withdraw(study: Study, wave: str, person: User | None, **via: Any) -> None:
    """Show a wave to nobody any more."""
    with transaction.atomic():
        if study.shown.filter(wave=wave).update(withdrawn=timezone.now()):
            note("withdrew", person, study=study, wave=wave, **via)
