"""Impacts: what reports do to arcs and towns, by the impact rules, and from when to when."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from supplyroutes.commodities import COMMODITIES, check_commodity, covers
from supplyroutes.core import STATUSES
from supplyroutes.dates import FOREVER, ONE_DAY, later
from supplyroutes.errors import AssumptionWarning
from supplyroutes.events import Events
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer, check_places
from supplyroutes.reported import GOES_ON, TELL_OPEN, Report
from supplyroutes.rules import WIDE_SCOPES, Rule, Rules

if TYPE_CHECKING:
    import pandas as pd

ENFORCED = "enforced"
TELLS_AN_EFFECT = frozenset({"reported", "assumed"})
_NO_RULE = ": no impact rule fits it"


@dataclass(frozen=True, slots=True)
class Impact:
    """What one report, read by one rule, does to arcs from `start` to before `end`.

    `spots` are the arcs of the whole stretch if only one unknown spot of it is hit, else empty.
    """

    reports: tuple[str, ...]
    incident: str
    rule: str
    start: date
    end: date
    assumed_end: bool
    spot_assumed: bool
    arcs: tuple[int, ...]
    nodes: tuple[int, ...]
    status: int
    capacity_factor: float
    delay_h: tuple[float, ...]
    loss_prob: tuple[float, ...]
    partial: bool
    spots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A report spoke of these arcs: news of them as of `day`.

    `tells_state` if it tells how the road stands: by a rule with an effect, or as open.
    """

    report: str
    day: date
    arcs: tuple[int, ...]
    tells_state: bool


@dataclass(frozen=True, slots=True)
class Impacts:
    """All impacts and mentions of events on a network, for one commodity."""

    impacts: tuple[Impact, ...]
    mentions: tuple[Mention, ...]

    def on(self, day: date) -> list[Impact]:
        """Return the impacts in force on a day, those on a part of the commodity left out."""
        return [
            impact
            for impact in self.impacts
            if impact.start <= day < impact.end and not impact.partial
        ]

    def frame(self, network: Network) -> pd.DataFrame:
        """Return one row per impact and arc: event, rule, days, arc, and what it does."""
        import pandas as pd

        topology = network.topology
        rows = [
            {
                "event": ";".join(impact.reports),
                "incident": impact.incident,
                "rule": impact.rule,
                "start": impact.start,
                "end": None if impact.end == FOREVER else impact.end - ONE_DAY,
                "assumed_end": impact.assumed_end,
                "spot_assumed": impact.spot_assumed,
                "edge": topology.edge_ids[arc // 2],
                "tail": topology.node_ids[topology.tail[arc]],
                "head": topology.node_ids[topology.head[arc]],
                "status": STATUSES[impact.status],
                "capacity_factor": impact.capacity_factor,
                "delay_h": delay,
                "loss_prob": loss,
            }
            for impact in self.impacts
            for arc, delay, loss in zip(impact.arcs, impact.delay_h, impact.loss_prob, strict=True)
        ]
        return pd.DataFrame(rows)


def vehicle_of(commodity: str) -> str:
    """Return the vehicle that carries a commodity: tankers for fuel, else trucks."""
    return "tanker" if covers("fuel", commodity) else "truck"


def impacts_of(network: Network, events: Events, *, commodity: str = "fuel") -> Impacts:
    """Return what events do to the arcs of a network, by the impact rules.

    A query is hit by events on its commodity or an ancestor of it; events on a part of it
    are kept, flagged `partial`, and change nothing. A report that ends or amends another
    cuts that report's days before anything is combined. A declaration acts only through
    reports that enforce it, on the corridors of those reports.

    Parameters
    ----------
    network
        The network.
    events
        The events; every town, road, corridor and region they name must be there.
    commodity
        The commodity asked for.

    Returns
    -------
    impacts
        Impacts in order of report, and the days on which reports spoke of arcs.

    Raises
    ------
    DataError
        An event names a place that the network does not have.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.impacts import impacts_of
    >>> network, events = sr.datasets.toy()
    >>> first, second = impacts_of(network, events).impacts
    >>> first.reports, first.rule, str(first.start), str(first.end)
    (('T1',), 'R30', '2025-01-10', '2025-01-13')
    >>> second.capacity_factor, second.assumed_end
    (0.5, True)
    """
    check_commodity(commodity)
    check_places(network, events)
    reading = _Reading(Gazetteer(network), events, commodity)
    impacts: list[Impact] = []
    mentions: list[Mention] = []
    for report in events:
        if report.status == "retracted":
            continue
        if reading.concerns(report):
            mentions += reading.mentions(report)
            impacts += reading.impacts(report)
        for declaration in reading.shown(report):
            impacts += reading.declared(declaration, report)
    return Impacts(tuple(impacts), tuple(mentions))


def rules_read(network: Network, events: Events, *, commodity: str = "fuel") -> frozenset[str]:
    """Return the ids of the rules that read any of the reports; no other rule changes anything.

    >>> from supplyroutes import datasets
    >>> sorted(rules_read(*datasets.toy()))
    ['R28', 'R30', 'R82']
    """
    reading = _Reading(Gazetteer(network), events, commodity)
    rules: set[str] = set()
    for report in events:
        if report.status != "retracted":
            if reading.concerns(report):
                rules.update(rule.rule for rule in reading.rules(report))
            for declaration in reading.shown(report):
                rules.update(rule.rule for rule in reading.declared_rules(declaration, report))
    return frozenset(rules)


def closures_of(places: Gazetteer, events: Events, report: Report) -> Iterator[Impact]:
    """Yield the impacts by which a report itself closes roads, whatever it carries and by what."""
    reading = _Reading(places, events, report.commodity)
    if any(rule.status == "closed" for rule in reading.rules(report)):
        for impact in reading.impacts(report):
            if STATUSES[impact.status] == "closed" and impact.arcs:
                yield impact


@dataclass
class _Reading:
    """The reading of events on one network for one commodity."""

    places: Gazetteer
    events: Events
    commodity: str

    def concerns(self, report: Report) -> bool:
        """Tell whether a report is about this commodity (or a part of it) and its vehicles."""
        commodity = covers(report.commodity, self.commodity) or self.is_part(report)
        return commodity and covers(report.vehicle, vehicle_of(self.commodity))

    def is_part(self, report: Report) -> bool:
        """Tell whether a report is about a part of the commodity only."""
        return report.commodity != self.commodity and covers(self.commodity, report.commodity)

    # --- days ---------------------------------------------------------------------------

    def cut_on(self, report: Report) -> date:
        """Return the first day on which another report ends or amends this one."""
        return self.events.cut_on.get(report.event, FOREVER)

    def days(self, report: Report, rule: Rule, lasting: float | None) -> tuple[date, date, bool]:
        """Return (start, end, assumed): the days of a rule's phase, the end not included.

        A report whose end was not found is assumed to be `lasting` so many days.
        """
        start, end, assumed = report.start, FOREVER, False
        if report.end is not None:
            end = report.end + ONE_DAY
        elif report.end_status == "end_not_found":
            end, assumed = later(start, lasting), True
        if rule.phase == "after":
            start, end, assumed = end, later(end, rule.duration_days_best), True
        cut = self.cut_on(report)
        if cut <= end:
            end, assumed = max(start, cut), False
        return start, end, assumed and end < FOREVER

    # --- impacts ------------------------------------------------------------------------

    def rules(self, report: Report) -> tuple[Rule, ...]:
        """Return the rules that read a report."""
        return self.events.rules.matching(report.kind, report.basis, report.scope, report.commodity)

    def declared_rules(self, declaration: Report, by: Report) -> tuple[Rule, ...]:
        """Return the rules that read a declaration that `by` shows enforced."""
        return self.events.rules.matching(
            declaration.kind, ENFORCED, by.scope, declaration.commodity
        )

    def impacts(self, report: Report) -> Iterator[Impact]:
        """Yield the impacts of one report itself."""
        rules = self.rules(report)
        during = [rule.duration_days_best for rule in rules if rule.phase == "during"]
        for rule in rules:
            if rule.hits != "context":
                start, end, assumed = self.days(report, rule, during[0] if during else 1)
                if start < end:
                    yield self.impact(report, rule, (start, end, assumed))

    def shown(self, by: Report) -> Iterator[Report]:
        """Yield the declarations that `by` shows enforced."""
        for event in by.enforces:
            declaration = self.events[event]
            if declaration.status != "retracted" and self.concerns(declaration):
                yield declaration

    def declared(self, declaration: Report, by: Report) -> Iterator[Impact]:
        """Yield the impacts of one declaration that `by` shows enforced."""
        end = declaration.end + ONE_DAY if declaration.end else FOREVER
        end = min(end, self.cut_on(declaration), self.cut_on(by))
        for rule in self.declared_rules(declaration, by):
            if rule.hits == "context":
                continue
            lapse = later(_last_day(by), rule.duration_days_best)
            stop = min(end, lapse)
            if by.start < stop:
                place = _enforced_place(declaration, by)
                days = (by.start, stop, lapse < end)
                impact = self.impact(place, rule, days)
                yield _renamed(impact, declaration, by)

    def impact(self, report: Report, rule: Rule, days: tuple[date, date, bool]) -> Impact:
        """Return what a rule says of a report at its place, on the given days."""
        start, end, assumed = days
        edges = self.edges(report, rule)
        spot_assumed = rule.hits == "spot" and not report.spot_known and len(edges) > 1
        spots = self.arcs(report, rule, edges) if spot_assumed else ()
        if spot_assumed and self.places.is_course(report, edges):
            edges = [self.places.middle(edges)]
        elif spot_assumed:
            rule, report = _spread(rule, report, len(edges))
        arcs = self.arcs(report, rule, edges)
        shares = self.shares(report, rule, arcs)
        index = self.places.network.topology.node_index
        nodes = tuple(index[node] for node in report.nodes) if rule.hits == "supply" else ()
        return Impact(
            reports=(report.event,),
            incident=report.incident or report.event,
            rule=rule.rule,
            start=start,
            end=end,
            assumed_end=assumed,
            spot_assumed=spot_assumed,
            arcs=arcs,
            nodes=nodes,
            status=STATUSES.index(rule.status),
            capacity_factor=rule.capacity_factor_best,
            delay_h=self.delays(report, rule, arcs, shares),
            loss_prob=tuple(1 - (1 - rule.loss_prob_best) ** share for share in shares),
            partial=self.is_part(report),
            spots=spots,
        )

    def edges(self, report: Report, rule: Rule) -> list[int]:
        """Return the edges that a rule hits for a report."""
        if rule.hits == "supply":
            return []
        if rule.hits in {"region", "wet_roads"}:
            return self.wide_edges(report, wet=rule.hits == "wet_roads")
        if rule.hits in {"node", "into_node"} and report.nodes:
            return sorted(self.places.node_edges(report.nodes))
        return self.places.stretch(report)

    def wide_edges(self, report: Report, *, wet: bool) -> list[int]:
        """Return the edges of a report's region or country, or those there that the rains slow.

        Rains without a region are those of the whole network.
        """
        topology = self.places.network.topology
        count = len(topology.edge_ids)
        everywhere = wet and not report.region
        here = range(count) if everywhere else self.places.region_edges(report.region)
        slow, dry = topology.drive_wet_h, topology.drive_dry_h
        return sorted(edge for edge in here if not wet or slow[2 * edge] > dry[2 * edge])

    def hit(self, report: Report, rule: Rule) -> bool:
        """Tell whether a rule hits any road, or the supply of any town, for a report."""
        if rule.hits == "supply":
            return bool(report.nodes)
        return bool(self.arcs(report, rule, self.edges(report, rule)))

    def arcs(self, report: Report, rule: Rule, edges: Sequence[int]) -> tuple[int, ...]:
        """Return the arcs of these edges that a rule hits."""
        if rule.hits != "into_node" or not report.nodes:
            return self.places.directed(edges, report)
        topology = self.places.network.topology
        inside = {topology.node_index[node] for node in report.nodes}
        both = (arc for edge in edges for arc in (2 * edge, 2 * edge + 1))
        return tuple(arc for arc in both if topology.head[arc] in inside)

    def shares(self, report: Report, rule: Rule, arcs: Sequence[int]) -> tuple[float, ...]:
        """Return for each arc the share of a told delay or loss that is met on it.

        What is told of a course is met once by who drives all of it, however many roads it is
        made of: split by length, on each of several corridors. On a road of two of them the
        larger share counts. What is told of a town is met once by who drives into it or through
        it, however many roads it has: on the way in. Roads that are neither (those of an area,
        or listed in no order that can be driven) are no one trip: each has the whole.
        """
        if rule.hits != "stretch":
            return (1.0,) * len(arcs)
        if not report.edges and report.nodes:
            return self.places.entering(arcs, report.nodes)
        km = self.places.network.topology.length_km
        shares: dict[int, float] = {}
        for course in self.places.courses(report):
            total = sum(km[2 * edge] for edge in sorted(course))
            for edge in course:
                share = km[2 * edge] / total if total else 1.0
                shares[edge] = max(share, shares.get(edge, 0.0))
        return tuple(shares.get(arc // 2, 1.0) for arc in arcs)

    def delays(
        self, report: Report, rule: Rule, arcs: Sequence[int], shares: Sequence[float]
    ) -> tuple[float, ...]:
        """Return the delay in hours on each arc.

        A curfew of c hours stretches driving by c / (24 - c), at the speeds of the network's
        season (dry speeds, even under a report of rains, so that the order of reports does not
        matter). The rains put wet speeds in place of dry ones where these are slower. Any other
        delay is split over its stretch.
        """
        topology = self.places.network.topology
        if rule.delay_as == "season":
            wet = self.places.network.view.season == "wet"  # then the rains are counted already
            base = topology.drive_wet_h if wet else topology.drive_dry_h
            return tuple(max(0.0, topology.drive_wet_h[arc] - base[arc]) for arc in arcs)
        if rule.delay_as == "curfew":
            hours = rule.delay_h_best if report.curfew_h is None else report.curfew_h
            wet = self.places.network.view.season == "wet"
            drive = topology.drive_wet_h if wet else topology.drive_dry_h
            return tuple(drive[arc] * hours / (24 - hours) for arc in arcs)
        delay = rule.delay_h_best if report.delay_h is None else report.delay_h
        return tuple(delay * share for share in shares)

    # --- mentions -----------------------------------------------------------------------

    def mentions(self, report: Report) -> Iterator[Mention]:
        """Yield the days on which a report spoke of the arcs where it is placed.

        It speaks of them on its first day, on its last, and when it is published in between, but
        no more from the day on which another report ends or amends it.
        Reports placed no finer than a region say nothing of any one road, nor do those of a
        town that tell of no road into it.
        """
        tells = self.tells_state(report)
        finer = report.scope not in WIDE_SCOPES or bool(report.edges)
        of_roads = tells or bool(report.edges or report.corridor)
        if not (finer and of_roads):
            return
        arcs = self.places.directed(self.places.stretch(report), report)
        days = {report.start, report.end or report.start}
        told = report.reported_on
        if told and told > report.start and (report.end is None or told <= report.end):
            days.add(told)
        cut = self.cut_on(report)
        for day in sorted(days):
            if arcs and day < cut:
                yield Mention(report.event, day, arcs, tells)

    def tells_state(self, report: Report) -> bool:
        """Tell whether a report says how its roads stand: hindered by a rule, or open."""
        if report.kind in TELL_OPEN or report.reading == "open":
            return True
        return any(rule.hits != "context" for rule in self.rules(report))


def _spread(rule: Rule, report: Report, roads: int) -> tuple[Rule, Report]:
    """Return rule and report for one unknown road among several that are no course.

    Nothing tells which of them it hits, so each is restricted and loses its share: with n
    roads and a capacity factor f on one, each has 1 - (1 - f) / n, and the n-th part of the
    delay, by rule or told. No road is singled out by its name.
    """
    restricted = min(rule.status, "restricted", key=STATUSES.index)
    shared = replace(
        rule,
        status=restricted,
        capacity_factor_best=1 - (1 - rule.capacity_factor_best) / roads,
        delay_h_best=rule.delay_h_best / roads,
        loss_prob_best=rule.loss_prob_best / roads,
    )
    delay, curfew = (
        None if told is None else told / roads for told in (report.delay_h, report.curfew_h)
    )
    return shared, replace(report, delay_h=delay, curfew_h=curfew)


def _last_day(report: Report) -> date:
    """Return the day after the last on which a report is known to hold."""
    if report.end is not None:
        return report.end + ONE_DAY
    return FOREVER if report.end_status in GOES_ON else report.start + ONE_DAY


def _enforced_place(declaration: Report, by: Report) -> Report:
    """Return `by` moved to where the declaration holds once `by` shows it enforced.

    On the roads that the declaration names, if it names any; else on those corridors of `by`
    that the declaration names (all, if it names none), within its region or country; else
    where `by` is. Commodity and direction are the declaration's: that is what the ban stops; so
    are delay and curfew, for what `by` tells of them is its own effect.
    """
    place = replace(
        by,
        commodity=declaration.commodity,
        direction=declaration.direction,
        delay_h=declaration.delay_h,
        curfew_h=declaration.curfew_h,
    )
    if declaration.edges:
        return replace(place, edges=declaration.edges)
    named = set(declaration.corridor or by.corridor)
    corridors = tuple(corridor for corridor in by.corridor if corridor in named)
    if not corridors:
        return place
    place = replace(place, lat=None, lon=None, radius_km=None, region=declaration.region)
    return replace(place, edges=(), nodes=(), corridor=corridors)


def _renamed(impact: Impact, declaration: Report, by: Report) -> Impact:
    """Return an impact as one of the declaration, shown by the enforcing report."""
    return replace(
        impact,
        reports=(declaration.event, by.event),
        incident=declaration.incident or declaration.event,
    )


# --- reports that change nothing ----------------------------------------------------------


def without_effect(
    network: Network, events: Events, among: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield the reports that tell of an effect and have none: (id, a line that says why).

    The rule takes it to do nothing, or hits no road of the network there, or none of the goods
    goes by the vehicles told. Left out are reports of a kind that no rule lets act (a road that
    reopens ends another report), and declarations that another report enforces.
    """
    enforced = {event for report in events for event in report.enforces}
    places = Gazetteer(network)
    for report in (events[event] for event in among):
        tells = report.status != "retracted" and report.basis in TELLS_AN_EFFECT
        if not tells or report.event in enforced or not _may_act(report.kind, events.rules):
            continue
        why = _idle(_Reading(places, events, report.commodity), report)
        if why:
            yield report.event, f"{report.event} changes nothing{why}"


def _idle(reading: _Reading, report: Report) -> str:
    """Return why a report does nothing; empty if it does something."""
    rules = reading.rules(report)
    acting = [rule for rule in rules if _acts(rule, report)]
    if not acting:
        return f", by rule {rules[0].rule}: {rules[0].reason}" if rules else _NO_RULE
    if not carried_by(report):
        return f": what it hits ({report.commodity}) does not go by its vehicle ({report.vehicle})"
    if any(reading.hit(report, rule) for rule in acting):
        return ""
    return f": rule {acting[0].rule} finds no road where it is"


def carried_by(report: Report) -> tuple[str, ...]:
    """Return the commodities of a report that go by its vehicles: it acts on no others."""
    return tuple(
        commodity
        for commodity in COMMODITIES
        if covers(report.commodity, commodity) and covers(report.vehicle, vehicle_of(commodity))
    )


def warn_without_effect(network: Network, events: Events, added: Iterable[str]) -> None:
    """Warn (`AssumptionWarning`) of each report added that tells of an effect and has none."""
    for _, line in without_effect(network, events, added):
        warnings.warn(line, AssumptionWarning, stacklevel=3)


def _may_act(kind: str, rules: Rules) -> bool:
    """Tell whether reports of a kind act on roads, under any rule that names it."""
    return any(rule.kind == kind and rule.hits != "context" for rule in rules)


def _acts(rule: Rule, report: Report) -> bool:
    """Tell whether a rule takes a report to do something."""
    if rule.hits == "context":
        return False
    told = report.curfew_h if rule.delay_as == "curfew" else report.delay_h
    delay = rule.delay_h_best if told is None else told
    return bool(
        rule.status != "open"
        or rule.capacity_factor_best < 1
        or rule.loss_prob_best
        or rule.delay_as == "season"
        or delay
    )
