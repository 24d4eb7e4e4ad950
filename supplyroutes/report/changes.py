"""What a scenario changes, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from supplyroutes.catalogue import Words
from supplyroutes.dates import ONE_DAY
from supplyroutes.own_use import parted
from supplyroutes.report import wording
from supplyroutes.scenario import Answer, Change, Results
from supplyroutes.scenario.merging import suppositions

MOST_NAMED = 12
"""Reports that end together are named up to so many."""


def change_lines(results: Results, say: Words, entry: str | None = None) -> Iterator[str]:
    """Yield one line for each thing that an entry of the results changes.

    Parameters
    ----------
    results
        The results.
    say
        The words of a language.
    entry
        The entry; the scenario itself if none is named.

    Yields
    ------
    line
        What is supposed, beside what was recorded; reports that end on one day share a line.
    """
    answer = results.main if entry is None else results.entries[entry]
    yield from told_changes(results, answer, answer.changes, say)


def told_changes(
    results: Results, answer: Answer, changes: Iterable[Change], say: Words
) -> Iterator[str]:
    """Yield one line for each of some changes of an answer, as `change_lines`."""
    for kind, alike in groupby(changes, key=lambda change: change.kind):
        if kind == "ended":
            yield from _ended(list(alike), say)
        else:
            for change in alike:
                yield _line(results, answer, change, say)


def _line(results: Results, answer: Answer, change: Change, say: Words) -> str:
    """Tell a change by itself."""
    if change.kind in {"demand", "stock"}:
        return _of_a_town(answer, change, say)
    if change.kind == "convoys" and change.name.startswith("own"):
        return _own_convoy(results, answer, change, say)
    return _TOLD[change.kind](change, say)


def _ended(changes: Sequence[Change], say: Words) -> Iterator[str]:
    """Tell which reports end before a day, and which never happen."""
    ends: dict[Any, list[str]] = {}
    for change in changes:
        report: Any = change.after
        ends.setdefault(None if report is None else report.end + ONE_DAY, []).append(change.name)
    for day in sorted(day for day in ends if day is not None):
        names = wording.listing(say, ends[day], most=MOST_NAMED)
        yield say.count("report.ended", len(ends[day]), day=say.day(day), events=names)
    if None in ends:
        names = wording.listing(say, ends[None], most=MOST_NAMED)
        yield say.count("report.not_happening", len(ends[None]), events=names)


def _removed(change: Change, say: Words) -> str:
    """Tell that a report is left out."""
    report: Any = change.before
    return say("report.removed", event=change.name, text=report.text)


def _moved(change: Change, say: Words) -> str:
    """Tell the new days of a report; one that moves to where reports end never happens."""
    report: Any = change.after
    if report is None:
        return say.count("report.not_happening", 1, events=change.name)
    key = "report.moved" if report.end else "report.moved_open"
    end = say.short_day(report.end) if report.end else ""
    return say(key, event=change.name, start=say.short_day(report.start), end=end)


def _added(change: Change, say: Words) -> str:
    """Tell that a report is added; one that would begin where reports end never happens."""
    report: Any = change.after
    if report is None:
        return say.count("report.not_happening", 1, events=change.name)
    start = say.short_day(report.start)
    return say("report.added", event=change.name, start=start, text=report.text)


def _assumption(change: Change, say: Words) -> str:
    """Tell an assumption before and after."""
    return say(
        "report.assumption",
        label=wording.assumption_label(say, change.name),
        value=wording.measured(say, change.after, change.unit),
        before=wording.measured(say, change.before, change.unit),
    )


def _rule(change: Change, say: Words) -> str:
    """Tell a quantity of an impact rule before and after."""
    unit = wording.UNITS[change.quantity]
    value = wording.measured(say, change.after, unit)
    return say(
        "report.rule",
        rule=change.name,
        quantity=say(f"quantity.{change.quantity}", value=value),
        before=wording.measured(say, change.before, unit),
    )


def _season(change: Change, say: Words) -> str:
    """Tell the season whose speeds are driven."""
    return say(f"report.season.{change.after}")


def _of_a_town(answer: Answer, change: Change, say: Words) -> str:
    """Tell an own figure of a town: its use, that of a class of it, or its stock."""
    node, kind = parted(change.name)
    told = {
        "town": answer.situation.day.name(node),
        "value": wording.figure(say, _number(change.after)),
        "before": wording.figure(say, _number(change.before)),
    }
    if kind is not None:
        return say("report.demand_class", kind=say(f"stocks.class.{kind}").lower(), **told)
    return say(f"report.{change.kind}", **told)


def _fleet(change: Change, say: Words) -> str:
    """Tell how many tankers there are, or that drivers may be afraid."""
    if change.name == "deterrence":
        return say("report.fleet_deterrence")
    if change.after is None:
        return say("report.fleet_usual")
    return say("report.fleet_tankers", value=wording.figure(say, _number(change.after)))


def _convoys(change: Change, say: Words) -> str:
    """Tell which convoys drive, how many, or how large."""
    if change.name == "which":
        return say(f"report.convoys.{change.after}")
    key = f"report.convoys_{change.name.removesuffix('_ratio')}"
    return say(key, ratio=wording.figure(say, _number(change.after)))


def _own_convoy(results: Results, answer: Answer, change: Change, say: Words) -> str:
    """Tell a convoy of one's own."""
    convoys: Any = suppositions(results.scenario)[answer.name].convoys
    own = convoys.added[int(change.name.removeprefix("own")) - 1]
    day, corridors = answer.situation.day, answer.situation.corridors.corridors
    ends = day.tables.corridors
    rows = {row["corridor"]: row for row in ends.rows()}
    town = rows[own.corridor]["destination"] if own.town is None else day.find(own.town)
    return say(
        "report.convoy_own",
        tankers=wording.figure(say, own.tankers),
        day=say.day(own.leaves),
        corridor=corridors.loc[own.corridor, "name"],
        town=day.name(town),
    )


def _policies(change: Change, say: Words) -> str:
    """Tell who goes short, or what trucks do."""
    if change.name == "conduct":
        return say(f"report.conduct.{change.after}")
    if change.name == "policy":
        key = f"flow.allocation.{change.after}"
        return say("report.policy", value=say(key) if key in say else change.after)
    return say("report.allocation", value=say(f"report.allocation.{change.after}"))


def _number(value: Any) -> float:
    """Return a value that is a number."""
    return float(value)


_TOLD = {
    "removed": _removed,
    "moved": _moved,
    "added": _added,
    "assumption": _assumption,
    "rule": _rule,
    "season": _season,
    "fleet": _fleet,
    "convoys": _convoys,
    "policies": _policies,
}
