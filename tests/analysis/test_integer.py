"""Branch and bound: limits of time, and wrong answers of a solver, which are all caught."""

import re

import highspy
import numpy as np
import pytest

import supplyroutes as sr
from supplyroutes.analysis import integer
from supplyroutes.analysis.integer import Search
from supplyroutes.analysis.losses.attack import targets_of, worst_attack
from supplyroutes.analysis.losses.attack_model import FlowAttack, TimeAttack
from supplyroutes.analysis.losses.harm import harm_of


def mali_day():
    network, events = sr.datasets.mali()
    return sr.disrupt(network, events, at="2025-10-15")


def model(measure, budget):
    """A relaxation of the Mali case, and its harm."""
    day = mali_day()
    harm, targets = harm_of(day, measure), targets_of(day, budget, None, ())
    made = FlowAttack if measure in ("max_flow", "unmet_demand") else TimeAttack
    return made(harm, targets)


def test_the_search_proves_its_best():
    """On its own: no start, no settling."""
    found = Search(model("isolated_demand", 4)).run()
    assert found.proven
    assert found.value == found.bound
    assert len(found.chosen) == 4


def test_a_stopped_search_has_a_bound_and_says_so():
    """After no time: the first part is looked at, the rest is bound."""
    found = Search(model("weighted_time", 3)).run(time_limit_s=0)
    assert not found.proven
    assert found.value < found.bound
    assert found.branches == 1
    best = Search(model("weighted_time", 2)).run()
    assert best.proven
    stopped = sr.interdiction(mali_day(), budget=3, time_limit_s=0)
    assert not stopped.proven
    assert stopped.bound > stopped.after
    assert stopped.gap_share > 0
    assert "best found; bound" in stopped._repr_html_()


def test_progress_is_logged(monkeypatch, caplog):
    """Branches, best and bound, for whoever listens."""
    monkeypatch.setattr(integer, "_TOLD_S", -1.0)
    with caplog.at_level("INFO", logger="supplyroutes.analysis.integer"):
        Search(model("isolated_demand", 3)).run()
    assert re.match(r"\d+ branches, best .*, bound .*", caplog.messages[0])


# --- planted wrong optima --------------------------------------------------------------------


class Tampered:
    """What HiGHS returned, changed."""

    def __init__(self, solution, change):
        self.col_value = np.array(solution.col_value)
        self.row_dual = np.array(solution.row_dual)
        change(self)


def scaled_duals(by):
    def change(solution):
        solution.row_dual = solution.row_dual * by

    return change


def moved_values(by):
    def change(solution):
        solution.col_value = solution.col_value * by

    return change


def shifted_values(by):
    def change(solution):
        solution.col_value = solution.col_value + by

    return change


def no_duals(solution):
    solution.row_dual = solution.row_dual * 0


def no_attack(solution):
    solution.col_value = solution.col_value * 0


PLANTED = [
    *(scaled_duals(by) for by in (0.5, 0.9, 1.1, 2.0)),
    *(moved_values(by) for by in (0.5, 0.9, 1.1)),
    shifted_values(0.01),
    no_duals,
    no_attack,
]


@pytest.mark.parametrize("measure", ["weighted_time", "unmet_demand"])
@pytest.mark.parametrize("change", PLANTED)
def test_planted_wrong_optima_are_caught(monkeypatch, measure, change):
    """M50: twenty of twenty. A solver that lies about values or duals is refused."""
    made = model(measure, 2)
    honest = highspy.Highs.getSolution
    monkeypatch.setattr(
        highspy.Highs, "getSolution", lambda solver: Tampered(honest(solver), change)
    )
    with pytest.raises(sr.errors.SolverError):
        Search(made).run()


def test_a_relaxation_that_promises_too_little_is_caught():
    """A bound below what a choice is worth: the model itself is wrong."""
    made = model("isolated_demand", 4)
    made.offset -= 0.3
    day = mali_day()
    best = worst_attack(harm_of(day, "isolated_demand"), targets_of(day, 4, None, ()))
    place = {road: at for at, road in enumerate(made.targets.roads)}
    with pytest.raises(sr.errors.SolverError, match="worth more than"):
        Search(made).run([frozenset(place[road] for road in best.roads)])


def test_a_relaxation_that_promises_too_much_is_caught():
    """A whole choice whose bound is not what it is worth."""
    made = model("isolated_demand", 4)
    made.offset += 0.3
    with pytest.raises(sr.errors.SolverError, match="not what it is worth"):
        Search(made).run()


def test_an_attack_that_is_not_what_it_claims_is_refused():
    """The audit closes the roads and recomputes."""
    from dataclasses import replace

    from supplyroutes.analysis.losses.interdiction import audited

    day = mali_day()
    attack = worst_attack(harm_of(day, "isolated_demand"), targets_of(day, 2, None, ()))
    audited(day, "isolated_demand", attack)
    for wrong in (
        replace(attack, harm=attack.harm * 1.1),
        replace(attack, roads=attack.roads[:1]),
        replace(attack, bound=attack.harm / 2),
    ):
        with pytest.raises(sr.errors.SolverError, match="not what it is worth"):
            audited(day, "isolated_demand", wrong)
