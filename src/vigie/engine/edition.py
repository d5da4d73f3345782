"""What all figures of a wave share: where they come from, how columns are compared, and when a figure is hidden."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.engine.letters import Rule
from vigie.results.figures import Source, Texts
from vigie.results.tables import Compare
from vigie.stats.letters import Adjust, Grading
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.text import spread
from vigie.study.waves import Wave

DONT_KNOW_SHOWN = 0.01  # the share of "don't know" from which it is told
MINOR = 0.90  # the level of small letters
SMALLEST = 30  # people; a column on fewer gives no letters and gets none
ADJUSTED = {"holm": ", Holm", "bh": ", BH", "none": ""}


@dataclass(frozen=True)
class Edition:
    """A wave of a study, with what every figure of it tells of where it comes from."""

    study: Study
    wave: Wave
    inputs: tuple[str, ...]
    derived: tuple[str, ...] = ()
    adjust: Adjust = "holm"  # of the letters of a line
    compare: Compare = "columns"  # what columns are tested against, and how
    whole: bool = False  # whether what is told of whole questions is wanted: tests of independence, medians
    keep: bool = True  # whether derived tables are written beside the facts

    @property
    def level(self) -> float:
        return self.study.header.show.level

    @property
    def minor(self) -> float:
        """The level of small letters: 90 %, or that of capitals where this is lower."""
        return min(MINOR, self.level)

    @property
    def test(self) -> str:
        """The test of its figures, in short."""
        return ("t on effective bases" if self.compare == "agency" else "t") + ADJUSTED[self.adjust]

    def rule(self, hide: int) -> Rule:
        """How columns are compared: those hidden, on fewer than `hide`, take no part, nor any too small for a test."""
        return Rule(Grading(self.level, self.minor, self.adjust, max(hide, SMALLEST)), self.compare)

    def kept(self, source: Source) -> str:
        """Which rows of a source's files were valid, as conditions."""
        given = [self.study.imports.get(f.import_ or "") for f in self.wave.by_source.get(source, [])]
        return "; ".join(dict.fromkeys(i.keep for i in given if i is not None and i.keep))

    def wording(self, question: Question | None) -> Texts:
        """The words of a question in the languages of the fieldwork."""
        label = spread(question.label) if question is not None else {}
        return {language: text for language, text in label.items() if language in self.study.header.languages}
