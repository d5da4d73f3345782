"""How well a classification agrees with the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vigie.stats.intervals import t_quantile

__all__ = ["balanced_accuracy"]


def balanced_accuracy(right: Sequence[int], of: Sequence[int], level: float = 0.95) -> tuple[float, float, float]:
    """The mean over classes of the share found right, and its confidence limits: chance gives 1 / classes.

    Each class has Wilson's limits (1927); those of the mean are found by adding the squares of their distances from the
    shares, (1/k)·√Σ(p - l)² below and (1/k)·√Σ(u - p)² above (Zou & Donner 2008), so that a class without errors is
    not known for certain.

    Parameters: `right`, `of` (k,) counts by class. Raises ValueError for an empty class or more right than there are.

    Not for texts that hang together, such as many of one author, nor as the share right in a file whose classes are of
    unequal size.

    >>> [round(x, 4) for x in balanced_accuracy([81], [263])]  # one class: Newcombe's (1998) example of Wilson's limits
    [0.308, 0.2553, 0.3662]
    >>> round(balanced_accuracy([45, 30], [50, 40])[0], 4)  # the mean of 90 % and 75 %
    0.825
    """
    good, n = (np.asarray(a, dtype=np.float64) for a in (right, of))
    if good.shape != n.shape or not len(n) or not ((n > 0) & (good >= 0) & (good <= n)).all():
        raise ValueError("every class has some texts, of which not more are right than there are")
    z2 = float(t_quantile(np.inf, level)) ** 2
    p = good / n
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    below, above = p - (middle - half), (middle + half) - p
    k = len(n)
    value = float(p.mean())
    return value, value - float(np.sqrt((below**2).sum()) / k), value + float(np.sqrt((above**2).sum()) / k)
