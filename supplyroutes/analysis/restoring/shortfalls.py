"""What is missing on a day while some hindrances are lifted: one whole number a set of lifts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from supplyroutes._kernels.lift_order import fill_values
from supplyroutes._kernels.lifting import Maze, reached_by_sets
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.flows.flow import FlowSolver, SupplyFlow, supply_flow
from supplyroutes.analysis.flows.flow_problem import by_node, needs_of
from supplyroutes.analysis.isolation import is_free
from supplyroutes.analysis.restoring.lifts import Choices, Hinders, Wish, choices
from supplyroutes.analysis.why.blocks import Blocks
from supplyroutes.impacts import Impact, Impacts
from supplyroutes.network import Network
from supplyroutes.sweep import Sweep

LITRES = 1000
"""Demand is counted in whole litres, so that sums are exact and ties are ties."""


FLOW_ROUNDING = 1e-6
"""Part of all demand to which a flow is right."""


class Measure(NamedTuple):
    """What is counted: in which unit, in how many parts of it, and on which roads."""

    unit: str
    parts: int
    flow: bool = False
    free: bool = False


MEASURES: Mapping[str, Measure] = {
    "unmet_demand": Measure("m3_per_day", LITRES, flow=True),
    "isolated_demand": Measure("m3_per_day", LITRES),
    "strained_demand": Measure("m3_per_day", LITRES, free=True),
    "people": Measure("people", 1),
}


@dataclass(frozen=True)
class Question:
    """An undisturbed network asked for a commodity, the impacts of a day, and what is counted."""

    network: Network
    when: date
    impacts: tuple[Impact, ...]
    measure: Measure

    @cached_property
    def blocks(self) -> Blocks:
        """What keeps the day's roads from being passable, or free."""
        return Blocks.of(self.network, self.impacts, free=self.measure.free)

    @cached_property
    def known(self) -> bytearray:
        """The towns on the network."""
        top = self.network.topology
        return reached(
            top.out_start, top.out_arcs, top.head, self.network.usable, self.network.sources()
        )

    @cached_property
    def demand(self) -> dict[int, float]:
        """What each town on the network uses, in m3 a day."""
        return {
            node: amount
            for node, amount in by_node(needs_of(self.network)).items()
            if self.known[node]
        }

    @cached_property
    def weights(self) -> dict[int, int]:
        """What each town on the network counts for, in whole parts; those of nothing left out."""
        people = self.network.tables.towns.columns["population"]
        amounts: Mapping[int, float] = (
            self.demand
            if self.measure.parts == LITRES
            else {node: count or 0 for node, count in enumerate(people) if self.known[node]}
        )
        weights = {node: round(amount * self.measure.parts) for node, amount in amounts.items()}
        return {node: weight for node, weight in weights.items() if weight}

    def choices(self, wish: Wish, known: Collection[str]) -> Choices:
        """Return what may be lifted."""
        return choices(self.network, self.impacts, wish, known, self._hinders())

    def _hinders(self) -> Hinders:
        """Return whether an impact counts: it hinders what could bring more to some town."""
        arcs, nodes = self._where()
        share = self.network.assumptions["strained_capacity_share"].best

        def hinders(impact: Impact) -> bool:
            factor, free, flow = impact.capacity_factor, self.measure.free, self.measure.flow
            here = any(arcs[arc] for arc in impact.arcs)
            if not here and nodes.isdisjoint(impact.nodes):
                return False
            if flow:
                lossy = zip(impact.arcs, impact.loss_prob, strict=True)
                return factor < 1 or any(loss > 0 and arcs[arc] for arc, loss in lossy)
            return factor == 0 or (free and here and not is_free(impact.status, factor, share))

        return hinders

    def _where(self) -> tuple[bytearray, frozenset[int]]:
        """Return the arcs, and the sources, on some way to a town for which something is missing.

        What leads into a town that is reached as things stand opens nothing new.
        """
        network, top = self.network, self.network.topology
        now: Sequence[int] = bytes(len(top.node_ids))
        if not self.measure.flow:
            shut = self.blocks
            open_arcs = bytearray(
                usable and arc not in shut.arcs for arc, usable in enumerate(network.usable)
            )
            serving = [source for source in network.sources() if source not in shut.sources]
            now = reached(top.out_start, top.out_arcs, top.head, open_arcs, serving)
        missing = [node for node in self.weights if not now[node]]
        leads = reached(top.in_start, top.in_arcs, top.tail, network.usable, missing)
        arcs = bytearray(
            usable and self.known[tail] and leads[head] and not now[head]
            for usable, tail, head in zip(network.usable, top.tail, top.head, strict=True)
        )
        sources = (node for node in network.sources() if leads[node] and not now[node])
        return arcs, frozenset(sources)


class WhatIf:
    """The day with any of the hindrances lifted."""

    def __init__(self, question: Question, chosen: Choices) -> None:
        self.question, self.chosen = question, chosen
        self._sweep = Sweep(question.network, Impacts(chosen.hindrances, ()))
        self._sweep.advance(question.when)

    def day(self, lifted: int) -> Network:
        """Return the network of the day with these lifted."""
        names = {lift.id for place, lift in enumerate(self.chosen.lifts) if lifted >> place & 1}
        for number, piece in enumerate(self.chosen.hindrances):
            self._sweep.hold(number, on=names.isdisjoint(piece.reports))
        network = self.question.network
        return network.asking(network.commodity, at=self.question.when, state=self._sweep.state())


class ReachShortfall:
    """What the towns count for that no way leads to: open, or free if the measure says so."""

    most_tried = 50_000
    """Orders that local search tries from each start: 0.2 s."""

    def __init__(self, question: Question, chosen: Choices) -> None:
        blocks = Blocks.of(question.network, chosen.hindrances, free=question.measure.free)
        self.lifts = len(chosen.lifts)
        self._blocks = blocks
        self._place = {lift.id: place for place, lift in enumerate(chosen.lifts)}
        self.maze: Maze = blocks.whole_maze([*self._place])
        self.weights: dict[int, int] = {}
        for node, weight in question.weights.items():
            pocket = blocks.pockets[node]
            self.weights[pocket] = self.weights.get(pocket, 0) + weight
        self._told: dict[int, int] = {}

    def of(self, lifted: int) -> int:
        """Return what is missing with these lifted."""
        if lifted not in self._told:
            inside = self.maze.reached(lifted)
            missing = (weight for pocket, weight in self.weights.items() if not inside[pocket])
            self._told[lifted] = sum(missing)
        return self._told[lifted]

    def maze_to(self, pocket: int) -> tuple[Maze, list[int]]:
        """Return the maze of the ways to a pocket, and the lifts that are its keys."""
        ways, ids = self._blocks.maze(self._blocks.pockets.index(pocket))
        return ways, [self._place[name] for name in ids]

    def of_all_sets(self) -> list[int]:
        """Return what is missing for every set of lifts."""
        sets = 1 << self.lifts
        by_reach: dict[int, int] = {}
        found = reached_by_sets(self.maze, self.lifts)
        for pocket, weight in self.weights.items():
            by_reach[found[pocket]] = by_reach.get(found[pocket], 0) + weight
        values = [0] * sets
        for reach, weight in by_reach.items():
            for lifted in range(sets):
                if not reach >> lifted & 1:
                    values[lifted] += weight
        return values


class FlowShortfall:
    """The least demand that cannot be met, whoever gets what arrives."""

    most_tried = 500
    """Orders that local search tries from each start: each asks for some flows."""

    def __init__(self, question: Question, chosen: Choices) -> None:
        self.what_if = WhatIf(question, chosen)
        self.lifts = len(chosen.lifts)
        self.usual: SupplyFlow = supply_flow(question.network)
        self.solver = FlowSolver(question.network, usual=self.usual)
        self.reach = ReachShortfall(question, chosen)
        """What no way leads to at all, and so cannot arrive either."""
        self._demand = sum(question.weights.values())
        self.rounding = len(question.weights) + int(FLOW_ROUNDING * self._demand) + 1
        """Litres by which this and `reach` may differ: each town is rounded, and the flow."""
        self._told: dict[int, int] = {}
        self._by_state: dict[Any, int] = {}

    def of(self, lifted: int) -> int:
        """Return what is missing with these lifted."""
        if lifted not in self._told:
            day = self.what_if.day(lifted)
            state = day.state
            key = (state.capacity_factor, state.loss_prob, state.supply_factor)
            if key not in self._by_state:
                self._by_state[key] = self._demand - round(self.solver.most(day) * LITRES)
            self._told[lifted] = self._by_state[key]
        return self._told[lifted]

    def of_all_sets(self) -> list[int]:
        """Return what is missing for every set of lifts; sets that others settle are not solved."""
        return fill_values(self.lifts, self.of)


Shortfall = ReachShortfall | FlowShortfall


def shortfall_of(question: Question, chosen: Choices) -> Shortfall:
    """Return what counts what is missing."""
    return (FlowShortfall if question.measure.flow else ReachShortfall)(question, chosen)
