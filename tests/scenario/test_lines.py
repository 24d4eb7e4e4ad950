"""The line of a key in a TOML text."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyroutes.scenario.lines import Source, dotted, key_lines, key_parts, line_of

TEXT = """\
title = "a # no comment"   # a comment with [brackets] and = signs
other.moved.T1 = { days = 2, start = 2025-01-01 }
"quoted.key" = '''
[not.a.table]
'''
list = [
    # a comment, [here]
    "one",
    { inside = 3, b = 4 },  # three
]

[events]
removed = ["T1",
  "T2"]
text = \"\"\"
[[added]]
x = \\"\"\" 1
\"\"\"
[[events.added]]
event = "A"
[[events.added]]
event = "B"
edges = ["x",
"y"]
[events.added.sub]
deep = 1979-05-27T07:32:00Z
[ what_if . "a b" ]
of = 'x'
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 1),
        (("events",), 12),
        (("other", "moved", "T1"), 2),
        (("other", "moved", "T1", "days"), 2),
        (("quoted.key",), 3),
        (("list",), 6),
        (("list", 0), 8),
        (("list", 1), 9),
        (("list", 1, "b"), 9),
        (("list", 1, "nothing"), 9),
        (("events", "removed"), 13),
        (("events", "removed", 1), 14),
        (("events", "text"), 15),
        (("events", "added", 0, "event"), 20),
        (("events", "added", 0, "kind"), 19),
        (("events", "added", 1), 21),
        (("events", "added", 1, "edges", 1), 24),
        (("events", "added", 1, "sub", "deep"), 26),
        (("what_if", "a b", "of"), 28),
        (("nothing",), None),
    ],
)
def test_every_way_to_write_a_key_has_its_line(key, line):
    """Tables, arrays of tables, inline tables, dotted and quoted keys, texts of many lines."""
    tomllib.loads(TEXT)
    assert line_of(TEXT, key) == line


def test_a_table_made_by_a_dotted_key_is_where_it_is_first_named():
    """Implicit tables have the line of their first key."""
    assert line_of("a.b.c = 1\na.b.d = 2\n", ("a", "b")) == 1
    assert line_of("[a]\nb.c = 1\n", ("a", "b")) == 2
    assert line_of("", ("a",)) is None


KEYS = st.sampled_from(["a", "b", "long-key", "x_1", '"q k"', "'l.k'"])


def in_brackets(values):
    """A TOML array of many lines, with comments."""
    return "[\n" + ", # ,\n".join(values) + "\n]"


def in_braces(values):
    """A TOML inline table."""
    return "{" + ", ".join(f"{key} = {value}" for key, value in values.items()) + "}"


VALUES = st.recursive(
    st.sampled_from(["1", "-0.5", "true", '"a ] } # = \\" "', "'[x'", "2025-10-15", '"""\n] """',
                     "'''\n\n=[ '''"]),
    lambda inner: st.lists(inner, max_size=3).map(in_brackets)
    | st.dictionaries(KEYS, inner.filter(lambda text: "\n" not in text), max_size=3).map(in_braces),
    max_leaves=8,
)  # fmt: skip
TABLES = st.dictionaries(KEYS, VALUES, max_size=3)


def leaves(value, place=()):
    """Yield every key and entry of a value that TOML has read."""
    if place:
        yield place
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inside in items:
        yield from leaves(inside, (*place, key))


@given(TABLES, st.dictionaries(st.sampled_from(["t", "u.v", '"w"']), TABLES, max_size=3))
def test_the_keys_found_are_those_that_toml_reads(top, tables):
    """Law: for any text that is TOML the same keys, each on a line of the text, in order."""
    lines = [f"{key} = {value}" for key, value in top.items()]
    for name, table in tables.items():
        lines += [f"[{name}]  # table", *(f"{key} = {value}" for key, value in table.items())]
    text = "\n".join(lines)
    found = key_lines(text)
    assert set(found) == set(leaves(tomllib.loads(text)))
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())
    assert list(found.values()) == sorted(found.values())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ("a",)),
        ("a.b-c.0", ("a", "b-c", "0")),
        ('stock_m3."St. Louis"', ("stock_m3", "St. Louis")),
        ("", None),
        ("a.", None),
        ("a b", None),
        ("a = 1\nb", None),
        ("a = 1 #", None),
        ("[a]\nb", None),
        ("é", None),
        ("." * 5000, None),
    ],
)
def test_parts_of_a_dotted_key(text, parts):
    """As TOML reads it; what is no key is None."""
    assert key_parts(text) == parts


def test_a_value_put_in_from_elsewhere_is_told_there():
    """A scenario of a grid names the line of the grid."""
    source = Source(
        "s.toml", "a.b = 1\n[grid]\n'a.b' = [2,\n3]\n", {("a", "b"): ("grid", "a.b", 1)}
    )
    problem = source.problem(("a", "b", "c"), "wrong")
    assert (problem.row, problem.column) == (4, "grid.a.b.1")
    assert source.problem(("a",), "wrong").row == 1
    assert source.problem(("c",), "wrong").row is None
    made = Source("s.toml", "[grid]\n'c.d' = [1]\n", {("c", "d"): ("grid", "c.d", 0)})
    assert made.problem(("c",), "unknown key").row == 2


def test_parts_that_would_be_misread_are_quoted():
    """A path, a line break, nothing at all; names with blanks are as people write them."""
    assert dotted(("what_if", "../x", 0)) == 'what_if."../x".0'
    assert dotted(("a", "b\n\u202e", "")) == 'a."b\\n\\u202e".""'
    assert dotted(("stock_m3", "St. Louis")) == "stock_m3.St. Louis"
    assert dotted(()) is None
