"""Result tables of the entries of an answer, one below the other."""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.intervals import wilson
from supplyroutes.analysis.isolation import STATES
from supplyroutes.core import STATUSES
from supplyroutes.report import wording
from supplyroutes.scenario import Answer, Results

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.outlooks.outlook import StockOutlook
    from supplyroutes.analysis.stores.stocks import StockLevels

SHOWN_TOWNS = 6
"""Towns of which a report tells day by day: the largest of the case's country."""
LIKELY_SHARE = 0.5
"""Share of the runs from which on a town is told to run dry."""
_Made = Callable[[Answer], "pd.DataFrame | None"]


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with lists of ids as one text each."""
    import pandas as pd

    def cell(value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, (tuple, list, frozenset)) else value

    told = {
        name: pd.Series([cell(value) for value in column], index=frame.index, dtype=object)
        if column.dtype == object and column.map(lambda value: isinstance(value, tuple)).any()
        else column
        for name, column in frame.items()
    }
    return pd.DataFrame(told, index=frame.index)


def _stacked(results: Results, made: _Made) -> pd.DataFrame:
    """Return a table of every entry that has it, the entry first in the index."""
    import pandas as pd

    frames = {name: made(answer) for name, answer in results.entries.items()}
    told = {name: frame for name, frame in frames.items() if frame is not None and len(frame)}
    if not told:
        return pd.DataFrame()
    return flat(pd.concat(told, names=["entry"]))


def entries(results: Results) -> pd.DataFrame:
    """Return for each entry the places of the case's country, and people, by state."""
    import pandas as pd

    rows = {}
    for name, answer in results.entries.items():
        now = answer.situation
        counts = wording.home_counts(now)
        row: dict[str, Any] = {"title": answer.title, "of": answer.of}
        row |= {f"{state}_towns": counts[state][0] for state in STATES}
        row |= {f"{state}_people": counts[state][1] for state in STATES}
        row["hindered_people"] = row["isolated_people"] + row["strained_people"]
        row |= _unknowns(answer) | _amounts(answer)
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("entry")


def _unknowns(answer: Answer) -> dict[str, Any]:
    """Return how much of an entry is not known, and how old the reports on corridors are."""
    now = answer.situation
    told = now.corridors.corridors
    ages = told["last_report_age_days"].dropna()
    return {
        "unknown_roads": len(now.isolation.unknown_roads),
        "reports": len(now.reports),
        "assumed_ends": len(now.assumed_ends),
        "assumed_afters": len(now.assumed_afters),
        "corridors": len(told),
        "stale_corridors": int(told["stale"].sum()),
        "newest_report_age_days": nan if ages.empty else int(ages.min()),
        "oldest_report_age_days": nan if ages.empty else int(ages.max()),
        "known_until": now.known_until,
    }


def _amounts(answer: Answer) -> dict[str, Any]:
    """Return what an entry delivers and misses, as far as it was worked out."""
    row: dict[str, Any] = {}
    if answer.flow is not None:
        row |= {
            name: getattr(answer.flow, name)
            for name in ("demand_m3_per_day", "delivered_m3_per_day", "unmet_m3_per_day")
        }
    if answer.stocks is not None:
        dates, towns = answer.stocks.dates, _on_network(answer, answer.stocks.towns)
        row |= {"first_day": dates[0], "last_day": dates[-1], "stock_towns": len(towns)}
        row["dry_towns"] = int(towns["dry_on"].notna().sum())
        row["unmet_m3"] = float(answer.stocks.balance["unmet_m3"].sum())
    if answer.outlook is not None:
        found, towns = answer.outlook, _on_network(answer, answer.outlook.towns)
        row |= {"first_day": found.start, "last_day": found.end, "stock_towns": len(towns)}
        row["likely_dry_towns"] = int((towns["dry_share"] >= LIKELY_SHARE).sum())
        short = _short_share(answer, found)[towns.index]
        row["likely_short_towns"] = int((short >= LIKELY_SHARE).sum())
        row |= {f"unmet_m3_{name}": value for name, value in found.unmet_m3.items()}
    return row


def _short_share(answer: Answer, found: StockOutlook) -> pd.Series[float]:
    """Return for each town the share of the draws in which it is short on the day itself."""
    share = found.daily["short_share"]
    return share[share.index.get_level_values("date") == answer.situation.at].droplevel("date")


def _on_network(answer: Answer, towns: pd.DataFrame) -> pd.DataFrame:
    """Return the towns on the network of the case's country."""
    return towns[towns["on_network"] & wording.at_home(answer.situation, towns.index)]


def changes(results: Results) -> pd.DataFrame:
    """Return what each entry supposes: ids, numbers before and after."""
    import pandas as pd

    def made(answer: Answer) -> pd.DataFrame:
        rows = [
            (place, one.kind, one.name, one.quantity, one.unit, _told(one.before), _told(one.after))
            for place, one in enumerate(answer.changes, start=1)
        ]
        columns = ["change", "kind", "name", "quantity", "unit", "before", "after"]
        return pd.DataFrame(rows, columns=columns).set_index("change")

    return _stacked(results, made)


def _told(value: Any) -> Any:
    """Return a number as it is, and of a report its days and its text."""
    if hasattr(value, "event"):
        return f"{value.start} {wording.DASH} {wording.day_or_dash(value.end)}: {value.text}"
    return value


def corridors(results: Results) -> pd.DataFrame:
    """Return the state of every corridor."""
    return _stacked(results, lambda answer: answer.situation.corridors.corridors)


def towns(results: Results) -> pd.DataFrame:
    """Return the state of every town, and since when."""

    def made(answer: Answer) -> pd.DataFrame:
        now = answer.situation
        return now.isolation.towns.assign(
            since=now.since.reindex(now.isolation.towns.index), lived_in=wording.lived_in(now)
        )

    return _stacked(results, made)


def roads(results: Results) -> pd.DataFrame:
    """Return the worse state of both directions of every road."""
    import pandas as pd

    def made(answer: Answer) -> pd.DataFrame:
        day = answer.situation.day
        columns, status = day.tables.roads.columns, day.state.status
        return pd.DataFrame(
            {
                "name": [wording.road_name(day, edge) for edge in day.topology.edge_ids],
                "length_km": columns["length_km"],
                "status": [
                    STATUSES[max(status[2 * row], status[2 * row + 1])]
                    for row in range(len(day.topology.edge_ids))
                ],
            },
            index=pd.Index(day.topology.edge_ids, name="edge"),
        )

    return _stacked(results, made)


_REPORT_COLUMNS = [
    "start", "end", "end_status", "reported_on", "kind", "actor", "commodity", "confidence",
    "text", "source", "source_url",
]  # fmt: skip


def reports(results: Results) -> pd.DataFrame:
    """Return the reports in force or behind a state."""
    return _stacked(results, lambda answer: answer.situation.reports[_REPORT_COLUMNS])


def assumptions(results: Results) -> pd.DataFrame:
    """Return every number in use, under the scenario itself and as recorded."""
    recorded = results.recorded.situation.assumed["value"]

    def made(answer: Answer) -> pd.DataFrame:
        frame = answer.situation.assumed
        before = recorded.reindex(frame.index)
        same = (before == frame["value"]) | (before.isna() & frame["value"].isna())
        return frame.assign(recorded_value=before, changed=~same)

    return _stacked(results, made)


def paths(results: Results) -> pd.DataFrame:
    """Return the remaining paths to the towns asked for."""
    return _stacked(results, lambda answer: _of_towns(answer, "paths"))


def path_legs(results: Results) -> pd.DataFrame:
    """Return the legs of the remaining paths."""
    frame = _stacked(results, lambda answer: _of_towns(answer, "legs"))
    units = {"km": "length_km", "hours": "time_h", "delay": "delay_h", "wait": "wait_h"}
    return frame.rename(columns=units)


def _of_towns(answer: Answer, name: str) -> pd.DataFrame | None:
    """Return a table of the paths to every town, the town first in the index."""
    import pandas as pd

    frames = {town: getattr(found, name) for town, found in answer.paths.items()}
    told = {town: frame for town, frame in frames.items() if len(frame)}
    return pd.concat(told, names=["to"]) if told else None


def flow(results: Results) -> pd.DataFrame:
    """Return what can be delivered on the day in all."""
    import pandas as pd

    names = [
        "demand_m3_per_day", "delivered_m3_per_day", "unmet_m3_per_day", "off_network_m3_per_day",
        "sent_m3_per_day", "lost_m3_per_day", "mean_time_h", "tankers_in_use",
    ]  # fmt: skip
    rows = {
        name: {column: getattr(answer.flow, column) for column in names}
        for name, answer in results.entries.items()
        if answer.flow is not None
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("entry")


def flow_towns(results: Results) -> pd.DataFrame:
    """Return what each town that uses the commodity can get on the day."""

    def made(answer: Answer) -> pd.DataFrame | None:
        if answer.flow is None:
            return None
        return answer.flow.nodes[answer.flow.nodes["demand_m3_per_day"] > 0]

    return _stacked(results, made)


def flow_limits(results: Results) -> pd.DataFrame:
    """Return the limits that hold the flow back."""

    def made(answer: Answer) -> pd.DataFrame | None:
        return None if answer.flow is None else answer.flow.bottlenecks.rename_axis("limit")

    return _stacked(results, made)


def stocks(results: Results) -> pd.DataFrame:
    """Return stocks and dry days of every town over the span."""
    return _stacked(results, lambda answer: None if answer.stocks is None else answer.stocks.towns)


def stock_days(results: Results) -> pd.DataFrame:
    """Return stocks day by day of the towns shown."""
    return _stacked(results, lambda answer: _shown(answer, answer.stocks))


def supply_days(results: Results) -> pd.DataFrame:
    """Return what towns hold on the day, and from when they are short."""
    return _stacked(results, lambda answer: None if answer.supply is None else answer.supply.towns)


def outlook(results: Results) -> pd.DataFrame:
    """Return when towns run dry under many draws, and in how many they are short on the day."""
    import pandas as pd

    def made(answer: Answer) -> pd.DataFrame | None:
        found = answer.outlook
        if found is None or found.towns.empty:  # nobody uses the commodity
            return None
        short = _short_share(answer, found)
        runs = found.runs
        ends = [wilson(round(share * runs), runs) for share in short]
        return found.towns.assign(runs=runs).join(
            pd.DataFrame(
                {
                    "dry_runs": [
                        round(share * runs) for share in found.towns["dry_share"][short.index]
                    ],
                    "short_runs": [round(share * runs) for share in short],
                    "short_share": short,
                    "short_share_low": [low for low, _ in ends],
                    "short_share_high": [high for _, high in ends],
                },
                index=short.index,
            )
        )

    return _stacked(results, made)


def outlook_days(results: Results) -> pd.DataFrame:
    """Return stocks and shortages day by day under many draws, of the towns shown."""
    return _stacked(results, lambda answer: _shown(answer, answer.outlook))


def outlook_inputs(results: Results) -> pd.DataFrame:
    """Return which uncertain inputs weigh most on what goes short."""

    def made(answer: Answer) -> pd.DataFrame | None:
        return None if answer.outlook is None else answer.outlook.influence

    return _stacked(results, made)


def shown_towns(answer: Answer) -> list[str]:
    """Return the largest towns of the case's country that use the commodity."""
    nodes = answer.situation.day.nodes
    home = answer.situation.day.home_country
    users = nodes[nodes["demand_m3_per_day"] > 0]
    if home is not None:
        users = users[users["country"] == home]
    largest = users["population"].fillna(0).sort_values(ascending=False, kind="stable")
    return [str(node) for node in largest.index[:SHOWN_TOWNS]]


def _shown(answer: Answer, found: StockLevels | StockOutlook | None) -> pd.DataFrame | None:
    """Return the days of the towns shown."""
    if found is None:
        return None
    return found.daily[found.daily.index.get_level_values("node").isin(shown_towns(answer))]
