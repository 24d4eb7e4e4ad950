"""Events: checks, what was known when and what-ifs."""

import csv
from dataclasses import MISSING, fields, replace
from datetime import date, datetime

import pandas as pd
import pytest

import supplyroutes as sr
from supplyroutes.cells import default_value
from supplyroutes.dates import as_day
from supplyroutes.report_checks import report_from, report_problems
from supplyroutes.reported import Report
from supplyroutes.schema import draft_table, table_schema
from tests.strategies import events_of, rules
from tests.toy import arc, network, on, told

GIVEN = {
    "event": "n", "start": "2025-01-11", "kind": "road_closed", "basis": "reported",
    "scope": "segment", "edges": ["port--north"], "confidence": "A", "text": "made up",
    "source": "assumption",
}  # fmt: skip


def ids(events):
    """The ids of the reports."""
    return [report.event for report in events]


def test_reports_come_in_order_of_id():
    """Whatever the order of the rows."""
    events = events_of([told("b"), told("a")])
    assert ids(events) == ["a", "b"]
    assert list(events.reports.index) == ["a", "b"]
    assert "a" in events
    assert len(events) == 2
    assert events == events_of([told("a"), told("b")])
    assert (events == 3) is False
    assert repr(events) == "<Events: 2 reports from 2025-01-10 to 2025-01-10>"
    assert repr(events_of([])) == "<Events: none>"


def test_unknown_event_names_the_nearest():
    """A misspelt id is answered with near ones."""
    with pytest.raises(sr.errors.UnknownIdError, match="T1"):
        sr.datasets.toy()[1]["T11"]


def test_every_problem_of_a_table_is_told_at_once():
    """End before start, half an area, falling tankers, an unknown link, no place: all told."""
    rows = [
        told("a", end="2025-01-09"),
        told("b", lat="10", lon="-9"),
        told("c", scope="area", tankers_low="5", tankers_best="4"),
        told("d", ends="zz"),
        told("e", scope="region", nodes="north"),
        told("f", edges=""),
        told("g", scope="point", edges="", corridor="NORTH"),
        told("h", kind="terminal_out"),
    ]
    with pytest.raises(sr.errors.DataError) as caught:
        events_of(rows)
    told_of = [(problem.row, problem.column) for problem in caught.value.problems]
    assert sorted(told_of) == [
        (2, "end"), (3, "radius_km"), (3, "scope"), (4, "scope"), (4, "tankers_best"), (5, "ends"),
        (6, "region"), (7, "scope"), (8, "scope"), (9, "nodes"),
    ]  # fmt: skip


def test_links_to_itself_or_to_the_future_are_refused():
    """A report cannot end itself, nor what starts later."""
    with pytest.raises(sr.errors.DataError, match="cannot name itself"):
        events_of([told("a", ends="a")])
    with pytest.raises(sr.errors.DataError, match="starts later, on 2025-01-12"):
        events_of([told("a", ends="b"), told("b", start="2025-01-12")])


def test_two_reports_of_one_id_are_refused():
    """In a table and in Python."""
    with pytest.raises(sr.errors.DataError, match="stands already"):
        events_of([told("a"), told("a", start="2025-01-11")])
    events = events_of([told("a")])
    with pytest.raises(sr.errors.DataError, match="the id is taken"):
        events.adding(events["a"])


# --- what was known -------------------------------------------------------------------------


def test_known_by_leaves_out_later_reports():
    """Known from the day of the report; without one from the start."""
    events = events_of([told("a", reported_on="2025-01-15"), told("b")])
    assert ids(events.known_by("2025-01-09")) == []
    assert ids(events.known_by("2025-01-10")) == ["b"]
    assert ids(events.known_by("2025-01-14")) == ["b"]
    assert ids(events.known_by("2025-01-15")) == ["a", "b"]


def test_known_by_a_month_counts_as_its_last_day():
    """ "In January" was surely known on 31 January only."""
    events = events_of([told(reported_on="2025-01")])
    assert ids(events.known_by("2025-01-30")) == []
    assert ids(events.known_by("2025-01-31")) == ["e"]


def test_known_by_an_end_is_known_from_the_day_after():
    """Closed until the 14th: on the 14th nobody knows that it ends, on the 15th all do."""
    events = events_of([told(end="2025-01-14")])
    assert events.known_by("2025-01-14")["e"].end is None
    assert events.known_by("2025-01-14")["e"].end_status == "open_at_last_report"
    assert events.known_by("2025-01-15")["e"].end == date(2025, 1, 14)


def test_known_by_does_not_shorten_what_still_goes_on():
    """Closed 1 to 10 January, told on the 2nd: seen on the 5th it is closed, not run out.

    An end of the 30th published on 10 February: until then nobody knows of it, so the closure
    stands as it did on the 30th, and no day before changes from one view to the next.
    """
    events = events_of([told(start="2025-01-01", end="2025-01-10", reported_on="2025-01-02")])
    for day in ("2025-01-05", "2025-01-10"):
        view = sr.disrupt(network(), events.known_by(day), at=day)
        assert arc(view, "port", "north")["status"] == "closed"
    late = events_of([told(end="2025-01-30", end_reported_on="2025-02-10")])
    for day in ("2025-01-30", "2025-01-31", "2025-02-09"):
        known = late.known_by(day)
        assert (known["e"].end, known["e"].end_status) == (None, "open_at_last_report")
        for shown in ("2025-01-29", day):
            view = sr.disrupt(network(), known, at=shown)
            assert arc(view, "port", "north")["status"] == "closed"
    after = sr.disrupt(network(), late.known_by("2025-02-10"), at="2025-01-31")
    assert arc(after, "port", "north")["status"] == "open"


def test_known_by_keeps_what_is_written_of_the_end_if_it_says_more():
    """No end was expected when it began."""
    events = events_of([told(end="2025-01-14", end_status="no_end_expected")])
    assert events.known_by("2025-01-12")["e"].end_status == "no_end_expected"


def test_known_by_before_a_retraction_the_report_stands():
    """Told on the 10th, taken back on the 20th: the view of the 19th has it, that of the 20th not.

    Without a day it counts as taken back from the first; a month as its last day.
    """
    dated = events_of([told(status="retracted", retracted_on="2025-01-20")])
    assert dated["e"].status == "retracted"
    for known, status in (("2025-01-19", "reported"), ("2025-01-20", "retracted")):
        view = dated.known_by(known)
        assert view["e"].status == status
        seen = arc(sr.disrupt(network(), view, at="2025-01-12"), "port", "north")["status"]
        assert seen == ("closed" if status == "reported" else "open")
    assert dated.known_by("2025-01-19")["e"].retracted_on is None
    undated = events_of([told(status="retracted")])
    assert undated.known_by("2025-01-10")["e"].status == "retracted"
    month = events_of([told(status="retracted", retracted_on="2025-01")])
    assert month.known_by("2025-01-30")["e"].status == "reported"


def test_a_day_of_retraction_needs_a_retracted_report():
    """Else it would say two things."""
    with pytest.raises(sr.errors.DataError, match=r"retracted_on: .*not retracted"):
        events_of([told(retracted_on="2025-01-20")])


def test_a_retraction_moves_with_its_report():
    """Two days later, as the day of publication."""
    events = events_of([told(status="retracted", retracted_on="2025-01-20")])
    assert str(events.moving("e", days=2)["e"].retracted_on) == "2025-01-22"


def test_known_by_an_end_with_a_source_is_known_from_that_day():
    """Known ahead (a closure announced with its end) and known late."""
    ahead = events_of([told(end="2025-01-14", end_reported_on="2025-01-11")])
    assert ahead.known_by("2025-01-10")["e"].end is None
    assert ahead.known_by("2025-01-11")["e"].end == date(2025, 1, 14)
    late = events_of([told(end="2025-01-14", end_reported_on="2025-01-20")])
    assert late.known_by("2025-01-19")["e"].end is None


def test_known_by_ends_by_unknown_reports_are_gone():
    """The reopening of the 12th was told on the 20th: on the 19th the closure stands."""
    rows = [told("a"), told("b", kind="road_reopened", start="2025-01-12", ends="a",
                            reported_on="2025-01-20")]  # fmt: skip
    events = events_of(rows)
    before = sr.disrupt(network(), events.known_by("2025-01-19"), at="2025-01-13")
    after = sr.disrupt(network(), events.known_by("2025-01-20"), at="2025-01-13")
    assert arc(before, "port", "north")["status"] == "closed"
    assert arc(after, "port", "north")["status"] == "open"


# --- what-ifs -------------------------------------------------------------------------------


def test_without_lets_links_go():
    """Without the reopening the closure goes on; unknown ids are refused."""
    events = sr.datasets.toy()[1]
    assert ids(events.without("T3")) == ["T1", "T2"]
    assert events.without("T1")["T3"].ends == ()
    with pytest.raises(sr.errors.UnknownIdError):
        events.without("T9")


def test_adding_a_dict_is_checked_like_a_row():
    """Unknown columns and bad values name the column; a good one is a report."""
    events = events_of([told("a")])
    assert ids(events.adding(GIVEN)) == ["a", "n"]
    assert events.adding({**GIVEN, "ends": ("a",)})["n"].ends == ("a",)
    with pytest.raises(sr.errors.DataError, match="did you mean edges"):
        events.adding({**GIVEN, "edgs": "x"})
    with pytest.raises(sr.errors.DataError, match="kind"):
        events.adding({**GIVEN, "kind": "road_blocked"})
    with pytest.raises(sr.errors.DataError, match="before the start"):
        report_from({**GIVEN, "end": "2025-01-01"})
    with pytest.raises(sr.errors.DataError, match="no event has the id 'zz'"):
        events.adding({**GIVEN, "ends": "zz"})


def test_moving_keeps_the_length():
    """10 to 14 January moved by 3 days, or to the 13th: 13 to 17 January."""
    events = events_of([told(end="2025-01-14", reported_on="2025-01-11")])
    for moved in (events.moving("e", days=3), events.moving("e", start="2025-01-13")):
        report = moved["e"]
        assert (report.start, report.end) == (date(2025, 1, 13), date(2025, 1, 17))
        assert report.reported_on == date(2025, 1, 14)
    assert events.moving("e", end="2025-01-20")["e"].end == date(2025, 1, 20)
    assert events.moving("e", end="2025-01-20")["e"].start == date(2025, 1, 10)
    both = events.moving("e", start="2025-01-01", end="2025-01-02")["e"]
    assert (both.start, both.end) == (date(2025, 1, 1), date(2025, 1, 2))
    assert events_of([told()]).moving("e", end="2025-01-20")["e"].end_status == "recorded"


def test_moving_refuses_half_and_double_questions():
    """Nothing to do, two ways at once, an end before the start."""
    events = events_of([told(end="2025-01-14")])
    with pytest.raises(sr.errors.RequestError, match="say days, start or end"):
        events.moving("e")
    with pytest.raises(sr.errors.RequestError, match="either days"):
        events.moving("e", days=1, end="2025-01-20")
    with pytest.raises(sr.errors.RequestError, match="YYYY-MM-DD"):
        events.moving("e", start="04/09/2025")
    with pytest.raises(sr.errors.DataError, match="before the start"):
        events.moving("e", end="2025-01-01")


def test_between_keeps_what_touches_the_days():
    """10 to 14 January touches 14 to 20 and 1 to 10, not 15 on, not up to the 9th."""
    events = events_of([told(end="2025-01-14"), told("open", start="2025-01-12")])
    assert ids(events.between("2025-01-14", "2025-01-20")) == ["e", "open"]
    assert ids(events.between("2025-01-01", "2025-01-10")) == ["e"]
    assert ids(events.between("2025-01-15", "2025-01-20")) == ["open"]
    assert ids(events.between("2025-01-01", "2025-01-09")) == []


def test_between_does_not_bring_back_what_was_ended_before():
    """Closed on the 10th, reopened on the 12th (for one day): gone from the 13th on."""
    events = events_of(
        [told("a"), told("b", kind="road_reopened", start="2025-01-12", end="2025-01-12", ends="a")]
    )
    assert ids(events.between("2025-01-11", "2025-01-20")) == ["a", "b"]
    assert ids(events.between("2025-01-12", "2025-01-20")) == ["b"]
    assert ids(events.between("2025-01-13", "2025-01-20")) == []


def test_ruled_by_reads_the_same_reports_anew():
    """Other rules, the same reports."""
    events = events_of([told()])
    other = events.rules.replacing({"R30": {"capacity_factor": 0.5}})
    assert events.ruled_by(other).rules == other
    assert ids(events.ruled_by(other)) == ["e"]
    assert events.ruled_by(other) != events


def test_days_are_given_as_text_date_or_time():
    """A time stands for its day; anything else says what to write."""
    assert as_day("2025-01-10") == as_day(datetime(2025, 1, 10, 23, 59)) == date(2025, 1, 10)  # noqa: DTZ001
    assert type(as_day(datetime(2025, 1, 10))) is date  # noqa: DTZ001
    with pytest.raises(sr.errors.RequestError, match="not a day of the calendar"):
        as_day("2025-02-30")
    later = sr.disrupt(network(), events_of([told()]), at=datetime(2025, 1, 10, 8))  # noqa: DTZ001
    assert later == on("2025-01-10", told())


def test_a_refused_cell_hides_no_other_fault_and_makes_none_up(tmp_path):
    """Of one row: a bad kind, an end before the start; of another a bad radius, told once."""
    rows = [
        told("a", kind="earthquake", end="2025-01-09"),
        told("b", lat="10", lon="-9", radius_km="wide", scope="area"),
        told("c", start="soon", end="2025-01-01", ends="d"),
        told("d", start="2025-02-01"),
    ]
    path = tmp_path / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [column.name for column in table_schema("events")])
        writer.writeheader()
        writer.writerows({"confidence": "A", "text": "t", "source": "s", **row} for row in rows)
    problems = report_problems(draft_table(path, "events"))
    found = [(problem.row, problem.column) for problem in problems]
    assert sorted(found) == [(2, "end"), (2, "kind"), (3, "radius_km"), (4, "start")]


@pytest.mark.parametrize("as_dict", [True, False])
def test_everything_wrong_with_added_reports_is_told_at_once(as_dict):
    """As dicts or as reports: a kind, an end before its start, a number that is none, no place."""
    bad = {**GIVEN, "kind": "road_closd", "end": date(2025, 1, 1), "delay_h": float("nan")}
    nowhere = {**GIVEN, "event": "m", "edges": ()}
    given = [bad, nowhere] if as_dict else [Report(**bad), Report(**nowhere)]
    start = {} if as_dict else {"start": date(2025, 1, 11)}
    with pytest.raises(sr.errors.DataError) as caught:
        events_of([]).adding(*(replace(one, **start) if start else one for one in given))
    found = [(problem.file, problem.column) for problem in caught.value.problems]
    assert found == [
        ("event n", "kind"), ("event n", "delay_h"), ("event n", "end"), ("event m", "scope")
    ]  # fmt: skip


def test_an_unknown_column_hides_nothing_else():
    """foo, a misspelt kind and an end before the start: three problems."""
    with pytest.raises(sr.errors.DataError) as caught:
        report_from({**GIVEN, "foo": 1, "kind": "road_closd", "end": "2025-01-01"})
    assert [problem.column for problem in caught.value.problems] == ["foo", "kind", "end"]


def test_reports_made_in_python_are_read_like_rows():
    """Lists become tuples, text a day; what an events table would refuse is refused."""
    report = Report(
        event="n", start="2025-01-11", kind="road_closed", basis="reported", scope="segment",
        edges=["port--north"], confidence="A", text="made up", source="assumption",
    )  # fmt: skip
    one, two = sr.Events([report], rules()), events_of([]).adding(GIVEN)
    assert one == two
    assert one["n"].edges == ("port--north",)
    with pytest.raises(sr.errors.DataError, match="direction"):
        sr.Events([replace(report, direction="up")], rules())


def test_defaults_of_a_report_are_those_of_the_schema():
    """A column that is required has none."""
    defaults = {field.name: field.default for field in fields(Report)}
    assert list(defaults) == [column.name for column in table_schema("events")]
    for column in table_schema("events"):
        assert defaults[column.name] == (MISSING if column.required else default_value(column))


def test_days_the_wrong_way_round_and_half_days_are_refused():
    """Between an end and a start; by a day and a half; by what counts as a whole number not."""
    events = events_of([told()])
    with pytest.raises(sr.errors.RequestError, match="2025-10-01 lies before the start 2025-10-15"):
        events.between("2025-10-15", "2025-10-01")
    with pytest.raises(sr.errors.RequestError, match=r"1\.5 is no whole number of days"):
        events.moving("e", days=1.5)


@pytest.mark.parametrize("day", [20251002, None, 3.5, pd.NaT, ("2025-10-02",)])
def test_what_is_no_day_is_refused_in_words(day):
    """A number, nothing, a time that is none, a tuple."""
    for ask in (
        lambda: events_of([]).known_by(day),
        lambda: sr.disrupt(network(), events_of([]), at=day),
    ):
        with pytest.raises(sr.errors.RequestError, match="is not a date"):
            ask()
