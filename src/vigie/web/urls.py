"""The map of the site on one screen: every address, what answers, and the right that it needs."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.access import Right as R
from vigie.web.pages import account, figures, files, front, studies
from vigie.web.routes import Route, patterns

STUDY = "s/<slug:organisation>/<slug:study>/"
WAVE = STUDY + "<str:wave>/"
BOTH = ("GET", "POST")

ROUTES = (
    # for everybody
    Route("", front.home, "home", R.ANYBODY),
    Route("language", front.language, "language", R.ANYBODY, ("POST",)),
    Route("invitation/<str:key>", account.invitation, "invitation", R.ANYBODY, BOTH),
    Route("health", front.health, "health", R.ANYBODY),
    # one's own account
    Route("account", account.account, "account", R.SIGNED_IN, BOTH),
    Route("see-as", account.see_as, "see_as", R.SIGNED_IN, ("POST",)),
    # the study itself, for analysts; who somebody is in an organisation is looked up by its pages
    Route("o/<slug:organisation>/new", studies.new, "study_new", R.SIGNED_IN, BOTH),
    Route(STUDY + "-/runs", studies.runs, "runs", R.RUN, BOTH),
    Route(STUDY + "-/publish", studies.publish, "publish", R.PUBLISH, ("POST",)),
    # what a wave found
    Route(STUDY, figures.study, "study", R.METHOD),
    Route(WAVE, figures.overview, "overview", R.READ),
    Route(WAVE + "channels/", figures.channels, "channels", R.READ),
    Route(WAVE + "channels/<slug:channel>", figures.channel, "channel", R.READ),
    Route(WAVE + "league/", figures.league, "league", R.READ),
    Route(WAVE + "brands/", figures.brands, "brands", R.READ),
    Route(WAVE + "brands/<slug:brand>", figures.brand, "brand", R.READ),
    Route(WAVE + "reviews/", figures.reviews, "reviews", R.READ),
    Route(WAVE + "tables/", figures.tables, "tables", R.READ),
    Route(WAVE + "method/", figures.method, "method", R.METHOD),
    Route(WAVE + "files/<str:name>", files.download, "file", R.EXPORT),
)

urlpatterns = [*patterns(ROUTES), path("accounts/", include("allauth.urls"))]
handler404 = "vigie.web.pages.front.not_found"
handler403 = "vigie.web.pages.front.forbidden"
handler500 = "vigie.web.pages.front.failed"
