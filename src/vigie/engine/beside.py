"""What stands beside a survey's figures: letters or signs between columns, and tests of whole questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from vigie.engine.against_rest import overlap_signs, segment_signs
from vigie.engine.agency import channel_letters, segment_shares
from vigie.engine.columns import channel_places, is_answer, is_share
from vigie.engine.edition import Edition
from vigie.engine.independence import independences
from vigie.engine.letters import Overlap, overlap_letters, segment_letters
from vigie.engine.surveyed import Part, Surveyed
from vigie.results.tables import Independence
from vigie.stats.design import Design
from vigie.stats.sums import Sums

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Beside:
    """Gathers what stands beside the figures of a survey, pass by pass over its people.

    `letters` are those of each column of sums in each segment (C, S); `tests` those of indicators as wholes, if the
    edition wants them.
    """

    def __init__(self, surveyed: Surveyed, edition: Edition) -> None:
        self.surveyed, self.whole = surveyed, edition.whole
        self.rule = edition.rule(edition.study.header.show.hide)
        self.letters = [[""] * len(surveyed.banner.segments) for _ in surveyed.columns]
        self.tests: dict[str, list[Independence]] = {}
        listed = [surveyed.columns[k].code for columns in surveyed.families for k in columns]
        self.places = channel_places(surveyed.study, listed)

    def segments(self, variable: str, at: Ints, part: Part, n: Ints, members: Bools) -> None:
        """Compare columns in the categories of a banner question, segments at `at` on `n` people (S, C)."""
        for k, line in self._lettered(variable, part, n, members):
            for s, letters in zip(at.tolist(), line, strict=True):
                self.letters[k][s] = letters
        if self.whole and not self.surveyed.banner.several(variable):
            self._test(variable, part, members)

    def _lettered(self, variable: str, part: Part, n: Ints, members: Bools) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The letters or signs of columns, by column."""
        columns, sums, design = part.columns, part.sums, part.design
        df = design.degrees(sums)
        if self.rule.compare == "rest":
            where = self.surveyed.blocks.groups[part.block]
            rest = self.surveyed.banner.rest(variable, where, members)
            yield from zip(columns, segment_signs(self.rule, sums, design, df, members, rest), strict=True)
        elif self.rule.compare == "agency":
            shares = [i for i, k in enumerate(columns) if is_share(self.surveyed.plan(k))]
            lines = segment_shares(sums.take(shares), design, members).letters(self.rule)
            yield from zip([columns[i] for i in shares], lines, strict=True)
        else:
            yield from zip(columns, segment_letters(self.rule, sums, design, n, df, members), strict=True)

    def _test(self, variable: str, part: Part, members: Bools) -> None:
        """Test the questions whose answers are among the columns with a banner question."""
        answers: dict[str, list[int]] = {}
        for i, k in enumerate(part.columns):
            plan = self.surveyed.plan(k)
            if is_answer(plan, self.surveyed.columns[k]):
                answers.setdefault(plan.indicator.id, []).append(i)
        for name, found in independences(variable, part.sums, part.design, members, answers):
            self.tests.setdefault(name, []).append(found)

    def channels(self, columns: Sequence[int], sums: Sums, answers: Sums | None, design: Design, n: Ints) -> None:
        """Compare columns on evaluations, which share people, among everybody."""
        overlap = Overlap(sums, [self.places.index(self.surveyed.columns[k].code) for k in columns])
        for k, letters in zip(columns, self._by_channel(columns, overlap, answers, design, n), strict=False):
            self.letters[k][0] = letters

    def _by_channel(
        self, columns: Sequence[int], overlap: Overlap, answers: Sums | None, design: Design, n: Ints
    ) -> list[str]:
        """What stands beside the figures of the channels."""
        df = design.degrees(overlap.sums)
        if self.rule.compare == "rest":
            return overlap_signs(self.rule, overlap, design, n, df)
        if self.rule.compare == "columns":
            return overlap_letters(self.rule, overlap, design, n, df)
        if answers is None or not is_share(self.surveyed.plan(columns[0])):
            return []
        return channel_letters(self.rule, overlap, answers, design, n)
