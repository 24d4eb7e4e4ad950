"""Which of the things that a what-if supposes makes the difference, and how much of it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplyroutes._kernels.shares import shapley_shares
from supplyroutes.analysis.isolation import STATES, isolation
from supplyroutes.analysis.workers import Progress
from supplyroutes.disruption import disrupt
from supplyroutes.errors import DataError, RequestError, SupplyroutesWarning, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.scenario.atoms import Atom, atoms, supposing
from supplyroutes.scenario.changing import changed_case, recorded_case
from supplyroutes.scenario.faults import Faults
from supplyroutes.scenario.merging import suppositions
from supplyroutes.scenario.model import RECORDED, SUPPOSED, Scenario, Suppositions
from supplyroutes.scenario.running import largest_users
from supplyroutes.scenario.supposed_stocks import Levels, supposed_days

if TYPE_CHECKING:
    import pandas as pd

MOST_SHARED = 6
"""Changes up to which shares are told: 2^6 sets of them are worked out."""
Measure = tuple[str, str]
"""Name of a headline number, and the town that it is of (or no town)."""


@dataclass(frozen=True)
class Attribution:
    """How much of a difference each change makes; made by `attribution`.

    Attributes
    ----------
    reference, entry
        Names of the two entries.
    totals
        Index (`measure`, `node`): the headline numbers: towns in each state on the day, unmet_m3
        over the days of the stocks, days_dry of the largest towns (m3 unmet by daily use). Columns
        reference, entry and difference (entry less reference). `node` is empty but for days_dry.
    changes
        Index `change` (kind, name and quantity with colons between), then `measure`, `node`:
        kind, name, quantity; turned_off: the difference that goes if this change alone is turned
        off; share: its Shapley value, missing if there are more than `MOST_SHARED` changes. Shares
        sum to the difference.
    exact
        Whether there are shares.
    evaluations
        Sets of changes that were worked out.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> from supplyroutes.scenario.attribution import attribution
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1", "T2"]})
    >>> found = attribution(scenario)
    >>> found.totals.loc[("strained", ""), "difference"].item()
    -3.0
    >>> strained = found.changes.xs(("strained", ""), level=("measure", "node"))
    >>> strained["turned_off"].tolist(), strained["share"].tolist()  # either one would do
    ([0.0, 0.0], [-1.5, -1.5])
    """

    reference: str
    entry: str
    totals: pd.DataFrame
    changes: pd.DataFrame
    exact: bool
    evaluations: int

    def summary(self) -> dict[str, float]:
        """Return the differences of the headline numbers that concern all towns.

        Returns
        -------
        differences
            Entry less reference: towns by state, unmet_m3.
        """
        whole = self.totals["difference"].xs("", level="node")
        return {str(name): float(value) for name, value in whole.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name; a share that was not worked out is None.
        """
        from supplyroutes.analysis.plain import records

        return {
            "reference": self.reference,
            "entry": self.entry,
            "exact": self.exact,
            "evaluations": self.evaluations,
            "totals": records(self.totals),
            "changes": records(self.changes),
        }

    def _repr_html_(self) -> str:
        """Return the differences and the part of each change as tables for notebooks."""
        from supplyroutes.displays import html

        return html(
            f"{self.entry} beside {self.reference}",
            ("What differs (.totals)", self.totals),
            ("What each change makes of it (.changes)", self.changes),
            digits=2,
        )


def attribution(
    scenario: Scenario,
    entry: str | None = None,
    *,
    reference: str = RECORDED,
    progress: Progress | None = None,
) -> Attribution:
    r"""Return how much of the difference between two entries each change makes.

    The changes are what one of the two supposes and the other does not, or otherwise: each report
    removed, ended, moved or added, each number, the season, fleet, convoys, policies. With v(S)
    the value of a headline number when the changes in S are made and the others are not:

    - *turned off*: :math:`v(N) - v(N \setminus c)`, what is lost of the difference without c;
    - *share*: the Shapley value,
      :math:`\sum_{S \not\ni c} \frac{|S|!\,(n-|S|-1)!}{n!} (v(S \cup c) - v(S))`.

    Where two changes do the same, neither is missed when turned off alone; their shares then part
    the difference. Shares always sum to it.

    Parameters
    ----------
    scenario
        The scenario.
    entry
        Name of the entry; the scenario itself by default.
    reference
        Name of the entry that it is set beside.
    progress
        Called with the number of sets of changes worked out, and of all.

    Returns
    -------
    attribution
        Differences, and the part of each change.

    Raises
    ------
    UnknownIdError
        There is no such entry.
    RequestError
        The changes cannot be told apart: without one of them another one cannot be.
    DataError
        The case is not valid, or the scenario does not fit it.

    Notes
    -----
    Exact under the model. It costs 2^n runs of the stocks for n changes, or n + 2 if there are
    more than `MOST_SHARED`: on the Mali case half a second each. No set is worked out twice.

    References
    ----------
    .. [1] Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of
       Games 2.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> from supplyroutes.scenario.attribution import attribution
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1", "T2"]})
    >>> attribution(scenario).summary()["strained"]
    -3.0
    """
    whole = suppositions(scenario)
    known = list(whole)
    for name in (reference, *([] if entry is None else [entry])):
        if name not in whole:
            raise UnknownIdError("entry", name, nearest_names(name, known) or known)
    after = entry or (SUPPOSED if SUPPOSED in whole else RECORDED)
    game = _Game(scenario, whole[reference], whole[after])
    full = (1 << len(game.players)) - 1
    exact = len(game.players) <= MOST_SHARED
    alone = [full & ~(1 << place) for place in range(len(game.players))]
    sets = range(full + 1) if exact else sorted({0, full, *alone})
    for done, chosen in enumerate(sets, 1):
        game.work_out(chosen)
        if progress is not None:
            progress(done, len(sets))
    totals = _totals(game.worth[0], game.worth[full])
    changes = _changes(game.players, game.worth, full, exact=exact)
    return Attribution(reference, after, totals, changes, exact, len(game.worth))


class _Game:
    """What every set of changes is worth: the headline numbers under it."""

    def __init__(self, scenario: Scenario, before: Suppositions, after: Suppositions) -> None:
        self.scenario = scenario
        self.before, self.after = atoms(before), atoms(after)
        both = {**self.before, **self.after}
        self.players = [atom for atom in both if self.before.get(atom) != self.after.get(atom)]
        self.worth: dict[int, dict[Measure, float]] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SupplyroutesWarning)  # `run` has told them
            self.recorded = recorded_case(scenario)
        day = disrupt(*self.recorded, at=scenario.date, commodity=scenario.commodity)
        self.towns = largest_users(day)

    def work_out(self, chosen: int) -> None:
        """Work out the headline numbers when the chosen changes are made."""
        turned = {atom for place, atom in enumerate(self.players) if chosen >> place & 1}
        changes: dict[Atom, Any] = {}
        for atom in {**self.before, **self.after}:  # in the order in which they are written
            side = self.after if atom in turned else self.before
            if atom in side:
                changes[atom] = side[atom]
        changes = {atom: told for atom, told in changes.items() if self._moves(atom, changes)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SupplyroutesWarning)
            try:
                self.worth[chosen] = self._headline(supposing(changes))
            except DataError as error:
                left = ", ".join(change_name(atom) for atom in self.players if atom not in turned)
                raise RequestError(
                    f"the changes cannot be told apart; without {left}: {error}"
                ) from error

    def _moves(self, atom: Atom, changes: Mapping[Atom, Any]) -> bool:
        """Tell whether a change has something to change: moving what is not added moves nothing."""
        added = ("added", atom[1], "")
        return (
            atom[0] != "moved"
            or added in changes
            or (added not in self.before and added not in self.after)
        )

    def _headline(self, supposed: Suppositions) -> dict[Measure, float]:
        """Return the headline numbers under suppositions."""
        scenario = self.scenario
        faults = Faults(scenario.source.problem)
        case = changed_case(scenario, supposed, self.recorded, faults)
        faults.refuse()
        day = disrupt(*case, at=scenario.date, commodity=scenario.commodity)
        counts = isolation(day, baseline=case[0]).summary()
        stocks = Levels(scenario, supposed, case[1])(supposed_days(scenario, case))
        told: dict[Measure, float] = {(state, ""): float(counts[state]) for state in STATES}
        told["unmet_m3", ""] = stocks.summary()["unmet_m3"]
        for node in self.towns:
            told["days_dry", node] = float(stocks.towns["days_dry"].get(node, 0.0))
        return told


def change_name(atom: Atom) -> str:
    """Return a change as one word: its kind, name and quantity with colons between."""
    return ":".join(part for part in atom if part)


def _totals(before: Mapping[Measure, float], after: Mapping[Measure, float]) -> pd.DataFrame:
    """Return the headline numbers of both entries."""
    import pandas as pd

    rows = [(before[key], after[key], after[key] - before[key]) for key in before]
    index = pd.MultiIndex.from_tuples(list(before), names=["measure", "node"])
    return pd.DataFrame(rows, index=index, columns=["reference", "entry", "difference"])


def _changes(
    players: Sequence[Atom],
    values: Mapping[int, Mapping[Measure, float]],
    full: int,
    *,
    exact: bool,
) -> pd.DataFrame:
    """Return the part of each change in each headline number."""
    import pandas as pd

    measures = list(values[0])
    shares = {
        key: shapley_shares([values[place][key] for place in range(full + 1)], len(players))
        for key in (measures if exact else ())
    }
    rows = [
        {
            "change": change_name(atom),
            "measure": key[0],
            "node": key[1],
            **dict(zip(("kind", "name", "quantity"), atom, strict=True)),
            "turned_off": values[full][key] - values[full & ~(1 << place)][key],
            "share": shares[key][place] if exact else None,
        }
        for place, atom in enumerate(players)
        for key in measures
    ]
    columns = ["change", "measure", "node", "kind", "name", "quantity", "turned_off", "share"]
    frame = pd.DataFrame(rows, columns=columns).set_index(["change", "measure", "node"])
    return frame.astype({"turned_off": float, "share": float})
