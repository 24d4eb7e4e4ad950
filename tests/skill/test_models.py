"""The forecaster: shares of runs, blind to what is known later, the same on any workers."""

import json
from datetime import date, timedelta

import pytest

import supplyroutes as sr
from supplyroutes.skill import models as module
from supplyroutes.skill.forecasts import known_by
from supplyroutes.skill.labels import Label
from supplyroutes.skill.models import StockForecaster, StockModel, models, short_days

DAY = date(2025, 1, 11)
LEAD = 6


def told(events, *, runs=4, workers=1, labels=()):
    """What the forecaster says on the day, as bytes."""
    network, _ = sr.datasets.toy()
    known = known_by(network, events, labels, DAY)
    found = StockForecaster(runs=runs, workers=workers)(known, LEAD)
    return json.dumps([dict(found.prob), {node: list(map(str, ends))
                       for node, ends in found.onset_days.items()}]).encode()  # fmt: skip


def test_probabilities_are_shares_of_runs_and_never_sure():
    """(k + 1/2) / (n + 1) for k of n runs; an interval of the onset beside them."""
    network, events = sr.datasets.toy()
    found = StockForecaster(runs=4)(known_by(network, events, [], DAY), LEAD)
    assert set(found.prob) <= set(network.topology.node_ids)
    allowed = {(k + 0.5) / 5 for k in range(5)}
    assert all(prob in allowed for probs in found.prob.values() for prob in probs)
    assert all(len(probs) == LEAD for probs in found.prob.values())
    for low, middle, high in found.onset_days.values():
        assert 1 <= low <= middle <= high


@pytest.mark.parametrize("workers", [2, 4])
def test_the_same_bytes_on_any_number_of_workers(workers):
    """Draws are keyed by seed and run, not by who makes them."""
    events = sr.datasets.toy()[1]
    assert told(events, workers=workers) == told(events)


def test_no_byte_hangs_on_what_was_known_later():
    """A report published after the day changes nothing; one known by it does."""
    events = sr.datasets.toy()[1]
    row = {"event": "X1", "start": "2025-01-11", "kind": "road_closed", "end": "2025-01-20",
           "scope": "segment", "edges": "port--north;port--south", "spot_known": True,
           "basis": "reported", "confidence": "A", "text": "made up", "source": "test"}  # fmt: skip
    later = events.adding({**row, "reported_on": "2025-01-12"})
    label = Label("south", DAY, True, 1.0, DAY + timedelta(days=1), ("O1",))
    assert told(later, labels=[label]) == told(events)
    known = {**row, "reported_on": "2025-01-11", "end_reported_on": "2025-01-11"}
    assert told(events.adding(known)) != told(events)


def test_short_is_below_a_share_of_use():
    """A town that gets less than `shortage_fill_share` of its use; none below nought."""
    network, events = sr.datasets.toy()
    levels = StockModel().levels(network, events, DAY, DAY + timedelta(days=LEAD))
    nodes, short = short_days(levels)
    assert short.shape == (len(levels.dates), len(nodes))
    never = network.assuming({"shortage_fill_share": 0})
    assert not short_days(StockModel().levels(never, events, DAY, DAY))[1].any()


def test_a_forecast_of_some_runs_is_none(monkeypatch):
    """Ctrl-C within a forecast leaves it out, whole."""
    network, events = sr.datasets.toy()
    done = module.finished_runs

    def interrupted(task, count, **options):
        return dict(list(done(task, count, **options).items())[:1])

    monkeypatch.setattr(module, "finished_runs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        StockForecaster(runs=3)(known_by(network, events, [], DAY), LEAD)


def test_a_back_test_keeps_the_forecasts_that_are_finished():
    """Interrupted at the second issue, the first is scored, and the result says so."""
    network, events = sr.datasets.toy()
    calls = []

    def forecaster(known, lead_days):
        calls.append(known.day)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return StockForecaster(runs=2)(known, lead_days)

    options = {"window": ("2025-01-11", "2025-01-20"), "every_days": 3, "lead_days": LEAD}
    found = sr.backtest(
        network, events, sr.datasets.outcomes("toy"), forecasters={"mine": forecaster}, **options
    )
    assert (found.complete, len(found.issued)) == (False, 1)
    with pytest.raises(KeyboardInterrupt):
        sr.backtest(
            network,
            events,
            sr.datasets.outcomes("toy"),
            forecasters={"mine": forecaster},
            **options,
        )


def test_the_forecasters_that_are_scored():
    """The model, and the same without fear and convoys."""
    both = models(runs=3, seed=2)
    assert list(both) == ["model", "stocks_without_deterrence"]
    assert both["model"].model == StockModel()
    assert not both["stocks_without_deterrence"].model.fear
