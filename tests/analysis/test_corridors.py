"""The corridors of a day."""

from datetime import date

import pytest
from pandas import isna

import supplyroutes as sr
from supplyroutes.analysis.corridors import CORRIDOR_STATES, corridor_states
from supplyroutes.core import STATUSES
from tests.toy import network, on, told


def test_open_corridors():
    """NORTH: 132 + 143 + 60 km in 2.4 + 2.6 + 60/55 h."""
    found = corridor_states(network())
    north = found.corridors.loc["NORTH"]
    assert (north["state"], north["length_km"], north["affected_km"]) == ("open", 335, 0)
    assert north["time_h"] == pytest.approx(5 + 60 / 55)
    assert isna(north["last_report_age_days"])
    assert found.summary() == {"open": 2}


def test_a_corridor_is_as_good_as_its_worst_road():
    """Closed at one road of 132 km, taxed on 60 km: closed, 192 km affected, both reports."""
    rows = (told("a"), told("b", kind="checkpoint_extortion", edges="bridge--east"))
    found = corridor_states(on("2025-01-12", *rows)).corridors
    north = found.loc["NORTH"]
    assert (north["state"], north["affected_km"]) == ("closed", 192)
    assert isna(north["time_h"])
    assert north["reports"] == ("a", "b")
    assert (north["last_report_on"], north["last_report_age_days"]) == (date(2025, 1, 10), 2)
    south = found.loc["SOUTH"]
    assert south["state"] == "restricted"
    assert south["time_h"] == pytest.approx(6.3 + 60 / 55 + 6)


def test_only_the_inbound_direction_counts():
    """Closed on the way back to port: the corridor stays open."""
    found = corridor_states(on("2025-01-12", told(direction="outbound"))).corridors
    assert found.loc["NORTH", "state"] == "open"


def test_unknown_km():
    """Closed for an assumed three days from the 10th: unknown on the 20th."""
    found = corridor_states(on("2025-01-20", told(end_status="end_not_found")))
    north = found.corridors.loc["NORTH"]
    assert (north["state"], north["unknown_km"], north["affected_km"]) == ("unknown", 132, 0)
    assert found.to_dict()["corridors"][0]["last_report"] == "e"
    assert found.to_dict()["at"] == "2025-01-20"
    assert "unknown" in found._repr_html_()


def test_a_corridor_with_a_road_that_bears_no_tanker_is_not_open(edit, case_folder):
    """One road of practicability 5: unfit, no hours; tracks make it open; closed is worse."""
    words = [state for state in CORRIDOR_STATES if state != "unfit"]
    assert words == list(STATUSES), "every state of a road is one of a corridor"
    edit(case_folder / "roads.csv", "passable,6,false,132", "passable,5,false,132")
    bad = sr.read_network(case_folder)
    found = corridor_states(bad)
    north = found.corridors.loc["NORTH"]
    assert (north["state"], north["affected_km"]) == ("unfit", 0)
    assert isna(north["time_h"])
    assert found.summary() == {"open": 1, "unfit": 1}
    assert corridor_states(bad.with_tracks()).summary() == {"open": 2}
    closed = sr.disrupt(bad, sr.datasets.toy()[1], at="2025-01-12")
    assert corridor_states(closed).corridors["state"].to_dict() == {
        "NORTH": "closed", "SOUTH": "restricted",
    }  # fmt: skip
