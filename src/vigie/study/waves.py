"""Dated editions of the study: which files, which mode, which instrument."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from vigie.study.text import FolderName, Id, Model

Mode = Literal["web", "phone", "face_to_face", "post", "mixed"]


class DataFile(Model):
    """A file of a wave and the import that reads it (none: columns bear the names of the study)."""

    model_config = {**Model.model_config, "populate_by_name": True}
    path: str
    """the file, below the study's folder"""
    import_: Id | None = Field(default=None, alias="import")
    """the import that reads it"""


def _files(value: Any) -> Any:
    listed = value if isinstance(value, list) else [value]
    return [{"path": item} if isinstance(item, str) else item for item in listed]


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

    @model_validator(mode="after")
    def _some(self) -> Files:
        if self.survey is None and self.tests is None:
            raise ValueError("a wave needs a `survey:` file, a `tests:` file, or both")
        return self


class Wave(Model):
    """One edition of the study."""

    id: FolderName
    """the wave's name, which is also its folder under `out/`"""
    mode: Mode = "web"
    """how people were interviewed; part of every survey figure's identity"""
    panel: str = ""
    """where respondents come from; part of the identity too"""
    field: tuple[date, date] | None = None
    """the first and the last day of fieldwork"""
    instrument: str | None = None
    """a file with the questions that this wave asked otherwise"""
    files: Files
    """its files, by source"""

    @model_validator(mode="after")
    def _forward(self) -> Wave:
        if self.field and self.field[0] > self.field[1]:
            raise ValueError("the fieldwork ends before it begins")
        return self
