"""Made-up attacks: their rate, their luck, and what never happens."""

from datetime import date, timedelta
from math import exp

import pytest

import supplyroutes as sr
from supplyroutes.analysis.trucks.adversary import MADE_UP, Exposure, attacks, counted
from supplyroutes.errors import RequestError, UnknownIdError
from tests import toy
from tests.strategies import events_of

FIRST = date(2025, 3, 1)
MEMORY = 60


def calm():
    """Two attacks on the north in the sixty days before, told three times; none on the south."""
    rows = [
        toy.told("a", kind="vehicle_burning", start="2025-02-01", end="2025-02-01", incident="i"),
        toy.told("b", kind="vehicle_burning", start="2025-02-02", end="2025-02-02", incident="i"),
        toy.told("c", kind="ambush", start="2025-02-10", end="2025-02-10"),
        toy.told("d", kind="ambush", start="2024-11-10", end="2024-11-10"),
        toy.told("e", kind="road_closed", start="2025-02-11", end="2025-02-11"),
    ]
    return events_of(rows)


def made(days, **options):
    """The made-up reports on so many days, as (day, corridor)."""
    exposure = Exposure(**options.pop("exposure", {}))
    end = FIRST + timedelta(days=days - 1)
    found = attacks(toy.network(), calm(), start=FIRST, end=end, exposure=exposure, **options)
    return [report for report in found if report.event.startswith(MADE_UP)]


def when(reports):
    """Day and corridor of reports."""
    return {(report.start, report.corridor[0]) for report in reports}


def steady(days, **shares):
    """The same share on every day, for both corridors."""
    return {name: {corridor: [share] * days for corridor in ("NORTH", "SOUTH")}
            for name, share in shares.items()}  # fmt: skip


def test_attacks_are_counted_by_incident_and_day():
    """Two in sixty days; what is older, closed roads and other corridors do not count."""
    assert counted(toy.network(), calm(), before=FIRST) == {"NORTH": 2, "SOUTH": 0}


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_the_rate_is_as_documented(share):
    """On 3000 days: 2.5 attacks in 60 days on the north, half of one on the south."""
    days = 3000
    found = made(days, exposure=steady(days, traffic=share, escorted=0.0))
    for corridor, counts in (("NORTH", 2.5), ("SOUTH", 0.5)):
        hits = sum(report.corridor == (corridor,) for report in found)
        chance = 1 - exp(-counts / MEMORY * share)
        assert abs(hits - days * chance) < 4 * (days * chance * (1 - chance)) ** 0.5


def test_no_traffic_no_attack():
    """Told so, or because the road is closed."""
    assert made(400, exposure=steady(400, traffic=0.0)) == []
    closed = events_of([toy.told("x", start="2025-02-20", edges="port--north"),
                        toy.told("y", start="2025-02-20", edges="port--south")])  # fmt: skip
    end = FIRST + timedelta(days=300)
    assert len(attacks(toy.network(), closed, start=FIRST, end=end)) == len(closed)


def test_scenarios_share_their_luck():
    """Less traffic and more escorts take attacks away, and never add one; a seed is a seed."""
    days = 800
    usual = made(days, seed=3, exposure=steady(days, traffic=1.0, escorted=0.0))
    thin = made(days, seed=3, exposure=steady(days, traffic=0.4, escorted=0.0))
    escorted = made(days, seed=3, exposure=steady(days, traffic=1.0, escorted=1.0))
    assert when(thin) < when(usual)
    assert when(escorted) < when(usual)
    assert when(made(days, seed=4)) != when(made(days, seed=3))
    assert {report.kind for report in escorted} == {"convoy_attack"}
    assert {report.kind for report in usual} == {"vehicle_burning"}


def test_the_same_seed_gives_the_same_reports_and_longer_spans_only_add():
    """Keyed by day and corridor."""
    assert made(50, seed=1) == made(50, seed=1)
    first = [report for report in made(90, seed=1) if report.start < FIRST + timedelta(days=50)]
    assert first == made(50, seed=1)


def test_made_up_reports_are_marked_and_act_like_any_other():
    """Basis, source and confidence; on a road of the corridor; nothing of what is known changes."""
    known = calm()
    found = attacks(toy.network(), known, start=FIRST, end=FIRST + timedelta(days=99), seed=2)
    assert [report for report in found if not report.event.startswith(MADE_UP)] == list(known)
    new = [report for report in found if report.event.startswith(MADE_UP)]
    assert new
    for report in new:
        assert (report.basis, report.source, report.confidence) == ("assumed", "assumption", "D")
        assert "Made up" in report.text
        day = sr.disrupt(toy.network(), found, at=report.start)
        edges = day.arcs.reset_index().set_index("edge")
        assert (edges.loc[report.edges[0], "status"] != "open").any()


@pytest.mark.parametrize(
    ("exposure", "error"),
    [
        ({"traffic": {"WEST": [1.0]}}, UnknownIdError),
        ({"traffic": {"NORTH": [1.0, 1.0]}}, RequestError),
        ({"escorted": {"NORTH": [-1.0]}}, RequestError),
        ({"traffic": {"NORTH": [float("nan")]}}, RequestError),
    ],
)
def test_bad_shares(exposure, error):
    """A corridor that is not there, too many days, no number from 0 up."""
    with pytest.raises(error):
        made(1, exposure=exposure)


def test_the_end_before_the_start():
    """Refused."""
    with pytest.raises(RequestError):
        made(0)


def test_where_every_road_of_a_corridor_is_closed_nobody_strikes():
    """Even if traffic is told: there is no road to strike on."""
    rows = [toy.told(edge, start="2025-02-20", edges=edge, spot_known="true")
            for edge in ("port--north", "north--bridge", "bridge--east")]  # fmt: skip
    exposure = Exposure(traffic={"NORTH": [1.0] * 400, "SOUTH": [0.0] * 400})
    end = FIRST + timedelta(days=399)
    closed = events_of(rows)
    assert len(attacks(toy.network(), closed, start=FIRST, end=end, exposure=exposure)) == 3
