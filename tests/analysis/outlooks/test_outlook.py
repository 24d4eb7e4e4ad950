"""When towns run dry under many draws: equal to looking at the runs one by one."""

import json
import pickle
import warnings
from functools import partial
from math import ceil, inf, isnan

import numpy as np
import pytest

import supplyroutes as sr
from supplyroutes.analysis.intervals import wilson
from supplyroutes.analysis.outlooks.outlook_change import outlook_change
from tests.strategies import table

SPAN = {"start": "2025-01-08", "end": "2025-01-17"}
RUNS = 25


def stocked():
    """The toy case with stocks, so that towns run dry some days after a road is closed."""
    network, events = sr.datasets.toy()
    rows = [
        {
            "node": node,
            "commodity": "fuel",
            **{f"stock_m3_{end}": str(amount) for end, amount in zip(ENDS, stock, strict=True)},
            **{f"storage_m3_{end}": str(2 * stock[2]) for end in ENDS},
            "basis": "assumption",
            "source": "assumption: made up",
            "confidence": "high",
        }
        for node, stock in {"east": (100, 300, 900), "north": (50, 200, 250)}.items()
    ]
    return network.with_figures(table(rows, "stocks")), events


ENDS = ("low", "best", "high")


@pytest.fixture(scope="module")
def draws():
    return sr.ensemble(*stocked(), runs=RUNS)


@pytest.fixture(scope="module")
def outlook(draws):
    return sr.stock_outlook(draws, **SPAN)


@pytest.fixture(scope="module")
def one_by_one(draws):
    """The stocks of every run."""
    return [sr.stock_levels(sr.timeline(*pair, **SPAN)) for pair in draws]


def quantile(values, share):
    """The value of the run at that place, counted from the least."""
    return sorted(values)[ceil(share * len(values)) - 1]


def test_every_figure_follows_from_the_runs(outlook, one_by_one):
    """Days to dry, with runs that never are; days dry; stocks; shares and their intervals."""
    for node in outlook.towns.index:
        told = outlook.towns.loc[node]
        days = [run.towns.loc[node, "days_to_dry"] for run in one_by_one]
        days = [inf if isnan(day) else day for day in days]
        dry = sum(day < inf for day in days)
        assert told["dry_share"] == dry / RUNS
        assert (told["dry_share_low"], told["dry_share_high"]) == wilson(dry, RUNS)
        for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            assert told[f"days_to_dry_{name}"] == quantile(days, share)
            dates = [run.towns.loc[node, "dry_on"] for run in one_by_one]
            on = quantile([day.toordinal() if day else inf for day in dates], share)
            assert (
                told[f"dry_on_{name}"] is None
                if on == inf
                else (told[f"dry_on_{name}"].toordinal() == on)
            )
            missing = [run.towns.loc[node, "days_dry"] for run in one_by_one]
            assert told[f"days_dry_{name}"] == quantile(missing, share)
        for day, row in outlook.daily.xs(node, level="node").iterrows():
            stocks = [run.daily.loc[(day, node), "stock_m3"] for run in one_by_one]
            assert row["stock_m3_p50"] == quantile(stocks, 0.5)
            short = [run.daily.loc[(day, node), "unmet_m3"] > 1e-4 for run in one_by_one]
            assert row["short_share"] == sum(short) / RUNS
            begun = [run.towns.loc[node, "dry_on"] for run in one_by_one]
            by = sum(on is not None and on <= day for on in begun)
            assert row["dry_by_share"] == by / RUNS
            assert (row["dry_by_low"], row["dry_by_high"]) == wilson(by, RUNS)


def test_classes_and_totals_follow_from_the_runs(outlook, one_by_one):
    """Medians of days dry by class; what goes short on the network."""
    for pair in outlook.classes.index:
        missing = [run.classes.loc[pair, "days_dry"] for run in one_by_one]
        assert outlook.classes.loc[pair, "days_dry_p50"] == quantile(missing, 0.5)
        dry = [run.classes.loc[pair, "days_to_dry"] for run in one_by_one]
        assert outlook.classes.loc[pair, "dry_share"] == sum(not isnan(day) for day in dry) / RUNS
    totals = [run.summary()["unmet_m3"] for run in one_by_one]
    assert outlook.unmet_m3["p90"] == pytest.approx(quantile(totals, 0.9))
    assert outlook.summary()["unmet_m3_p50"] == pytest.approx(quantile(totals, 0.5))


def test_a_town_that_is_dry_in_few_runs_has_no_median(outlook):
    """Later or never is more than any day of the span, and no date."""
    rare = outlook.towns[(outlook.towns["dry_share"] > 0.1) & (outlook.towns["dry_share"] < 0.5)]
    assert len(rare)
    assert (rare["days_to_dry_p50"] == inf).all()
    assert rare["dry_on_p50"].isna().all()
    assert (rare["days_to_dry_p10"] < inf).all()
    plain = outlook.to_dict()
    json.dumps(plain, allow_nan=False)
    row = next(row for row in plain["towns"] if row["node"] == rare.index[0])
    assert row["days_to_dry_p50"] is None


def test_the_same_bytes_on_any_number_of_workers(draws, outlook):
    """Two processes, in whatever order they finish."""
    shared = sr.stock_outlook(draws, **SPAN, workers=2)
    for name in ("towns", "classes", "daily", "influence", "town_influence", "by_run"):
        one, other = getattr(outlook, name), getattr(shared, name)
        assert one.to_csv() == other.to_csv()
    assert pickle.dumps(shared.to_dict()) == pickle.dumps(outlook.to_dict())


def test_options_of_the_stocks_pass_through_and_progress_is_told(draws):
    """A stock of one's own is the same in every run; each run is told."""
    seen = []
    levels = partial(sr.stock_levels, stock_m3={"East": 9000}, allocation="priority")
    few = sr.ensemble(draws.network, draws.events, runs=3)
    own = sr.stock_outlook(few, **SPAN, levels=levels, progress=lambda *told: seen.append(told))
    assert (own.allocation, own.policy, own.conduct) == ("priority", "essential", "wait")
    assert own.towns.loc["east", "dry_share"] == 0
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_ctrl_c_keeps_the_runs_that_are_finished(draws, outlook):
    """Fewer runs than asked, each as in the whole; without any there is no outlook."""

    def stop(done, _):
        if done == 12:
            raise KeyboardInterrupt

    part = sr.stock_outlook(draws, **SPAN, progress=stop)
    assert (part.runs, part.asked) == (12, RUNS)
    assert part.by_run.equals(outlook.by_run.loc[:11])

    def never(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sr.stock_outlook(draws, **SPAN, levels=never)


def test_the_stock_and_the_demand_matter_most():
    """East lives on its stock once both roads are closed: 300 / 180 days at best.

    Nothing arrives, so the days are stock by use and every other input is idle. The range of the
    stock is by far the wider.
    """
    network, events = stocked()
    closed = events.without("T1", "T2", "T3").adding(
        {
            "event": "S", "start": "2024-12-01", "end_status": "no_end_expected",
            "kind": "road_closed", "basis": "reported", "scope": "segment", "confidence": "A",
            "edges": ["port--north", "port--south"], "spot_known": True, "text": "made up",
            "source": "assumption",
        }
    )  # fmt: skip
    calm = network.assuming({"catch_up_ratio": 1})
    draws = sr.ensemble(calm, closed, runs=60)
    found = sr.stock_outlook(draws, start="2025-01-08", end="2025-01-30")
    assert found.towns.loc["east", "days_to_dry_p50"] == pytest.approx(300 / 180, rel=0.5)
    east = found.town_influence.loc["east"]
    assert list(east.index[:1]) == ["stock:fuel"]
    assert east.loc["stock:fuel", "clear"]
    assert east.loc["stock:fuel", "rank_correlation"] > 0.8
    assert found.town_unexplained.loc["east", "share"] < 0.5
    for key in ("assumption:near_equal_ratio", "assumption:turn_back_days"):
        assert key not in found.influence.index  # no stock rests on it, asked like this


def test_few_runs_and_no_demand_are_answers():
    """One run, and a case in which nobody uses anything."""
    network, events = sr.datasets.toy()
    one = sr.stock_outlook(sr.ensemble(network, events, runs=1), **SPAN)
    assert one.runs == 1
    assert one.influence["rank_correlation"].isna().all()
    empty = network.with_figures(network.tables.demand.take([]))
    none = sr.stock_outlook(sr.ensemble(empty, events, runs=2), **SPAN)
    assert len(none.towns) == 0
    assert none.summary()["likely_dry"] == 0
    assert none.unmet_m3["p50"] == 0
    assert "(.towns): none" in none._repr_html_()
    json.dumps(none.to_dict(), allow_nan=False)


def test_what_cannot_be_asked_is_refused(draws):
    """An end before the start, a day that is none, no worker."""
    with pytest.raises(sr.errors.RequestError, match="before"):
        sr.stock_outlook(draws, start="2025-01-08", end="2025-01-07")
    with pytest.raises(sr.errors.RequestError, match="not a date"):
        sr.stock_outlook(draws, start="soon", end="2025-01-07")
    with pytest.raises(sr.errors.RequestError, match="worker"):
        sr.stock_outlook(draws, **SPAN, workers=0)


# --- what-ifs by shared luck --------------------------------------------------------------


def test_shared_luck_narrows_the_interval_of_a_what_if(draws, outlook):
    """A what-if beside the same seed and beside another: the mean is the same thing, told with
    an interval that is less than half as wide; both hold what many runs show."""
    network, events = draws.network, draws.events
    what_if = events.without("T2")
    change = outlook_change(
        outlook, sr.stock_outlook(sr.ensemble(network, what_if, runs=RUNS), **SPAN)
    )
    assert change.runs == RUNS
    row = change.towns.loc["east"]
    assert row["days_dry_change_low"] <= row["days_dry_change"] <= row["days_dry_change_high"]
    half = (row["days_dry_change_high"] - row["days_dry_change_low"]) / 2
    assert 0 < half < 0.5 * row["days_dry_change_independent"]
    apart = sr.stock_outlook(sr.ensemble(network, what_if, runs=RUNS, seed=99), **SPAN)
    old, new = (
        one.by_run.xs("east", level="node")["days_dry"].to_numpy() for one in (outlook, apart)
    )
    measured = 1.96 * np.sqrt((old.var(ddof=1) + new.var(ddof=1)) / RUNS)
    assert half < 0.5 * measured
    with pytest.raises(sr.errors.RequestError, match="luck"):
        outlook_change(outlook, apart)


def test_a_what_if_is_compared_over_the_runs_that_both_have(draws, outlook):
    """Ctrl-C left one of them with fewer."""

    def stop(done, _):
        if done == 4:
            raise KeyboardInterrupt

    part = sr.stock_outlook(draws, **SPAN, progress=stop)
    change = outlook_change(outlook, part)
    assert change.summary() == {"runs": 4, "better": 0, "worse": 0}
    assert (change.towns["days_dry_change"] == 0).all()
    assert change.to_dict()["summary"]["runs"] == 4
    assert "better 0" in change._repr_html_()

    def at_once(*_):
        raise KeyboardInterrupt

    with pytest.raises(sr.errors.RequestError, match="1 runs in common"):
        outlook_change(outlook, sr.stock_outlook(draws, **SPAN, progress=at_once))


def test_no_name_is_markup(outlook):
    """Names of towns are escaped in notebooks."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        renamed = outlook.towns.assign(name="<b>$x$</b>")
    object.__setattr__(outlook, "towns", renamed)
    html = outlook._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
