"""What would help most, in sentences: a lift, a what-if, a guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from supplyroutes.report import wording
from supplyroutes.report.chapters.not_asked import not_asked
from supplyroutes.report.told import Told

_Fact = tuple[str, Iterable[str], str]
_BETTER = ("isolated_people", "strained_people", "unmet_m3_p50", "unmet_m3", "unmet_m3_per_day")
"""By what what-ifs are ranked: the first of these in which they differ."""
_MOST_GUARDED = 3
_MISSING = ("unmet_m3_p50", "unmet_m3", "unmet_m3_per_day")
"""What is told to be missing: the first of these that was worked out."""


def help_facts(told: Told) -> tuple[_Fact, ...]:
    """Return what to lift, which what-if is best, and what to guard: question, answer, table."""
    return (
        ("helps", _lift(told), "reopening_first"),
        ("best_what_if", _what_if(told), "entries"),
        ("guard", _guard(told), "criticality"),
    )


def _lift(told: Told) -> Iterator[str]:
    """Yield which single lift restores most."""
    say, found = told.say, told.results.reopening
    if found is None:
        yield not_asked(say, "reopening")
        return
    if not told.needed:
        yield say("flow.no_demand")
        return
    useful = found.first[found.first["gain"] > 0]
    if useful.empty:
        yield say("headline.no_lift" if found.missing else "headline.nothing_missing")
        return
    name = str(useful["gain"].idxmax())
    row: Any = useful.loc[name]
    yield say(
        "headline.lift",
        what=lift_name(told, str(row["kind"]), name),
        gain=amount(told, found.unit, row["gain"]),
        missing=amount(told, found.unit, found.missing),
    )
    reports = told.table("reports")
    if reports is not None and name in reports.index:
        yield say("headline.see_report", report=name, chapter=say("report.reports"))


def lift_name(told: Told, kind: str, name: str) -> str:
    """Return what a lift lifts: a report by its kind, or a road by its ends."""
    if kind == "road":
        return wording.road_name(told.main.situation.day, name)
    reports = told.main.situation.reports
    if name in reports.index:
        return wording.report_words(told.say, told.main.situation, name)
    found = told.results.reopening
    if found is not None and name in found.reports.index:
        kind = str(found.reports.loc[name, "kind"])
        return told.say("cause.first", kind=told.say(f"kind.{kind}"), event=name)
    return name


def amount(told: Told, unit: str, value: float) -> str:
    """Return an amount with its unit."""
    if unit == "people":
        return told.say.count("count.people", value)
    return told.say("reopen.m3_per_day", amount=told.say.number(value))


def _what_if(told: Told) -> Iterator[str]:
    """Yield which of the what-ifs worked out is best."""
    say = told.say
    if told.alone:
        return
    frame = told.tables["entries"]
    by = [name for name in _BETTER if name in frame]
    order = frame.sort_values(by, kind="stable")
    best, recorded = order.index[0], told.results.recorded.name
    before: Any = frame.loc[recorded]
    after: Any = frame.loc[best]
    if best == recorded or all(before[name] == after[name] for name in by):
        yield say("headline.no_what_if")
        return
    yield say(
        "headline.what_if_best",
        entry=told.entry(best),
        isolated=say.number(after["isolated_towns"]),
        isolated_before=say.number(before["isolated_towns"]),
        strained=say.number(after["strained_towns"]),
        strained_before=say.number(before["strained_towns"]),
        people=say.number(after["hindered_people"]),
        people_before=say.number(before["hindered_people"]),
    )
    yield from missing_beside(told, best)


def missing_beside(told: Told, entry: str) -> Iterator[str]:
    """Yield what goes short in an entry over the days of the stocks, beside the recorded day."""
    say, frame = told.say, told.tables["entries"]
    missing = next((name for name in _MISSING if name in frame), None)
    if missing:
        after: Any = frame.loc[entry, missing]
        before: Any = frame.loc[told.results.recorded.name, missing]
        key = f"headline.what_if_{missing}"
        yield say(key, after=say.number(after), before=say.number(before))


def _guard(told: Told) -> Iterator[str]:
    """Yield the road whose loss would cost most, and what guards would save."""
    say, roads = told.say, told.results.roads
    if roads is None:
        yield not_asked(say, "roads")
        return
    if not told.needed:
        yield say("flow.no_demand")
        return
    items = roads.criticality.items
    items = items[items[roads.criticality.ranked_by] > 0]
    if items.empty:
        yield say("headline.no_critical")
    else:
        row: Any = items.iloc[0]
        yield say(
            "headline.critical",
            road=row["name"],
            amount=say("reopen.m3_per_day", amount=say.number(row["unmet_m3_per_day"])),
        )
    guarded = [wording.road_name(told.main.situation.day, road) for road in roads.guard.roads.index]
    if guarded:
        roads_told = wording.listing(say, guarded, most=_MOST_GUARDED)
        yield say("headline.guarded", roads=roads_told)
    if guarded or len(items):
        yield say("headline.sensitive")
