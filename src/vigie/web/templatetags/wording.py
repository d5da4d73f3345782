"""What the templates of the sign-in, which come with their own words, need to read like the rest of the site."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from vigie.language import speak

register = template.Library()

BROWSERS = {  # by what tells one from the others, which claim to be it
    "Edg/": "Edge", "OPR/": "Opera", "SamsungBrowser/": "Samsung Internet", "Firefox/": "Firefox",
    "FxiOS/": "Firefox", "Chrome/": "Chrome", "CriOS/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "CrOS": "ChromeOS", "Windows": "Windows",
    "Macintosh": "macOS", "Linux": "Linux",
}  # fmt: skip
LONGEST = 60  # characters of a browser that nobody knows


@register.filter
def typeset(text: str) -> str:
    """A text with the apostrophes and spaces of the language; what was safe stays safe."""
    found = re.sub(r"(?<=\w)'(?=\w)", "’", speak(get_language() or "").typeset(str(text)))
    return mark_safe(found) if isinstance(text, SafeString) else found  # noqa: S308 - no sign of HTML was added


@register.filter
def bare(field: Any) -> str:
    """A field of a form without the placeholder that would say its label twice."""
    return str(field.as_widget(attrs={"placeholder": False}))


@register.filter
def browser(agent: str) -> str:
    """`Firefox, Linux`: a browser as people know it."""
    names = [next((name for sign, name in told.items() if sign in agent), "") for told in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, names)) or agent[:LONGEST]
