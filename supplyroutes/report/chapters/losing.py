"""Which roads to guard or reopen first. Sensitive: for protection, relief and planning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplyroutes.report import wording
from supplyroutes.report.blocks import Block, Chapter, Grid, Lines, Picture, Row
from supplyroutes.report.chapters.advice import amount, lift_name
from supplyroutes.report.chapters.not_asked import not_asked
from supplyroutes.report.told import Told

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplyroutes.analysis.restoring.restoration import Restoration
    from supplyroutes.scenario import Roads

MOST_ROADS = 10
MOST_STEPS = 10
MOST_NAMES = 4
MOST_INSTEAD = 3


def roads_chapter(told: Told) -> Chapter:
    """Return which roads to guard, and what to reopen first."""
    say = told.say
    return Chapter("roads", say("report.roads"), tuple(_blocks(told)))


def _blocks(told: Told) -> Iterator[Block | Picture]:
    """Yield what to reopen first, what each loss costs, the worst loss, and what to guard."""
    say, roads, found = told.say, told.results.roads, told.results.reopening
    yield Lines((say("worst.sensitive"),), strong=True)
    if found is None:
        yield Lines((not_asked(say, "reopening"),))
    else:
        yield from _reopening(told, found)
    if roads is None:
        yield Lines((not_asked(say, "roads"),))
    else:
        yield from _critical(told, roads)
        yield from _worst(told, roads)
        yield from _guard(told, roads)


def _reopening(told: Told, found: Restoration) -> Iterator[Block | Picture]:
    """Yield the order of reopening with what each step restores."""
    say = told.say
    yield Lines((say("report.reopen_first"),), strong=True)
    missing = amount(told, found.unit, found.missing)
    after = amount(told, found.unit, found.missing_after)
    measure = say(f"reopen.measure.{found.measure}")
    yield Lines((say("reopen.missing", measure=measure, amount=missing, after=after),))
    frame = told.tables.get("reopening")
    if frame is None:
        key = "reopen.none" if found.missing else "reopen.nothing_missing"
        yield Lines((say(key if told.needed else "flow.no_demand"),))
        return
    gain, left = f"gain_{found.unit}", f"missing_{found.unit}"
    rows = [
        Row(
            (
                say.number(int(step)),  # type: ignore[call-overload]
                lift_name(told, row["kind"], row["id"]),
                wording.figure(say, row["done_day"]),
                amount(told, found.unit, row[gain]),
                amount(told, found.unit, row[left]),
                _helped(told, int(step)),  # type: ignore[call-overload]
            )
        )
        for step, row in frame.head(MOST_STEPS).iterrows()
    ]
    keys = ("rank", "lift", "done_day", "gain", "missing", "towns_back")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.06, 0.26, 0.08, 0.16, 0.16, 0.28),
        right=frozenset({0, 2, 3, 4}),
        origin="reopening",
    )
    area, bound = (say.number(value) for value in (found.area, found.area_bound))
    share = found.area_bound / found.area if found.area else 1.0
    key = "reopen.exact" if found.exact else "reopen.bound"
    yield Lines(
        (say(key, bound=bound, share=say.share(share), area=area), say("report.reopen_note"))
    )
    yield from _alone(told, found)


def _helped(told: Told, step: int) -> str:
    """Return the towns that a step helps, those that gain most first."""
    towns = told.tables["reopening_towns"]
    here = towns[towns.index.get_level_values("step") == step]
    order = here.sort_values("gain_m3_per_day", ascending=False, kind="stable")
    return wording.listing(told.say, order["name"], most=MOST_NAMES) or wording.DASH


def _alone(told: Told, found: Restoration) -> Iterator[Block]:
    """Yield what each lift restores as the only one, if there is a choice."""
    say = told.say
    frame = told.tables["reopening_first"]
    gain = f"gain_{found.unit}"
    useful = frame[frame[gain] > 0]
    if len(useful) < 2:  # noqa: PLR2004 (no choice)
        return
    yield Lines((say("reopen.alone"),), strong=True)
    rows = [
        Row(
            (
                lift_name(told, row["kind"], str(name)),
                wording.figure(say, row["days"]),
                amount(told, found.unit, row[gain]),
            )
        )
        for name, row in useful.head(MOST_STEPS).iterrows()
    ]
    yield Grid(
        head=tuple(say(f"head.{key}") for key in ("lift", "days", "gain")),
        rows=tuple(rows),
        widths=(0.6, 0.15, 0.25),
        right=frozenset({1, 2}),
        origin="reopening_first",
    )


def _critical(told: Told, roads: Roads) -> Iterator[Block | Picture]:
    """Yield the roads whose loss would cost most."""
    say = told.say
    yield Lines((say("report.critical"),), strong=True)
    frame = told.tables["criticality"]
    costly = frame[frame["unmet_m3_per_day"] > 0]
    if costly.empty:
        yield Lines((say("headline.no_critical" if told.needed else "flow.no_demand"),))
        return
    rows = [
        Row(
            (
                row["name"],
                say.number(row["unmet_m3_per_day"]),
                say.number(row["cut_people"]),
                told.number(row["added_time_h"], 2),  # none where no detour is left
            )
        )
        for _, row in costly.head(MOST_ROADS).iterrows()
    ]
    keys = ("road", "unmet_m3_per_day", "cut_people", "added_time_h")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.46, 0.18, 0.18, 0.18),
        right=frozenset({1, 2, 3}),
        origin="criticality",
    )
    yield Lines((say("criticality.note.unmet_demand"),))
    yield _critical_picture(told, roads)


def _critical_picture(told: Told, roads: Roads) -> Picture:
    """Return the map of what the loss of each road costs."""
    say, now = told.say, told.main.situation

    def draw() -> Figure:
        from supplyroutes.plot import importance_map
        from supplyroutes.plot.saving import root_figure

        return root_figure(importance_map(now.day, roads.criticality, lang=say.lang))

    return Picture(
        name="importance",
        caption=say("report.importance_caption"),
        alt=say("report.importance_alt"),
        draw=draw,
        origin="criticality",
    )


def _worst(told: Told, roads: Roads) -> Iterator[Block]:
    """Yield the worst roads to lose together."""
    say, found, day = told.say, roads.worst, told.main.situation.day
    yield Lines((say("worst.roads"),), strong=True)
    change = say(
        "worst.change",
        measure=say(f"worst.measure.{found.measure}"),
        before=_harm(told, found.before),
        after=_harm(told, found.after),
    )
    proof = (
        say("worst.proven", budget=say.number(found.budget))
        if found.proven
        else say("report.not_proven", bound=_harm(told, found.bound))
    )
    people = say.count("count.people", found.isolated_population)
    cut = say("worst.isolated", demand=say.number(found.isolated_m3_per_day), people=people)
    yield Lines((change, cut, proof), origin="road_losses")
    frame = told.tables.get("worst")
    if frame is None:
        yield Lines((say("worst.nothing"),))
        return
    rows = [
        Row(
            (
                wording.road_name(day, str(edge)),
                say.number(row["length_km"]),
                _harm(told, row["harm_alone"]),
                _harm(told, row["harm_spared"]),
                _instead(told, row["alternatives"]),
            )
        )
        for edge, row in frame.iterrows()
    ]
    keys = ("road", "km", "harm_alone", "harm_spared", "instead")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.3, 0.1, 0.16, 0.16, 0.28),
        right=frozenset({1, 2, 3}),
        origin="worst",
    )
    yield Lines((say("worst.note_roads"),))


def _instead(told: Told, roads: str) -> str:
    """Return roads that would do the same harm: a few by name, the rest counted."""
    say, day = told.say, told.main.situation.day
    names = [wording.road_name(day, road) for road in roads.split(", ") if road]
    return wording.listing(say, names, most=MOST_INSTEAD) or wording.DASH


def _harm(told: Told, value: float) -> str:
    """Return a harm with its unit."""
    return told.say("worst.unit.m3_per_day", value=told.number(value))


def _guard(told: Told, roads: Roads) -> Iterator[Block]:
    """Yield which roads to guard, and what that saves."""
    say, found, day = told.say, roads.guard, told.main.situation.day
    frame = told.tables.get("guard")
    yield Lines((say("protect.none" if frame is None else "protect.roads"),), strong=True)
    change = say(
        "protect.change",
        attacked=say.number(found.attack_budget),
        before=_harm(told, found.before),
        unguarded=_harm(told, found.unguarded),
        guarded=_harm(told, found.guarded),
        bound=_harm(told, found.bound),
    )
    proof = "protect.proven" if found.proven else "protect.stopped"
    yield Lines((change, say(proof, bound=_harm(told, found.bound))), origin="road_losses")
    if frame is not None:
        yield Grid(
            head=tuple(say(f"head.{key}") for key in ("road", "km", "saved_alone")),
            rows=tuple(_guarded(told, str(edge), row) for edge, row in frame.iterrows()),
            widths=(0.6, 0.15, 0.25),
            right=frozenset({1, 2}),
            origin="guard",
        )
    names = [wording.road_name(day, road) for road in found.attack_guarded]
    left = ", ".join(names) or wording.DASH
    yield Lines((say("protect.attack_guarded", roads=left), say("protect.note")))


def _guarded(told: Told, edge: str, row: Any) -> Row:
    """Return a road to guard."""
    say = told.say
    name = wording.road_name(told.main.situation.day, edge)
    return Row((name, say.number(row["length_km"]), _harm(told, row["saved_alone"])))
