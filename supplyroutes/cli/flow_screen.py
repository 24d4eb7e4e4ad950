"""The flow of a day on a terminal: what arrives, who goes short, sources, bottlenecks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.flow import SupplyFlow
    from supplyroutes.network import Network

MOST_TOWNS = 10
_SHOWN_M3 = 0.05
"""What is told with one decimal is told from here on."""


def show_flow(flow: SupplyFlow, day: Network, *, lang: str, every_town: bool) -> None:
    """Show the flow of a day on one screen."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, flow.commodity)
    when = say.day(flow.at) if flow.at else wording.DASH
    line(out, say("flow.title", commodity=commodity, day=when), style="bold")
    for told in _totals(say, flow):
        line(out, told)
    if flow.demand_m3_per_day <= 0:
        return
    _towns(out, say, flow, every_town=every_town)
    _sources(out, say, flow)
    _bottlenecks(out, say, flow, day)
    line(out, "")
    keys = ("flow.note_allocation", "flow.note_usual", "flow.note_share")
    for key in keys:
        line(out, say(key, **_values(say, flow)), style="bright_black")
    line(out, say("run.use"), style="italic")


def _values(say: Words, flow: SupplyFlow) -> dict[str, str]:
    """Return what the notes name."""
    key = flow.policy or flow.allocation
    name = f"flow.allocation.{key}"
    least, ratio = (
        flow.assumed["value"][row] for row in ("least_usual_m3_per_day", "near_equal_ratio")
    )
    return {
        "allocation": say(name) if name in say else key,
        "least": say.number(least),
        "ratio": _percent(say, ratio),
    }


def _percent(say: Words, share: float) -> str:
    """Return a share in percent."""
    return say("text.percent", value=say.number(100 * share))


def _totals(say: Words, flow: SupplyFlow) -> list[str]:
    """Return the totals in sentences."""
    told = []
    if flow.demand_m3_per_day + flow.off_network_m3_per_day <= 0:
        told.append(say("flow.no_demand"))
    if flow.demand_m3_per_day > 0:
        share = flow.delivered_m3_per_day / flow.demand_m3_per_day
        told.append(
            say(
                "flow.totals",
                demand=say.number(flow.demand_m3_per_day),
                delivered=say.number(flow.delivered_m3_per_day),
                share=_percent(say, share),
                unmet=say.number(flow.unmet_m3_per_day),
            )
        )
    if flow.lost_m3_per_day >= _SHOWN_M3:
        sent, lost = say.number(flow.sent_m3_per_day), say.number(flow.lost_m3_per_day)
        told.append(say("flow.lost", sent=sent, lost=lost))
    if flow.off_network_m3_per_day >= _SHOWN_M3:
        told.append(say("flow.off", amount=say.number(flow.off_network_m3_per_day)))
    if not len(flow.sources):
        told.append(say("run.no_source"))
    return told


def _towns(out: Console, say: Words, flow: SupplyFlow, *, every_town: bool) -> None:
    """Show the towns that go short, the shortest first; on request every town that uses fuel."""
    frame = flow.nodes[flow.nodes["on_network"] & (flow.nodes["demand_m3_per_day"] > 0)]
    short = frame[frame["unmet_m3_per_day"] >= _SHOWN_M3]
    line(out, "")
    line(out, say("flow.towns") if len(short) else say("flow.no_short"), style="bold")
    chosen = frame if every_town else short
    order = chosen.sort_values(
        ["unmet_m3_per_day", "demand_m3_per_day"], ascending=False, kind="stable"
    )
    shown = order if every_town else order.head(MOST_TOWNS)
    if len(shown):
        rows = [_town_row(say, row) for _, row in shown.iterrows()]
        head = [say(f"head.{key}") for key in ("town", "demand", "delivered", "unmet", "filled")]
        table(out, head, rows, right=(1, 2, 3, 4), folding=(0,))
    if len(order) > len(shown):
        rest = len(order) - len(shown)
        line(out, say.count("run.more_towns", rest), style="bright_black")


def _town_row(say: Words, row: pd.Series[Any]) -> list[str]:
    """Return the cells of one town."""
    amounts = [row[f"{key}_m3_per_day"] for key in ("demand", "delivered", "unmet")]
    rate = _percent(say, row["fill_rate"])
    return [row["name"], *(say.number(amount, 1) for amount in amounts), rate]


def _sources(out: Console, say: Words, flow: SupplyFlow) -> None:
    """Show what each source can send and sends."""
    if not len(flow.sources):
        return
    line(out, "")
    line(out, say("flow.sources"), style="bold")
    order = flow.sources.sort_values("sent_m3_per_day", ascending=False, kind="stable")
    rows = [
        (
            row["name"],
            say.number(row["limit_m3_per_day"]),
            say.number(row["sent_m3_per_day"]),
            _percent(say, row["used_share"]) if row["limit_m3_per_day"] > 0 else wording.DASH,
        )
        for _, row in order.iterrows()
    ]
    head = [say(f"head.{key}") for key in ("sending", "can_send", "sends", "used")]
    table(out, head, rows, right=(1, 2, 3), folding=(0,))


def _bottlenecks(out: Console, say: Words, flow: SupplyFlow, day: Network) -> None:
    """Show what holds the fuel back."""
    if not len(flow.bottlenecks):
        return
    line(out, "")
    line(out, say("flow.bottlenecks"), style="bold")
    rows = [
        (
            _place(day, row),
            day.name(row["head"]),
            say(f"flow.kind.{row['kind']}"),
            say.number(row["capacity_m3_per_day"]),
            say.number(row["saved_ratio"], 2),
        )
        for _, row in flow.bottlenecks.iterrows()
    ]
    head = [say(f"head.{key}") for key in ("bottleneck", "towards", "limited_by", "limit", "saved")]
    table(out, head, rows, right=(3, 4), folding=(0, 1, 2))


def _place(day: Network, row: pd.Series[Any]) -> str:
    """Return the name of a road, or of a source."""
    return day.name(row["id"]) if row["kind"] == "source" else wording.road_name(day, row["id"])
