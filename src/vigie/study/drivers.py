"""Key drivers: which questions go together with an overall mark, as a study asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from vigie.study.indicators import EVERYONE
from vigie.study.questions import Battery, Question
from vigie.study.text import Id, Model, Texts, keyed

MOST = 15  # questions, every subset of which `shapley` looks at


def _question_list(value: Any) -> Any:
    """`by:` as a list of ids, as one id, or as ids with words of the study's own."""
    return keyed([value] if isinstance(value, str) else value, "question names")


class KeyDrivers(Model):
    """How much each of several marks goes together with an overall mark, and how high each one is."""

    id: Id
    """the name of the analysis"""
    label: Texts | None = None
    """what the overall mark tells, in words: 'Overall satisfaction'; the wording of its question unless given"""
    of: Id
    """the overall mark: a scale or a number, asked once"""
    by: Annotated[
        dict[Id, Texts | None],
        BeforeValidator(_question_list, json_schema_input_type=str | list[str] | dict[str, Texts | None]),
    ] = Field(min_length=1)
    """the questions that may go with it: scales or numbers asked once, or a grid of scales; with words if wanted"""
    method: Literal["shapley", "johnson", "penalty_reward"] = "shapley"
    """`shapley`, `johnson` (relative weights, for many questions) or `penalty_reward` (low and high marks)"""
    low: float | None = None
    """`penalty_reward`: marks up to this one are low"""
    high: float | None = None
    """`penalty_reward`: marks from this one on are high"""
    base: str = EVERYONE
    """a condition: who is in the base"""
    base_label: Texts | None = None
    """the base in words, as readers see it: 'people who made contact'"""

    @model_validator(mode="after")
    def _boxes(self) -> KeyDrivers:
        given = (self.low, self.high) != (None, None)
        if self.method != "penalty_reward" and given:
            raise ValueError("`low:` and `high:` go with `method: penalty_reward`")
        if self.method == "penalty_reward" and (self.low is None or self.high is None):
            raise ValueError("`penalty_reward` needs `low:` and `high:`, the marks that are low and high")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("`low:` is below `high:`")
        return self


def attributes(
    rules: KeyDrivers, batteries: Mapping[str, Battery], questions: Mapping[str, Question]
) -> dict[str, Mapping[str, str]]:
    """The questions of `by:` with their words, each item of a grid as one; those that do not exist are left out."""
    found: dict[str, Mapping[str, str]] = {}
    for name, words in rules.by.items():
        if name in batteries:
            items = {f"{name}_{item}": texts for item, texts in batteries[name].items.items()}
            found |= {question: texts for question, texts in items.items() if question in questions}
        elif name in questions:
            found[name] = words or questions[name].label
    return found
