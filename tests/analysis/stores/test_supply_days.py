"""Days of supply on a day: what the weeks before left, and until when it lasts."""

import json
from datetime import date, timedelta

import pytest

import supplyroutes as sr
from supplyroutes.analysis.stores.supply_days import AHEAD_DAYS, BACK_DAYS, supply_days

DAY = date(2025, 1, 12)


def toy(**options):
    """The days of supply of the toy case."""
    network, events = sr.datasets.toy()
    return supply_days(network, events, at=DAY, commodity="fuel", **options)


def test_it_is_the_run_of_stocks_from_weeks_before():
    """Stock in the evening of the day, and the first day on which something is missing."""
    network, events = sr.datasets.toy()
    start, end = DAY - timedelta(days=BACK_DAYS), DAY + timedelta(days=AHEAD_DAYS)
    levels = sr.stock_levels(sr.timeline(network, events, start=start, end=end))
    found = toy()
    assert (found.at, found.start, found.end) == (DAY, start, end)
    for node, row in found.towns.iterrows():
        days = levels.daily.xs(node, level="node")
        assert row["stock_m3"] == pytest.approx(days.loc[DAY, "stock_m3"])
        assert row["days_of_supply"] == pytest.approx(row["stock_m3"] / row["use_m3_per_day"])
        missing = days.loc[DAY:]
        missing = missing[missing["unmet_m3"] > 1e-6 * row["use_m3_per_day"]].index
        assert row["dry_on"] == (missing[0] if len(missing) else None)
        assert row["short"] == (len(missing) > 0 and missing[0] == DAY)


def test_the_first_to_run_short_comes_first():
    """Then the largest; those that do not run short come last."""
    when = [day or date.max for day in toy().towns["dry_on"]]
    assert when == sorted(when)


def test_without_demand_there_is_no_town():
    """An empty table, not an error."""
    network, events = sr.datasets.toy()
    found = supply_days(network, events, at=DAY, commodity="goods")
    assert len(found.towns) == 0
    assert found.to_dict()["towns"] == []


def test_the_result_is_plain_values_and_a_table():
    """JSON without NaN."""
    found = toy()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["at"] == "2025-01-12"
    assert "<table" in found._repr_html_()
