"""The value of a matrix game by trying every pair of supports of one size (Shapley & Snow 1950)."""

from itertools import combinations

import numpy as np


def value(payoff):
    """What the row player, who pays, pays when both play their best."""
    matrix = np.array(payoff, dtype=float)
    rows, columns = matrix.shape
    for size in range(1, min(rows, columns) + 1):
        for ours in combinations(range(rows), size):
            for theirs in combinations(range(columns), size):
                found = _equal(matrix[np.ix_(ours, theirs)])
                if found is None:
                    continue
                mix, other = np.zeros(rows), np.zeros(columns)
                mix[list(ours)], other[list(theirs)] = found
                pays, takes = (mix @ matrix).max(), (matrix @ other).min()
                if pays - takes < 1e-9:
                    return float(pays)
    raise AssertionError(payoff)


def _equal(part):
    """Mixes of both that make the other indifferent; None if there are none."""
    size = len(part)
    found = []
    for matrix in (part.T, part):
        left = np.zeros((size + 1, size + 1))
        left[:size, :size], left[:size, size], left[size, :size] = matrix, -1.0, 1.0
        try:
            answer = np.linalg.solve(left, np.append(np.zeros(size), 1.0))
        except np.linalg.LinAlgError:
            return None
        if (answer[:size] < -1e-12).any():
            return None
        found.append(np.clip(answer[:size], 0.0, None))
    return found
