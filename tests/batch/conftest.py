"""Scenario files of the toy case, one a day, quick to answer."""

import pytest

SCENARIO = 'title = "{title}"\ncase = "toy"\ndate = 2025-01-{day}\n[analyses]\nonly = ["stocks"]\n'


@pytest.fixture
def scenarios(tmp_path):
    """A folder with three scenarios: day11, day12, day13."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    for day in (11, 12, 13):
        text = SCENARIO.format(title=f"Day {day}", day=day)
        (folder / f"day{day}.toml").write_text(text, encoding="utf-8")
    return folder
