"""Stocks on a terminal: when towns run dry, what arrives, what is on the road."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import WIDE, console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.stores.stocks import StockLevels

MOST_TOWNS = 10
MOST_DAYS = 8
_SHOWN_DAYS = 0.05
"""What is told with one decimal is told from here on."""


def show_stocks(stocks: StockLevels, *, lang: str, every_town: bool) -> None:
    """Show the stocks of a span of days on one screen."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, stocks.commodity)
    first, last = (say.day(stocks.dates[place]) for place in (0, -1))
    title = say("stocks.title", commodity=commodity, first=first, last=last)
    line(out, title, style="bold")
    inside = stocks.towns[stocks.towns["on_network"] & (stocks.towns["use_m3_per_day"] > 0)]
    for told in _totals(say, stocks, inside):
        line(out, told)
    if len(inside):
        _towns(out, say, stocks, inside, every_town=every_town)
        _days(out, say, stocks)
    line(out, "")
    for told in _notes(say, stocks):
        line(out, told, style="bright_black")
    line(out, say("stocks.use"), style="italic")


def _totals(say: Words, stocks: StockLevels, inside: pd.DataFrame) -> list[str]:
    """Return what happens in sentences."""
    values, count = stocks.summary(), len(stocks.dates)
    told = []
    if values["first_dry"] is not None:
        name = inside.loc[values["first_dry"], "name"]
        day = say.day(values["first_dry_on"])
        dry, towns = say.number(values["towns_dry"]), say.number(values["towns"])
        told.append(say("stocks.dry", dry=dry, towns=towns, count=count, name=name, day=day))
    elif values["towns"]:
        told.append(say.count("stocks.none_dry", count))
    else:
        told.append(say("flow.no_demand"))
    amounts = ("sent", "arrived", "lost", "returned", "under_way")
    if values["sent_m3"] + values["under_way_before_m3"] > 0:
        figures = {key: say.number(values[f"{key}_m3"]) for key in amounts}
        figures["before"] = say.number(values["under_way_before_m3"])
        key = "stocks.totals_returned" if values["returned_m3"] > 0 else "stocks.totals"
        told.append(say(key, **figures))
    off = stocks.towns[~stocks.towns["on_network"] & (stocks.towns["use_m3_per_day"] > 0)]
    if len(off):
        amount = say.number(float(off["use_m3_per_day"].sum()))
        told.append(say.count("stocks.off", len(off), amount=amount))
    return told


def _towns(
    out: Console, say: Words, stocks: StockLevels, inside: pd.DataFrame, *, every_town: bool
) -> None:
    """Show the largest towns, the first to run dry first; on request every town."""
    largest = inside.sort_values("use_m3_per_day", ascending=False, kind="stable")
    chosen = largest if every_town else largest.head(MOST_TOWNS)
    order = chosen.sort_values("days_to_dry", kind="stable")
    road = stocks.daily.xs(stocks.dates[-1], level="date")["under_way_m3"].to_dict()
    short: dict[Any, float] = dict(stocks.classes["days_dry"].items())
    kinds = sorted(stocks.classes.index.unique("demand_class")) if out.width >= WIDE else []
    names = ("town", "use", "stock", "supply_days", "dry_on", "days_dry", "on_road")
    head = [say(f"head.{name}") for name in names]
    head += [say(f"stocks.class.{kind}") for kind in kinds]
    rows = [
        _town_cells(say, row, road[node])
        + [_days_short(say, short.get((node, kind), 0.0)) for kind in kinds]
        for node, row in order.iterrows()
    ]
    line(out, "")
    line(out, say("stocks.towns"), style="bold")
    if kinds:
        line(out, say("stocks.by_class"), style="bright_black")
    table(out, head, rows, right=[at for at in range(1, len(head)) if at != 4], folding=(0,))  # noqa: PLR2004
    if len(inside) > len(order):
        rest = len(inside) - len(order)
        line(out, say.count("run.more_towns", rest), style="bright_black")


def _town_cells(say: Words, row: pd.Series[Any], on_road: float) -> list[str]:
    """Return the cells of one town."""
    return [
        row["name"],
        say.number(row["use_m3_per_day"], 1),
        say.number(row["stock_m3"]),
        say.number(row["days_of_supply"], 1),
        wording.day_or_dash(row["dry_on"]),
        _days_short(say, row["days_dry"]),
        say.number(on_road),
    ]


def _days_short(say: Words, days: float) -> str:
    """Return days without fuel, or a dash if there are none, or nothing is used."""
    return say.number(days, 1) if days >= _SHOWN_DAYS else wording.DASH


def _days(out: Console, say: Words, stocks: StockLevels) -> None:
    """Show the totals of some days, evenly over the span, the last one too."""
    last = len(stocks.dates) - 1
    step = max(1, -(-last // (MOST_DAYS - 1)))
    places = sorted({*range(0, last, step), last})
    names = ("sent", "arrived", "lost", "used", "unmet", "stock", "under_way")
    rows = [
        [
            stocks.dates[place].isoformat(),
            *(say.number(stocks.balance[f"{name}_m3"].iloc[place]) for name in names),
        ]
        for place in places
    ]
    heads = ("date", "sent", "arrived", "lost", "burnt", "unmet", "stock", "on_road")
    head = [say(f"head.{name}") for name in heads]
    line(out, "")
    line(out, say("stocks.days"), style="bold")
    table(out, head, rows, right=range(1, len(head)))


def _notes(say: Words, stocks: StockLevels) -> list[str]:
    """Return what the figures rest on."""
    values = stocks.assumed["value"]
    key = stocks.policy or stocks.allocation
    name = f"flow.allocation.{key}"
    told = [
        say("flow.note_allocation", allocation=say(name) if name in say else key),
        say(
            "stocks.note_assumed",
            ratio=say.number(values["catch_up_ratio"], 1),
            hours=say.number(values["driving_day_h"]),
        ),
        say(f"stocks.conduct.{stocks.conduct}", days=say.number(values["turn_back_days"])),
    ]
    if stocks.policy is not None:
        told.append(say("stocks.note_reserve", days=say.number(values["reserve_days"])))
    return [*told, say("stocks.note_forecast")]
