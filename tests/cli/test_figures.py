"""Figures that commands write: `timeline`, `compare`, `criticality`, and the command `animate`."""

from __future__ import annotations

import pytest

SPAN = ("--case", "toy", "--from", "2025-01-09", "--to", "2025-01-13")
DAY = ("--case", "toy", "--date", "2025-01-12")


def starts(file, kind=b"\x89PNG"):
    return file.read_bytes().startswith(kind)


def test_a_timeline_writes_states_reports_and_maps(cli, tmp_path):
    """The answer is the same; a town asked for does not thin the figures."""
    files = {name: tmp_path / f"{name}.png" for name in ("figure", "reports", "maps")}
    options = [part for name, file in files.items() for part in (f"--{name}", file)]
    alone = cli("timeline", *SPAN, "--town", "East")[1]
    code, out, err = cli("timeline", *SPAN, "--town", "East", *options, "--lang", "en")
    assert (code, out) == (0, alone)
    assert all(starts(file) for file in files.values())
    assert err.splitlines() == [f"written: {file}" for file in files.values()]


def test_a_comparison_writes_bars_and_maps(cli, tmp_path):
    bars, maps = tmp_path / "bars.svg", tmp_path / "maps.png"
    code, out, err = cli(
        "compare", *DAY, "--since", "2025-01-09", "--figure", bars, "--map", maps, "--lang", "fr"
    )
    assert (code, starts(maps), starts(bars, b"<?xml")) == (0, True, True)
    assert out
    assert err.splitlines() == [f"written: {bars}", f"written: {maps}"]
    plain = cli("compare", *DAY, "--since", "2025-01-09", "--lang", "fr")
    assert plain[1] == out
    code, _, err = cli(
        "compare", *DAY, "--commodity", "fuel", "--commodity", "petrol", "--figure", bars, "--json"
    )
    assert (code, err) == (0, f"written: {bars}\n")


def test_entries_of_one_name_keep_their_own(cli, tmp_path):
    """A what-if that is called as the recorded day is on the screen: both stay."""
    scenario = tmp_path / "As recorded.toml"
    scenario.write_text(
        'case = "toy"\ndate = 2025-01-12\n[events]\nremoved = ["T1"]\n', encoding="utf-8"
    )
    maps = tmp_path / "maps.png"
    code, _, err = cli("compare", scenario, "--map", maps)
    assert (code, starts(maps)) == (0, True), err


def test_criticality_writes_bars(cli, tmp_path):
    bars, drawn = tmp_path / "bars.png", tmp_path / "map.png"
    code, _, err = cli("criticality", *DAY, "--figure", bars, "--map", drawn, "--top", "2")
    assert (code, starts(bars), starts(drawn)) == (0, True, True)
    assert err.splitlines() == [f"written: {drawn}", f"written: {bars}"]
    code, _, err = cli("criticality", *DAY, "--of", "corridors", "--figure", bars)
    assert code == 0, err
    code, _, err = cli("criticality", *DAY, "--why", "port--north", "--figure", bars)
    assert code == 2
    assert "leave out --map, --figure and --order" in err


@pytest.mark.parametrize(
    "command",
    [
        ("timeline", *SPAN, "--maps"),
        ("compare", *DAY, "--since", "2025-01-09", "--figure"),
        ("criticality", *DAY, "--figure"),
    ],
)
def test_a_file_that_can_be_no_figure_is_refused_before_the_answer(cli, command):
    code, out, err = cli(*command, "figure.xyz")
    assert (code, out) == (2, "")
    assert "'figure.xyz': a figure ends in .pdf, .png, .svg" in err


# --- films --------------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "kind"), [("gif", b"GIF89a"), ("html", b"<!DOCTYPE html>")])
def test_a_film_is_written(cli, tmp_path, ending, kind):
    file = tmp_path / f"days.{ending}"
    code, out, err = cli("animate", *SPAN, "-o", file, "--speed", "2", "--lang", "fr")
    assert (code, out, err) == (0, "", f"written: {file}\n")
    assert starts(file, kind)


def test_a_film_of_another_form_or_speed_is_refused(cli, tmp_path):
    for options, told in (
        (("-o", tmp_path / "days.png"), "a film ends in .gif, .html, .mp4"),
        (("-o", tmp_path / "days.gif", "--speed", "0"), "between 0.1 and 25"),
        (("-o", tmp_path / "days.gif", "--date", "2025-01-12"), "not --date"),
    ):
        code, _, err = cli("animate", *SPAN, *options)
        assert code == 2
        assert told in err
    assert not list(tmp_path.iterdir())


def test_a_film_that_cannot_be_written_is_code_5(cli, tmp_path):
    code, _, err = cli("animate", *SPAN, "-o", tmp_path / "none" / "days.gif")
    assert code == 5
    assert "cannot be written" in err
