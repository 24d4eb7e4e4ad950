"""How things stand on the day: the map, the corridors, the towns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplyroutes.report import wording
from supplyroutes.report.blocks import Block, Chapter, Grid, Lines, Picture, Row
from supplyroutes.report.told import Told
from supplyroutes.scenario import RECORDED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ALERT = {"closed", "cut"}
"""States of corridors whose row stands out."""


def map_chapter(told: Told) -> Chapter:
    """Return the map of the day."""
    say, now = told.say, told.main.situation

    def draw() -> Figure:
        from supplyroutes.plot import network_map
        from supplyroutes.plot.saving import root_figure

        return root_figure(network_map(now.day, now.isolation, lang=say.lang))

    counts = wording.counts_line(say, now)
    picture = Picture(
        name="map",
        caption=say("report.map_caption"),
        alt=say("report.map_alt", day=say.day(now.at), counts=counts),
        draw=draw,
        origin="towns",
    )
    beside = () if told.alone else (_before_after(told),)
    return Chapter("map", say("report.map"), (picture, *beside))


def _before_after(told: Told) -> Picture:
    """Return the recorded day beside the scenario, or beside the first what-if."""
    say, results = told.say, told.results
    recorded = results.recorded
    others = [answer for answer in results.entries.values() if answer is not recorded]
    other = others[0] if told.main is recorded else told.main

    def draw() -> Figure:
        from supplyroutes.plot import before_after_map

        networks = {told.entry(one.name): one.situation.day for one in (recorded, other)}
        return before_after_map(
            networks, told.comparison, entry=told.entry(other.name), lang=say.lang
        )

    name = told.entry(other.name)
    return Picture(
        name="before_after",
        caption=say("report.before_after_caption", entry=name),
        alt=say(
            "report.before_after_alt",
            entry=name,
            before=wording.counts_line(say, recorded.situation),
            after=wording.counts_line(say, other.situation),
        ),
        draw=draw,
        origin="differences" if "differences" in told.tables else "towns",
    )


def corridors_chapter(told: Told) -> Chapter:
    """Return the corridors with what was last reported of them, and how old that is."""
    say = told.say
    frame = told.table("corridors")
    if frame is None:
        return Chapter("corridors", say("run.corridors"), (Lines((say("report.no_corridors"),)),))
    before = None if told.main is told.results.recorded else told.of(RECORDED, "corridors")
    recorded = [] if before is None else ["recorded"]
    was = {} if before is None else before["state"].to_dict()
    keys = ["corridor", *recorded, "state", "affected_km", "hours", "last_report", "reported_on"]
    rows = [
        Row(
            (
                row["name"],
                *([say(f"corridor.{was[corridor]}")] if was else []),
                say(f"corridor.{row['state']}"),
                wording.affected_km(say, row),
                wording.hours(say, row["time_h"]),
                row["last_report"] if isinstance(row["last_report"], str) else say("age.none"),
                told.date(row["last_report_on"]),
                _age(told, row),
            ),
            marked=row["state"] in _ALERT,
        )
        for corridor, row in frame.iterrows()
    ]
    states = len(recorded) + 1
    grid = Grid(
        head=tuple(say(f"head.{key}") for key in (*keys, "report_age")),
        rows=tuple(rows),
        widths=(0.44 - 0.11 * states, *(0.11 for _ in range(states)), 0.14, 0.08, 0.1, 0.12, 0.12),
        right=frozenset({1 + states, 2 + states, 5 + states}),
        origin="corridors",
    )
    return Chapter("corridors", say("run.corridors"), (grid,))


def _age(told: Told, row: Any) -> str:
    """Return how old the last report of a corridor is, and whether that is old."""
    age = row["last_report_age_days"]
    if age is None or age != age:  # noqa: PLR0124
        return wording.DASH
    old = wording.age_word(told.say, int(age))
    return told.say("age.old", age=old) if row["stale"] else old


def towns_chapter(told: Told) -> Chapter:
    """Return the towns that are isolated or strained, by what and since when."""
    say, now = told.say, told.main.situation
    title = say("report.towns_recorded")
    return Chapter("towns", title, tuple(_towns(told, now)))


def _towns(told: Told, now: Any) -> Iterator[Block]:
    """Yield the towns that are not supplied."""
    say = told.say
    frame = wording.affected_towns(now)
    if not wording.has_source(now.day, now.commodity):
        yield Lines((say("run.no_source"),))
        return
    if frame.empty:
        yield Lines((say("run.no_towns"),), origin="towns")
        return
    keys = ("town", "state", "since", "cause", "source", "hours", "approaches", "people")
    rows = [
        Row(
            (
                row["name"],
                wording.state_word(say, row),
                since(told, node),
                wording.cause(say, now, row),
                wording.source_name(now, row),
                wording.hours(say, row["path_time_h"]),
                wording.approaches(row),
                wording.people(say, row["population"]),
            ),
            marked=row["state"] == "isolated",
        )
        for node, row in frame.iterrows()
    ]
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.15, 0.11, 0.13, 0.25, 0.12, 0.07, 0.08, 0.09),
        right=frozenset({5, 6, 7}),
        origin="towns",
    )
    notes = ["run.ways", "run.hours"]
    notes += ["run.doubtful"] if frame["relies_on_unknown"].any() else []
    yield Lines(tuple(say(key) for key in notes))


def since(told: Told, node: Any) -> str:
    """Return the first day of the state of a town; "about" if no report dates it to the day."""
    day, exact = wording.since_day(told.main.situation, node)
    return told.date(day) if exact else told.say("report.about", day=told.date(day))
