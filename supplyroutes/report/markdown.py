"""The what-if report in Markdown: a scenario beside the recorded day, in planners' words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.names import printable
from supplyroutes.report import wording
from supplyroutes.report.changes import change_lines
from supplyroutes.scenario import Results

MOST_ROWS = 40
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def report_markdown(results: Results, *, lang: str = "en") -> str:
    """Return the report as Markdown; the same results give the same text."""
    say = words(lang)
    scenario = results.scenario
    title = plain(scenario.title) or say("report.untitled")
    commodity = wording.commodity_word(say, scenario.commodity)
    heading = say("report.heading", title=title, commodity=commodity, day=say.day(scenario.date))
    parts = [
        [f"# {heading}"],
        _intro(results, say),
        _brief(results, say),
    ]  # fmt: skip
    if scenario.changes_anything:
        parts += [_differences(results, say)]
    parts += [
        _corridors(results, say),
        _towns(results, say),
        _unknown(results, say),
        _assumptions(results, say),
        _reports(results, say),
        ["---", f"*{say('report.footer')}*"],
    ]
    return "\n\n".join(block for part in parts for block in part) + "\n"


def plain(text: object) -> str:
    """Return text as Markdown that shows just that text: no markup, no line break."""
    return _SPECIAL.sub(r"\\\1", printable(" ".join(str(text).split())))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table of plain text."""
    lines = [head, ["---"] * len(head)]
    body = [[plain(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*lines, *body])


def _intro(results: Results, say: Words) -> list[str]:
    """Return what the report is, and what the scenario changes."""
    scenario = results.scenario
    blocks = [say("report.intro" if scenario.changes_anything else "report.intro_recorded")]
    if scenario.as_known_on:
        blocks.append(say("report.known_on", day=say.day(scenario.as_known_on)))
    if scenario.changes_anything:
        lines = [f"- {plain(line)}" for line in change_lines(results, say)]
        blocks += [f"## {say('report.changes')}", "\n".join(lines)]
    return blocks


def _brief(results: Results, say: Words) -> list[str]:
    """Return the headline: counts, names, and whom the what-if helps or hurts."""
    counts = wording.counts_line(say, results.recorded)
    lines = [say("report.brief_recorded", counts=counts)]
    if results.scenario.changes_anything:
        counts = wording.counts_line(say, results.what_if)
        lines += [say("report.brief_what_if", counts=counts), *_verdict(results, say)]
    affected = wording.affected_towns(results.what_if)
    for state in wording.NOT_SUPPLIED:
        names = affected[affected["state"] == state]["name"]
        if len(names):
            lines.append(say(f"report.brief_{state}", names=wording.listing(say, names, most=12)))
    return [f"## {say('report.brief')}", "\n".join(f"- {plain(line)}" for line in lines)]


def _verdict(results: Results, say: Words) -> Iterator[str]:
    """Yield whom the what-if relieves and whom it hurts."""
    moved = _told_differences(results)
    order = ["supplied", "strained", "isolated", "not_on_network"]
    step = moved["state_what_if"].map(order.index) - moved["state_recorded"].map(order.index)
    for word, names in (
        ("better", moved[step < 0]["name"]),
        ("worse", moved[step > 0]["name"]),
    ):
        if len(names):
            yield say(f"report.brief_{word}", names=wording.listing(say, names, most=12))
    if not (step != 0).any():
        yield say("report.brief_same")


def _differences(results: Results, say: Words) -> list[str]:
    """Return the towns that differ between the two."""
    frame = _told_differences(results)
    blocks = [f"## {say('report.differences')}"]
    if frame.empty:
        return [*blocks, say("report.no_differences")]
    rows = [
        (
            row["name"],
            *(say(f"state.{row[f'state_{side}']}") for side in ("recorded", "what_if")),
            *(_ways(row, side) for side in ("recorded", "what_if")),
            *(wording.hours(say, row[f"travel_time_h_{side}"]) for side in ("recorded", "what_if")),
        )
        for row in frame.head(MOST_ROWS).to_dict("records")
    ]
    ways = say("head.approaches")
    head = [
        say("head.town"),
        say("head.recorded"),
        say("head.what_if"),
        f"{ways}, {say('head.recorded').lower()}",
        f"{ways}, {say('head.what_if').lower()}",
        say("head.hours_recorded"),
        say("head.hours_what_if"),
    ]
    return [*blocks, say("report.differences_note"), table(head, rows), *_rest(frame, say)]


def _told_differences(results: Results) -> Any:
    """Return the differences in places where people live."""
    frame = results.differences()
    return frame[wording.lived_in(results.what_if)[frame.index]]


def _ways(row: dict[Any, Any], side: str) -> str:
    """Return the open ways in, those at baseline in brackets."""
    return f"{row[f'approaches_{side}']} ({row['approaches_baseline']})"


def _rest(frame: Any, say: Words) -> list[str]:
    """Return a line that counts the rows left out."""
    rest = len(frame) - MOST_ROWS
    return [say("report.more_rows", count=say.number(rest))] if rest > 0 else []


def _corridors(results: Results, say: Words) -> list[str]:
    """Return the corridors, as recorded and what if."""
    before = results.recorded.corridors.corridors
    after = results.what_if.corridors.corridors
    both = results.scenario.changes_anything
    head = [say("head.corridor"), say("head.recorded")]
    head += [say("head.what_if")] if both else []
    head += [say("head.hours"), say("head.last_report")]
    rows = []
    for corridor in after.index:
        row = after.loc[corridor]
        states = [say(f"status.{before.loc[corridor, 'state']}")]
        states += [say(f"status.{row['state']}")] if both else []
        hours = wording.hours(say, row["time_h"])
        rows.append((row["name"], *states, hours, wording.last_report(say, row)))
    return [f"## {say('run.corridors')}", table(head, rows)]


def _towns(results: Results, say: Words) -> list[str]:
    """Return the towns that are not supplied in the what-if, with cause and since when."""
    now = results.what_if
    both = results.scenario.changes_anything
    heading = f"## {say('report.towns' if both else 'report.towns_recorded')}"
    frame = wording.affected_towns(now)
    if frame.empty:
        return [heading, say("run.no_towns")]
    head = [
        say(f"head.{key}")
        for key in ("town", "state", "since", "cause", "source", "hours", "approaches", "people")
    ]
    rows = [
        (
            row["name"],
            say(f"state.{row['state']}"),
            row["since"],
            wording.cause(say, now, row["reports"]),
            now.day.name(row["nearest_source"]) if row["nearest_source"] else wording.DASH,
            wording.hours(say, row["travel_time_h"]),
            wording.approaches(row),
            wording.people(say, row["population"]),
        )
        for _, row in frame.head(MOST_ROWS).iterrows()
    ]
    return [heading, table(head, rows), *_rest(frame, say), say("run.ways")]


def _unknown(results: Results, say: Words) -> list[str]:
    """Return what is not known: roads, ends and spots."""
    now = results.what_if
    roads = now.isolation.unknown_roads
    lines = [say("report.no_unknown")]
    if roads:
        names = wording.listing(say, roads, most=8)
        lines = [say("report.unknown_roads", count=say.number(len(roads)), names=names)]
    lines.append(say("report.never_told"))
    old = wording.old_news(say, now)
    lines += [old] if old else []
    for key, events in (("ends", now.assumed_ends), ("spots", now.assumed_spots)):
        if events:
            lines.append(say(f"run.assumed_{key}", events=", ".join(events)))
    return [f"## {say('report.unknown')}", "\n".join(f"- {plain(line)}" for line in lines)]


def _assumptions(results: Results, say: Words) -> list[str]:
    """Return every number in use with its reason."""
    head = [say(f"head.{key}") for key in ("key", "value", "unit", "reason")]
    rows = [
        (key, wording.DASH if row["value"] != row["value"] else f"{row['value']:g}",
         row["unit"], row["reason"])
        for key, row in results.what_if.assumed.iterrows()
        if not _idle(str(key), row["value"])
    ]  # fmt: skip
    return [f"## {say('report.assumptions')}", table(head, rows)]


def _idle(key: str, value: float) -> bool:
    """Tell whether a number of a rule changes nothing."""
    return (key.endswith((".delay_h", ".loss_prob")) and value == 0) or (
        key.endswith(".capacity_factor") and value == 1
    )


def _reports(results: Results, say: Words) -> list[str]:
    """Return the reports in force, with source and confidence."""
    head = [say(f"head.{key}") for key in ("event", "start", "end", "text", "source", "confidence")]
    head[4] = say("head.reported_by")
    rows = [
        (event, row["start"], wording.day_or_dash(row["end"]), row["text"], row["source"],
         row["confidence"])
        for event, row in results.what_if.reports.iterrows()
    ]  # fmt: skip
    return [f"## {say('report.reports')}", table(head, rows)]


def refuse_format(suffix: str) -> RequestError:
    """Return the error for a format that reports cannot be written in."""
    return RequestError(f"reports are written as .md, not as {suffix or '(no suffix)'}")
