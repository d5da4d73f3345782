"""The names that a study's own parts have, and which of them a setting speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from vigie.study.channels import CHANNELS
from vigie.study.document import Path_
from vigie.study.text import LANGUAGES

Names = dict[str, str]  # with what each is, in words
FUNCTIONS: Names = {
    "any": "some option was chosen", "count": "how many options were chosen", "answered": "there is an answer",
    "dont_know": "the answer is “don’t know”", "refused": "the answer was refused",
    "polarity": "how a text is read: negative, neutral, positive", "intensity": "how strongly, from 0 to 3",
    "everyone": "all people",
}  # fmt: skip
EXPRESSIONS = {"share", "mean", "nps", "funnel", "index", "mentions", "base", "ask_if", "expected", "experienced"}
QUESTIONS = {"banner", "of", "past", "order", "columns", "specify"}
FILES = {"instrument", "brands", "grids", "margins", "published", "survey", "tests", "log", "path"}
_OPTION = re.compile(r"([a-z]\w*)\s*(?:\.|[=!]=|(?:not\s+)?in\s*\[[^\]]*)\s*\Z")


@dataclass(frozen=True)
class Known:
    """What a study names, gathered from its text as it stands, sound or not."""

    questions: Names = field(default_factory=dict)
    options: dict[str, Names] = field(default_factory=dict)  # by question
    indicators: Names = field(default_factory=dict)
    imports: Names = field(default_factory=dict)
    waves: Names = field(default_factory=dict)
    channels: Names = field(default_factory=dict)
    files: Names = field(default_factory=dict)
    language: str = "fr"  # of the labels

    def with_text(self, value: Any) -> Known:
        """These names and those of a text that is being written."""
        now = known_of(value, [], self.language)
        merged = {f.name: getattr(self, f.name) | getattr(now, f.name) for f in fields(self) if f.name != "language"}
        return Known(**merged, language=self.language)


def known_of(value: Any, files: list[str], language: str = "fr") -> Known:
    """The names in a study's text, which was read as far as it can be."""
    study = value if isinstance(value, Mapping) else {}
    questions: Names = {}
    options: dict[str, Names] = {}
    own = study.get("channels")
    channels = {str(c): "" for c in own} if isinstance(own, list | Mapping) else {}
    for question in _items(study.get("questions")):
        name, label = str(question["id"]), _words(question.get("label"), language)
        items = question.get("items")
        questions[name] = label
        if isinstance(items, Mapping):
            questions |= {f"{name}_{item}": _words(text, language) for item, text in items.items()}
        options[name] = _options(question, channels, language)
    return Known(
        questions, options, _named(study.get("indicators"), language), _keys(study.get("imports")),
        _named(study.get("waves"), language), channels, dict.fromkeys(files, ""), language,
    )  # fmt: skip


def meant(path: Path_, before: str, known: Known) -> Names:
    """The names that may stand at a path; `before` is what stands before them in an expression."""
    named = [step for step in path if isinstance(step, str)]
    last = named[-1] if named else ""
    above = named[-2] if len(named) > 1 else ""
    if last in EXPRESSIONS or above == "funnel":
        option = _OPTION.search(before)
        if option:
            return known.options.get(option[1], {})
        return known.questions | FUNCTIONS
    if last in QUESTIONS or above in ("columns", "per", "specify") or (above == "drivers" and last == "by"):
        return known.questions
    if last == "by":
        return {"channel": "", "brand": "", "sector": ""} | known.questions
    if last == "import":
        return known.imports
    if above == "codes" or last == "codes":
        return _codes(path, known)
    if last == "wave":
        return known.waves
    if last in ("channels", "channel_weights") or above == "grids":
        return {c: told.fr for c, told in CHANNELS.items()} if last == "channels" else known.channels
    if last in ("from", "to") and above == "channel_weights":
        return known.indicators
    return known.files if last in FILES else {}


def _codes(path: Path_, known: Known) -> Names:
    """The codes of the question whose column an import maps."""
    return next((known.options[step] for step in path if isinstance(step, str) and step in known.options), {})


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [i for i in value if isinstance(i, Mapping) and i.get("id")] if isinstance(value, list) else []


def _named(value: Any, language: str) -> Names:
    return {str(item["id"]): _words(item.get("label"), language) for item in _items(value)}


def _keys(value: Any) -> Names:
    return {str(key): "" for key in value} if isinstance(value, Mapping) else {}


def _options(question: Mapping[str, Any], channels: Names, language: str) -> Names:
    given = question.get("options")
    if given == "channels":
        return channels
    return {str(c): _words(t, language) for c, t in given.items()} if isinstance(given, Mapping) else {}


def _words(value: Any, language: str) -> str:
    """A label in the language of the page, or any that there is."""
    if isinstance(value, Mapping):
        order = (language, *LANGUAGES)
        value = next((value[code] for code in order if value.get(code)), "")
    return value if isinstance(value, str) else ""
