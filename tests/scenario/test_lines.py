"""The line of a key in a TOML text."""

from __future__ import annotations

from supplyroutes.scenario.lines import line_of


def test_line_of_finds_tables_of_arrays():
    """The second added report's key is found in the second table."""
    text = '[[events.added]]\nevent = "A"\n[[events.added]]\nevent = "B"\n'
    assert line_of(text, ("events", "added", 1, "event")) == 4
    assert line_of(text, ("events", "added", 0, "kind")) == 1
    assert line_of(text, ("title",)) is None
    assert line_of("a.b.c = 1\na.b.d = 2\n", ("a", "b")) == 1
    assert line_of("[a]\nb.c = 1\n", ("a", "b")) == 2
