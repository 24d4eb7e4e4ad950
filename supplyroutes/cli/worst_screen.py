"""Worst losses and guards on a terminal: what is lost, what it does, how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan
from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.analysis.losses.harm import stakes_of
from supplyroutes.analysis.losses.interdiction import hit_towns
from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.losses.interdiction import Interdiction
    from supplyroutes.analysis.losses.protection import Protection
    from supplyroutes.analysis.losses.resilience import ResilienceCurve
    from supplyroutes.analysis.losses.soonest import SoonestDry
    from supplyroutes.disruption import Timeline
    from supplyroutes.network import Network

MOST_TOWNS = 10
MOST_NAMED = 3
"""Roads named that would do the same harm."""


def show_worst(found: Interdiction, day: Network, *, lang: str, every_town: bool) -> None:
    """Show the worst roads to lose on one screen."""
    say, out = words(lang), console()
    line(out, _title(say, "worst.title", found), style="bold")
    if found.towns.empty:
        line(out, say("flow.no_demand"))
        return
    line(out, _change(say, found.measure, found.before, found.after))
    line(out, _proof(say, found), style="" if found.proven else "bold red")
    line(
        out,
        say(
            "worst.isolated",
            demand=say.number(found.isolated_m3_per_day),
            people=say.count("count.people", found.isolated_population),
        ),
    )
    line(out, "")
    if found.roads.empty:
        line(out, say("worst.nothing"), style="bold")
    else:
        _roads(out, say, found, day)
        _towns(out, say, found, every_town=every_town)
    line(out, "")
    line(out, say("worst.note_roads"), style="bright_black")
    if found.measure == "weighted_time":
        _cut_off(out, say, "worst.note_cut_off", found)
    if found.measure in {"max_flow", "unmet_demand"}:
        line(out, say("worst.note_flow"), style="bright_black")
    _sensitive(out, say)


def show_curve(found: ResilienceCurve, day: Network, *, lang: str) -> None:
    """Show the operational resilience curve."""
    say, out = words(lang), console()
    line(out, _title(say, "worst.curve_title", found), style="bold")
    if not stakes_of(day):
        line(out, say("flow.no_demand"))
        return
    line(out, say(f"worst.measure.{found.measure}"))
    rows = [
        (
            say.number(budget),
            _amount(say, found.unit, row["value"]),
            say("text.yes") if row["proven"] else _amount(say, found.unit, row["bound"]),
            ", ".join(wording.road_name(day, road) for road in row["roads"]) or wording.DASH,
        )
        for budget, row in _rows(found.points)
    ]
    head = [say(f"head.{key}") for key in ("lost_roads", "measured", "proven", "worst_roads")]
    table(out, head, rows, right=(0, 1), folding=(3,))
    if found.measure == "weighted_time":
        line(out, "")
        _cut_off(out, say, "worst.note_cut_off_alone", found)
    _sensitive(out, say)


def show_protection(found: Protection, day: Network, *, lang: str) -> None:
    """Show which roads to guard on one screen."""
    say, out = words(lang), console()
    line(out, _title(say, "protect.title", found), style="bold")
    if not stakes_of(day):
        line(out, say("flow.no_demand"))
        return
    line(out, say(f"worst.measure.{found.measure}"))
    amounts = {
        key: _amount(say, found.unit, getattr(found, key))
        for key in ("before", "unguarded", "guarded", "bound")
    }
    line(
        out,
        say(
            "protect.change",
            attacked=_plain(say, found.attack_budget),
            **amounts,
        ),
    )
    key = "protect.proven" if found.proven else "protect.stopped"
    line(out, say(key, **amounts), style="" if found.proven else "bold red")
    line(out, "")
    _guards(out, say, found, day)
    _escorts(out, say, found, day)
    line(out, "")
    line(out, say("protect.note"), style="bright_black")
    if found.measure == "weighted_time":
        _cut_off(out, say, "worst.note_cut_off_alone", found)
    _sensitive(out, say)


def _guards(out: Console, say: Words, found: Protection, day: Network) -> None:
    """Show the roads to guard, and the attack that is left."""
    line(out, say("protect.roads") if len(found.roads) else say("protect.none"), style="bold")
    if len(found.roads):
        rows = [
            (
                wording.road_name(day, edge),
                say.number(row["length_km"]),
                _amount(say, found.unit, row["saved_alone"]),
            )
            for edge, row in _rows(found.roads)
        ]
        head = [say(f"head.{key}") for key in ("road", "km", "saved_alone")]
        table(out, head, rows, right=(1, 2), folding=(0,))
    names = ", ".join(wording.road_name(day, road) for road in found.attack_guarded)
    line(out, say("protect.attack_guarded", roads=names or wording.DASH))


def _escorts(out: Console, say: Words, found: Protection, day: Network) -> None:
    """Show what an escort on each road of the worst attack without guards would save alone."""
    if found.escorts.empty:
        return
    rows = [
        (
            wording.road_name(day, edge),
            _amount(say, found.unit, row["after_alone"]),
            _amount(say, found.unit, row["saved_alone"]),
        )
        for edge, row in _rows(found.escorts)
    ]
    line(out, "")
    line(out, say("protect.escorts"), style="bold")
    head = [say(f"head.{key}") for key in ("road", "after_alone", "saved_alone")]
    table(out, head, rows, right=(1, 2), folding=(0,))


def show_soonest(found: SoonestDry, days: Timeline, *, lang: str) -> None:
    """Show which roads run a town dry soonest."""
    say, out = words(lang), console()
    line(out, say("dry.title", town=found.name, day=say.day(days.dates[0])), style="bold")
    before, after, bound = (
        _days(say, value, len(days))
        for value in (found.days_to_dry_before, found.days_to_dry, found.bound)
    )
    line(out, say("dry.now", before=before))
    if found.lost_on is None:
        line(out, say("dry.nothing"), style="bold")
    else:
        names = ", ".join(wording.road_name(days.base, road) for road in found.roads)
        day = say.day(found.lost_on)
        line(out, say("dry.roads", day=day, roads=names, after=after), style="bold")
    if found.proven:
        line(out, say("dry.proven"))
    else:
        line(out, say("dry.best", bound=bound), style="bold red")
    _sensitive(out, say)


def _days(say: Words, value: float, span: int) -> str:
    """Return days until a town is dry; it may not be within the span."""
    if isnan(value):
        return say("dry.never", days=say.number(span))
    return say("dry.days", days=say.number(value, 1))


def _rows(frame: pd.DataFrame) -> Sequence[tuple[Any, pd.Series[Any]]]:
    """Return the rows of a table with their names."""
    return list(frame.iterrows())


def _title(say: Words, key: str, found: Interdiction | ResilienceCurve | Protection) -> str:
    """Return the title of a screen."""
    commodity = wording.commodity_word(say, found.commodity)
    return say(key, commodity=commodity, day=say.day(found.at) if found.at else wording.DASH)


def _amount(say: Words, unit: str, value: float) -> str:
    """Return a value of a measure with its unit."""
    return say(f"worst.unit.{unit}", value=say.number(value, 1 if unit == "h" else 0))


def _plain(say: Words, budget: float) -> str:
    """Return a budget, with decimals only if it has any."""
    return say.number(budget, 0 if float(budget).is_integer() else 2)


def _change(say: Words, measure: str, before: float, after: float) -> str:
    """Return what the measure is and how the loss changes it."""
    unit = "h" if measure == "weighted_time" else "m3_per_day"
    return say(
        "worst.change",
        measure=say(f"worst.measure.{measure}"),
        before=_amount(say, unit, before),
        after=_amount(say, unit, after),
    )


def _proof(say: Words, found: Interdiction) -> str:
    """Return how sure it is that nothing is worse."""
    bound = _amount(say, found.unit, found.bound)
    if found.proven:
        return say("worst.proven", budget=_plain(say, found.budget))
    known = found.gap_share < inf
    gap = say.number(100 * found.gap_share, 1) if known else wording.DASH
    return say("worst.stopped", bound=bound, gap=gap)


def _roads(out: Console, say: Words, found: Interdiction, day: Network) -> None:
    """Show the roads of the attack."""
    line(out, say("worst.roads"), style="bold")
    rows = [
        (
            wording.road_name(day, edge),
            say.number(row["length_km"]),
            _amount(say, found.unit, row["harm_alone"]),
            _amount(say, found.unit, row["harm_spared"]),
            _instead(say, day, row["alternatives"]),
        )
        for edge, row in _rows(found.roads)
    ]
    head = [say(f"head.{key}") for key in ("road", "km", "harm_alone", "harm_spared", "instead")]
    table(out, head, rows, right=(1, 2, 3), folding=(0, 4))


def _instead(say: Words, day: Network, roads: Sequence[str]) -> str:
    """Return roads that would do the same harm: a few by name, the rest counted."""
    if not roads:
        return wording.DASH
    names = ", ".join(wording.road_name(day, road) for road in roads[:MOST_NAMED])
    more = len(roads) - MOST_NAMED
    return names if more <= 0 else say.count("worst.and_more", more, names=names)


def _towns(out: Console, say: Words, found: Interdiction, *, every_town: bool) -> None:
    """Show the towns that it hits, the largest first."""
    frame = found.towns[hit_towns(found.towns)]
    order = frame.sort_values("demand_m3_per_day", ascending=False, kind="stable")
    line(out, "")
    line(out, say("worst.towns"), style="bold")
    flows = "delivered_m3_per_day" in frame
    keys = ["town", "demand", "hours_before", "hours_after"]
    keys += ["delivered_before", "delivered"] if flows else []
    rows = []
    shown = order if every_town else order.head(MOST_TOWNS)
    for _, row in shown.iterrows():
        cells = [row["name"], say.number(row["demand_m3_per_day"], 1)]
        cells += [
            say("state.isolated") if row[state] else say.number(row[hours], 1)
            for state, hours in (("isolated_before", "time_before_h"), ("isolated", "time_h"))
        ]
        if flows:
            cells += [
                say.number(row[key], 1)
                for key in ("delivered_before_m3_per_day", "delivered_m3_per_day")
            ]
        rows.append(cells)
    table(out, [say(f"head.{key}") for key in keys], rows, right=range(1, len(keys)), folding=(0,))
    if len(order) > len(shown):
        rest = len(order) - len(shown)
        line(out, say.count("run.more_towns", rest), style="bright_black")


def _cut_off(
    out: Console, say: Words, key: str, found: Interdiction | ResilienceCurve | Protection
) -> None:
    """Say what a town counts that is cut off."""
    hours = say.number(found.assumed["value"]["cut_off_time_h"])
    line(out, say(key, hours=hours), style="bright_black")


def _sensitive(out: Console, say: Words) -> None:
    """Say what this is for, and what not."""
    line(out, say("worst.sensitive"), style="italic")
