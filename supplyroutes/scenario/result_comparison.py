"""Whole answers side by side: states, flow, stocks and outlooks, and what each supposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.comparison import Comparison, comparison_of
from supplyroutes.analysis.flows.flow import SupplyFlow
from supplyroutes.analysis.outlooks.outlook import StockOutlook
from supplyroutes.analysis.outlooks.outlook_change import outlook_change
from supplyroutes.analysis.plain import plain, records
from supplyroutes.analysis.stores.stocks import StockLevels
from supplyroutes.scenario.attribution import Attribution
from supplyroutes.scenario.changing import Change
from supplyroutes.scenario.results import Answer, Made

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("flow", "stocks", "outlook")
"""What is set side by side besides states, if both sides have it and it can be."""
FEWEST_RUNS = 2
"""Runs without which there is no interval."""
_TOTALS = ("delivered_m3_per_day", "fill_rate", "unmet_m3", "towns_dry")
_TOWNS = ("delivered_m3_per_day", "fill_rate", "days_dry")


@dataclass(frozen=True)
class ResultComparison:
    """Answers side by side; made by `compare`.

    Every ``_change`` is the entry less the reference. What was not worked out on both sides, or
    cannot be set side by side (see `not_compared`), is missing.

    Attributes
    ----------
    states
        States, ways and corridors: see `Comparison`.
    span
        First and last day of the stocks of the reference; None if it has none.
    totals
        Index `entry`, the reference first: delivered_m3_per_day and fill_rate on the day,
        unmet_m3 and towns_dry over the days of the stocks, each with its _change.
    towns
        Index (`node`, `entry`), towns that use the commodity in any entry, the largest first,
        entries but the reference: name, population, delivered_m3_per_day, fill_rate, days_dry (m3
        unmet by daily use), each with its _change, dry_on and dry_on_reference (None: not within
        the days).
    outlook
        Index (`node`, `entry`): days_dry_change with its 95 % interval (_low, _high) by draws that
        share their luck, better_share, worse_share, dry_share_change: see `OutlookChange`.
    changes
        What each entry supposes, by entry.
    not_compared
        By entry and part (flow, stocks, outlook): why it is not set side by side: missing,
        or in what the two sides differ: commodity, days, seed, runs.
    other_inputs
        By entry: the tables and packages that are not those of the reference. The difference may
        come from them, too.
    attributions
        By entry: how much each change makes, where that was asked for.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1"]})
    >>> both = sr.compare(sr.run(scenario, analyses=("flow", "stocks")))
    >>> both.totals["delivered_m3_per_day_change"].round(2).to_dict()
    {'recorded': 0.0, 'scenario': 120.75}
    >>> both.not_compared["scenario"]
    {'outlook': ('missing',)}
    """

    states: Comparison
    span: tuple[date, date] | None
    totals: pd.DataFrame
    towns: pd.DataFrame
    outlook: pd.DataFrame
    changes: Mapping[str, tuple[Change, ...]]
    not_compared: Mapping[str, Mapping[str, tuple[str, ...]]]
    other_inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributions: Mapping[str, Attribution] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """Name of the entry that the others are compared with."""
        return self.states.reference

    def summary(self) -> dict[str, dict[str, float]]:
        """Return for each entry the towns by state, those that differ, and the changes of totals.

        Returns
        -------
        values
            By entry; a change that is missing is nan.
        """
        counts = self.states.summary()
        told = [f"{name}_change" for name in _TOTALS]
        return {
            entry: {**counts[entry], **{name: float(row[name]) for name in told}}
            for entry, row in ((str(entry), row) for entry, row in self.totals.iterrows())
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The states as in `Comparison`, then the other fields by name; missing is None.
        """
        return {
            **self.states.to_dict(),
            "span": plain(self.span),
            "totals": records(self.totals),
            "town_numbers": records(self.towns),
            "outlook": records(self.outlook),
            "changes": {
                entry: [_plain_change(change) for change in told]
                for entry, told in self.changes.items()
            },
            "not_compared": {
                entry: {part: list(reasons) for part, reasons in told.items()}
                for entry, told in self.not_compared.items()
            },
            "other_inputs": {entry: list(names) for entry, names in self.other_inputs.items()},
            "attributions": {entry: told.to_dict() for entry, told in self.attributions.items()},
        }

    def _repr_html_(self) -> str:
        """Return totals and towns as tables for notebooks."""
        from supplyroutes.displays import html

        numbers = html(
            f"Fuel and days beside {self.reference}",
            ("Totals (.totals)", self.totals),
            ("Towns, the largest first (.towns)", self.towns),
            digits=2,
        )
        return self.states._repr_html_() + numbers


def _plain_change(change: Change) -> dict[str, Any]:
    """Return a change as plain values: of a report its id stands for it."""
    values = {name: getattr(change, name) for name in ("kind", "name", "quantity", "unit")}
    for side in ("before", "after"):
        value = getattr(change, side)
        values[side] = getattr(value, "event", None) or plain(value)
    return values


def compared(
    answers: Mapping[str, Answer],
    *,
    made: Mapping[str, Made] | None = None,
    attributions: Mapping[str, Attribution] | None = None,
) -> ResultComparison:
    """Return answers side by side; the first is the reference.

    Raises
    ------
    RequestError
        There are fewer than two, or they do not have the same towns and roads.
    """
    states = comparison_of({entry: answer.situation for entry, answer in answers.items()})
    reference, *others = answers
    first = answers[reference]
    not_compared = {entry: _apart(first, answers[entry]) for entry in others}
    fits = {reference: frozenset(PARTS)} | {
        entry: frozenset(PARTS) - set(not_compared[entry]) for entry in others
    }
    digests = {entry: _inputs(told) for entry, told in (made or {}).items()}
    return ResultComparison(
        states=states,
        span=None if first.stocks is None else (first.stocks.dates[0], first.stocks.dates[-1]),
        totals=_totals(answers, fits),
        towns=_towns(first, {entry: answers[entry] for entry in others}, fits),
        outlook=_outlooks(first, {entry: answers[entry] for entry in others}, fits),
        changes={entry: answer.changes for entry, answer in answers.items()},
        not_compared={entry: told for entry, told in not_compared.items() if told},
        other_inputs={
            entry: names
            for entry in others
            if digests and (names := _other(digests[reference], digests[entry]))
        },
        attributions=attributions or {},
    )


# --- what can be set side by side ----------------------------------------------------------


def _apart(reference: Answer, answer: Answer) -> dict[str, tuple[str, ...]]:
    """Return the parts that cannot be set side by side, each with why."""
    found: dict[str, tuple[str, ...]] = {}
    for part, questions in _QUESTIONS.items():
        one, other = getattr(reference, part), getattr(answer, part)
        if one is None or other is None:
            found[part] = ("missing",)
            continue
        reasons = [name for name, ask in questions.items() if ask(one) != ask(other)]
        if part == "outlook" and min(one.runs, other.runs) < FEWEST_RUNS and not reasons:
            reasons = ["runs"]
        if reasons:
            found[part] = tuple(reasons)
    return found


def _commodity(result: SupplyFlow | StockLevels | StockOutlook) -> object:
    """Return the commodity that a result is of."""
    return result.commodity


_QUESTIONS: dict[str, dict[str, Any]] = {
    "flow": {"commodity": _commodity},
    "stocks": {"commodity": _commodity, "days": lambda stocks: stocks.dates},
    "outlook": {
        "commodity": _commodity,
        "days": lambda outlook: (outlook.start, outlook.end),
        "seed": lambda outlook: outlook.seed,
        "runs": lambda outlook: outlook.asked,
    },
}
"""What has to be the same on both sides, by part."""


def _inputs(made: Made) -> dict[str, str]:
    """Return what an answer was made of: digests of tables, versions of packages."""
    return {**made.inputs, **made.versions}


def _other(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tables and packages that are not the same."""
    return tuple(sorted(name for name in {*one, *other} if one.get(name) != other.get(name)))


# --- tables --------------------------------------------------------------------------------

Fits = Mapping[str, frozenset[str]]
"""The parts of each entry that are set side by side."""


def _totals(answers: Mapping[str, Answer], fits: Fits) -> pd.DataFrame:
    """Return the totals of each entry, and their changes."""
    import pandas as pd

    rows = {entry: _sums(answer, fits[entry]) for entry, answer in answers.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(_TOTALS), dtype=float)
    frame.index.name = "entry"
    for name in _TOTALS:
        frame[f"{name}_change"] = frame[name] - frame[name].iloc[0]
    return frame


def _sums(answer: Answer, fits: frozenset[str]) -> list[float | None]:
    """Return the totals of an answer."""
    flow = answer.flow.summary() if answer.flow is not None and "flow" in fits else {}
    stocks = answer.stocks.summary() if answer.stocks is not None and "stocks" in fits else {}
    told = {**flow, **{name: stocks.get(name) for name in ("unmet_m3", "towns_dry")}}
    return [told.get(name) for name in _TOTALS]


def _towns(reference: Answer, others: Mapping[str, Answer], fits: Fits) -> pd.DataFrame:
    """Return towns that use the commodity, by entry."""
    import pandas as pd

    nodes = reference.situation.day.nodes
    using = nodes["demand_m3_per_day"] > 0
    for answer in others.values():  # a town may use it in a what-if only
        using |= answer.situation.day.nodes["demand_m3_per_day"].reindex(nodes.index) > 0
    users = nodes[using].copy()
    users["population"] = users["population"].astype(float)
    order = users["population"].fillna(0).sort_values(ascending=False, kind="stable").index
    users = users.loc[order, ["name", "population"]]
    frames = []
    for entry, answer in others.items():
        frame, before, after = (
            users.copy(),
            *(_numbers(one, fits[entry], users.index) for one in (reference, answer)),
        )
        for name in _TOWNS:
            frame[name] = after[name]
            frame[f"{name}_change"] = after[name] - before[name]
        frame["dry_on"], frame["dry_on_reference"] = after["dry_on"], before["dry_on"]
        frames.append(frame.assign(entry=entry, place=range(len(frame))))
    whole = pd.concat(frames).sort_values("place", kind="stable").drop(columns="place")
    return whole.set_index("entry", append=True)


def _numbers(answer: Answer, fits: frozenset[str], nodes: pd.Index) -> pd.DataFrame:
    """Return the numbers of towns in one answer; missing where there are none."""
    import pandas as pd

    frame = pd.DataFrame(index=nodes, columns=[*_TOWNS], dtype=float)
    frame["dry_on"] = pd.Series([None] * len(nodes), nodes, dtype=object)
    if answer.flow is not None and "flow" in fits:
        told = answer.flow.nodes.reindex(nodes)
        frame["delivered_m3_per_day"] = told["delivered_m3_per_day"]
        frame["fill_rate"] = told["fill_rate"]
    if answer.stocks is not None and "stocks" in fits:
        told = answer.stocks.towns.reindex(nodes)
        frame["days_dry"] = told["days_dry"]
        frame["dry_on"] = told["dry_on"].astype(object).where(told["dry_on"].notna(), None)
    return frame


def _outlooks(reference: Answer, others: Mapping[str, Answer], fits: Fits) -> pd.DataFrame:
    """Return the changes of days dry with their intervals, by common luck."""
    import pandas as pd

    frames = [
        outlook_change(reference.outlook, answer.outlook).towns.assign(entry=entry)
        for entry, answer in others.items()
        if "outlook" in fits[entry] and reference.outlook and answer.outlook
    ]
    if not frames:
        index = pd.MultiIndex.from_arrays([[], []], names=["node", "entry"])
        return pd.DataFrame(index=index, columns=["days_dry_change"], dtype=float)
    return pd.concat(frames).set_index("entry", append=True)
