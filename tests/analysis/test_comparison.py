"""Days, what-ifs and commodities side by side: worked out by hand on the toy network."""

import json
from dataclasses import replace

import pytest

import supplyroutes as sr
from tests.strategies import events_of, network_of, source, town
from tests.toy import network, on, told

CLOSED = {"spot_known": "true", "end": "2025-01-20"}


def test_a_closed_road_names_its_report_arc_and_side():
    """North's only free way: the road from the port is closed, and the southern one restricted."""
    south = told("S", kind="checkpoint_extortion", edges="south--bridge", end="2025-01-20")
    result = sr.compare(
        {"before": on("2025-01-09", south), "after": on("2025-01-12", told("N", **CLOSED), south)}
    )
    row = result.differences.loc[("north", "after")]
    assert row[["state_reference", "state", "worse", "measure"]].tolist() == [
        "supplied", "strained", "after", "state",
    ]  # fmt: skip
    assert row["reports"] == ("N", "S")
    assert row["arcs"] == ("port>north (port--north)", "south>bridge (south--bridge)")
    assert result.reference == "before"
    assert result.entries["at"].astype(str).tolist() == ["2025-01-09", "2025-01-12"]
    assert result.towns["state"].loc["north"].tolist() == ["supplied", "strained"]
    assert result.towns["path"].loc["north", "before"] == ("port--north",)
    assert result.summary()["after"]["differ"] == len(result.differences)


def test_a_delay_changes_the_time_and_names_what_slows():
    """With the north closed, the rains lengthen the southern way: 2.8 + 105/30 to 2.8 + 105/22."""
    north = told("N", start="2025-01-01", **CLOSED)
    rains = told("Z", kind="season", scope="country", edges="", end="2025-01-20")
    result = sr.compare(
        {"dry": on("2025-01-09", north, rains), "rains": on("2025-01-12", north, rains)}
    )
    row = result.differences.loc[("bridge", "rains")]
    assert row["travel_time_h_reference"] == pytest.approx(2.8 + 105 / 30)
    assert row["travel_time_h"] == pytest.approx(2.8 + 105 / 22)
    assert row[["measure", "worse", "reason"]].tolist() == ["time", "rains", "reports"]
    assert row["reports"] == ("Z",)
    assert row["arcs"] == ("south>bridge (south--bridge)",)


def test_an_approach_lost_without_another_state_or_time():
    """Bridge is fed by the north at best; the southern road closed costs it one of two ways in."""
    result = sr.compare(
        {"whole": on("2025-01-12"), "cut": on("2025-01-12", told("S", edges="south--bridge",
                                                                 **CLOSED))}
    )  # fmt: skip
    row = result.differences.loc[("bridge", "cut")]
    assert row["measure"] == "approaches"
    assert row[["approaches_reference", "approaches"]].tolist() == [2, 1]
    assert row["reports"] == ("S",)
    assert row["arcs"] == ("south>bridge (south--bridge)",)


def test_free_approaches_count_too():
    """Restricted only, the southern road stays passable: two ways in, one of them free."""
    south = told("S", kind="checkpoint_extortion", edges="south--bridge", end="2025-01-20")
    row = sr.compare({"whole": on("2025-01-12"), "taxed": on("2025-01-12", south)}).differences.loc[
        ("bridge", "taxed")
    ]
    assert row[["approaches", "approaches_free_reference", "approaches_free"]].tolist() == [2, 2, 1]
    assert row["reports"] == ("S",)


def test_a_source_out_of_service_is_the_proof():
    """The port's terminal is out: its towns are isolated by a lost source, no arc is closed."""
    out = told("T", kind="terminal_out", scope="point", nodes="port", edges="", end="2025-01-20")
    result = sr.compare({"before": on("2025-01-09", out), "after": on("2025-01-12", out)})
    row = result.differences.loc[("north", "after")]
    assert row[["state", "reports", "lost_sources"]].tolist() == ["isolated", ("T",), ("port",)]
    assert row["arcs"] == ()


def test_the_same_report_with_another_effect():
    """The closing day of an ambush, then its after-effect: one report, which acts otherwise."""
    hit = {"kind": "ambush", "spot_known": "true", "end": "2025-01-10"}
    rows = (told("A", **hit), told("B", edges="port--south", **hit))
    result = sr.compare({"day": on("2025-01-10", *rows), "after": on("2025-01-11", *rows)})
    row = result.differences.loc[("east", "after")]
    assert row[["state_reference", "state", "worse", "reason"]].tolist() == [
        "isolated", "strained", "day", "effect",
    ]  # fmt: skip
    assert row["reports"] == ("A", "B")


def test_another_assumption_commodity_and_view_are_named_as_the_reason():
    """Nothing was reported differently: what was asked, or assumed, is."""
    half = told("Q", kind="government_measure")
    day = on("2025-01-12", half)
    slow = day.assuming({"dwell_checkpoint_h": 2, "dwell_border_h": 48})
    border = network_of(
        [town("a"), town("b", lon=1.0)],
        [{"edge": "r", "u": "a", "v": "b", "length_km": "120", "border": "true"}],
        [source("a"), source("a", "goods", "0")],
    )
    rows = sr.compare({"best": border, "long": border.assuming({"dwell_border_h": 48})}).differences
    assert rows.loc[("b", "long"), ["measure", "reason", "reports"]].tolist() == [
        "time", "assumptions", (),
    ]  # fmt: skip
    assert sr.compare({"one": day, "two": slow}).differences["reports"].tolist() == []
    goods = border.asking("goods", at=None, state=border.state)
    rows = sr.compare({"fuel": border, "goods": goods}).differences
    assert rows.loc[("b", "goods"), ["state", "reason", "worse"]].tolist() == [
        "not_on_network", "commodity", "goods",
    ]  # fmt: skip
    rows = sr.compare({"roads": day, "tracks": day.with_tracks()}).differences
    assert rows.loc[("mine", "tracks"), ["state_reference", "reason"]].tolist() == [
        "not_on_network", "network view",
    ]  # fmt: skip


def test_another_supply_table_is_another_network_view():
    """A source that only one side has: no report took it away."""
    base = network()
    other = sr.Network(replace(base.tables, supply=base.tables.supply.take([])), base.assumptions)
    rows = sr.compare({"with": base, "without": other}, baseline=base).differences
    assert set(rows["reason"]) == {"network view"}


def test_a_fuel_ban_is_what_goods_do_not_meet():
    """A report on fuel only: the commodities differ, and the report is named."""
    both = network_of(
        [town("a"), town("b", lon=1.0)],
        [{"edge": "r", "u": "a", "v": "b", "length_km": "120"}],
        [source("a"), source("a", "goods")],
    )
    events = events_of([told("F", commodity="fuel", edges="r", **CLOSED)])
    rows = sr.compare(
        {
            name: sr.disrupt(both, events, at="2025-01-12", commodity=name)
            for name in ("fuel", "goods")
        }
    ).differences
    assert rows.loc[("b", "goods"), ["worse", "reason", "reports"]].tolist() == [
        "fuel", "commodity", ("F",),
    ]  # fmt: skip


def test_rows_by_state_then_size_and_corridors_side_by_side():
    """On the Mali case: other states first, then the largest; corridors say whether they differ."""
    mali, events = sr.datasets.mali()
    days = {day: sr.disrupt(mali, events, at=day) for day in ("2025-09-01", "2025-10-15")}
    result = sr.compare(days)
    rows = result.differences
    keys = [(row["measure"] != "state", -(row["population"] or 0)) for _, row in
            rows.fillna({"population": 0}).iterrows()]  # fmt: skip
    assert keys == sorted(keys)
    assert result.corridors["differs"].loc["DKR_N"]
    assert result.corridors["state"].loc["DKR_N"].tolist() == ["open", "refused"]
    answer = result.to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    (bamako,) = (row for row in answer["towns"] if row["node"] == "bamako")
    assert [entry["state"] for entry in bamako["entries"].values()] == ["supplied", "strained"]
    assert answer["corridors"][0]["entries"].keys() == days.keys()


def test_names_are_text_in_a_notebook():
    """A hostile name of an entry is escaped."""
    hostile = "<script>alert(1)</script>"
    result = sr.compare({hostile: on("2025-01-12"), "cut": on("2025-01-12", told(**CLOSED))})
    assert "<script>" not in result._repr_html_()
    assert "&lt;script&gt;" in result._repr_html_()


def test_what_cannot_be_compared_is_refused():
    """Fewer than two networks, or other towns and roads."""
    with pytest.raises(sr.errors.RequestError, match="two networks or more, not 1"):
        sr.compare({"one": network()})
    with pytest.raises(sr.errors.RequestError, match="'mali' and 'toy' do not have the same towns"):
        sr.compare({"toy": network(), "mali": sr.datasets.mali()[0]})


def test_three_entries_are_each_compared_with_the_first():
    """Rows of the second entry, then of the third."""
    result = sr.compare(
        {
            "calm": on("2025-01-09"),
            "north": on("2025-01-12", told("N", **CLOSED)),
            "south": on("2025-01-12", told("S", edges="port--south", **CLOSED)),
        }
    )
    entries = result.differences.index.get_level_values("entry").tolist()
    assert set(entries) == {"north", "south"}
    assert entries == sorted(entries)
    reports = result.differences.groupby(level="entry")["reports"].agg(set).to_dict()
    assert reports == {"north": {("N",)}, "south": {("S",)}}
