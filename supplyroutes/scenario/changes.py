"""What suppositions change, each thing as recorded and as supposed."""

from __future__ import annotations

from collections.abc import Iterator

from supplyroutes.analysis.stores.stock_towns import towns_of
from supplyroutes.own_use import parted
from supplyroutes.report_checks import report_from
from supplyroutes.scenario.changing import Case, Change, listed
from supplyroutes.scenario.ending import ended_reports
from supplyroutes.scenario.model import Convoys, Policies, Scenario, Suppositions, Tankers


def changes_between(
    scenario: Scenario, recorded: Case, supposed_case: Case, supposed: Suppositions
) -> Iterator[Change]:
    """Yield what suppositions change, in the order in which a scenario is written.

    Parameters
    ----------
    scenario
        The scenario.
    recorded, supposed_case
        Network and events before and after.
    supposed
        The suppositions.
    """
    yield from _of_reports(recorded, supposed_case, supposed)
    yield from _of_numbers(recorded, supposed_case, supposed)
    yield from _of_towns(scenario, recorded, supposed)
    if supposed.fleet is not None:
        yield from _of_fleet(supposed.fleet)
    if supposed.convoys is not None:
        yield from _of_convoys(supposed.convoys)
    if supposed.policies is not None:
        yield from _of_policies(supposed.policies)


def _of_reports(recorded: Case, supposed_case: Case, supposed: Suppositions) -> Iterator[Change]:
    """Yield the reports removed, ended, moved and added."""
    old, told = recorded[1], supposed.events
    there = {report.event: report for report in supposed_case[1]}
    for event in dict.fromkeys(told.removed):
        yield Change("removed", event, before=old[event])
    left = old.without(*told.removed)
    for event, report in ended_reports(left, told.ended).items():
        if event not in told.moved:
            yield Change("ended", event, before=old[event], after=report)
    for event in told.moved:
        if event in left:
            yield Change("moved", event, before=old[event], after=there.get(event))
    for values in told.added:
        event = report_from(listed(values)).event
        yield Change("added", event, after=there.get(event))


def _of_numbers(recorded: Case, supposed_case: Case, supposed: Suppositions) -> Iterator[Change]:
    """Yield the assumptions and the quantities of impact rules, and the season."""
    before, after = recorded[0].assumptions, supposed_case[0].assumptions
    for key in supposed.assumptions:
        unit = before[key].unit
        yield Change("assumption", key, unit=unit, before=before[key].best, after=after[key].best)
    for rule, quantities in supposed.rules.items():
        for quantity in quantities:
            name = f"{quantity}_best"
            old, new = (getattr(case[1].rules[rule], name) for case in (recorded, supposed_case))
            yield Change("rule", rule, quantity, before=old, after=new)
    if supposed.season is not None:
        yield Change("season", "season", after=supposed.season)


def _of_towns(scenario: Scenario, recorded: Case, supposed: Suppositions) -> Iterator[Change]:
    """Yield own figures of use and own stocks, with what the tables have."""
    network = recorded[0]
    asked = network.asking(scenario.commodity, at=None, state=network.state)
    if supposed.demand_m3_per_day or supposed.stock_m3:
        towns = towns_of(asked, None)
    for name, amount in supposed.demand_m3_per_day.items():
        place, kind = parted(name)
        node = network.find(place)
        number = network.topology.node_index[node]
        used = towns.use[towns.nodes.index(number)] if number in towns.nodes else []
        before = sum(
            float(use)
            for use, which in zip(used, towns.classes, strict=False)
            if kind in {None, which}
        )
        told = node if kind is None else f"{node}:{kind}"
        yield Change("demand", told, unit="m3_per_day", before=before, after=amount)
    for name, amount in supposed.stock_m3.items():
        node = network.find(name)
        number = network.topology.node_index[node]
        usual = towns.usual.total
        before = float(usual[towns.nodes.index(number)]) if number in towns.nodes else 0.0
        yield Change("stock", node, unit="m3", before=before, after=amount)


def _of_fleet(fleet: Tankers) -> Iterator[Change]:
    """Yield the tankers, and whether drivers may be afraid."""
    yield Change("fleet", "tankers", unit="tankers", after=fleet.tankers)
    if fleet.deterrence:
        yield Change("fleet", "deterrence", after="true")


def _of_convoys(convoys: Convoys) -> Iterator[Change]:
    """Yield which convoys drive, how many and how large, and those of one's own."""
    which = [name for name in ("recorded", "expected") if getattr(convoys, name)]
    yield Change("convoys", "which", after="_".join(which) or "none")
    for name in ("number_ratio", "size_ratio"):
        if getattr(convoys, name) != 1:
            yield Change("convoys", name, unit="ratio", before=1.0, after=getattr(convoys, name))
    for number, convoy in enumerate(convoys.added, 1):
        yield Change("convoys", f"own{number}", unit="tankers", after=convoy.tankers)


def _of_policies(policies: Policies) -> Iterator[Change]:
    """Yield who goes short and what trucks do, where that is not the default."""
    usual = Policies()
    for name in type(policies).model_fields:
        before, after = getattr(usual, name), getattr(policies, name)
        if before != after:
            yield Change("policies", name, before=before, after=after)
