"""Whole answers side by side: hand cases on the toy network, and laws."""

import datetime as dt
from dataclasses import replace

import pytest

import supplyroutes as sr
from supplyroutes.errors import RequestError
from supplyroutes.scenario.result_comparison import compared

DAY = dt.date(2025, 1, 12)
SPAN = {"stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 16)}}


def answers(analyses=("flow", "stocks", "outlook"), runs=6, seed=1, span=SPAN, **parts):
    asked = {"analyses": {**span, "outlook": {"runs": runs}}, "seed": seed, **parts}
    return sr.run(sr.Scenario(case="toy", date=DAY, **asked), analyses=analyses)


@pytest.fixture(scope="module")
def lifted():
    """The day as recorded, and without the barricade T1."""
    return answers(events={"removed": ["T1"]})


def test_numbers_by_hand(lifted):
    """With port--north open all 270 m3 a day arrive, 120.75 more; nobody runs short."""
    found = sr.compare(lifted)
    assert found.reference == "recorded"
    row = found.totals.loc["scenario"]
    assert row["delivered_m3_per_day"] == pytest.approx(270)
    assert row["delivered_m3_per_day_change"] == pytest.approx(120.75)
    assert row["unmet_m3_change"] == pytest.approx(-230, abs=0.5)
    assert row["towns_dry_change"] == -2
    east = found.towns.loc[("east", "scenario")]
    assert (east["dry_on_reference"], east["dry_on"]) == (dt.date(2025, 1, 12), None)
    assert east["days_dry_change"] == pytest.approx(-1, abs=0.05)
    assert [change.name for change in found.changes["scenario"]] == ["T1"]
    assert not found.not_compared
    change = found.outlook.loc[("east", "scenario")]
    assert change["days_dry_change_low"] <= change["days_dry_change"] <= 0
    assert found.summary()["scenario"]["strained"] == 0


def test_a_result_beside_itself_does_not_differ(lifted):
    """No town, number or draw differs."""
    found = sr.compare({"one": lifted, "two": lifted})
    assert len(found.states.differences) == 0
    for frame in (found.totals, found.towns, found.outlook):
        changes = frame[[name for name in frame if "_change" in name]]
        changes = changes.drop(columns="days_dry_change_independent", errors="ignore")
        assert not changes.fillna(0).to_numpy().any()
    assert not found.other_inputs


def test_swapping_turns_the_signs(lifted):
    """What one has more the other has less."""
    recorded = answers()
    there = sr.compare({"was": recorded, "lifted": lifted})
    back = sr.compare({"lifted": lifted, "was": recorded})
    names = [f"{name}_change" for name in ("delivered_m3_per_day", "fill_rate", "days_dry")]
    one, other = (each.towns.droplevel("entry")[names] for each in (there, back))
    assert (one + other[names].loc[one.index]).abs().to_numpy()[one.notna()].max() < 1e-9
    one, other = (each.outlook.droplevel("entry")["days_dry_change"] for each in (there, back))
    assert (one + other).abs().max() < 1e-9
    totals = [each.totals["unmet_m3_change"].iloc[1] for each in (there, back)]
    assert totals[0] == pytest.approx(-totals[1])


@pytest.mark.parametrize(
    ("parts", "reasons"),
    [
        ({"seed": 2}, {"outlook": ("seed",)}),
        ({"runs": 4}, {"outlook": ("runs",)}),
        ({"analyses": ("flow", "stocks")}, {"outlook": ("missing",)}),
        ({"analyses": ()}, dict.fromkeys(("flow", "stocks", "outlook"), ("missing",))),
    ],
)
def test_what_cannot_be_set_side_by_side(lifted, parts, reasons):
    """Another seed or number of draws, or nothing to compare: said so; states are compared."""
    found = sr.compare({"lifted": lifted, "other": answers(**parts)})
    assert found.not_compared == {"other": reasons}
    assert len(found.outlook) == 0
    assert found.states.summary()["other"]["differ"] == 4
    assert found.to_dict()["not_compared"]["other"] == {
        key: list(why) for key, why in reasons.items()
    }


def test_other_days_and_a_single_draw(lifted):
    """Stocks over other days and a lone draw have no difference; deliveries have."""
    short = answers(span={"stocks": {"start": DAY, "end": DAY}}, runs=1)
    found = sr.compare({"lifted": lifted, "short": short})
    assert found.not_compared["short"] == {"stocks": ("days",), "outlook": ("days", "runs")}
    assert found.totals["unmet_m3"].isna().tolist() == [False, True]
    assert found.totals["fill_rate"].notna().all()
    alone = sr.compare({"one": short, "two": short})
    assert alone.not_compared == {"two": {"outlook": ("runs",)}}


def test_other_inputs_are_named(lifted):
    """Tables and packages that are not those of the reference."""
    made = replace(lifted.made, versions={**lifted.made.versions, "numpy": "1.0"})
    found = sr.compare({"one": lifted, "two": replace(lifted, made=made)})
    assert found.other_inputs == {"two": ("numpy",)}
    assert found.to_dict()["other_inputs"] == {"two": ["numpy"]}


def test_saved_answers_compare_like_fresh_ones(tmp_path, lifted):
    """Read back, the comparison is the same."""
    sr.write_results(tmp_path / "lifted.json", lifted)
    again = sr.read_results(tmp_path / "lifted.json")
    assert sr.compare(again).to_dict() == sr.compare(lifted).to_dict()
    assert "Fuel and days beside recorded" in sr.compare(again)._repr_html_()


def test_refused(lifted):
    """One answer alone, a baseline beside results, other towns."""
    with pytest.raises(RequestError, match="two networks or more"):
        sr.compare({"one": lifted})
    with pytest.raises(RequestError, match="their own baseline"):
        sr.compare({"one": lifted, "two": lifted}, baseline=sr.datasets.toy()[0])
    mali = sr.run(sr.Scenario(case="mali", date=dt.date(2025, 10, 15)), analyses=())
    with pytest.raises(RequestError, match="same towns and roads"):
        compared({"toy": lifted.main, "mali": mali.main})


def test_a_town_that_uses_fuel_in_a_what_if_only_is_told():
    """Bridge uses none; its own use of one class is a supposition."""
    scenario = sr.Scenario(
        case="toy", date=dt.date(2025, 1, 12), demand_m3_per_day={"bridge:power": 10.0}
    )
    towns = sr.compare(sr.run(scenario, analyses=("flow",))).towns
    assert towns.loc[("bridge", "scenario"), "delivered_m3_per_day"] > 0
