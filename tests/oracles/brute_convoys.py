"""The best convoys by trying every set of them; the sizes of a set by scipy, written anew.

Shares no code with `convoy_model`: sums over days stand here where that one carries stores from
day to day.
"""

from itertools import combinations

import numpy as np
from scipy.optimize import linprog


def best_worth(question, means):
    """What the best set of convoys is worth."""
    best = 0.0
    places = range(len(question.options))
    for count in range(1, len(question.options) + 1):
        for chosen in combinations(places, count):
            options = [question.options[place] for place in chosen]
            if escorted(question, means, options):
                best = max(best, sized(question, means, options))
    return best


def escorted(question, means, options):
    """Whether there are enough escorts on every day."""
    return all(
        sum(one.leaves <= day < max(one.free, one.leaves + 7) for one in options) <= means.escorts
        for day in range(question.days)
    )


def sized(question, means, options):
    """What these convoys are worth with the best sizes."""
    days, towns = question.days, len(question.towns)
    sources = sorted({one.source for one in options})
    first_use = len(options) + len(sources)
    limits = [*_idle(question, means, options, sources), *_let_through(question, options),
              *_brought(question, options, first_use)]  # fmt: skip
    rows = np.zeros((len(limits), first_use + days * towns))
    for row, (cells, _) in zip(rows, limits, strict=True):
        for column, amount in cells:
            row[column] += amount
    cost = np.concatenate([np.zeros(first_use), -np.repeat(question.worth, days)])
    bounds = [(0.0, None)] * first_use
    bounds += [(0.0, float(amount)) for amount in question.missing.T.ravel()]
    answer = linprog(cost, A_ub=rows, b_ub=[limit for _, limit in limits], bounds=bounds)
    assert answer.status == 0
    return -float(answer.fun)


def _idle(question, means, options, sources):
    """Tankers away, or lost, are no more than are stationed; stationed no more than there are."""
    for number, source in enumerate(sources):
        for day in range(question.days):
            cells = [
                (place, 1.0 if day < one.free else 1.0 - one.keep)
                for place, one in enumerate(options)
                if one.source == source and day >= one.leaves - question.assembly_days
            ]
            yield [*cells, (len(options) + number, -1.0)], 0.0
    yield [(len(options) + number, 1.0) for number in range(len(sources))], means.tankers


def _let_through(question, options):
    """What has left by a day is no more than a source or road has let through by then."""
    for limit, rooms in question.spare.items():
        for day in range(question.days):
            cells = [
                (place, question.load_m3)
                for place, one in enumerate(options)
                if one.leaves <= day
                and limit in {("source", one.source), *(("road", arc // 2) for arc in one.path)}
            ]
            yield cells, sum(rooms[: day + 1])


def _brought(question, options, first_use):
    """What a town has used by a day is no more than it was brought by then."""
    for number, town in enumerate(question.towns):
        for day in range(question.days):
            used = [(first_use + number * question.days + past, 1.0) for past in range(day + 1)]
            brought = [
                (place, -question.load_m3 * one.keep)
                for place, one in enumerate(options)
                if one.town == town and one.arrives <= day
            ]
            yield [*used, *brought], 0.0
