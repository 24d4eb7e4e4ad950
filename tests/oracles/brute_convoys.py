"""The best convoys by trying every set of them; the sizes of a set by scipy, written anew.

Shares no code with `supplyroutes.analysis.trucks.convoy_model`: sums over days stand here where that one
carries stores from day to day.
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
    days, towns = question.days, list(question.towns)
    sources = sorted({one.source for one in options})
    first_use = len(options) + len(sources)
    columns = first_use + days * len(towns)
    rows, most = [], []

    def row(cells, limit):
        line = np.zeros(columns)
        for column, amount in cells:
            line[column] += amount
        rows.append(line)
        most.append(limit)

    for number, source in enumerate(sources):
        for day in range(days):
            cells = [(len(options) + number, -1.0)]
            for place, one in enumerate(options):
                if one.source == source and day >= one.leaves - question.assembly_days:
                    cells.append((place, 1.0 if day < one.free else 1.0 - one.keep))
            row(cells, 0.0)
    row([(len(options) + number, 1.0) for number in range(len(sources))], means.tankers)
    for limit, rooms in question.spare.items():
        for day in range(days):
            cells = [
                (place, question.load_m3)
                for place, one in enumerate(options)
                if one.leaves <= day
                and limit in {("source", one.source), *(("road", arc // 2) for arc in one.path)}
            ]
            row(cells, sum(rooms[: day + 1]))
    for number, town in enumerate(towns):
        for day in range(days):
            cells = [(first_use + number * days + past, 1.0) for past in range(day + 1)]
            cells += [
                (place, -question.load_m3 * one.keep)
                for place, one in enumerate(options)
                if one.town == town and one.arrives <= day
            ]
            row(cells, 0.0)
    cost = np.zeros(columns)
    bounds = [(0.0, None)] * first_use
    for number in range(len(towns)):
        for day in range(days):
            cost[first_use + number * days + day] = -question.worth[number]
            bounds.append((0.0, float(question.missing[day, number])))
    answer = linprog(cost, A_ub=np.array(rows), b_ub=np.array(most), bounds=bounds)
    assert answer.status == 0
    return -float(answer.fun)
