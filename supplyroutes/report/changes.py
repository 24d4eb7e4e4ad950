"""What a scenario changes, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from supplyroutes.catalogue import Words
from supplyroutes.scenario import Change, Results


def change_lines(results: Results, say: Words) -> Iterator[str]:
    """Yield one line for each report left out, moved or added, and each number changed."""
    for change in results.changes:
        yield _TOLD[change.kind](change, say)


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
        key=change.name,
        value=_number(change.after, say),
        unit=change.unit,
        before=_number(change.before, say),
    )


def _rule(change: Change, say: Words) -> str:
    """Tell a quantity of an impact rule before and after."""
    return say(
        "report.rule",
        rule=change.name,
        quantity=change.quantity,
        value=_number(change.after, say),
        before=_number(change.before, say),
    )


def _number(value: Any, say: Words) -> str:
    """Return a number in the reader's language, or that there is no limit."""
    return say("report.never") if value is None else say.number(value, 2)


_TOLD = {
    "removed": _removed,
    "moved": _moved,
    "added": _added,
    "assumption": _assumption,
    "rule": _rule,
}
