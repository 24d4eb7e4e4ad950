"""RELIABILITY, part A: numbers that are none, or that cannot be."""

from datetime import date
from fractions import Fraction
from math import fsum

import pytest

import supplyroutes as sr
from supplyroutes.analysis.doubt import chances
from supplyroutes.analysis.doubt.beliefs import Chance
from supplyroutes.analysis.doubt.causes import Causes, Draw
from supplyroutes.analysis.doubt.town_chances import TownChances
from supplyroutes.io.tables import data_folder
from supplyroutes.schema import table_from_cells, table_schema
from tests.oracles.brute_reliability import every_state
from tests.strategies import network_of, source, town

ROAD = {"edge": "r", "u": "a", "v": "b", "length_km": "150", "source": "s", "confidence": "high"}


def problem_of(name, **cells):
    """Return the one problem that refuses a row of a table with these cells."""
    row = {**_row(name), **cells}
    with pytest.raises(sr.errors.DataError) as error:
        table_from_cells([row], name, file=f"{name}.csv")
    (problem,) = error.value.problems
    assert problem.row == 2
    assert problem.column in cells
    return problem.message


def _row(name):
    """Return a row that the schema of a table accepts."""
    of_type = {"id": "a", "ids": "a", "name": "A", "float": "1", "int": "1", "text": "t"}
    return {
        column.name: column.choices[0] if column.choices else of_type[column.dtype]
        for column in table_schema(name)
        if column.required
    }


NUMBERS = [
    (name, column.name)
    for name in ("roads", "supply", "demand", "stocks", "limits", "speeds", "impact_rules")
    for column in table_schema(name)
    if column.dtype == "float"
]


@pytest.mark.parametrize("cell", ["", " "])
def test_rel_001_an_empty_length_is_refused(cell):
    """A road without a length has no place in a sum."""
    assert "is empty" in problem_of("roads", length_km=cell)


@pytest.mark.parametrize("cell", ["nan", "NaN", "NULL", "None", "NA", "n/a"])
@pytest.mark.parametrize(("name", "column"), NUMBERS)
def test_rel_001_a_word_for_nothing_is_no_number(name, column, cell):
    """Unknown is an empty cell, in every column of every table."""
    assert "leave the cell empty" in problem_of(name, **{column: cell})


@pytest.mark.parametrize(("name", "column"), NUMBERS)
def test_rel_002_negative_quantities_are_refused(name, column):
    """No length, time, capacity, demand, stock, share or probability is below zero."""
    assert "is below" in problem_of(name, **{column: "-0.001"})


def test_rel_002_negative_assumptions_are_refused(case_folder, edit, refused):
    """A negative waiting time would make cycles that pay."""
    path = case_folder / "assumptions.csv"
    path.write_bytes((data_folder() / "assumptions.csv").read_bytes())
    edit(path, "dwell_checkpoint_h,0.25,", "dwell_checkpoint_h,-0.25,")
    assert any("from 0 up" in problem.message for problem in refused(case_folder))


@pytest.mark.parametrize("cell", ["inf", "-inf", "Infinity", "1e999", "9" * 400, "1" * 100_000])
def test_rel_003_infinite_numbers_are_refused(cell):
    """Neither by name nor by size does infinity come in."""
    assert len(problem_of("roads", length_km=cell)) < 120


@pytest.mark.parametrize("cell", ["9" * 400, "1" * 100_000, "1e999", "1e3", "1.0"])
def test_rel_003_whole_numbers_have_a_bound(cell):
    """A number of 100,000 digits is refused before it is computed."""
    assert len(problem_of("towns", population=cell)) < 120


def test_rel_004_zero_lengths_are_accepted_with_one_warning_each(two_towns):
    """A ring of three roads of no length is read, and warned of road by road."""
    spot = {"lat": 10, "lon": 0, "source": "s", "confidence": "high"}
    towns = [{"node": node, "name": node, **spot} for node in "abc"]
    ends = ("ab", "bc", "ca")
    roads = [{"u": u, "v": v, "length_km": 0} for u, v in ends]
    with pytest.warns(sr.errors.DataWarning, match="0 km") as caught:
        network = sr.read_network(two_towns(*roads, towns=towns))
    assert len(caught) == 3
    assert network.base_time_h == (0,) * 6


def test_rel_005_decimal_comma_is_refused_with_a_hint():
    """The hint says what to write, and says so where the comma may part thousands."""
    assert problem_of("roads", length_km="12,5").endswith("write a decimal point: 12.5")
    assert problem_of("roads", length_km="-12,5").endswith("write a decimal point: -12.5")
    assert problem_of("roads", length_km="1,234").endswith(
        "write a decimal point: 1.234 (or 1234, if the comma parts thousands)"
    )


@pytest.mark.parametrize("cell", ["1 234", "1\u00a0234", "1\u202f234", "1_234", "1'234"], ids=ascii)
def test_rel_005_separated_thousands_are_refused_with_a_hint(cell):
    """Blanks of any width, underscores and apostrophes are no digits."""
    assert "without separators: 1234" in problem_of("roads", length_km=cell)


@pytest.mark.parametrize(
    "cell",
    ["12 km", "12km", "0x1F", "1e", "12%", "\u0661\u0662", "true", "1.2.3", "1,2,3", "--1",
     "1/2", "\uff11", "1.234,5", "=1+1", ".", "e5", "1e99999"],
    ids=ascii,
)  # fmt: skip
def test_rel_005_other_writings_are_refused(cell):
    """Units, hex, other digits, words and formulas are not guessed at."""
    assert "is not a number" in problem_of("roads", length_km=cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("150", 150), ("150.", 150), ("+1.5e2", 150), (" 150 ", 150), (".5", 0.5), ("1E1", 10)],
)
def test_rel_005_plain_numbers_are_read(cell, value):
    """A sign, a point, an exponent and spaces around are plain."""
    table = table_from_cells([{**ROAD, "length_km": cell}], "roads", file="f")
    assert table.columns["length_km"] == [value]


@pytest.mark.parametrize("cell", ["1", "0", "yes", "TRUE", "True", "oui"])
def test_rel_005_booleans_are_true_and_false_only(cell):
    """A flag is not guessed at either."""
    assert "neither true nor false" in problem_of("roads", oneway=cell)


@pytest.mark.parametrize(
    ("length", "refused_", "message"),
    [
        (100, True, r"100 km is shorter .*\(109.5 km\)"),
        (108, False, r"108 km is a little less .*\(109.5 km\)"),
        (2001, False, r"2001 km is over 2000 km"),
    ],
)
def test_rel_006_lengths_are_held_against_the_globe(two_towns, length, refused_, message):
    """Under 0.98 of the great circle refused, up to 1 and over 2,000 km warned, with numbers."""
    folder = two_towns({"length_km": length})
    if refused_:
        with pytest.raises(sr.errors.DataError, match=message):
            sr.read_network(folder)
    else:
        with pytest.warns(sr.errors.DataWarning, match=message):
            sr.read_network(folder)


@pytest.mark.parametrize(
    ("name", "column", "cell", "hint"),
    [
        ("roads", "speed_dry_kmh", "0", "below 1 km/h"),
        ("roads", "speed_dry_kmh", "-5", "below 1 km/h"),
        ("roads", "speed_wet_kmh", "900", "above 130 km/h"),
        ("speeds", "speed_dry_kmh", "900", "above 130 km/h"),
        ("impact_rules", "loss_prob_best", "-0.1", "below 0"),
        ("impact_rules", "loss_prob_best", "1.1", "above 1"),
        ("impact_rules", "capacity_factor_best", "80", "is it a percentage? write 0.8"),
        ("towns", "lat", "91", "above 90 degrees"),
        ("towns", "lon", "-180.5", "below -180 degrees"),
    ],
)
def test_rel_007_values_out_of_range_are_refused_with_the_bound(name, column, cell, hint):
    """The message names the bound, its unit, and a percentage where one is likely."""
    assert hint in problem_of(name, **{column: cell})


def test_rel_007_a_share_of_7_is_refused_in_a_scenario():
    """It was taken, and left no town supplied."""
    scenario = sr.Scenario(
        case="toy", date=date(2025, 1, 12), assumptions={"strained_capacity_share": 7}
    )
    with pytest.raises(sr.errors.DataError, match=r"must lie between 0 and 1.*write 0.07"):
        sr.run(scenario, analyses=())


def test_rel_008_sums_of_supply_lose_nothing_to_size(two_towns, write_rows):
    """A town's summed supply is within 1e-9 of the exact sum."""
    amounts = ["10000000", "0.1", "0.000001", "9999999.9"]
    commodities = ("petrol", "diesel", "jet", "heavy_fuel_oil")
    rows = []
    for commodity, amount in zip(commodities, amounts, strict=True):
        ends = {f"supply_m3_per_day_{end}": amount for end in ("low", "best", "high")}
        fixed = {"node": "a", "basis": "assumption", "source": "s", "confidence": "high"}
        rows.append({**fixed, "commodity": commodity, **ends})
    folder = two_towns({})
    write_rows(folder / "supply.csv", rows)
    total = sr.read_network(folder).nodes.loc["a", "supply_m3_per_day"]
    exact = sum(Fraction(amount) for amount in amounts)
    assert abs(Fraction(total) - exact) / exact < Fraction(1, 10**9)
    assert total == pytest.approx(fsum(map(float, amounts)), rel=1e-12)


def test_rel_009_units_stand_in_the_schema_and_other_units_are_refused(two_towns):
    """A column in another unit is unknown; a cell with a unit is told which one to use."""
    for name in ("roads", "supply", "stocks", "limits", "speeds"):
        for column in table_schema(name):
            if column.dtype == "float" and column.name not in {"lat", "lon"}:
                assert column.unit
    with pytest.raises(
        sr.errors.DataError, match=r"length_m: unknown column; did you mean length_km"
    ):
        sr.read_network(two_towns({"length_m": 120_000}))
    assert "write the number alone, in km" in problem_of("roads", length_km="75 miles")


def test_rel_010_small_chances_of_failure_keep_their_digits():
    """2.0e-9 is right to 1e-6 of itself, by diagrams and by frontier: nothing is 1 - R."""
    towns = [town(node, place / 10) for place, node in enumerate("sabt")]
    ends = ("sa", "sb", "at", "bt", "ab")
    roads = [{"edge": pair, "u": pair[0], "v": pair[1], "length_km": "40"} for pair in ends]
    network = network_of(towns, roads, [source("s")])
    fail = dict(zip(ends, (3e-5, 3e-5, 3e-5, 3e-5, 0.5), strict=True))
    names = list(fail)
    draws = tuple(Draw("true", name, Chance(q, q, q)) for name, q in fail.items())
    shut = {
        2 * network.topology.edge_index[name] + way: frozenset({frozenset({(number, True)})})
        for number, name in enumerate(names)
        for way in (0, 1)
    }
    causes = Causes(network, draws, {}, shut, shut, {})
    exact = float(every_state(causes)[3][2])
    assert 1e-9 < exact < 4e-9
    found = TownChances(causes, 1, 1)
    assert found.row(3)["isolated_prob"] == pytest.approx(exact, rel=1e-9)
    assert found.apart["best"][0][3] == pytest.approx(exact, rel=1e-9)


def test_rel_051_samples_show_their_interval_and_rare_events_are_exact():
    """Where towns are sampled the result says so, with an interval; else it is exact."""
    network, events = sr.datasets.toy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chances, "MOST_DIAGRAMS", 2)
        patch.setattr("supplyroutes.analysis.doubt.town_chances.stand_apart", lambda *_: False)
        few = sr.reliability(network, events, at="2025-01-12", samples=100)
        many = sr.reliability(network, events, at="2025-01-12", samples=10_000)
    wide, narrow = (risk.towns.loc["north"] for risk in (few, many))
    assert wide["method"] == narrow["method"] == "sampled"
    spread = [row["supplied_high_prob"] - row["supplied_low_prob"] for row in (wide, narrow)]
    assert 0 < spread[1] < spread[0] / 5
    assert sr.reliability(network, events, at="2025-01-12").towns.loc["north", "method"] == "exact"
