"""Criticality by hand on the toy network; what cannot be asked; what results are."""

from math import isnan

import pytest

import supplyroutes as sr
from supplyroutes.analysis.losses import criticality as module
from supplyroutes.analysis.losses.removal_proof import removal_proof
from supplyroutes.analysis.losses.removals import without
from tests import toy
from tests.removals import with_demand
from tests.strategies import network_of, source, town

# Toy: Port sends to North (2.4 h, uses 50), South (2.8 h, 40), Bridge (5.0 h) and East (180).
EAST_H = 60 / 55


@pytest.fixture(scope="module")
def rank():
    """The toy on an undisturbed day, every road alone."""
    return sr.criticality(toy.network())


def test_the_main_road_costs_the_detour_of_all_behind_it(rank):
    """North: 8.9 for 2.4 h, East: 1.3 h later by South: 50 x 6.5 + 180 x 1.3 = 559."""
    row = rank.items.loc["port--north"]
    assert row["added_m3_h_per_day"] == pytest.approx(50 * 6.5 + 180 * 1.3)
    assert row["added_time_h"] == pytest.approx(559 / 270)
    assert row["cut_m3_per_day"] == row["cut_people"] == row["cut_towns"] == 0
    assert rank.items.index[0] == "port--north"
    assert rank.ranked_by == "added_m3_h_per_day"


def test_other_roads_by_hand(rank):
    """The old road to East: 3.75 h for 60/55; South hangs on its road, 11.1 h around."""
    added = rank.items["added_m3_h_per_day"]
    assert added["bridge--east"] == pytest.approx(180 * (3.75 - EAST_H))
    assert added["north--bridge"] == pytest.approx(180 * 1.3)
    assert added["port--south"] == pytest.approx(40 * (5.0 + 3.5 - 2.8))
    assert added["south--bridge"] == added["bridge--east--old"] == 0
    assert "east--mine" not in rank.items.index, "no loaded tanker passes it"


def test_exposure_of_towns_by_hand(rank):
    """East: worst without the road to it; the mean is over all six roads."""
    row = rank.towns.loc["east"]
    assert row["worst"] == "bridge--east"
    assert row["worst_added_time_h"] == pytest.approx(3.75 - EAST_H)
    assert row["mean_added_time_h"] == pytest.approx((3.75 - EAST_H + 1.3 + 1.3) / 6)
    assert row["cut_off_by"] == 0
    assert isnan(rank.towns.loc["port", "worst"])


def test_both_ways_out_of_the_port_cut_off_all():
    """Neither road alone cuts anything off: 270 of 270 together, all of it synergy."""
    pairs = sr.criticality(toy.network(), measure="isolation", order=2).pairs
    assert pairs.index[0] == ("port--north", "port--south")
    assert pairs.iloc[0][["cut_m3_per_day", "synergy"]].tolist() == [270, 270]
    assert isnan(pairs.iloc[0]["added_time_h"]), "nobody is left to be late"


def test_closed_roads_stay_closed():
    """With Port - North closed, South is the only way: its road cuts off everything."""
    rank = sr.criticality(toy.on("2025-01-10", toy.told()), measure="isolation")
    assert "port--north" not in rank.items.index
    assert rank.items.loc["port--south", "cut_m3_per_day"] == 270
    assert rank.items.loc["port--south", "cut_share"] == 1
    assert rank.summary()["first"] == "port--south"


def test_a_road_closed_in_one_direction_can_still_be_lost_in_the_other():
    """Outbound closed, inbound open: the road is a candidate."""
    told = toy.told(direction="outbound", corridor="NORTH", scope="corridor")
    day = toy.on("2025-01-10", told)
    if not all(factor for factor in day.state.capacity_factor):
        assert "port--north" in sr.criticality(day).items.index


def test_towns_terminals_and_corridors():
    """Bridge is passed by East only; the port is the one source; a corridor is all its roads."""
    network = toy.network()
    towns = sr.criticality(network, of="towns", measure="isolation").items
    assert towns.loc["bridge", "cut_m3_per_day"] == 180
    assert towns.loc["port", "cut_m3_per_day"] == 270
    assert towns.loc["east", "cut_towns"] == 1
    ports = sr.criticality(network, of="terminals", measure="isolation").items
    assert ports["cut_m3_per_day"].to_dict() == {"port": 270}
    corridors = sr.criticality(network, of="corridors").items
    assert set(corridors.index) == {"NORTH", "SOUTH"}
    assert corridors["betweenness_m3_per_day"].isna().all()


def test_betweenness_of_the_toy():
    """All of East and North come by Port - North: 230; the port sends 270."""
    network = toy.network()
    roads = sr.criticality(network, measure="betweenness").items["betweenness_m3_per_day"]
    assert roads["port--north"] == 230
    towns = sr.criticality(network, measure="betweenness", of="towns").items
    assert towns.loc["bridge", "betweenness_m3_per_day"] == 180
    ports = sr.criticality(network, measure="betweenness", of="terminals").items
    assert ports.loc["port", "betweenness_m3_per_day"] == 270


def test_equal_ways_share_betweenness():
    """Two ways of equal length to one town: half of its demand each."""
    towns = [town(name) for name in ("a", "b", "c", "d")]
    ends = (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"))
    roads = [{"edge": u + v, "u": u, "v": v, "length_km": "10"} for u, v in ends]
    network = with_demand(network_of(towns, roads, [source("a")]), (0, 0, 0, 8), ())
    found = sr.criticality(network, measure="betweenness").items["betweenness_m3_per_day"]
    assert found.to_dict() == {"ab": 4, "ac": 4, "bd": 4, "cd": 4}
    assert (sr.criticality(network).items["added_m3_h_per_day"] == 0).all(), "each has a spare"


def test_robustness_counts_the_same_deliveries():
    """Nothing limits the toy: the truck time grows by the detour, and by its cut share."""
    network = toy.network()
    whole = sr.criticality(network, measure="network_robustness_index").items["nri_m3_h_per_day"]
    assert whole["port--north"] == pytest.approx(559, rel=1e-6)
    part = sr.criticality(network, measure="capacity_robustness_index")
    assert part.items.loc["bridge--east", "nri_m3_h_per_day"] == pytest.approx(
        0.9 * whole["bridge--east"], rel=1e-6
    )
    assert part.assumed.loc["robustness_cut_share", "value"] == 0.9


def test_robustness_of_a_road_that_cuts_off_its_town():
    """Nothing arrives without it: no hours to compare; with a tenth left, no hours more."""
    towns = [town("p"), town("q", 0, 1)]
    roads = [{"edge": "r", "u": "p", "v": "q", "length_km": "120"}]
    network = with_demand(network_of(towns, roads, [source("p")]), (0, 10), ())
    for measure in ("network_robustness_index", "capacity_robustness_index"):
        items = sr.criticality(network, measure=measure).items
        assert items.loc["r", ["nri_m3_h_per_day", "cut_m3_per_day"]].tolist() == [0, 10]


def test_unmet_demand_by_hand():
    """Narrow day: 149.25 of 270 arrive; without the detour South keeps its 40: 109.25 less."""
    day = sr.disrupt(*sr.datasets.toy(), at="2025-01-12")
    rank = sr.criticality(day, measure="unmet_demand")
    assert rank.unmet_m3_per_day == pytest.approx(120.75)
    unmet = rank.items["unmet_m3_per_day"]
    assert unmet["south--bridge"] == pytest.approx(109.25)
    assert unmet["port--south"] == pytest.approx(149.25)
    assert unmet["bridge--east--old"] == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"measure": "beauty"}, "no measure 'beauty': travel_time"),
        ({"order": 3}, "order 3: 1 for each alone"),
        ({"of": "bridges"}, "roads, towns, terminals, corridors"),
        ({"order": 2, "measure": "betweenness"}, "betweenness ranks no pairs"),
        ({"of": "corridors", "measure": "betweenness"}, "corridors share paths"),
    ],
)
def test_what_cannot_be_asked(asked, said):
    """Each is refused in a sentence."""
    with pytest.raises(sr.errors.RequestError, match=said):
        sr.criticality(toy.network(), **asked)


def test_too_many_pairs_are_refused_before_any_work(monkeypatch):
    """15 pairs of 6 roads, where 14 fit."""
    monkeypatch.setattr(module, "MOST_PAIRS", 14)
    with pytest.raises(sr.errors.RequestError, match="15 pairs are too many"):
        sr.criticality(toy.network(), order=2)


def test_an_unknown_thing_names_the_nearest():
    """A slip of the pen; a road that is closed already is no longer there to lose."""
    with pytest.raises(sr.errors.UnknownIdError, match="port--north"):
        without(toy.network(), "port-north")
    with pytest.raises(sr.errors.UnknownIdError, match="road in use"):
        without(toy.on("2025-01-10", toy.told()), "port--north")


def test_without_leaves_the_day_as_it_is():
    """The same ids, the day untouched, and all removals at once."""
    network = toy.network()
    gone = without(network, "port--north", "port--south")
    assert gone.topology is network.topology
    assert network.state.capacity_factor == (1.0,) * len(network.topology.tail)
    assert set(toy.closed(gone)) == {"port>north", "north>port", "port>south", "south>port"}
    states = sr.isolation(without(network, "port", of="terminals"), baseline=network)
    assert states.towns.loc["east", "state"] == "isolated"


def test_no_source_no_demand_and_no_roads_are_answers():
    """Goods have no source here; a network without roads has nothing to lose."""
    goods = sr.criticality(toy.on("2025-01-10", commodity="goods"))
    assert goods.demand_m3_per_day == 0
    assert goods.summary()["first"] is None
    assert isnan(goods.mean_time_h)
    road = {"edge": "r", "u": "a", "v": "b", "length_km": "150"}
    base = network_of([town("a"), town("b", 0, 1)], [road], [source("a")])
    bare = sr.criticality(without(base, "r"), order=2)
    assert bare.items.empty
    assert bare.pairs.empty
    assert isnan(bare.summary()["added_m3_h_per_day"])


def test_a_result_is_plain_and_escaped(rank):
    """JSON values, and a table for notebooks in which nothing is markup."""
    told = rank.to_dict()
    assert told["items"][0]["edge"] == "port--north"
    assert told["pairs"] is None
    assert told["towns"][0]["worst"] is None or isinstance(told["towns"][0]["worst"], str)
    assert "tex2jax_ignore" in rank._repr_html_()
    proof = removal_proof(toy.network(), "port--north")
    assert proof.summary()["delayed"] == 3
    assert proof.to_dict()["delayed"][0]["path"]
    assert "tex2jax_ignore" in proof._repr_html_()
    both = sr.criticality(toy.network(), order=2)
    assert len(both.to_dict()["pairs"]) == len(both.pairs)
    assert "tex2jax_ignore" in both._repr_html_()


def test_progress_is_told():
    """Pairs once a road; flows once a removal."""
    seen = []
    sr.criticality(toy.network(), order=2, progress=lambda *state: seen.append(state))
    assert seen == [(number, 6) for number in range(1, 7)]
    for measure in ("unmet_demand", "network_robustness_index"):
        seen.clear()
        sr.criticality(toy.network(), measure=measure, progress=lambda *state: seen.append(state))
        assert seen[-1] == (6, 6)
    seen.clear()
    sr.criticality(
        toy.network(), measure="unmet_demand", order=2, progress=lambda *state: seen.append(state)
    )
    assert len(seen) == 18
