"""One thing that two waves did otherwise, before it is known whom it touches, and how a language says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from vigie.language import LANGUAGES, N_, Words
from vigie.results.figures import Texts
from vigie.study.model import Study
from vigie.study.text import in_language, normalised


class Said(NamedTuple):
    """What was or is, in Vigie's own words: the code that results hold, and how a language says it.

    What the study says itself (a label, the name of a panel) is plain text, and never translated.
    """

    code: str
    say: Callable[[Words], str]


Told = str | Said
Change = tuple[str, Told, Told]  # a rule, what was, what is


@dataclass(frozen=True, slots=True)
class Found:
    """A difference before it is known whom it touches."""

    rule: str
    of: Literal["question", "wave", "grid", "indicator"]
    subject: str
    label: Texts
    before: Told = ""
    now: Told = ""
    among: tuple[str, ...] | None = None  # the indicators that it can touch, where these are not all of them


def coded(code: str, message: str) -> Said:
    """A code with the message, marked for translation, that says it."""
    return Said(code, lambda words: words.gettext(message))


NOT_TOLD = coded("not told", N_("not told"))
NOTHING = coded("nothing", N_("none"))


def telling_language(study: Study, *pairs: tuple[Mapping[str, str], Mapping[str, str]]) -> str:
    """The language in which texts that differ are seen to differ.

    The first of the fieldwork in which more than spaces and quotes do; else the first of all in which anything does.
    """
    fieldwork = study.header.languages

    def differ(language: str, form: Callable[[str], str]) -> bool:
        return any(form(in_language(was, language)) != form(in_language(now, language)) for was, now in pairs)

    told = (language for language in fieldwork if differ(language, normalised))
    retyped = (language for language in (*fieldwork, *LANGUAGES) if differ(language, str))
    return next(told, None) or next(retyped, fieldwork[0])
