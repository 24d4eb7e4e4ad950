"""Whole answers side by side on a terminal: what each supposes, fuel, stocks, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console

from supplyroutes.catalogue import Words
from supplyroutes.cli.terminal import line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.scenario.attribution import Attribution
    from supplyroutes.scenario.result_comparison import ResultComparison

MOST_TOWNS = 6
MOST_DRY_TOWNS = 3
"""Towns of which it is told which change makes their days dry."""
SHOWN_DAYS = 0.05
"""Fewer days dry are shown as none."""
MOST_CHANGES = 8
LONGEST_CHANGE = 44
"""Characters of a change in the table of shares."""
Label = Callable[[str], str]


def show_numbers(out: Console, say: Words, whole: ResultComparison, label: Label) -> None:
    """Show what is delivered and what goes short in each entry."""
    totals = whole.totals
    day, over = (totals[name].notna().any() for name in ("delivered_m3_per_day", "unmet_m3"))
    if not day and not over:
        return
    line(out, "")
    span = whole.span
    days = {} if span is None else {"start": say.day(span[0]), "end": say.day(span[1])}
    line(out, say("compare.numbers" if days else "compare.numbers_day", **days), style="bold")
    names = {"delivered_m3_per_day": "delivered_day", "fill_rate": "filled"} if day else {}
    names |= {"unmet_m3": "missing_m3", "towns_dry": "towns_dry"} if over else {}
    rows = [
        [label(str(entry)), *(_moved(say, row, name, first=place == 0) for name in names)]
        for place, (entry, row) in enumerate(totals.iterrows())
    ]
    head = [say(f"head.{key}") for key in ("entry", *names.values())]
    table(out, head, rows, right=range(1, len(head)), folding=(0,))


def _moved(say: Words, row: pd.Series[Any], name: str, *, first: bool) -> str:
    """Return a total, and in brackets how much more or less than in the reference it is."""
    value = row[name]
    if value != value:  # noqa: PLR0124
        return wording.DASH
    told = say.share(value) if name == "fill_rate" else say.number(value)
    if first or name == "fill_rate":
        return told
    return f"{told} ({_signed(say, row[f'{name}_change'])})"


def _signed(say: Words, value: float, digits: int = 0) -> str:
    """Return a difference with its sign; a dash if there is none to show."""
    if value != value or abs(value) < 0.5 * 10**-digits:  # noqa: PLR0124
        return "±0" if value == value else wording.DASH  # noqa: PLR0124
    return ("+" if value > 0 else "") + say.number(value, digits)


def show_supposed(out: Console, say: Words, lines: Sequence[str], entry: str) -> None:
    """Show what an entry, told by its name for people, supposes."""
    if not lines:
        return
    line(out, say("compare.supposes", entry=entry))
    for told in lines[:MOST_CHANGES]:
        line(out, f"  {told}")
    rest = len(lines) - MOST_CHANGES
    if rest > 0:
        line(out, say.count("compare.more_changes", rest), style="bright_black")


def show_stocks(out: Console, say: Words, whole: ResultComparison, entry: str) -> None:
    """Show when the largest towns run short in the reference and in an entry."""
    span = whole.span
    if span is None or "stocks" in whole.not_compared.get(entry, {}):
        return
    frame = whole.towns.xs(entry, level="entry")
    states = whole.states.towns["state", whole.reference]
    frame = frame[states[frame.index] != "not_on_network"].head(MOST_TOWNS)
    intervals = _intervals(whole, entry)
    sides = ("dry_on_reference", "dry_on")
    rows = [
        [
            row["name"],
            _step(say, *(wording.day_or_dash(row[name]) for name in sides)),
            _step(say, *(_days(say, value) for value in _both(row, "days_dry"))),
            *([] if intervals is None else [_interval(say, intervals, str(node))]),
        ]
        for node, row in frame.iterrows()
    ]
    keys = ["town", "dry_on", "days_missing", *([] if intervals is None else ["days_change"])]
    line(out, "")
    line(out, say("compare.dry", start=say.day(span[0]), end=say.day(span[1])))
    table(out, [say(f"head.{key}") for key in keys], rows, right=(2, 3), folding=(0, 1))


def _both(row: pd.Series[Any], name: str) -> tuple[float, float]:
    """Return a number in the reference and in the entry."""
    return row[name] - row[f"{name}_change"], row[name]


def _days(say: Words, days: float) -> str:
    """Return days dry, or a dash if there are none."""
    return say.number(days, 1) if days >= SHOWN_DAYS else wording.DASH


def _step(say: Words, before: str, after: str) -> str:
    """Return two values with an arrow between, or the one that stays."""
    return before if before == after else say("compare.step", before=before, after=after)


def _intervals(whole: ResultComparison, entry: str) -> pd.DataFrame | None:
    """Return the changes of days dry with their intervals, if draws were made."""
    if entry not in whole.outlook.index.get_level_values("entry"):
        return None
    return cast("pd.DataFrame", whole.outlook.xs(entry, level="entry"))


def _interval(say: Words, intervals: pd.DataFrame, node: str) -> str:
    """Return the change of days dry of a town with its interval."""
    if node not in intervals.index:
        return wording.DASH
    names = ["days_dry_change", "days_dry_change_low", "days_dry_change_high"]
    value, low, high = intervals.loc[[node], names].to_numpy(dtype=float)[0].tolist()
    if max(abs(value), abs(low), abs(high)) < SHOWN_DAYS:
        return wording.DASH
    told = [_signed(say, number, 1) for number in (value, low, high)]
    return say("compare.interval", value=told[0], low=told[1], high=told[2])


def show_shares(
    out: Console, say: Words, whole: ResultComparison, entry: str, labels: Mapping[str, str]
) -> None:
    """Show how much of the difference each change makes; `labels` are changes in words."""
    found = whole.attributions.get(entry)
    shown = [] if found is None else _measures(found)
    if found is None or not shown or not len(found.changes):
        return
    rows = []
    for change, frame in found.changes.groupby(level="change", sort=False):
        cells = frame.droplevel("change")
        told = labels.get(str(change), str(change))
        rows.append([_short(told), *(_share(say, cells.loc[[key]], key, found) for key in shown)])
    differences = found.totals["difference"].to_dict()
    total = [_signed(say, differences[key], _digits(key)) for key in shown]
    rows.append([say("compare.all"), *total])
    line(out, "")
    line(out, say("compare.shares"), style="bold")
    names = whole.states.towns["name", ""]
    head = [say("head.change"), *(_head(say, key, names) for key in shown)]
    table(out, head, rows, right=range(1, len(head)), folding=(0,))


def _short(told: str) -> str:
    """Return a change in few words: in full it stands above, under what the entry supposes."""
    return told if len(told) <= LONGEST_CHANGE else f"{told[: LONGEST_CHANGE - 1].rstrip()}…"


def _measures(found: Attribution) -> list[tuple[str, str]]:
    """Return the headline numbers that differ: those of all towns, then some towns."""
    differ = found.totals[found.totals["difference"].abs() > SHOWN_DAYS].index.tolist()
    towns = [key for key in differ if key[1]][:MOST_DRY_TOWNS]
    return [key for key in differ if not key[1] and key[0] != "supplied"] + towns


def _digits(key: tuple[str, str]) -> int:
    """Return the decimals in which a headline number is shown."""
    return 0 if key[0] == "unmet_m3" else 1


def _share(say: Words, cells: pd.DataFrame, key: tuple[str, str], found: Attribution) -> str:
    """Return the share of a change, and what goes if it alone is turned off."""
    names, digits = ["share", "turned_off"], _digits(key)
    share, off = cells[names].to_numpy(dtype=float)[0].tolist()
    gone = _signed(say, off, digits)
    return f"{_signed(say, share, digits)} ({gone})" if found.exact else gone


def _head(say: Words, key: tuple[str, str], names: pd.Series[str]) -> str:
    """Return the head of a headline number."""
    if key[1]:
        return f"{names[key[1]]}, {say('head.days_missing')}"
    keys = {"unmet_m3": "missing_m3", "not_on_network": "no_road"}
    return say(f"head.{keys.get(key[0], key[0])}")


def beside_notes(say: Words, whole: ResultComparison, label: Label) -> Iterator[str]:
    """Yield what is not set side by side and why, and what shares and intervals mean."""
    for entry, parts in whole.not_compared.items():
        for part, reasons in parts.items():
            if reasons != ("missing",):
                told = ", ".join(say(f"compare.apart.{reason}") for reason in reasons)
                name = say(f"compare.part.{part}")
                yield say("compare.not_compared", entry=label(entry), part=name, reasons=told)
    for entry, names in whole.other_inputs.items():
        yield say("compare.other_inputs", entry=label(entry), names=", ".join(names))
    if len(whole.outlook):
        yield say("compare.interval_note")
    for exact in sorted({found.exact for found in whole.attributions.values()}):
        from supplyroutes.scenario.attribution import MOST_SHARED

        key = "compare.shares_note" if exact else "compare.turned_off_note"
        yield say(key, most=MOST_SHARED)
