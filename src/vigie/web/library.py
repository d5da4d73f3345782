"""The waves of a study as a visitor sees them, read once and kept: results, and pages drawn from them.

A process keeps the results of a few releases and the bodies of some hundreds of pages; a release never changes, so that
what was drawn stays right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.language import speak
from vigie.report import pages
from vigie.report.edition import Edition
from vigie.report.reduced import reduced
from vigie.results.decoding import from_json
from vigie.results.waves import WaveResults
from vigie.run import load, opened
from vigie.store.home import Home
from vigie.store.models import Release
from vigie.study.model import Study
from vigie.web.access import Place
from vigie.web.settings import SITE

if TYPE_CHECKING:
    from vigie.engine.session import Session

HOME = Home(SITE.home)
RELEASES, BODIES = 12, 400  # kept by each process


@lru_cache(maxsize=RELEASES)
def _results(folder: Path) -> WaveResults:
    return from_json((folder / "results.json").read_bytes())


@lru_cache(maxsize=10 * RELEASES)
def _of(folder: Path, own: tuple[str, ...]) -> WaveResults:
    """The results as readers of these brands see them; whole for those who are no brand's reader."""
    return reduced(_results(folder), own) if own else _results(folder)


@lru_cache(maxsize=10 * RELEASES)
def _edition(folder: Path, earlier: tuple[Path, ...], language: str, own: tuple[str, ...]) -> Edition:
    return Edition(_of(folder, own), tuple(_of(one, own) for one in earlier), speak(language))


def edition(place: Place, release: Release, language: str) -> Edition:
    """A wave with those before it, as the visitor sees them, in one language."""
    return _edition(HOME.release(release), _before(release, place.waves), language, place.brands)


def parts(place: Place, release: Release, language: str) -> tuple[str, ...]:
    """The pages of a wave that have something to show."""
    return _parts(HOME.release(release), _before(release, place.waves), language, place.brands)


@lru_cache(maxsize=100 * RELEASES)
def _parts(folder: Path, earlier: tuple[Path, ...], language: str, own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(pages.offered(_edition(folder, earlier, language, own)))


def _before(release: Release, waves: Sequence[Release]) -> tuple[Path, ...]:
    return tuple(HOME.release(one) for one in waves if one.position < release.position)


@lru_cache(maxsize=RELEASES)
def study_of(folder: Path) -> Study:
    """The study as a version has it."""
    return load(folder)


@lru_cache(maxsize=RELEASES)
def facts(folder: Path, key: str) -> Session | None:
    """The facts of a wave, opened; None where they do not stand."""
    return opened(folder, key)


class Bodies:
    """Pages that were drawn, by what they were drawn from; the oldest go."""

    def __init__(self, most: int) -> None:
        self.most, self.drawn = most, dict[object, str]()

    def get(self, key: object, draw: Callable[[], str]) -> str:
        if key not in self.drawn:
            while len(self.drawn) >= self.most:
                self.drawn.pop(next(iter(self.drawn)))
            self.drawn[key] = draw()
        return self.drawn[key]


bodies = Bodies(BODIES)


def forget() -> None:
    """Read and draw everything anew: for tests, which change what never changes."""
    for kept in (_results, _of, _edition, _parts, study_of, facts):
        kept.cache_clear()
    bodies.drawn.clear()
