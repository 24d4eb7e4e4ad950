"""The case of a scenario, and what becomes of it under suppositions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supplyroutes.conflicts import warn_of_contradictions
from supplyroutes.datasets import folder as case_folder
from supplyroutes.dates import ONE_DAY
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.impacts import warn_without_effect
from supplyroutes.io.tables import read_case
from supplyroutes.network import Network
from supplyroutes.places import check_places
from supplyroutes.report_checks import report_from
from supplyroutes.reported import Report, moved_report
from supplyroutes.rules import Rules
from supplyroutes.scenario.faults import Faults
from supplyroutes.scenario.merging import suppositions
from supplyroutes.scenario.model import RECORDED, SUPPOSED, Ending, Scenario, Suppositions
from supplyroutes.schema import table_schema

Case = tuple[Network, Events]


@dataclass(frozen=True)
class Change:
    """One thing that a scenario changes, as it was and as it is supposed.

    Attributes
    ----------
    kind
        What is changed: removed, ended, moved, added (a report), assumption or rule (a number),
        season, demand, stock, fleet, convoys or policies.
    name
        Id of the report, key of the assumption, id of the impact rule, town, or key of the part.
    quantity
        The quantity of an impact rule; else empty.
    unit
        The unit of a number; else empty.
    before
        The report or number as recorded; None for a report added, and for no limit.
    after
        The report or number supposed; None for a report removed.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"moved": {"T1": {"days": 2}}})
    >>> (change,) = sr.run(scenario).main.changes
    >>> change.kind, str(change.before.start), str(change.after.start)
    ('moved', '2025-01-10', '2025-01-12')
    """

    kind: str
    name: str
    quantity: str = ""
    unit: str = ""
    before: Report | float | str | None = None
    after: Report | float | str | None = None


def case_place(scenario: Scenario) -> Path:
    """Return the folder of a scenario's tables."""
    return Path(scenario.folder) if scenario.folder else case_folder(scenario.case or "")


def recorded_case(scenario: Scenario) -> Case:
    """Return the network and the events of a scenario, without its changes."""
    network, events = read_case(case_place(scenario), tracks=scenario.tracks)
    if scenario.as_known_on:
        events = events.known_by(scenario.as_known_on)
    warn_of_contradictions(network, events)
    return network, events


def what_if_case(scenario: Scenario) -> Case:
    """Return the network and the events of a scenario, with its changes."""
    whole = suppositions(scenario)
    network, events = recorded_case(scenario)
    supposed = whole.get(SUPPOSED, whole[RECORDED])
    return changed_case(scenario, SUPPOSED, supposed, network, events)


def changed_case(
    scenario: Scenario, entry: str, supposed: Suppositions, network: Network, events: Events
) -> Case:
    """Return network and events under suppositions, or raise with every problem."""
    if supposed == Suppositions():
        return network, events
    faults = Faults(scenario.source, () if entry == SUPPOSED else ("what_if", entry))
    for key, value in supposed.assumptions.items():
        with faults.at("assumptions", key):
            network.assumptions.replacing({key: value})
    demand: dict[str, float] = {}
    asked = network.asking(scenario.commodity, at=None, state=network.state)
    for town, amount in supposed.demand_m3_per_day.items():
        with faults.at("demand_m3_per_day", town):
            asked.with_demand({town: amount})
            demand[town] = amount
    for town in supposed.stock_m3:
        with faults.at("stock_m3", town):
            network.find(town)
    rules = _changed_rules(supposed, events.rules, faults)
    reports = _changed_reports(supposed, events, faults)
    faults.refuse()
    # Only the whole is checked: reports that name each other may be moved together.
    with faults.of_reports():
        events = Events(reports, rules)
        check_places(network, events)
    faults.refuse()
    added = (report_from(_listed(values)).event for values in supposed.events.added)
    warn_without_effect(network, events, added)
    network = network.assuming(supposed.assumptions)
    if supposed.season:
        network = network.in_season(supposed.season)
    if demand:
        network = network.asking(scenario.commodity, at=None, state=network.state)
        network = network.with_demand(demand)
    return network, events


def _changed_rules(supposed: Suppositions, rules: Rules, faults: Faults) -> Rules:
    """Return the impact rules under suppositions."""
    for rule, values in supposed.rules.items():
        with faults.at("rules", rule):
            rules[rule]
            for quantity, value in values.items():
                with faults.at("rules", rule, quantity):
                    rules = rules.replacing({rule: {quantity: value}})
    return rules


def _changed_reports(supposed: Suppositions, events: Events, faults: Faults) -> list[Report]:
    """Return the reports under suppositions, not yet checked against each other."""
    changes = supposed.events
    for event in changes.removed:
        with faults.at("events", "removed"):
            events[event]
    left = events.without(*(event for event in changes.removed if event in events))
    reports = {report.event: report for report in left}
    for ending in changes.ended:
        for report in _ended(ending, left):
            reports[report.event] = report
    for event, move in changes.moved.items():
        with faults.at("events", "moved", event):
            reports[event] = moved_report(
                left[event], days=move.days, start=move.start, end=move.end
            )
            faults.keys[f"event {event}"] = ("events", "moved", event)
    for place, values in enumerate(changes.added):
        with faults.at("events", "added", place):
            report = report_from(_listed(values))
            if report.event in reports:
                raise RequestError(f"the id {report.event!a} is taken; give the report its own")
            reports[report.event] = report
            faults.keys[f"event {report.event}"] = ("events", "added", place)
    return list(reports.values())


def _ended(ending: Ending, events: Events) -> Iterator[Report]:
    """Yield the reports that end together, with their new end."""
    last = ending.on - ONE_DAY
    for report in events.between(ending.on, ending.on):
        told = {
            "kinds": {report.kind},
            "actors": {report.actor},
            "corridors": set(report.corridor),
        }
        fits = all(
            not getattr(ending, name) or own & set(getattr(ending, name))
            for name, own in told.items()
        )
        if fits and report.start <= last:
            yield moved_report(report, end=last)


def changes_between(before: Case, after: Case, supposed: Suppositions) -> Iterator[Change]:
    """Yield what suppositions change, in the order in which a scenario is written."""
    (old_network, old_events), (new_network, new_events) = before, after
    for event in supposed.events.removed:
        yield Change("removed", event, before=old_events[event])
    for event in supposed.events.moved:
        yield Change("moved", event, before=old_events[event], after=new_events[event])
    for values in supposed.events.added:
        report = report_from(_listed(values))
        yield Change("added", report.event, after=report)
    for key in supposed.assumptions:
        entry, best = old_network.assumptions[key], new_network.assumptions[key].best
        yield Change("assumption", key, unit=entry.unit, before=entry.best, after=best)
    for rule, quantities in supposed.rules.items():
        for quantity in quantities:
            old, new = (
                getattr(at.rules[rule], f"{quantity}_best") for at in (old_events, new_events)
            )
            yield Change("rule", rule, quantity, before=old, after=new)


def _listed(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return an added report with the marks of an assumption where it gives no source."""
    given = {"source": "assumption: what-if", "confidence": "D", "text": "What-if.", **report}
    numbers = {column.name for column in table_schema("events") if column.dtype == "float"}
    return {
        key: float(value) if key in numbers and isinstance(value, int) else value
        for key, value in given.items()
    }
