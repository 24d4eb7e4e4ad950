"""The flow on the Mali case: what must hold whatever the reports of the day."""

from math import fsum

import pytest

import supplyroutes as sr

OFF_NETWORK_M3 = 527.34
"""Demand of the 20 places with demand that no tanker road reaches (demand.csv, best)."""


@pytest.fixture(scope="module")
def case():
    """Return network, events and the flow of the undisturbed network."""
    network, events = sr.datasets.mali()
    return network, events, sr.supply_flow(network)


def test_on_a_calm_day_all_is_met_from_the_sources_at_hand(case):
    """Demand.csv adds up to 4,369.87: all of it on the network arrives, nothing is lost."""
    network, _, flow = case
    whole = fsum(network.tables.demand.columns["demand_m3_per_day_best"])
    assert flow.demand_m3_per_day + flow.off_network_m3_per_day == pytest.approx(whole)
    assert flow.off_network_m3_per_day == pytest.approx(OFF_NETWORK_M3)
    assert flow.delivered_m3_per_day == pytest.approx(flow.demand_m3_per_day)
    assert flow.bottlenecks.empty
    assert flow.lost_m3_per_day == 0
    assert flow.sources.loc["yamoussoukro", "used_share"] == pytest.approx(1)


def test_the_day_of_the_blockade_lets_through_less_and_never_more_than_its_cut(case):
    """15 October 2025: Bamako goes short, and what is short lies behind roads, not sources."""
    network, events, usual = case
    day = sr.disrupt(network, events, at="2025-10-15")
    flow = sr.supply_flow(day, usual=usual)
    assert 0 < flow.delivered_m3_per_day < usual.delivered_m3_per_day
    assert flow.nodes.loc["bamako", "fill_rate"] < 1
    assert flow.summary()["least_fill_rate"] == pytest.approx(flow.nodes.loc["bamako", "fill_rate"])
    assert set(flow.bottlenecks["kind"]) <= {"border", "usual", "closed"}
    for row in flow.bottlenecks.to_dict("records"):
        used = flow.edges["flow_m3_per_day"][row["id"], row["tail"], row["head"]]
        assert used == pytest.approx(row["capacity_m3_per_day"], abs=1e-3)
    assert flow.delivered_m3_per_day <= flow.most_m3_per_day + 1e-3
    again = sr.supply_flow(day)
    assert again.to_dict() == flow.to_dict()


def test_without_losses_every_policy_lets_the_same_amount_arrive(case):
    """What differs is who gets it: the capital first leaves Mopti without."""
    network, events, usual = case
    day = sr.disrupt(network, events, at="2025-10-15")
    flows = {
        name: sr.supply_flow(day, allocation=kind, policy=policy, losses=False, usual=usual)
        for name, kind, policy in (
            ("alike", "max_min", "essential"),
            ("essential", "priority", "essential"),
            ("capital", "priority", "capital_first"),
            ("nearest", "nearest", "essential"),
        )
    }
    totals = {round(flow.delivered_m3_per_day, 3) for flow in flows.values()}
    assert len(totals) == 1
    rates = {name: flow.nodes["fill_rate"] for name, flow in flows.items()}
    assert rates["capital"]["bamako"] > rates["alike"]["bamako"] > rates["nearest"]["bamako"]
    assert rates["capital"]["mopti"] < rates["alike"]["mopti"]
