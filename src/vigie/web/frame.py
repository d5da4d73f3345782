"""What stands around every page: the study's parts, its waves, the language, and who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from vigie.language import N_, Words, speak
from vigie.results.figures import pick
from vigie.store.models import Release
from vigie.web import library
from vigie.web.access import Place, Right
from vigie.web.release_files import named
from vigie.web.routes import Request
from vigie.web.settings import SITE
from vigie.web.site import DEMO
from vigie.web.workshop_words import WORKSHOP

PARTS = {
    "overview": N_("Overview"), "channels": N_("Channels"), "league": N_("Ranking"), "brands": N_("Brands"),
    "reviews": N_("Reviews"), "verbatims": N_("Verbatims"), "tables": N_("Tables"),
    "explore": N_("Explore"), "method": N_("Method"),
}  # fmt: skip


STATES = {
    "queued": N_("waiting"), "running": N_("running"), "done": N_("done"), "failed": N_("failed"),
    "cancelled": N_("stopped"),
}  # fmt: skip
ROLES = {
    "administrator": N_("administrator"), "analyst": N_("analyst"), "controller": N_("controller"),
    "coder": N_("coder"), "tester": N_("tester"), "client": N_("client"), "brand": N_("brand"),
}  # fmt: skip
SAID = {
    "demo": N_("Demonstration with invented figures. See it as"), "skip": N_("Skip to the content"),
    "parts": N_("Parts of the wave"), "sign_in": N_("Sign in"), "sign_out": N_("Sign out"),
    "passkey": N_("Sign in with a passkey"), "sign_in_with": N_("Sign in with"), "new_password": N_("A new password"),
    "reset_hint": N_("Write the address of your account: a link to choose a new password will be sent to it."),
    "no_account": N_("There is no account for you"),
    "no_account_what": N_(
        "Nobody has an account here under an address that the single sign-on calls yours and checked. Ask an "
        "administrator of your organisation to invite that address."
    ),
    "send_link": N_("Send the link"), "look_in_mail": N_("Look in your mail"),
    "link_sent": N_("If there is an account with this address, a link is on its way. It may be among the spam."),
    "sessions_hint": N_("Where you are signed in. Sign out wherever you do not recognise yourself."),
    "this_one": N_("this one"), "since": N_("since"), "last_seen": N_("last seen"),
    "out_elsewhere": N_("Sign out everywhere else"), "opens_alone": N_("without a password"),
    "demonstration": N_("Demonstration"), "in_wave": N_("wave"), "open_wave": N_("Open wave"),
    "before": N_("Earlier waves:"), "run_and_publish": N_("Runs and publication"),
    "studies": N_("Studies"),
    "no_study": N_("No study is open to you yet."), "new_study": N_("New study"), "back": N_("Back to the studies"),
    "run_log": N_("Log"), "runs": N_("Runs"), "save": N_("Save"), "send": N_("Send"), "cancel": N_("Stop"),
    "again": N_("Try again"),
    "publish": N_("Publish"), "withdraw": N_("Withdraw"), "run": N_("Run"), "account": N_("Account"),
    "welcome": N_("Welcome"), "invited": N_("You are invited to join"), "join": N_("Join"), "name": N_("Your name"),
    "memberships": N_("Organisations"), "security": N_("Safety"), "password": N_("Change the password"),
    "factors": N_("Second factor and passkeys"), "sessions": N_("Sessions"), "tokens": N_("Tokens for programs"),
    "send_zip": N_("Send the folder of a study, packed as a zip. It is checked before anything is kept."),
    "archive": N_("Folder of the study, as a zip"), "waves": N_("Waves"), "wave": N_("Wave"), "made": N_("Made"),
    "shown_to": N_("Shown to"), "nobody": N_("nobody"), "everybody": N_("everybody"), "readers": N_("readers"),
    "no_wave": N_("No wave has been run yet."), "explore": N_("Explore"), "source": N_("Source"),
    "rows": N_("Question or indicator"), "columns": N_("By"), "where": N_("Only those who"),
    "where_hint": N_("A condition, as in the study: sex == f and age != a1. Empty: everybody."),
    "files_of": N_("Files of wave"), "compared": N_("Compare columns"), "compare_columns": N_("with each other"),
    "compare_rest": N_("each with the rest"), "compare_agency": N_("as tabulation programs do"),
    "source_hint": N_("After another choice, “Show” brings the lists of that source."),
    "beside": N_("With the waves"), "show": N_("Show"), "view_name": N_("Keep this table under a name"),
    "views": N_("Tables that were kept"),
    "survey": N_("Survey"), "mystery": N_("Mystery tests"), "reviews": N_("Reviews"), "log": N_("Contact log"),
    "people": N_("People"), "hand_over": N_("No mail server is set up. Hand this link, good for seven days, to"),
    "unsent": N_("The mail could not be sent. Hand this link, good for seven days, to"),
    "no_grant": N_("no study"), "change": N_("Edit"), "role": N_("Role"), "sees": N_("Sees the studies"),
    "take_out": N_("Take out"), "invitations": N_("Invited"), "invite": N_("Invite"),
    "until": N_("until"), "invite_somebody": N_("Invite somebody"), "own_brand": N_("Their brand"),
    "own_brand_hint": N_("Its code in the study’s list of brands; for readers of a brand alone."),
    "address": N_("E-mail address"), "done_log": N_("What was done"), "at": N_("When"), "who": N_("Who"),
    "what": N_("What"), "study": N_("Study"), "detail": N_("Detail"), "newer": N_("Newer"), "older": N_("Older"),
    "verbatims": N_("Verbatims"), "words": N_("Words looked for"), "all": N_("all"), "in_context": N_("In context"),
    "words_hint": N_('Beginnings of words, "words as they stand", -without. Accents and capitals do not matter.'),
    "filters": N_("Filters and order"), "pages": N_("Pages"), "earlier": N_("Page before"), "later": N_("Next page"),
    "all_brands": N_("All brands"), "find_brand": N_("A brand or a sector"), "find": N_("Find"),
    "sort_hint": N_("a column is sorted by a click on its head"), "compare": N_("Compare"),
    "compare_hint": N_("up to five brands that are ticked"), "found_none": N_("No brand of that name."),
    "one_more": N_("One more brand"),
    "privacy": N_("Your data"), "take_data": N_("Take away all that the site knows of you"),
    "erase": N_("Erase the account"), "erase_confirm": N_("To confirm, write your address:"),
    "erase_what": N_(
        "Your name, address, memberships, second factors and sessions are removed at once, and nobody can bring them "
        "back. Studies, runs and tables that you kept stay with the organisation, without you."
    ),
    "erase_held": N_("You administer these organisations alone. Make somebody else an administrator first:"),
    "log_all": N_("Everything"), "log_saw": N_("Seen"), "log_exported": N_("Taken away"),
    "log_changed": N_("Changed"), "log_kinds": N_("Entries"),
    **STATES, **ROLES, **WORKSHOP,
}  # fmt: skip


class Said:
    """The words of templates, by name."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __getitem__(self, name: str) -> str:
        return self.words.gettext(SAID[name])


NEEDED = {"explore": Right.EXPLORE, "method": Right.METHOD, "verbatims": Right.QUOTE}  # all others: to read


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the bar."""

    text: str
    address: str
    here: bool


def words_of(request: HttpRequest) -> Words:
    """The language of the page."""
    return speak(getattr(request, "LANGUAGE_CODE", "fr"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every template may use."""
    words = words_of(request)
    told: dict[str, Any] = {"said": Said(words), "language": words.code}
    readers = [(email, words.gettext(ROLES[role])) for role, email in DEMO.items()]
    return told | ({"demo": readers} if SITE.demo else {})


def names(place: Place, wave: str = "", **more: str) -> dict[str, str]:
    """The parts of an address."""
    told = {"organisation": place.study.organisation.slug, "study": place.study.slug}
    return told | ({"wave": wave} if wave else {}) | more


def bar(place: Place, wave: str, parts: Sequence[str], here: str, words: Words) -> list[Item]:
    """The parts of a wave that the visitor may open."""
    return [
        Item(words.gettext(PARTS[name]), reverse(name, kwargs=names(place, wave)), name == here)
        for name in PARTS
        if name in parts and place.opening(NEEDED.get(name, Right.READ), wave)
    ]


def door(place: Place, wave: str, wished: str = "overview") -> str:
    """The part of a wave that somebody is led to: the one they wish for, or the first that they may open; else none."""
    first = (wished, "overview", "method")
    return next((name for name in first if place.opening(NEEDED.get(name, Right.READ), wave)), "")


def to_door(request: Request, wave: str) -> HttpResponse:
    """Lead to the first part of a wave, from one that it lacks: waves are gone through on the same part."""
    place = request.place.instead_of or request.place
    return redirect(reverse(door(place, wave), kwargs=names(place, wave)))


def title_of(place: Place, words: Words) -> str:
    """The study's name."""
    return words.typeset(pick(place.study.title, words.code) or place.study.slug)


def framed(place: Place, release: Release, part: str, words: Words, query: str = "") -> dict[str, Any]:
    """What stands around every page of a wave: the bar, the study's name, other waves on the same page, the files."""
    parts, whole = library.parts(place, release, words.code), place.instead_of or place
    waves = [(one, door(whole, one.wave, part)) for one in reversed(whole.waves)]
    files = named(release, words) if whole.may(Right.EXPORT) else []
    return {
        "taken": [(text, reverse("file", kwargs=names(place, release.wave, name=name))) for name, text in files],
        "bar": bar(whole, release.wave, parts, part, words), "place": place, "study_title": title_of(place, words),
        "waves": [(one, reverse(name, kwargs=names(place, one.wave)) + query) for one, name in waves if name],
        "wave": release,
    }  # fmt: skip
