"""Which assumption flips the headline: each number moved alone to its low and high value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Any

from supplyroutes._kernels.paths import nearest_source
from supplyroutes.analysis.isolation import STATES, passable_arcs, town_states
from supplyroutes.dates import as_day
from supplyroutes.disruption import disrupt
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.impacts import rules_read
from supplyroutes.network import Network
from supplyroutes.rules import QUANTITIES, RULE_UNITS

if TYPE_CHECKING:
    import pandas as pd

OTHER_TIME_SHARE = 0.1
"""A best time that differs by a larger share has changed."""


@dataclass(frozen=True)
class Sensitivity:
    """What hangs on which assumption; made by `sensitivity`.

    Attributes
    ----------
    at
        The day.
    commodity
        The commodity asked for.
    flips
        Index `key`, `end` ("low" or "high"): one row a run, also those that flip nothing, the
        one that moves most people first. Columns unit, best and value (None: no end),
        towns_changed, people_changed, times_changed (towns whose best time differs by more
        than a tenth), changes (node, state at best, state in the run), reason, and kind,
        basis and phase of a rule.
    towns
        Index `node`: the towns that any run flips, the largest first. Columns name,
        population, state (at best), others (the states that they take) and keys (the
        assumptions that flip them, as "key end").
    headline
        The key that moves most people; None if no run flips a town.
    runs
        Number of runs, the one at best not counted.
    fixed
        Numbers that have no other value: their low and high are their best.
    idle_rules
        Impact rules that read none of the reports, so that nothing hangs on them.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> result = sr.sensitivity(network, events.without("T3"), at="2025-01-14")
    >>> result.headline
    'R28.duration_days'
    >>> result.towns.loc["east", ["state", "others", "keys"]].tolist()
    ['strained', ('supplied',), ('R28.duration_days low',)]
    """

    at: date
    commodity: str
    flips: pd.DataFrame
    towns: pd.DataFrame
    headline: str | None
    runs: int
    fixed: int
    idle_rules: int

    def summary(self) -> dict[str, int]:
        """Return how much hangs on assumptions.

        Returns
        -------
        counts
            runs; flipping: the runs that change the state of any town; towns and people: those
            whose state hangs on at least one number.
        """
        return {
            "runs": self.runs,
            "flipping": int((self.flips["towns_changed"] > 0).sum()),
            "towns": len(self.towns),
            "people": int(self.towns["population"].sum()),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name, and the summary; what is missing, or has no end, is None.
        """
        from supplyroutes.analysis.plain import records

        return {
            "at": self.at.isoformat(),
            "commodity": self.commodity,
            "summary": self.summary(),
            "headline": self.headline,
            "fixed": self.fixed,
            "idle_rules": self.idle_rules,
            "flips": records(self.flips),
            "towns": records(self.towns),
        }

    def _repr_html_(self) -> str:
        """Return the runs that flip a town, and those towns, as tables for notebooks."""
        from supplyroutes.displays import asked, html, listed

        shown = ["unit", "best", "value", "towns_changed", "people_changed", "reason"]
        flipping = self.flips.loc[self.flips["towns_changed"] > 0, shown]
        return html(
            f"{asked(self.commodity, self.at)}: {listed(self.summary())}",
            ("Assumptions that change the state of a town (.flips)", flipping),
            ("Those towns (.towns)", self.towns),
        )


def sensitivity(
    network: Network,
    events: Events,
    *,
    at: str | date,
    commodity: str = "fuel",
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Which assumptions change the state of towns, each moved alone to its low and high value.

    Every quantity of every impact rule that reads a report (capacity factor, delay, loss
    probability, duration; an empty duration is "no end"), and every assumption of the network,
    takes its low and then its high value while all others keep their best. Towns whose state
    then differs from that at best are listed.

    One at a time is not jointly: two numbers that flip nothing alone may flip a town together,
    and a town that is never flipped here is not proven to be safe.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    at
        The day.
    commodity
        Which commodity.
    progress
        Called after each run with the number of runs done and of all.

    Returns
    -------
    result
        Every run with the towns that it flips, and every town with what flips it.

    Raises
    ------
    RequestError
        The day is not a date, or the network is disrupted already.
    UnknownIdError
        There is no such commodity.
    DataError
        An event names a place that the network does not have.

    Notes
    -----
    Each run is `disrupt` with that one number changed, and the states that it leaves. With r
    runs, m arcs and k reports O(r (k + m log m)).

    References
    ----------
    .. [1] Saltelli, A. et al. (2008). Global Sensitivity Analysis. The Primer. Wiley. (On what
       moving one factor at a time cannot show.)

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> result = sr.sensitivity(network, events.without("T3"), at="2025-01-14")
    >>> row = result.flips.loc[("R28.duration_days", "low")]
    >>> row["best"], row["value"], row["changes"][1]
    (3.0, 1.0, ('east', 'strained', 'supplied'))
    """
    if network.at is not None:
        raise RequestError(f"the network is disrupted already ({network.at}): pass the base one")
    runs = _Runs(network, events, as_day(at), commodity)
    rows: list[dict[str, Any]] = []
    for row in runs.rows():
        rows.append(row)
        if progress is not None:
            progress(len(rows), runs.count)
    rows.sort(key=_rank)
    flips = _table(rows, ("key", "end"), _FLIPS)
    flipping = [row for row in rows if row["changes"]]
    return Sensitivity(
        at=runs.at,
        commodity=commodity,
        flips=flips,
        towns=_table(list(_towns(network, flipping)), ("node",), _TOWNS),
        headline=str(flipping[0]["key"]) if flipping else None,
        runs=len(rows),
        fixed=runs.fixed,
        idle_rules=len(events.rules) - len(runs.rules),
    )


_FLIPS = (
    "unit",
    "best",
    "value",
    "towns_changed",
    "people_changed",
    "times_changed",
    "changes",
    "reason",
    "kind",
    "basis",
    "phase",
)
_TOWNS = ("name", "population", "state", "others", "keys")


@dataclass(frozen=True)
class _Variant:
    """One number at its low or high value."""

    key: str
    end: str
    unit: str
    best: float | None
    value: float | None
    reason: str
    rule: str = ""
    quantity: str = ""
    reads: tuple[str, str, str] = ("", "", "")


class _Runs:
    """The day at best, and under each variant."""

    def __init__(self, network: Network, events: Events, at: date, commodity: str) -> None:
        self.network = network
        self.events = events
        self.at = at
        self.commodity = commodity
        self.rules = rules_read(network, events, commodity=commodity)
        self.population = [count or 0 for count in network.tables.towns.columns["population"]]
        self.best = self._answers(self._day(network, events))
        every = [*self._rule_variants(), *self._assumption_variants()]
        self.variants = [variant for variant in every if variant.value != variant.best]
        moved = {variant.key for variant in self.variants}
        self.fixed = len({variant.key for variant in every} - moved)

    @property
    def count(self) -> int:
        """The number of runs."""
        return len(self.variants)

    def _rule_variants(self) -> Iterator[_Variant]:
        """Yield every quantity of the rules that read a report, at both ends."""
        for name in sorted(self.rules):
            rule = self.events.rules[name]
            for quantity in QUANTITIES:
                best = getattr(rule, f"{quantity}_best")
                for end in ("low", "high"):
                    value = getattr(rule, f"{quantity}_{end}")
                    yield _Variant(
                        f"{name}.{quantity}", end, RULE_UNITS[quantity], best, value, rule.reason,
                        name, quantity, (rule.kind, rule.basis, rule.phase),
                    )  # fmt: skip

    def _assumption_variants(self) -> Iterator[_Variant]:
        """Yield every assumption at both ends."""
        for key, entry in self.network.assumptions.items():
            for end in ("low", "high"):
                value = getattr(entry, end)
                yield _Variant(key, end, entry.unit, entry.best, value, entry.reason)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one row a variant: what it changes."""
        for variant in self.variants:
            yield self._row(variant)

    def _row(self, variant: _Variant) -> dict[str, Any]:
        """Return what a variant changes."""
        states, times = self._answers(self._under(variant))
        old_states, old_times = self.best
        ids = self.network.topology.node_ids
        changed = [node for node, state in enumerate(states) if state != old_states[node]]
        return {
            "key": variant.key,
            "end": variant.end,
            "unit": variant.unit,
            "best": variant.best,
            "value": variant.value,
            "towns_changed": len(changed),
            "people_changed": sum(self.population[node] for node in changed),
            "times_changed": sum(map(_other_time, old_times, times)),
            "changes": tuple(
                (ids[node], STATES[old_states[node]], STATES[states[node]]) for node in changed
            ),
            "reason": variant.reason,
            **dict(zip(("kind", "basis", "phase"), variant.reads, strict=True)),
        }

    def _under(self, variant: _Variant) -> Network:
        """Return the day under a variant."""
        if not variant.rule and variant.value is not None:
            return self._day(self.network.assuming({variant.key: variant.value}), self.events)
        changes = {variant.rule: {variant.quantity: variant.value}}
        return self._day(self.network, self.events.ruled_by(self.events.rules.replacing(changes)))

    def _day(self, network: Network, events: Events) -> Network:
        """Return a network as the reports leave it on the day."""
        return disrupt(network, events, at=self.at, commodity=self.commodity)

    def _answers(self, day: Network) -> tuple[list[int], list[float]]:
        """Return state and best passable time of every town."""
        top = day.topology
        times, _, _ = nearest_source(
            top.out_start, top.out_arcs, top.head, day.time_h, passable_arcs(day), day.sources()
        )
        return town_states(day, day.undisturbed()), times


def _other_time(old: float, new: float) -> bool:
    """Tell whether a best time differs by more than a tenth; a way gained or lost is a state."""
    return inf not in (old, new) and abs(new - old) > OTHER_TIME_SHARE * old


def _rank(row: dict[str, Any]) -> tuple[int, int, int, str, bool]:
    """Return the place of a run: most people, towns and times first, then by key, low first."""
    counts = (-row["people_changed"], -row["towns_changed"], -row["times_changed"])
    return (*counts, row["key"], row["end"] == "high")


def _towns(network: Network, flipping: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the towns that a run flips, the largest first, with what flips them."""
    keys: dict[str, list[str]] = {}
    states: dict[str, list[str]] = {}
    for row in flipping:
        for node, before, after in row["changes"]:
            keys.setdefault(node, []).append(f"{row['key']} {row['end']}")
            states.setdefault(node, [before]).append(after)
    towns, index = network.tables.towns.columns, network.topology.node_index
    for node in sorted(keys, key=lambda node: (-(towns["population"][index[node]] or 0), node)):
        before, *others = states[node]
        yield {
            "node": node,
            "name": towns["name"][index[node]],
            "population": towns["population"][index[node]],
            "state": before,
            "others": tuple(sorted(set(others), key=STATES.index)),
            "keys": tuple(sorted(keys[node])),
        }


def _table(
    rows: list[dict[str, Any]], index: tuple[str, ...], columns: tuple[str, ...]
) -> pd.DataFrame:
    """Return rows as a table."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=[*index, *columns], dtype=object)
    counts = {name: int for name in columns if name.endswith("_changed")}
    numbers = {"population": float} if "population" in columns else {}
    return frame.astype({**counts, **numbers}).set_index(list(index))
