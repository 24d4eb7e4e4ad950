"""Result tables: stable names, plain cells, every number of the results."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from supplyroutes.catalogue import LANGUAGES, words
from supplyroutes.report import tables as module
from supplyroutes.report.document import document_of
from supplyroutes.report.report_json import report_json
from supplyroutes.report.tables import result_tables

PLAIN = (str, bool, np.bool_, int, float, np.integer, np.floating, dt.date, type(None))


def test_names_are_those_of_sheets_and_every_table_is_told(toy_results, mali_results):
    """At most 31 characters, letters and underscores; the overview holds each of them."""
    for results in (toy_results, mali_results):
        tables = result_tables(results)
        assert all(name.replace("_", "").isalpha() and len(name) <= 31 for name in tables)
        assert list(tables["tables"].index) == list(tables)[1:]
        assert all(tables["tables"]["call"])


def test_every_table_has_a_word_in_both_languages():
    for name in (module.OVERVIEW, *module.SOURCES):
        assert all(f"table.{name}" in words(lang) for lang in LANGUAGES)


def test_cells_are_plain_and_no_table_is_empty(toy_results, mali_results):
    for results in (toy_results, mali_results):
        for name, frame in result_tables(results).items():
            assert len(frame), name
            for column in frame:
                assert all(isinstance(value, PLAIN) for value in frame[column]), (name, column)


def test_files_named_are_files_that_were_read(toy_results, mali_results):
    """Inputs are those whose digest the results hold: a table that a case lacks is not named."""
    for results in (toy_results, mali_results):
        told = result_tables(results)["tables"]["inputs"]
        files = {file for cell in told for file in cell.split(", ") if file}
        assert files <= set(results.made.inputs)
    assert "skill.csv" in files


def test_tables_hold_the_numbers_of_the_results(toy_results):
    """One number of each part, read off the results by another way."""
    tables = result_tables(toy_results)
    main = toy_results.main
    assert tables["towns"].loc[("scenario", "east"), "travel_time_h"] == pytest.approx(
        main.situation.isolation.towns.loc["east", "travel_time_h"]
    )
    assert tables["flow"].loc["recorded", "unmet_m3_per_day"] == pytest.approx(120.75)
    assert tables["entries"]["strained_towns"].to_dict() == {
        "recorded": 3, "scenario": 0, "later": 0, "wait": 0,
    }  # fmt: skip
    outlook = toy_results.recorded.outlook
    share = outlook.daily.loc[(dt.date(2025, 1, 12), "east"), "short_share"]
    row = tables["outlook"].loc[("recorded", "east")]
    assert row["short_runs"] == round(10 * share)
    assert row["short_share_low"] <= share <= row["short_share_high"]
    assert tables["changes"].loc[("wait", 2)].tolist()[:4] == [
        "assumption", "dwell_border_h", "", "h",
    ]  # fmt: skip
    assert tables["assumptions"].loc[("wait", "dwell_border_h"), "changed"]
    assert tables["criticality"]["unmet_m3_per_day"].max() == pytest.approx(
        toy_results.roads.criticality.items["unmet_m3_per_day"].max()
    )


def test_days_are_told_of_the_largest_towns_only(toy_results):
    daily = result_tables(toy_results)["stock_days"]
    whole = toy_results.main.stocks.daily
    told = daily.loc["scenario"]
    pd.testing.assert_frame_equal(told, whole.loc[told.index], check_dtype=False)


def test_json_holds_every_table_that_a_block_names(toy_results, bare_results):
    """Each origin resolves; numbers that are missing are null, and the text is the same twice."""
    for results in (toy_results, bare_results):
        document, tables = document_of(results, "fr"), result_tables(results)
        text = report_json(results, document, tables)
        assert text == report_json(results, document, tables)
        read = json.loads(text)
        named = {name for chapter in read["chapters"] for name in chapter["tables"]}
        assert named <= set(read["tables"])
        assert all(line["answer"] for line in read["headline"])
        assert read["made"]["seed"] == results.scenario.seed
        assert [len(rows) for rows in read["tables"].values()] == [len(x) for x in tables.values()]
    assert "stocks" not in read["tables"]
