"""The ways that are left, and what they can carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplyroutes.report import path_wording, risk_wording, wording
from supplyroutes.report.blocks import Block, Chapter, Grid, Lines, Picture, Row
from supplyroutes.report.chapters.not_asked import empty_chapter
from supplyroutes.report.told import Told

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplyroutes.analysis.flows.flow import SupplyFlow
    from supplyroutes.analysis.ways.paths import SupplyPaths

MOST_FLOW_TOWNS = 12
MOST_LIMITS = 8


def paths_chapter(told: Told) -> Chapter:
    """Return the paths that are left to each town asked for."""
    say, title = told.say, told.say("report.paths")
    if not told.main.paths:
        return empty_chapter(say, "paths", title, "paths")
    return Chapter("paths", title, tuple(_paths(told)))


def _paths(told: Told) -> Iterator[Block | Picture]:
    """Yield a grid of all towns, a note for each, and a map of the first town that has paths."""
    say, now = told.say, told.main.situation
    keys = ("town", "rank", "from", "by", "hours", "survival", "state", "reports")
    rows = [row for node, found in told.main.paths.items() for row in _path_rows(told, node, found)]
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.12, 0.05, 0.13, 0.27, 0.09, 0.09, 0.11, 0.14),
        right=frozenset({1, 4, 5}),
        origin="paths",
    )
    yield Lines(tuple(_counted(told)))
    percent = say.number(100 * now.day.assumptions["near_equal_ratio"].best)
    yield Lines(
        (
            say("report.paths_reading"),
            say("paths.near", sign=path_wording.NEAR, percent=percent),
            say("paths.unsure", sign=path_wording.UNSURE),
            say("paths.use"),
        )
    )
    drawn = next((node for node, found in told.main.paths.items() if len(found.paths)), None)
    if drawn is not None:
        yield _paths_picture(told, drawn)


def _path_rows(told: Told, node: str, found: SupplyPaths) -> Iterator[Row]:
    """Yield the paths to a town, or a row that says that there is none."""
    say, day = told.say, told.main.situation.day
    if found.paths.empty:
        dashes = (wording.DASH,) * 6
        yield Row((day.name(node), *dashes, say("report.no_path")), marked=True)
    by = path_wording.by_way_of(day, found)
    for rank, row in found.paths.iterrows():
        yield Row(
            (
                day.name(node),
                say.number(int(rank)),  # type: ignore[call-overload]
                day.name(row["source"]),
                ", ".join(by[int(rank)]) or wording.DASH,  # type: ignore[call-overload]
                path_wording.hours_cell(say, found, row),
                risk_wording.chance(say, row["survival_prob"]),
                path_wording.state_cell(say, row),
                path_wording.reports_cell(say, row["reports"], short=True),
            )
        )


def _counted(told: Told) -> Iterator[str]:
    """Yield for each town how many paths share nothing."""
    say, day = told.say, told.main.situation.day
    for node, found in told.main.paths.items():
        line = path_wording.disjoint_line(say, found)
        if line and len(found.paths):
            yield say("run.labelled", label=day.name(node), value=line)


def _paths_picture(told: Told, node: str) -> Picture:
    """Return the map of the paths to a town."""
    say, now = told.say, told.main.situation
    found = told.main.paths[node]

    def draw() -> Figure:
        from supplyroutes.plot import paths_map
        from supplyroutes.plot.saving import root_figure

        return root_figure(paths_map(now.day, found, lang=say.lang))

    name = now.day.name(node)
    count = say.number(len(found.paths))
    return Picture(
        name="paths",
        caption=say("report.paths_caption", town=name),
        alt=say("report.paths_alt", town=name, count=count),
        draw=draw,
        origin="paths",
    )


def flow_chapter(told: Told) -> Chapter:
    """Return what the open roads can deliver on the day."""
    say, title = told.say, told.say("report.flow")
    if told.main.flow is None:
        return empty_chapter(say, "flow", title, "flow")
    return Chapter("flow", title, tuple(_flow(told, told.main.flow)))


def _flow(told: Told, flow: SupplyFlow) -> Iterator[Block | Picture]:
    """Yield totals, the towns of most use, and the limits that hold it back."""
    say = told.say
    if flow.demand_m3_per_day <= 0:
        yield Lines((say("flow.no_demand"),), origin="flow")
        return
    share = flow.delivered_m3_per_day / flow.demand_m3_per_day
    totals = say(
        "report.flow_totals",
        demand=say.number(flow.demand_m3_per_day),
        delivered=say.number(flow.delivered_m3_per_day),
        share=say("text.percent", value=say.number(100 * share)),
        unmet=say.number(flow.unmet_m3_per_day),
    )
    yield Lines((totals, *told.wider_use), origin="flow")
    yield _flow_towns(told)
    limits = _flow_limits(told)
    if limits is not None:
        yield limits
    policy = f"flow.allocation.{flow.policy or flow.allocation}"
    allocation = say(policy) if policy in say else str(flow.policy)
    yield Lines((say("flow.note_allocation", allocation=allocation), say("report.flow_note")))
    yield _flow_picture(told, flow)


def _flow_towns(told: Told) -> Grid:
    """Return what the towns of most use get."""
    say = told.say
    frame = told.rows("flow_towns").sort_values("demand_m3_per_day", ascending=False, kind="stable")
    rows = [
        Row(
            (
                row["name"],
                say.number(row["demand_m3_per_day"]),
                say.number(row["delivered_m3_per_day"]),
                say.number(row["unmet_m3_per_day"]),
                say("text.percent", value=told.number(100 * row["fill_rate"])),
            ),
            marked=row["delivered_m3_per_day"] <= 0,
        )
        for _, row in frame.head(MOST_FLOW_TOWNS).iterrows()
    ]
    head = ("town", "demand_m3_per_day", "delivered_m3_per_day", "missing_m3_per_day", "filled")
    return Grid(
        head=tuple(say(f"head.{key}") for key in head),
        rows=tuple(rows),
        widths=(0.32, 0.17, 0.17, 0.17, 0.17),
        right=frozenset({1, 2, 3, 4}),
        origin="flow_towns",
    )


def _flow_limits(told: Told) -> Grid | None:
    """Return the limits that hold deliveries back; None if none does."""
    say = told.say
    frame = told.table("flow_limits")
    if frame is None:
        return None
    rows = [
        Row(
            (
                _limit_place(told, row),
                say(f"flow.kind.{row['kind']}"),
                told.number(row["capacity_m3_per_day"]),
                told.number(row["saved_ratio"], 2),
            )
        )
        for _, row in frame.head(MOST_LIMITS).iterrows()
    ]
    head = ("bottleneck", "limit", "capacity_m3_per_day", "saved_ratio")
    return Grid(
        head=tuple(say(f"head.{key}") for key in head),
        rows=tuple(rows),
        widths=(0.4, 0.2, 0.2, 0.2),
        right=frozenset({2, 3}),
        origin="flow_limits",
    )


def _limit_place(told: Told, row: Any) -> str:
    """Return where a limit is."""
    day = told.main.situation.day
    if row["kind"] == "fleet":
        return told.say("flow.fleet_place")
    if row["kind"] == "source":
        return day.name(row["id"])
    return wording.road_name(day, row["id"])


def _flow_picture(told: Told, flow: SupplyFlow) -> Picture:
    """Return the figure of what is delivered against what is needed."""
    say, now = told.say, told.main.situation

    def draw() -> Figure:
        from supplyroutes.plot import flow_bars
        from supplyroutes.plot.saving import root_figure

        return root_figure(flow_bars(now.day, flow, lang=say.lang))

    return Picture(
        name="flow",
        caption=say("report.flow_caption"),
        alt=say("report.flow_alt"),
        draw=draw,
        origin="flow_towns",
    )
