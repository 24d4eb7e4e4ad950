"""The case of a scenario, and what becomes of it under suppositions."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supplyroutes.analysis.flows.allocation import policies, priorities
from supplyroutes.analysis.stores.stock_towns import own_stocks
from supplyroutes.conflicts import warn_of_contradictions
from supplyroutes.datasets import folder as case_folder
from supplyroutes.errors import AssumptionWarning, RequestError, UnknownIdError
from supplyroutes.events import Events
from supplyroutes.impacts import warn_without_effect
from supplyroutes.io.tables import read_case
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.places import check_places
from supplyroutes.report_checks import report_from
from supplyroutes.reported import Report, moved_report
from supplyroutes.rules import Rules
from supplyroutes.scenario.ending import check_ending, ended, ended_reports, fits
from supplyroutes.scenario.faults import Faults
from supplyroutes.scenario.merging import suppositions
from supplyroutes.scenario.model import RECORDED, SUPPOSED, Policies, Scenario, Suppositions
from supplyroutes.scenario.supposed_stocks import own_convoy
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
        Id of the report, key of the assumption, id of the impact rule, town (with ``:class`` for
        the use of one class), or key of the part. A convoy of one's own is own1, own2 and so on.
    quantity
        The quantity of an impact rule; else empty.
    unit
        The unit of a number; else empty.
    before
        The report or number as recorded; None for a report added, for no limit, and for what no
        one supposed.
    after
        The report or number supposed; None for a report that is removed or never happens.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"moved": {"T1": {"days": 2}}})
    >>> (change,) = sr.run(scenario, analyses=()).main.changes
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
    faults = Faults(scenario.source.problem)
    case = changed_case(scenario, supposed, (network, events), faults)
    faults.refuse()
    return case


def changed_case(scenario: Scenario, supposed: Suppositions, case: Case, faults: Faults) -> Case:
    """Return network and events under suppositions; what does not fit is noted in `faults`.

    Where something does not fit, what is returned is the recorded case.
    """
    if supposed == Suppositions():
        return case
    noted = faults.found
    network = _changed_network(scenario, supposed, case[0], faults)
    rules = _changed_rules(supposed, case[1].rules, faults)
    reports = _changed_reports(supposed, case, faults)
    if faults.found > noted:
        return case
    # Only the whole is checked: reports that name each other may be moved together.
    with faults.of_reports():
        events = Events(reports, rules)
        check_places(network, events)
    if faults.found > noted:
        return case
    added = (report_from(listed(values)).event for values in supposed.events.added)
    warn_without_effect(network, events, (event for event in added if event in events))
    return network, events


def _changed_network(
    scenario: Scenario, supposed: Suppositions, network: Network, faults: Faults
) -> Network:
    """Return the network under suppositions."""
    asked = network.asking(scenario.commodity, at=None, state=network.state)
    demand: dict[str, float] = {}
    for town, amount in supposed.demand_m3_per_day.items():
        with faults.at("demand_m3_per_day", town):
            asked.with_demand({**demand, town: amount})
            demand[town] = amount
    stocks: dict[str, float] = {}
    for town, amount in supposed.stock_m3.items():
        with faults.at("stock_m3", town):
            own_stocks(network, {**stocks, town: amount})
            stocks[town] = amount
    if supposed.convoys is not None:
        for place, convoy in enumerate(supposed.convoys.added):
            with faults.at("convoys", "added", place):
                own_convoy(network, place + 1, convoy)
    if supposed.policies is not None:
        with faults.at("policies", "policy"):
            _check_policy(supposed.policies)
    numbers: dict[str, float] = {}
    for key, value in supposed.assumptions.items():
        with faults.at("assumptions", key):
            network.assumptions.replacing({key: value})
            numbers[key] = value
    network = network.assuming(numbers)
    if supposed.season:
        network = network.in_season(supposed.season)
    if demand:
        network = network.asking(scenario.commodity, at=None, state=network.state)
        network = network.with_demand(demand)
    return network


def _check_policy(asked: Policies) -> None:
    """Refuse a policy that is not there, or that would go unread."""
    known = policies(priorities())
    if asked.policy not in known:
        raise UnknownIdError("policy", asked.policy, nearest_names(asked.policy, known) or known)
    if "policy" in asked.model_fields_set and asked.allocation != "priority":
        raise RequestError('a policy counts with allocation = "priority" only')


def _changed_rules(supposed: Suppositions, rules: Rules, faults: Faults) -> Rules:
    """Return the impact rules under suppositions."""
    for rule, values in supposed.rules.items():
        with faults.at("rules", rule):
            rules[rule]
            for quantity, value in values.items():
                with faults.at("rules", rule, quantity):
                    rules = rules.replacing({rule: {quantity: value}})
    return rules


def _changed_reports(supposed: Suppositions, case: Case, faults: Faults) -> list[Report]:
    """Return the reports under suppositions, not yet checked against each other.

    First reports are removed, then others added, then moved; last, some end together.
    """
    network, events = case
    changes = supposed.events
    gone: list[str] = []
    for place, event in enumerate(changes.removed):
        with faults.at("events", "removed", place):
            gone.append(events[event].event)
    reports = {report.event: report for report in events.without(*gone)}
    for place, values in enumerate(changes.added):
        with faults.at("events", "added", place):
            report = report_from(listed(values))
            if report.event in reports:
                raise RequestError(f"the id {report.event!a} is taken; give the report its own")
            reports[report.event] = report
            faults.keys[f"event {report.event}"] = ("events", "added", place)
    for event, move in changes.moved.items():
        with faults.at("events", "moved", event):
            if event in gone:
                raise RequestError(f"the report {event} is removed; it cannot be moved")
            report = reports[event] if event in reports else events[event]
            reports[event] = moved_report(report, days=move.days, start=move.start, end=move.end)
            faults.keys[f"event {event}"] = ("events", "moved", event)
    for place, ending in enumerate(changes.ended):
        with faults.at("events", "ended", place):
            check_ending(ending, network, reports.values())
            new = reports.keys() - gone - {report.event for report in events}
            if not (
                ended_reports(events, [ending]) or any(fits(ending, reports[name]) for name in new)
            ):
                told = "none of those named is in force then, or begins later"
                line = f"nothing ends on {ending.on}: {told}"
                warnings.warn(line, AssumptionWarning, stacklevel=2)
    return list(ended(reports, changes.ended).values())


def listed(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return an added report with the marks of an assumption where it gives no source."""
    given = {"source": "assumption: what-if", "confidence": "D", "text": "What-if.", **report}
    numbers = {column.name for column in table_schema("events") if column.dtype == "float"}
    return {
        key: float(value) if key in numbers and isinstance(value, int) else value
        for key, value in given.items()
    }
