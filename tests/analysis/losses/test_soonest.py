"""Which roads dry a town soonest: equal to following the stocks under every loss."""

import json
from itertools import combinations
from math import inf, isnan

import pytest

import supplyroutes as sr
from supplyroutes.analysis.losses.harm import closing
from supplyroutes.analysis.losses.soonest import soonest_dry
from supplyroutes.dates import as_day
from supplyroutes.disruption import Timeline
from tests import flows
from tests.strategies import events_of, source, town

START, END = "2025-01-01", "2025-01-14"


def toy_days():
    network, events = sr.datasets.toy()
    return sr.timeline(network, events, start=START, end=END)


def dry(days, town, roads=(), when=START):
    """Days to dry with roads closed from a day on, by the public call."""
    states = [
        (closing(network, roads) if day >= as_day(when) else network).state for day, network in days
    ]
    lost = Timeline(days.base, days.commodity, days.dates, states)
    value = sr.stock_levels(lost).towns.loc[town, "days_to_dry"]
    return inf if isnan(value) else float(value)


@pytest.mark.parametrize("town", ["east", "north", "south"])
@pytest.mark.parametrize("budget", [0, 1, 2])
def test_the_soonest_is_that_of_trying_every_loss(town, budget):
    """All sets of roads, followed one by one."""
    days = toy_days()
    found = soonest_dry(days, to=town, budget=budget, lost_on=["2025-01-03"])
    roads = range(len(days.base.topology.edge_ids))
    tried = {
        chosen: dry(days, town, chosen, "2025-01-03")
        for size in range(budget + 1)
        for chosen in combinations(roads, size)
    }
    best = min(tried.values())
    after = inf if isnan(found.days_to_dry) else found.days_to_dry
    assert found.proven
    assert after == pytest.approx(best)
    index = days.base.topology.edge_index
    assert tried[tuple(sorted(index[road] for road in found.roads))] == pytest.approx(best)
    bound = inf if isnan(found.bound) else found.bound
    assert bound <= best + 1e-9


@pytest.mark.parametrize("budget", [0, 1, 2])
def test_a_town_that_is_a_source_may_have_to_share(budget):
    """Port t covers itself until w, without its own way to s, draws on it too: 5 of 10 are left.

    With every road lost t would keep all it has: that is no bound.
    """
    towns = [town("s", 10.0, 0.0), town("t", 10.0, 1.0), town("w", 10.0, 0.5)]
    ends = (("sw", "s", "w"), ("tw", "t", "w"))
    roads = [{"edge": edge, "u": u, "v": v, "length_km": "60"} for edge, u, v in ends]
    sources = [source("s", amount="20"), source("t", amount="10")]
    wanted = {("t", "transport"): 10, ("w", "transport"): 10}
    base = flows.network(towns, roads, sources, wanted)
    days = sr.timeline(base, events_of([]), start=START, end=END)
    found = soonest_dry(days, to="t", budget=budget)
    assert found.proven
    assert found.roads == (("sw",) if budget else ())
    assert isnan(found.days_to_dry) == (budget == 0)
    assert dry(days, "t", (0, 1)) == inf
    if budget:
        assert found.days_to_dry == pytest.approx(dry(days, "t", (0,)))
        assert found.bound <= found.days_to_dry


def test_of_several_days_the_soonest_counts():
    """Lost earlier, dry earlier; every day that was asked is told."""
    found = soonest_dry(toy_days(), to="East", budget=2, lost_on=["2025-01-05", "2025-01-02"])
    assert [str(day) for day in found.tried.index] == ["2025-01-02", "2025-01-05"]
    assert str(found.lost_on) == "2025-01-02"
    assert found.tried["days_to_dry"].is_monotonic_increasing


def test_a_search_that_is_cut_short_says_so():
    """One run is not enough; the bound holds all the same."""
    days = toy_days()
    whole = soonest_dry(days, to="north", budget=1)
    short = soonest_dry(days, to="north", budget=1, most_runs=1)
    assert whole.proven
    assert not short.proven
    assert short.days_to_dry >= whole.days_to_dry >= whole.bound
    assert short.runs < whole.runs
    assert "best found" in short._repr_html_()


def test_safe_roads_are_not_lost():
    """With all ways into East safe but one, that one may go."""
    days = toy_days()
    safe = [edge for edge in days.base.topology.edge_ids if edge != "port--south"]
    found = soonest_dry(days, to="east", budget=3, safe=safe)
    assert set(found.roads) <= {"port--south"}
    assert found.proven


def test_mali_bamako_lives_on_its_stock_once_its_smallest_cut_is_lost():
    """Four roads; the bound is met at once."""
    network, events = sr.datasets.mali()
    days = sr.timeline(network, events, start="2025-09-01", end="2025-09-20")
    found = soonest_dry(days, to="bamako", budget=4)
    assert found.proven
    assert len(found.roads) == 4
    assert found.days_to_dry == pytest.approx(found.bound)
    assert found.runs <= 4
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["sensitive"] is True
    assert told["days_to_dry_before"] is None


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"to": "nowhere"}, sr.errors.UnknownIdError),
        ({"to": "bridge"}, sr.errors.RequestError),
        ({"to": "east", "budget": -1}, sr.errors.RequestError),
        ({"to": "east", "safe": ["nowhere"]}, sr.errors.UnknownIdError),
        ({"to": "east", "lost_on": ["2026-01-01"]}, sr.errors.RequestError),
    ],
)
def test_questions_that_cannot_be_asked(options, error):
    """Town, use, budget, roads, days."""
    with pytest.raises(error):
        soonest_dry(toy_days(), **options)
