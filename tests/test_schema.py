"""Tables: every problem at once, and what is written reads back the same."""

import contextlib
import random
import string
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.cells import default_value, quote_formula, unquote_formula
from supplyroutes.names import bad_character
from supplyroutes.schema import (
    SCHEMA_FOLDER,
    Table,
    format_rows,
    format_table,
    key_columns,
    parse_table,
    table_from_cells,
    table_schema,
)

TABLES = sorted(path.stem for path in SCHEMA_FOLDER.glob("*.csv"))
HEADER = "edge,u,v,length_km,source,confidence\n"
AWKWARD = list("=+-@',\";: \u00e9\u2019<>$`\\|#%0aZ\u062a\u07de\U0001f69a")


def parse_roads(text):
    """Return the checked roads of CSV text."""
    return parse_table(text, "roads", file="roads.csv")


def problems_of(text):
    """Return the problems that refuse a roads table."""
    with pytest.raises(sr.errors.DataError) as error:
        parse_roads(text)
    return error.value.problems


# --- round trips --------------------------------------------------------------------------

plain_text = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters()), max_size=12).map(
    lambda text: "".join(char for char in text if bad_character(char) is None).strip(" ")
)
names = plain_text.map(lambda text: unicodedata.normalize("NFC", text).strip(" "))
ids = st.text(string.ascii_letters + string.digits + "_é", min_size=1, max_size=6)
days = st.integers(0, 73_000).map(lambda number: date(1900, 1, 1) + timedelta(days=number))


def values(column):
    """Return a strategy for the values that a cell of the column may hold."""
    low, high = column.minimum, column.maximum
    entries = names.filter(lambda text: text and ";" not in text)
    of_type = {
        "id": ids,
        "ids": st.lists(ids, unique=True, max_size=3).map(tuple),
        "name": names,
        "names": st.lists(entries, unique=True, max_size=3).map(tuple),
        "text": plain_text,
        "float": st.floats(low, high, allow_nan=False, allow_infinity=False),
        "int": st.integers(
            -(10**15) + 1 if low is None else int(low), 10**15 - 1 if high is None else int(high)
        ),
        "bool": st.booleans(),
        "choice": st.sampled_from(column.choices or ("",)),
        "choices": st.lists(st.sampled_from(column.choices or ("",)), unique=True).map(tuple),
        "date": days,
        "known": days,
    }
    strategy = of_type[column.dtype]
    if column.required:
        return strategy.filter(lambda value: value not in ("", ()))
    if column.default:  # an empty cell reads as the default
        return strategy.filter(lambda value: value not in ("", ()))
    return strategy if column.dtype in {"text", "ids", "names", "choices"} else st.none() | strategy


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
def test_every_table_reads_back_as_it_was_written(name, data):
    """parse(write(x)) = x for every schema, and writing twice gives the same text."""
    row = st.fixed_dictionaries({column.name: values(column) for column in table_schema(name)})
    keys = key_columns(name)
    rows = data.draw(
        st.lists(row, max_size=3, unique_by=lambda row: tuple(row[key] for key in keys))
    )
    columns = {column.name: [row[column.name] for row in rows] for column in table_schema(name)}
    text = format_table(Table(name, "made up", columns))
    again = parse_table(text, name, file="again")
    assert again.columns == columns
    assert format_table(again) == text


@given(st.text(AWKWARD + list("\t\r\n")))
def test_quoting_a_formula_is_undone_by_reading(text):
    """Each text has one quoted form, and no quoted form starts a formula."""
    assert unquote_formula(quote_formula(text)) == text
    assert not quote_formula(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(AWKWARD), st.text(AWKWARD))
def test_two_texts_are_never_quoted_alike(one, two):
    """Quoting loses nothing."""
    assert (quote_formula(one) == quote_formula(two)) == (one == two)


@pytest.mark.parametrize(
    "aliases", [("a", "'=b"), ("'=a", "b"), ("a", "=b"), ("'", "''+1"), ("\u00a0", "a")]
)
def test_every_entry_of_a_list_is_quoted_by_itself(aliases):
    """An apostrophe that was there stays, wherever the entry stands."""
    row = {"node": "n", "name": "N", "aliases": aliases, "lat": 0.0, "lon": 0.0}
    text = format_rows([{**row, "source": "s", "confidence": "high"}], "towns")
    assert parse_table(text, "towns", file="f").columns["aliases"] == [aliases]


@pytest.mark.parametrize(
    ("number", "text"),
    [(120.0, "120"), (0.1, "0.1"), (-0.0, "0"), (1e20, "1e+20"), (1 / 3, repr(1 / 3))],
)
def test_numbers_are_written_short_and_exact(number, text):
    """Whole numbers have no point; others have as many digits as they need."""
    row = {"key": "k", "low": number, "best": number, "high": number}
    written = format_rows([row], "assumptions").splitlines()[1]
    assert written.split(",")[1] == text


# --- the header ---------------------------------------------------------------------------


def test_columns_may_come_in_any_order_and_optional_ones_be_left_out():
    """A column that is not there has its default."""
    table = parse_roads("confidence,source,length_km,v,u,edge\nhigh,s,5,b,a,r\n")
    assert table.columns["edge"] == ["r"]
    assert table.columns["surface"] == ["paved"]
    assert table.columns["capacity_m3_per_day"] == [None]


def test_an_empty_cell_of_an_optional_column_is_its_default():
    """Leaving out a column and leaving its cells empty say the same."""
    with_column = parse_roads(f"surface,{HEADER},r,a,b,5,s,high\n")
    without = parse_roads(f"{HEADER}r,a,b,5,s,high\n")
    assert with_column.columns == without.columns


def test_each_schema_describes_itself():
    """Every column has a known type and a meaning; bounds are in order; keys are columns."""
    for name in TABLES:
        columns = table_schema(name)
        assert set(key_columns(name)) <= {column.name for column in columns}
        for column in columns:
            assert column.meaning
            assert bool(column.choices) == (column.dtype in {"choice", "choices"})
            if column.minimum is not None and column.maximum is not None:
                assert column.minimum < column.maximum


# --- all problems at once -----------------------------------------------------------------


def test_five_faults_in_one_file_are_five_problems():
    """Each fault is told with its row and column, in reading order."""
    rows = [
        "r1,a,b,-5,s,high",
        "r2,a,b,5,s,sure",
        "r3,a,b,,s,high",
        "r4,a,b,5,s",
        "r2,a,c,5,s,high",
    ]
    found = problems_of(HEADER + "\n".join(rows))
    assert [(problem.row, problem.column) for problem in found] == [
        (2, "length_km"),
        (3, "confidence"),
        (4, "length_km"),
        (5, None),
        (6, "edge"),
    ]


def test_rows_are_counted_as_an_editor_counts_lines():
    """Blank lines, and line ends within quotes, count."""
    text = HEADER + '\r\n\r\nr1,a,b,5,"one\r\ntwo",high\r\nr2,a,b,x,s,high\r\n'
    assert [(problem.row, problem.column) for problem in problems_of(text)] == [
        (4, "source"),
        (6, "length_km"),
    ]


def test_rows_given_in_memory_may_bring_their_lines():
    """A problem of a table made elsewhere names the line it came from."""
    row = {"edge": "r", "u": "a", "v": "b", "length_km": "x", "source": "s", "confidence": "high"}
    with pytest.raises(sr.errors.DataError) as error:
        table_from_cells([row], "roads", file="made up", lines=[77])
    assert error.value.problems[0].row == 77


def test_taking_rows_keeps_their_lines():
    """After sorting, a problem still names the line in the file."""
    table = parse_roads(f"{HEADER}r1,a,b,5,s,high\nr2,a,b,6,s,high\n").take([1])
    assert len(table) == 1
    assert table.problem(0, "u", "x").row == 3


# --- the same row twice ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "row", "other"),
    [
        ("towns", {"node": "a", "name": "A", "lat": "1", "lon": "1"}, {"name": "B"}),
        (
            "supply",
            {
                "node": "a",
                "supply_m3_per_day_low": "1",
                "supply_m3_per_day_best": "1",
                "supply_m3_per_day_high": "1",
                "basis": "assumption",
            },
            {"kind": "other"},
        ),
    ],
)
def test_a_copy_of_a_row_is_dropped_and_another_row_of_its_key_refused(name, row, other):
    """Fuel that is told twice is not counted twice."""
    full = {"source": "s", "confidence": "high", **row}
    with pytest.warns(sr.errors.DataWarning, match="says the same as row 2"):
        table = table_from_cells([full, full], name, file="f")
    assert len(table) == 1
    with pytest.raises(sr.errors.DataError, match="stands already on row 2"):
        table_from_cells([full, {**full, **other}], name, file="f")


def test_a_town_may_have_several_commodities():
    """The key of supply is town and commodity."""
    row = {"node": "a", "basis": "assumption", "source": "s", "confidence": "high"}
    row.update({f"supply_m3_per_day_{end}": "1" for end in ("low", "best", "high")})
    rows = [{**row, "commodity": commodity} for commodity in ("petrol", "diesel")]
    assert len(table_from_cells(rows, "supply", file="f")) == 2


# --- whatever comes -------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    """No text makes the reader fail in another way."""
    with contextlib.suppress(sr.errors.DataError):
        assert parse_roads(text).name == "roads"


@given(st.integers(0, 2**32 - 1))
def test_any_damage_is_read_or_refused(seed):
    """Cut, swapped and doubled pieces of a good file never break the reader."""
    draw = random.Random(seed)  # noqa: S311
    text = (sr.datasets.folder("toy") / "roads.csv").read_text(encoding="utf-8")
    for _ in range(draw.randint(1, 4)):
        here, there = sorted(draw.randrange(len(text) + 1) for _ in range(2))
        pieces = ["", text[here:there] * 2, draw.choice('",;\n\r\u200b-='), "\n"]
        text = text[:here] + draw.choice(pieces) + text[there:]
    with contextlib.suppress(sr.errors.DataError, sr.errors.DataWarning):
        assert parse_roads(text).name == "roads"


def test_columns_that_are_not_given_share_their_values_and_nothing_else():
    """An empty text, no number, no list and false stay what they are, also in a fixed table."""
    table = parse_table("edge,u,v,length_km,source,confidence\nr,a,b,1,s,high\n", "roads", file="f")
    for one in (table, table.fixed()):
        (row,) = one.rows()
        given = {column.name: default_value(column) for column in table_schema("roads")}
        given |= {"edge": "r", "u": "a", "v": "b", "length_km": 1, "source": "s"}
        assert {name: repr(value) for name, value in row.items()} == {
            name: repr(float(value) if name == "length_km" else value)
            for name, value in {**given, "confidence": "high"}.items()
        }
