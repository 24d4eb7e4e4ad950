"""Reliability by trying every outcome of every draw, with plain networkx: slow and obvious."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import networkx as nx

from supplyroutes.analysis.doubt.causes import Causes, Condition


def outcomes(causes: Causes) -> Iterator[tuple[tuple[bool, ...], Fraction]]:
    """Yield how all draws may fall, and the exact probability of it."""
    chances = [Fraction(draw.chance.best) for draw in causes.draws]
    for falls in product((False, True), repeat=len(chances)):
        weight = Fraction(1)
        for fall, chance in zip(falls, chances, strict=True):
            weight *= chance if fall else 1 - chance
        yield falls, weight


def holds(conditions: frozenset[Condition], falls: Sequence[bool]) -> bool:
    """Whether any of the conditions holds."""
    return any(all(falls[draw] == fall for draw, fall in one) for one in conditions)


def reached(
    causes: Causes, shut: Mapping[int, frozenset[Condition]], falls: Sequence[bool]
) -> set[int]:
    """The towns that a source reaches if the draws fall so."""
    top, none = causes.network.topology, frozenset()
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(top.node_ids)))
    for arc, usable in enumerate(causes.network.usable):
        if usable and not holds(shut.get(arc, none), falls):
            graph.add_edge(top.tail[arc], top.head[arc])
    found: set[int] = set()
    for source in causes.network.sources():
        if not holds(causes.sources.get(source, none), falls):
            found |= {source} | nx.descendants(graph, source)
    return found


def every_state(causes: Causes) -> dict[int, tuple[Fraction, Fraction, Fraction]]:
    """Exact probabilities of supplied, strained, isolated, for every town."""
    towns = range(len(causes.network.topology.node_ids))
    total: dict[int, list[Fraction]] = {town: [Fraction(0)] * 3 for town in towns}
    for _, weight, states in pictures(causes):
        for town in towns:
            total[town][states[town]] += weight
    return {town: tuple(parts) for town, parts in total.items()}  # type: ignore[misc]


def pictures(causes: Causes) -> Iterator[tuple[tuple[bool, ...], Fraction, list[int]]]:
    """Yield every outcome, its probability, and the state of every town in it."""
    towns = range(len(causes.network.topology.node_ids))
    for falls, weight in outcomes(causes):
        if weight:
            passable = reached(causes, causes.shut, falls)
            free = reached(causes, causes.hindered, falls)
            states = [0 if town in free else 1 if town in passable else 2 for town in towns]
            yield falls, weight, states


def road_reliability(
    nodes: int, roads: Sequence[tuple[int, int]], fail: Sequence[float], root: int, *, two_way: bool
) -> list[Fraction]:
    """Exact probability that the root does not reach each node, roads failing independently."""
    missed: list[Any] = [Fraction(0)] * nodes
    for falls in product((False, True), repeat=len(roads)):
        weight = Fraction(1)
        graph = nx.DiGraph()
        graph.add_nodes_from(range(nodes))
        for (tail, head), chance, fallen in zip(roads, fail, falls, strict=True):
            weight *= Fraction(chance) if fallen else 1 - Fraction(chance)
            if not fallen:
                graph.add_edge(tail, head)
                if two_way:
                    graph.add_edge(head, tail)
        if weight:
            inside = {root} | nx.descendants(graph, root)
            for node in range(nodes):
                if node not in inside:
                    missed[node] += weight
    return missed
