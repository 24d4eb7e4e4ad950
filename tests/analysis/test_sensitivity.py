"""Which assumption flips a town: worked out by hand on the toy network."""

import json

import pytest

import supplyroutes as sr
from tests.strategies import events_of, rules
from tests.toy import network, told


def of(*rows, at, under=None):
    """The sensitivity of the toy network to reports."""
    return sr.sensitivity(network(), events_of(rows, under), at=at)


def test_a_duration_flips_towns_whose_report_has_just_run_out():
    """Both roads from the port closed on 10 January, no end found: 3 days at best, 1 to 14.

    On 12 January both are closed, so the towns behind are isolated; after one day only they
    would be supplied again. On 20 January the closures have run out; after 14 days they would not.
    """
    lasting = {"end_status": "end_not_found", "spot_known": "true"}
    rows = (told("N", **lasting), told("S", edges="port--south", **lasting))
    early = of(*rows, at="2025-01-12")
    assert early.headline == "R30.duration_days"
    assert ("east", "isolated", "supplied") in early.flips.loc[
        ("R30.duration_days", "low"), "changes"
    ]
    assert early.flips.loc[("R30.duration_days", "high"), "changes"] == ()
    late = of(*rows, at="2025-01-20")
    assert late.flips.loc[("R30.duration_days", "low"), "changes"] == ()
    assert late.towns.loc["north", ["state", "others", "keys"]].tolist() == [
        "supplied", ("isolated",), ("R30.duration_days high",),
    ]  # fmt: skip
    assert late.summary()["flipping"] == 1
    assert late.summary()["towns"] == len(late.towns) == 4
    assert late.summary()["people"] == late.flips["people_changed"].iloc[0]


def test_no_end_is_a_value_and_is_moved_to_the_low_one():
    """An enforced ban has no end at best; its low value, 14 days, frees the road on day 20."""
    ban = {"kind": "blockade_declaration", "basis": "declared", "commodity": "fuel"}
    rows = [
        told("D", start="2025-01-01", scope="country", edges="", **ban),
        told("A", kind="convoy_attack", start="2025-01-02", end="2025-01-02", enforces="D",
             scope="corridor", corridor="NORTH;SOUTH"),
    ]  # fmt: skip
    result = of(*rows, at="2025-01-20")
    row = result.flips.loc[("R02.duration_days", "low")]
    assert row["best"] is None
    assert row["value"] == 14.0
    assert ("east", "strained", "supplied") in row["changes"]
    assert ("R02.duration_days", "high") not in result.flips.index


def test_a_threshold_is_moved_too():
    """Roads into Bridge open at 60 % of their capacity: strained only if 75 % are asked for."""
    under = rules().replacing({"R33": {"capacity_factor": 0.6}})
    attack = told(kind="base_attack", scope="point", nodes="bridge", end="2025-01-10")
    result = of(attack, at="2025-01-10", under=under)
    assert result.headline == "strained_capacity_share"
    assert result.flips.loc[("strained_capacity_share", "low"), "changes"] == ()
    assert result.flips.loc[("strained_capacity_share", "high"), "changes"] == (
        ("bridge", "supplied", "strained"),
        ("east", "supplied", "strained"),
    )


def test_what_has_one_value_is_not_run_and_idle_rules_are_counted():
    """A road closed with a recorded end: R30 has one range, its duration; four assumptions."""
    result = of(told(end="2025-01-20"), at="2025-01-12")
    keys = result.flips.index.get_level_values("key")
    assert sorted(set(keys)) == sorted({"R30.duration_days", *network().assumptions})
    assert result.runs == 2 + 2 * len(network().assumptions) == len(result.flips)
    assert result.fixed == 3
    assert result.idle_rules == len(rules()) - 1
    assert result.headline is None
    assert result.towns.empty


def test_the_run_that_moves_most_people_stands_first_and_json_is_plain():
    """Rows fall in people, then towns, then times; the answer is plain and says it twice alike."""
    mali, events = sr.datasets.mali()
    result = sr.sensitivity(mali, events, at="2025-10-15")
    counts = result.flips[["people_changed", "towns_changed", "times_changed"]].values.tolist()
    assert counts == sorted(counts, reverse=True)
    assert result.headline == "R02.duration_days"
    answer = result.to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert answer == sr.sensitivity(mali, events, at="2025-10-15").to_dict()
    assert answer["flips"][0]["best"] is None
    assert "<script>" not in result._repr_html_()


def test_progress_is_told_after_each_run():
    """The callback counts up to the number of runs."""
    seen = []
    result = sr.sensitivity(
        network(), events_of([told()]), at="2025-01-12", progress=lambda *at: seen.append(at)
    )
    assert seen == [(number, result.runs) for number in range(1, result.runs + 1)]


def test_a_disrupted_network_is_refused():
    """It takes the base network, as `disrupt` does."""
    day = sr.disrupt(network(), events_of([]), at="2025-01-12")
    with pytest.raises(sr.errors.RequestError, match="disrupted already"):
        sr.sensitivity(day, events_of([]), at="2025-01-12")
