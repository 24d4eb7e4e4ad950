"""What a scenario changes, in words."""

from __future__ import annotations

from collections.abc import Iterator

from supplyroutes.catalogue import Words
from supplyroutes.scenario import Results, changed_events, recorded_case


def change_lines(results: Results, say: Words) -> Iterator[str]:
    """Yield one line for each report left out, moved or added, and each number changed."""
    scenario = results.scenario
    network, events = recorded_case(scenario)
    after = changed_events(scenario, events)
    for event in scenario.events.removed:
        yield say("report.removed", event=event, text=events[event].text)
    for event in scenario.events.moved:
        moved = after[event]
        key = "report.moved" if moved.end else "report.moved_open"
        yield say(key, event=event, start=moved.start, end=moved.end)
    for values in scenario.events.added:
        added = after[str(values["event"])]
        yield say("report.added", event=added.event, start=added.start, text=added.text)
    for key, value in scenario.assumptions.items():
        entry = network.assumptions[key]
        yield say(
            "report.assumption",
            key=key,
            value=say.number(value, 2),
            unit=entry.unit,
            before=say.number(entry.best, 2),
        )
    for rule, values in scenario.rules.items():
        for quantity, value in values.items():
            before = getattr(events.rules[rule], f"{quantity}_best")
            told = say("report.never") if before is None else say.number(before, 2)
            yield say(
                "report.rule", rule=rule, quantity=quantity, value=say.number(value, 2), before=told
            )
