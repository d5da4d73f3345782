"""The grammar of the four sources: what a study may say of reviews, tests, a log and printed waves, and may not."""

from __future__ import annotations

import pytest

from small import edit, loaded, write
from vigie.study.fields import GRAIN, fields
from vigie.study.identity import indicator_identity
from vigie.study.loading import load_study
from vigie.study.pieces import pieces
from vigie.study.waves import FILE_KEYS

STUDY = """\
study: sources
title: Sources
channels: [phone, email]
brands: brands.csv
banner: [used]
questions:
  - {id: used, kind: multiple, label: Used, options: channels, nets: {spoken: {label: Spoken, of: [phone]}}}
  - id: trust
    kind: grid
    label: Trust
    items: {speed: Speed, tone: Tone}
    scale: {from: 1, to: 5, low: Bad, high: Good}
    boxes: {top: {label: Top, from: 4, to: 5}}
  - {id: hoped, kind: scale, label: Hoped, scale: {from: 0, to: 10, low: Bad, high: Good}}
  - {id: got, kind: scale, label: Got, scale: {from: 0, to: 10, low: Bad, high: Good}}
  - {id: order, kind: ranking, label: Order, options: channels, places: 2}
  - {id: best, kind: mention, label: Best}
  - {id: why, kind: single, label: Why, options: {price: Price, other: Other}, specify: other}
  - {id: story, kind: open, label: Story}
  - {id: bot, kind: single, label: Bot, options: {alone: Alone, human: Human, lost: Lost}}
indicators:
  - {id: trusted, share: trust >= 4, by: trust}
  - {id: gap, gap: {expected: hoped, experienced: got}}
  - {id: first, share: order, top: 2}
  - {id: place, mean: order}
  - {id: named, mentions: best}
  - {id: angry, share: polarity(story) == negative}
  - {id: force, index: intensity(story), base: polarity(story) == negative, reference: "2023"}
  - {id: solved_by, funnel: bot}
  - {id: solved, funnel: {bot: bot == alone, other: bot != alone}, states: {bot: The bot alone}}
  - {id: stars, source: reviews, mean: stars, by: [brand, platform]}
  - {id: told, source: reviews, mentions: text}
  - {id: found, source: mystery, share: clear == yes, by: sector}
  - {id: reply, source: mystery, time_to: answered_at, within: [1 h, 7 d], cutoff: 7 d, by: channel}
  - {id: closed, source: log, share: resolved == yes, base: answered == yes, by: [channel, topic]}
  - {id: waited, source: log, time_to: wait}
mystery: {questions: [{id: clear, kind: single, label: Clear, options: {yes: Yes, no: No}}]}
reviews: {questions: [{id: product, kind: category, label: Product}], show: {hide: 5, fragile: 20}}
log: {questions: [{id: topic, kind: category, label: Topic}]}
imports:
  site: {brand: b, stars: s, columns: {product: p}}
  desk: {case: id, kind: {from: k, codes: {1: opened}}, at: t, only_channel: phone}
  visits: {test: t, brand: {from: [country, bank], join: "-"}, only_channel: phone, columns: {clear: c}}
  panel:
    respondent: r
    weight: w
    status: {from: st, codes: {1: complete}}
    columns: {trust: "T{item}", order: [R1, R2]}
waves:
  - {id: "2011", published: printed.csv}
  - {id: "2023", files: {survey: {path: survey.csv, import: panel}}, interviews: {past: got}, weights: as_given}
  - id: "2024"
    files:
      reviews: {path: reviews.csv, import: site}
      log: {path: log.csv, import: desk}
      tests: {path: visits.csv, import: visits}
"""
PRINTED = "indicator,used,state,value,unit,n,source\nsolved,,bot,40,%,,Report\nsolved,,other,60,%,,Report\n"
FILES = {
    "study.yaml": STUDY, "printed.csv": PRINTED, "brands.csv": "brand,name,sector\nondine,Ondine,energy\n",
    "survey.csv": "r\n1\n", "reviews.csv": "b,s\nOndine,4\n", "log.csv": "id,k,t\n1,1,2024-01-01\n",
    "visits.csv": "t\n1\n",
}  # fmt: skip
S, P = "study.yaml", "printed.csv"
CASES: list[tuple[str, str, str, str, str]] = [
    (S, "mean: stars, by: [brand, platform]", "mean: star", "expression", 'Did you mean "stars"'),
    (S, "by: [brand, platform]", "by: [brand, platfrom]", "unknown-name", 'Did you mean "platform"'),
    (S, "mentions: text}", "mentions: text, by: [platform, brand]}", "wrong-value", 'Take "brand" out'),
    (S, "share: resolved == yes, base", "share: channels, base", "wrong-value", 'Take "channel" out'),
    (S, "by: sector", "by: score", "unknown-name", 'no field of mystery to break by "score"'),
    (S, "time_to: wait", "time_to: waited", "unknown-name", 'Did you mean "wait"'),
    (S, "source: log, time_to: wait", "time_to: wait", "wrong-value", "source: mystery"),
    (S, "cutoff: 7 d", "cutoff: 6 d", "wrong-value", "nothing is known of 7 d"),
    (S, "cutoff: 7 d", "cutoff: a week", "wrong-value", "a number with its unit"),
    (S, "share: order, top: 2", "mean: order, top: 2", "wrong-value", "`top:` goes with `share:`"),
    (S, "top: 2", "top: 3", "wrong-value", "Take at most 2"),
    (S, "share: order, top: 2", "share: used, top: 2", "wrong-value", "not a whole ranking"),
    (S, "polarity(story) == negative}", "polarty(story) == negative}", "expression", 'Did you mean "polarity"'),
    (S, "mentions: best", "mentions: used", "expression", "names no brands"),
    (S, "mentions: text", "mentions: txet", "expression", 'Did you mean "text"'),
    (S, "polarity(story) == negative}", "polarity(story) == bad}", "expression", "no polarity"),
    (S, "polarity(story) == negative}", "polarity(used) == negative}", "expression", "reads a text"),
    (S, "label: Bot,", "label: Bot, ask_if: intensity(story) > 1,", "expression", "routed by what a text"),
    (S, "experienced: got", "experienced: gott", "expression", 'Did you mean "got"'),
    (S, "states: {bot: The bot alone}", "states: {bto: The bot}", "wrong-value", "not a state"),
    (S, 'reference: "2023"', 'reference: "2032"', "unknown-name", 'There is no wave "2032"'),
    (S, "by: trust}", "by: turst}", "unknown-name", 'Did you mean "trust"'),
    (S, "by: trust}", "base: everyone}", "expression", "Say `by: trust`"),
    (S, "from: 4, to: 5}", "from: 4, to: 6}", "wrong-value", "leaves the scale"),
    (S, "of: [phone]", "of: [fone]", "unknown-name", 'Did you mean "phone"'),
    (S, "specify: other", "specify: othr", "unknown-name", 'Did you mean "other"'),
    (S, "places: 2", "places: 3", "wrong-value", "more options than it has"),
    (S, "{id: product, kind", "{id: stars, kind", "duplicate-name", "field of the source"),
    (S, "{id: topic,", "{id: topic, per: {channel: channels},", "loop", "belong to the survey"),
    (S, "{from: k, codes: {1: opened}}", "{from: k, codes: {1: open}}", "unknown-name", 'Did you mean "opened"'),
    (S, "columns: {product: p}", "columns: {produkt: p}", "unknown-name", 'Did you mean "product"'),
    (S, "codes: {1: complete}", "codes: {1: completed}", "unknown-name", 'Did you mean "complete"'),
    (S, 'trust: "T{item}"', "trust: T", "wrong-value", "needs {item}"),
    (S, "only_channel: phone}", "only_channel: fone}", "unknown-name", 'Did you mean "phone"'),
    (S, "import: site", "import: desk", "wrong-value", "reads a log"),
    (S, "interviews: {past: got}", "interviews: {past: gto}", "unknown-name", 'Did you mean "got"'),
    (S, "published: printed.csv", "published: printed.csv, files: {survey: survey.csv}", "wrong-value", "one of them"),
    (S, "{id: clear,", "{id: outcome,", "duplicate-name", "field of the source"),
    (S, "published: printed.csv", "published: prinetd.csv", "file-missing", 'Did you mean "printed.csv"'),
    (P, "bot,40", "bot,56", "funnel-open", "sum to 116.0%"),
    (P, "solved,,bot", "slved,,bot", "unknown-name", 'Did you mean "solved"'),
    (P, "bot,40,%", "bot,40,", "bad-number", "between 0 and 1"),
    (P, "bot,40,%,,Report", "bot,40,%,,Report, page 3", "file-unreadable", "in quotation marks"),
    (P, "bot,40", "bot,forty", "bad-number", "not a number"),
    (P, "%,,Report\nsolved,,other", "%,many,Report\nsolved,,other", "bad-number", "not a count"),
    (P, "solved,,other,60", "solved,,bot,60", "duplicate-name", "printed twice"),
    (P, "indicator,used,state", "indicator,used,stat", "unknown-name", 'Did you mean "state"'),
    (P, "solved,,bot", "solved,fone,bot", "unknown-name", 'Did you mean "phone"'),
    (P, "solved,,bot", "solved,,bto", "unknown-name", 'Did you mean "bot"'),
    (P, "indicator,used", "indicatr,used", "column-missing", "The first line is"),
]  # fmt: skip


def test_a_study_of_all_sources_is_sound(tmp_path):
    study = loaded(write(tmp_path, FILES))
    assert list(study.batteries) == ["trust"]
    assert {"trust_speed", "trust_tone"} <= set(study.questions)
    assert study.waves["2024"].by_source.keys() == {"mystery", "reviews", "log"}
    assert [f.value for f in study.figures["2011"]] == [0.4, 0.6]


@pytest.mark.parametrize(("file", "old", "new", "code", "said"), CASES)
def test_what_does_not_fit_is_told_with_its_remedy(tmp_path, file, old, new, code, said):
    study, problems = load_study(edit(write(tmp_path, FILES), file, (old, new)))
    assert study is None
    assert any(p.code == code and said in str(p) for p in problems), "\n".join(map(str, problems))
    assert all(p.line for p in problems)


def test_an_indicator_by_a_grid_that_is_wrong_itself_is_not_complained_about(tmp_path):
    _, problems = load_study(edit(write(tmp_path, FILES), S, ("kind: grid", "kind: gird")))
    assert [p.code for p in problems] == ["wrong-value"], "\n".join(map(str, problems))


def test_only_the_columns_of_its_own_source_are_names_that_a_question_may_not_bear(tmp_path):
    edits = ("{id: clear,", "{id: duration,"), ("columns: {clear: c}", "columns: {duration: c}")
    study = loaded(edit(write(tmp_path, FILES), S, *edits, ("share: clear == yes", "share: duration == yes")))
    assert "duration" in study.own("mystery")


def test_a_log_may_know_no_channels(tmp_path):
    text = STUDY.partition("questions:")[0].replace("channels: [phone, email]\n", "").replace("banner: [used]\n", "")
    text += 'imports: {desk: {case: id, kind: {from: k, codes: {1: opened}}, at: "t "}}\n'
    text += 'waves: [{id: "2024", files: {log: {path: log.csv, import: desk}}}]\n'
    study = loaded(write(tmp_path, FILES | {"study.yaml": text}))
    assert study.imports["desk"].at.from_ == "t"


def test_a_grid_stands_beside_an_instrument_that_changes_another_question(tmp_path):
    study = write(tmp_path, FILES | {"other.yaml": "questions:\n  - {id: hoped, label: Hoped for}\n"})
    study = loaded(edit(study, S, ("weights: as_given}", "weights: as_given, instrument: other.yaml}")))
    assert "trust_speed" in study.instrument("2023")


def test_an_indicator_by_a_grid_has_an_identity_whatever_its_base_names(tmp_path):
    edits = ("by: trust}", 'by: trust, base: "answered(trust) or answered(hoped)"}')
    study = loaded(edit(write(tmp_path, FILES), S, edits))
    assert indicator_identity(study, study.waves["2023"], study.indicators["trusted"]) is not None


def parts(study, name):
    indicator = study.indicators[name]
    return [(p.kind, p.part) for p in pieces(indicator, study, study.asked(indicator.source))]


def test_indicators_come_down_to_shares_and_means(tmp_path):
    study = loaded(write(tmp_path, FILES))
    assert parts(study, "trusted") == [("share", ("trust", "speed")), ("share", ("trust", "tone"))]
    assert parts(study, "gap") == [("mean", None), *(("share", ("gap", g)) for g in ("above", "at", "below"))]
    assert parts(study, "first") == [("share", ("channel", "phone")), ("share", ("channel", "email"))]
    assert parts(study, "solved") == [("share", ("state", "bot")), ("share", ("state", "other"))]
    assert parts(study, "told") == parts(study, "reply") == []


def test_an_automatic_reading_is_part_of_the_identity_of_what_it_reads(tmp_path):
    study = loaded(write(tmp_path, FILES))
    wave = study.waves["2023"]

    def keys(name: str) -> list[str]:
        found = [indicator_identity(study, wave, study.indicators[name], coder) for coder in ("one", "two")]
        return [identity.key for identity in found if identity]

    read, asked = keys("angry"), keys("gap")
    assert read[0] != read[1]
    assert asked[0] == asked[1]


def test_every_source_but_the_survey_has_fields():
    assert set(GRAIN) == set(FILE_KEYS)
    for source in set(GRAIN) - {"survey"}:
        assert {"brand", "sector", "channel"} <= set(fields(source))
