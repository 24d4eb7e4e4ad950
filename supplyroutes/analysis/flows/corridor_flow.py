"""How much of a flow comes in along each corridor: at the border, beside what is usual there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.flow import SupplyFlow
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


def corridor_flows(day: Network, flow: SupplyFlow, usual: SupplyFlow | None = None) -> pd.DataFrame:
    """Return what each import corridor carries at its border, in m3 a day.

    The border of a corridor is its first road, from the origin, that leads into the country of
    the case; one that does not come from abroad is counted on its first road. Corridors that share
    that road share its flow: their sum may count it twice.

    Parameters
    ----------
    day
        The network on the day of the flow.
    flow
        The flow.
    usual
        The flow of the undisturbed network.

    Returns
    -------
    corridors
        Index `corridor`, in order of id: name, edge, tail, head, flow_m3_per_day,
        limit_m3_per_day (infinite where nothing limits it), usual_m3_per_day (missing if `usual`
        is not given).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> corridor_flows(day, sr.supply_flow(day))[["edge", "flow_m3_per_day"]].values.tolist()
    [['port--north', 0.0], ['port--south', 155.0]]
    """
    import pandas as pd

    today = flow.edges[["flow_m3_per_day", "capacity_m3_per_day"]].to_dict()
    before = {} if usual is None else usual.edges["flow_m3_per_day"].to_dict()
    rows = []
    for row in day.tables.corridors.rows():
        if row["imports"]:
            place = _border(day, row)
            amounts = [today[name][place] for name in today]
            rows.append((row["corridor"], row["name"], *place, *amounts, before.get(place)))
    columns = ["corridor", "name", "edge", "tail", "head", "flow_m3_per_day", "limit_m3_per_day",
               "usual_m3_per_day"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns).set_index("corridor")
    return frame.astype({name: float for name in columns if name.endswith("per_day")})


def _border(day: Network, corridor: dict[str, Any]) -> tuple[str, str, str]:
    """Return the arc on which a corridor enters the country: road, from, to."""
    top, country = day.topology, day.tables.towns.columns["country"]
    here = top.node_index[corridor["origin"]]
    course = []
    for edge in corridor["edges"]:
        arc = 2 * top.edge_index[edge]
        arc += top.tail[arc] != here
        here = top.head[arc]
        course.append(arc)
    home = day.home_country
    entering = (
        arc for arc in course
        if country[top.head[arc]] == home and country[top.tail[arc]] != home
    )  # fmt: skip
    arc = next(entering, course[0])
    return top.edge_ids[arc // 2], top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]]
