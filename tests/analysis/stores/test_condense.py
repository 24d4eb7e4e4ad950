"""Fewer roads, the same answer."""

from math import isclose

from hypothesis import given, settings

from supplyroutes.analysis.flows.flow_model import FlowModel, Item
from supplyroutes.analysis.flows.flow_problem import by_node
from supplyroutes.analysis.stores.condense import Skeleton
from tests import flows


@settings(max_examples=300, deadline=None)
@given(flows.problems(lossy=True))
def test_links_have_the_fill_rates_and_the_truck_time_of_arcs(problem):
    """Random problems with losses, capacities, parallel and one-way arcs."""
    wanted = by_node(problem.needs)
    items = [Item(node, amount) for node, amount in wanted.items()]
    small = Skeleton(problem, wanted).on(problem)
    assert len(small.arcs) <= len(problem.arcs)
    whole, part = FlowModel(problem, items), FlowModel(small, items)
    rates = whole.shares()
    for one, other in zip(rates, part.shares(), strict=True):
        assert isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)
    hours = [
        sum(map(float.__mul__, model.fastest(rates).flow, model.problem.hours))
        for model in (whole, part)
    ]
    assert isclose(*hours, rel_tol=1e-5, abs_tol=1e-4)


def test_a_course_through_junctions_is_one_link_and_a_dead_end_none():
    """Port 0, junctions 1 and 2, town 3; 4 is a dead end; half is lost between 1 and 2."""
    arcs = [(0, 1, 9, 2), (1, 2, 8, 3), (2, 3, 3, 4), (2, 4, 9, 1), (4, 2, 9, 1)]
    problem = flows.problem(5, arcs, {0: 9}, {(3, "power"): 2}, [0, 0.5, 0, 0, 0])
    skeleton = Skeleton(problem, {3})
    assert skeleton.courses == ((0, 1, 2),)
    small = skeleton.on(problem)
    # 3 may enter the last arc: 6 the first. Of 1 that enters, half drives the last 4 hours.
    assert (small.keep, small.capacity, small.hours) == ((0.5,), (6.0,), (2 + 3 + 0.5 * 4,))


def test_two_roads_side_by_side_stay_two():
    """Between the port and a junction; the junction stays, for folding would share no capacity."""
    arcs = [(0, 1, 4, 1), (0, 1, 5, 1), (1, 2, 6, 1)]
    problem = flows.problem(3, arcs, {0: 9}, {(2, "power"): 9})
    assert Skeleton(problem, {2}).courses == ((0,), (1,), (2,))
