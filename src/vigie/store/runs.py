"""Work in the background: a run turns a version of a study into releases, and can be followed, stopped and tried again.

A run is queued, then claimed by one worker, which computes in a process of its own. The lock that these two hold on the
run's file, from before it is claimed, tells a living run from one that died with the machine.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from vigie.store.people import User
from vigie.store.studies import Study, Version


class Run(models.Model):
    """One run of a study."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    study = models.ForeignKey(Study, models.CASCADE, related_name="runs")
    version = models.ForeignKey(Version, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=200, blank=True)
    log = models.TextField(blank=True)
    problems = models.JSONField(default=list)  # of the study or its files, as `vigie run` tells them
    stop = models.BooleanField(default=False)  # somebody asked to
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    queued = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("state", "queued", name="runs_waiting")]

    def __str__(self) -> str:
        return f"{self.version}, {self.state}"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    def end(self, state: Run.State, **further: object) -> None:
        """Say how it ended, once: what ended before stays as it was told."""
        Run.objects.filter(pk=self.pk, state__in=(self.State.QUEUED, self.State.RUNNING)).update(
            state=state, step="", ended=timezone.now(), **further
        )


def waiting() -> Run | None:
    """The run that has waited longest; None where none waits."""
    return Run.objects.filter(state=Run.State.QUEUED, stop=False).order_by("queued", "pk").first()


def take(run: Run) -> bool:
    """Claim a run that waits; no two workers get the same."""
    return bool(
        Run.objects.filter(pk=run.pk, state=Run.State.QUEUED, stop=False).update(
            state=Run.State.RUNNING, started=timezone.now()
        )
    )
