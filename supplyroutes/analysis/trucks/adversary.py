"""An adversary over time: made-up attacks that follow traffic and thin escorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, fsum, isfinite

from supplyroutes.analysis.trucks.convoys import uniform
from supplyroutes.analysis.trucks.deterrence import corridors_of
from supplyroutes.analysis.trucks.mixed_routes import waits
from supplyroutes.core import CLOSED, ESCORTED
from supplyroutes.dates import as_day, days_between
from supplyroutes.disruption import timeline
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.events import Events
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer
from supplyroutes.reported import Report

ATTACKS = frozenset({"ambush", "convoy_attack", "hijack", "ied", "vehicle_burning"})
"""Kinds of report that count as an attack on traffic."""
MADE_UP = "made-up"
"""How the ids of made-up reports begin."""
_UNSEEN = 0.5
"""Attacks that are added to those counted (Jeffreys): none seen is not none possible."""


@dataclass(frozen=True)
class Exposure:
    """Traffic and escorts ahead, by corridor, a share for each day from the first on.

    Parameters
    ----------
    traffic
        Traffic beside the usual: 1 is usual, 0 is none. What is not named is read from the reports:
        the smallest share of its capacity that a road of the corridor has.
    escorted
        Share of the traffic that is escorted. What is not named: all where a road is escorted, else
        none.
    """

    traffic: Mapping[str, Sequence[float]] = field(default_factory=dict)
    escorted: Mapping[str, Sequence[float]] = field(default_factory=dict)


def attacks(
    network: Network,
    events: Events,
    *,
    start: str | date,
    end: str | date,
    seed: int = 0,
    exposure: Exposure | None = None,
) -> Events:
    r"""Return the events with made-up attacks on the days ahead: for forecasts and stress tests.

    On each day, each corridor c fit for tankers is attacked with probability
    :math:`1 - e^{-\lambda}`, at most once:

    .. math:: \lambda_{ct} = \frac{n_c + 1/2}{m} \, v_{ct}^{\,p} \, (1 - g e_{ct})

    with :math:`n_c` attacks told of it in the m days before (`attack_memory_days`; reports of one
    incident count once), v its traffic beside the usual, e the share of it that is escorted, p
    `attack_traffic_power` and g `attack_escort_share`. The draw depends on seed, day and corridor
    alone: two scenarios share their luck, and less traffic never adds an attack. It strikes one
    road at home that can be driven, drawn by length.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The reports, as known before the first day.
    start, end
        First and last day of made-up attacks.
    seed
        The seed.
    exposure
        Traffic and escorts ahead; None: as the reports leave them.

    Returns
    -------
    events
        The events, and a report for each attack: its id begins with "made-up", its basis and source
        are an assumption, its confidence is the lowest. Impact rules act on it as on any other.

    Raises
    ------
    RequestError
        A day is not a date, the end lies before the start, or a share is negative, not finite, or
        not given for every day.
    UnknownIdError
        There is no such corridor.

    Notes
    -----
    Nobody can predict an attack. This is a stress test whose rate is that of the recent past; the
    traffic is that before any made-up attack: they do not thin it for each other. Off unless it is
    called.

    References
    ----------
    .. [1] Assumption. The form is that of a Poisson regression with exposure as an offset; the
       half is Jeffreys, H. (1946), An invariant form for the prior probability in estimation
       problems. Proc. R. Soc. A 186.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.trucks.adversary import attacks
    >>> network, events = sr.datasets.mali()
    >>> known = events.known_by("2025-10-15")
    >>> ahead = attacks(network, known, start="2025-10-16", end="2025-10-31", seed=1)
    >>> len(ahead) >= len(known)
    True
    """
    first, last = as_day(start), as_day(end)
    if last < first:
        raise RequestError(f"the end {last} lies before the start {first}")
    dates = days_between(first, last)
    places = Gazetteer(network)
    corridors = {
        name: arcs
        for name, arcs in sorted(places.corridor_arcs.items())
        if all(network.usable[arc] for arc in arcs)
    }
    ahead = exposure or Exposure()
    for shares in (ahead.traffic, ahead.escorted):
        _check(shares, places.corridor_arcs, len(dates))
    counts = counted(network, events, before=first)
    known = network.assumptions
    memory, power, guard = (
        known[key].best
        for key in ("attack_memory_days", "attack_traffic_power", "attack_escort_share")
    )
    made = []
    days = timeline(network, events, start=first, end=last)
    for number, (when, day) in enumerate(days):
        for corridor, arcs in corridors.items():
            usual = _as_told(day, arcs)
            traffic = ahead.traffic[corridor][number] if corridor in ahead.traffic else usual[0]
            escorted = ahead.escorted[corridor][number] if corridor in ahead.escorted else usual[1]
            rate = (counts[corridor] + _UNSEEN) / memory * (1 - guard * escorted)
            rate *= traffic**power if traffic > 0 else 0.0
            key = f"{seed}/{when}/{corridor}"
            if uniform(f"{key}/attack") < 1 - exp(-rate):
                made.append(_report(day, corridor, arcs, key, escorted=escorted > 0))
    return events.adding(*(report for report in made if report is not None))


def counted(network: Network, events: Events, *, before: date) -> dict[str, int]:
    """Return how many attacks were told of each corridor in `attack_memory_days` before a day.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The reports.
    before
        The day.
    """
    places = Gazetteer(network)
    roads = {
        name: frozenset(arc // 2 for arc in arcs) for name, arcs in places.corridor_arcs.items()
    }
    since = before - timedelta(days=network.assumptions["attack_memory_days"].best)
    struck: dict[str, set[str]] = {name: set() for name in roads}
    for report in events:
        told = report.kind in ATTACKS and report.status != "retracted"
        if told and since <= report.start < before:
            for corridor in corridors_of(report, places, roads):
                struck[corridor].add(report.incident or report.event)
    return {name: len(incidents) for name, incidents in struck.items()}


def _check(
    shares: Mapping[str, Sequence[float]], corridors: Mapping[str, object], days: int
) -> None:
    """Refuse corridors that are not there and shares that are none."""
    for corridor, values in shares.items():
        if corridor not in corridors:
            raise UnknownIdError("corridor", corridor, nearest_names(corridor, corridors))
        if len(values) != days:
            raise RequestError(f"{corridor}: {len(values)} shares for {days} days")
        if not all(isfinite(value) and value >= 0 for value in values):
            raise RequestError(f"{corridor}: a share must be a finite number from 0 up")


def _as_told(day: Network, arcs: Sequence[int]) -> tuple[float, float]:
    """Return traffic and escorted share of a corridor as the reports of a day leave them."""
    state = day.state
    escorted = any(state.status[arc] == ESCORTED for arc in arcs)
    return min((state.capacity_factor[arc] for arc in arcs), default=0.0), float(escorted)


def _report(
    day: Network, corridor: str, arcs: Sequence[int], key: str, *, escorted: bool
) -> Report | None:
    """Return a made-up attack on one road of a corridor; None if none can be driven."""
    top, when = day.topology, day.at
    fit = [edge for edge in waits(day, [arcs]) if _driven(day, arcs, edge)]
    if not fit or when is None:
        return None
    drawn = uniform(f"{key}/road") * fsum(top.length_km[2 * edge] for edge in fit)
    place = fit[-1]
    for edge in fit:
        drawn -= top.length_km[2 * edge]
        if drawn < 0:
            place = edge
            break
    return Report(
        event=f"{MADE_UP}-{key.replace('/', '-')}",
        start=when,
        end=when,
        end_status="recorded",
        reported_on=when,
        kind="convoy_attack" if escorted else "vehicle_burning",
        basis="assumed",
        scope="segment",
        edges=(top.edge_ids[place],),
        corridor=(corridor,),
        confidence="D",
        text="Made up for a stress test: no such attack was reported.",
        source="assumption",
    )


def _driven(day: Network, arcs: Sequence[int], edge: int) -> bool:
    """Tell whether the corridor's direction of a road can be driven on the day."""
    return any(arc // 2 == edge and day.state.status[arc] != CLOSED for arc in arcs)
