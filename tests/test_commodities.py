"""The trees of commodities and vehicles, and whom reports hit by them."""

import pytest

import supplyroutes as sr
from supplyroutes.commodities import COMMODITIES, check_commodity, covers, depth
from tests.toy import arc, on, told


def test_covers_itself_and_its_parts_only():
    """All > fuel > diesel; goods > bitumen; nothing covers its parent or its sibling."""
    assert covers("all", "diesel")
    assert covers("fuel", "fuel")
    assert not covers("diesel", "fuel")
    assert not covers("petrol", "diesel")
    assert not covers("fuel", "bitumen")
    assert covers("truck", "tanker")
    assert not covers("passenger", "tanker")


def test_depth_counts_from_the_root():
    """All is 1, fuel 2, petrol 3."""
    assert [depth(name) for name in ("all", "goods", "petrol", "any", "tanker")] == [1, 2, 3, 1, 3]


def test_unknown_commodity_names_the_nearest():
    """A misspelt commodity is answered with the nearest one, a strange one with all."""
    assert check_commodity("jet") == "jet"
    with pytest.raises(sr.errors.UnknownIdError, match="diesel"):
        check_commodity("deisel")
    with pytest.raises(sr.errors.UnknownIdError) as caught:
        check_commodity("zzzz")
    assert caught.value.nearest == COMMODITIES


def test_diesel_query_is_hit_by_a_fuel_report():
    """Fuel is an ancestor of diesel."""
    assert arc(on("2025-01-10", told(commodity="fuel"), commodity="diesel"), "port", "north") == {
        "status": "closed",
        "capacity_factor": 0.0,
        "delay_h": 0.0,
        "loss_prob": 0.0,
        "reports": ("e",),
        "partial": (),
        "last_report": (sr.events.as_day("2025-01-10"), "e"),
    }


def test_fuel_query_flags_a_petrol_report_as_partial():
    """Petrol is a part of fuel: shown, without effect."""
    state = arc(on("2025-01-10", told(commodity="petrol")), "port", "north")
    assert (state["status"], state["capacity_factor"], state["reports"]) == ("open", 1.0, ())
    assert state["partial"] == ("e",)


def test_fuel_query_does_not_hear_of_goods_or_diesel_of_petrol():
    """Siblings do not concern each other, and say nothing of the road."""
    for query, report in (("fuel", "goods"), ("diesel", "petrol"), ("goods", "fuel")):
        state = arc(on("2025-01-10", told(commodity=report), commodity=query), "port", "north")
        assert (state["status"], state["partial"], state["last_report"]) == ("open", (), None)


def test_passenger_reports_do_not_hit_tankers():
    """Passenger is a vehicle class beside trucks; tankers are trucks."""
    for vehicle, status in (
        ("passenger", "open"), ("truck", "closed"), ("tanker", "closed"), ("any", "closed")
    ):  # fmt: skip
        state = arc(on("2025-01-10", told(vehicle=vehicle)), "port", "north")
        assert state["status"] == status, vehicle


def test_goods_ride_on_trucks_that_are_no_tankers():
    """A report on tankers does not hit goods."""
    row = told(vehicle="tanker")
    assert arc(on("2025-01-10", row, commodity="goods"), "port", "north")["status"] == "open"
