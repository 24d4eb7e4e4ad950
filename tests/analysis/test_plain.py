"""Plain values for JSON."""

import json
from datetime import date

import pandas as pd

from supplyroutes.analysis.plain import plain, records


def test_plain_values():
    """Missing and infinite numbers are None; dates are text; tuples are lists."""
    nan, inf = float("nan"), float("inf")
    assert [plain(value) for value in (nan, inf, -inf, None)] == [None] * 4
    assert plain(date(2025, 1, 2)) == "2025-01-02"
    assert plain((1, ("a", nan))) == [1, ["a", None]]
    assert plain(True) is True
    assert plain(0.1234567) == 0.123457
    assert plain(3) == 3


def test_values_of_numpy_become_those_of_python():
    """JSON knows no numpy."""
    series = pd.Series([1.5, 2.0])
    assert type(plain(series.iloc[0])) is float
    assert type(plain(pd.Series([1]).iloc[0])) is int
    assert type(plain(pd.Series([True]).iloc[0])) is bool


def test_whole_numbers_with_gaps_stay_whole():
    """A column that a schema calls whole has no 40.0, whatever pandas made of the gap."""
    columns = {"population": [6_321_017, None], "last_report_age_days": [None, 3], "value": [40, 1]}
    frame = pd.DataFrame(columns).astype(float).rename_axis("node")
    rows = records(frame)
    assert json.dumps([row["population"] for row in rows]) == "[6321017, null]"
    assert json.dumps([row["last_report_age_days"] for row in rows]) == "[null, 3]"
    assert json.dumps([row["value"] for row in rows]) == "[40.0, 1.0]"


def test_records_start_with_the_index():
    """One dict a row, which JSON can hold."""
    frame = pd.DataFrame({"x": [1.0, float("nan")]}, index=pd.Index(["a", "b"], name="node"))
    assert records(frame) == [{"node": "a", "x": 1.0}, {"node": "b", "x": None}]
    assert json.loads(json.dumps(records(frame), allow_nan=False)) == records(frame)
