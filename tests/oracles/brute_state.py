"""The state of one direction of one road on one day, straight from the definition.

Slow and obvious: every report is asked about every arc. Shares no code with the places,
impacts and disruption of the package; only the tables, the reports and the rules.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import supplyroutes as sr

FOREVER = date.max
STATUSES = ["open", "unknown", "restricted", "escorted", "refused", "closed"]
PARENTS = {
    "fuel": "all", "goods": "all", "petrol": "fuel", "diesel": "fuel", "jet": "fuel",
    "heavy_fuel_oil": "fuel", "bitumen": "goods", "truck": "any", "passenger": "any",
    "tanker": "truck",
}  # fmt: skip
Arc = tuple[str, str, str]


@dataclass(frozen=True)
class Effect:
    """What one rule says one report does to one arc, from `start` to before `end`."""

    names: tuple[str, ...]
    incident: str
    start: date
    end: date
    assumed: bool
    capacity_factor: float
    delay_h: float
    loss_prob: float
    status: str
    partial: bool


class World:
    """A network and its reports, as plain rows."""

    def __init__(self, network: sr.Network, events: sr.Events, commodity: str) -> None:
        tables = network.tables
        self.towns = {row["node"]: row for row in tables.towns.rows()}
        self.roads = {row["edge"]: row for row in tables.roads.rows()}
        self.corridors = {row["corridor"]: row for row in tables.corridors.rows()}
        self.supply = list(tables.supply.rows())
        self.reports = {report.event: report for report in events}
        self.rules = list(events.rules)
        self.rules_found: dict[tuple[str, ...], list[Any]] = {}
        self.assumptions = network.assumptions
        self.commodity = commodity
        self.vehicle = "tanker" if "fuel" in lineage(commodity) else "truck"

    def arcs(self) -> list[Arc]:
        """Every direction of every road, also those that do not exist."""
        both = []
        for road in self.roads.values():
            both.append((road["edge"], road["u"], road["v"]))
            both.append((road["edge"], road["v"], road["u"]))
        return both

    def drive_h(self, edge: str, season: str) -> float:
        """Hours to drive a road."""
        road = self.roads[edge]
        speed = self.assumptions.speeds[road["surface"], road["condition"], road["wet_season"]]
        dry = road["speed_dry_kmh"] or speed.speed_dry_kmh
        wet = road["speed_wet_kmh"] or min(dry, speed.speed_wet_kmh)
        return road["length_km"] / (dry if season == "dry" else wet)

    def base_h(self, edge: str) -> float:
        """Hours to drive a road in the dry season, with the wait at borders and checkpoints."""
        road = self.roads[edge]
        wait = self.assumptions["dwell_border_h"].best if road["border"] else 0.0
        wait += self.assumptions["dwell_checkpoint_h"].best * road["checkpoints"]
        return self.drive_h(edge, "dry") + wait


def lineage(name: str) -> list[str]:
    """A commodity or vehicle, its parent, and so on."""
    return [name, *(lineage(PARENTS[name]) if name in PARENTS else [])]


# --- which rule ---------------------------------------------------------------------------


def rules_for(world: World, kind: str, basis: str, scope: str, commodity: str) -> list[Any]:
    """The rules that name the report most closely."""
    key = (kind, basis, scope, commodity)
    if key not in world.rules_found:
        world.rules_found[key] = _closest(world, *key)
    return world.rules_found[key]


def _closest(world: World, kind: str, basis: str, scope: str, commodity: str) -> list[Any]:
    """The same, looked for rule by rule."""
    fitting = []
    for rule in world.rules:
        wide = scope in {"region", "country"}
        if rule.kind not in {kind, "*"} or rule.basis not in {basis, "*"}:
            continue
        if rule.scope != scope and (rule.scope != "*" or wide):
            continue
        if rule.commodity != "*" and rule.commodity not in lineage(commodity):
            continue
        close = [rule.kind != "*", rule.basis != "*", rule.scope != "*"]
        close.append(len(lineage(rule.commodity)) if rule.commodity != "*" else 0)
        fitting.append((close, rule))
    best = max((close for close, _ in fitting), default=None)
    return [rule for close, rule in fitting if close == best and rule.hits != "context"]


# --- which days ---------------------------------------------------------------------------


def plus(day: date, days: float | None) -> date:
    """So many days later; without a number, never."""
    if days is None or day == FOREVER:
        return FOREVER
    return day + timedelta(days=math.ceil(days))


def cut(world: World, event: str) -> date:
    """The first day on which another report ends or amends this one."""
    days = [
        other.start
        for other in world.reports.values()
        if other.status != "retracted" and event in (*other.ends, *other.amends)
    ]
    return min(days, default=FOREVER)


def assumed_days(world: World, report: Any) -> float | None:
    """How long a report is assumed to last: the duration of its rule for the phase during."""
    rules = rules_for(world, report.kind, report.basis, report.scope, report.commodity)
    during = [rule for rule in rules if rule.phase == "during"]
    return during[0].duration_days_best if during else 1


def span(world: World, report: Any, rule: Any) -> tuple[date, date, bool]:
    """Start and end (not included) of a rule's phase, and whether the end is assumed."""
    if report.end is not None:
        during_end, assumed = report.end + timedelta(days=1), False
    elif report.end_status == "end_not_found":
        during_end, assumed = plus(report.start, assumed_days(world, report)), True
    else:
        during_end, assumed = FOREVER, False
    start, end = report.start, during_end
    if rule.phase == "after":
        start, end, assumed = during_end, plus(during_end, rule.duration_days_best), True
    if cut(world, report.event) <= end:
        end, assumed = cut(world, report.event), False
    return start, end, assumed and end != FOREVER


# --- which arcs ---------------------------------------------------------------------------


def course(world: World, corridor: str) -> list[Arc]:
    """The arcs of a corridor, inbound."""
    here = world.corridors[corridor]["origin"]
    arcs = []
    for edge in world.corridors[corridor]["edges"]:
        road = world.roads[edge]
        there = road["v"] if road["u"] == here else road["u"]
        arcs.append((edge, here, there))
        here = there
    return arcs


def ends_in(world: World, edge: str, region: str) -> bool:
    """Whether a road has an end in a region or country."""
    road = world.roads[edge]
    ends = (world.towns[road["u"]], world.towns[road["v"]])
    return any(
        region and region.casefold() in {end["admin1"].casefold(), end["country"].casefold()}
        for end in ends
    )


def near(world: World, edge: str, report: Any) -> bool:
    """Whether the straight line of a road comes within the radius of a place, closing in on it."""
    road = world.roads[edge]
    one, two = world.towns[road["u"]], world.towns[road["v"]]
    km = math.radians(1) * 6371.0088

    def away(share: float) -> float:
        lat = one["lat"] + (two["lat"] - one["lat"]) * share
        lon = one["lon"] + (two["lon"] - one["lon"]) * share
        x = (lon - report.lon) * km * math.cos(math.radians(report.lat))
        return math.hypot(x, (lat - report.lat) * km)

    low, high = 0.0, 1.0
    for _ in range(200):  # the distance falls, then rises: close in on its least value
        third = (high - low) / 3
        if away(low + third) < away(high - third):
            high -= third
        else:
            low += third
    return min(away((low + high) / 2), away(0.0), away(1.0)) <= report.radius_km


def stretch(world: World, report: Any) -> list[str]:
    """The roads that a report names, in its order."""
    along = []
    for corridor in report.corridor:
        along += [edge for edge, _, _ in course(world, corridor) if edge not in along]
    if report.edges:
        return list(report.edges)
    if report.nodes:
        touching = [
            edge
            for edge, road in world.roads.items()
            if road["u"] in report.nodes or road["v"] in report.nodes
        ]
        return [edge for edge in along if edge in touching] or touching
    if report.radius_km is not None:
        return [edge for edge in world.roads if near(world, edge, report)]
    if report.region:
        return [edge for edge in along if ends_in(world, edge, report.region)]
    return along


def middle(world: World, edges: list[str]) -> str:
    """The road of a stretch where half of its hours are driven."""
    total = sum(world.base_h(edge) for edge in edges)
    driven = 0.0
    for edge in edges:
        driven += world.base_h(edge)
        if 2 * driven >= total:
            return edge
    return edges[-1]


def is_directed(world: World, arc: Arc, report: Any) -> bool:
    """Whether a report's direction names this arc.

    Inbound is what any corridor of the report drives; on a road of none of them, what leads into
    any of its towns; else from u to v. Outbound is the other way.
    """
    if report.direction == "both":
        return True
    edge, tail, head = arc if report.direction == "inbound" else (arc[0], arc[2], arc[1])
    legs = [leg for name in report.corridor for leg in course(world, name) if leg[0] == edge]
    if legs:
        return (edge, tail, head) in legs
    if not report.edges and {tail, head} & set(report.nodes):
        return head in report.nodes
    return tail == world.roads[edge]["u"]


def roads_hit(world: World, report: Any, rule: Any) -> list[str]:
    """The roads that a rule hits for a report."""
    if rule.hits == "supply":
        return []
    if rule.hits == "wet_roads":
        return [
            edge
            for edge in world.roads
            if world.drive_h(edge, "wet") > world.drive_h(edge, "dry")
            and (not report.region or ends_in(world, edge, report.region))
        ]
    if rule.hits == "region":
        return [edge for edge in world.roads if ends_in(world, edge, report.region)]
    if rule.hits in {"node", "into_node"} and report.nodes:
        return [
            edge
            for edge, road in world.roads.items()
            if road["u"] in report.nodes or road["v"] in report.nodes
        ]
    edges = stretch(world, report)
    if is_guess(world, report, rule) and is_course(world, report):
        return [middle(world, edges)]
    return edges


def is_course(world: World, report: Any) -> bool:
    """Whether a report tells its roads in an order in which they can be driven."""
    edges = stretch(world, report)
    if not report.edges:
        along = [edge for name in report.corridor for edge, _, _ in course(world, name)]
        if report.nodes and any(edge not in along for edge in edges):
            return False
        if not report.nodes and report.radius_km is not None:
            return False
    return in_a_row(world, edges)


def is_guess(world: World, report: Any, rule: Any) -> bool:
    """Whether a rule hits one spot of several roads, and nobody told which."""
    return rule.hits == "spot" and not report.spot_known and len(stretch(world, report)) > 1


def in_a_row(world: World, edges: list[str]) -> bool:
    """Whether roads can be driven one after the other, in this order, from some end."""
    roads = [(world.roads[edge]["u"], world.roads[edge]["v"]) for edge in edges]
    for start in roads[0]:
        here = start
        for u, v in roads:
            if here not in (u, v):
                break
            here = v if here == u else u
        else:
            return True
    return False


def candidates(world: World, report: Any, rule: Any) -> int:
    """Of how many roads any one may be the one that is hit."""
    if not is_guess(world, report, rule) or is_course(world, report):
        return 1
    return len(stretch(world, report))


def as_hit(world: World, report: Any, rule: Any) -> Any:
    """The rule for one road: spread over roads of which any one may be hit."""
    roads = candidates(world, report, rule)
    if roads == 1:
        return rule
    return replace(
        rule,
        status="restricted" if rule.status not in {"open", "unknown"} else rule.status,
        capacity_factor_best=1 - (1 - rule.capacity_factor_best) / roads,
        delay_h_best=rule.delay_h_best / roads,
        loss_prob_best=rule.loss_prob_best / roads,
    )


def is_hit(world: World, arc: Arc, report: Any, rule: Any) -> bool:
    """Whether a rule hits an arc for a report."""
    if arc[0] not in roads_hit(world, report, rule):
        return False
    if rule.hits == "into_node" and report.nodes:
        return arc[2] in report.nodes
    return is_directed(world, arc, report)


def delay(world: World, arc: Arc, report: Any, rule: Any) -> float:
    """Hours of delay that a rule puts on an arc for a report."""
    dry, wet = world.drive_h(arc[0], "dry"), world.drive_h(arc[0], "wet")
    roads = candidates(world, report, rule)  # a rule given here has been spread already
    if rule.delay_as == "season":
        return wet - dry
    if rule.delay_as == "curfew":
        closed = rule.delay_h_best if report.curfew_h is None else report.curfew_h / roads
        return dry * closed / (24 - closed)
    told = rule.delay_h_best if report.delay_h is None else report.delay_h / roads
    return told * part_of_stretch(world, arc, report, rule)


def part_of_stretch(world: World, arc: Arc, report: Any, rule: Any) -> float:
    """The share of a told delay or loss that is met on an arc.

    By who drives the whole of the roads told in order, or of a corridor: once, by length. By who
    comes to a town: once, on the way in. Else on each road.
    """
    if rule.hits != "stretch":
        return 1.0
    if report.edges:
        ways = [list(report.edges)] if in_a_row(world, report.edges) else []
    elif report.nodes:
        hit = [other for other in world.arcs() if is_hit(world, other, report, rule)]
        comes_in = any(head in report.nodes for _, _, head in hit)
        return 1.0 if arc[2] in report.nodes or not comes_in else 0.0
    elif report.radius_km is not None:
        ways = []
    else:
        hit_roads = stretch(world, report)
        ways = [
            [edge for edge, _, _ in course(world, name) if edge in hit_roads]
            for name in report.corridor
        ]
    parts = []
    for way in ways:
        if arc[0] in way:
            whole = sum(world.roads[edge]["length_km"] for edge in way)
            parts.append(world.roads[arc[0]]["length_km"] / whole if whole else 1.0)
    return max(parts, default=1.0)


# --- effects ------------------------------------------------------------------------------


def is_part(world: World, report: Any) -> bool:
    """Whether a report is about a part of the commodity only."""
    return report.commodity != world.commodity and world.commodity in lineage(report.commodity)


def concerns(world: World, report: Any) -> bool:
    """Whether a report is about the commodity, or a part of it, and its vehicles."""
    about = report.commodity in lineage(world.commodity) or is_part(world, report)
    return about and report.vehicle in lineage(world.vehicle)


def effect(
    report: Any,
    rule: Any,
    days: tuple[date, date, bool],
    met: tuple[float, float],
    *,
    partial: bool,
) -> Effect:
    """The effect of a rule for a report; `met`: hours of delay, and the share of the stretch."""
    start, end, assumed = days
    hours, part = met
    return Effect(
        names=(report.event,),
        incident=report.incident or report.event,
        start=start,
        end=end,
        assumed=assumed,
        capacity_factor=rule.capacity_factor_best,
        delay_h=max(0.0, hours),
        loss_prob=1 - (1 - rule.loss_prob_best) ** part,
        status=rule.status,
        partial=partial,
    )


def effects(world: World, arc: Arc) -> list[Effect]:
    """Every effect on an arc, on whatever day."""
    found = []
    for report in world.reports.values():
        if report.status == "retracted":
            continue
        if concerns(world, report):
            for rule in rules_for(world, report.kind, report.basis, report.scope, report.commodity):
                if is_hit(world, arc, report, rule):
                    days = span(world, report, rule)
                    rule = as_hit(world, report, rule)  # noqa: PLW2901
                    part = part_of_stretch(world, arc, report, rule)
                    met = (delay(world, arc, report, rule), part)
                    partial = is_part(world, report)
                    found.append(effect(report, rule, days, met, partial=partial))
        for event in report.enforces:
            declaration = world.reports[event]
            if declaration.status != "retracted" and concerns(world, declaration):
                found += declared(world, arc, declaration, report)
    return [entry for entry in found if entry.start < entry.end]


def declared(world: World, arc: Arc, declaration: Any, by: Any) -> list[Effect]:
    """The effects of a declaration that a report shows to be enforced."""
    found = []
    for rule in rules_for(world, declaration.kind, "enforced", by.scope, declaration.commodity):
        place = by
        shared = [name for name in by.corridor if name in (declaration.corridor or by.corridor)]
        place = _Place(by, declaration)
        if declaration.edges:
            place.edges = declaration.edges
        elif shared:
            place.edges = place.nodes = ()
            place.corridor, place.region = tuple(shared), declaration.region
            place.radius_km = None
        if not is_hit(world, arc, place, rule):
            continue
        ends = [cut(world, declaration.event), cut(world, by.event)]
        if declaration.end is not None:
            ends.append(declaration.end + timedelta(days=1))
        last = (by.end or by.start) + timedelta(days=1)
        if by.end is None and by.end_status in {"open_at_last_report", "no_end_expected"}:
            last = FOREVER
        lapse = plus(last, rule.duration_days_best)
        days = (by.start, min(*ends, lapse), lapse < min(ends))
        rule = as_hit(world, place, rule)  # noqa: PLW2901
        met = (delay(world, arc, place, rule), part_of_stretch(world, arc, place, rule))
        one = effect(declaration, rule, days, met, partial=is_part(world, declaration))
        values = {name: getattr(one, name) for name in Effect.__dataclass_fields__}
        found.append(Effect(**{**values, "names": (declaration.event, by.event)}))
    return found


class _Place:
    """A report that stands for the declaration which it shows to be enforced."""

    def __init__(self, by: Any, declaration: Any) -> None:
        self.by = by
        self.direction = declaration.direction
        self.delay_h, self.curfew_h = declaration.delay_h, declaration.curfew_h
        for name in ("edges", "nodes", "corridor", "region", "radius_km"):
            setattr(self, name, getattr(by, name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.by, name)


# --- the state ----------------------------------------------------------------------------


def tells_state(world: World, name: str) -> bool:
    """Whether a report says how its roads stand: by a rule with an effect, or as open."""
    report = world.reports[name]
    opens = {"road_reopened", "bridge_repaired", "border_reopening", "carrier_resumption"}
    if report.kind in opens | {"road_checked"} or report.reading == "open":
        return True
    rules = rules_for(world, report.kind, report.basis, report.scope, report.commodity)
    return any(rule.hits != "context" for rule in rules)


def mentions(world: World, arc: Arc, day: date) -> list[tuple[date, str]]:
    """The (day, report) on which the arc was spoken of, up to a day."""
    found = []
    for report in world.reports.values():
        wide = report.scope in {"region", "country"} and not report.edges
        if report.status == "retracted" or wide or not concerns(world, report):
            continue
        if not (report.edges or report.corridor or tells_state(world, report.event)):
            continue
        if arc[0] in stretch(world, report) and is_directed(world, arc, report):
            told = report.reported_on
            spoke = [report.start]
            if report.end is not None:
                spoke.append(report.end)
            if told and told > report.start and (report.end is None or told <= report.end):
                spoke.append(told)
            outdated = cut(world, report.event)
            found += [(when, report.event) for when in spoke if when < outdated]
    return [entry for entry in found if entry[0] <= day]


def is_unknown(world: World, arc: Arc, day: date, all_effects: list[Effect]) -> bool:
    """Whether an effect ran out by assumption and no other report spoke of the arc since."""
    news = mentions(world, arc, day)
    for entry in all_effects:
        if entry.assumed and entry.end <= day and not entry.partial:
            for name in entry.names:
                spoke = any(report == name for _, report in news)
                later = any(
                    told >= entry.end and report != name and tells_state(world, report)
                    for told, report in news
                )
                if spoke and not later:
                    return True
    return False


def arc_state(world: World, arc: Arc, day: date) -> dict[str, Any]:
    """The state of an arc: within an incident (min, max, max), across (min, +, 1 - product)."""
    ever = effects(world, arc)
    active = [entry for entry in ever if entry.start <= day < entry.end]
    full = [entry for entry in active if not entry.partial]
    capacity, hours, survival = 1.0, 0.0, 1.0
    for incident in {entry.incident for entry in full}:
        told = [entry for entry in full if entry.incident == incident]
        capacity = min([capacity, *(entry.capacity_factor for entry in told)])
        hours += max(entry.delay_h for entry in told)
        survival *= 1 - max(entry.loss_prob for entry in told)
    status = max([entry.status for entry in full] or ["open"], key=STATUSES.index)
    if status == "open" and is_unknown(world, arc, day, ever):
        status = "unknown"
    behind, slowed = set(), set()
    for entry in full:
        if STATUSES.index(entry.status) > 1 or entry.capacity_factor < 1:
            behind.update(entry.names)
        elif entry.delay_h > 0 or entry.loss_prob > 0:
            slowed.update(entry.names)
    return {
        "capacity_factor": capacity,
        "delay_h": hours,
        "loss_prob": 1 - survival,
        "status": status,
        "reports": tuple(sorted(behind)),
        "delayed_by": tuple(sorted(slowed)),
        "partial": tuple(sorted({n for entry in active if entry.partial for n in entry.names})),
        "last_report": max(mentions(world, arc, day), default=None),
    }


def supply_factor(world: World, node: str, day: date) -> float:
    """The share of a town's supply that is left."""
    factor = 1.0
    for report in world.reports.values():
        about = concerns(world, report) and not is_part(world, report)
        if report.status == "retracted" or not about or node not in report.nodes:
            continue
        for rule in rules_for(world, report.kind, report.basis, report.scope, report.commodity):
            start, end, _ = span(world, report, rule)
            if rule.hits == "supply" and start <= day < end:
                factor = min(factor, rule.capacity_factor_best)
    return factor
