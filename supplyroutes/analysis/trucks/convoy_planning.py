"""Which convoys to send: corridor, size, day and destination, for the fewest days dry."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args

from supplyroutes.analysis.planning.choices import Weigh
from supplyroutes.analysis.trucks.convoy_audit import Replay, replay
from supplyroutes.analysis.trucks.convoy_base import Base, base_of
from supplyroutes.analysis.trucks.convoy_model import Means, Question, question_of, undominated
from supplyroutes.analysis.trucks.convoy_options import options_of
from supplyroutes.analysis.trucks.convoy_search import GAP_SHARE, Choice, best_choice
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.disruption import Timeline
from supplyroutes.errors import AssumptionWarning, RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

MORE_TANKERS = 10
KEYS = (
    "convoy_assembly_days", "convoy_speed_ratio", "driving_day_h", "dwell_border_h",
    "dwell_checkpoint_h", "tanker_load_m3", "catch_up_ratio", "reserve_days",
)  # fmt: skip
_LEAST_M3 = 1e-6
_FULL = 1e-6


@dataclass(frozen=True)
class ConvoyPlan:
    """Which convoys to send; made by `convoy_plan`. **Sensitive**: it says where they will drive.

    Attributes
    ----------
    dates
        The days.
    commodity
        The commodity asked for.
    escorts_per_week, tankers, weigh
        As asked.
    convoys
        Index `convoy`: leaves, corridor, loads_at, destination (ids), name (of the destination),
        tankers (that leave), arrives, m3 (that arrives on average), survival_prob (share that
        arrives on average), back (day from which tankers and escort can be used again), roads
        (ids, in order).
    towns
        Index `node`, the towns that lack fuel without convoys: name, population, use_m3_per_day,
        missing_without_m3, missing_m3, brought_m3, days_dry_without, days_dry (sum of what is
        missing by use).
    stations
        Index `node`, sources: name, tankers (that start there and return there).
    limits
        Index (`kind`, `place`), what holds the plan back: full_days (days on which nothing of it
        is left). Kinds: escorts, tankers (at a source), source, road (recorded capacity).
    more
        Index `kind` (escort, tankers): number, saved (weighted days dry that the plan found with so
        many more saves beyond this one; found, not proven).
    dry_without, dry
        Weighted days dry without convoys and with them: person-days, town-days or m3.
    least_dry
        A bound: no plan of this model has fewer.
    gap_share
        (dry - least_dry) / (dry_without - least_dry): the part of what could be saved at most that
        this plan may miss.
    proven
        Whether that is next to nothing: the plan is the best.
    sensitive
        Always true.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-10", end="2025-01-20")
    >>> sr.convoy_plan(days, escorts_per_week=1, tankers=5).sensitive
    True
    """

    dates: tuple[date, ...]
    commodity: str
    escorts_per_week: int
    tankers: float
    weigh: str
    convoys: pd.DataFrame
    towns: pd.DataFrame
    stations: pd.DataFrame
    limits: pd.DataFrame
    more: pd.DataFrame
    dry_without: float
    dry: float
    least_dry: float
    gap_share: float
    proven: bool
    sensitive: bool
    assumed: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return how many convoys are sent, what they bring, and how sure it is.

        Returns
        -------
        values
            convoys, tankers_sent, m3, dry_without, dry, least_dry, gap_share, proven, sensitive.
        """
        return {
            "convoys": len(self.convoys),
            "tankers_sent": float(self.convoys["tankers"].sum()),
            "m3": float(self.convoys["m3"].sum()),
            "dry_without": self.dry_without,
            "dry": self.dry,
            "least_dry": self.least_dry,
            "gap_share": self.gap_share,
            "proven": self.proven,
            "sensitive": self.sensitive,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name; tables as lists of rows; days as YYYY-MM-DD.
        """
        from supplyroutes.analysis.plain import plain, records

        tables = ("convoys", "towns", "stations", "limits", "more", "assumed")
        return {
            "sensitive": self.sensitive,
            "start": self.dates[0].isoformat(),
            "end": self.dates[-1].isoformat(),
            "commodity": self.commodity,
            "escorts_per_week": self.escorts_per_week,
            "tankers": plain(self.tankers),
            "weigh": self.weigh,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            **{name: records(getattr(self, name)) for name in tables},
        }

    def _repr_html_(self) -> str:
        """Return totals and convoys as tables for notebooks."""
        from supplyroutes.displays import html, listed

        columns = [name for name in self.convoys if name not in {"roads", "destination"}]
        return html(
            f"sensitive; {self.commodity}, from {self.dates[0]}: {listed(self.summary())}",
            ("Convoys to send (.convoys)", self.convoys[columns]),
            digits=2,
        )


def convoy_plan(
    days: Timeline,
    *,
    escorts_per_week: int,
    tankers: float,
    weigh: Weigh = "people",
    stock_m3: Mapping[str, float] | None = None,
) -> ConvoyPlan:
    r"""Convoys of the coming days that leave people without fuel for the fewest days.

    Without convoys town n lacks :math:`u_{nt}` of its use :math:`d_n` on day t. Options o are a
    corridor, a destination and a day of leaving; :math:`y_o` says whether it is sent,
    :math:`z_o` with how many tankers of load q, of which the share :math:`\sigma_o` arrives. Of
    what they bring, :math:`x_{nt}` is used:

    .. math:: \min \sum_{nt} \frac{w_n}{d_n} (u_{nt} - x_{nt}), \quad 0 \le x_{nt} \le u_{nt},
              \quad \sum_{s \le t} x_{ns} \le \sum_{o \to n,\, a_o \le t} q \sigma_o z_o,
              \quad 0 \le z_o \le Z_o y_o

    An escort is busy from the day on which its convoy leaves until it is back, and for a week at
    least; a tanker from the days on which its convoy gathers (`convoy_assembly_days`) until it is
    back, empty, at the source where it is stationed. What is lost does not come back. By each day
    convoys have left with no more fuel than sources and roads of recorded capacity have let
    through by then, lone trucks' share taken off.

    Parameters
    ----------
    days
        The days, as they are expected: the plan knows them all.
    escorts_per_week
        Escort units; each leads one convoy in a week at most.
    tankers
        Tankers for convoys, stationed at the sources where they help most.
    weigh
        What counts: days that people, or towns, are without fuel, or missing "m3". Towns without a
        recorded population weigh nothing with "people"; a warning names them.
    stock_m3
        Own stocks at the start by town, as for `stock_levels`.

    Returns
    -------
    plan
        Convoys, days dry with and without, how near the best it is, and what holds it back.

    Raises
    ------
    RequestError
        Escorts, tankers or a stock is no number from 0 up, or there is no such weight.
    UnknownIdError
        A town is not there.
    SolverError
        A plan was not found, or does not hold when it is replayed.

    Notes
    -----
    Lone trucks do not drive where a road is refused, or escorted with less than its capacity;
    elsewhere they drive as in `stock_levels`, and convoys are taken not to change what they do.
    Convoys drive slower by `convoy_speed_ratio`, `driving_day_h` hours a day, enter no closed road,
    and lose on average what the day's reports say. An escort can begin its next convoy at any
    source. A mixed-integer program (NP-hard): the choice is the best found, replayed by plain
    sums; the bound is that of the relaxation, proved by duality, or a better one of the solver.
    Nothing counts
    after the last day. For protection and relief.

    References
    ----------
    .. [1] Chardaire, P., McKeown, G. P., Verity-Harrison, S. A., Richardson, S. B. (2005). Solving
       a time-space network formulation for the convoy movement problem. Operations Research 53(2).
    .. [2] Little, J. D. C. (1961). A proof for the queuing formula L = lambda W. Operations
       Research 9(3).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-10", end="2025-01-20")
    >>> plan = sr.convoy_plan(days, escorts_per_week=1, tankers=5)
    >>> plan.dry <= plan.dry_without
    True
    """
    _check(escorts_per_week, tankers, weigh)
    base = base_of(days, stock_m3)
    worth = _worth(days.base, base, weigh)
    short = _short(days.base, base, worth)
    question = question_of(days.base, base, options_of(days, short), worth)
    question = replace(question, options=undominated(question))
    means = Means(int(escorts_per_week), tankers)
    choice = best_choice(question, means, prove=True)
    replayed = replay(question, means, choice)
    whole = math.fsum(
        float(base.missing[:, base.towns.nodes.index(node)].sum()) * worth[node] for node in short
    )
    possible = choice.bound
    gap = (possible - choice.worth) / possible if possible > 0 else 0.0
    return ConvoyPlan(
        dates=days.dates,
        commodity=days.commodity,
        escorts_per_week=means.escorts,
        tankers=tankers,
        weigh=weigh,
        convoys=_convoys(days, question, choice),
        towns=_towns(days.base, base, question, choice, replayed),
        stations=_stations(days.base, choice),
        limits=_limits(days.base, replayed),
        more=_more(question, means, choice),
        dry_without=whole,
        dry=max(0.0, whole - choice.worth),
        least_dry=max(0.0, whole - possible),
        gap_share=gap,
        proven=gap <= GAP_SHARE,
        sensitive=True,
        assumed=used_assumptions(days.base, KEYS),
    )


def _check(escorts: int, tankers: float, weigh: str) -> None:
    """Refuse what cannot be asked."""
    if weigh not in get_args(Weigh):
        raise RequestError(f"no weight {weigh!a}: people, towns or m3")
    if not (float(escorts).is_integer() and escorts >= 0):
        raise RequestError(f"escorts_per_week: {escorts} must be a whole number from 0 up")
    if not (math.isfinite(tankers) and tankers >= 0):
        raise RequestError(f"tankers: {tankers} must be a finite number from 0 up")


def _worth(network: Network, base: Base, weigh: str) -> dict[int, float]:
    """Return what a m3 that is there weighs, by town: nothing where nothing is used."""
    people: Sequence[float | None] = network.tables.towns.columns["population"]
    uses = base.towns.use.sum(axis=1)
    found = {}
    for node, use in zip(base.towns.nodes, uses.tolist(), strict=True):
        weight = {"people": people[node] or 0.0, "towns": 1.0, "m3": use}[weigh]
        found[node] = weight / use if use > 0 else 0.0
    return found


def _short(network: Network, base: Base, worth: Mapping[int, float]) -> list[int]:
    """Return the towns on the network that lack something and weigh something."""
    lacking = [
        node
        for place, node in enumerate(base.towns.nodes)
        if base.towns.on_network[place] and base.missing[:, place].sum() > _LEAST_M3
    ]
    short = [node for node in lacking if worth[node] > 0]
    if len(short) < len(lacking):
        names = sorted({network.topology.node_ids[node] for node in {*lacking} - {*short}})
        warnings.warn(
            f"no population is recorded, so these weigh nothing: {', '.join(names)}",
            AssumptionWarning,
            stacklevel=3,
        )
    return short


def _convoys(days: Timeline, question: Question, choice: Choice) -> pd.DataFrame:
    """Return the convoys, the first to leave first."""
    import pandas as pd

    ids = days.base.topology.node_ids
    order = sorted(choice.sent, key=lambda one: (one.option.leaves, one.option.corridor,
                                                 ids[one.option.town]))  # fmt: skip
    rows = [
        {
            "convoy": f"P{number:02d}",
            "leaves": days.dates[one.option.leaves],
            "corridor": one.option.corridor,
            "loads_at": ids[one.option.source],
            "destination": ids[one.option.town],
            "name": days.base.name(ids[one.option.town]),
            "tankers": one.tankers,
            "arrives": days.dates[one.option.arrives],
            "m3": one.tankers * question.load_m3 * one.option.keep,
            "survival_prob": one.option.keep,
            "back": days.dates[0] + timedelta(days=one.option.free),
            "roads": tuple(days.base.topology.edge_ids[arc // 2] for arc in one.option.path),
        }
        for number, one in enumerate(order, 1)
    ]
    columns = ["convoy", "leaves", "corridor", "loads_at", "destination", "name", "tankers",
               "arrives", "m3", "survival_prob", "back", "roads"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("convoy")


def _towns(
    network: Network, base: Base, question: Question, choice: Choice, replayed: Replay
) -> pd.DataFrame:
    """Return the towns on the network that lack fuel without convoys."""
    import pandas as pd

    ids, known = network.topology.node_ids, network.tables.towns.columns
    uses, without = base.towns.use.sum(axis=1), base.missing.sum(axis=0)
    left = dict(zip(question.towns, replayed.missing.sum(axis=0).tolist(), strict=True))
    rows = []
    for place, node in enumerate(base.towns.nodes):
        lacking, use = float(without[place]), float(uses[place])
        if not base.towns.on_network[place] or lacking <= _LEAST_M3:
            continue
        missing = left.get(node, lacking)
        brought = question.load_m3 * math.fsum(
            one.tankers * one.option.keep for one in choice.sent if one.option.town == node
        )
        rows.append((ids[node], known["name"][node], known["population"][node], use, lacking,
                     missing, brought, lacking / use, missing / use))  # fmt: skip
    columns = ["node", "name", "population", "use_m3_per_day", "missing_without_m3", "missing_m3",
               "brought_m3", "days_dry_without", "days_dry"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("node")


def _stations(network: Network, choice: Choice) -> pd.DataFrame:
    """Return the tankers at each source that has some."""
    import pandas as pd

    ids = network.topology.node_ids
    rows = [
        (ids[source], network.name(ids[source]), tankers)
        for source, tankers in sorted(choice.stationed.items())
        if tankers > _FULL
    ]
    return pd.DataFrame(rows, columns=["node", "name", "tankers"]).set_index("node")


def _limits(network: Network, replayed: Replay) -> pd.DataFrame:
    """Return the limits of which nothing is left on some day."""
    import pandas as pd

    top = network.topology
    rows = []
    for (kind, place), left in sorted(replayed.left.items()):
        named = top.edge_ids[place] if kind == "road" else top.node_ids[place]
        full = sum(share <= _FULL for share in left)
        if full:
            rows.append((kind, "" if kind == "escorts" else named, full))
    frame = pd.DataFrame(rows, columns=["kind", "place", "full_days"])
    return frame.set_index(["kind", "place"])


def _more(question: Question, means: Means, choice: Choice) -> pd.DataFrame:
    """Return what one more escort, or some more tankers, save."""
    import pandas as pd

    asked = {
        ("escort", 1): replace(means, escorts=means.escorts + 1),
        ("tankers", MORE_TANKERS): replace(means, tankers=means.tankers + MORE_TANKERS),
    }
    rows = []
    for (kind, number), more in asked.items():
        found = best_choice(question, more, prove=False)
        rows.append((kind, number, max(0.0, found.worth - choice.worth)))
    return pd.DataFrame(rows, columns=["kind", "number", "saved"]).set_index("kind")
