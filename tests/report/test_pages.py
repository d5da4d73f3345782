"""The page in a browser: nothing overflows, overlaps, is too small to read, complains, or is fetched."""

import pytest

from report import all_sources, sample
from report.pages import page
from vigie.report.blocks import KeyFigure, KeyFigures
from vigie.report.drawings import Figure
from vigie.report.html import STYLE, fragment

WIDTHS = (1280, 768, 360)

OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("main svg")) {
    if (!svg.checkVisibility()) continue;
    const boxes = [...svg.querySelectorAll("text")].map(t => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      // the boxes of a line of text hold its leading: only ink that meets is an overlap
      if (wide > 1 && high > 3.5) found.push([a, b, wide, high].join(" | "));
    }));
  }
  return found;
}"""

SMALL = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || !parent.checkVisibility() || parent.closest(".hidden, title")) continue;
    const svg = parent.closest("svg");
    const scale = svg ? svg.getBoundingClientRect().width / (svg.viewBox.baseVal.width || 1) : 1;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
    if (size < 11) found.push(size.toFixed(1) + " " + node.textContent.slice(0, 40));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The sample report in both languages, with long names, with all four sources, and of a printed wave."""
    folder = tmp_path_factory.mktemp("pages")
    labels = {
        k: {"fr": "".join(v.get("fr", "")) + " et tout ce qui s’y rapporte"} for k, v in sample.results().labels.items()
    }
    made = {"fr": page(), "en": page(language="en"), "long": page(sample.replace(labels=labels))}
    made["all"] = page(all_sources.results(), earlier=all_sources.earlier())
    made["printed"] = page(all_sources.printed(), earlier=())
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


def opened(browser, files, name, width, *, unfold=False):
    """The page at a width; what it said on its console and what it fetched."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    said, fetched = [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: fetched.append(request.url))
    tab.goto((files / f"{name}.html").as_uri())
    if unfold:
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return tab, said, fetched


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["fr", "en", "long", "all", "printed"])
def test_a_page_fits_its_window_and_nothing_in_its_drawings_overlaps(browser, files, name, width):
    tab, said, fetched = opened(browser, files, name, width)
    try:
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert tab.evaluate(OVERLAPS) == []
        assert tab.evaluate(SMALL) == []
        assert said == []
        assert fetched == [(files / f"{name}.html").as_uri()]
    finally:
        tab.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["long", "all"])
def test_an_unfolded_page_fits_its_window_too(browser, files, name, width):
    tab, _, _ = opened(browser, files, name, width, unfold=True)
    try:
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert tab.evaluate(SMALL) == []
    finally:
        tab.close()


def test_the_report_of_a_wave_is_short(browser, files):
    tab, _, _ = opened(browser, files, "fr", 1280)
    try:
        assert tab.evaluate("document.documentElement.scrollHeight") < 10_000
    finally:
        tab.close()


def test_on_paper_what_is_folded_is_left_to_the_tab_book_unless_it_was_opened(browser, files):
    tab, _, _ = opened(browser, files, "all", 1280)
    shown = "[...document.querySelectorAll('figure.open > details .scroll')].map(e => e.checkVisibility())"
    told = "[...document.querySelectorAll('figure.open .paper')].map(e => e.checkVisibility())"
    try:
        assert not any(tab.evaluate(told))
        tab.emulate_media(media="print")
        folded = tab.evaluate("[...document.querySelectorAll('figure.open > details')].length")
        assert tab.evaluate(told) == [True] * folded
        closed = len(tab.pdf(prefer_css_page_size=True).split(b"/Type /Page\n"))
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert tab.evaluate(shown)
        assert all(tab.evaluate(shown))
        assert not any(tab.evaluate(told))
        assert closed < len(tab.pdf(prefer_css_page_size=True).split(b"/Type /Page\n"))
    finally:
        tab.close()


@pytest.mark.parametrize(("width", "one_by_one"), [(1280, True), (360, False)])
def test_the_bar_names_all_sections_or_leads_to_the_contents(browser, files, width, one_by_one):
    tab, _, _ = opened(browser, files, "all", width)
    try:
        bar = tab.evaluate("document.querySelector('.bar').scrollWidth <= document.querySelector('.bar').clientWidth")
        assert bar
        links = tab.evaluate(
            "[...document.querySelectorAll('.bar a')].filter(a => a.checkVisibility()).map(a => a.hash)"
        )
        sections = tab.evaluate("[...document.querySelectorAll('main section')].map(s => '#' + s.id)")
        assert links == (sections if one_by_one else ["#contents"])
    finally:
        tab.close()


@pytest.mark.parametrize("flag", ["ok", "fragile"])
def test_a_key_figure_is_large_however_few_people_it_stands_on(browser, flag):
    shown = KeyFigure(Figure(0.5, "share", 0, flag), "Glad", "n = 20")
    tab = browser.new_page()
    try:
        tab.set_content(f"<style>{STYLE.read_text(encoding='utf-8')}</style>{fragment([KeyFigures((shown,))], 'en')}")
        sizes = """() => [...document.querySelectorAll(".figures b, .figures b > span")]
          .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        assert tab.evaluate(sizes) == [38] * (2 if flag == "fragile" else 1)
        assert tab.evaluate("parseFloat(getComputedStyle(document.querySelector('.figures li > span')).fontSize)") == 14
    finally:
        tab.close()
