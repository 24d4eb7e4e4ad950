"""Drivers who stay away: by hand, within bounds, and blind to order and to later days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.trucks.deterrence import deterred, fears, willingness

BASE = {"scope": "corridor", "basis": "reported", "confidence": "A", "text": "t", "source": "s"}
DAY = date(2025, 1, 10)


def toy():
    """The toy case with fear as it stands in the table."""
    network, events = sr.datasets.toy()
    return network.assuming({"fear_ratio": 1}), events


def told(kind, day=0, corridor="NORTH", **more):
    """A report of the toy case."""
    start = (DAY + timedelta(days=day)).isoformat()
    row = {**BASE, "event": f"{kind}-{day}-{corridor}", "kind": kind, "start": start, "end": start,
           "corridor": corridor, **more}  # fmt: skip
    return {key: value for key, value in row.items() if value != ""}


def shares(*rows, days=12, **options):
    """The willing shares of the toy case from 9 January on."""
    network, events = toy()
    events = events.without("T1", "T2", "T3").adding(*rows)
    start = DAY - timedelta(days=1)
    return willingness(
        network, events, start=start, end=start + timedelta(days=days), **options
    ).shares


def test_without_reports_all_are_willing():
    """On every corridor and day."""
    assert (shares() == 1).all(axis=None)


def test_an_attack_by_hand():
    """0.4 stay away from its corridor, a quarter of that from the other; back after seven days."""
    found = shares(told("convoy_attack"))
    assert found["NORTH"].tolist()[:2] == [1.0, 0.6]
    assert found["SOUTH"].tolist()[1] == pytest.approx(0.9)
    assert found["NORTH"].tolist()[7] == pytest.approx(0.6)
    assert found["NORTH"].tolist()[8] == pytest.approx(0.6)
    assert found["NORTH"].tolist()[9] == pytest.approx(0.6 + 0.05 * 0.4)


def test_an_escort_brings_some_back():
    """A tenth of those who stay away."""
    found = shares(told("convoy_attack"), told("escort_convoy", 2))
    assert found["NORTH"].tolist()[3] == pytest.approx(0.6 + 0.1 * 0.4)


def test_reports_of_one_incident_count_once():
    """A thing told three times frightens once."""
    twice = shares(told("convoy_attack", incident="I1"), told("vehicle_burning", 1, incident="I1"))
    assert twice.equals(shares(told("convoy_attack", incident="I1")))


def test_a_report_of_the_country_bears_on_all_corridors():
    """And one of a road on the corridors over it; one of elsewhere only by what spreads."""
    everywhere = shares(told("threat", corridor="", scope="country"))
    assert everywhere.loc[DAY].tolist() == pytest.approx([0.9, 0.9])
    road = shares(told("ambush", corridor="", scope="segment", edges="port--north"))
    assert road.loc[DAY, "NORTH"] == pytest.approx(0.8)
    nowhere = shares(told("ambush", corridor="", scope="point", nodes="mine"))
    assert nowhere.loc[DAY].tolist() == pytest.approx([0.95, 0.95])


def test_fear_from_before_the_first_day_counts():
    """The days shown do not change what happened before them."""
    network, events = toy()
    events = events.adding(told("convoy_attack"))
    whole = willingness(network, events, start="2025-01-09", end="2025-01-20").shares
    part = willingness(network, events, start="2025-01-15", end="2025-01-20").shares
    assert part.equals(whole.loc[date(2025, 1, 15) :])


def test_days_out_of_order_are_refused():
    """As everywhere."""
    network, events = toy()
    with pytest.raises(sr.errors.RequestError, match="lies before the start"):
        willingness(network, events, start="2025-01-15", end="2025-01-10")


ROWS = st.lists(
    st.tuples(
        st.sampled_from([row["kind"] for row in fears().rows()]),
        st.integers(0, 9),
        st.sampled_from(["NORTH", "SOUTH"]),
    ),
    unique=True,
    max_size=8,
)


@settings(max_examples=200)
@given(ROWS, st.randoms(use_true_random=False))
def test_shares_are_shares_whatever_the_order_of_the_rows(rows, random):
    """Within [0, 1]; the order of the file and reports of later days change nothing."""
    reports = [told(*row) for row in rows]
    found = shares(*reports)
    assert ((found >= 0) & (found <= 1)).all(axis=None)
    mixed = list(reports)
    random.shuffle(mixed)
    assert shares(*mixed).equals(found)
    early = [told(*row) for row in rows if row[1] <= 4]
    until = DAY + timedelta(days=4)
    assert shares(*early).loc[:until].equals(found.loc[:until])


def test_fear_lowers_capacity_and_touches_nothing_else():
    """The smaller of factor and share, inbound, on the roads of the corridor only."""
    network, events = toy()
    events = events.adding(told("threat"))
    days = sr.timeline(network, events, start="2025-01-09", end="2025-01-14")
    willing = willingness(network, events, start="2025-01-09", end="2025-01-14")
    lowered = deterred(days, willing)
    before, after = days.frame(), lowered.frame()
    assert (after <= before).all(axis=None)
    share = willing.shares.loc[DAY, "NORTH"]
    assert share < 1
    changed = after.columns[(after != before).any()]
    assert len(changed) > 0
    assert lowered.frame("status").equals(days.frame("status"))
    assert (after.loc[DAY, list(changed)] <= max(share, willing.shares.loc[DAY, "SOUTH"])).all()
    assert lowered[DAY].state.reports == days[DAY].state.reports


def test_equal_days_share_one_state():
    """So that analyses which look for change find none."""
    network, events = toy()
    span = {"start": "2025-03-01", "end": "2025-03-03"}
    days = deterred(sr.timeline(network, events, **span), willingness(network, events.without("T1", "T2", "T3"), **span))  # fmt: skip  # noqa: E501
    assert [days.same_as_before(day) for day in days.dates] == [False, True, True]


def test_shares_must_cover_the_days():
    """What is not known is not taken as willing."""
    network, events = toy()
    days = sr.timeline(network, events, start="2025-01-09", end="2025-01-14")
    willing = willingness(network, events, start="2025-01-09", end="2025-01-12")
    with pytest.raises(sr.errors.RequestError, match="no willing share is known of 2025-01-13"):
        deterred(days, willing)


def test_the_result_is_plain_values_and_tables():
    """The last day by corridor, rows, and a table."""
    network, events = toy()
    events = events.adding(told("convoy_attack"))
    willing = willingness(network, events, start=DAY, end=DAY)
    assert willing.summary()["NORTH"] == pytest.approx(0.6)
    assert willing.to_dict()["moves"][0]["report"] == "convoy_attack-0-NORTH"
    assert "<table" in willing._repr_html_()
