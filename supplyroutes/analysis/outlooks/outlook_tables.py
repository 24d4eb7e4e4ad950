"""What comes of the runs of an ensemble, and the tables of an outlook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.intervals import wilson
from supplyroutes.analysis.outlooks.draws import Ensemble, ends_of
from supplyroutes.analysis.outlooks.influence import Influence, influence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from supplyroutes.analysis.stores.stocks import StockLevels

    Floats = npt.NDArray[np.float64]

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
_SHORT_SHARE = 1e-6
"""What goes short of less than this share of its use goes short by rounding."""


@dataclass(frozen=True)
class Outcome:
    """What is kept of one run: arrays in order of `nodes`, of `classes`, or days x nodes."""

    asked: dict[str, Any]
    idle: frozenset[str]
    nodes: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    to_dry: Floats
    days_dry: Floats
    unmet: Floats
    class_to_dry: Floats
    class_days_dry: Floats
    stock: Floats
    short: Floats


def outcome_of(levels: StockLevels) -> Outcome:
    """Return what is kept of the stocks of a run."""
    import numpy as np

    towns, classes = levels.towns, levels.classes
    shape = len(levels.dates), len(towns)
    amounts = {
        name: levels.daily[name].to_numpy(dtype=float).reshape(shape)
        for name in ("stock_m3", "used_m3", "unmet_m3")
    }
    use = amounts["used_m3"] + amounts["unmet_m3"]
    return Outcome(
        asked={name: getattr(levels, name) for name in ("allocation", "policy", "conduct")},
        idle=_idle(levels),
        nodes=tuple(towns.index),
        classes=tuple(classes.index),
        to_dry=_censored(towns["days_to_dry"]),
        days_dry=towns["days_dry"].to_numpy(dtype=float),
        unmet=amounts["unmet_m3"].sum(axis=0),
        class_to_dry=_censored(classes["days_to_dry"]),
        class_days_dry=classes["days_dry"].to_numpy(dtype=float),
        stock=amounts["stock_m3"],
        short=np.asarray(amounts["unmet_m3"] > _SHORT_SHARE * use, dtype=float),
    )


def _idle(levels: StockLevels) -> frozenset[str]:
    """Return the keys of the assumptions that stocks do not rest on, asked like this."""
    used = set(levels.assumed.index)
    if levels.conduct == "wait":
        used.discard("turn_back_days")
    if levels.policy is None:
        used.discard("reserve_days")
    every = levels.ran.network.assumptions
    return frozenset(f"assumption:{key}" for key in every if key not in used)


def _without_effect(draws: Ensemble) -> frozenset[str]:
    """Return the keys of rules that change only the status of roads: no stock rests on that."""
    calm = {"capacity_factor": 1.0, "delay_h": 0.0, "loss_prob": 0.0}
    rules = draws.events.rules
    return frozenset(
        one.key
        for one in draws.uncertain
        if one.kind == "rule"
        and all(
            set(ends_of(rules[name], quantity)) == {value} and rules[name].delay_as == "hours"
            for name in one.members
            for quantity, value in calm.items()
        )
    )


def _censored(days: pd.Series[Any]) -> Floats:
    """Return days until dry; not within the span is more than any number."""
    import numpy as np

    values: Floats = days.to_numpy(dtype=float, copy=True)
    values[np.isnan(values)] = np.inf
    return values


def tables_of(draws: Ensemble, outcomes: Mapping[int, Outcome], start: date) -> dict[str, Any]:
    """Return the tables of an outlook, by the names of its fields."""
    import numpy as np
    import pandas as pd

    runs = _Runs(draws, outcomes)
    idle = next(iter(outcomes.values())).idle | _without_effect(draws)
    key = [one.key for one in draws.uncertain if one.key not in idle]
    chances = [draws.chances(run) for run in outcomes]
    luck = np.array([[told[name] for name in key] for told in chances])
    luck = luck.reshape(len(outcomes), len(key))
    on_network = runs.towns["on_network"].to_numpy(dtype=bool)
    total = runs.unmet[:, on_network].sum(axis=1)
    whole = influence(luck, total[:, None])
    varied = [at for at, days in enumerate(runs.to_dry.T) if len(set(days)) > 1]
    towns = influence(luck, runs.to_dry[:, varied])
    nodes = [runs.nodes[at] for at in varied]
    index = pd.MultiIndex.from_product([outcomes, runs.nodes], names=["run", "node"])
    return {
        "towns": runs.town_table(start),
        "classes": runs.class_table(start),
        "daily": runs.day_table(start),
        "unmet_m3": pd.Series(_quantiles(total[:, None])[:, 0], index=list(QUANTILES)),
        "influence": _influence(whole, [""], key).droplevel("node"),
        "unexplained": _unexplained(whole, [""]).iloc[0].rename(None),
        "town_influence": _influence(towns, nodes, key),
        "town_unexplained": _unexplained(towns, nodes),
        "by_run": pd.DataFrame(
            {"days_to_dry": runs.to_dry.ravel(), "days_dry": runs.days_dry.ravel()}, index=index
        ),
        "inputs": draws.inputs,
    }


class _Runs:
    """The runs as arrays: runs x towns, runs x classes, runs x days x towns.

    A town or class that uses nothing in a run is not told of there: it is not dry.
    """

    def __init__(self, draws: Ensemble, outcomes: Mapping[int, Outcome]) -> None:
        import numpy as np

        self.draws = draws
        told = list(outcomes.values())
        place = draws.network.topology.node_index
        self.nodes = sorted({node for one in told for node in one.nodes}, key=place.__getitem__)
        self.classes = sorted({pair for one in told for pair in one.classes})
        towns = [_places(one.nodes, self.nodes) for one in told]
        pairs = [_places(one.classes, self.classes) for one in told]
        width = len(self.nodes)

        def spread(name: str, places: Sequence[list[int]], size: int, empty: float) -> Floats:
            rows = [getattr(one, name) for one in told]
            whole = np.full((len(rows), *rows[0].shape[:-1], size), empty)
            for row, at, values in zip(whole, places, rows, strict=True):
                row[..., at] = values
            return whole

        self.to_dry = spread("to_dry", towns, width, np.inf)
        self.days_dry = spread("days_dry", towns, width, 0.0)
        self.unmet = spread("unmet", towns, width, 0.0)
        self.stock = spread("stock", towns, width, 0.0)
        self.short = spread("short", towns, width, 0.0)
        self.class_to_dry = spread("class_to_dry", pairs, len(self.classes), np.inf)
        self.class_days_dry = spread("class_days_dry", pairs, len(self.classes), 0.0)

    @property
    def towns(self) -> pd.DataFrame:
        """Name, population and whether loaded tankers reach them, of the towns."""
        import pandas as pd

        from supplyroutes._kernels.reach import reached

        network = self.draws.network.asking(
            self.draws.commodity, at=None, state=self.draws.network.state
        )
        top, columns = network.topology, network.tables.towns.columns
        known = reached(top.out_start, top.out_arcs, top.head, network.usable, network.sources())
        at = [top.node_index[node] for node in self.nodes]
        return pd.DataFrame(
            {
                "name": [columns["name"][node] for node in at],
                "on_network": pd.Series([known[node] for node in at], dtype=bool).to_numpy(),
                "population": [columns["population"][node] for node in at],
            },
            index=pd.Index(self.nodes, name="node"),
        )

    def town_table(self, start: date) -> pd.DataFrame:
        """Return what is told of each town."""
        frame = self.towns
        hits = (self.to_dry < float("inf")).sum(axis=0)
        bounds = _intervals(len(self.to_dry))
        frame["dry_share"] = hits / len(self.to_dry)
        frame["dry_share_low"] = [bounds[hit][0] for hit in hits]
        frame["dry_share_high"] = [bounds[hit][1] for hit in hits]
        _put(frame, self.to_dry, self.days_dry, start)
        return frame

    def class_table(self, start: date) -> pd.DataFrame:
        """Return what is told of each class of each town."""
        import pandas as pd

        index = pd.MultiIndex.from_tuples(self.classes, names=["node", "demand_class"])
        frame = pd.DataFrame(index=index)
        frame["dry_share"] = (self.class_to_dry < float("inf")).mean(axis=0)
        _put(frame, self.class_to_dry, self.class_days_dry, start)
        return frame

    def day_table(self, start: date) -> pd.DataFrame:
        """Return what is told of each town and day."""
        import numpy as np
        import pandas as pd

        runs, days, towns = self.stock.shape
        dates = [start + timedelta(days=day) for day in range(days)]
        index = pd.MultiIndex.from_product([dates, self.nodes], names=["date", "node"])
        columns = {
            f"stock_m3_{name}": values.ravel()
            for name, values in zip(QUANTILES, _quantiles(self.stock), strict=True)
        }
        evenings = np.arange(1, days + 1)[None, :, None]
        hits = (self.to_dry[:, None, :] < evenings).sum(axis=0).reshape(days * towns)
        bounds = np.array(_intervals(runs))
        return pd.DataFrame(
            {
                **columns,
                "short_share": self.short.mean(axis=0).ravel(),
                "dry_by_share": hits / runs,
                "dry_by_low": bounds[hits, 0],
                "dry_by_high": bounds[hits, 1],
            },
            index=index,
        )


def _places(told: Sequence[Any], every: Sequence[Any]) -> list[int]:
    """Return the place of each of the told among all."""
    place = {name: at for at, name in enumerate(every)}
    return [place[name] for name in told]


def _intervals(runs: int) -> list[tuple[float, float]]:
    """Return the interval of a share by the number of runs in which it holds."""
    return [wilson(hits, runs) for hits in range(runs + 1)]


def _quantiles(values: Floats) -> Floats:
    """Return p10, p50 and p90 over the runs: each the value of a run."""
    import numpy as np

    order = np.sort(values, axis=0)
    return order[[ceil(share * len(values)) - 1 for share in QUANTILES.values()]]


def _put(frame: pd.DataFrame, to_dry: Floats, days_dry: Floats, start: date) -> None:
    """Put days until dry, the date and the days dry into a table."""
    days = dict(zip(QUANTILES, _quantiles(to_dry), strict=True))
    for name, values in days.items():
        frame[f"days_to_dry_{name}"] = values
    for name, values in days.items():
        dates = [start + timedelta(days=int(day)) if isfinite(day) else None for day in values]
        frame[f"dry_on_{name}"] = dates
        frame[f"dry_on_{name}"] = frame[f"dry_on_{name}"].astype(object)
    for name, values in zip(QUANTILES, _quantiles(days_dry), strict=True):
        frame[f"days_dry_{name}"] = values


def _influence(found: Influence, nodes: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    """Return how outcomes hang on inputs; of each outcome the largest share first."""
    import pandas as pd

    index = pd.MultiIndex.from_product([nodes, keys], names=["node", "key"])
    names = ("rank_correlation", "low", "high", "share", "clear")
    frame = pd.DataFrame({name: getattr(found, name).T.ravel() for name in names}, index=index)
    frame["order"] = [at for at, _ in enumerate(nodes) for _ in keys]
    frame["size"] = -frame["rank_correlation"].abs()
    ordered = frame.reset_index().sort_values(["order", "size", "key"], kind="stable")
    return ordered.set_index(["node", "key"])[list(names)]


def _unexplained(found: Influence, nodes: Sequence[str]) -> pd.DataFrame:
    """Return the share of each outcome that goes with no input alone."""
    import pandas as pd

    return pd.DataFrame(
        {
            "share": found.unexplained,
            "low": found.unexplained_low,
            "high": found.unexplained_high,
        },
        index=pd.Index(nodes, name="node"),
    )
