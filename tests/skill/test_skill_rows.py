"""The table of skill: what the page of the back-test says, and what a back-test gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.datasets import skill_of
from supplyroutes.schema import format_rows, table_from_cells
from supplyroutes.skill.skill_rows import skill_rows

PAGE = Path(__file__).parents[2] / "docs" / "backtest.md"
ON_PAGE = (
    "forecaster", "cases", "brier", "interval", "skill_ratio", "log_score", "near", "middle",
    "far", "onsets", "error_days", "order_share", "inside_share",
)  # fmt: skip
"""Columns of the page."""


def on_page():
    """The rows of the tables of scores of the page, with the first day of their window."""
    rows, first = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"## .*: (\S+) to (\S+)", line)
        first = heading[1] if heading else first
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if first and len(cells) == len(ON_PAGE) and cells[1].isdigit():
            rows.append({"first": first, **dict(zip(ON_PAGE, cells, strict=True))})
    return rows


def test_the_table_says_what_the_page_says():
    """Every score of the page, to the digit: a report must not tell another story."""
    table = list(sr.datasets.skill("mali").rows())
    page = on_page()
    assert len(table) == len(page) == 12
    for row, told in zip(table, page, strict=True):
        assert (row["forecaster"].replace("_", " "), str(row["first"]), str(row["cases"])) == (
            told["forecaster"], told["first"], told["cases"],
        )  # fmt: skip
        for name in ("brier", "skill_ratio", "log_score", "order_share", "inside_share"):
            shown = "-" if row[name] is None else f"{row[name]:.2f}"
            assert shown == told[name], (row["forecaster"], name)
        assert f"{row['brier_low']:.2f} - {row['brier_high']:.2f}" == told["interval"]
        assert f"{row['error_days']:.1f}" == told["error_days"]
        assert row["fitted"] == (told["first"] == "2025-09-04")


def test_outside_of_the_fitted_days_the_model_is_worse_than_persistence():
    rows = {(row["fitted"], row["forecaster"]): row for row in sr.datasets.skill("mali").rows()}
    assert rows[False, "model"]["skill_ratio"] < 0
    assert rows[False, "persistence"]["brier"] < rows[False, "model"]["brier"]


def test_rows_of_a_back_test_are_a_sound_table(tmp_path):
    """One label, told short: nothing blocked says no, and is all wrong; the rows are read back."""
    network, events = sr.datasets.toy()
    cells = {
        "outcome": "O1", "date": "2025-01-12", "node": "north", "observation": "shortage",
        "value": "1", "text": "dry", "source": "s", "confidence": "A",
    }  # fmt: skip
    outcomes = table_from_cells([cells], "outcomes", file="outcomes.csv")
    result = sr.backtest(
        network, events, outcomes, window=("2025-01-11", "2025-01-12"), every_days=1,
        lead_days=10, forecasters={},
    )  # fmt: skip
    rows = skill_rows(result, window="january", fitted=False)
    (tmp_path / "skill.csv").write_text(format_rows(rows, "skill"), encoding="utf-8")
    read = {row["forecaster"]: row for row in skill_of(tmp_path).rows()}
    assert read["nothing_blocked"]["brier"] == pytest.approx(1)
    assert (read["persistence"]["labels"], read["persistence"]["short_labels"]) == (1, 1)
    assert read["persistence"]["labelled_towns"] == 1


def test_a_case_without_the_table_has_no_skill(tmp_path):
    assert len(skill_of(tmp_path)) == 0
    assert len(sr.datasets.skill("toy")) == 0
