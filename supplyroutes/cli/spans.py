"""Days from one to another, of the case that the options name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from supplyroutes.cli.choosing import Choice
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.disruption import Timeline
    from supplyroutes.events import Events
    from supplyroutes.network import Network


def case_of(choice: Choice, end: date) -> tuple[Network, Events, str]:
    """Return network, events and commodity under the what-ifs of the case; a span has no day."""
    from supplyroutes.scenario import what_if_case

    if choice.date is not None:
        raise RequestError("a timeline has --from and --to, not --date")
    scenario = replace(choice, date=end).scenario()
    return (*what_if_case(scenario), scenario.commodity)


def days_of(choice: Choice, start: date, end: date) -> Timeline:
    """Return the days from `start` to `end`."""
    from supplyroutes.disruption import timeline

    network, events, commodity = case_of(choice, end)
    return timeline(network, events, start=start, end=end, commodity=commodity)
