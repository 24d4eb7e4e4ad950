"""What recorded outcomes say of towns and days."""

from datetime import date

import supplyroutes as sr
from supplyroutes.schema import read_table, table_from_cells
from supplyroutes.skill.labels import Label, label_weights, labels_of, onsets_of, shortage_codes

ROW = {
    "outcome": "O1", "date": "2025-01-12", "node": "north", "observation": "shortage",
    "value": "1", "text": "dry", "source": "s", "confidence": "A",
}  # fmt: skip


def outcomes(*rows):
    """A table of outcomes of the toy case."""
    cells = [{**ROW, "outcome": f"O{place}", **row} for place, row in enumerate(rows, 1)]
    return table_from_cells(cells, "outcomes", file="outcomes.csv")


def labels(*rows):
    """Their labels."""
    return labels_of(sr.datasets.toy()[0], outcomes(*rows))


def test_a_shortage_labels_each_of_its_days():
    """From its first day to its last; known from the day on which it was published."""
    found = labels({"end": "2025-01-13", "reported_on": "2025-01-14"})
    assert [(label.day.day, label.short, label.weight) for label in found] == [
        (12, True, 1.0),
        (13, True, 1.0),
    ]
    assert {label.known_on for label in found} == {date(2025, 1, 14)}


def test_a_report_of_no_shortage_is_a_label_and_silence_is_none():
    """A day of which nothing is told is unknown, not without shortage."""
    (found,) = labels({"value": "0"})
    assert (found.node, found.short) == ("north", False)
    assert labels() == []


def test_what_tells_nothing_labels_nothing():
    """Queues that shrink, and observations that are not of fuel at the pump."""
    assert labels({"observation": "queues", "value": "-1"}, {"observation": "drivers_killed"}) == []


def test_a_range_is_a_positive_value():
    """A price told as a range is a price."""
    (found,) = labels({"observation": "black_market_price_petrol", "value": "1500-2500"})
    assert found.short


def test_weights_multiply_and_a_month_counts_nothing():
    """Confidence C on a day told as about is a quarter; which day of a month is not known."""
    (found,) = labels({"confidence": "C", "date_precision": "about"})
    assert found.weight == 0.25
    assert labels({"date_precision": "month"}) == []


def test_opposite_reports_weigh_against_each_other():
    """A says short, B says not: what is left speaks; equal weights leave the day unknown."""
    (found,) = labels({}, {"value": "0", "confidence": "B"})
    assert (found.short, round(found.weight, 9), found.outcomes) == (True, 0.2, ("O1", "O2"))
    assert labels({}, {"value": "0"}) == []


def test_places_are_towns_lists_of_towns_or_too_wide():
    """The node, else each town of the list; a place that is no town labels nothing."""
    listed = labels({"node": "", "place": "North, South"})
    assert [label.node for label in listed] == ["north", "south"]
    assert labels({"node": "", "place": "the whole country"}) == []
    assert labels({"node": "", "place": ""}) == []


def test_onset_is_the_first_day_recorded_as_short():
    """A day without shortage is no onset, and a later shortage not either."""
    found = labels({"date": "2025-01-14"}, {"value": "0"}, {"date": "2025-01-13"})
    assert onsets_of(found) == {"north": date(2025, 1, 13)}


def test_the_recorded_onsets_of_the_mali_case():
    """Mopti on the 18th day of the blockade and Bamako on the 33rd, in that order."""
    network, _ = sr.datasets.mali()
    table = read_table(sr.datasets.folder("mali") / "outcomes.csv", "outcomes")
    day = date(2025, 10, 15)
    known = (one for one in labels_of(network, table) if max(one.day, one.known_on) <= day)
    onsets = onsets_of(known)
    assert [(onsets[node] - date(2025, 9, 3)).days for node in ("mopti", "bamako")] == [18, 33]


def test_every_code_and_weight_is_used_once():
    """No two rows of a table speak of the same."""
    codes = [(row["observation"], row["sign"]) for row in shortage_codes().rows()]
    weights = [(row["field"], row["value"]) for row in label_weights().rows()]
    assert len(set(codes)) == len(codes)
    assert len(set(weights)) == len(weights)


def test_a_label_is_a_plain_record():
    """It can be compared and sorted by hand."""
    one = Label("north", date(2025, 1, 12), True, 1.0, date(2025, 1, 12), ("O1",))
    assert labels({}) == [one]
