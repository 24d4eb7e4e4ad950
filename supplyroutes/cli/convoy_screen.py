"""A plan of convoys on a terminal: what is sent when, who gains, what holds it back."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import WIDE, console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    from supplyroutes.analysis.trucks.convoy_planning import ConvoyPlan
    from supplyroutes.analysis.trucks.mixed_routes import MixedRoutes
    from supplyroutes.network import Network

MOST_TOWNS = 10
MOST_PLACES = 3
_SHOWN_SHARE = 0.0005


def show_convoys(
    plan: ConvoyPlan, network: Network, mixed: Sequence[MixedRoutes], *, lang: str
) -> None:
    """Show a plan of convoys, and random routes if there are any, on one screen."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, plan.commodity)
    first, last = (say.day(plan.dates[place]) for place in (0, -1))
    line(out, say("convoys.title", commodity=commodity, first=first, last=last), style="bold")
    line(out, say("convoys.sensitive"), style="bold red")
    if len(plan.convoys):
        _totals(out, say, plan)
        _convoys(out, say, plan, network)
        _towns(out, say, plan)
        _limits(out, say, plan, network)
    else:
        line(out, say("convoys.none"))
    for routes in mixed:
        _random(out, say, routes, network)
    line(out, "")
    for told in _notes(say, plan):
        line(out, told, style="bright_black")


def _amount(say: Words, plan: ConvoyPlan, value: float) -> str:
    """Return weighted days dry with their unit."""
    return say(f"convoys.unit.{plan.weigh}", number=say.number(value))


def _percent(say: Words, share: float, digits: int = 1) -> str:
    """Return a share in percent."""
    return say("text.percent", value=say.number(100 * share, digits))


def _totals(out: Console, say: Words, plan: ConvoyPlan) -> None:
    """Show what the plan comes to, and how sure it is."""
    told = {
        "m3": say.number(float(plan.convoys["m3"].sum())),
        "escorts": say.number(plan.escorts_per_week),
        "tankers": say.number(plan.tankers),
    }
    line(out, say.count("convoys.plan", len(plan.convoys), **told))
    dry, without = _amount(say, plan, plan.dry), _amount(say, plan, plan.dry_without)
    line(out, say("convoys.saved", dry=dry, without=without))
    if plan.proven:
        line(out, say("convoys.best"))
    else:
        least = _amount(say, plan, plan.least_dry)
        line(out, say("convoys.gap", gap=_percent(say, plan.gap_share), least=least))


def _convoys(out: Console, say: Words, plan: ConvoyPlan, network: Network) -> None:
    """Show the convoys; where they load and come back to on wide screens only."""
    wide = out.width >= WIDE
    rows = []
    for _, row in plan.convoys.iterrows():
        tankers = say.number(ceil(row["tankers"] - 1e-9))
        end = [say.number(row["m3"]), _percent(say, row["survival_prob"])]
        start = [row["leaves"].isoformat(), row["corridor"]]
        towns = [network.name(row["loads_at"])] if wide else []
        back = [row["back"].isoformat()] if wide else []
        rows.append([*start, *towns, row["name"], tankers, row["arrives"].isoformat(), *end, *back])
    names = ["convoys.head.leaves", "head.corridor", *(["convoys.head.loads_at"] if wide else []),
             "head.town", "convoys.head.tankers", "convoys.head.arrives", "convoys.head.m3",
             "convoys.head.survives", *(["convoys.head.back"] if wide else [])]  # fmt: skip
    figures = {"convoys.head.tankers", "convoys.head.m3", "convoys.head.survives"}
    right = [place for place, name in enumerate(names) if name in figures]
    line(out, "")
    table(out, [say(name) for name in names], rows, right=right, folding=(2, 3) if wide else (2,))


def _towns(out: Console, say: Words, plan: ConvoyPlan) -> None:
    """Show the towns that receive something, those of most people first."""
    gain = plan.towns[plan.towns["brought_m3"] > 0]
    order = gain.sort_values("brought_m3", ascending=False, kind="stable")
    rows = [
        [
            row["name"],
            say.number(row["brought_m3"]),
            say.number(row["days_dry_without"], 1),
            say.number(row["days_dry"], 1),
        ]
        for _, row in order.head(MOST_TOWNS).iterrows()
    ]
    names = ("head.town", "convoys.head.brought", "convoys.head.dry_without", "convoys.head.dry")
    line(out, "")
    line(out, say("convoys.towns"), style="bold")
    table(out, [say(name) for name in names], rows, right=(1, 2, 3), folding=(0,))
    if len(order) > len(rows):
        line(out, say.count("run.more_towns", len(order) - len(rows)), style="bright_black")


def _limits(out: Console, say: Words, plan: ConvoyPlan, network: Network) -> None:
    """Show what holds the plan back, and what more would save."""
    told = []
    full: dict[Any, int] = dict(plan.limits["full_days"].items())
    for (kind, place), days in full.items():
        named = wording.road_name(network, place) if kind == "road" else place
        named = network.name(place) if kind in {"source", "tankers"} else named
        what = say(f"convoys.limit.{kind}", place=named)
        told.append(say.count("convoys.limit_days", days, what=what))
    line(out, "")
    if told:
        line(out, say("convoys.limits", limits=", ".join(told)))
    saved, numbers = plan.more["saved"].to_dict(), plan.more["number"].to_dict()
    number = say.number(numbers["tankers"])
    escort, tankers = (_amount(say, plan, saved[kind]) for kind in ("escort", "tankers"))
    line(out, say("convoys.more", escort=escort, number=number, tankers=tankers))


def _random(out: Console, say: Words, mixed: MixedRoutes, network: Network) -> None:
    """Show how often to drive each corridor, and where an attacker would wait."""
    name = network.name(mixed.to)
    line(out, "")
    if mixed.value_share is None or mixed.fixed_share is None:
        line(out, say("convoys.no_route", name=name))
        return
    line(out, say("convoys.random", name=name), style="bold")
    driven = mixed.routes[mixed.routes["prob"] >= _SHOWN_SHARE]
    rows = [
        [
            corridor,
            _percent(say, row["prob"]),
            say.number(row["time_h"]),
            _percent(say, row["loss_share"]),
            _percent(say, row["loss_alone_share"]),
        ]
        for corridor, row in driven.iterrows()
    ]
    names = ("head.corridor", "convoys.head.prob", "convoys.head.time", "convoys.head.loss",
             "convoys.head.loss_alone")  # fmt: skip
    table(out, [say(name) for name in names], rows, right=(1, 2, 3, 4))
    value, fixed = _percent(say, mixed.value_share), _percent(say, mixed.fixed_share)
    line(out, say("convoys.random_value", value=value, fixed=fixed))
    watched = mixed.ambushes[mixed.ambushes["prob"] >= _SHOWN_SHARE]
    watched = watched.sort_values("prob", ascending=False, kind="stable")
    places = ", ".join(
        say(
            "convoys.ambush_place",
            road=wording.road_name(network, str(edge)),
            share=_percent(say, row["prob"]),
        )
        for edge, row in watched.head(MOST_PLACES).iterrows()
    )
    line(out, say("convoys.ambush", places=places))


def _notes(say: Words, plan: ConvoyPlan) -> list[str]:
    """Return what the figures rest on."""
    values = plan.assumed["value"]
    return [
        say(
            "convoys.note_assumed",
            assembly=say.number(values["convoy_assembly_days"]),
            ratio=_percent(say, values["convoy_speed_ratio"], 0),
            hours=say.number(values["driving_day_h"]),
            load=say.number(values["tanker_load_m3"]),
        ),
        say("convoys.note_foresight"),
    ]
