"""The entries of an answer side by side: states, shortages, days, and what made the difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplyroutes.report import wording
from supplyroutes.report.answer_tables import shown_towns
from supplyroutes.report.blocks import Block, Chapter, Grid, Lines, Picture, Row
from supplyroutes.report.told import Told
from supplyroutes.scenario import Answer

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_DIFFERENCES = 20
MOST_DATED = 4
MOST_CHANGED = 6
_ORDER = ("supplied", "strained", "isolated", "not_on_network")


def what_if_chapter(told: Told) -> Chapter:
    """Return the entries side by side with the recorded day."""
    say = told.say
    title = say("report.comparison")
    if told.alone:
        return Chapter("what_if", title, (Lines((say("report.no_what_if"),)),))
    return Chapter("what_if", title, tuple(_blocks(told)))


def _blocks(told: Told) -> Iterator[Block | Picture]:
    """Yield states, days, changes with their intervals, and the towns that differ."""
    yield _states(told)
    yield _bars(told)
    dated = _dated(told)
    if dated is not None:
        yield dated
    yield from _changed(told)
    for answer in told.results.entries.values():
        if answer is not told.results.recorded:
            yield from _verdict(told, answer)
    yield from _differences(told)


def _states(told: Told) -> Grid:
    """Return towns by state and what goes short, one row for each entry."""
    say = told.say
    frame = told.tables["entries"]
    amounts = [
        name
        for name in ("delivered_m3_per_day", "unmet_m3", "unmet_m3_p50")
        if name in frame and frame[name].notna().any()
    ]
    keys = ["entry", "isolated", "strained", "supplied", "hindered_people"]
    keys += [f"entry_{name}" for name in amounts]
    rows = [
        Row(
            (
                told.entry(str(entry)),
                *(say.number(row[f"{state}_towns"]) for state in _ORDER[2::-1]),
                say.number(row["hindered_people"]),
                *(told.number(row[name]) for name in amounts),
            ),
            marked=entry == told.main.name,
        )
        for entry, row in frame.iterrows()
    ]
    return Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.28, *(0.72 / (len(keys) - 1) for _ in keys[1:])),
        right=frozenset(range(1, len(keys))),
        origin="entries",
    )


def _bars(told: Told) -> Picture:
    """Return the figure of places by state in each entry."""
    say = told.say

    def draw() -> Figure:
        from supplyroutes.plot import comparison_bars
        from supplyroutes.plot.saving import root_figure

        day = told.results.recorded.situation.day
        return root_figure(comparison_bars(day, told.comparison, lang=say.lang))

    return Picture(
        name="comparison",
        caption=say("report.comparison_caption"),
        alt=say("report.comparison_alt"),
        draw=draw,
        origin="entries",
    )


def _dated(told: Told) -> Grid | None:
    """Return from when the largest towns are short, one row for each entry; None if unknown."""
    say = told.say
    name, column = "outlook", "dry_on_p50"
    if name not in told.tables:
        name, column = "stocks", "dry_on"
    if name not in told.tables:
        return None
    towns = [node for node in shown_towns(told.main) if node in told.rows(name).index][:MOST_DATED]
    rows = []
    for entry in told.results.entries:
        frame = told.of(entry, name)
        if frame is not None:
            days = [told.later(frame.loc[node, column]) for node in towns]
            rows.append(Row((told.entry(entry), *days), marked=entry == told.main.name))
    return Grid(
        head=(say("head.dry_from_entry"), *(told.town(node) for node in towns)),
        rows=tuple(rows),
        widths=(0.28, *(0.72 / max(len(towns), 1) for _ in towns)),
        origin=name,
    )


def _changed(told: Told) -> Iterator[Block]:
    """Yield how many days of shortage each what-if changes, with the interval by common luck."""
    say = told.say
    frame = told.tables.get("outlook_changes")
    if frame is None:
        return
    towns = shown_towns(told.main)[:MOST_CHANGED]
    rows = [
        Row(
            (
                told.entry(row["entry"]),
                row["name"],
                say.signed(row["days_dry_change"], 1),
                say(
                    "outlook.range",
                    low=say.signed(row["days_dry_change_low"], 1),
                    high=say.signed(row["days_dry_change_high"], 1),
                ),
                say.share(row["better_share"]),
                say.share(row["worse_share"]),
            )
        )
        for row in frame.reset_index().to_dict("records")
        if row["node"] in towns
    ]
    keys = ("entry", "town", "days_short_change", "interval_95", "better_runs", "worse_runs")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.26, 0.18, 0.14, 0.2, 0.11, 0.11),
        right=frozenset({2, 3, 4, 5}),
        origin="outlook_changes",
    )
    yield Lines((say("report.common_luck"),))


def _verdict(told: Told, answer: Answer) -> Iterator[Block]:
    """Yield whom an entry relieves and hurts, and which corridors and sources change."""
    say = told.say
    lines = [
        *_relieved(told, answer),
        *_corridor_changes(told, answer),
        *_source_changes(told, answer),
    ]
    yield Lines((say("report.entry_alone", entry=told.entry(answer.name)),), strong=True)
    yield Lines(tuple(lines), origin="differences" if "differences" in told.tables else "")


def _relieved(told: Told, answer: Answer) -> Iterator[str]:
    """Yield whom an entry relieves and whom it hurts."""
    say, moved = told.say, _lived_in(told, answer)
    step = moved["state"].map(_ORDER.index) - moved["state_reference"].map(_ORDER.index)
    for word, names in (
        ("better", moved[step < 0]["name"]),
        ("worse", moved[step > 0]["name"]),
    ):
        if len(names):
            told_names = wording.listing(say, names, most=wording.MOST_NAMES)
            yield say.count(f"report.brief_{word}", len(names), names=told_names)
    if not (step != 0).any():
        yield say("report.brief_same")
    names = moved[step == 0]["name"]
    if len(names):
        told_names = wording.listing(say, names, most=wording.MOST_NAMES)
        yield say.count("report.brief_differ", len(names), names=told_names)


def _lived_in(told: Told, answer: Answer) -> pd.DataFrame:
    """Return the differences of an entry in places where people live."""
    both = told.results.comparison
    if both is None:
        raise KeyError(answer.name)
    frame = both.differences
    own = frame[frame.index.get_level_values("entry") == answer.name].droplevel("entry")
    return own[wording.lived_in(answer.situation)[own.index]]


def _corridor_changes(told: Told, answer: Answer) -> Iterator[str]:
    """Yield which corridors an entry opens or closes, one line for each change."""
    say = told.say
    names = answer.situation.corridors.corridors["name"]
    before, after = (
        side.corridors.corridors["state"]
        for side in (told.results.recorded.situation, answer.situation)
    )
    for steps, changed in names[before != after].groupby([before, after]):
        first, then = (say(f"corridor.{state}") for state in steps)
        listed = wording.parted(say, changed)
        yield say.count(
            "report.brief_corridors", len(changed), before=first, after=then, names=listed
        )


def _source_changes(told: Told, answer: Answer) -> Iterator[str]:
    """Yield which towns get another nearest source, the largest towns first."""
    say, now = told.say, answer.situation
    towns = now.isolation.towns[wording.lived_in(now)]
    towns = towns.assign(people=towns["population"].fillna(0))
    towns = towns.sort_values("people", ascending=False, kind="stable")
    after = towns["path_source"].dropna()
    recorded = told.results.recorded.situation.isolation.towns["path_source"]
    before = recorded[after.index].dropna()
    after = after[before.index]
    moved = before != after
    for steps, changed in towns["name"][before.index][moved].groupby([before, after]):
        first, then = (now.day.name(str(source)) for source in steps)
        listed = wording.listing(say, changed, most=wording.MOST_NAMES)
        yield say.count("report.brief_source", len(changed), before=first, after=then, names=listed)


def _differences(told: Told) -> Iterator[Block]:
    """Yield the towns that differ between the recorded day and the scenario itself."""
    say = told.say
    answer = told.main
    if answer is told.results.recorded:
        answer = next(one for one in told.results.entries.values() if one is not answer)
    moved = _lived_in(told, answer)
    if moved.empty:
        yield Lines((say("report.no_differences"),))
        return
    yield Lines((say("report.differences_of", entry=told.entry(answer.name)),), strong=True)
    sides = ("recorded", "what_if")
    ways = [f"approaches_{side}" for side in sides]
    keys = ("town", *sides, *ways, *(f"hours_{side}" for side in sides), "difference")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(_difference(told, row) for row in _records(moved)),
        widths=(0.16, 0.11, 0.11, 0.09, 0.09, 0.08, 0.08, 0.28),
        right=frozenset({3, 4, 5, 6}),
        origin="differences",
    )
    if len(moved) > MOST_DIFFERENCES:
        yield Lines((say.count("report.more_towns", len(moved) - MOST_DIFFERENCES),))
    yield Lines((say("report.differences_note"),))


def _records(moved: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the first rows of a table."""
    return moved.head(MOST_DIFFERENCES).to_dict("records")


def _difference(told: Told, row: Any) -> Row:
    """Return what differs in a town, and what made the difference."""
    say, worse = told.say, told.results.entries[row["worse"]].situation
    return Row(
        (
            row["name"],
            *(say(f"state.{row[name]}") for name in ("state_reference", "state")),
            *(_ways(row, end) for end in ("_reference", "")),
            *(wording.hours(say, row[f"travel_time_h{end}"]) for end in ("_reference", "")),
            wording.made_difference(say, worse, row),
        )
    )


def _ways(row: Any, end: str) -> str:
    """Return the ways in: free / open / at baseline."""
    return (
        f"{row[f'approaches_free{end}']} / {row[f'approaches{end}']} / {row['approaches_baseline']}"
    )
