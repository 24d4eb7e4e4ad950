"""Results as HTML for notebooks: a headline and short tables, in which nothing is markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 12
"""Rows of a table that are shown; the frame itself holds them all."""
MOST_CHARACTERS = 160
"""Characters of a cell that are shown."""
LARGE = 1000
"""From here on numbers have no decimals."""
MOST_ENTRIES = 6
"""Entries of a list in a cell that are shown."""
MOST_TEXT = 1000
"""Characters of a headline or a paragraph that are shown."""
MISSING = "–"


def html(
    headline: str,
    *parts: str | tuple[str, pd.DataFrame],
    digits: int = 1,
    rows: int = MOST_ROWS,
) -> str:
    """Return plain texts and tables as HTML for notebooks: nothing in them is markup or a formula.

    A table comes with what it shows, and with the attribute that holds it whole. Long tables and
    long cells are cut, and a line says how many rows are left out: a result is looked at, not read
    through.

    >>> html("a < b", "more")  # doctest: +ELLIPSIS
    '<div class="tex2jax_ignore mathjax_ignore"><p><strong>a &lt; b</strong></p><p>more</p></div>'
    """
    told = [
        _paragraph(part) if isinstance(part, str) else _table(*part, digits=digits, rows=rows)
        for part in parts
    ]
    return (
        '<div class="tex2jax_ignore mathjax_ignore">'
        f"<p><strong>{_text(headline)}</strong></p>{''.join(told)}</div>"
    )


def asked(commodity: str, at: date | None) -> str:
    """Return what a result was asked: a commodity, and a day if there is one.

    >>> asked("fuel", None)
    'fuel, nothing blocked'
    """
    return f"{commodity} on {at}" if at else f"{commodity}, nothing blocked"


def listed(values: Mapping[Any, Any]) -> str:
    """Return a summary as one line of plain text.

    >>> listed({"towns": 3, "sent_m3": 12345.6, "share": 0.12345, "dry_on": None})
    'towns 3, sent_m3 12,346, share 0.123, dry_on –'
    """
    return ", ".join(f"{key} {_number(value)}" for key, value in values.items())


def fields(values: Mapping[str, Any]) -> pd.DataFrame:
    """Return names and values as a table of one column, for `html`."""
    import pandas as pd

    index = pd.Index(list(values), name="field")
    return pd.DataFrame({"value": pd.Series(list(values.values()), index=index, dtype=object)})


def _number(value: Any) -> str:
    """Return a value of a headline."""
    if isinstance(value, float) and isfinite(value):
        return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.3g}"
    return _cell(value, 1)


def _text(text: str) -> str:
    """Return a text as HTML that shows it, cut if it is long."""
    return escape(text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…")


def _paragraph(text: str) -> str:
    return f"<p>{_text(text)}</p>"


def _table(caption: str, frame: pd.DataFrame, *, digits: int, rows: int) -> str:
    """Return the first rows of a table under what they are, and how many follow."""
    import pandas as pd

    if not len(frame):
        return _paragraph(f"{caption}: none")
    head = frame.head(rows)
    shown = head.astype(object).copy()
    for place in range(shown.shape[1]):
        shown.isetitem(place, _column(head.iloc[:, place].tolist(), digits))
    shown.index, shown.columns = _labels(head.index), _labels(head.columns)
    with pd.option_context("display.max_colwidth", None):  # cut already
        told = str(shown.to_html(escape=True))
    left = len(frame) - len(head)
    more = _paragraph(f"… and {left:,} more") if left else ""
    return f"{_paragraph(f'{caption}:')}{told}{more}"


def _labels(index: pd.Index[Any]) -> pd.Index[Any]:
    """Return the labels of rows or columns as short texts."""
    return index.map(
        lambda label: (
            tuple(_cell(part, 1) for part in label) if isinstance(label, tuple) else _cell(label, 1)
        )
    )


def _column(values: list[Any], digits: int) -> list[str]:
    """Return the cells of a column; numbers that are all whole have no decimals."""
    finite = [value for value in values if isinstance(value, float) and isfinite(value)]
    places = 0 if all(value.is_integer() for value in finite) else digits
    return [_cell(value, places) for value in values]


def _cell(value: Any, digits: int) -> str:
    """Return a value as short text."""
    if isinstance(value, (tuple, list, set, frozenset)):
        told = [str(entry) for entry in value]
        told = sorted(told) if isinstance(value, (set, frozenset)) else told
        left = len(told) - MOST_ENTRIES
        text = ", ".join(told[:MOST_ENTRIES]) + (f" and {left:,} more" if left > 0 else "")
    elif value is None or value != value:  # noqa: PLR0124  (nan and NaT alone differ from themselves)
        text = ""
    elif isinstance(value, float):
        text = f"{value:,.{0 if abs(value) >= LARGE else digits}f}"
    elif isinstance(value, int) and not isinstance(value, bool):
        text = f"{value:,}"
    else:
        text = str(value)
    cut = text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
    return cut or MISSING
