"""What was done in an organisation, as its administrators read it: each line in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from vigie.language import Words
from vigie.store.models import Entry, User
from vigie.web.frame import ROLES, Said, words_of
from vigie.web.log_words import ACTIONS, AUDIENCES, DETAILS, PAGES
from vigie.web.pages.tokens import MEANT
from vigie.web.routes import Request

PAGE = 50  # lines
LOOKED, CHANGED = ("saw", "exported"), "changed"  # kinds of lines: two actions, and all others
CODED: dict[str, Mapping[Any, str]] = {"page": PAGES, "role": ROLES, "to": AUDIENCES, "scopes": MEANT}
SHORT = 8  # characters by which a release is told from others
NOBODY = "–"  # whose account was erased


def log(request: Request) -> HttpResponse:
    """The lines, the last first."""
    of, words = request.organisation, words_of(request)
    found = Entry.objects.filter(organisation=of.pk).order_by("-pk")
    kind = request.GET.get("kind", "")
    if kind in LOOKED:
        found = found.filter(action=kind)
    elif kind == CHANGED:
        found = found.exclude(action__in=LOOKED)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    numbers = {n for e in page for n in (e.person, e.detail.get("member")) if n is not None}
    names = {u.pk: str(u) for u in User.objects.filter(pk__in=numbers)}
    studies = {s.pk: s.slug for s in of.studies.all()}
    entries = [
        (e.at, names.get(e.person or 0, NOBODY), words.gettext(ACTIONS[e.action]) if e.action in ACTIONS else e.action,
         studies.get(e.study or 0, ""), " · ".join(_details(e, names, words)))
        for e in page
    ]  # fmt: skip
    said = Said(words)
    kinds = [(k, said[f"log_{k or 'all'}"]) for k in ("", *LOOKED, CHANGED)]
    told = {"organisation": of, "entries": entries, "page": page, "kinds": kinds, "kind": kind}
    return render(request, "log.html", told)


def _details(entry: Entry, names: Mapping[int, str], words: Words) -> Iterator[str]:
    """`role: client`: what was noted beside an action, but for what is empty."""
    detail = entry.detail
    for key in [*filter(detail.__contains__, DETAILS), *(k for k in detail if k not in DETAILS)]:
        value = detail[key]
        values = value if isinstance(value, list) else [value]
        text = ", ".join(_value(key, one, names, words) for one in values)
        if text:
            name = words.gettext(DETAILS[key]) if key in DETAILS else key
            yield words.gettext("{name}: {value}", name=name, value=text)


def _value(key: str, value: Any, names: Mapping[int, str], words: Words) -> str:
    if value in CODED.get(key, ()):
        return words.gettext(CODED[key][value])
    match key:
        case "member":
            return names.get(value, NOBODY)
        case "release":
            return str(value)[:SHORT]
        case "token":
            return f"{value}…"
        case "table":
            return _table(str(value))
    return str(value)


def _table(query: str) -> str:
    """What a table stands for, from its address: `satisfied × channel, sex`."""
    asked = parse_qs(query)
    sides = (", ".join(asked.get(side, [])) for side in ("rows", "columns"))
    return " × ".join(filter(None, sides)) + "".join(f" ({one})" for one in asked.get("where", []))
