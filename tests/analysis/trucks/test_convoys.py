"""Convoys: recorded, expected, waiting, slow, and struck by draws that scenarios share."""

from collections import Counter
from datetime import date, timedelta

import pytest

import supplyroutes as sr
from supplyroutes.analysis.stores.transit import roads_of
from supplyroutes.analysis.trucks.convoys import (
    MEAN_HIT_SHARE,
    SLIVER,
    Convoy,
    ConvoyRun,
    coming_convoys,
    convoy_days,
    escorted_only,
    recorded_convoys,
    uniform,
)

BASE = {"scope": "corridor", "basis": "reported", "confidence": "A", "text": "t", "source": "s",
        "corridor": "NORTH"}  # fmt: skip
DAY = date(2025, 3, 10)


def told(event, kind="convoy_arrival", start=DAY, **more):
    """A report of the toy case."""
    return {**BASE, "event": event, "kind": kind, "start": start.isoformat(),
            "end": start.isoformat(), **more}  # fmt: skip


def recorded(*rows):
    """The convoys that reports tell of."""
    network, events = sr.datasets.toy()
    return recorded_convoys(network, events.without("T1", "T2", "T3").adding(*rows))


def north():
    """The toy network, and the arc from the port to the north."""
    network = sr.datasets.toy()[0]
    top = network.topology
    arc = 2 * top.edge_index["port--north"]
    return network, arc if top.node_ids[top.head[arc]] == "north" else arc + 1


def convoy(arc, *, tankers=10.0, name="C1"):
    """A convoy that leaves on the day."""
    network, _ = north()
    return Convoy(name, "NORTH", network.topology.head[arc], (arc,), tankers, DAY)


def test_convoys_of_known_size_are_read_from_reports():
    """Arrivals and attacks with a size; those without one, and those of no corridor, are not."""
    found = recorded(
        told("A", convoy_size=30),
        told("B", kind="convoy_attack", convoy_size=10, tankers_best=4, start=DAY + timedelta(1)),
        told("C"),
        told("D", kind="vehicle_burning", tankers_best=3),
        told("E", convoy_size=5, incident="I"),
        told("F", convoy_size=6, incident="I"),
    )
    assert [(one.convoy, one.tankers, one.lost) for one in found] == [
        ("A", 30, 0), ("E", 5, 0), ("B", 10, 4)
    ]  # fmt: skip
    assert all(one.leaves <= one.arrives for one in found)


def test_a_town_named_on_the_corridor_is_where_it_unloads():
    """Else the end of the corridor."""
    network = sr.datasets.toy()[0]
    (found,) = recorded(told("A", convoy_size=30, nodes="north"))
    assert network.topology.node_ids[found.town] == "north"


def test_the_recorded_convoys_of_the_mali_case():
    """As known on 15 October 2025: 300 on the 7th, 290 on the 13th, 40 of 100 lost before."""
    network, events = sr.datasets.mali()
    found = {one.convoy: one for one in recorded_convoys(network, events.known_by("2025-10-15"))}
    assert (found["ML057"].tankers, found["ML057"].arrives) == (300, date(2025, 10, 7))
    assert (found["ML060"].tankers, found["ML060"].arrives) == (290, date(2025, 10, 13))
    assert (found["ML042"].tankers, found["ML042"].lost) == (100, 40)


def test_convoys_to_come_follow_the_rhythm():
    """Six days apart: the next ones too, of the median size, until the last day of interest."""
    network = sr.datasets.toy()[0]
    known = recorded(told("A", convoy_size=30), told("B", convoy_size=20, start=DAY + timedelta(6)))
    after = DAY + timedelta(7)
    found = coming_convoys(network, known, after=after, last=DAY + timedelta(20))
    assert [one.convoy for one in found] == ["NORTH+1", "NORTH+2"]
    assert {one.tankers for one in found} == {25}
    lag = convoy_days(network, known[0].path)
    assert [one.leaves for one in found] == [
        max(DAY + timedelta(days - lag), after + timedelta(1)) for days in (12, 18)
    ]


def test_one_convoy_alone_comes_again_after_the_assumed_cycle():
    """And a corridor without any for two cycles is taken to have none any more."""
    network = sr.datasets.toy()[0]
    known = recorded(told("A", convoy_size=30))
    soon = coming_convoys(network, known, after=DAY, last=DAY + timedelta(10))
    assert [one.convoy for one in soon] == ["NORTH+1"]
    late = DAY + timedelta(15)
    assert coming_convoys(network, known, after=late, last=late + timedelta(30)) == []
    assert coming_convoys(network, known, after=DAY - timedelta(1), last=late) == []


@pytest.mark.parametrize(("ratio", "days"), [(2, [9, 12, 15, 18]), (0.5, [18]), (0, [])])
def test_another_number_of_convoys_is_another_time_between_two(ratio, days):
    """Every sixth day without a what-if: every third one with twice as many."""
    network = sr.datasets.toy()[0]
    known = recorded(*(told(name, start=DAY + timedelta(day), convoy_size=30)
                       for name, day in (("A", 0), ("B", 6))))  # fmt: skip
    after = DAY + timedelta(6)
    last = DAY + timedelta(20)
    found = coming_convoys(network, known, after=after, last=last, number_ratio=ratio)
    lag = convoy_days(network, known[0].path)
    assert [one.leaves for one in found] == [
        max(DAY + timedelta(day - lag), after + timedelta(1)) for day in days
    ]
    assert len({one.convoy for one in found}) == len(days)


def days_until_there(day):
    """Evenings until a convoy is at the north, up to thirty."""
    network, arc = north()
    run = ConvoyRun(network, [convoy(arc)], None)
    for evening in range(30):
        today = day(evening)
        run.leaving(today, 10.0)
        if run.drive(today.at, roads_of(today)).unloaded:
            return evening
    return None


def test_a_convoy_waits_before_a_closed_road():
    """It leaves when the road opens, and never enters it before."""
    network, events = sr.datasets.toy()
    closed = events.adding(
        told("X", kind="road_closed", start=DAY, end=(DAY + timedelta(4)).isoformat(),
             edges="port--north", scope="segment")
    )  # fmt: skip

    def there(told):
        return days_until_there(
            lambda evening: sr.disrupt(network, told, at=DAY + timedelta(evening))
        )

    assert there(closed) == there(events) + 5


def test_a_convoy_takes_only_idle_tankers():
    """And leaves not at all without any."""
    network, arc = north()
    day = sr.disrupt(network, sr.datasets.toy()[1], at=DAY)
    run = ConvoyRun(network, [convoy(arc), convoy(arc, name="C2")], None)
    assert run.leaving(day, 12.0) == 12.0
    assert run.bound() == {network.topology.head[arc]: 12.0}
    assert ConvoyRun(network, [convoy(arc)], None).leaving(day, 0.0) == 0.0


def risky(loss):
    """A day on which the road to the north takes a share of who enters it."""
    from dataclasses import replace

    network, arc = north()
    day = sr.disrupt(network, sr.datasets.toy()[1], at=DAY)
    risks, behind = list(day.state.loss_prob), list(day.state.delayed_by)
    risks[arc], behind[arc] = loss, ("R1",)
    state = replace(day.state, loss_prob=tuple(risks), delayed_by=tuple(behind))
    return day.asking("fuel", at=DAY, state=state), arc


def test_losses_on_average_and_by_draws():
    """Usually nothing, else 20 to 100 %; on average the same as without draws."""
    day, arc = risky(0.06)
    run = ConvoyRun(day, [convoy(arc)], None)
    run.leaving(day, 10.0)
    assert run.drive(DAY, roads_of(day)).lost == pytest.approx(0.6)
    lost = []
    for seed in range(1500):
        run = ConvoyRun(day, [convoy(arc)], seed)
        run.leaving(day, 10.0)
        lost.append(run.drive(DAY, roads_of(day)).lost)
    assert all(share == 0 or 2 - 1e-9 <= share <= 10 for share in lost)
    hits = sum(share > 0 for share in lost) / len(lost)
    assert hits == pytest.approx(0.06 / MEAN_HIT_SHARE, abs=0.03)
    assert sum(lost) / len(lost) == pytest.approx(0.6, abs=0.2)


def test_scenarios_share_their_luck():
    """The same seed, convoy and report draw the same, whatever else drives."""
    day, arc = risky(0.3)

    def lost(seed, *names):
        run = ConvoyRun(day, [convoy(arc, name=name) for name in names], seed)
        run.leaving(day, 100.0)
        before = {one.convoy.convoy: one for one in run._driving}
        run.drive(DAY, roads_of(day))
        return {name: one.tankers for name, one in before.items()}

    for seed in range(40):
        alone, beside = lost(seed, "C1"), lost(seed, "C0", "C1")
        assert alone["C1"] == beside["C1"]
    assert len({lost(seed, "C1")["C1"] for seed in range(40)}) > 3


def test_numbers_from_keys_are_even():
    """In [0, 1), the same every time, without a favourite tenth."""
    drawn = [uniform(f"key {number}") for number in range(4000)]
    assert drawn[0] == uniform("key 0")
    tenths = Counter(int(number * 10) for number in drawn)
    assert set(tenths) == set(range(10))
    assert max(tenths.values()) < 500


def test_convoys_take_the_place_of_lone_tankers_on_their_own_roads():
    """While a corridor has convoys, no lone tanker is sent on its refused roads; open ones stay."""
    network, arc = north()
    road = network.topology.edge_ids[arc // 2]
    ban = told("BAN", kind="driver_strike", start=DAY, end=(DAY + timedelta(40)).isoformat(),
               edges=road, scope="segment")  # fmt: skip
    events = sr.datasets.toy()[1].adding({**ban, "corridor": ""})
    days = sr.timeline(network, events, start=DAY - timedelta(2), end=DAY + timedelta(40))
    assert days.frame().loc[DAY].max() == 1
    lone = escorted_only(days, [convoy(arc)])
    before, after = days.frame(), lone.frame()
    column = next(name for name in before.columns if name[0] == road and name[2] == "north")
    last = DAY + timedelta(network.assumptions["convoy_cycle_days"].best)
    assert (after.loc[DAY:last, column] == SLIVER).all()
    assert after.loc[last + timedelta(1) :, column].equals(
        before.loc[last + timedelta(1) :, column]
    )
    rest = [name for name in before.columns if name != column]
    assert after[rest].equals(before[rest])
    assert lone.frame("status").equals(days.frame("status"))
