"""Uncertain inputs drawn together: many networks and events, each as likely as the others.

Every input has a low, a best and a high value. A draw moves it inside that range; which inputs
move together, and by what luck, is stated here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from math import fsum, nan, sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supplyroutes.commodities import check_commodity
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.impacts import rules_read
from supplyroutes.network import Network
from supplyroutes.rules import QUANTITIES, RULE_UNITS, Rule
from supplyroutes.schema import Table

if TYPE_CHECKING:
    import pandas as pd

Range = tuple[float, float, float]
"""Low, best and high."""
Lasting = tuple[float | None, float | None, float | None]
"""Low, best and high of a duration; None: no end."""
ENDS = ("low", "best", "high")
_BITS = 53
"""Bits of a chance: as many as a float holds below 1."""
_FIGURES = (
    ("demand", "demand", "demand_m3_per_day", "demand_class"),
    ("stock", "stocks", "stock_m3", "commodity"),
    ("storage", "stocks", "storage_m3", "commodity"),
    ("supply", "supply", "supply_m3_per_day", "node"),
    ("limit", "limits", "limit_m3_per_day", "edge"),
)
"""Kind of input, its table and figure, and the column whose equal values move together."""


@dataclass(frozen=True)
class Input:
    """One uncertain number, or several that move together.

    Attributes
    ----------
    key
        Its name: the luck of a draw hangs on it, and on nothing else of the input.
    kind
        demand, stock, storage, supply, limit, rule or assumption.
    members
        Rows of its table, ids of its impact rules, or the key of its assumption.
    figure
        Column without its end, or the quantity of the rules.
    unit
        Unit of its values.
    ends
        Low, best and high: summed over rows of amounts; of rules, where all tell the same.
    """

    key: str
    kind: str
    members: tuple[Any, ...]
    figure: str
    unit: str
    ends: Lasting


def chance(seed: int, run: int, key: str) -> float:
    """Return the luck of an input in a run: from 0 to 1, both excluded, each value as likely.

    It hangs on seed, run and key alone, by a hash: neither the order nor the number of the
    other inputs, runs or processes moves it. Two cases that share a key share its luck (common
    random numbers).

    Parameters
    ----------
    seed
        Seed of the ensemble.
    run
        Number of the run.
    key
        Key of the input.

    Returns
    -------
    chance
        A share of all luck: 0.5 is the best value, less is towards the low one.

    Examples
    --------
    >>> round(chance(1, 0, "demand:power"), 6) == round(chance(1, 0, "demand:power"), 6)
    True
    """
    told = blake2b(f"{seed}\n{run}\n{key}".encode(), digest_size=8).digest()
    return float((int.from_bytes(told, "big") >> (64 - _BITS)) + 0.5) / float(2**_BITS)


def value_at(ends: Range, luck: float) -> float:
    r"""Return the value of a range at a chance: two triangles that meet at the best value.

    Half of the chance lies on each side of the best value, which is the median; towards the
    ends the density falls to nothing. With u the chance,

    .. math:: x(u) = low + (best - low) \sqrt{2 u} \;\; (u < 1/2), \quad
              x(u) = high - (high - best) \sqrt{2 (1 - u)} \;\; (u \ge 1/2)

    The weights of low, best and high hang on u alone. So figures that share a chance add up to
    their sum at that chance, and never change their order.

    Parameters
    ----------
    ends
        Low, best and high, in any unit.
    luck
        The chance, from 0 to 1.

    Returns
    -------
    value
        The value, in the unit of the range.

    Examples
    --------
    >>> [value_at((10, 20, 60), luck) for luck in (0, 0.125, 0.5, 0.875, 1)]
    [10.0, 15.0, 20.0, 40.0, 60.0]
    """
    low, best, high = ends
    below = luck < 1 / 2
    end, share = (low, luck) if below else (high, 1 - luck)
    return end + (best - end) * sqrt(2 * share)


def days_at(ends: Lasting, luck: float) -> float | None:
    """Return a duration at a chance, in whole days; None is no end.

    A range without an end is drawn in 1 / (days + 1), of which no end is 0.

    Parameters
    ----------
    ends
        Low, best and high in days; None: no end.
    luck
        The chance, from 0 to 1.

    Returns
    -------
    days
        Whole days, or None.

    Examples
    --------
    >>> [days_at((14, None, None), luck) for luck in (0.125, 0.25, 0.6)]
    [29.0, 50.0, None]
    """
    low, best, high = ends
    if low is not None and best is not None and high is not None:
        return float(round(value_at((low, best, high), luck)))
    rate = value_at((_rate(low), _rate(best), _rate(high)), luck)
    return float(round(1 / rate - 1)) if rate > 0 else None


def _rate(days: float | None) -> float:
    """Return 1 / (days + 1), which is 0 of what has no end."""
    return 0.0 if days is None else 1 / (days + 1)


@dataclass(frozen=True)
class Ensemble:
    """Runs of a case in which every uncertain input is drawn; made by `ensemble`.

    Index it by a run (from 0) for the network and the events of that run.

    Attributes
    ----------
    network
        The undisturbed network, at best values.
    events
        The events, with their rules at best values.
    runs
        Number of runs.
    seed
        Seed of the luck.
    commodity
        The commodity asked for: rules that read none of its reports are no input.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> draws = sr.ensemble(*sr.datasets.toy(), runs=3)
    >>> draws.inputs.loc["demand:transport", ["low", "best", "high"]].tolist()
    [170.0, 210.0, 260.0]
    >>> network, events = draws[2]
    >>> 215 < network.nodes["demand_m3_per_day"].sum().item() < 355
    True
    """

    network: Network
    events: Events
    runs: int
    seed: int
    commodity: str

    def __len__(self) -> int:
        """Return the number of runs."""
        return self.runs

    def __iter__(self) -> Iterator[tuple[Network, Events]]:
        """Yield network and events of each run."""
        for run in range(self.runs):
            yield self[run]

    def _repr_html_(self) -> str:
        """Return the uncertain inputs as a table for notebooks."""
        from supplyroutes.displays import html

        return html(
            f"{self.runs} runs, seed {self.seed}, {self.commodity}: "
            f"{len(self.uncertain)} uncertain inputs",
            ("Inputs (.inputs)", self.inputs),
            digits=2,
        )

    def __getitem__(self, run: int) -> tuple[Network, Events]:
        """Return network and events of a run."""
        if not 0 <= run < self.runs:
            raise IndexError(f"no run {run}: there are {self.runs}, from 0")
        luck = self.chances(run)
        network = self.network.with_figures(*self._tables(luck))
        assumed = {
            key: value_at((entry.low, entry.best, entry.high), luck[f"assumption:{key}"])
            for key, entry in self.network.assumptions.items()
            if f"assumption:{key}" in luck
        }
        events = self.events.ruled_by(self.events.rules.replacing(self._rules(luck)))
        return network.assuming(assumed), events

    @cached_property
    def uncertain(self) -> tuple[Input, ...]:
        """The uncertain inputs in order of key; what has no range is none."""
        found = [*self._figures(), *self._rule_inputs(), *self._assumption_inputs()]
        return tuple(sorted(found, key=lambda one: one.key))

    @property
    def inputs(self) -> pd.DataFrame:
        """The uncertain inputs as a table (index `key`): kind, members, unit, low, best, high.

        Members counts the rows, rules or assumptions that move together. Amounts are sums over
        them; the values of rules that move together and differ are missing, as is no end.
        """
        import pandas as pd

        rows = [
            (one.key, one.kind, one.figure, len(one.members), one.unit, *map(_number, one.ends))
            for one in self.uncertain
        ]
        columns = ["key", "kind", "figure", "members", "unit", *ENDS]
        return pd.DataFrame(rows, columns=columns).set_index("key")

    def chances(self, run: int) -> dict[str, float]:
        """Return the luck of each uncertain input in a run; see `chance`.

        Parameters
        ----------
        run
            Number of the run, from 0.

        Returns
        -------
        chances
            By key; 0.5 is the best value, less is towards the low one.
        """
        return {one.key: chance(self.seed, run, one.key) for one in self.uncertain}

    # --- which inputs there are -----------------------------------------------------------

    def _figures(self) -> Iterator[Input]:
        """Yield the groups of rows of the tables of figures."""
        for kind, name, figure, column in _FIGURES:
            table: Table = getattr(self.network.tables, name)
            groups: dict[str, list[int]] = {}
            for row, label in enumerate(table.columns[column]):
                ends = [table.columns[f"{figure}_{end}"][row] for end in ENDS]
                if ends[0] < ends[2]:
                    groups.setdefault(label, []).append(row)
            unit = "m3" if figure.endswith("_m3") else "m3/day"
            for label, rows in groups.items():
                low, best, high = (
                    fsum(table.columns[f"{figure}_{end}"][row] for row in rows) for end in ENDS
                )
                yield Input(f"{kind}:{label}", kind, tuple(rows), figure, unit, (low, best, high))

    def _rule_inputs(self) -> Iterator[Input]:
        """Yield the quantities of the rules that read a report and take it to do something.

        Rules of one kind of report and one phase, whatever their basis, scope and commodity, are
        one judgement told of several cases: they share their luck.
        """
        groups: dict[str, list[tuple[str, str, Lasting]]] = {}
        for name in sorted(rules_read(self.network, self.events, commodity=self.commodity)):
            rule = self.events.rules[name]
            for quantity in QUANTITIES if rule.hits != "context" else ():
                ends = ends_of(rule, quantity)
                if len(set(ends)) > 1:
                    key = f"rule:{rule.kind}.{rule.phase}.{quantity}"
                    groups.setdefault(key, []).append((name, quantity, ends))
        for key, told in groups.items():
            names, (quantity, *_), ranges = zip(*told, strict=True)
            ends = ranges[0] if len(set(ranges)) == 1 else (nan, nan, nan)
            yield Input(key, "rule", names, quantity, RULE_UNITS[quantity], ends)

    def _assumption_inputs(self) -> Iterator[Input]:
        """Yield the assumptions of the network that have a range."""
        for key, entry in self.network.assumptions.items():
            if entry.low < entry.high:
                ends = (entry.low, entry.best, entry.high)
                yield Input(f"assumption:{key}", "assumption", (key,), key, entry.unit, ends)

    # --- what a draw changes --------------------------------------------------------------

    def _tables(self, luck: dict[str, float]) -> list[Table]:
        """Return the tables of figures under a draw; no stock is above its room in tanks."""
        found: dict[str, dict[str, list[float]]] = {}
        for kind, name, figure, _ in _FIGURES:
            table: Table = getattr(self.network.tables, name)
            columns = [table.columns[f"{figure}_{end}"] for end in ENDS]
            drawn = found.setdefault(name, {}).setdefault(f"{figure}_best", list(columns[1]))
            for one in self.uncertain:
                if one.kind == kind:
                    for row in one.members:
                        low, best, high = (column[row] for column in columns)
                        drawn[row] = value_at((low, best, high), luck[one.key])
        stocks = found["stocks"]
        stocks["stock_m3_best"] = [
            min(pair)
            for pair in zip(stocks["stock_m3_best"], stocks["storage_m3_best"], strict=True)
        ]
        return [
            _with_columns(getattr(self.network.tables, name), columns)
            for name, columns in found.items()
        ]

    def _rules(self, luck: dict[str, float]) -> dict[str, dict[str, float | None]]:
        """Return the best values of the impact rules under a draw."""
        changes: dict[str, dict[str, float | None]] = {}
        for one in self.uncertain:
            for name in one.members if one.kind == "rule" else ():
                ends: Any = ends_of(self.events.rules[name], one.figure)
                at: Any = days_at if one.figure == "duration_days" else value_at
                changes.setdefault(name, {})[one.figure] = at(ends, luck[one.key])
        return changes


def ensemble(
    network: Network,
    events: Events,
    *,
    runs: int = 200,
    seed: int = 1,
    commodity: str = "fuel",
) -> Ensemble:
    """Draw every uncertain input many times: each run is a network and events.

    Inputs with a low, best and high value are the demand by class, stocks and room in tanks by
    commodity, each source, each limit at a border, the quantities of the impact rules that read
    a report and take it to do something, and the assumptions. Each is drawn from two triangles
    that meet at its best value (`value_at`), so that best values are the middle ones.

    What follows from one national number moves together: the demand of a class in all towns,
    the stocks of a commodity in all towns, the rules of one kind and phase of report. All other
    inputs are drawn apart from each other. Where a drawn stock is above the drawn room in
    tanks, it is that room.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    runs
        How many runs.
    seed
        Seed of the luck. Two cases with one seed share the luck of every input they share.
    commodity
        Which commodity.

    Returns
    -------
    draws
        The runs; index it by a number from 0 for network and events of that run.

    Raises
    ------
    RequestError
        There is not at least one run, or the network is disrupted already.
    UnknownIdError
        There is no such commodity.

    Notes
    -----
    That the draws of two inputs are apart is itself an assumption: sources that share a port or
    borders that close together would make the ends of the results likelier than told.

    References
    ----------
    .. [1] Kleijnen, J. P. C. (1975). Antithetic variates, common random numbers and optimal
       computer time allocation in simulation. Management Science 21 (10).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> one, other = (sr.ensemble(case, events) for case in (network, network.with_tracks()))
    >>> one.chances(7) == other.chances(7)
    True
    """
    if runs < 1:
        raise RequestError(f"{runs} runs: there must be at least one")
    if network.at is not None:
        raise RequestError(f"the network is disrupted already ({network.at}): pass the base one")
    return Ensemble(network, events, runs, seed, check_commodity(commodity))


def _with_columns(table: Table, columns: dict[str, list[float]]) -> Table:
    """Return a table with other values in some columns."""
    fixed = {name: tuple(values) for name, values in columns.items()}
    return replace(table, columns=MappingProxyType({**table.columns, **fixed}))


def ends_of(rule: Rule, quantity: str) -> Lasting:
    """Return low, best and high of a quantity of a rule."""
    low, best, high = (getattr(rule, f"{quantity}_{end}") for end in ENDS)
    return low, best, high


def _number(value: float | None) -> float:
    """Return a value of a range; no end is missing."""
    return nan if value is None else value
