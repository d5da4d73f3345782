"""What the tests read of a page."""

from html.parser import HTMLParser

from report import sample
from vigie.report.blocks import Chart, Title
from vigie.report.compose import compose
from vigie.report.html import render
from vigie.results.waves import WaveResults

VOID = {"meta", "br", "img", "link", "hr", "input", "line", "circle", "rect", "polyline", "polygon"}


class Reader(HTMLParser):
    """Elements in order, their attributes and text; fails on a tag that is closed out of turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []  # the open tags and classes, and the text in them

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1][0] == tag, f"</{tag}> closes <{self.open[-1][0]}>"
        self.open.pop()

    def handle_data(self, data):
        self.texts.append((tuple(name for name, _ in self.open), data))

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    def ids(self) -> list[str]:
        return [a["id"] for _, a in self.elements if a.get("id")]

    @property
    def words(self) -> str:
        return " ".join(text for tags, text in self.texts if "style" not in tags)


def page(results: WaveResults | None = None, *, earlier=None, language: str = "fr") -> str:
    results = sample.results() if results is None else results
    return render(compose(results, sample.earlier() if earlier is None else earlier, language))


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


def blocks(kind, results=None, *, earlier=None, language="fr"):
    results = sample.results() if results is None else results
    document = compose(results, sample.earlier() if earlier is None else earlier, language)
    return [block for block in document.blocks if isinstance(block, kind)]


def charts(spec, **more):
    return [chart for chart in blocks(Chart, **more) if isinstance(chart.spec, spec)]


def headline(results=None, **more):
    return blocks(Title, results, **more)[0].text.replace("\u00a0", " ").replace("\u202f", " ")
