"""Bases in words: who was asked, read from the expressions of a study."""

from __future__ import annotations

import re

from vigie.language import shortened
from vigie.report.edition import Edition

MOST = 60  # characters of a question that a base quotes


def base_words(edition: Edition, written: str) -> str:
    """A base in words where it is simple enough, else as it is computed."""
    words = edition.words
    if written in ("", "everyone"):
        return words.gettext("all respondents")
    if written == "complete tests":
        return words.gettext("complete tests")
    told = [_condition(edition, part.strip()) for part in re.split(r"\band\b", written)]
    if "or" in written.split() or "not" in written.split() or not all(told):
        return words.typeset(written)
    return words.gettext("respondents who {conditions}", conditions=words.gettext(" and ").join(told))


def of_records(edition: Edition, written: str) -> str:
    """The base of figures on tests, reviews or cases, in words where it is one condition on one field."""
    words = edition.words
    if written == "complete tests":
        return words.gettext("complete tests")
    if (found := re.fullmatch(r"(\w+)(?:\s*==\s*(\w+)|\s+in\s+\[([\w\s,]+)\])", written)) is None:
        return words.typeset(written)
    codes = (found[2] or found[3]).replace(" ", "").split(",")
    labels = [edition.words.gettext("“{text}”", text=edition.label(f"{found[1]}:{code}")) for code in codes]
    either = words.gettext(" or ").join(labels)
    return words.gettext("{question}: {answers}", question=_question(edition, found[1]), answers=either)


def _condition(edition: Edition, written: str) -> str:
    """One condition on one question, as what people did; nothing where it says more than that."""
    words = edition.words
    if asked := re.fullmatch(r"any\((\w+)\)", written):
        return words.gettext("chose an answer to “{question}”", question=_question(edition, asked[1]))
    if asked := re.fullmatch(r"answered\((\w+)\)", written):
        return words.gettext("answered “{question}”", question=_question(edition, asked[1]))
    if bound := re.fullmatch(r"(\w+)\s*(>=|<=)\s*(\d+)", written):
        about = {"question": _question(edition, bound[1]), "n": bound[3]}
        if bound[2] == ">=":
            return words.gettext("answered {n} or more to “{question}”", **about)
        return words.gettext("answered {n} or less to “{question}”", **about)
    if span := re.fullmatch(r"(\w+)\s+in\s+(\d+)\s*\.\.\s*(\d+)", written):
        about = {"question": _question(edition, span[1]), "low": span[2], "high": span[3]}
        return words.gettext("answered {low} to {high} to “{question}”", **about)
    return _answers(edition, written)


def _answers(edition: Edition, written: str) -> str:
    """The labels of the answers that a condition asks for: `used.chatbot`, `age in [a1, a2]`, `sex == f`."""
    found = re.fullmatch(r"(\w+)(?:\.|\s*==\s*)(\w+)|(\w+)\s+in\s+\[([\w\s,]+)\]", written)
    if found is None:
        return ""
    asked, codes = found[1] or found[3], (found[2] or found[4]).replace(" ", "").split(",")
    labels = [_option(edition, asked, code) for code in codes]
    if not all(labels):
        return ""
    quoted = [edition.words.gettext("“{text}”", text=label) for label in labels]
    either = edition.words.gettext(" or ").join(quoted)
    return edition.words.gettext(
        "answered {answers} to “{question}”", answers=either, question=_question(edition, asked)
    )


def _option(edition: Edition, asked: str, code: str) -> str:
    """An answer's label, which for channels stands with the channels."""
    labels = edition.results.labels
    key = next((key for key in (f"{asked}:{code}", f"channel:{code}") if key in labels), "")
    return edition.label(key) if key else ""


def _question(edition: Edition, asked: str) -> str:
    named = edition.label(asked) if asked in edition.results.labels else asked
    return shortened(named, MOST)
