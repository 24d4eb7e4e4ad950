"""How much demand is nearest by each road: betweenness of the best supply paths."""

from __future__ import annotations

from math import inf

from supplyroutes._kernels.removal import preorder
from supplyroutes.analysis.losses.removals import SupplyTree


def betweenness(tree: SupplyTree) -> tuple[list[float], list[float]]:
    r"""Return the demand whose best paths use each arc, and pass or end at each node.

    Each town's demand comes on its best paths from the nearest source, the same part on each of
    equally good ones:

    .. math:: B(a) = \sum_n d_n \frac{\sigma_n(a)}{\sigma_n}

    where :math:`\sigma_n` is the number of best paths to town n and :math:`\sigma_n(a)` how many
    of them use a (Freeman 1977), with demand in place of pairs and one pass over the nodes, the
    farthest first (Brandes 2001). Towns on one spot, joined by roads of zero length, are passed
    in the order of the tree, so that no path runs in a circle.
    """
    node_at, place, _, _ = preorder(tree.tail, tree.arc_in, tree.root)
    order = sorted(node_at, key=lambda node: (tree.best[node], place[node]))
    rank = {node: number for number, node in enumerate(order)}
    into: dict[int, list[int]] = {node: [] for node in order}
    for arc, (tail, head) in enumerate(zip(tree.tail, tree.head, strict=True)):
        if (
            tree.passable[arc]
            and tree.best[tail] < inf
            and tree.best[tail] + tree.cost[arc] == tree.best[head]
            and rank[tail] < rank[head]
        ):
            into[head].append(arc)
    paths = dict.fromkeys(order, 0)
    paths[tree.root] = 1
    for node in order:
        paths[node] += sum(paths[tree.tail[arc]] for arc in into[node])
    on_arc, at_node = [0.0] * len(tree.tail), list(tree.demand)
    for node in reversed(order):
        for arc in into[node]:
            tail = tree.tail[arc]
            on_arc[arc] = at_node[node] * (paths[tail] / paths[node])
            at_node[tail] += on_arc[arc]
    return on_arc, at_node
