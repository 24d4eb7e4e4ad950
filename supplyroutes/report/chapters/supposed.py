"""What a scenario supposes, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from supplyroutes.report import wording
from supplyroutes.report.blocks import Block, Chapter, Lines
from supplyroutes.report.changes import told_changes
from supplyroutes.report.told import Told

MOST_ROADS = 8


def changes_chapter(told: Told) -> Chapter | None:
    """Return what the scenario and its what-ifs suppose; None if there are none."""
    if told.alone:
        return None
    return Chapter("changes", told.say("report.changes"), tuple(_changes(told)))


def _changes(told: Told) -> Iterator[Block]:
    """Yield for each entry what it changes."""
    say = told.say
    for name, answer in told.results.entries.items():
        if answer is told.results.recorded:
            continue
        of = told.results.entries.get(answer.of, told.results.recorded)
        own = [change for change in answer.changes if change not in of.changes]
        lines = tuple(told_changes(told.results, answer, own, say))
        heading = say("report.entry_of", entry=told.entry(name), of=told.entry(of.name))
        yield Lines((heading,), strong=True)
        nothing = (say("report.no_changes"),)
        yield Lines(lines or nothing, origin="changes" if lines else "")


def unknown_chapter(told: Told) -> Chapter:
    """Return what is not known: roads, ends and spots."""
    say = told.say
    return Chapter("unknown", say("report.unknown"), (Lines(tuple(_unknown(told))),))


def _unknown(told: Told) -> Iterator[str]:
    """Yield what is not known, one line each."""
    say, now = told.say, told.main.situation
    roads = now.isolation.unknown_roads
    if roads:
        names = wording.listing(
            say, [wording.road_name(now.day, road) for road in roads], most=MOST_ROADS
        )
        yield say.count("report.unknown_roads", len(roads), names=names)
    else:
        yield say("report.no_unknown")
    yield from wording.doubtful_line(say, now)
    yield say("report.never_told")
    if not wording.has_source(now.day, now.commodity):
        yield say("run.no_source")
    old = wording.old_news(say, now)
    if old:
        yield old
    yield from told.wider_use
    yield from wording.assumed_lines(say, now)
