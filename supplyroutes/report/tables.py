"""Result tables: every number of a report, under a name that stays the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyroutes.catalogue import words
from supplyroutes.report import answer_tables as answers
from supplyroutes.report import whole_tables as whole
from supplyroutes.scenario import Results

if TYPE_CHECKING:
    import pandas as pd

OVERVIEW = "tables"
"""The table that tells what the others are."""

_NETWORK = ("towns", "roads", "supply", "speeds", "assumptions")
_DAY = (*_NETWORK, "events", "impact_rules")
_FLOW = (*_DAY, "demand", "limits", "product_shares", "product_users")
_STOCKS = (*_FLOW, "stocks", "priorities", "convoys", "deterrence")
_NOW = 'situation(network, events, at="{date}", commodity="{commodity}")'
_ON = 'disrupt(network, events, at="{date}", commodity="{commodity}")'
_OUTLOOK = "stock_outlook(ensemble(network, events, runs={runs}, seed={seed}), start=, end=)"


@dataclass(frozen=True)
class _Source:
    """Where a table comes from: how it is made of results, which call gave it, which inputs."""

    made: Callable[[Results], pd.DataFrame]
    call: str
    inputs: tuple[str, ...]


SOURCES: dict[str, _Source] = {
    "entries": _Source(answers.entries, "run(scenario).entries", _DAY),
    "changes": _Source(answers.changes, "run(scenario).entries[].changes", _DAY),
    "corridors": _Source(answers.corridors, f"{_NOW}.corridors.corridors", (*_DAY, "corridors")),
    "towns": _Source(answers.towns, f"{_NOW}.isolation.towns", _DAY),
    "roads": _Source(answers.roads, f"{_ON}.edges", _DAY),
    "reports": _Source(answers.reports, f"{_NOW}.reports", ("events", "sources")),
    "assumptions": _Source(answers.assumptions, f"{_NOW}.assumed", ("assumptions", "impact_rules")),
    "paths": _Source(answers.paths, f"supply_paths({_ON}, to=, k={{k}}).paths", _DAY),
    "path_legs": _Source(answers.path_legs, f"supply_paths({_ON}, to=, k={{k}}).legs", _DAY),
    "flow": _Source(answers.flow, f"supply_flow({_ON})", _FLOW),
    "flow_towns": _Source(answers.flow_towns, f"supply_flow({_ON}).nodes", _FLOW),
    "flow_limits": _Source(answers.flow_limits, f"supply_flow({_ON}).bottlenecks", _FLOW),
    "stocks": _Source(answers.stocks, "stock_levels(timeline(...)).towns", _STOCKS),
    "stock_days": _Source(answers.stock_days, "stock_levels(timeline(...)).daily", _STOCKS),
    "supply_days": _Source(answers.supply_days, "stock_levels(timeline(...)).daily", _STOCKS),
    "outlook": _Source(answers.outlook, f"{_OUTLOOK}.towns", _STOCKS),
    "outlook_days": _Source(answers.outlook_days, f"{_OUTLOOK}.daily", _STOCKS),
    "outlook_inputs": _Source(answers.outlook_inputs, f"{_OUTLOOK}.influence", _STOCKS),
    "differences": _Source(whole.differences, "compare(entries).differences", _DAY),
    "outlook_changes": _Source(
        whole.outlook_changes, "outlook_change(recorded, what_if).towns", _STOCKS
    ),
    "criticality": _Source(
        whole.criticality, f'criticality({_ON}, measure="unmet_demand").items', _FLOW
    ),
    "worst": _Source(whole.worst, f"interdiction({_ON}, budget={{lost}}).roads", _FLOW),
    "worst_towns": _Source(whole.worst_towns, f"interdiction({_ON}, budget={{lost}}).towns", _FLOW),
    "guard": _Source(
        whole.guard, f"protection({_ON}, budget={{guarded}}, attack_budget={{lost}}).roads", _FLOW
    ),
    "road_losses": _Source(whole.road_losses, f"interdiction({_ON}), protection({_ON})", _FLOW),
    "reopening": _Source(whole.reopening, 'restoration(network, events, at="{date}").order', _FLOW),
    "reopening_first": _Source(
        whole.reopening_first, 'restoration(network, events, at="{date}").first', _FLOW
    ),
    "reopening_towns": _Source(
        whole.reopening_towns, 'restoration(network, events, at="{date}").towns', _FLOW
    ),
    "skill": _Source(whole.skill, "datasets.skill(case)", ("skill",)),
    "made": _Source(whole.made, "run(scenario).made", ()),
}
"""Every table by its name, in the order in which it is told."""


def result_tables(results: Results) -> dict[str, pd.DataFrame]:
    """Return every result table of the answers to a scenario, by a name that stays the same.

    The index holds ids, the entry first where a table has several; columns bear their unit. A
    cell is a text, a number, a truth, a day or missing: lists of ids are one text, parted by
    commas. Day by day only the towns are told that a report shows (`SHOWN_TOWNS`, the largest);
    the file of results has all of them. Names have at most 31 characters, as sheets of a workbook
    must.

    Parameters
    ----------
    results
        The answers, from `run`.

    Returns
    -------
    tables
        Tables with rows only; first the table ``tables``: for each its meaning, the call that
        gave it, and the files it rests on.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> from supplyroutes.report.tables import result_tables
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12))
    >>> tables = result_tables(sr.run(scenario, analyses=()))
    >>> tables["towns"].loc[("recorded", "east"), "state"]
    'strained'
    >>> tables["tables"].loc["towns", "inputs"]
    'towns.csv, roads.csv, supply.csv, speeds.csv, assumptions.csv, events.csv, impact_rules.csv'
    """
    frames = {name: source.made(results) for name, source in SOURCES.items()}
    frames = {name: frame for name, frame in frames.items() if len(frame)}
    return {OVERVIEW: _overview(results, list(frames)), **frames}


def _overview(results: Results, names: list[str]) -> pd.DataFrame:
    """Return what each table is, which call gave it, and which files it rests on."""
    import pandas as pd

    say = words("en")
    scenario, asked = results.scenario, results.scenario.analyses
    given = {
        "date": scenario.date,
        "commodity": scenario.commodity,
        "seed": scenario.seed,
        "runs": asked.outlook.runs,
        "k": asked.paths.k,
        "lost": asked.roads.lost,
        "guarded": asked.roads.guarded,
    }
    rows = []
    for name in names:
        source = SOURCES[name]
        files = [f"{table}.csv" for table in source.inputs if f"{table}.csv" in results.made.inputs]
        rows.append((name, say(f"table.{name}"), source.call.format(**given), ", ".join(files)))
    return pd.DataFrame(rows, columns=["table", "meaning", "call", "inputs"]).set_index("table")
