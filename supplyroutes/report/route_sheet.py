"""The driver and convoy sheet: a route leg by leg, in words; the format comes later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from supplyroutes.analysis.ways.route import Route
from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.files import write_whole
from supplyroutes.report import wording
from supplyroutes.report.blocks import Blanks, Facts, Grid, Lines, Row, Section, Sheet

ARROW = "\N{RIGHTWARDS ARROW}"
APART = " \N{MIDDLE DOT} "
_LEG_HEAD = (
    "leg", "day", "road", "stretch", "km", "total_km", "drive", "wait", "total_h", "surface",
    "state", "last_report",
)  # fmt: skip
_LEG_WIDTHS = (6.2, 7.4, 13.5, 42, 8.5, 10.5, 13.8, 12, 10.5, 25.6, 18, 22)
_CUT_HEAD = ("road", "stretch", "km", "state", "reports", "last_report")
_OTHER_HEAD = (
    "way", "km", "hours", "loss", "capacity", "borders", "shared", "state", "reports",
)  # fmt: skip
_REPORT_HEAD = ("event", "legs", "days", "published", "text", "reported_by", "confidence")


def write_route_sheet(path: str | Path, route: Route, *, lang: str = "en") -> None:
    """Write the sheet of a route.

    Parameters
    ----------
    path
        The file; its suffix names the format: ``.md`` or ``.pdf`` (needs the extra ``pdf``).
    route
        The route.
    lang
        "en" or "fr".

    Raises
    ------
    RequestError
        There is no such format or language.
    MissingDependencyError
        A PDF is wanted and fpdf2 is not installed.
    OutputError
        The file cannot be written; nothing is half written.
    """
    place = Path(path)
    sheet = route_sheet(route, lang=lang)
    if place.suffix.lower() == ".md":
        from supplyroutes.report.sheet_markdown import sheet_markdown

        write_whole(place, sheet_markdown(sheet))
    elif place.suffix.lower() == ".pdf":
        from supplyroutes.report.sheet_pdf import sheet_pdf

        write_whole(place, sheet_pdf(sheet, route.at))
    else:
        shown = place.suffix or "(no suffix)"
        raise RequestError(f"route sheets are written as .md or .pdf, not as {shown}")


def route_sheet(route: Route, *, lang: str = "en") -> Sheet:
    """Return the sheet of a route in one language."""
    say = words(lang)
    newest = wording.DASH if route.known_until is None else say.day(route.known_until)
    commodity = wording.commodity_word(say, route.commodity)
    return Sheet(
        lang=lang,
        title=f"{route.origin_name} {ARROW} {route.to_name}",
        subtitle=say("sheet.subtitle", commodity=commodity, day=say.day(route.at)),
        banner=say("sheet.sensitive"),
        dated=say("sheet.dated", day=say.day(route.at)),
        rules=say("sheet.rules"),
        footer=say(
            "sheet.footer",
            day=say.day(route.at),
            newest=newest,
            assumed=_assumed(route, say),
            rules=", ".join(route.rules) or wording.DASH,
        ),
        sections=tuple(_sections(route, say)),
    )


def _sections(route: Route, say: Words) -> Iterator[Section]:
    """Yield the sections: the head, legs, alternatives, reports, and what to fill in."""
    if route.passable:
        cautions = Lines(tuple(_cautions(route, say)), strong=True)
        yield Section("", (Facts(tuple(_facts(route, say))), cautions))
        legs = Lines((say("sheet.legs_note"),))
        yield Section(say("sheet.legs"), (_legs(route, say), legs))
    else:
        lines = (_no_way(route, say), *_news(route, say))
        asked = tuple(_asked(route, say))
        head = (Facts(asked),) if asked else ()
        yield Section("", (*head, Lines(lines, strong=True), *_cut(route, say)))
    if len(route.alternatives):
        note = Lines(tuple(_others_notes(route, say)))
        yield Section(say("sheet.others"), (_others(route, say), note))
    if len(route.reports):
        note = Lines((say("sheet.reports_note"),))
        yield Section(say("sheet.reports"), (_reports(route, say), note))
    if route.passable:
        labels = tuple(say(f"sheet.blank_{key}") for key in ("called", "news", "decision"))
        yield Section(say("sheet.before"), (Blanks(labels),))


# --- the head -----------------------------------------------------------------------------


def _facts(route: Route, say: Words) -> Iterator[tuple[str, str]]:
    """Yield what a driver asks first."""
    legs = say.count("sheet.in_legs", len(route.legs))
    yield say("sheet.distance"), say("sheet.km_in_legs", km=say.number(route.length_km), legs=legs)
    yield (
        say("sheet.time"),
        say(
            "sheet.time_parts",
            hours=say.number(route.time_h, 1),
            drive=say.number(route.drive_h, 1),
            dwell=say.number(route.dwell_h, 1),
            delay=say.number(route.delay_h, 1),
        ),
    )
    days = route.days or 1
    told = say(
        "sheet.days_of",
        days=say.number(days),
        drive=_number(route, "driving_day_h", say),
        arrival=say.day(route.at + timedelta(days=days - 1)),
    )
    yield say("sheet.days"), told
    if len(route.nights):
        yield say("sheet.nights"), ", ".join(_night(night, say) for _, night in _rows(route.nights))
    crossings = [
        say("sheet.crossing_on", crossing=_crossing(row, say), leg=leg, stretch=_stretch(row))
        for leg, row in _rows(route.legs)
        if row["border"]
    ]
    yield say("sheet.borders"), "; ".join(crossings) or say("sheet.none")
    yield say("sheet.curfew"), "; ".join(_curfews(route, say)) or say("sheet.no_curfew")
    yield say("sheet.worst"), _worst(route, say)
    yield (
        say("sheet.loss"),
        say("sheet.loss_of", loss=say.number(100 * (1 - route.survival_prob), 1)),
    )
    if route.capacity_m3_per_day == route.capacity_m3_per_day:
        most = say.number(route.capacity_m3_per_day)
        yield say("sheet.capacity"), say("sheet.capacity_of", most=most)
    yield from _asked(route, say)


def _asked(route: Route, say: Words) -> Iterator[tuple[str, str]]:
    """Yield what the trip was asked to pass, to avoid and to accept."""
    for key, names in (("via", route.via_names), ("avoid", route.avoid_names)):
        if names:
            yield say(f"sheet.{key}"), ", ".join(names)
    if route.trip.accepts != "refused":
        yield say("sheet.accepts"), say(f"status.{route.trip.accepts}")


def _night(night: dict[str, Any], say: Words) -> str:
    """Return where a night is spent."""
    if night["place"] == "road":
        return say("sheet.night_road", leg=night["leg"])
    if night["place"] == "border":
        return say("sheet.night_border", town=night["name"])
    return str(night["name"])


def _crossing(row: dict[str, Any], say: Words) -> str:
    """Return the countries at a border, and how long trucks wait there."""
    countries = " \N{EN DASH} ".join(wording.country_name(say, code) for code in row["countries"])
    wait = wording.figure(say, row["border_wait_h"])
    return say("sheet.crossing", countries=countries or wording.DASH, wait=wait)


def _curfews(route: Route, say: Words) -> Iterator[str]:
    """Yield the curfews on the way, each with its legs and its reports."""
    legs: dict[tuple[float, tuple[str, ...]], list[int]] = {}
    for leg, row in _rows(route.legs):
        if row["curfew_by"]:
            legs.setdefault((row["curfew_h"], row["curfew_by"]), []).append(leg)
    for (hours, reports), numbers in legs.items():
        yield say(
            "sheet.curfew_on",
            hours=say.number(hours),
            legs=_legs_told(numbers, say),
            reports=", ".join(reports),
        )


def _worst(route: Route, say: Words) -> str:
    """Return the state of the worst roads, what that means, and where they are."""
    if route.state in {"open", None}:
        return say("sheet.all_open")
    numbers = [leg for leg, row in _rows(route.legs) if row["status"] == route.state]
    return say(
        "sheet.worst_on",
        state=say(f"status.{route.state}"),
        gloss=say(f"map.gloss.{route.state}"),
        legs=_legs_told(numbers, say),
    )


def _cautions(route: Route, say: Words) -> Iterator[str]:
    """Yield what makes the sheet less sure than it looks."""
    told = route.summary()
    whole = say.number(told["legs"])
    if told["open_without_report_legs"]:
        yield say.count("sheet.silent", told["open_without_report_legs"], legs=whole)
    if told["old_report_legs"]:
        stale = _number(route, "stale_report_days", say)
        yield say.count("sheet.old", told["old_report_legs"], legs=whole, days=stale)
    if told["unknown_legs"]:
        yield say.count("sheet.unknown", told["unknown_legs"], legs=whole)
    yield from _news(route, say)


def _news(route: Route, say: Words) -> Iterator[str]:
    """Yield that reports on the way are of after the day, or all reports old on it."""
    used = max(route.reports["known_on"], default=route.at)
    if used > route.at:
        yield say("sheet.hindsight", day=say.day(used))
    if route.known_until is None:
        return
    age = (route.at - route.known_until).days
    if age > route.assumed["value"]["stale_report_days"]:
        yield say("run.old", age=wording.age_word(say, age))


# --- tables -------------------------------------------------------------------------------


def _legs(route: Route, say: Words) -> Grid:
    """Return the legs, what stops or slows trucks below each."""
    rows = []
    for leg, row in _rows(route.legs):
        cells = (
            str(leg),
            say.number(row["day"]),
            row["road_ref"] or wording.DASH,
            _stretch(row),
            say.number(row["km"]),
            say.number(row["total_km"]),
            say.number(row["drive_h"], 1),
            _some_hours(row["dwell_h"] + row["delay_h"], say),
            say.number(row["total_h"], 1),
            _ground(row, say),
            say(f"status.{row['status']}"),
            _last_report(row, say),
        )
        note = APART.join(_leg_notes(route, leg, row, say))
        rows.append(Row(cells, note, marked=not row["free"]))
    return Grid(
        _heads(say, _LEG_HEAD),
        tuple(rows),
        _LEG_WIDTHS,
        say("sheet.head.notes"),
        frozenset({0, 1, 4, 5, 6, 7, 8}),
    )


def _leg_notes(route: Route, leg: int, row: dict[str, Any], say: Words) -> Iterator[str]:
    """Yield the border, curfew, checkpoints, hindrances and night of a leg."""
    if row["border"]:
        yield say("sheet.border_here", crossing=_crossing(row, say))
    if row["checkpoints"]:
        yield say.count("sheet.checkpoints", row["checkpoints"])
    if row["curfew_by"]:
        reports = ", ".join(row["curfew_by"])
        yield say("sheet.curfew_here", hours=say.number(row["curfew_h"]), reports=reports)
    slowed = [name for name in row["delayed_by"] if name not in row["curfew_by"]]
    if slowed:
        yield say("sheet.slowed", reports=", ".join(slowed))
    if row["reports"]:
        yield say("sheet.hindered", reports=", ".join(row["reports"]))
    if row["loss_prob"] > 0:
        yield say("sheet.loss_here", loss=say.number(100 * row["loss_prob"], 1))
    for number, night in _rows(route.nights):
        on_road = night["place"] == "road" and night["leg"] == leg
        at_start = night["place"] == "border" and night["leg"] == leg
        at_end = night["place"] == "town" and night["leg"] == leg + 1
        if on_road or at_start or at_end:
            yield say("sheet.night", night=number, place=_night(night, say))


def _others(route: Route, say: Words) -> Grid:
    """Return the alternatives, one a row."""
    rows = []
    for _, row in _rows(route.alternatives):
        via = ", ".join(row["via_names"]) or say("sheet.same_towns")
        capacity = row["capacity_m3_per_day"]
        cells = (
            say("sheet.safest", via=via) if row["why"] == "safest" else via,
            say.number(row["length_km"]),
            say.number(row["time_h"], 1),
            say("sheet.percent", share=say.number(100 * (1 - row["survival_prob"]), 1)),
            wording.people(say, capacity),
            say.number(row["borders"]),
            say("sheet.percent", share=say.number(100 * row["shared_share"])),
            say(
                "sheet.state_unknown" if row["relies_on_unknown"] else "sheet.state",
                state=say(f"status.{row['state']}"),
            ),
            wording.listing(say, row["reports"], most=4) or wording.DASH,
        )
        rows.append(Row(cells))
    widths = (48, 11, 12, 15, 14, 18, 14, 24, 36)
    return Grid(_heads(say, _OTHER_HEAD), tuple(rows), widths, right=frozenset(range(1, 7)))


def _others_notes(route: Route, say: Words) -> Iterator[str]:
    """Yield how to read the alternatives, and whether some may be missing."""
    yield say("sheet.others_note")
    if not route.complete:
        yield say("sheet.others_incomplete")


def _reports(route: Route, say: Words) -> Grid:
    """Return the reports behind the sheet, in the order in which they are met."""
    rows = []
    for event, row in _rows(route.reports):
        cells = (
            str(event),
            ", ".join(_ranges(row["legs"])),
            _days(row, say),
            str(row["known_on"]),
            say("run.labelled", label=say(f"kind.{row['kind']}"), value=row["text"]),
            row["source"],
            row["confidence"],
        )
        rows.append(Row(cells, marked=row["known_on"] > route.at))
    widths = (13, 14, 20, 18, 66, 44, 15)
    head = list(_heads(say, _REPORT_HEAD))
    if not route.passable:
        head[1] = say("sheet.head.roads")
    return Grid(tuple(head), tuple(rows), widths)


def _days(row: dict[str, Any], say: Words) -> str:
    """Return the days of a report, as far as its end is known."""
    if row["end"] == row["start"]:
        return str(row["start"])
    if isinstance(row["end"], date):
        return f"{row['start']} \N{EN DASH} {row['end']}"
    return say("sheet.since", start=row["start"])


def _no_way(route: Route, say: Words) -> str:
    """Return that there is no way, and whether roads that are closed are why."""
    closed = "sheet.closed" if route.trip.accepts == "refused" else "sheet.not_accepted"
    key = closed if len(route.cut) else "sheet.no_road"
    return say(key, origin=route.origin_name, to=route.to_name, day=say.day(route.at))


def _cut(route: Route, say: Words) -> Iterator[Grid]:
    """Yield the closed roads that prove that there is no way."""
    if route.cut.empty:
        return
    rows = tuple(
        Row(
            (
                row["road_ref"] or wording.DASH,
                _stretch(row),
                say.number(row["km"]),
                say(f"status.{row['status']}"),
                ", ".join(row["reports"]) or wording.DASH,
                _last_report(row, say),
            )
        )
        for _, row in _rows(route.cut)
    )
    widths = (16, 66, 14, 22, 44, 28)
    yield Grid(_heads(say, _CUT_HEAD), rows, widths, right=frozenset({2}))


# --- words --------------------------------------------------------------------------------


def _rows(frame: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the rows of a table, each with its index."""
    yield from zip(frame.index, frame.to_dict("records"), strict=True)


def _heads(say: Words, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the heads of a table."""
    return tuple(say(f"sheet.head.{key}") for key in keys)


def _stretch(row: dict[str, Any]) -> str:
    """Return a road as the towns at its ends, in the direction of travel."""
    return f"{row['tail_name']} {ARROW} {row['head_name']}"


def _some_hours(hours: float, say: Words) -> str:
    """Return hours, or a dash where there are none."""
    return say.number(hours, 1) if hours > 0 else wording.DASH


def _ground(row: dict[str, Any], say: Words) -> str:
    """Return what a truck drives on: the surface of a road, or a ferry."""
    if row["mode"] == "ferry":
        return say("sheet.ferry")
    return say(f"surface.{row['surface']}", condition=say(f"condition.{row['condition']}"))


def _last_report(row: dict[str, Any], say: Words) -> str:
    """Return the last report on a road and its age in days."""
    if not isinstance(row["last_report"], str):
        return say("sheet.no_report")
    age = wording.age_word(say, int(row["last_report_age_days"]))
    told = f"{row['last_report']}, {age}"
    return say("age.old", age=told) if row["stale"] else told


def _legs_told(numbers: Sequence[int], say: Words) -> str:
    """Return leg numbers, neighbours as a range."""
    key = "sheet.on_legs.one" if len(numbers) == 1 else "sheet.on_legs.many"
    return say(key, legs=", ".join(_ranges(numbers)))


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Yield ascending numbers, three and more neighbours as a range."""
    cuts = [0, *(n for n, (a, b) in enumerate(pairwise(numbers), 1) if b > a + 1), len(numbers)]
    for start, end in pairwise(cuts):
        run = numbers[start:end]
        if len(run) > 2:  # noqa: PLR2004
            yield f"{run[0]}\N{EN DASH}{run[-1]}"
        else:
            yield from map(str, run)


def _number(route: Route, key: str, say: Words) -> str:
    """Return an assumption with its range."""
    row = route.assumed.loc[key]
    low, value, high = (wording.figure(say, row[name]) for name in ("low", "value", "high"))
    return say("sheet.range", value=value, low=low, high=high)


def _assumed(route: Route, say: Words) -> str:
    """Return the assumptions behind the sheet."""
    keys = {"drive": "driving_day_h", "border": "dwell_border_h", "checkpoint":
            "dwell_checkpoint_h", "stale": "stale_report_days"}  # fmt: skip
    return say("sheet.assumed", **{name: _number(route, key, say) for name, key in keys.items()})
