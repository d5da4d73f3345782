"""A newcomer follows the tutorial in a browser, word by word: from a CSV of answers to a dashboard that others read."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "own-survey-on-the-site.md"
SOURCE = Path(__file__).parents[2] / "src"
pytestmark = pytest.mark.xdist_group("browser")
PASSWORD = "a long sentence 42"
LONGEST = 120  # seconds; it takes some twenty on two processors of its own
DROP = """text => {
  const held = new DataTransfer();
  held.items.add(new File([text], "answers.csv", { type: "text/csv" }));
  const dropped = new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true });
  document.querySelector(".zone").dispatchEvent(dropped);
}"""
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


def block(language: str) -> str:
    """A snippet of the tutorial."""
    return re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]


@pytest.fixture
def served(tmp_path):
    """A new site, and the address by which its first administrator signs in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_HOME", "DJANGO_"))}
    command = [sys.executable, "-c", "from vigie.cli import main; main()", "serve", "--home", tmp_path / "site"]
    with (
        (tmp_path / "said").open("w+", encoding="utf-8") as said,
        subprocess.Popen(
            [*command, "--port", str(port)], stderr=said, env=own | {"PYTHONPATH": str(SOURCE)}
        ) as process,
    ):
        try:
            yield _first(process, tmp_path / "said"), port
        finally:
            process.terminate()
            process.wait(20)


def _first(process: subprocess.Popen, said: Path) -> str:
    while process.poll() is None:
        found = re.search(r"http\S+/invitation/\S+", said.read_text(encoding="utf-8"))
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(said.read_text(encoding="utf-8"))


class Newcomer:
    """Somebody who reads the tutorial, and presses what stands in bold there, in its order."""

    def __init__(self, browser) -> None:
        self.context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
        self.tab = self.context.new_page()
        self.said: list[str] = []
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.bold = re.findall(r"\*\*(.+?)\*\*", PAGE.read_text(encoding="utf-8"))

    def next(self, name: str) -> str:
        """What stands in bold next, which is what this test is about to do."""
        assert self.bold.pop(0) == name
        return name

    def press(self, name: str) -> None:
        there = (
            self.tab.locator("main, header, .parts").locator("button, a").filter(has_text=re.compile(rf"^\s*{name}\b"))
        )
        there.first.click()


@pytest.mark.xdist_group("newcomer")
def test_a_newcomer_publishes_their_own_survey_following_the_tutorial(browser, served):
    began = time.monotonic()
    link, port = served
    one = Newcomer(browser)
    tab = one.tab
    for _ in range(150):  # the address is printed a moment before it answers
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    tab.goto(link)
    for name, value in {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "again": PASSWORD}.items():
        tab.fill(f"main input[name={name}]", value)
    one.press(one.next("Join"))
    one.press(one.next("New study"))
    tab.get_by_text(one.next("A survey"), exact=True).click()
    tab.fill("#name", "customers")
    tab.fill("#title", "Our customers")
    one.press(one.next("Begin"))

    text = tab.locator("#text")
    text.fill(block("yaml").replace("share: any(used)", "share: any(usd)"))
    tab.wait_for_selector("#problems a[data-line]")
    assert "usd" in tab.inner_text("#problems")
    assert tab.locator(".gutter .wrong").count() == 1
    text.evaluate("e => { const i = e.value.indexOf('any(usd)') + 4; e.focus(); e.setSelectionRange(i, i + 3); }")
    tab.keyboard.type("us")
    tab.keyboard.press("Control+Space")
    tab.wait_for_selector("#suggestions [aria-selected=true]")
    assert text.get_attribute("aria-activedescendant") == "suggestion0"
    tab.keyboard.press("Enter")
    assert tab.input_value("#text") == block("yaml")
    tab.get_by_text(one.next("No problem was found.")).wait_for()
    one.press(one.next("Keep as a new version"))
    tab.get_by_text("Version 2 is kept.").wait_for()

    one.press(one.next("Data"))
    tab.wait_for_url("**/-/data")  # with its scripts: whoever drops a file has seen the page
    tab.evaluate(DROP, block("text"))
    assert tab.inner_text("#chosen") == "answers.csv"
    one.press(one.next("Send"))
    tab.get_by_text("36 rows read").wait_for()
    one.press(one.next("Run"))
    tab.wait_for_selector("#live[data-busy=no]", timeout=40_000)
    assert tab.get_by_text("· done").count() == 1

    one.press(one.next("See the waves and publish them"))
    one.press(one.next("Publish"))
    tab.get_by_role("link", name="2025").click()
    assert "36" in tab.inner_text("main")
    assert "Contacted us" in tab.inner_text("main")
    assert not one.bold
    assert one.said == []
    assert time.monotonic() - began < LONGEST

    base = tab.url.split("2025/")[0] + "-/"
    tab.set_viewport_size({"width": 360, "height": 800})
    for name in ("", "data", "runs", "versions/2", "files/study.yaml"):
        tab.goto(base + name)
        assert tab.evaluate(FITS), name
    assert one.said == []
