"""The worst roads by trying every set of them, on networkx graphs and plain loops."""

from itertools import combinations

import networkx as nx

INF = float("inf")


def open_graph(day, closed=()):
    """The arcs that fuel can pass, as a networkx multigraph; zero lengths and parallels stay."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(day.topology.node_ids)
    arcs = day.arcs.reset_index()
    for row in arcs.to_dict("records"):
        if row["usable"] and row["capacity_factor"] > 0 and row["edge"] not in closed:
            graph.add_edge(row["tail"], row["head"], hours=row["time_h"])
    return graph


def demand(day):
    """Demand for fuel by town; only towns that some arc path joins to a source at baseline."""
    wanted = {}
    for row in day.tables.demand.rows():
        wanted[row["node"]] = wanted.get(row["node"], 0.0) + row["demand_m3_per_day_best"]
    calm = day.undisturbed()
    known = times(open_graph(calm), calm)
    return {node: amount for node, amount in sorted(wanted.items()) if amount and node in known}


def times(graph, day):
    """Hours from the nearest source to every town that one reaches."""
    sources = {day.topology.node_ids[node] for node in day.sources()}
    if not sources:
        return {}
    return nx.multi_source_dijkstra_path_length(graph, sources, weight="hours")


def harm(day, measure, closed=()):
    """What the day looks like with some roads closed, in the unit of the measure."""
    wanted = demand(day)
    if measure in ("max_flow", "unmet_demand"):
        return _flow(day, measure, closed, wanted)
    hours = times(open_graph(day, closed), day)
    if measure == "isolated_demand":
        return sum(amount for node, amount in wanted.items() if node not in hours)
    most = day.assumptions["cut_off_time_h"].best
    total = sum(wanted.values())
    if not total:
        return 0.0
    return sum(amount * min(hours.get(node, INF), most) for node, amount in wanted.items()) / total


def _flow(day, measure, closed, wanted):
    """The most that can arrive, or what cannot, by a plain linear program of scipy."""
    import numpy as np
    from scipy.optimize import linprog

    frame = flow_arcs(day, losses=measure == "unmet_demand")
    ids = list(day.topology.node_ids)
    arcs = [arc for arc in frame if arc[0] not in closed and arc[3] > 0]
    supply = brute_supply(day)
    count = len(arcs) + len(supply) + len(wanted)
    if not wanted:
        return 0.0
    balance = np.zeros((len(ids), count))
    bounds = []
    for column, (_, tail, head, room, keep) in enumerate(arcs):
        balance[ids.index(tail), column] -= 1
        balance[ids.index(head), column] += keep
        bounds.append((0, None if room == INF else room))
    for column, (node, amount) in enumerate(supply.items(), len(arcs)):
        balance[ids.index(node), column] += 1
        bounds.append((0, amount))
    cost = np.zeros(count)
    for column, (node, amount) in enumerate(wanted.items(), len(arcs) + len(supply)):
        balance[ids.index(node), column] -= 1
        cost[column] = -1
        bounds.append((0, amount))
    done = linprog(cost, A_eq=balance, b_eq=np.zeros(len(ids)), bounds=bounds)
    assert done.success
    total = sum(wanted.values())
    return -done.fun if measure == "max_flow" else total + done.fun


def brute_supply(day):
    """What each source can send."""
    found = {}
    for row in day.tables.supply.rows():
        if row["commodity"] in ("fuel", "all", "diesel", "petrol"):
            node = day.topology.node_index[row["node"]]
            amount = row["supply_m3_per_day_best"] * day.state.supply_factor[node]
            found[row["node"]] = found.get(row["node"], 0.0) + amount
    return found


def flow_arcs(day, *, losses):
    """Road, tail, head, capacity and share kept of every arc that fuel may use.

    Capacities as `supply_flow` shows them: how they come about is tested there.
    """
    import supplyroutes as sr

    shown = sr.supply_flow(day, losses=losses).edges.reset_index()
    lost = dict(zip(zip(day.arcs.reset_index()["edge"], day.arcs.reset_index()["tail"],
                        strict=True), day.arcs["loss_prob"], strict=True))  # fmt: skip
    return [
        (row["edge"], row["tail"], row["head"], row["capacity_m3_per_day"],
         1 - lost[row["edge"], row["tail"]] if losses else 1.0)
        for row in shown.to_dict("records")
    ]  # fmt: skip


def worse(measure, one, other):
    """Whether the first value of a measure is worse."""
    return one < other if measure == "max_flow" else one > other


def candidates(day, safe=()):
    """Roads with an open direction."""
    graph = day.arcs.reset_index()
    there = graph[graph["usable"] & (graph["capacity_factor"] > 0)]
    return sorted(set(there["edge"]) - set(safe))


def worst(day, measure, budget, *, cost=None, safe=(), close=1e-6):
    """The worst value of any affordable set, and all sets that reach it."""
    cost = cost or {}
    found, sets = harm(day, measure), [()]
    roads = candidates(day, safe)
    for size in range(1, len(roads) + 1):
        for chosen in combinations(roads, size):
            if sum(cost.get(road, 1) for road in chosen) > budget + 1e-9:
                continue
            value = harm(day, measure, chosen)
            if abs(value - found) <= close * (1 + abs(found)):
                sets.append(chosen)
            elif worse(measure, value, found):
                found, sets = value, [chosen]
        if size >= budget and not cost:
            break
    return found, sets


def guarded(day, measure, budget, attack_budget):
    """The least harm of a worst attack over every set of guarded roads."""
    roads = candidates(day)
    found = None
    for size in range(min(budget, len(roads)) + 1):
        for chosen in combinations(roads, size):
            value, _ = worst(day, measure, attack_budget, safe=chosen)
            if found is None or worse(measure, found, value):
                found = value
    return found
