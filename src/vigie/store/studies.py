"""Studies on the site: versions of their folder, the releases that were made of their waves, and saved views.

What people answered stays in files: the database knows where a release is, and under which hash of its facts.
"""

from __future__ import annotations

import secrets

from django.db import models

from vigie.store.organisations import Organisation
from vigie.store.people import User


class Study(models.Model):
    """A study of an organisation; its versions are folders under the site's home."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="studies")
    slug = models.SlugField(max_length=80)
    title = models.JSONField(default=dict)  # by language
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "studies"
        constraints = [models.UniqueConstraint("organisation", "slug", name="one_study_of_a_name")]

    def __str__(self) -> str:
        return self.slug

    @property
    def version(self) -> Version | None:
        """The last version."""
        return self.versions.order_by("-number").first()

    @property
    def shown(self) -> models.QuerySet[Release]:
        """The releases that readers see, one of a wave."""
        return self.releases.filter(published__isnull=False, withdrawn__isnull=True)


class Version(models.Model):
    """A state of a study's folder, which never changes: another state is another version."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # of all files of the folder
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("study", "number", name="one_version_of_a_number")]

    def __str__(self) -> str:
        return f"{self.study} {self.number}"


class Release(models.Model):
    """The results and reports that a run made of a wave; readers see it while it is published."""

    class Audience(models.TextChoices):
        """Who sees a published release: those to whom the study was granted, or everybody."""

        READERS = "readers"
        PUBLIC = "public"

    study = models.ForeignKey(Study, models.CASCADE, related_name="releases")
    version = models.ForeignKey(Version, models.CASCADE, related_name="releases")
    wave = models.CharField(max_length=60)
    position = models.PositiveIntegerField()  # of the wave among those of the study
    key = models.CharField(max_length=64)  # of the release's folder
    snapshot = models.CharField(max_length=64, blank=True)  # of the facts; none of a wave known from printed figures
    made = models.DateTimeField(auto_now_add=True)
    published = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.READERS)

    class Meta:
        constraints = [models.UniqueConstraint("study", "wave", "key", name="one_release_of_a_key")]
        indexes = [models.Index("study", "wave", "published", name="releases_shown")]

    def __str__(self) -> str:
        return f"{self.study} {self.wave} {self.key}"

    @property
    def fielded(self) -> bool:
        """Whether it has facts of its own; a wave that is known from printed figures has none."""
        return bool(self.snapshot)

    @property
    def shown(self) -> bool:
        """Whether readers see it."""
        return self.published is not None and self.withdrawn is None


def view_key() -> str:
    return secrets.token_urlsafe(16)


class View(models.Model):
    """A table that somebody asked for, kept under a name; whoever may ask for tables of the study may open it."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="views")
    key = models.CharField(max_length=24, unique=True, default=view_key)
    name = models.CharField(max_length=120)
    request = models.JSONField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="views")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
