"""Assumptions can be seen, replaced and refused."""

import pytest

import supplyroutes as sr
from supplyroutes.io.tables import data_folder


@pytest.fixture
def assumptions():
    """Return the bundled assumptions."""
    return sr.datasets.toy()[0].assumptions


@pytest.fixture
def own_assumptions(case_folder):
    """Return the path of the assumptions table of a case that has its own."""
    path = case_folder / "assumptions.csv"
    path.write_bytes((data_folder() / "assumptions.csv").read_bytes())
    return path


def test_every_assumption_has_a_range_a_reason_and_a_source(assumptions):
    """No number stands without saying why."""
    for entry in assumptions.values():
        assert 0 <= entry.low <= entry.best <= entry.high
        assert entry.reason
        assert entry.source


def test_keys_come_in_order(assumptions):
    """Rows are written in the same order every time."""
    assert list(assumptions) == sorted(assumptions)
    assert len(assumptions.rows()) == len(assumptions)


def test_replacing_gives_a_copy(assumptions):
    """The bundled numbers stay as they are."""
    other = assumptions.replacing({"dwell_border_h": 7})
    assert other["dwell_border_h"].best == 7
    assert assumptions["dwell_border_h"].best != 7
    assert other != assumptions
    assert assumptions.replacing({}) == assumptions


SHARE = "strained_capacity_share,0.25,0.5,0.75"


@pytest.mark.parametrize(
    ("value", "hint"), [(7, "write 0.07"), (50, "write 0.5"), (101, "a share"), (-0.1, "a share")]
)
def test_a_share_lies_between_0_and_1(assumptions, value, hint):
    """At 7 no road would carry enough, and every town would be strained without a word."""
    with pytest.raises(sr.errors.RequestError, match=f"must lie between 0 and 1.*{hint}"):
        assumptions.replacing({"strained_capacity_share": value})
    assert (
        assumptions.replacing({"strained_capacity_share": 1})["strained_capacity_share"].best == 1
    )


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_impossible_values_are_refused(assumptions, value):
    """A replaced value is a finite number from 0 up."""
    with pytest.raises(sr.errors.RequestError, match="finite number"):
        assumptions.replacing({"dwell_border_h": value})


@pytest.mark.parametrize("value", [0, 0.5, 24.5, 2000, float("nan")])
def test_hours_of_a_day_lie_between_1_and_24(assumptions, value):
    """Trucks that drive no hour of a day never arrive."""
    with pytest.raises(sr.errors.RequestError, match=r"driving_day_h: .* between 1 and 24"):
        assumptions.replacing({"driving_day_h": value})
    assert assumptions.replacing({"driving_day_h": 24})["driving_day_h"].best == 24


def test_an_unknown_assumption_names_the_nearest(assumptions):
    """A misspelt key is not silently a new one."""
    with pytest.raises(sr.errors.UnknownIdError, match="dwell_border_h"):
        assumptions.replacing({"dwel_border_h": 1})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("dwell_border_h,6,24,48", "dwell_border_h,-6,24,48", "from 0 up"),
        ("driving_day_h,8,9,10", "driving_day_h,0,9,10", "low: 0 must lie between 1 and 24"),
        ("dwell_border_h,6,24,48", "dwell_border_h,6,50,48", "not fall"),
        (SHARE, "strained_capacity_share,0.25,50,75", "best: 50 must lie between 0 and 1"),
        (SHARE, "strained_capacity_share,0.25,50,75", "high: 75 must lie between 0 and 1"),
        (SHARE, "strained_capacity_share,0.25,50,75", "is it a percentage? write 0.5"),
        (f"{SHARE},share", f"{SHARE},percent", "is in share, not in 'percent'"),
        ("dwell_border_h", "dwell_boarder_h", "did you mean dwell_border_h"),
        ("dwell_border_h", "dwell_boarder_h", "dwell_border_h is missing"),
    ],
)
def test_wrong_assumptions_of_a_folder_are_refused(
    case_folder, own_assumptions, edit, refused, *, old, new, message
):
    """Values out of range or falling, other units, unknown and missing keys are refused by name."""
    edit(own_assumptions, old, new)
    assert any(message in str(problem) for problem in refused(case_folder))


def test_a_speed_that_is_missing_or_told_twice_is_refused(case_folder, edit, refused):
    """Every kind of road has one speed."""
    path = case_folder / "speeds.csv"
    path.write_bytes((data_folder() / "speeds.csv").read_bytes())
    edit(path, "track,poor,slow,", "track,poor,often_cut,")
    texts = [str(problem) for problem in refused(case_folder)]
    assert any("stands already on row" in text for text in texts)


def test_faults_of_assumptions_and_speeds_come_together(case_folder, own_assumptions, refused):
    """Both tables are read before anything is refused."""
    own_assumptions.write_text("", encoding="utf-8")
    (case_folder / "speeds.csv").write_text("", encoding="utf-8")
    assert len(refused(case_folder)) == 2


def test_a_network_under_other_assumptions_has_other_hours():
    """`assuming` recomputes the truck times and leaves the base alone."""
    network = sr.datasets.mali()[0]
    before = network.base_time_h
    longer = network.assuming({"dwell_border_h": 48})
    assert sum(longer.base_time_h) > sum(before)
    assert network.base_time_h == before


def test_a_value_beyond_its_range_widens_it(tmp_path):
    """Written and read back: what was asked for is kept."""
    network = sr.datasets.toy()[0].assuming({"dwell_border_h": 100})
    sr.write_network(network, tmp_path)
    assert sr.read_network(tmp_path) == network
    assert sr.read_network(tmp_path).assumptions["dwell_border_h"].high == 100
