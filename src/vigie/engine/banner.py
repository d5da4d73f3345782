"""What a wave's people are broken by: the banner questions, their segments, and the groups that each is made of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from vigie.engine.blocks import Blocks
from vigie.engine.groups import TRUTHS, Groups
from vigie.results.figures import Segment
from vigie.study.model import Study
from vigie.study.questions import Multiple, Question

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Group = tuple[str, str]  # a grouping variable, and one of its categories


class Banner:
    """The banner questions that a wave asked.

    `codes` are the options of each, with the grouping variable and the category that it is: of a question of several
    answers each option is a variable of its own. `segments` are everybody and each option (S).
    """

    def __init__(self, study: Study, questions: Mapping[str, Question]) -> None:
        self.questions = questions
        self.codes: dict[str, dict[str, Group]] = {}
        for name in study.header.banner:
            if name in questions:
                several = self.several(name)
                options = study.options(questions[name])
                self.codes[name] = {c: (f"{name}.{c}", TRUTHS[1]) if several else (name, c) for c in options}
        self.segments: list[Segment] = [(), *(((name, c),) for name, codes in self.codes.items() for c in codes)]

    @property
    def names(self) -> list[list[str]]:
        """The grouping variables of each question."""
        return [_variables(codes) for codes in self.codes.values()]

    @property
    def places(self) -> list[Group | None]:
        """(S,) the grouping variable and the category of each segment; None for everybody."""
        return [None, *(place for codes in self.codes.values() for place in codes.values())]

    def several(self, name: str) -> bool:
        """Whether people may give several answers to a banner question."""
        return isinstance(self.questions[name], Multiple)

    def own(self, blocks: Blocks, block: int) -> tuple[list[str], Ints, Bools]:
        """The segments that are told from a block: their banner questions, their places, and their groups (S, G)."""
        where = blocks.groups[block]
        own = [(name, codes) for name, codes in self.codes.items() if blocks.of(_variables(codes)) == block]
        listed: list[tuple[str, Bools]] = [("", np.ones(len(where), dtype=bool))] if block == 0 else []
        listed += [(name, where.where(*place)) for name, codes in own for place in codes.values()]
        names = [name for name, _ in listed]
        at = np.array([s for s, seg in enumerate(self.segments) if (seg[0][0] if seg else "") in set(names)])
        return names, at, np.array([member for _, member in listed])

    def rest(self, name: str, where: Groups, members: Bools) -> Bools:
        """The groups of whoever answered a banner question, but otherwise than with each category."""
        if self.several(name):
            return np.array([where.where(variable, TRUTHS[0]) for variable, _ in self.codes[name].values()])
        return np.asarray(members.any(axis=0) & ~members)


def _variables(codes: Mapping[str, Group]) -> list[str]:
    return list(dict.fromkeys(variable for variable, _ in codes.values()))
