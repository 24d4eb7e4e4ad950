"""Answers side by side on a terminal: what differs, and what hangs on which assumption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console
from rich.text import Text

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import COLOURS, WIDE, console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.comparison import Comparison
    from supplyroutes.analysis.history import IsolationHistory
    from supplyroutes.analysis.sensitivity import Sensitivity
    from supplyroutes.cli.file_entries import Files
    from supplyroutes.overview import Situation
    from supplyroutes.scenario.result_comparison import ResultComparison

MOST_DIFFERENT = 6
MOST_STEPS = 10
MOST_RUNS = 12
Entries = Mapping[str, "Situation"]


@dataclass(frozen=True)
class Shown:
    """What a screen of entries side by side shows: the entries, and which towns and changes."""

    entries: Entries
    nodes: Sequence[str] = ()
    every_town: bool = False
    history: IsolationHistory | None = None
    files: Files | None = None


def comparison_json(
    told: Comparison | ResultComparison, history: IsolationHistory | None, nodes: Sequence[str]
) -> dict[str, Any]:
    """Return a comparison as plain values: of some towns only if any are named."""
    from supplyroutes.analysis.history import of_towns

    answer = told.to_dict()
    if nodes:
        for key in {"towns", "differences", "town_numbers", "outlook"} & set(answer):
            answer[key] = [row for row in answer[key] if row["node"] in nodes]
    if history is not None:
        kept = (of_towns(history, nodes) if nodes else history).to_dict()
        answer["changes"] = kept["changes"]
    return answer


def show_comparison(told: Comparison | ResultComparison, shown: Shown, *, lang: str) -> None:
    """Show the one screen of `supplyroutes compare`."""
    from supplyroutes.analysis.comparison import Comparison

    say, out = words(lang), console()
    entries, nodes = shown.entries, shown.nodes
    comparison = told if isinstance(told, Comparison) else told.states
    line(out, _title(say, entries), style="bold")
    _counts(out, say, entries)
    notes = [say("run.ways"), say("run.hours")] if nodes else [say("report.differences_note")]
    if out.width < WIDE and not nodes:
        notes.append(say("compare.narrow", width=WIDE))
    if shown.files is not None:
        notes += _numbers(out, say, shown.files, entries)
    for node in nodes:
        _town(out, say, comparison, entries, node)
    for entry in list(entries)[1:] if not nodes else ():
        _entry(out, say, comparison, shown, entry)
    if shown.history is not None:
        _steps(out, say, shown.history, next(iter(entries.values())), nodes)
    line(out, "")
    for note in notes:
        line(out, note, style="bright_black")
    line(out, say("run.use"), style="italic")


def _numbers(out: Console, say: Words, files: Files, entries: Entries) -> Sequence[str]:
    """Show fuel side by side; return what has to be noted of the answers of files."""
    from supplyroutes.cli.answers_beside import beside_notes, show_numbers

    def label(entry: str) -> str:
        return label_of(say, entries, entry)

    show_numbers(out, say, files.whole, label)
    return list(beside_notes(say, files.whole, label))


def _entry(out: Console, say: Words, comparison: Comparison, shown: Shown, entry: str) -> None:
    """Show one entry beside the reference: of files also what it supposes, stocks and shares."""
    from supplyroutes.cli.answers_beside import show_shares, show_stocks, show_supposed

    entries, files = shown.entries, shown.files
    labels = [label_of(say, entries, name) for name in (entry, comparison.reference)]
    line(out, "")
    line(out, say("compare.beside", entry=labels[0], reference=labels[1]), style="bold")
    if files is not None:
        show_supposed(out, say, files.supposed(entry, say), labels[0])
    _differences(out, say, comparison, entries, entry, every_town=shown.every_town)
    if files is not None:
        show_stocks(out, say, files.whole, entry)
        if entry in files.whole.attributions:
            show_shares(out, say, files.whole, entry, files.labels(entry, say))


def _title(say: Words, entries: Entries) -> str:
    """Return what is set side by side."""
    days = {now.at for now in entries.values()}
    commodities = {now.commodity for now in entries.values()}
    if len(commodities) == 1:
        return say("compare.title", commodity=wording.commodity_word(say, commodities.pop()))
    return say("compare.title_commodities", day=", ".join(say.day(day) for day in sorted(days)))


def label_of(say: Words, entries: Entries, entry: str) -> str:
    """Return the name of an entry for people, with its day where the days differ."""
    now = entries[entry]
    if entry == str(now.at):
        return say.day(now.at)
    if entry == now.commodity:
        return wording.commodity_word(say, entry)
    kind, _, of = entry.partition(":")
    told = entry
    if kind == "recorded":
        told = say("compare.recorded_for", entry=of) if of else say("compare.recorded")
    return f"{told}, {now.at}" if len({each.at for each in entries.values()}) > 1 else told


def _counts(out: Console, say: Words, entries: Entries) -> None:
    """Show how many places of the case's country, and people, are in each state."""
    rows = []
    for entry, now in entries.items():
        counts = wording.home_counts(now)
        cells = []
        for state in wording.COUNTED_STATES:
            number, people = counts[state]
            cell = say.number(number)
            if people and state in wording.NOT_SUPPLIED:
                told = say.count("count.people", people)
                cell = say("count.with_people", towns=cell, people=told)
            cells.append(cell)
        rows.append((label_of(say, entries, entry), *cells))
    keys = ("entry", "isolated", "strained", "supplied", "no_road")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(1, 2, 3, 4), folding=(0, 1, 2))
    for entry, now in entries.items():
        if not now.day.sources():
            told = say(
                "run.labelled", label=label_of(say, entries, entry), value=say("run.no_source")
            )
            line(out, told, style="bold red")


def _differences(
    out: Console,
    say: Words,
    comparison: Comparison,
    entries: Entries,
    entry: str,
    *,
    every_town: bool,
) -> None:
    """Show the towns and corridors of one entry that differ from the reference."""
    frame = comparison.differences
    frame = frame[frame.index.get_level_values("entry") == entry].droplevel("entry")
    frame = frame[wording.lived_in(entries[entry])[frame.index]]
    if frame.empty:
        line(out, say("report.no_differences"))
    else:
        line(out, say("compare.towns"))
        shown = frame if every_town else frame.head(MOST_DIFFERENT)
        _town_rows(out, say, [_town_cells(say, entries, row) for _, row in shown.iterrows()])
        rest = len(frame) - len(shown)
        if rest:
            line(out, say.count("compare.more", rest), style="bright_black")
    _corridors(out, say, (entries[comparison.reference], entries[entry]))


def _town_rows(out: Console, say: Words, rows: Sequence[Sequence[Any]]) -> None:
    """Show towns that differ, one a row; a narrow screen leaves out the ways in."""
    keys = ["town", "state", "hours", "approaches", "difference"]
    head = [say(f"head.{key}") for key in keys]
    wide = out.width >= WIDE
    cut = [row if wide else [*row[:3], *row[4:]] for row in [head, *rows]]
    table(out, cut[0], cut[1:], right=(2,), folding=(0, 1, len(cut[0]) - 1))


def _town_cells(say: Words, entries: Entries, row: pd.Series[Any]) -> Sequence[Any]:
    """Return the cells of a town: what it is in the reference and in the entry."""
    states = [row["state_reference"], row["state"]]
    hours = [wording.hours(say, row[f"travel_time_h{side}"]) for side in _SIDES]
    ways = [
        f"{row[f'approaches_free{side}']} / {row[f'approaches{side}']}"
        f" / {row['approaches_baseline']}"
        for side in _SIDES
    ]
    state = Text(_step(say, [say(f"state.{each}") for each in states]), style=COLOURS[states[1]])
    made = wording.made_difference(say, entries[row["worse"]], row)
    return row["name"], state, _step(say, hours), _step(say, ways), made


_SIDES = ("_reference", "")


def _step(say: Words, pair: Sequence[str]) -> str:
    """Return two values with an arrow between, or the one that stays."""
    before, after = pair
    return before if before == after else say("compare.step", before=before, after=after)


def _corridors(out: Console, say: Words, pair: tuple[Situation, Situation]) -> None:
    """Show the corridors that differ between two situations."""
    from supplyroutes.analysis.comparison import corridor_differs

    before, after = (now.corridors.corridors for now in pair)
    names = [
        name
        for name in after.index.intersection(before.index)
        if corridor_differs(before.loc[name], after.loc[name])
    ]
    line(out, "")
    if not names:
        line(out, say("compare.no_corridors"))
        return
    line(out, say("compare.corridors"))
    rows = []
    for name in names:
        sides = (before.loc[name], after.loc[name])
        rows.append(
            (
                sides[1]["name"],
                Text(
                    _step(say, [say(f"corridor.{side['state']}") for side in sides]),
                    style=COLOURS[sides[1]["state"]],
                ),
                _step(say, [say.number(side["affected_km"]) for side in sides]),
                _step(say, [wording.hours(say, side["time_h"]) for side in sides]),
                wording.last_report(say, sides[1]),
            )
        )
    keys = ("corridor", "state", "affected_km", "hours", "last_report")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(2, 3), folding=(0, 1, 2, 3, 4))


def _town(out: Console, say: Words, comparison: Comparison, entries: Entries, node: str) -> None:
    """Show one town in every entry, with its path, and what made the difference."""
    line(out, "")
    line(out, entries[comparison.reference].day.name(node), style="bold")
    rows = []
    for entry, now in entries.items():
        row = cast("pd.Series[Any]", now.isolation.towns.loc[node])
        rows.append(
            (
                label_of(say, entries, entry),
                Text(say(f"state.{row['state']}"), style=COLOURS[row["state"]]),
                wording.since(say, now, node)
                if row["state"] in wording.NOT_SUPPLIED
                else wording.DASH,
                wording.source_name(now, row),
                wording.hours(say, row["path_time_h"]),
                wording.approaches(row),
            )
        )
    keys = ("entry", "state", "since", "source", "hours", "approaches")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(4,), folding=(0, 3))
    paths: dict[str, list[str]] = {}
    for entry, now in entries.items():
        paths.setdefault(wording.path_words(now, node), []).append(label_of(say, entries, entry))
    for path, labels in paths.items():
        if path:
            line(out, say("run.labelled", label=", ".join(labels), value=path))
    differences = comparison.differences
    for entry in list(entries)[1:]:
        if (node, entry) in differences.index:
            _why(out, say, cast("pd.Series[Any]", differences.loc[(node, entry)]), entries, entry)


def _why(out: Console, say: Words, row: pd.Series[Any], entries: Entries, entry: str) -> None:
    """Show in full what made the difference of one town."""
    worse = entries[row["worse"]]
    head = say("head.difference")
    made = wording.made_difference(say, worse, row)
    label = label_of(say, entries, entry)
    line(out, say("run.labelled", label=f"{head} ({label})", value=made), style="bold")
    for event in row["reports"]:
        told = worse.reports.loc[event]
        mark = f"{event} {told['start']} ({told['confidence']})"
        line(out, "  " + say("run.labelled", label=mark, value=told["text"]))
    for arc in row["arcs"]:
        line(out, f"  {arc}")


def _steps(
    out: Console, say: Words, history: IsolationHistory, now: Situation, nodes: Sequence[str]
) -> None:
    """Show the changes of state between two days, one line a day and step, the last ones."""
    lived = wording.lived_in(now)
    names: dict[tuple[str, str, str], list[str]] = {}
    for day, node, before, after in history.changes.itertuples(index=False):
        if node in nodes or (not nodes and lived[node]):
            names.setdefault((str(day), before, after), []).append(now.day.name(node))
    line(out, "")
    line(out, say("compare.changes"), style="bold")
    if not names:
        line(out, say("run.no_state_changes"))
        return
    shown = list(names)[-MOST_STEPS:]
    rest = len(names) - len(shown)
    if rest:
        line(out, say.count("compare.earlier", rest), style="bright_black")
    rows = [
        (
            day,
            Text(_step(say, [say(f"state.{before}"), say(f"state.{after}")]), style=COLOURS[after]),
            wording.listing(say, names[day, before, after], most=wording.MOST_STEP_NAMES),
        )
        for day, before, after in shown
    ]
    head = [say(f"head.{key}") for key in ("date", "steps", "places")]
    table(out, head, rows, folding=(2,))


# --- assumptions ------------------------------------------------------------------------------


def show_sensitivity(result: Sensitivity, *, lang: str) -> None:
    """Show the one screen of `supplyroutes sensitivity`."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, result.commodity)
    line(out, say("sensitivity.title", commodity=commodity, day=say.day(result.at)), style="bold")
    counts = result.summary()
    line(out, say.count("sensitivity.runs", result.runs))
    if result.headline is not None:
        hang = {name: say.number(counts[name]) for name in ("towns", "people")}
        line(out, say.count("sensitivity.flipping", counts["flipping"], **hang))
    if result.headline is None:
        line(out, say("sensitivity.none"), style="bold")
    else:
        first = result.flips.iloc[0]  # the run that moves most people stands first
        key = wording.number_label(say, result.headline, first)
        told = say("sensitivity.headline", key=key, reason=first["reason"])
        line(out, told, style="bold")
    moving = result.flips[(result.flips[["towns_changed", "times_changed"]] > 0).any(axis=1)]
    if len(moving):
        line(out, "")
        _runs(out, say, moving.head(MOST_RUNS), result.towns)
        rest = len(moving) - MOST_RUNS
        if rest > 0:
            line(out, say.count("sensitivity.more", rest), style="bright_black")
    line(out, "")
    rules = say.number(result.idle_rules)
    line(out, say.count("sensitivity.fixed", result.fixed, rules=rules), style="bright_black")
    line(out, say("sensitivity.note"), style="bright_black")


def _runs(out: Console, say: Words, flips: pd.DataFrame, towns: pd.DataFrame) -> None:
    """Show runs, then the towns that they flip, the largest first."""
    rows = []
    lines = []
    for place, row in flips.iterrows():
        key, end = cast("tuple[str, str]", place)
        label = say(f"sensitivity.{end}", key=wording.number_label(say, key, row))
        counts = (row[f"{name}_changed"] for name in ("towns", "people", "times"))
        numbers = [say.number(count) for count in counts]
        rows.append((label, wording.moved_number(say, row), *numbers))
        steps = wording.flip_lines(say, row["changes"], towns)
        lines += [say("run.labelled", label=label, value=step) for step in steps]
    keys = ("key", "value", "places", "people", "times")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(2, 3, 4), folding=(0, 1))
    for text in lines:
        line(out, text)
