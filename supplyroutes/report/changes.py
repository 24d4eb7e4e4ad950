"""What a scenario changes, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from supplyroutes.catalogue import Words
from supplyroutes.report import wording
from supplyroutes.scenario import Change, Results


def change_lines(results: Results, say: Words) -> Iterator[str]:
    """Yield one line for each report left out, moved or added, and each number changed."""
    for change in results.main.changes:
        yield change_words(change, say)


def change_words(change: Change, say: Words) -> str:
    """Return one change in words."""
    return _TOLD[change.kind](change, say)


def _removed(change: Change, say: Words) -> str:
    """Tell that a report is left out."""
    report: Any = change.before
    return say("report.removed", event=change.name, text=report.text)


def _moved(change: Change, say: Words) -> str:
    """Tell the new days of a report."""
    report: Any = change.after
    key = "report.moved" if report.end else "report.moved_open"
    return say(key, event=change.name, start=report.start, end=report.end)


def _added(change: Change, say: Words) -> str:
    """Tell that a report is added."""
    report: Any = change.after
    return say("report.added", event=change.name, start=report.start, text=report.text)


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


_TOLD = {
    "removed": _removed,
    "moved": _moved,
    "added": _added,
    "assumption": _assumption,
    "rule": _rule,
}
