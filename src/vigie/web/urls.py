"""The map of the site on one screen: every address, what answers, and the right that it needs."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.access import Right
from vigie.web.pages import (
    account,
    beginning,
    data,
    editor,
    explorer,
    figures,
    files,
    front,
    log,
    organisation,
    privacy,
    standings,
    studies,
    tokens,
    verbatims,
    versions,
    workshop,
)
from vigie.web.routes import Route, patterns

STUDY = "s/<slug:organisation>/<slug:study>/"
WAVE = STUDY + "<str:wave>/"
BOTH = ("GET", "POST")

ROUTES = (
    # for everybody
    Route("", front.home, "home", Right.ANYBODY),
    Route("language", front.language, "language", Right.ANYBODY, ("POST",)),
    Route("invitation/<str:key>", account.invitation, "invitation", Right.ANYBODY, BOTH),
    Route("health", front.health, "health", Right.ANYBODY),
    # one's own account
    Route("account", account.account, "account", Right.SIGNED_IN, BOTH),
    Route("account/tokens", tokens.tokens, "tokens", Right.SIGNED_IN, BOTH),
    Route("account/data", privacy.data, "account_data", Right.SIGNED_IN),
    Route("account/erase", privacy.leave, "account_erase", Right.SIGNED_IN, BOTH),
    Route("demonstration", account.demonstration, "demonstration", Right.ANYBODY),
    Route("see-as", account.see_as, "see_as", Right.SIGNED_IN, ("POST",)),
    # an organisation
    Route("o/<slug:organisation>/people", organisation.people, "people", Right.MEMBERS, BOTH),
    Route("o/<slug:organisation>/log", log.log, "log", Right.AUDIT),
    Route("o/<slug:organisation>/new", studies.new, "study_new", Right.EDIT, BOTH),
    Route("o/<slug:organisation>/begin", beginning.begin, "study_begin", Right.EDIT, BOTH),
    # the study itself, for analysts
    Route(STUDY + "-/", workshop.workshop, "workshop", Right.EDIT),
    Route(STUDY + "-/files", workshop.new_file, "study_new_file", Right.EDIT),
    Route(STUDY + "-/files/<path:name>", editor.edit, "study_file", Right.EDIT, BOTH),
    Route(STUDY + "-/check", editor.check, "study_check", Right.EDIT, ("POST",)),
    Route(STUDY + "-/suggest", editor.suggest, "study_suggest", Right.EDIT, ("POST",)),
    Route(STUDY + "-/versions/<int:number>", versions.version, "study_version", Right.EDIT, BOTH),
    Route(STUDY + "-/data", data.data, "study_data", Right.EDIT, BOTH),
    Route(STUDY + "-/runs", studies.runs, "runs", Right.RUN, BOTH),
    Route(STUDY + "-/publish", studies.publish, "publish", Right.PUBLISH, ("POST",)),
    # what a wave found
    Route(STUDY, figures.study, "study", Right.METHOD),
    Route(WAVE, figures.page("overview"), "overview", Right.READ),
    Route(WAVE + "channels/", figures.page("channels"), "channels", Right.READ),
    Route(WAVE + "channels/<slug:channel>", figures.channel, "channel", Right.READ),
    Route(WAVE + "figures/", figures.of_indicators, "figures", Right.READ),
    Route(WAVE + "league/", figures.page("league"), "league", Right.READ),
    Route(WAVE + "league/standings", standings.brand_table, "standings", Right.READ),
    Route(WAVE + "league/compare", standings.compare, "compared", Right.READ),
    Route(WAVE + "brands/", figures.page("brands"), "brands", Right.READ),
    Route(WAVE + "brands/<path:brand>", figures.brand, "brand", Right.READ),
    Route(WAVE + "reviews/", figures.page("reviews"), "reviews", Right.READ),
    Route(WAVE + "verbatims/", verbatims.verbatims, "verbatims", Right.QUOTE),
    Route(WAVE + "tables/", figures.page("tables"), "tables", Right.READ),
    Route(WAVE + "method/", figures.page("method"), "method", Right.METHOD),
    Route(WAVE + "explore/", explorer.explore, "explore", Right.EXPLORE, BOTH),
    Route(WAVE + "explore/<str:key>", explorer.saved, "view", Right.EXPLORE),
    Route(WAVE + "files/<str:name>", files.download, "file", Right.EXPORT),
)

# what the sign-in would bring along, and is not there where people are invited: signing up, choosing an address
CLOSED = ("accounts/signup/", "accounts/email/", "accounts/confirm-email/", "accounts/3rdparty/")

urlpatterns = [
    *patterns(ROUTES),
    path("api/v1/", include("vigie.web.api.urls")),  # a table of its own
    *(path(address, front.not_found) for address in CLOSED),
    path("accounts/", include("allauth.urls")),
]
handler400 = "vigie.web.pages.front.refused"
handler404 = "vigie.web.pages.front.not_found"
handler403 = "vigie.web.pages.front.forbidden"
handler429 = "vigie.web.pages.front.too_often"  # of the sign-in
handler500 = "vigie.web.pages.front.failed"
