"""Dated editions of the study: which files, which mode, which instrument."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from vigie.results.figures import Source
from vigie.study.declared import Parallel
from vigie.study.text import Code, FolderName, Id, Model, Texts, code, listed

Mode = Literal["web", "phone", "face_to_face", "post", "mixed"]
People = Literal["same", "fresh", "mixed"]


class DataFile(Model):
    """A file of a wave and the import that reads it (none: columns bear the names of the study)."""

    model_config = {**Model.model_config, "populate_by_name": True}
    path: str
    """the file, below the study's folder"""
    import_: Id | None = Field(default=None, alias="import")
    """the import that reads it"""
    panel: Code | None = None
    """of a survey that blends several panels: where the people of this file come from"""


def _files(value: Any) -> Any:
    return [{"path": item} if isinstance(item, str) else item for item in listed(value)]


DataFiles = Annotated[
    list[DataFile],
    BeforeValidator(_files, json_schema_input_type=str | DataFile | list[str | DataFile]),
    Field(min_length=1),
]


class Files(Model):
    """The files of a wave, by source; a source may come in several files of one shape."""

    survey: DataFiles | None = None
    """the survey's file or files"""
    tests: DataFiles | None = None
    """the mystery tests' file or files"""
    reviews: DataFiles | None = None
    """the reviews' file or files; of a wave with `field:`, those published in it"""
    log: DataFiles | None = None
    """the contact log's file or files; of a wave with `field:`, the cases opened in it"""

    @property
    def by_source(self) -> dict[Source, list[DataFile]]:
        """The files of each source that has any."""
        given = {"survey": self.survey, "mystery": self.tests, "reviews": self.reviews, "log": self.log}
        return {source: files for source, files in given.items() if files}  # type: ignore[misc]

    @model_validator(mode="after")
    def _some(self) -> Files:
        if not self.by_source:
            raise ValueError("a wave needs a file: `survey:`, `tests:`, `reviews:` or `log:`")
        return self


FILE_KEYS: dict[Source, str] = {"survey": "survey", "mystery": "tests", "reviews": "reviews", "log": "log"}


class Interviews(Model):
    """Which interviews count, where some were broken off."""

    past: Id
    """the last question that an interview must have reached; those that stopped before it are left out"""


class Wave(Model):
    """One edition of the study."""

    id: FolderName
    """the wave's name, which is also its folder under `out/`"""
    mode: Mode = "web"
    """how people were interviewed; part of every survey figure's identity"""
    panel: Annotated[str, BeforeValidator(code, json_schema_input_type=str | float | bool), Field(max_length=200)] = ""
    """where respondents come from; part of the identity too"""
    people: People | None = None
    """whether people of the wave before answer again: the `same`, `fresh` ones, `mixed`; looked up unless given"""
    population: Texts | None = None
    """who this wave's figures speak of, where not those of the study; part of the identity too"""
    parallel: Parallel | None = None
    """where the wave is a parallel run of another, with another instrument"""
    field: tuple[date, date] | None = None
    """the first and the last day of fieldwork"""
    instrument: str | None = None
    """a file with the questions that this wave asked otherwise"""
    grids: dict[Id, str] = {}
    """the mystery grids of this wave, by channel, where they are not those of the study"""
    interviews: Literal["all", "complete"] | Interviews = "all"
    """which interviews count: `all`, the `complete` ones (by the import's `status:`), or `{past: question}`"""
    weights: Literal["base", "as_given"] = "base"
    """what the file's weights are: `base` weights, raked to the study's margins, or final ones, taken `as_given`"""
    files: Files | None = None
    """its files, by source"""
    published: str | None = None
    """a CSV of printed figures, where that is all there is of the wave"""

    @property
    def by_source(self) -> dict[Source, list[DataFile]]:
        """The files of each source that has any."""
        return self.files.by_source if self.files else {}

    @model_validator(mode="after")
    def _forward(self) -> Wave:
        if (self.files is None) == (self.published is None):
            raise ValueError("a wave has `files:`, or exists only as `published:` figures; one of them")
        if self.panel in get_args(People):
            hint = f"whether they are the same people is told by `people: {self.panel}`"
            raise ValueError(f"`panel:` names where respondents come from; {hint}")
        if self.field and self.field[0] > self.field[1]:
            raise ValueError("the fieldwork ends before it begins")
        return self
