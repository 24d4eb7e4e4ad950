"""The tables of a plan: towns, classes, days, deliveries, sources, roads, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.planning.horizon import Horizon, Period, Town
from supplyroutes.analysis.planning.plan_prices import Price
from supplyroutes.analysis.planning.serving import served
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.disruption import Timeline
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

ASSUMED = ("least_usual_m3_per_day", "driving_day_h", "dwell_border_h", "dwell_checkpoint_h")
ROUNDING_M3 = 1e-6
"""Less than a hundredth of a litre is rounding of the solver."""


@dataclass(frozen=True)
class Planned:
    """What is planned: by segment what is sent to each node (m3 a day) and how it flows."""

    segments: Sequence[Period]
    sent: Sequence[Mapping[int, float]]
    routes: Sequence[Sequence[float]]
    prices: Sequence[Price]


@dataclass(frozen=True)
class Life:
    """How a town lives, day by day; `used` by item."""

    town: Town
    on_network: bool
    arrived: Sequence[float]
    used: Mapping[int, Sequence[float]]
    evening: Sequence[float]


def lives_of(horizon: Horizon, planned: Planned, *, on_network: bool) -> list[Life]:
    """Return how each town lives from its tank and what arrives."""
    found = []
    for town, items in zip(horizon.towns, horizon.items_by_town(), strict=True):
        arrived = _arrivals(horizon, planned, town)
        uses = [horizon.items[number].use for number in items]
        used, evening = served(town.tank.stock, town.tank.storage, arrived, uses)
        lived = dict(zip(items, used, strict=True))
        found.append(Life(town, on_network, arrived, lived, evening))
    return found


def _arrivals(horizon: Horizon, planned: Planned, town: Town) -> list[float]:
    """Return what arrives in a town on each day."""
    days = round(horizon.length)
    arrived = [town.usual if day < town.lag else 0.0 for day in range(days)]
    for segment, amounts in zip(planned.segments, planned.sent, strict=True):
        amount = amounts.get(town.node, 0.0)
        for day in range(round(segment.start), round(segment.end)):
            if amount and day + town.lag < days:
                arrived[day + town.lag] = amount
    return arrived


def tables_of(
    days: Timeline, horizons: tuple[Horizon, Horizon], planned: Planned
) -> dict[str, Any]:
    """Return the tables and totals of `Plan`."""
    calm = days[days.dates[0]].undisturbed()
    lives = [
        life
        for horizon, inside in zip(horizons, (True, False), strict=True)
        for life in lives_of(horizon, planned, on_network=inside)
    ]
    places = [(horizon, place) for horizon in horizons for place in range(len(horizon.towns))]
    pairs = sorted(zip(lives, places, strict=True), key=lambda pair: pair[0].town.node)
    classes = _classes(calm, days.dates, pairs)
    towns = _towns(calm, days.dates, pairs)
    inside = towns[towns["on_network"]]
    roads = _roads(calm, days.dates, planned)
    return {
        "towns": towns,
        "classes": classes,
        "daily": _daily(calm, days.dates, [life for life, _ in pairs]),
        "deliveries": _deliveries(calm, days.dates, horizons[0], planned),
        "sources": _sources(calm, days.dates, planned),
        "roads": roads,
        "binding": _binding(calm, planned.prices),
        "assumed": used_assumptions(calm, ASSUMED),
        "demand_m3": fsum(inside["use_m3_per_day"]) * len(days),
        "unmet_m3": fsum(inside["unmet_m3"]),
        "planned_m3": fsum(inside["planned_m3"]),
        "lost_m3": fsum(roads["lost_m3_per_day"] * roads["days"]),
    }


_Pairs = Sequence[tuple[Life, tuple[Horizon, int]]]


def _amount(value: float) -> float:
    """Return an amount; what is but rounding is nothing."""
    return float(value) if value > ROUNDING_M3 else 0.0


def dryness(use: float, used: Sequence[float]) -> tuple[float, float, int | None]:
    """Return days dry (missing / use, summed), days to the first lack, and its day.

    The first lack counts the part of its day that is still served; it is missing (nan) if nothing
    is ever short.
    """
    short = [_amount(use - amount) / use for amount in used]
    first = next((day for day, part in enumerate(short) if part > 0), None)
    return fsum(short), nan if first is None else first + 1 - short[first], first


def _towns(calm: Network, dates: Sequence[date], pairs: _Pairs) -> pd.DataFrame:
    """Return every town that uses fuel."""
    import pandas as pd

    ids, people = calm.topology.node_ids, calm.tables.towns.columns["population"]
    rows = []
    for life, _ in pairs:
        town = life.town
        used = [fsum(day) for day in zip(*life.used.values(), strict=True)]
        dry, until, first = dryness(town.use, used)
        rows.append(
            {
                "node": ids[town.node],
                "name": calm.name(ids[town.node]),
                "on_network": life.on_network,
                "population": people[town.node],
                "use_m3_per_day": town.use,
                "stock_m3": town.tank.stock,
                "storage_m3": town.tank.storage,
                "days_of_supply": town.tank.stock / town.use,
                "lag_days": town.lag,
                "arriving_m3": fsum(life.arrived[: town.lag]),
                "planned_m3": fsum(life.arrived[town.lag :]),
                "unmet_m3": fsum(_amount(town.use - amount) for amount in used),
                "days_dry": dry,
                "days_to_dry": until,
                "dry_on": None if first is None else dates[first],
                "end_stock_m3": _amount(life.evening[-1]),
            }
        )
    columns = [
        "node", "name", "on_network", "population", "use_m3_per_day", "stock_m3", "storage_m3",
        "days_of_supply", "lag_days", "arriving_m3", "planned_m3", "unmet_m3", "days_dry",
        "days_to_dry", "dry_on", "end_stock_m3",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns).set_index("node")
    kinds = {
        "name": object, "on_network": bool, "population": float, "lag_days": int, "dry_on": object
    }  # fmt: skip
    return frame.astype({name: kinds.get(name, float) for name in frame.columns})


def _classes(calm: Network, dates: Sequence[date], pairs: _Pairs) -> pd.DataFrame:
    """Return every class of every town; classes of one rank fare alike."""
    import pandas as pd

    ids = calm.topology.node_ids
    rows: list[tuple[Any, ...]] = []
    for life, (horizon, _) in pairs:
        for number, used in life.used.items():
            item = horizon.items[number]
            rates = [amount / item.use for amount in used]
            for need in item.members:
                got = [need.amount * rate for rate in rates]
                dry, until, first = dryness(need.amount, got)
                when = None if first is None else dates[first]
                unmet = fsum(_amount(need.amount - amount) for amount in got)
                key = ids[need.node], need.demand_class
                rows.append((*key, need.amount, fsum(got), unmet, dry, until, when))
    columns = [
        "node", "demand_class", "use_m3_per_day", "served_m3", "unmet_m3", "days_dry",
        "days_to_dry", "dry_on",
    ]  # fmt: skip
    rows.sort(key=lambda row: row[:2])
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.set_index(["node", "demand_class"])
    return frame.astype({name: object if name == "dry_on" else float for name in frame.columns})


def _daily(calm: Network, dates: Sequence[date], lives: Sequence[Life]) -> pd.DataFrame:
    """Return what arrives, is used and missing, and the stock in the evening, day by day."""
    import pandas as pd

    ids = calm.topology.node_ids
    index = pd.MultiIndex.from_product(
        [dates, [ids[life.town.node] for life in lives]], names=["date", "node"]
    )
    rows = []
    for day in range(len(dates)):
        for life in lives:
            used = fsum(amounts[day] for amounts in life.used.values())
            short = _amount(life.town.use - used)
            rows.append((life.arrived[day], used, short, _amount(life.evening[day])))
    columns = ["arrived_m3", "used_m3", "unmet_m3", "stock_m3"]
    return pd.DataFrame(rows, index=index, columns=columns, dtype=float)


def _spans(planned: Planned, dates: Sequence[date]) -> Iterator[tuple[int, date, date, int]]:
    """Yield number, first day, last day and days of each segment."""
    for number, segment in enumerate(planned.segments):
        start, end = round(segment.start), round(segment.end)
        yield number, dates[start], dates[end - 1], end - start


def _deliveries(
    calm: Network, dates: Sequence[date], horizon: Horizon, planned: Planned
) -> pd.DataFrame:
    """Return what is sent to each town, from when to when, and when it arrives."""
    import pandas as pd

    ids = calm.topology.node_ids
    lags = {town.node: town.lag for town in horizon.towns}
    rows = []
    for number, _, _, days in _spans(planned, dates):
        start = round(planned.segments[number].start)
        for node, amount in sorted(planned.sent[number].items()):
            first, last = start + lags[node], start + lags[node] + days - 1
            sent = dates[start], dates[start + days - 1]
            there = dates[first], dates[last]
            rows.append((*sent, ids[node], calm.name(ids[node]), *there, amount, amount * days))
    columns = [
        "sent_from", "sent_until", "node", "name", "arrives_from", "arrives_until",
        "m3_per_day", "m3",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index(["sent_from", "node"])


def _sources(calm: Network, dates: Sequence[date], planned: Planned) -> pd.DataFrame:
    """Return what each source can send and sends, from when to when."""
    import pandas as pd

    ids = calm.topology.node_ids
    rows = []
    for number, first, last, _ in _spans(planned, dates):
        problem, flow = planned.segments[number].problem, planned.routes[number]
        for place, node in enumerate(problem.sources):
            sent = _amount(flow[len(problem.arcs) + place])
            name = calm.name(ids[node])
            rows.append((first, ids[node], last, name, problem.supply[place], sent))
    columns = ["sent_from", "node", "sent_until", "name", "limit_m3_per_day", "sent_m3_per_day"]
    return pd.DataFrame(rows, columns=columns).set_index(["sent_from", "node"])


def _roads(calm: Network, dates: Sequence[date], planned: Planned) -> pd.DataFrame:
    """Return what enters each arc that is in use, from when to when."""
    import pandas as pd

    top = calm.topology
    rows = []
    for number, first, last, days in _spans(planned, dates):
        problem, flow = planned.segments[number].problem, planned.routes[number]
        for place, arc in enumerate(problem.arcs):
            enters = _amount(flow[place])
            if enters:
                ends = top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]]
                lost = enters * (1 - problem.keep[place])
                limit = problem.capacity[place]
                rows.append((first, top.edge_ids[arc // 2], *ends, last, days, enters, lost, limit))
    columns = [
        "sent_from", "edge", "tail", "head", "sent_until", "days", "flow_m3_per_day",
        "lost_m3_per_day", "capacity_m3_per_day",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.set_index(["sent_from", "edge", "tail", "head"])


def _binding(calm: Network, prices: Sequence[Price]) -> pd.DataFrame:
    """Return the limits that hold the plan back; what saves most comes first."""
    import pandas as pd

    top = calm.topology
    rows = []
    for price in prices:
        if price.kind == "source":
            node = top.node_ids[price.number]
            place: tuple[str, str | None, str] = (node, None, node)
        else:
            arc = price.number
            ends = top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]]
            place = (top.edge_ids[arc // 2], *ends)
        rows.append((price.kind, *place, price.least_m3_per_day, price.days, price.saved))
    rows.sort(key=lambda row: (-round(row[-1], 3), row[0], row[1], row[3]))
    columns = ["kind", "id", "tail", "head", "least_limit_m3_per_day", "binding_days", "saved"]
    return pd.DataFrame(rows, columns=columns)
