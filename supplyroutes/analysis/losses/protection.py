"""Which roads to guard so that the worst attack on the others harms least, by proof."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import inf, isnan
from time import monotonic
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.integer import EQUAL
from supplyroutes.analysis.losses.attack import Attack, is_count, targets_of, worst_attack
from supplyroutes.analysis.losses.attack_model import Targets
from supplyroutes.analysis.losses.choices import Measure
from supplyroutes.analysis.losses.harm import UNITS, Harm, check_measure, harm_of
from supplyroutes.analysis.losses.interdiction import ASSUMED, TIME_LIMIT_S, audited
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Protection:
    """Which roads to guard; made by `protection`. Sensitive.

    Attributes
    ----------
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    measure
        How harm is counted; see `interdiction`.
    unit
        Its unit: h or m3_per_day.
    budget, attack_budget
        How many roads can be guarded, and what the attack may spend.
    roads
        Index `edge`, the roads to guard: u, v, length_km, saved_alone (see `escorts`; 0 for a road
        that helps only beside others).
    escorts
        Index `edge`, every road of the worst attack on the unguarded network: after_alone (the
        measure after the worst attack if this road alone is guarded), saved_alone (how much that is
        better than without). Any other road guarded alone saves nothing: that attack stays.
    before
        The measure on the day, with nothing attacked. Like the three below missing for
        "weighted_time" where nobody uses the commodity.
    unguarded, guarded
        The measure after the worst attack, without and with the guards: what no attack makes worse,
        if the search was stopped before the worst was proven.
    bound
        Proved: no choice of guards does better.
    proven
        Whether the guards are optimal.
    attack_unguarded, attack_guarded
        The worst attacks, as road ids.
    attacks
        How many worst attacks were computed.
    safe
        Roads that could not be attacked, and need no guards.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> guard = sr.protection(network, budget=1, attack_budget=2, measure="isolated_demand")
    >>> guard.roads.index.tolist(), guard.unguarded, guard.guarded
    (['port--north'], 270.0, 220.0)
    """

    at: date | None
    commodity: str
    measure: str
    unit: str
    budget: int
    attack_budget: float
    roads: pd.DataFrame
    escorts: pd.DataFrame
    before: float
    unguarded: float
    guarded: float
    bound: float
    proven: bool
    attack_unguarded: tuple[str, ...]
    attack_guarded: tuple[str, ...]
    attacks: int
    safe: tuple[str, ...]
    assumed: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return the roads to guard, and the measure with and without them.

        Returns
        -------
        values
            Numbers in the unit of the measure; roads as a tuple of ids.
        """
        return {
            "roads": tuple(self.roads.index),
            "before": self.before,
            "unguarded": self.unguarded,
            "guarded": self.guarded,
            "bound": self.bound,
            "proven": self.proven,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name; tables as lists of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        names = (
            "at", "commodity", "measure", "unit", "budget", "attack_budget", "before", "unguarded",
            "guarded", "bound", "proven", "attack_unguarded", "attack_guarded", "attacks",
            "safe",
        )  # fmt: skip
        return {
            **{name: plain(getattr(self, name)) for name in names},
            "sensitive": True,
            "roads": records(self.roads),
            "escorts": records(self.escorts),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return the roads to guard and what each escort saves alone, for notebooks."""
        from supplyroutes.displays import asked, html

        proof = "proven" if self.proven else f"best found; bound {self.bound:.6g}"
        change = (
            "after the worst attack "
            f"{self.unguarded:.6g} unguarded, {self.guarded:.6g} guarded, {proof}"
        )
        head = (
            f"{asked(self.commodity, self.at)}, {self.measure} ({self.unit}): "
            f"{'no demand' if isnan(self.before) else change}. Sensitive."
        )
        return html(
            head,
            ("Roads to guard (.roads)", self.roads),
            ("What each guard saves alone (.escorts)", self.escorts),
        )


def protection(  # noqa: PLR0913 (those of `interdiction`, and how many guards)
    day: Network,
    *,
    budget: int = 2,
    attack_budget: float = 2,
    measure: Measure = "weighted_time",
    cost: Mapping[str, float] | None = None,
    safe: Collection[str] = (),
    time_limit_s: float | None = TIME_LIMIT_S,
) -> Protection:
    r"""Roads to guard so that the worst attack on the others harms least, proven.

    Defender, attacker, traffic (Brown et al. 2006): guards G are set first, the attacker sees them
    and closes the worst roads A that are left, traffic takes the best ways that remain:

    .. math:: \min_{|G| \le b} \; \max_{A \cap G = \emptyset, \, c(A) \le k} \; harm(A)

    A guarded road is not closed, whatever the attacker does; a guard reopens nothing.

    Parameters
    ----------
    day
        The network on a day.
    budget
        How many roads can be guarded.
    attack_budget
        What the attack may spend: the number of roads, where each costs 1.
    measure
        How harm is counted; see `interdiction`.
    cost
        What it takes to close a road, by its id; 1 where nothing is said.
    safe
        Ids of roads that cannot be attacked: they need no guards.
    time_limit_s
        Seconds after which the search stops; None for no limit.

    Returns
    -------
    guard
        The roads to guard, with the worst attack before and after, and what each escort saves.

    Raises
    ------
    RequestError
        There is no such measure, or a budget is negative.
    UnknownIdError
        There is no road of that id.
    SolverError
        A bound was not proved.

    Notes
    -----
    Implicit enumeration (Scaparra & Church 2008): guards that leave an attack possible are no
    better than it, so one of its roads must be guarded; attacks that are known are not computed
    again. Exact; at most k^b worst attacks for k roads and b guards. Other guards may do as well.

    References
    ----------
    .. [1] Brown, G., Carlyle, M., Salmeron, J., Wood, K. (2006). Defending critical
       infrastructure. Interfaces 36(6).
    .. [2] Scaparra, M. P., Church, R. L. (2008). A bilevel mixed-integer program for critical
       infrastructure protection planning. Comput. Oper. Res. 35(6).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> guard = sr.protection(network, budget=1, attack_budget=2, measure="isolated_demand")
    >>> guard.escorts["saved_alone"].to_dict()
    {'port--north': 50.0, 'port--south': 40.0}
    """
    check_measure(measure)
    if not is_count(budget):
        raise RequestError(f"a number of roads to guard is a whole number, 0 or more, not {budget}")
    harm = harm_of(day, measure)
    search = _Guards(harm, targets_of(day, attack_budget, cost, safe), int(budget), time_limit_s)
    search.explore(frozenset(), frozenset())
    bound = search.bound()
    open_, held = search.worst(frozenset()), search.worst(search.best)
    for attack in (open_, held):
        audited(day, measure, attack)
    ids = day.topology.edge_ids
    escorts = _escorts(search, open_, ids)
    return Protection(
        at=day.at,
        commodity=day.commodity,
        measure=measure,
        unit=UNITS[measure],
        budget=int(budget),
        attack_budget=float(attack_budget),
        roads=_guarded(day, search.best, escorts),
        escorts=escorts,
        before=harm.shown(harm.of(frozenset())),
        unguarded=harm.shown(open_.bound),
        guarded=harm.shown(held.bound),
        bound=harm.shown(bound),
        proven=search.complete,
        attack_unguarded=tuple(ids[road] for road in open_.roads),
        attack_guarded=tuple(ids[road] for road in held.roads),
        attacks=len(search.known),
        safe=tuple(sorted(safe)),
        assumed=used_assumptions(day, ASSUMED[measure]),
    )


class _Guards:
    """The search over guards: the best found, and every worst attack that was computed."""

    def __init__(
        self, harm: Harm, targets: Targets, budget: int, time_limit_s: float | None
    ) -> None:
        self.harm, self.targets, self.budget = harm, targets, budget
        self.ends = None if time_limit_s is None else monotonic() + time_limit_s
        self.known: dict[frozenset[int], Attack] = {}
        self.best: frozenset[int] = frozenset()
        self.value = inf
        self.cut_short = False

    @property
    def complete(self) -> bool:
        """Whether every choice of guards was looked at or ruled out, by proven attacks."""
        return not self.cut_short and all(attack.proven for attack in self.known.values())

    def bound(self) -> float:
        """Return what no choice of guards can get below."""
        if self.cut_short:
            return self.harm.of(frozenset())
        return min(attack.harm for attack in self.known.values())

    def worst(self, guarded: frozenset[int]) -> Attack:
        """Return the worst attack that guards leave possible."""
        if guarded not in self.known:
            left = None if self.ends is None else max(0.0, self.ends - monotonic())
            starts = [attack.roads for attack in self.known.values()]
            self.known[guarded] = worst_attack(
                self.harm, self.targets.without(guarded), starts, time_limit_s=left
            )
        return self.known[guarded]

    def explore(self, guarded: frozenset[int], barred: frozenset[int]) -> None:
        """Look at guards, and at more guards that are not barred."""
        if self.ends is not None and monotonic() > self.ends and self.known:
            self.cut_short = True
            return
        attack = self._standing(guarded)
        if attack is None:
            attack = self.worst(guarded)
            if attack.bound < self.value - EQUAL:
                self.best, self.value = guarded, attack.bound
        if len(guarded) == self.budget:
            return
        for road in attack.roads:
            if road not in barred:
                self.explore(guarded | {road}, barred)
                barred |= {road}

    def _standing(self, guarded: frozenset[int]) -> Attack | None:
        """Return a known attack that guards leave possible, no better than the best; if any."""
        return next(
            (
                attack
                for attack in self.known.values()
                if attack.harm >= self.value - EQUAL and guarded.isdisjoint(attack.roads)
            ),
            None,
        )


def _escorts(search: _Guards, attack: Attack, ids: tuple[str, ...]) -> pd.DataFrame:
    """Return what guarding each road of the worst attack alone would save."""
    import pandas as pd

    harm = search.harm
    worst = harm.shown(attack.harm)
    rows = []
    for road in attack.roads:
        # A guard makes nothing worse, even where the worst attack beside it is not proven.
        alone = min(search.worst(frozenset({road})).bound, attack.bound)
        saved = abs(worst - harm.shown(alone)) if alone < attack.harm else 0.0
        rows.append((ids[road], harm.shown(alone), saved))
    columns = ["edge", "after_alone", "saved_alone"]
    return pd.DataFrame(rows, columns=columns).set_index("edge")


def _guarded(day: Network, roads: frozenset[int], escorts: pd.DataFrame) -> pd.DataFrame:
    """Return the roads to guard."""
    import pandas as pd

    top = day.topology
    saved: Mapping[Any, float] = escorts["saved_alone"].to_dict()
    rows = [
        (
            top.edge_ids[road],
            top.node_ids[top.tail[2 * road]],
            top.node_ids[top.head[2 * road]],
            top.length_km[2 * road],
            saved.get(top.edge_ids[road], 0.0),
        )
        for road in sorted(roads)
    ]
    columns = ["edge", "u", "v", "length_km", "saved_alone"]
    return pd.DataFrame(rows, columns=columns).set_index("edge")
