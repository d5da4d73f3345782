"""A browser on the site: it notes whatever a page complains about, and whatever it asks of other hosts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from django.conf import settings
from django.test import Client

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
LOCALES = {"fr": "fr-FR", "en": "en-GB"}

# what takes part in the order of tabs, as a reader would count it
STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden")
  .filter(e => e.type !== "radio" || e.checked)  // of a group one is a stop, arrows lead to the others
  .filter(e => e.checkVisibility({visibilityProperty: true}))"""
LISTEN = """() => {
  window.stops = (STOPS)(); window.reached = []; window.unseen = [];
  const name = e => e.outerHTML.slice(0, 90);
  document.addEventListener("focusin", ({target}) => {
    window.reached.push(window.stops.indexOf(target));
    const style = getComputedStyle(target), box = target.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const head = [...document.querySelectorAll(".parts")].find(e => !e.contains(target));
    const below = head ? head.getBoundingClientRect().bottom : 0;
    const covered = box.bottom <= below && !target.closest("header, .demo, .skip");
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (!ring || covered || !seen) window.unseen.push(name(target));
  });
}""".replace("STOPS", STOPS)


@dataclass
class Tab:
    """A page of somebody, and what it said."""

    page: object
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> int:
        """The status of an address; what is then wrong with the page stands in `complaints`."""
        return self.page.goto(self.base + address).status

    def wrong(self, sizes: Sequence[dict[str, int]] = (WIDE, NARROW)) -> list[str]:
        """What axe, the console and other hosts say of the page at these sizes."""
        found = [*self.complaints]
        for size in sizes:
            self.page.set_viewport_size(size)
            over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                found.append(f"{over} px too wide at {size['width']}")
            found += self.axe()
        self.complaints.clear()
        return found

    def axe(self) -> list[str]:
        """What axe-core finds, with its best practices; each with the first element that is at fault."""
        self.page.evaluate(AXE)
        said = self.page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
        return [f"{v['id']}: {v['nodes'][0]['html'][:120]} ({len(v['nodes'])})" for v in said]

    def walk(self) -> tuple[list[int], int, list[str]]:
        """The stops of the Tab key in the order of the page, how many there are, and those without a visible focus."""
        self.page.evaluate(LISTEN)
        many = self.page.evaluate("window.stops.length")
        for _ in range(many + 3):  # a list that scrolls may be a stop of its own
            self.page.keyboard.press("Tab")
        reached = self.page.evaluate("window.reached.filter(stop => stop >= 0)")
        return list(dict.fromkeys(reached)), many, self.page.evaluate("window.unseen")


def tab(browser, base: str, client: Client | None, language: str, **further) -> Tab:
    """A page of a browser in which somebody has signed in."""
    context = browser.new_context(locale=LOCALES[language], viewport=WIDE, **further)
    if client is not None:
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])
    made = Tab(context.new_page(), base)
    made.page.on("console", lambda m: made.complaints.append(f"{m.type}: {m.text}") if m.type != "log" else None)
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.on("request", lambda r: None if r.url.startswith((base, "data:")) else made.complaints.append(r.url))
    return made
