"""The sections of the log, the delays, the reviews and the texts: what they say, and what they must not say."""

import dataclasses

import pytest

from report import all_sources, sample
from report.pages import page, read
from vigie.report.blocks import Chart, KeyFigures, Ranking, Section, Table, Text, Title
from vigie.report.compose import compose
from vigie.report.drawings import Curve, Figure, Multiples, Panorama, Stack


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def section(anchor, results=None, *, earlier=None, language="fr"):
    """The blocks of one section."""
    results = all_sources.results() if results is None else results
    found, inside = [], False
    for block in compose(results, all_sources.earlier() if earlier is None else earlier, language).blocks:
        if isinstance(block, Section):
            inside = block.anchor == anchor
        elif inside:
            found.append(block)
    return found


def of(kind, blocks):
    return [block for block in blocks if isinstance(block, kind)]


def charts(spec, blocks):
    return [chart for chart in of(Chart, blocks) if isinstance(chart.spec, spec)]


def without(*indicators):
    kept = tuple(e for e in all_sources.results().estimates if e.indicator not in indicators)
    return dataclasses.replace(all_sources.results(), estimates=kept)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_all_sections_stand_in_reading_order_and_a_long_report_has_contents(language):
    document = compose(all_sources.results(), all_sources.earlier(), language)
    anchors = [b.anchor for b in document.blocks if isinstance(b, Section)]
    assert anchors == ["channels", "sources", "trends", "ranking", "tests", "delays", "log", "reviews", "verbatims",
                       "journeys", "profiles", "answers", "method"]  # fmt: skip
    reader = read(page(all_sources.results(), earlier=all_sources.earlier(), language=language))
    ids = reader.ids()
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in reader.elements if tag == "a"} <= set(ids)
    assert [a["class"] for tag, a in reader.elements if tag == "nav"] == ["bar many", "contents"]
    short = [a["class"] for tag, a in read(page()).elements if tag == "nav"]
    assert short == ["bar", "contents short"]  # shown where the bar has no room


def test_a_report_in_french_says_nothing_in_english():
    texts = read(page(all_sources.results(), earlier=all_sources.earlier())).texts
    words = " ".join(text for tags, text in texts if "code" not in tags and "style" not in tags)
    for english in ("reviews", "cases", "within", "median", "Answered", "expected", "tested against", "Printed"):
        assert english not in words, english


# delays


def test_a_delay_is_a_curve_with_its_median_and_no_mean_of_the_answered():
    first, second = charts(Curve, section("delays"))
    assert [plain(t) for t in first.spec.times] == ["1 h", "24 h", "48 h", "7 jours"]
    assert [f.value for f in first.spec.figures] == [0.08, 0.42, 0.55, 0.68]
    assert plain(first.spec.facts[0]).startswith("Délai médian : 31,5 h (")
    assert "1 600 tests" in plain(first.sub)
    assert "dossiers" in second.sub
    said = " ".join(str(t.content[0]) for t in of(Text, section("delays")))
    assert "sans réponse ne sont pas écartés" in said


def test_a_median_that_half_did_not_reach_is_told_and_not_a_number():
    results = all_sources.results()
    gone = tuple(
        dataclasses.replace(e, value=None, ci_low=None, ci_high=None)
        if e.indicator == "reply" and e.segment == (("statistic", "median"),) else e
        for e in results.estimates
    )  # fmt: skip
    (first, _) = charts(Curve, section("delays", dataclasses.replace(results, estimates=gone)))
    assert "non atteint, moins de la moitié" in plain(first.spec.facts[0])
    channels = next(c for c in charts(Panorama, section("delays")) if "e-mails" in c.title)
    form = next(row for row in channels.spec.rows if row.label == "Formulaire web")
    median = [panel.unit for panel in channels.spec.panels].index("hours")
    assert form.figures[median].value is None
    assert form.figures[median].why == "non atteint"


def test_many_brands_are_a_folded_table_and_too_few_tests_a_dash():
    table = next(t for t in of(Table, section("delays")) if "marque" in t.title)
    assert table.folded
    ondine = next(row for row in table.rows if row.cells[0] == "Ondine")
    assert all(figure.value is None for figure in ondine.cells[1:])
    assert ondine.cells[1].why == "trop peu de tests"


# reviews


def test_two_brands_that_make_the_reviews_are_warned_of():
    (warning,) = [t for t in of(Text, section("reviews")) if t.role == "warning"]
    said = plain(str(warning.content[0]))
    assert "Ondine et Maison Cabestan" in said
    assert "61 % des avis" in said
    assert "3,79" in said
    assert "3,78" in said


def test_a_mean_that_moved_by_its_composition_is_no_news():
    alone = tuple(e for e in all_sources.results().estimates if e.indicator == "stars_mean")
    results = dataclasses.replace(all_sources.results(), estimates=alone, leagues=())
    document = compose(results, (), "fr")
    title = next(b for b in document.blocks if isinstance(b, Title))
    assert "toiles" not in title.text
    same = dataclasses.replace(results.compositions[0], constant=4.1, before=3.78)
    lopsided = dataclasses.replace(same, two_largest=0.6)
    even = dataclasses.replace(same, two_largest=0.3)
    for made, told in ((lopsided, False), (even, True)):  # nor where two brands bring most reviews
        moved = compose(dataclasses.replace(results, compositions=(made,)), (), "fr")
        assert ("toiles" in next(b for b in moved.blocks if isinstance(b, Title)).text) is told


def test_the_mean_of_the_brands_has_an_interval_at_the_level_of_the_wave():
    made, widths = all_sources.results().compositions[0], {}
    for level in (0.8, 0.95):
        some = tuple(dataclasses.replace(e, level=level) for e in all_sources.results().estimates)
        tables = of(Table, section("reviews", dataclasses.replace(all_sources.results(), estimates=some)))
        figures = [c for t in tables for row in t.rows for c in row.cells if isinstance(c, Figure)]
        (brands,) = [f for f in figures if f.value == made.within and f.low is not None]
        widths[level] = (brands.high - brands.low) / made.within_se
    assert widths == {0.8: pytest.approx(2 * 1.28155, abs=1e-4), 0.95: pytest.approx(2 * 1.95996, abs=1e-4)}


def test_reviews_spread_evenly_need_no_warning():
    results = all_sources.results()
    even = dataclasses.replace(results.compositions[0], two_largest=0.3, constant=4.1)
    blocks = section("reviews", dataclasses.replace(results, compositions=(even,)))
    assert not [t for t in of(Text, blocks) if t.role == "warning"]


def test_the_league_of_reviews_counts_reviews_and_names_its_winner():
    (league,) = of(Ranking, section("reviews"))
    assert league.title.endswith("Ondine arrive en tête")
    assert "avis" in league.sub
    assert "test" not in league.sub
    assert league.decimals == 2
    assert "Grand Largue (9 avis)" in plain(league.unranked[0])
    mystery = [r.league for r in of(Ranking, section("ranking"))]
    assert {m.source for m in mystery} == {"mystery"}
    assert mystery[-1].of == "sector"


def test_reviews_say_their_number_and_what_was_left_out():
    blocks = section("reviews")
    first = of(KeyFigures, blocks)[0].items[0]
    assert first.figure.value == 4210
    said = " ".join(plain(str(t.content[0])) for t in of(Text, blocks))
    assert "Avis retiré ou refusé par la modération" in said or "modération (113)" in said
    assert "non l’ensemble des clients" in said


def test_groups_on_few_reviews_are_fragile_or_hidden():
    platforms = next(c for c in charts(Panorama, section("reviews")) if "plateforme" in c.title)
    flags = {row.label: row.figures[0].flag for row in platforms.spec.rows}
    assert flags == {"Avis Bleu": "ok", "Étoilo": "ok", "Opinio": "fragile"}
    brands = next(t for t in of(Table, section("reviews")) if "par marque" in t.title)
    hidden = next(row for row in brands.rows if row.cells[0] == "Grand Largue")
    assert plain(hidden.cells[1].why) == "base < 10"


# texts


def test_an_automatic_reading_stands_beside_its_error():
    (warning,) = [t for t in of(Text, section("verbatims")) if t.role == "warning"]
    said = plain(str(warning.content[0]))
    assert "Lecture automatique" in said
    assert "81 %" in said
    assert "79–83 %" in said
    assert all_sources.CODER in said
    none = dataclasses.replace(all_sources.results(), coders=())
    (warning,) = [t for t in of(Text, section("verbatims", none)) if t.role == "warning"]
    assert "n’a pu être mesurée" in str(warning.content[0])


def test_what_a_machine_read_is_never_a_headline_nor_a_key_figure():
    results = all_sources.results()
    up = tuple(
        dataclasses.replace(e, change=dataclasses.replace(sample.results().estimates[0].change, verdict="up",
                                                          difference=0.2))
        for e in results.estimates if e.lineage.coder and not e.segment
    )  # fmt: skip
    document = compose(dataclasses.replace(results, estimates=up, leagues=(), compositions=()), (), "fr")
    assert "négatifs" not in next(b for b in document.blocks if isinstance(b, Title)).text
    first = document.blocks[: next(i for i, b in enumerate(document.blocks) if isinstance(b, Section))]
    assert not [b for b in first if isinstance(b, KeyFigures)]


# shapes


def test_a_funnel_is_one_bar_of_100_percent():
    funnel = next(c for c in charts(Stack, section("journeys")) if "chatbot" in c.title)
    (row,) = funnel.spec.rows
    assert sum(f.value for f in row.figures) == pytest.approx(1)
    assert "410" in funnel.sub
    assert len(set(funnel.spec.tones)) == 4


def test_a_gap_is_told_only_where_its_interval_leaves_nothing():
    def title(shift):
        moved = tuple(
            dataclasses.replace(e, value=e.value + shift, ci_low=e.ci_low + shift, ci_high=e.ci_high + shift)
            if e.indicator == "immediacy" and e.unit == "mean" else e
            for e in all_sources.results().estimates
        )  # fmt: skip
        found = section("journeys", dataclasses.replace(all_sources.results(), estimates=moved))
        return next(c for c in charts(Stack, found) if c.title.startswith("Délai attendu"))

    assert title(0).title.endswith("en dessous des attentes")
    assert title(0.8).title.endswith("pas d’écart établi")
    assert title(1.6).title.endswith("au-dessus des attentes")
    assert title(0).spec.parts == ("En dessous des attentes", "Conforme aux attentes", "Au-dessus des attentes")
    assert title(0).spec.aside.value == -0.8


def test_a_gap_known_by_channel_only_has_its_bars_too():
    kept = tuple(
        e for e in all_sources.results().estimates
        if e.indicator == "immediacy" and e.at("channel") is not None
    )  # fmt: skip
    (chart,) = charts(Stack, section("journeys", dataclasses.replace(all_sources.results(), estimates=kept)))
    assert [row.label for row in chart.spec.rows] == ["E-mail", "Chatbot"]
    assert chart.spec.rows[0].detail.startswith("−0,8")


def test_items_and_brands_are_ordered_by_value_and_places_from_the_first():
    found = charts(Panorama, section("journeys"))
    trust = next(c for c in found if c.title == "Tout à fait confiants")
    assert trust.spec.rows[0].label == "La rapidité"
    named = next(c for c in found if c.title.startswith("Marques citées"))
    values = [row.figures[0].value for row in named.spec.rows]
    assert values == sorted(values, reverse=True)
    assert any("4 autres" in plain(line) for line in named.note.lines)
    places = next(c for c in found if c.title.startswith("Priorités"))
    assert [row.figures[0].value for row in places.spec.rows] == sorted(r.figures[0].value for r in places.spec.rows)


def test_an_index_is_drawn_against_its_reference():
    index = next(c for c in charts(Multiples, section("trends")) if c.spec.line is not None)
    assert index.spec.line == 100
    assert index.spec.cells[0].series.figures[-1].value == 108
    text = page(all_sources.results(), earlier=all_sources.earlier())
    assert 'class="level"' in text


# side by side


def test_a_channel_is_seen_by_every_source_in_its_own_unit():
    (chart,) = charts(Panorama, section("sources"))
    units = [panel.unit for panel in chart.spec.panels]
    assert units == ["share", "share", "score", "share", "share", "hours", "mean"]
    heads = [plain(panel.unit_line) for panel in chart.spec.panels]
    assert heads[0].startswith("Enquête")
    assert heads[-1].startswith("Avis en ligne")
    assert "Visio" not in [row.label for row in chart.spec.rows]  # no source shows anything of it
    assert any("montrées : Visio." in plain(line) for line in chart.note.lines)
    face = next(row for row in chart.spec.rows if row.label == "Face à face")
    assert [f.why for f in face.figures][2:] == ["aucun test", "aucun test", "aucun dossier", "aucun dossier",
                                                 "aucun avis"]  # fmt: skip
    assert any("jamais moyennées" in line for line in chart.note.lines)


def test_what_a_narrow_panel_has_no_figures_of_is_told_with_french_spaces():
    (line, *_) = [t for _, t in read(page(all_sources.results(), earlier=all_sources.earlier())).texts
                  if t.startswith("— aucun test") and "Téléphone" in t]  # fmt: skip
    assert line.startswith("— aucun test\u00a0: Téléphone")


def test_survey_and_tests_alone_have_no_second_panorama():
    assert not section("sources", sample.results(), earlier=sample.earlier())


# printed waves


def test_a_printed_wave_is_a_short_report_with_its_sources():
    document = compose(all_sources.printed(), (), "fr")
    assert [b.anchor for b in document.blocks if isinstance(b, Section)] == ["figures", "method"]
    (table,) = of(Table, section("figures", all_sources.printed(), earlier=()))
    assert [c.head for c in table.columns] == ["Indicateur", "Valeur", "Publié dans"]
    assert all(row.cells[2] == "Rapport annuel 2019, page 12" for row in table.rows if not row.heading)
    figures = [row.cells[1] for row in table.rows if not row.heading]
    assert all(f.published and f.low is None and not f.moved for f in figures)


def test_printed_figures_are_hollow_in_the_trends_and_bear_no_arrow():
    text = page(all_sources.results(), earlier=all_sources.earlier())
    assert text.count('class="printed"') > 5
    assert 'class="printed"' not in page()
    said = " ".join(plain(str(t.content[0])) for t in of(Text, section("trends")))
    assert "Carrés creux" in said
    assert "Rapport annuel 2019, page 12" in said
    later = tuple(
        dataclasses.replace(e, published=True, change=dataclasses.replace(e.change, verdict="up"))
        for e in all_sources.results().estimates if e.indicator == "contacted" and not e.segment
    )  # fmt: skip
    (figure,) = [c.series.figures[-1] for ch in charts(Multiples, section("trends", dataclasses.replace(
        all_sources.results(), estimates=later))) for c in ch.spec.cells]  # fmt: skip
    assert not figure.moved
