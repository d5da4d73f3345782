"""The words of the log: what somebody did, and the names of what was noted beside it."""

from __future__ import annotations

from vigie.language import N_

ACTIONS = {
    "saw": N_("saw"), "exported": N_("took away"), "brought in": N_("brought in"), "began": N_("began a study"),
    "changed": N_("changed a file"), "brought data": N_("brought data"), "took back": N_("took back a version"),
    "ran": N_("ran"), "stopped a run": N_("stopped a run"), "published": N_("published"), "withdrew": N_("withdrew"),
    "kept a table": N_("kept a table"), "made a token": N_("made a token"), "revoked a token": N_("revoked a token"),
    "joined": N_("joined"), "invited": N_("invited"), "withdrew an invitation": N_("withdrew an invitation"),
    "changed a member": N_("changed a member"), "took out a member": N_("took out a member"),
    "took their data": N_("took their data"), "erased their account": N_("erased their account"),
}  # fmt: skip
DETAILS = {
    "page": N_("page"), "wave": N_("wave"), "channel": N_("channel"), "table": N_("table"), "member": N_("member"),
    "name": N_("name"), "file": N_("file"), "files": N_("files"), "format": N_("format"), "version": N_("version"),
    "equal": N_("equal to version"), "template": N_("template"), "run": N_("run no."), "release": N_("release"),
    "to": N_("shown to"), "role": N_("role"), "studies": N_("studies"), "brand": N_("brand"),
    "token": N_("token"), "scopes": N_("it may"),
}  # fmt: skip
PAGES = {  # what was seen: pages of the site, and calls of the API
    "study": N_("Study"), "overview": N_("Overview"), "channels": N_("Channels"), "channel": N_("Channel"),
    "figures": N_("Figures"), "league": N_("Ranking"), "standings": N_("Table of the ranking"),
    "compared": N_("Compared brands"), "brands": N_("Brands"), "brand": N_("Brand"), "reviews": N_("Reviews"),
    "verbatims": N_("Verbatims"), "tables": N_("Tables"), "method": N_("Method"), "explore": N_("Explore"),
    "studies": N_("Studies"), "waves": N_("Waves"), "wave": N_("Wave"), "estimates": N_("Figures"),
    "rankings": N_("Ranking"), "scores": N_("Scores"), "table": N_("Table"),
}  # fmt: skip
AUDIENCES = {"readers": N_("readers"), "public": N_("everybody")}
