"""Back-tests: nothing later is seen, what is scored is right by hand, and absence is unknown."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import inf, isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.schema import table_from_cells
from supplyroutes.skill.backtesting import backtest
from supplyroutes.skill.baselines import BASELINES
from supplyroutes.skill.forecasts import Forecast, Knowledge, issue_days, known_by
from supplyroutes.skill.labels import Label

ROW = {
    "outcome": "O1", "date": "2025-01-12", "node": "north", "observation": "shortage",
    "value": "1", "text": "dry", "source": "s", "confidence": "A",
}  # fmt: skip
WINDOW = ("2025-01-11", "2025-01-20")


def outcomes(*rows: Mapping[str, str]):
    """A table of outcomes of the toy case."""
    cells = [{**ROW, "outcome": f"O{place}", **row} for place, row in enumerate(rows, 1)]
    return table_from_cells(cells, "outcomes", file="outcomes.csv")


def result(*rows, forecasters=None, **options):
    """A back-test of the toy case."""
    network, events = sr.datasets.toy()
    options = {"window": WINDOW, "every_days": 3, "lead_days": 10, **options}
    return backtest(network, events, outcomes(*rows), forecasters=forecasters, **options)


def always(prob: float, onset: tuple[float, float, float] | None = None):
    """A forecaster that says the same everywhere."""

    def forecast(known: Knowledge, lead_days: int) -> Forecast:
        nodes = known.network.topology.node_ids
        spread = {} if onset is None else dict.fromkeys(nodes, onset)
        return Forecast(known.day, {node: [prob] * lead_days for node in nodes}, spread)

    return forecast


def test_scores_by_hand():
    """One labelled day at two leads, 0.8 said: (0.2)^2 at both."""
    found = result({}, forecasters={"mine": always(0.8)}, window=("2025-01-11", "2025-01-12"),
                   every_days=1)  # fmt: skip
    row = found.scores.loc[("mine", "all")]
    assert (row["cases"], row["labels"], row["towns"]) == (2, 1, 1)
    assert row["brier"] == pytest.approx(0.04)
    assert found.scores.loc[("nothing_blocked", "all"), "brier"] == 1
    assert isnan(found.scores.loc[("mine", "8-14"), "brier"])
    assert isnan(row["brier_low"])  # one town cannot be drawn anew


def test_skill_is_told_on_the_same_cases():
    """A forecaster that leaves a town out is set beside persistence without that town."""

    def north_only(known: Knowledge, lead_days: int) -> Forecast:
        return Forecast(known.day, {"north": [0.5] * lead_days})

    rows = ({"value": "0"}, {"node": "south"})  # persistence is right of north, wrong of south
    found = result(*rows, forecasters={"mine": north_only}, every_days=30)
    assert isnan(found.scores.loc[("mine", "all"), "skill_ratio"])
    both = result(*rows, forecasters={"mine": always(0.5)}, every_days=30)
    assert both.scores.loc[("mine", "all"), "skill_ratio"] == pytest.approx(0.5)


def test_a_day_without_report_is_unknown():
    """It is neither a hit nor a false alarm: crying wolf elsewhere costs and wins nothing."""
    found = result({}, {"value": "0", "date": "2025-01-15", "node": "south"})
    assert len(found.labels) == 2
    assert found.summary()["short"] == 1
    assert {node for *_, node in found.cases.index} == {"north", "south"}


def test_the_first_forecast_is_issued_the_day_before_the_window():
    """None earlier: what was fitted on earlier days was known on each."""
    found = result({})
    assert [str(day) for day in found.issued] == ["2025-01-10", "2025-01-13", "2025-01-16",
                                                  "2025-01-19"]  # fmt: skip
    assert issue_days(date(2025, 1, 11), date(2025, 1, 11), every_days=7) == [date(2025, 1, 10)]


def test_onset_errors_by_hand():
    """Issued on the 10th, dry on the 12th: a forecast of day 1 is a day off, of never nine."""
    found = result(
        {}, forecasters={"early": always(0.9, (1, 1, 2)), "narrow": always(0.1, (5, 6, inf))}
    )
    rows = found.onsets.xs(date(2025, 1, 10), level="issued").droplevel("node")
    assert rows.loc["early", ["observed_days", "forecast_days", "error_days"]].tolist() == [2, 1, 1]
    assert rows.loc["nothing_blocked", "forecast_days"] == inf
    assert rows.loc["nothing_blocked", "error_days"] == 9
    assert rows.loc[["early", "narrow"], "inside"].tolist() == [1, 0]
    assert found.order.loc["early", "coverage_share"] == 1
    assert isnan(found.order.loc["persistence", "coverage_share"])


def test_order_of_towns_at_the_first_issue():
    """North before south: a forecast that says so is in order."""

    def ordered(known: Knowledge, lead_days: int) -> Forecast:
        early = {"north": 2, "south": 5}
        return Forecast(
            known.day,
            {node: [float(lead >= day) for lead in range(1, lead_days + 1)]
             for node, day in early.items()},
        )  # fmt: skip

    found = result({}, {"node": "south", "date": "2025-01-15"}, forecasters={"mine": ordered},
                   every_days=30)  # fmt: skip
    assert found.order.loc["mine", "concordance"] == 1
    assert found.order.loc["mine", "error_days"] == 0
    assert found.order.loc["nothing_blocked", "concordance"] == 0.5


def test_baselines_by_hand():
    """On the toy case, from 10 to 12 January the port's road to the north is closed."""
    network, events = sr.datasets.toy()
    known = known_by(network, events, [], date(2025, 1, 10))
    cut = sr.isolation(sr.disrupt(network, known.events, at="2025-01-11")).towns["state"]
    only = BASELINES["isolation_only"](known, 1).prob
    hard = BASELINES["every_report_closes"](known, 1).prob
    values = {"supplied": (0.0, 0.0), "strained": (0.5, 1.0), "isolated": (1.0, 1.0)}
    assert len(set(cut)) > 1
    for node, probs in only.items():
        assert (probs[0], hard[node][0]) == values[cut[node]]


def test_persistence_repeats_the_last_word():
    """The latest label that was known; nothing reported is no shortage."""
    network, events = sr.datasets.toy()
    day = date(2025, 1, 15)
    labels = [
        Label("north", day - timedelta(days=ago), short, 1.0, day, (f"O{ago}",))
        for ago, short in ((3, True), (1, False))
    ] + [Label("south", day, True, 1.0, day + timedelta(days=1), ("O9",))]
    forecast = BASELINES["persistence"](known_by(network, events, labels, day), 2)
    assert forecast.prob["north"] == [0.0, 0.0]
    assert forecast.prob["south"] == [0.0, 0.0]  # published a day later
    later = known_by(network, events, labels, day + timedelta(days=1))
    assert BASELINES["persistence"](later, 2).prob["south"] == [1.0, 1.0]


def test_a_forecast_reaches_only_its_days():
    """Not the day of issue, not beyond the lead, not a town that it leaves out."""
    forecast = Forecast(date(2025, 1, 10), {"north": [0.1, 0.2]})
    assert forecast.of("north", date(2025, 1, 12)) == 0.2
    assert forecast.of("north", date(2025, 1, 10)) is None
    assert forecast.of("north", date(2025, 1, 13)) is None
    assert forecast.of("south", date(2025, 1, 11)) is None


LATER_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "start": st.sampled_from(["2025-01-02", "2025-01-10", "2025-01-14", "2025-02-01"]),
            "reported_on": st.sampled_from(["2025-01-14", "2025-01-20", "2025-02"]),
            "edges": st.sampled_from(["port--north", "south--bridge", "port--south"]),
            "kind": st.sampled_from(["road_closed", "convoy_attack", "carrier_suspension"]),
        }
    ),
    max_size=4,
)


def seen(events: sr.Events, labels: list[Label], day: date) -> bytes:
    """What every baseline says on a day, as bytes."""
    network, _ = sr.datasets.toy()
    known = known_by(network, events, labels, day)
    told = {name: forecast(known, 15).prob for name, forecast in BASELINES.items()}
    return json.dumps({name: dict(prob) for name, prob in told.items()}).encode()


@settings(max_examples=150)
@given(LATER_ROWS, st.sampled_from(["none", "moved", "deleted"]), st.booleans())
def test_no_byte_of_a_forecast_hangs_on_what_was_known_later(rows, change, relabel):
    """Later reports invented, moved and deleted, later ends and labels: all the same."""
    events = sr.datasets.toy()[1]
    day = date(2025, 1, 13)
    labels = [Label("north", date(2025, 1, 12), True, 1.0, date(2025, 1, 13), ("O1",))]
    before = seen(events.known_by(day), labels, day)
    invented = [
        {**row, "event": f"X{place}", "scope": "segment", "basis": "reported", "confidence": "A",
         "text": "invented", "source": "test"}
        for place, row in enumerate(rows)
    ]  # fmt: skip
    late = [report.event for report in events if report.known_on > day]
    changed = events.without(*late) if change == "deleted" else events
    changed = changed.adding(*invented)
    if change == "moved":
        changed = sr.Events(
            [
                replace(report, start=report.start + timedelta(days=3))
                if report.known_on > day
                else report
                for report in changed
            ],
            changed.rules,
        )
    if relabel:
        labels = [*labels, Label("south", day, True, 1.0, day + timedelta(days=1), ("O2",))]
    assert seen(changed, labels, day) == before


def test_what_was_known_does_reach_the_forecast():
    """The other side of the law: a report published by the day changes the forecast of that day."""
    events = sr.datasets.toy()[1]
    day = date(2025, 1, 12)
    assert events["T1"].known_on <= day
    assert seen(events.without("T1"), [], day) != seen(events, [], day)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"window": ("2025-01-20", "2025-01-11")}, "before it starts"),
        ({"lead_days": 0}, "lead_days must be 1 or more"),
        ({"every_days": 0}, "every_days must be 1 or more"),
        ({"forecasters": {"persistence": always(0.5)}}, "names of baselines"),
    ],
)
def test_wrong_questions_are_refused(options, told):
    """Each says what is wrong."""
    with pytest.raises(sr.errors.RequestError, match=told):
        result({}, **options)


def test_without_labels_the_scores_are_missing():
    """Nothing observed is no perfect score."""
    found = result()
    assert found.scores["brier"].isna().all()
    assert found.summary()["labels"] == 0
    assert json.loads(json.dumps(found.to_dict()))["labels"] == []


def test_the_result_is_plain_values_and_tables():
    """JSON without NaN, and tables for notebooks."""
    found = result({}, forecasters={"mine": always(0.8)})
    told = json.dumps(found.to_dict(), allow_nan=False)
    assert '"forecaster": "mine"' in told
    assert "<table" in found._repr_html_()
    assert found.bins.loc[("mine", 0.8), "short_share"] == 1
