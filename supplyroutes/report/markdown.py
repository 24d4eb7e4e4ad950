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

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$!&]|:(?=//)|(?<=www)\.")
"""What Markdown reads as markup; the last two make bare addresses into links."""
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
"""Blanks and line breaks; no-break spaces are none of them."""


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
    ]
    if scenario.changes_anything:
        parts += [_changes(results, say), _differences(results, say)]
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
    return _SPECIAL.sub(r"\\\g<0>", one_line(text))


def one_line(text: object) -> str:
    """Return text on one line, without hidden characters."""
    return printable(_BLANKS.sub(" ", str(text)).strip(" "))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table of plain text."""
    lines = [head, ["---"] * len(head)]
    body = [[plain(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*lines, *body])


def _intro(results: Results, say: Words) -> list[str]:
    """Return what the report is."""
    scenario = results.scenario
    blocks = [say("report.intro" if scenario.changes_anything else "report.intro_recorded")]
    if scenario.as_known_on:
        blocks.append(say("report.known_on", day=say.day(scenario.as_known_on)))
    return blocks


def _changes(results: Results, say: Words) -> list[str]:
    """Return what the scenario changes."""
    lines = [f"- {plain(line)}" for line in change_lines(results, say)]
    return [f"## {say('report.changes')}", "\n".join(lines)]


def _brief(results: Results, say: Words) -> list[str]:
    """Return the headline: counts, names, and whom the what-if helps or hurts."""
    counts = wording.counts_line(say, results.recorded.situation)
    lines = [say("report.brief_recorded", counts=counts)]
    if results.scenario.changes_anything:
        counts = wording.counts_line(say, results.main.situation)
        lines += [say("report.brief_what_if", counts=counts), *_verdict(results, say)]
        lines += [*_corridor_changes(results, say), *_source_changes(results, say)]
    affected = wording.affected_towns(results.main.situation)
    for state in wording.NOT_SUPPLIED:
        names = affected[affected["state"] == state]["name"]
        if len(names):
            told = wording.listing(say, names, most=12)
            lines.append(say.count(f"report.brief_{state}", len(names), names=told))
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
            told = wording.listing(say, names, most=12)
            yield say.count(f"report.brief_{word}", len(names), names=told)
    if not (step != 0).any():
        yield say("report.brief_same")
    names = moved[step == 0]["name"]
    if len(names):
        told = wording.listing(say, names, most=12)
        yield say.count("report.brief_differ", len(names), names=told)


def _corridor_changes(results: Results, say: Words) -> Iterator[str]:
    """Yield which corridors the what-if opens or closes, one line for each change."""
    names = results.main.situation.corridors.corridors["name"]
    before, after = (
        side.corridors.corridors["state"]
        for side in (results.recorded.situation, results.main.situation)
    )
    for steps, told in names[before != after].groupby([before, after]):
        first, then = (say(f"corridor.{state}") for state in steps)
        listed = wording.parted(say, told)
        yield say.count("report.brief_corridors", len(told), before=first, after=then, names=listed)


def _source_changes(results: Results, say: Words) -> Iterator[str]:
    """Yield which towns the what-if gives another nearest source, the largest towns first."""
    now = results.main.situation
    towns = now.isolation.towns[wording.lived_in(now)]
    towns = towns.assign(people=towns["population"].fillna(0))
    towns = towns.sort_values("people", ascending=False, kind="stable")
    after = towns["path_source"].dropna()
    before = results.recorded.situation.isolation.towns["path_source"][after.index].dropna()
    after = after[before.index]
    moved = before != after
    for steps, told in towns["name"][before.index][moved].groupby([before, after]):
        first, then = (now.day.name(str(source)) for source in steps)
        listed = wording.listing(say, told, most=12)
        yield say.count("report.brief_source", len(told), before=first, after=then, names=listed)


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
        for row in frame.to_dict("records")
    ]
    sides = ("recorded", "what_if")
    keys = [
        "town",
        *sides,
        *(f"{what}_{side}" for what in ("approaches", "hours") for side in sides),
    ]
    head = [say(f"head.{key}") for key in keys]
    return [*blocks, say("report.differences_note"), table(head, rows)]


def _told_differences(results: Results) -> Any:
    """Return the differences in places where people live."""
    frame = results.differences()
    return frame[wording.lived_in(results.main.situation)[frame.index]]


def _ways(row: dict[Any, Any], side: str) -> str:
    """Return the ways in: free / open / at baseline."""
    open_, free = row[f"approaches_{side}"], row[f"approaches_free_{side}"]
    return f"{free} / {open_} / {row['approaches_baseline']}"


def _corridors(results: Results, say: Words) -> list[str]:
    """Return the corridors, as recorded and what if."""
    before = results.recorded.situation.corridors.corridors
    after = results.main.situation.corridors.corridors
    if after.empty:
        return [f"## {say('run.corridors')}", say("report.no_corridors")]
    both = results.scenario.changes_anything
    head = [say("head.corridor"), say("head.recorded")]
    head += [say("head.what_if")] if both else []
    head += [say("head.affected_km"), say("head.hours"), say("head.last_report")]
    rows = []
    for corridor in after.index:
        row = after.loc[corridor]
        states = [say(f"corridor.{before.loc[corridor, 'state']}")]
        states += [say(f"corridor.{row['state']}")] if both else []
        hours = wording.hours(say, row["time_h"])
        affected = wording.affected_km(say, row)
        rows.append((row["name"], *states, affected, hours, wording.last_report(say, row)))
    return [f"## {say('run.corridors')}", table(head, rows)]


def _towns(results: Results, say: Words) -> list[str]:
    """Return the towns that are not supplied in the what-if, with cause and since when."""
    now = results.main.situation
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
            wording.state_word(say, row),
            wording.since(say, now, node),
            wording.cause(say, now, row),
            wording.source_name(now, row),
            wording.hours(say, row["path_time_h"]),
            wording.approaches(row),
            wording.people(say, row["population"]),
        )
        for node, row in frame.iterrows()
    ]
    notes = ["run.ways", "run.hours"]
    notes += ["run.doubtful"] if frame["relies_on_unknown"].any() else []
    return [heading, table(head, rows), " ".join(say(key) for key in notes)]


def _unknown(results: Results, say: Words) -> list[str]:
    """Return what is not known: roads, ends and spots."""
    now = results.main.situation
    roads = now.isolation.unknown_roads
    lines = [say("report.no_unknown")]
    if roads:
        names = wording.listing(say, [wording.road_name(now.day, road) for road in roads], most=8)
        lines = [say.count("report.unknown_roads", len(roads), names=names)]
    lines += wording.doubtful_line(say, now)
    lines.append(say("report.never_told"))
    if not wording.has_source(now.day, now.commodity):
        lines.append(say("run.no_source"))
    old = wording.old_news(say, now)
    lines += [old] if old else []
    lines += wording.assumed_lines(say, now)
    return [f"## {say('report.unknown')}", "\n".join(f"- {plain(line)}" for line in lines)]


def _assumptions(results: Results, say: Words) -> list[str]:
    """Return every number in use with its reason; those of an impact rule stand together."""
    frame = results.main.situation.assumed
    rows: list[tuple[str, str, str]] = []
    rules: dict[str, list[str]] = {}
    for key, row in frame.iterrows():
        name, dot, quantity = str(key).partition(".")
        value = wording.measured(say, row["value"], row["unit"])
        if not dot:
            rows.append((wording.assumption_label(say, name), value, row["reason"]))
        elif not _idle(quantity, row["value"]):
            rules.setdefault(name, []).append(say(f"quantity.{quantity}", value=value))
    for rule, told in rules.items():
        row = frame[frame.index.str.startswith(f"{rule}.")].iloc[0]
        rows.append((wording.rule_label(say, rule, row), wording.parted(say, told), row["reason"]))
    head = [say(f"head.{key}") for key in ("key", "value", "reason")]
    return [f"## {say('report.assumptions')}", table(head, rows), say("report.assumptions_note")]


def _idle(quantity: str, value: float) -> bool:
    """Tell whether a number of a rule changes nothing."""
    return value == {"delay_h": 0, "loss_prob": 0, "capacity_factor": 1}.get(quantity)


def _reports(results: Results, say: Words) -> list[str]:
    """Return the reports in force, with source and confidence."""
    if results.main.situation.reports.empty:
        return [f"## {say('report.reports')}", say("report.no_reports")]
    keys = ("event", "start", "end", "text", "reported_by", "confidence")
    head = [say(f"head.{key}") for key in keys]
    rows = [
        (event, row["start"], wording.day_or_dash(row["end"]), row["text"], row["source"],
         row["confidence"])
        for event, row in results.main.situation.reports.iterrows()
    ]  # fmt: skip
    return [f"## {say('report.reports')}", table(head, rows)]


def refuse_format(suffix: str) -> RequestError:
    """Return the error for a format that reports cannot be written in."""
    return RequestError(f"reports are written as .md, not as {suffix or '(no suffix)'}")
