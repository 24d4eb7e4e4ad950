"""Values and tables survive the way to JSON and back, with their types."""

import datetime as dt
import json
from math import inf, nan
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.scenario.saving.codec import Reader, Writer


def round_trip(value):
    """Return a value that went through JSON text, and check that it would go the same way again."""
    writer = Writer()
    told = json.loads(json.dumps([writer.value(value), writer.shared], allow_nan=False))
    back = Reader(told[1]).value(told[0])
    again = Writer()
    assert [again.value(back), again.shared] == told
    return back


numbers = st.floats(allow_nan=False) | st.integers()
plain = st.none() | st.booleans() | numbers | st.text() | st.dates()
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner)
        | st.dictionaries(st.tuples(st.text(max_size=2)), inner)
        | st.frozensets(plain)
    ),
    max_leaves=15,
)


@given(values)
@settings(deadline=None, max_examples=300)
def test_values_come_back_as_they_were(value):
    """Texts, numbers, days, lists, tuples, sets and dictionaries in each other."""
    back = round_trip(value)
    assert back == value
    assert repr(back) == repr(value) or "frozenset" in repr(value)


cells = {
    "float64": st.floats(),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "str": st.text() | st.just(nan),
    "object": plain | st.tuples(st.text(), st.integers()),
}


@given(st.data(), st.integers(0, 5))
@settings(deadline=None, max_examples=200)
def test_tables_come_back_with_their_types(data, rows):
    """Columns of every type, missing and endless numbers, one or two levels of index."""
    columns = data.draw(st.lists(st.sampled_from(sorted(cells)), max_size=4))
    frame = pd.DataFrame(
        {
            place: pd.Series(
                data.draw(st.lists(cells[dtype], min_size=rows, max_size=rows)), dtype=dtype
            )
            for place, dtype in enumerate(columns)
        },
        index=pd.RangeIndex(rows),
    )
    names = [f"c{place % 2}" for place in range(len(columns))]  # two may bear one name
    if columns:
        frame.columns = pd.Index(names, name="quantity", dtype=data.draw(st.sampled_from(["str", "object"])))  # fmt: skip  # noqa: E501
    if data.draw(st.booleans()):
        days = [dt.date(2025, 1, 1 + row % 2) for row in range(rows)]
        frame.index = pd.MultiIndex.from_arrays(
            [pd.Index(days, dtype=object), [f"n{row}" for row in range(rows)]],
            names=["date", None],
        )
    back = round_trip(frame)
    pd.testing.assert_frame_equal(back, frame, check_exact=True, check_index_type=True)
    for name in range(len(columns)):
        series = frame.iloc[:, name]
        pd.testing.assert_series_equal(round_trip(series), series, check_exact=True)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 0, 3)),
        np.array([[1.5, nan], [inf, -0.0]]),
        np.arange(6, dtype="int8").reshape(2, 3),
        np.array([True, False]),
        np.float64(2.5),
        np.int64(7),
        np.bool_(True),
    ],
)
def test_arrays_come_back_in_their_shape(array):
    """Arrays and their numbers."""
    back = round_trip(array)
    assert type(back) is type(array)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    assert np.signbit(back).tolist() == np.signbit(array).tolist() if back.dtype == float else True


def test_numbers_that_json_has_not():
    """Missing and endless numbers, and a dictionary with our own mark as its key."""
    assert round_trip((inf, -inf)) == (inf, -inf)
    assert np.isnan(round_trip(nan))
    assert round_trip({"~": 1}) == {"~": 1}
    assert round_trip(MappingProxyType({"a": (1,)})) == {"a": (1,)}


def test_networks_share_their_tables():
    """A table that was read twice stands once; networks come back equal, whatever they ask."""
    (one, events), two = sr.datasets.toy(), sr.read_network(sr.datasets.folder("toy"))
    days = (
        sr.disrupt(one, events, at="2025-01-12"),
        sr.disrupt(two.with_tracks(), events, at="2025-01-12", commodity="goods"),
        one.in_season("wet").assuming({"dwell_border_h": 3}),
        two.with_demand({"East": 90}),
    )
    writer = Writer()
    writer.value(days)
    tables = [told for told in writer.shared if told["~"] == "Table"]
    assert len(tables) == 9
    assert round_trip(days) == days


@pytest.mark.parametrize("value", [object(), 1j, {1, 2}, pd.Timestamp(0), sr.errors.RequestError])
def test_what_files_do_not_know_is_refused(value):
    """A result of a new kind is told when it is written, not when somebody reads it."""
    with pytest.raises(TypeError, match="a results file cannot hold"):
        Writer().value(value)
    with pytest.raises(TypeError, match="a column of"):
        Writer().value(pd.Series([pd.Timestamp(0)]))
