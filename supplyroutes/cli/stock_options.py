"""A planner's own figures on the command line: NAME=NUMBER, as often as needed."""

from __future__ import annotations

from collections.abc import Sequence

from supplyroutes.errors import RequestError
from supplyroutes.names import printable


def own_figures(option: str, given: Sequence[str]) -> dict[str, float]:
    """Return the figures of ``NAME=NUMBER`` texts by name.

    Raises
    ------
    RequestError
        Some are not of that form, or name a thing twice; the message tells of all of them.
    """
    figures: dict[str, float] = {}
    faults = []
    for text in given:
        name, equals, number = (part.strip() for part in text.rpartition("="))
        try:
            amount = float(number)
        except ValueError:
            amount = None
        shown = printable(text[:80])
        if not equals or not name or amount is None:
            faults.append(f"{option} {shown}: write NAME=NUMBER, as in bamako=4000")
        elif name in figures:
            faults.append(f"{option} {shown}: {printable(name[:80])} stands twice")
        else:
            figures[name] = amount
    if faults:
        raise RequestError("\n".join(faults))
    return figures
