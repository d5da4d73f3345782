"""Letters as tabulation programs give them, to reproduce older books: effective bases and overlap, but no design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.engine.letters import Floats, Ints, Lettered, Overlap, Rule
from vigie.stats.design import Design
from vigie.stats.letters import pair_letters, quantum
from vigie.stats.sums import Sums


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of L lines in C columns, with all that a tabulation program knows of them."""

    value: Floats  # (L, C)
    n: Ints  # (L, C) people
    weighted: Floats  # (L, C) Σw
    effective: Floats  # (L, C) (Σw)²/Σw²
    shared: Floats  # (L, C, C) the effective base of the people in two columns
    correlation: Floats  # (L, C, C) weighted, of their answers in the one and in the other

    def letters(self, rule: Rule) -> Lettered:
        """Shares of 0 and of 100 % are tested too: the spread is that of both columns together."""
        one, other = np.triu_indices(self.value.shape[1], 1)
        p, q, W, U = self.value[:, one], self.value[:, other], self.weighted[:, one], self.weighted[:, other]
        pooled = np.divide(W * p + U * q, W + U, out=np.full(p.shape, np.nan), where=W + U > 0)
        found = quantum(
            p, q, self.effective[:, one], self.effective[:, other],
            pooled=pooled, overlap=self.shared[:, one, other], correlation=self.correlation[:, one, other],
        )[2]  # fmt: skip
        return pair_letters(self.value, found, self.n, rule.grading)


def segment_shares(sums: Sums, design: Design, members: npt.NDArray[np.bool_]) -> Shares:
    """The shares of columns of sums (L) in the segments (C, G) of one banner variable.

    Whoever is in two segments gives one answer in both: its correlation with itself is 1.
    """
    inside, g = members.astype(np.float64), design.g[design.cell][:, None]
    weighted = inside @ (g * sums.du)
    value = np.divide(inside @ (g * sums.dv), weighted, out=np.full(weighted.shape, np.nan), where=weighted > 0)
    n = np.rint(inside @ sums.base.astype(np.float64)).astype(np.int64)
    effective, shared = _effective(weighted, inside @ (g**2 * sums.d2uu)), _shared(sums, g, members)
    return Shares(value.T, n.T, weighted.T, effective.T, shared, np.ones_like(shared))


def _shared(sums: Sums, g: Floats, members: npt.NDArray[np.bool_]) -> Floats:
    """The effective base (L, C, C) of the people whom two segments share; 0 where these are disjoint."""
    out = np.zeros((sums.columns, len(members), len(members)))
    one, other = np.triu_indices(len(members), 1)
    some = (members[one] & members[other]).any(axis=1)
    one, other = one[some], other[some]
    both = (members[one] & members[other]).astype(np.float64)
    out[:, one, other] = _effective(both @ (g * sums.du), both @ (g**2 * sums.d2uu)).T
    return out


def channel_letters(rule: Rule, overlap: Overlap, answers: Sums, design: Design, n: Ints) -> list[str]:
    """The letters of shares of evaluations that overlap, such as channels, among everybody.

    `answers` are the same columns with products weighted once: Σd√(u_a u_b), Σd v_a √(u_b/u_a), Σd v_a v_b/√(u_a u_b).
    """
    if overlap.sums.cross is None or answers.cross is None:
        raise ValueError("columns that overlap come with their cross-products")
    C, g = answers.columns, design.g[design.cell]
    once = np.tensordot(g, answers.cross, axes=1)
    base, yes, together = once[:C, :C], once[C:, :C], once[C:, C:]  # of the people in a and in b; yes: in a
    effective = _effective(base, np.tensordot(g**2, overlap.sums.cross, axes=1)[:C, :C])
    share = np.divide(yes, base, out=np.full((C, C), np.nan), where=base > 0)
    some = np.divide(together, base, out=np.zeros((C, C)), where=base > 0)
    spread = share * (1 - share)
    product = np.nan_to_num(spread * spread.T)
    r = np.divide(some - share * share.T, np.sqrt(product), out=np.zeros((C, C)), where=product > 0)
    given = (share.diagonal(), n, base.diagonal(), effective.diagonal(), effective, r)
    placed = [overlap.placed(a, 0 if a is n else np.nan) for a in given]
    line = Shares(*placed).letters(rule)[0]
    return [line[place] for place in overlap.places]


def _effective(weighted: Floats, squares: Floats) -> Floats:
    """(Σw)²/Σw², 0 where there is nobody."""
    return np.divide(weighted**2, squares, out=np.zeros_like(weighted), where=squares > 0)
