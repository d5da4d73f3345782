"""What a person declares of two waves: that a change between them is harmless, or that two waves ran side by side."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, model_validator

from vigie.study.text import Code, Model, Texts, listed


class _Told(Model):
    """A declaration needs its reason: the methodology sheet prints it."""

    reason: Texts
    """why, in words that readers see on the methodology sheet"""

    @model_validator(mode="after")
    def _says_something(self) -> _Told:
        if not all(text.strip() for text in self.reason.values()):
            raise ValueError("a declaration needs its reason in words")
        return self


class SameAs(_Told):
    """What changed right after a wave is declared harmless: the trend goes on. Later changes are not covered."""

    wave: Code
    """the last wave before the change"""


Declarations = Annotated[
    list[SameAs], BeforeValidator(listed, json_schema_input_type=SameAs | list[SameAs])
]  # one mapping, or several


class Parallel(_Told):
    """A parallel run: this wave measured beside another, at the same time, with another instrument.

    The difference between the two is the effect of the instrument alone, with its uncertainty; it links the series.
    """

    to: Code
    """the wave beside which it ran"""
