"""Explanations worked out by hand on the toy network, and their forms."""

import json

import pytest

import supplyroutes as sr
from supplyroutes.analysis.why import relief
from supplyroutes.cli.terminal import console
from tests.strategies import events_of, network_of, source, town
from tests.toy import network, told

BAN = told("d", kind="blockade_declaration", basis="declared", commodity="fuel", scope="country",
           region="TOY", start="2025-01-01", corridor="NORTH;SOUTH")  # fmt: skip
SHOWN = told("s", kind="vehicle_burning", corridor="NORTH", scope="corridor", enforces="d")
STOPPED = told("t", kind="checkpoint_extortion", edges="south--bridge", spot_known="true")


def explained(*rows, to="east", at="2025-01-10", **options):
    """The explanation of a town under these reports."""
    return sr.explain(network(), events_of(rows), at=at, to=to, **options)


def test_a_ban_is_lifted_with_its_declaration_or_with_what_shows_it_enforced():
    """Months after the burning of report s its own effect is over; the ban that it shows is not.

    So the north way opens with d or with s, the south way with t.
    """
    burned = {**SHOWN, "end": "2025-01-10", "end_status": "recorded"}
    why = explained(BAN, burned, STOPPED, at="2025-06-01")
    assert why.state == "strained"
    assert [way.sets for way in why.relief] == [(("d",), ("s",), ("t",))]
    # The state needs all three; each is the last to come in a third of the orders.
    assert why.shares["share"].round(9).to_dict() == dict.fromkeys("dst", round(1 / 3, 9))
    fresh = explained(BAN, SHOWN, STOPPED)  # the burning acts itself, so d alone is not enough
    assert [way.sets for way in fresh.relief] == [(("s",), ("t",))]


def test_reports_of_one_road_must_all_go():
    """Two reports close the last roads to the east: lifting one of them is not enough."""
    closed = [
        told(name, edges="bridge--east;bridge--east--old", spot_known="true") for name in "ab"
    ]
    why = explained(*closed)
    assert why.state == "isolated"
    assert [(way.goal, way.sets) for way in why.relief] == [
        ("strained", (("a", "b"),)),
        ("supplied", (("a", "b"),)),
    ]
    assert why.summary()["lift"] == {"strained": 2, "supplied": 2}
    assert why.cut["reports"].tolist() == [("a", "b")] * 2
    assert why.path == ()
    assert why.must_pass.empty


def test_what_a_supplied_town_hangs_on():
    """From port to bridge there are two ways; to the east the road and the old road beside it."""
    why = explained(told("c", kind="threat"))
    assert why.state == "supplied"
    assert why.must_pass.values.tolist() == [
        ["town", "bridge", "Bridge", "isolated"],
        ["town", "port", "Port", "isolated"],
    ]
    assert why.last_roads == ("bridge--east", "bridge--east--old")
    assert why.worsening.empty  # the threat is on one of two ways
    north = explained(told("c", edges="north--bridge"), to="north")
    assert north.last_roads == ("port--north",)


def test_many_reports_have_sampled_shares_near_the_exact_ones(monkeypatch):
    """Above the limit: intervals that hold the exact values, and the same on every run."""
    exact = explained(BAN, SHOWN, STOPPED, to="north").shares["share"]
    monkeypatch.setattr(relief, "MOST_EXACT", 1)
    one, two = (explained(BAN, SHOWN, STOPPED, to="north") for _ in range(2))
    assert not one.shares_exact
    assert one.shares.equals(two.shares)
    for event, share in exact.items():
        assert one.shares.loc[event, "share_low"] <= share <= one.shares.loc[event, "share_high"]


def test_a_search_that_stops_says_so_and_gives_a_bound(monkeypatch, capsys):
    """Three reports must go; after one set the search has proven only that some must."""
    from supplyroutes.cli.explaining import show_explanation

    monkeypatch.setattr(relief, "MOST_STEPS", 1)
    why = explained(STOPPED, told("n"))
    (way,) = why.relief
    assert (way.sets, way.size, way.complete) == ((), 1, False)
    show_explanation(why, network(), lang="en")
    assert "at least 1 reports must be lifted" in capsys.readouterr().out
    monkeypatch.setattr(relief, "MOST_STEPS", 99)
    monkeypatch.setattr(relief, "MOST_SETS", 1)
    show_explanation(explained(STOPPED, told("n")), network(), lang="en")
    assert "more sets of this size" in capsys.readouterr().out
    assert console().width


def test_off_the_network_there_is_nothing_to_explain():
    """A track leads to the mine: no tanker ever came."""
    why = explained(STOPPED, to="mine")
    assert why.state == "not_on_network"
    assert (len(why.cut), why.relief, len(why.shares), why.last_roads) == (0, (), 0, ())


def test_plain_values_are_json_and_names_are_escaped():
    """Missing numbers are null; a town called <b> is text in a notebook."""
    why = explained(STOPPED, told("n"), to="Est")
    values = json.loads(json.dumps(why.to_dict(), allow_nan=False))
    assert values["town"] == "east"
    assert values["relief"][0]["sets"] == [["n"], ["t"]]
    assert "Lift 1 to be supplied: n; t" in why._repr_html_()


def test_unknown_towns_and_days_are_refused():
    """With the nearest names."""
    with pytest.raises(sr.errors.UnknownIdError, match="did you mean"):
        explained(STOPPED, to="Estt")
    with pytest.raises(sr.errors.RequestError):
        explained(STOPPED, at="12/01/2025")


OUT = told("o", kind="terminal_out", basis="reported", scope="point", nodes="q")


def two_ports(*rows, to="x"):
    """Ports p and q on roads into x, under these reports."""
    made = network_of(
        [town("p"), town("q", lat=1.0), town("x", lon=1.0)],
        [
            {"edge": "px", "u": "p", "v": "x", "length_km": "150"},
            {"edge": "qx", "u": "q", "v": "x", "length_km": "200"},
        ],
        [source("p"), source("q")],
    )
    return sr.explain(made, events_of(rows), at="2025-01-10", to=to)


def test_a_source_out_of_service_is_no_way_in():
    """With q out the road from p alone cuts x off; q itself then hangs on both roads' ends."""
    assert two_ports().last_roads == ("px", "qx")
    assert two_ports(OUT).last_roads == ("px",)
    assert two_ports(OUT, to="q").last_roads == ("qx",)
    assert two_ports(OUT, {**OUT, "event": "o2", "nodes": "p"}).last_roads == ()
