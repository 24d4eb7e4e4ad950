"""The flow of a day on a terminal: what arrives, who goes short, sources, bottlenecks."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.flows.flow import SupplyFlow
    from supplyroutes.network import Network

MOST_TOWNS = 10
_SHOWN_M3 = 0.05
"""What is told with one decimal is told from here on."""


def show_flow(
    flow: SupplyFlow,
    day: Network,
    *,
    lang: str,
    every_town: bool,
    priorities: str | None = None,
) -> None:
    """Show the flow of a day on one screen; `priorities` names a table of one's own."""
    say, out = words(lang), console()
    commodity = _goods(say, list(flow.products.index))
    when = say.day(flow.at) if flow.at else wording.DASH
    line(out, say("flow.title", commodity=commodity, day=when), style="bold")
    for told in _totals(say, flow):
        line(out, told)
    if flow.demand_m3_per_day <= 0:
        return
    _products(out, say, flow)
    _towns(out, say, flow, every_town=every_town)
    _sources(out, say, flow)
    _bottlenecks(out, say, flow, day)
    line(out, "")
    for key in _notes(flow):
        line(out, say(key, **_values(say, flow, priorities)), style="bright_black")
    line(out, say("run.use"), style="italic")


def _goods(say: Words, products: Sequence[str]) -> str:
    """Return the names of products in a row."""
    names = [wording.commodity_word(say, product) for product in products]
    *first, last = [names[0], *(name[0].lower() + name[1:] for name in names[1:])]
    return say("flow.and", first=", ".join(first), last=last) if first else last


def _notes(flow: SupplyFlow) -> list[str]:
    """Return the keys of the notes below the tables."""
    keys = ["flow.note_allocation", "flow.note_usual", "flow.note_share"]
    if any(str(key).startswith("share.") for key in flow.assumed.index):
        alone = ["flow.note_alone"] if len(flow.products) == 1 else []
        keys[2:2] = ["flow.note_products", *alone]
    if (flow.bottlenecks["kind"] == "fleet").any():
        keys.append("flow.note_fleet")
    return keys


def _values(say: Words, flow: SupplyFlow, priorities: str | None) -> dict[str, str]:
    """Return what the notes name."""
    key = flow.policy or flow.allocation
    name = f"flow.allocation.{key}"
    told = say(name) if name in say else key
    if priorities is not None:
        told = say("flow.allocation.own", policy=key, file=priorities)
    assumed = flow.assumed["value"]
    return {
        "allocation": told,
        "least": say.number(assumed["least_usual_m3_per_day"]),
        "ratio": _percent(say, assumed["near_equal_ratio"]),
        "load": say.number(assumed["tanker_load_m3"]),
        "hours": say.number(assumed["driving_day_h"]),
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
    if flow.delivered_m3_per_day >= _SHOWN_M3:
        told.append(_tankers(say, flow))
    if flow.off_network_m3_per_day >= _SHOWN_M3:
        told.append(say("flow.off", amount=say.number(flow.off_network_m3_per_day)))
    if not len(flow.sources):
        told.append(say("run.no_source"))
    return told


def _tankers(say: Words, flow: SupplyFlow) -> str:
    """Return how many tankers the flow needs, and what one more would bring if they are short."""
    used = say.number(flow.tankers_in_use)
    short = flow.bottlenecks[flow.bottlenecks["kind"] == "fleet"]
    if not len(short):
        return say("flow.tankers", used=used)
    saved = short["saved_ratio"].iloc[0] * flow.assumed["value"]["tanker_load_m3"]
    all_of_them, more = say.number(flow.tankers), say.number(saved, 1)
    return say("flow.fleet", tankers=all_of_them, used=used, saved=more)


def _products(out: Console, say: Words, flow: SupplyFlow) -> None:
    """Show the totals of several products."""
    if len(flow.products) == 1:
        return
    line(out, "")
    line(out, say("flow.by_product"), style="bold")
    rows = [
        [
            wording.commodity_word(say, str(product)),
            *(say.number(row[f"{key}_m3_per_day"]) for key in ("demand", "delivered", "unmet")),
            _filled(say, row["fill_rate"]),
        ]
        for product, row in flow.products.iterrows()
    ]
    head = [say(f"head.{key}") for key in ("product", "demand", "delivered", "unmet", "filled")]
    table(out, head, rows, right=(1, 2, 3, 4))


def _filled(say: Words, rate: float) -> str:
    """Return a fill rate; a dash where nothing is used."""
    return wording.DASH if rate != rate else _percent(say, rate)  # noqa: PLR0124 (missing)


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
        each = _each_product(flow)
        rows = [
            [*_town_row(say, row), *(_filled(say, rates.get(node, nan)) for rates in each.values())]
            for node, row in shown.iterrows()
        ]
        head = [say(f"head.{key}") for key in ("town", "demand", "delivered", "unmet", "filled")]
        head += [wording.commodity_word(say, product) for product in each]
        table(out, head, rows, right=range(1, len(head)), folding=(0,))
    if len(order) > len(shown):
        rest = len(order) - len(shown)
        line(out, say.count("run.more_towns", rest), style="bright_black")


def _each_product(flow: SupplyFlow) -> dict[str, dict[Any, float]]:
    """Return the fill rate of each town by product, where there are several."""
    if len(flow.products) == 1:
        return {}
    sums = flow.product_classes.groupby(level=["product", "node"]).sum()
    rates = sums["delivered_m3_per_day"] / sums["demand_m3_per_day"]
    found: dict[str, dict[Any, float]] = {str(product): {} for product in flow.products.index}
    for key, rate in rates.items():  # no row where nobody uses a product
        product, node = cast("tuple[str, str]", key)
        found[product][node] = rate
    return found


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
    several = "products" in flow.bottlenecks
    apart = several and any(
        len(products) < len(flow.products) for products in flow.bottlenecks["products"]
    )
    rows = [
        [
            *_bottleneck(say, flow, day, row),
            *([_bound(say, flow, row["products"])] if apart else []),
            say.number(row["saved_ratio"], 2),
        ]
        for _, row in flow.bottlenecks.iterrows()
    ]
    sums = several or flow.tankers < inf
    line(out, say("flow.limits" if sums else "flow.bottlenecks"), style="bold")
    keys = ["bottleneck", "towards", "limited_by", "limit", *(["products"] if apart else [])]
    head = [say(f"head.{key}") for key in (*keys, "saved")]
    right = (3, len(keys))
    table(out, head, rows, right=right, folding=[at for at in range(len(head)) if at not in right])


def _bottleneck(say: Words, flow: SupplyFlow, day: Network, row: pd.Series[Any]) -> list[str]:
    """Return where a bottleneck is, towards where, of which kind, and how large."""
    kind = say(f"flow.kind.{row['kind']}")
    if row["kind"] == "fleet":
        return [say("flow.fleet_place"), wording.DASH, kind, say.number(flow.tankers)]
    limit = say.number(row["capacity_m3_per_day"])
    return [_place(day, row), day.name(row["head"]), kind, limit]


def _bound(say: Words, flow: SupplyFlow, products: Sequence[str]) -> str:
    """Return the products that a limit binds."""
    if len(products) == len(flow.products):
        return say("flow.together")
    return ", ".join(wording.commodity_word(say, product) for product in products)


def _place(day: Network, row: pd.Series[Any]) -> str:
    """Return the name of a road, or of a source."""
    return day.name(row["id"]) if row["kind"] == "source" else wording.road_name(day, row["id"])
