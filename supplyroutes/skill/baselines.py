"""Forecasts that a model has to beat: no stocks, no trucks, no fear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from supplyroutes.analysis.isolation import ISOLATED, STRAINED, SUPPLIED, town_states
from supplyroutes.disruption import timeline
from supplyroutes.skill.forecasts import Forecast, Forecaster, Knowledge
from supplyroutes.skill.labels import Label

NEVER_REPORTED = 0.0
"""What persistence gives to a town of which nothing was ever reported."""
STRAINED_PROB = 0.5
"""What isolation alone gives to a strained town: it is as likely short as not."""


def persistence(known: Knowledge, lead_days: int) -> Forecast:
    """Let what was last reported of a town go on; one never reported as short is not."""
    last = _last_labels(known.labels)
    return _constant(
        known,
        lead_days,
        {
            node: float(last[node].short) if node in last else NEVER_REPORTED
            for node in known.network.topology.node_ids
        },
    )


def _last_labels(labels: Iterable[Label]) -> dict[str, Label]:
    """Return the latest label of each town."""
    found: dict[str, Label] = {}
    for label in labels:
        if label.node not in found or label.day >= found[label.node].day:
            found[label.node] = label
    return found


def nothing_blocked(known: Knowledge, lead_days: int) -> Forecast:
    """As if no report were true: no town runs short."""
    return _constant(known, lead_days, dict.fromkeys(known.network.topology.node_ids, 0.0))


def isolation_only(known: Knowledge, lead_days: int) -> Forecast:
    """Take the state of the roads, without stocks: isolated is short, strained is a coin."""
    return _by_state(known, lead_days, strained=STRAINED_PROB)


def every_report_closes(known: Knowledge, lead_days: int) -> Forecast:
    """As if every road that a report restricts were closed, and nobody had a stock."""
    return _by_state(known, lead_days, strained=1.0)


def _by_state(known: Knowledge, lead_days: int, *, strained: float) -> Forecast:
    """Return probabilities from the states of the days ahead, as the known reports leave them."""
    probs = {SUPPLIED: 0.0, STRAINED: strained, ISOLATED: 1.0}
    first, last = (known.day + timedelta(days=lead) for lead in (1, lead_days))
    ahead = timeline(known.network, known.events, start=first, end=last)
    by_day: list[list[int]] = []
    for day, network in ahead:
        same = ahead.same_as_before(day)
        by_day.append(by_day[-1] if same else town_states(network, known.network))
    return Forecast(
        known.day,
        {
            node: [probs[states[place]] for states in by_day]
            for place, node in enumerate(known.network.topology.node_ids)
            if all(states[place] in probs for states in by_day)
        },
    )


def _constant(known: Knowledge, lead_days: int, prob: Mapping[str, float]) -> Forecast:
    """Return a forecast that is the same on every day."""
    return Forecast(known.day, {node: [value] * lead_days for node, value in prob.items()})


BASELINES: Mapping[str, Forecaster] = {
    "persistence": persistence,
    "nothing_blocked": nothing_blocked,
    "every_report_closes": every_report_closes,
    "isolation_only": isolation_only,
}
"""By name, in the order in which they are shown."""
REFERENCE = "persistence"
"""Skill is told against this one."""
