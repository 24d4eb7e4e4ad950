"""Random routes: a convoy chooses a corridor, an attacker a road to wait at; neither knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.linear import TOLERANCE, Bounds, LinearProgram, entries_of
from supplyroutes.analysis.stores.transit import roads_of
from supplyroutes.analysis.trucks.convoy_options import corridor_paths
from supplyroutes.analysis.trucks.convoys import MEAN_HIT_SHARE
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.core import home_country
from supplyroutes.errors import RequestError, SolverError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_SHOWN = 1e-9


@dataclass(frozen=True)
class MixedRoutes:
    """How often to drive each corridor; made by `randomised_routes`; sensitive.

    Attributes
    ----------
    at, commodity, to
        Day, commodity and destination (id).
    routes
        Index `corridor`: prob (how often the convoy drives it), time_h (truck time), loss_share
        (expected loss on it against the attacker's best mix), loss_alone_share (if it is driven
        always, and the attacker knows).
    ambushes
        Index `edge`: prob (how often the attacker waits there in its best mix), loss_share
        (expected loss of the convoy's mix if the attacker always waits there).
    value_share
        Value of the game: the part of a convoy that is lost on average when both play their best.
        None: no corridor is open, and there is no game.
    fixed_share
        The part lost on the best single corridor if the attacker knows it.
    sensitive
        Always true.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.
    """

    at: date | None
    commodity: str
    to: str
    routes: pd.DataFrame
    ambushes: pd.DataFrame
    value_share: float | None
    fixed_share: float | None
    sensitive: bool
    assumed: pd.DataFrame = field(repr=False)

    def summary(self) -> dict[str, Any]:
        """Return the value of the game, and that of driving one corridor always.

        Returns
        -------
        values
            to, corridors (that are driven at all), value_share, fixed_share, sensitive.
        """
        return {
            "to": self.to,
            "corridors": int((self.routes["prob"] > _SHOWN).sum()),
            "value_share": self.value_share,
            "fixed_share": self.fixed_share,
            "sensitive": self.sensitive,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name; tables as lists of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "sensitive": self.sensitive,
            "at": plain(self.at),
            "commodity": self.commodity,
            "to": self.to,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "routes": records(self.routes),
            "ambushes": records(self.ambushes),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return both mixes as tables for notebooks."""
        from supplyroutes.displays import asked, html, listed

        waits = self.ambushes[self.ambushes["prob"] > 0]
        return html(
            f"sensitive; {asked(self.commodity, self.at)}: {listed(self.summary())}",
            ("How often to drive each corridor (.routes)", self.routes),
            ("Where an attacker would wait (.ambushes)", waits),
            digits=3,
        )


def randomised_routes(
    day: Network,
    *,
    to: str,
    hit_prob: Mapping[str, float] | None = None,
    loss_share: float | None = None,
) -> MixedRoutes:
    r"""How often a convoy should drive each corridor, so that waiting for it pays least.

    A zero-sum game: the convoy chooses a corridor r, the attacker a road e at home at which to
    wait; neither knows what the other chose. If the convoy comes by, it is hit with probability
    :math:`h_e` and loses the share l; what the day's reports take on average (:math:`\sigma_r` is
    left) it loses anyway:

    .. math:: \min_x \max_e \sum_r x_r A_{re}, \quad
              A_{re} = 1 - \sigma_r (1 - h_e l [e \in r]), \quad x \ge 0, \ \sum_r x_r = 1

    Of all best mixes that of the shortest mean truck time is chosen.

    Parameters
    ----------
    day
        The network on the day.
    to
        The destination, in any spelling.
    hit_prob
        Probability of a hit by road, where it is not `ambush_hit_prob`.
    loss_share
        Share that a hit destroys; None: the mean of what an attack destroys, as for convoys.

    Returns
    -------
    routes
        Both mixes, the value, and each side's expected loss against every answer as proof.

    Raises
    ------
    UnknownIdError
        There is no such town or road.
    RequestError
        A probability or share is not between 0 and 1.
    SolverError
        The mixes do not prove each other.

    Notes
    -----
    Corridors that all share a road gain nothing by chance: the attacker waits there. One attacker,
    who knows how often each corridor is driven but not today's choice, and waits at one road. No
    corridor open: an answer without routes. The value is proved: no road does the attacker better
    against the convoy's mix, no corridor the convoy better against the attacker's.

    References
    ----------
    .. [1] Washburn, A., Wood, K. (1995). Two-person zero-sum games for network interdiction.
       Operations Research 43(2).
    """
    node = day.find(to)
    loss = MEAN_HIT_SHARE if loss_share is None else _probability("loss_share", loss_share)
    found = corridor_paths(roads_of(day), [day.topology.node_index[node]])
    paths = {corridor: path for (corridor, _), path in found.items()}
    paths = {name: path for name, path in paths.items() if path and _open(day, path)}
    edges = waits(day, list(paths.values()))
    hits = _hits(day, edges, hit_prob or {})
    payoff = [
        [_lost(day, path, edge, hit * loss) for edge, hit in zip(edges, hits, strict=True)]
        for path in paths.values()
    ]
    times = [sum(day.time_h[arc] for arc in path) for path in paths.values()]
    game = solved(payoff, times) if paths else None
    return MixedRoutes(
        at=day.at,
        commodity=day.commodity,
        to=node,
        routes=_routes(paths, times, payoff, game),
        ambushes=_ambushes(day, edges, payoff, game),
        value_share=None if game is None else game.value,
        fixed_share=min((max(row) for row in payoff), default=None),
        sensitive=True,
        assumed=used_assumptions(day, ("ambush_hit_prob",)),
    )


@dataclass(frozen=True)
class Game:
    """A solved matrix game: the row player's mix (pays), the column player's, and the value."""

    rows: list[float]
    columns: list[float]
    value: float


def solved(payoff: Sequence[Sequence[float]], cost: Sequence[float]) -> Game:
    """Return the best mixes of a matrix game; of all best ones of the rows, one of least cost.

    Parameters
    ----------
    payoff
        What the row player pays, by row and column.
    cost
        A second cost of each row.

    Raises
    ------
    SolverError
        The mixes do not prove each other.
    """
    import numpy as np

    rows, columns = len(payoff), len(payoff[0])
    cells = [
        (column, row, -payoff[row][column]) for row in range(rows) for column in range(columns)
    ]
    cells += [(column, rows, 1.0) for column in range(columns)]
    cells += [(columns, row, 1.0) for row in range(rows)]
    upper = np.full(columns + 1, inf)
    least = np.zeros(columns + 1)
    least[-1] = upper[-1] = 1.0
    shares = np.zeros(rows + 1)
    shares[-1] = -inf  # the value is free, so that the duals of the columns sum to one
    program = LinearProgram(
        Bounds(shares, np.full(rows + 1, inf)), Bounds(least, upper), entries_of(cells)
    )
    program.price(np.append(np.zeros(rows), 1.0))
    first = program.solve()
    theirs = _mix(first.duals[:columns])
    top = np.array([first.value + _SHOWN])
    program.bound_columns([rows], np.array([-inf]), top)
    program.price(np.append(np.array(cost) / max(1.0, *cost), 0.0))
    ours = _mix(program.solve().columns[:rows])
    matrix = np.array(payoff)
    worst, best = float((ours @ matrix).max()), float((matrix @ theirs).min())
    if worst - best > 10 * TOLERANCE:
        raise SolverError("the mixes do not prove each other", best=worst, bound=best)
    return Game(ours.tolist(), theirs.tolist(), worst)


def _mix(weights: Array) -> Array:
    """Return weights as probabilities."""
    import numpy as np

    kept = np.where(np.abs(weights) > _SHOWN, np.abs(weights), 0.0)
    mix: Array = kept / kept.sum()
    return mix


def _probability(name: str, value: float) -> float:
    """Return a number from 0 to 1, or refuse it."""
    if not 0 <= value <= 1:
        raise RequestError(f"{name}: {value} must be between 0 and 1")
    return value


def _open(day: Network, path: Sequence[int]) -> bool:
    """Tell whether a convoy can drive a path on the day."""
    passable = roads_of(day).passable
    return all(passable[arc] for arc in path)


def waits(day: Network, paths: Sequence[Sequence[int]]) -> list[int]:
    """Return the roads at which an attacker may wait: those with an end at home; else all."""
    home, country = home_country(day.tables), day.tables.towns.columns["country"]
    top = day.topology
    driven = sorted({arc // 2 for path in paths for arc in path})
    inside = [
        edge
        for edge in driven
        if home in {country[top.tail[2 * edge]], country[top.head[2 * edge]]}
    ]
    return inside or driven


def _hits(day: Network, edges: Sequence[int], told: Mapping[str, float]) -> list[float]:
    """Return the probability of a hit on each road."""
    usual = day.assumptions["ambush_hit_prob"].best
    ids = day.topology.edge_index
    for name in told:
        if name not in ids:
            raise UnknownIdError("road", name, nearest_names(name, ids))
    known = {ids[name]: _probability(f"hit_prob of {name}", told[name]) for name in told}
    return [known.get(edge, usual) for edge in edges]


def _lost(day: Network, path: Sequence[int], edge: int, hit: float) -> float:
    """Return the share of a convoy that is lost on a path if someone waits at a road."""
    left = 1.0
    for arc in path:
        left *= 1 - day.state.loss_prob[arc]
    return 1 - left * (1 - hit * any(arc // 2 == edge for arc in path))


def _routes(
    paths: Mapping[str, Sequence[int]],
    times: Sequence[float],
    payoff: Sequence[Sequence[float]],
    game: Game | None,
) -> pd.DataFrame:
    """Return the convoy's mix."""
    import pandas as pd

    rows = [
        (
            corridor,
            game.rows[place],
            times[place],
            sum(map(float.__mul__, payoff[place], game.columns)),
            max(payoff[place]),
        )
        for place, corridor in enumerate(paths)
        if game is not None
    ]
    columns = ["corridor", "prob", "time_h", "loss_share", "loss_alone_share"]
    return pd.DataFrame(rows, columns=columns).set_index("corridor")


def _ambushes(
    day: Network, edges: Sequence[int], payoff: Sequence[Sequence[float]], game: Game | None
) -> pd.DataFrame:
    """Return the attacker's mix."""
    import pandas as pd

    rows = [
        (
            day.topology.edge_ids[edge],
            game.columns[place],
            sum(prob * row[place] for prob, row in zip(game.rows, payoff, strict=True)),
        )
        for place, edge in enumerate(edges)
        if game is not None
    ]
    return pd.DataFrame(rows, columns=["edge", "prob", "loss_share"]).set_index("edge")
