"""Impact rules: what a kind of report is taken to do to roads; data, not code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplyroutes.checks import ranges_of
from supplyroutes.commodities import covers, depth
from supplyroutes.errors import DataError, Problem, RequestError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.schema import Table

if TYPE_CHECKING:
    import pandas as pd

WIDE_SCOPES = frozenset({"region", "country"})
HOURS_OF_A_DAY = 24
RULE_UNITS = {
    "capacity_factor": "share",
    "delay_h": "h",
    "loss_prob": "probability",
    "duration_days": "days when no end is known",
}
"""The quantities of a rule, and their units."""
QUANTITIES = tuple(RULE_UNITS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the impact rules: see ``supplyroutes/schema/impact_rules.csv``."""

    rule: str
    kind: str
    basis: str
    scope: str
    commodity: str
    phase: str
    hits: str
    status: str
    capacity_factor_low: float
    capacity_factor_best: float
    capacity_factor_high: float
    delay_h_low: float
    delay_h_best: float
    delay_h_high: float
    delay_as: str
    loss_prob_low: float
    loss_prob_best: float
    loss_prob_high: float
    duration_days_low: float | None
    duration_days_best: float | None
    duration_days_high: float | None
    reason: str
    source: str

    def fits(self, kind: str, basis: str, scope: str, commodity: str) -> bool:
        """Tell whether the rule applies to such a report.

        A report placed no finer than a region is context unless a rule names its scope.
        """
        return (
            self.kind in {"*", kind}
            and self.basis in {"*", basis}
            and (self.scope == scope or (self.scope == "*" and scope not in WIDE_SCOPES))
            and (self.commodity == "*" or covers(self.commodity, commodity))
        )

    @property
    def precision(self) -> tuple[bool, bool, bool, int]:
        """How closely the rule names its reports: the closest fitting rule is used."""
        named = self.commodity != "*"
        return (
            self.kind != "*",
            self.basis != "*",
            self.scope != "*",
            depth(self.commodity) if named else 0,
        )


class Rules:
    """The impact rules in force, by id; `replacing` gives a changed copy.

    Parameters
    ----------
    table
        A checked `impact_rules` table.

    Raises
    ------
    DataError
        Low, best and high are out of order, or two rules speak of the same reports.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> _, events = sr.datasets.toy()
    >>> (rule,) = events.rules.matching("road_closed", "reported", "segment", "all")
    >>> rule.rule, rule.status, rule.capacity_factor_best
    ('R30', 'closed', 0.0)
    >>> events.rules.replacing({"R30": {"capacity_factor": 0.2}})["R30"].capacity_factor_best
    0.2
    """

    def __init__(self, table: Table) -> None:
        problems = [*ranges_of(table), *_twice(table), *_curfews(table)]
        if problems:
            raise DataError(problems)
        self._rules = {row["rule"]: Rule(**row) for row in table.rows()}

    def __iter__(self) -> Iterator[Rule]:
        """Yield the rules in order of id."""
        return iter(self._rules[rule] for rule in sorted(self._rules))

    def __len__(self) -> int:
        """Return the number of rules."""
        return len(self._rules)

    def __eq__(self, other: object) -> bool:
        """Tell whether two rule sets are the same."""
        return self._rules == other._rules if isinstance(other, Rules) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, rule: str) -> Rule:
        """Return the rule of that id."""
        if rule not in self._rules:
            raise UnknownIdError("impact rule", rule, nearest_names(rule, self._rules))
        return self._rules[rule]

    @cached_property
    def _found(self) -> dict[tuple[str, str, str, str], tuple[Rule, ...]]:
        """Memo of `matching`."""
        return {}

    def matching(self, kind: str, basis: str, scope: str, commodity: str) -> tuple[Rule, ...]:
        """Return the rules that name such a report most closely; none means context.

        They are one rule, or one for each phase: a closer rule for either phase sets both
        phases of the others aside.

        Parameters
        ----------
        kind
            Kind of the report.
        basis
            Basis of the report; "enforced" for a declaration seen to be enforced.
        scope
            Scope of the report.
        commodity
            Commodity of the report.

        Returns
        -------
        rules
            The rules in order of id; empty if none fits.
        """
        key = (kind, basis, scope, commodity)
        if key not in self._found:
            fitting = [rule for rule in self if rule.fits(*key)]
            closest = max((rule.precision for rule in fitting), default=None)
            self._found[key] = tuple(rule for rule in fitting if rule.precision == closest)
        return self._found[key]

    def replacing(self, changes: Mapping[str, Mapping[str, float | None]]) -> Rules:
        """Return a copy with other best values: ``{"R02": {"capacity_factor": 0.2}}``.

        Parameters
        ----------
        changes
            New best values by rule id and quantity: capacity_factor (share left, 0 to 1), delay_h
            (hours), loss_prob (0 to 1), duration_days (days; None: no end).

        Returns
        -------
        rules
            The changed copy; low and high values stay as they were.

        Raises
        ------
        UnknownIdError
            There is no such rule.
        RequestError
            The rule has no such quantity, or the value is out of its range.
        """
        rules = dict(self._rules)
        for rule, values in changes.items():
            for quantity, value in values.items():
                _check_change(self[rule], quantity, value)
                rules[rule] = _changed(rules.get(rule) or self[rule], quantity, value)
        copy = object.__new__(Rules)
        copy._rules = rules
        return copy

    def _repr_html_(self) -> str:
        """Return the first rules as a table for notebooks."""
        from supplyroutes.displays import html

        columns = ["kind", "basis", "scope", "phase", "status", "capacity_factor_best",
                   "delay_h_best", "loss_prob_best", "duration_days_best"]  # fmt: skip
        return html(
            f"{len(self)} impact rules: what a kind of report is taken to do",
            ("With low, high and reasons in .frame()", self.frame()[columns]),
            digits=2,
        )

    def frame(self) -> pd.DataFrame:
        """Return the rules as a table (index `rule`).

        Returns
        -------
        frame
            One row a rule; columns as in ``supplyroutes/schema/impact_rules.csv``.
        """
        import pandas as pd

        rows = [{name: getattr(rule, name) for name in Rule.__slots__} for rule in self]
        return pd.DataFrame(rows, columns=list(Rule.__slots__)).set_index("rule")


def _curfews(table: Table) -> Iterator[Problem]:
    """Refuse curfews that leave less than an hour of the day: nearly nothing would move."""
    for row, (way, hours) in enumerate(
        zip(table.columns["delay_as"], table.columns["delay_h_high"], strict=True)
    ):
        if way == "curfew" and hours > HOURS_OF_A_DAY - 1:
            message = f"a curfew of {hours:g} h leaves less than an hour"
            yield table.problem(row, "delay_h_high", message)


def _twice(table: Table) -> Iterator[Problem]:
    """Refuse rules that speak of the same reports and phase: one would have to win."""
    first: dict[tuple[str, ...], str] = {}
    for row, entry in enumerate(table.rows()):
        key = tuple(entry[name] for name in ("kind", "basis", "scope", "commodity", "phase"))
        if key in first:
            message = f"speaks of the same reports and phase as {first[key]}; keep one of them"
            yield table.problem(row, "rule", message)
        first.setdefault(key, entry["rule"])


def _changed(rule: Rule, quantity: str, value: float | None) -> Rule:
    """Return a rule with another best value; its range widens to hold it."""
    low, high = (getattr(rule, f"{quantity}_{end}") for end in ("low", "high"))
    changed: dict[str, Any] = {f"{quantity}_best": value}
    if value is None:
        changed[f"{quantity}_high"] = None
    else:
        changed[f"{quantity}_low"] = value if low is None else min(low, value)
        changed[f"{quantity}_high"] = None if high is None else max(high, value)
    return replace(rule, **changed)


def _check_change(changed: Rule, quantity: str, value: float | None) -> None:
    """Refuse a change of a rule that makes no sense."""
    rule = changed.rule
    if quantity not in QUANTITIES:
        near = nearest_names(quantity, QUANTITIES) or QUANTITIES
        raise RequestError(f"rule {rule}: no quantity {quantity!a}; did you mean {near[0]}?")
    if value is None:
        if quantity != "duration_days":
            raise RequestError(f"rule {rule}: {quantity} needs a number")
        return
    most = 1.0 if quantity in {"capacity_factor", "loss_prob"} else 36500.0
    if quantity == "delay_h" and changed.delay_as == "curfew":
        most = HOURS_OF_A_DAY - 1
    if not 0 <= value <= most:
        raise RequestError(f"rule {rule}: {quantity} must lie between 0 and {most:g}, not {value}")
