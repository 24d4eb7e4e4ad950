"""Reports that end together: a truce, a corridor that is free again."""

from __future__ import annotations

import datetime as dt
import warnings

import pytest

import supplyroutes as sr
from supplyroutes.scenario import run, what_if_case
from supplyroutes.scenario.ending import ended_reports
from supplyroutes.scenario.model import Ending, Scenario

DAY = dt.date(2025, 1, 12)
TOY = 'case = "toy"\ndate = 2025-01-12\n'


def day(number):
    """A day of January."""
    return dt.date(2025, 1, number)


def asked(*endings, **events):
    """A scenario of the toy case in which reports end."""
    return Scenario(case="toy", date=DAY, events={"ended": list(endings), **events})


def states(scenario):
    """The status of two roads, from the 9th to the 16th."""
    network, events = what_if_case(scenario)
    days = sr.timeline(network, events, start=day(9), end=day(16))
    roads = ("port--north", "south--bridge")
    return [tuple(now.arcs["status"].loc[road].iloc[0] for road in roads) for _, now in days]


def test_days_before_stay_and_what_begins_later_never_happens():
    """Hand case: T1 closes the north from the 10th, T2 taxes the south from the 12th."""
    told = states(Scenario(case="toy", date=DAY))
    assert [status == "closed" for status, _ in told] == [False, True, True, True, *[False] * 4]
    assert [status for _, status in told][2:5] == ["open", "restricted", "restricted"]
    for on in range(9, 17):
        ending = {"on": day(on), "corridors": ["NORTH", "SOUTH"]}
        found = states(asked(ending))
        before = on - 9
        assert found[:before] == told[:before]
        assert not {"closed", "restricted"} & {road for both in found[before:] for road in both}


def test_nothing_lingers_of_what_has_ended():
    """An ambush is feared for some days after it: with a truce no more from the truce on."""
    ambush = {"event": "A", "start": day(9), "end": day(9), "kind": "ambush", "basis": "reported",
              "scope": "segment", "edges": ["bridge--east"], "actor": "Gunmen"}  # fmt: skip
    only = {"removed": ["T1", "T2", "T3"], "added": [ambush]}
    truce = {"on": day(11), "actors": ["gunmen"]}

    def losses(scenario):
        network, events = what_if_case(scenario)
        days = sr.timeline(network, events, start=day(9), end=day(13))
        return [float(now.arcs["loss_prob"].loc["bridge--east"].iloc[0]) for _, now in days]

    told, calm = losses(asked(**only)), losses(asked(truce, **only))
    assert told[1] > 0
    assert told[2] > 0
    assert calm == [*told[:2], 0, 0, 0]


def test_kinds_actors_and_corridors_must_all_fit():
    """What is not named is not asked of."""
    events = what_if_case(Scenario(case="toy", date=DAY))[1]

    def hit(**named):
        return sorted(ended_reports(events, [Ending(on=DAY, **named)]))

    assert hit(kinds=["road_closed"]) == ["T1"]
    assert hit(corridors=["NORTH"]) == ["T1", "T3"]
    assert hit(kinds=["road_closed"], corridors=["SOUTH"]) == []
    assert hit(kinds=["road_closed", "checkpoint_extortion"], corridors=["SOUTH"]) == ["T2"]


def test_the_order_of_ends_does_not_matter():
    """The first day of those that hit a report counts."""
    one, other = {"on": day(11), "kinds": ["road_closed"]}, {"on": day(13), "corridors": ["NORTH"]}
    assert states(asked(one, other)) == states(asked(other, one))
    assert states(asked(one, other))[2][0] == "open"


def test_changes_name_the_reports_that_end_or_never_happen():
    """Each as recorded and with its last day; none for one that begins later."""
    results = run(asked({"on": DAY, "corridors": ["NORTH", "SOUTH"]}), analyses=())
    found = {change.name: change for change in results.main.changes}
    assert {change.kind for change in found.values()} == {"ended"}
    assert {name: change.after and change.after.end for name, change in found.items()} == {
        "T1": day(11), "T2": None, "T3": None,
    }  # fmt: skip
    assert found["T1"].before.end == day(14)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('kinds = ["road_close"]', 4, "no report has the kind 'road_close'; did you mean road_cl"),
        ('corridors = ["NORT"]', 4, "no report has the corridor 'NORT'; did you mean NORTH?"),
        ('actors = ["jnim"]', 4, "no report has the actor 'jnim'; known: Rebels"),
        ('actors = ["Rebel"]', 4, "did you mean Rebels?"),
        ("", 4, "name kinds, actors or corridors"),
        ('kinds = "road_closed"', 4, "a list is needed, in square brackets, not 'road_closed'"),
    ],
)
def test_what_is_not_there_is_named_with_the_nearest(scenario, text, line, message):
    """Kinds, actors and corridors; and an end of everything is none."""
    added = (
        '[[events.added]]\nevent = "X"\nstart = 2025-01-12\nkind = "ambush"\nbasis = "assumed"\n'
        'scope = "segment"\nedges = ["bridge--east"]\nactor = "Rebels"\n'
    )
    ended = f"[[events.ended]]\non = 2025-01-12\n{text}\n"
    path = scenario(TOY.replace("\n", "\n", 1) + ended + added)
    with pytest.raises(sr.errors.DataError, match=message) as caught:
        what_if_case(sr.read_scenario(path))
    (problem,) = caught.value.problems
    assert problem.row in {3, line, 5}
    assert problem.column.startswith("events.ended.0")


def test_an_end_of_nothing_is_warned_of():
    """All of those named are over, and none begins later."""
    with pytest.warns(sr.errors.AssumptionWarning, match="nothing ends on 2025-02-01"):
        what_if_case(asked({"on": dt.date(2025, 2, 1), "kinds": ["road_closed"]}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        what_if_case(asked({"on": DAY, "kinds": ["road_closed"]}))


def test_the_id_of_the_end_is_never_one_that_is_taken():
    """A report of the scenario may be called as the one that ends others would be."""
    own = {"event": "WHATIF-END1", "start": day(9), "kind": "road_checked", "basis": "none",
           "scope": "segment", "edges": ["bridge--east"]}  # fmt: skip
    events = what_if_case(asked({"on": DAY, "kinds": ["road_closed"]}, added=[own]))[1]
    assert events["WHATIF-END1"].kind == "road_checked"
    assert events["WHATIF-END1-"].ends == ("T1",)
