"""Which change makes the difference: shares by hand, laws, and what cannot be told apart."""

import datetime as dt
import itertools
import warnings
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes._kernels.shares import shapley_shares
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.scenario.atoms import atoms, supposing
from supplyroutes.scenario.attribution import attribution, change_name
from supplyroutes.scenario.merging import suppositions

DAY = dt.date(2025, 1, 12)
SPAN = {"stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 16)}}
BOTH = {"removed": ["T1", "T2"]}


def scenario(**parts):
    return sr.Scenario(case="toy", date=DAY, analyses=SPAN, **parts)


def shares_by_orders(values, players):
    """Shares by going through all orders of arrival: slow and obvious."""
    shares = [0.0] * players
    for order in itertools.permutations(range(players)):
        there = 0
        for player in order:
            shares[player] += values[there | 1 << player] - values[there]
            there |= 1 << player
    return [share / factorial(players) for share in shares]


@given(st.integers(0, 4).flatmap(lambda players: st.tuples(
    st.just(players),
    st.lists(st.floats(-1e3, 1e3), min_size=1 << players, max_size=1 << players),
)))  # fmt: skip
def test_shares_are_means_over_all_orders(game):
    """The formula over sets equals the mean over orders, and the shares sum to the whole."""
    players, values = game
    found = shapley_shares(values, players)
    assert found == pytest.approx(shares_by_orders(values, players), abs=1e-9)
    assert sum(found) == pytest.approx(values[-1] - values[0], abs=1e-9)


def test_two_reports_of_which_either_would_do():
    """Without T1, or without T2, no town is strained: neither is missed, each has half.

    On the 12th T1 shuts port--north and T2 taxes south--bridge: bridge, east and north have one
    taxed way left. Over the days of the stocks, east and north miss 230 m3 in all.
    """
    found = attribution(scenario(events=BOTH))
    assert found.exact
    assert found.evaluations == 4
    assert found.summary() == {
        "supplied": 3, "strained": -3, "isolated": 0, "not_on_network": 0,
        "unmet_m3": pytest.approx(-230, abs=0.5),
    }  # fmt: skip
    strained = found.changes.xs(("strained", ""), level=("measure", "node"))
    assert strained["share"].to_dict() == {"removed:T1": -1.5, "removed:T2": -1.5}
    assert strained["turned_off"].tolist() == [0, 0]
    assert found.totals.loc[("days_dry", "east"), "difference"] == pytest.approx(-1, abs=0.05)


def test_shares_sum_to_the_difference_and_turn_with_the_sides():
    """For every headline number; set the other way round, all signs are turned."""
    asked = scenario(
        events=BOTH,
        what_if={"harder": {"demand_m3_per_day": {"east": 90.0}, "season": "wet"}},
    )
    there = attribution(asked, "harder")
    sums = there.changes["share"].groupby(level=["measure", "node"]).sum()
    for key, difference in there.totals["difference"].items():
        assert sums[key] == pytest.approx(difference, abs=1e-9)
    back = attribution(asked, "recorded", reference="harder")
    assert back.totals["difference"].tolist() == pytest.approx(
        (-there.totals["difference"]).tolist()
    )
    turned = -there.changes["share"]
    assert back.changes["share"][turned.index].tolist() == pytest.approx(turned.tolist(), abs=1e-9)


def test_only_what_differs_is_a_change():
    """Beside the scenario, a what-if of it changes its own keys; beside itself nothing."""
    asked = scenario(
        events=BOTH,
        assumptions={"dwell_border_h": 30.0},
        what_if={"longer": {"assumptions": {"dwell_border_h": 48.0}}},
    )
    told = attribution(asked, "longer", reference="scenario").changes
    assert told.index.unique("change").tolist() == ["assumption:dwell_border_h"]
    same = attribution(asked, reference="scenario")
    assert len(same.changes) == 0
    assert not same.totals["difference"].any()
    assert same.evaluations == 1


def test_many_changes_are_only_turned_off():
    """Seven changes: nine sets instead of 128, no shares; progress counts them."""
    numbers = ("dwell_border_h", "dwell_checkpoint_h", "stale_report_days", "catch_up_ratio", "reserve_days")  # fmt: skip  # noqa: E501
    network, _ = sr.datasets.toy()
    values = {key: network.assumptions[key].best + 1 for key in numbers}
    seen = []
    found = attribution(
        scenario(events=BOTH, assumptions=values),
        progress=lambda done, of: seen.append((done, of)),
    )
    assert not found.exact
    assert found.changes["share"].isna().all()
    assert seen == [(done, 9) for done in range(1, 10)]
    strained = found.changes.xs(("strained", ""), level=("measure", "node"))
    assert strained["turned_off"].abs().sum() == 0
    assert found.to_dict()["changes"][0]["share"] is None
    assert "removed:T1" in found._repr_html_()


def test_what_cannot_be_told_apart_or_is_not_there():
    """A report added that ends another one that is added cannot do without it."""
    added = [
        {"event": "N1", "kind": "road_closed", "basis": "reported", "scope": "segment",
         "start": DAY, "edges": "port--south", "end_status": "no_end_expected"},
        {"event": "N2", "kind": "road_reopened", "basis": "reported", "scope": "segment",
         "start": DAY, "edges": "port--south", "ends": ["N1"], "end_status": "no_end_expected"},
    ]  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.SupplyroutesWarning)
        with pytest.raises(RequestError, match="cannot be told apart; without added:N1"):
            attribution(scenario(events={"added": added}))
    for names in ({"entry": "wett"}, {"reference": "wett"}):
        with pytest.raises(UnknownIdError, match="did you mean wet"):
            attribution(scenario(what_if={"wet": {"season": "wet"}}), **names)


def test_atoms_and_back():
    """Every kind of change is one atom; put together again they are what was supposed."""
    whole = suppositions(
        scenario(
            events={
                "removed": ["T1"],
                "moved": {"T2": {"days": 1}},
                "ended": [{"on": DAY, "kinds": ["checkpoint"]}],
                "added": [{"event": "N1", "kind": "road_closed"}],
            },
            assumptions={"dwell_border_h": 30.0},
            rules={"R02": {"capacity_factor": 0.2, "delay_h": 3.0}},
            season="wet",
            demand_m3_per_day={"east": 70.0},
            stock_m3={"east": 7.0},
            fleet={"tankers": 3.0},
            convoys={"size_ratio": 2.0},
            policies={"allocation": "priority"},
        )
    )["scenario"]
    told = atoms(whole)
    assert [change_name(atom) for atom in told] == [
        "removed:T1", "ended:2025-01-12 checkpoint", "moved:T2", "added:N1",
        "assumption:dwell_border_h", "demand:east", "stock:east",
        "rule:R02:capacity_factor", "rule:R02:delay_h",
        "season", "fleet", "convoys", "policies",
    ]  # fmt: skip
    assert supposing(told) == whole
    assert atoms(supposing({})) == {}


def test_a_report_that_is_added_and_moved_has_its_shares():
    """Without the report there is nothing to move: the move alone makes no difference."""
    added = {"event": "N", "start": DAY, "kind": "road_closed", "basis": "assumed",
             "scope": "segment", "edges": ["port--south"], "spot_known": True}  # fmt: skip
    found = attribution(
        sr.Scenario(
            case="toy",
            date=DAY,
            events={"added": [added]},
            what_if={"later": {"events": {"moved": {"N": {"days": 2}}}}},
        ),
        "later",
    )
    unmet = found.changes.xs(("unmet_m3", ""), level=("measure", "node"))
    total = found.totals.loc[("unmet_m3", ""), "difference"]
    assert total > 0
    assert unmet["share"].sum() == pytest.approx(total)
    assert unmet.loc["added:N", "turned_off"] == pytest.approx(total)
