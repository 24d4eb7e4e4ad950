"""Reports that contradict each other."""

import warnings
from datetime import date, timedelta

import pytest

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.commodities import COMMODITIES
from supplyroutes.conflicts import MOST_PAIRS, Contradiction, contradictions
from supplyroutes.report.wording import assumed_lines
from tests.strategies import events_of
from tests.toy import arc, network, on, told


def opening(event="o", **cells):
    """A report that the road is open."""
    return told(event, **{"kind": "road_reopened", **cells})


def found(*rows):
    """The contradictions of reports on the toy network."""
    return contradictions(network(), events_of(rows))


def test_contradiction_of_a_closure_and_an_opening_on_one_day():
    """Closed 10 to 14, told open on the 12th, not linked."""
    rows = (told(end="2025-01-14"), opening(start="2025-01-12", end="2025-01-13"))
    pair = Contradiction("e", "o", "port--north", date(2025, 1, 12), date(2025, 1, 13), COMMODITIES)
    assert found(*rows) == (pair,)
    assert str(pair).endswith("; the closure counts")
    assert [pair.holds_on(date(2025, 1, day)) for day in (11, 12, 13, 14)] == [
        False, True, True, False
    ]  # fmt: skip


def test_no_contradiction_if_linked_retracted_elsewhere_or_on_other_days():
    """Seven ways in which a closure and an opening go together."""
    closed = told(end="2025-01-14", commodity="fuel", direction="inbound")
    for other in (
        opening(start="2025-01-12", ends="e"),
        opening(start="2025-01-12", status="retracted"),
        opening(start="2025-01-12", edges="port--south"),
        opening(start="2025-01-15"),
        opening(start="2025-01-09"),
        opening(start="2025-01-12", commodity="goods"),
        opening(start="2025-01-12", direction="outbound"),
    ):
        assert found(closed, other) == ()


def test_contradictions_follow_the_readings():
    """A threat read as "cut" closes; a check read as "open" opens, one read as none does not."""
    cut = told(kind="threat", basis="none", reading="cut", end="2025-01-14")
    for reading, count in (("open", 1), ("none", 0), ("", 0)):
        check = opening(kind="road_checked", reading=reading, start="2025-01-11")
        pairs = found(cut, check)
        assert len(pairs) == count
        assert all(pair.closed_for == () for pair in pairs)  # evidence: no rule closes the road
        assert not any("the closure counts" in str(pair) for pair in pairs)


@pytest.mark.parametrize(
    ("cells", "counts", "told_of_it"),
    [
        ({"vehicle": "passenger"}, (), "no rule closes it to trucks"),
        ({"commodity": "diesel"}, ("diesel",), "the closure counts for diesel"),
        ({"vehicle": "tanker"}, ("fuel", "petrol", "diesel", "jet", "heavy_fuel_oil"),
         "the closure counts for fuel"),
        ({"vehicle": "truck"}, COMMODITIES, "the closure counts"),
        ({"kind": "vehicle_burning", "reading": "cut"}, (), "no rule closes it to trucks"),
    ],
)  # fmt: skip
def test_the_closure_counts_only_where_it_closes(cells, counts, told_of_it):
    """For the goods and vehicles that it hits; what the state of the day has is the same."""
    closed = told(end="2025-01-14", **cells)
    opened = opening(start="2025-01-12")
    (pair,) = found(closed, opened)
    assert pair.closed_for == counts
    assert str(pair).endswith(told_of_it)
    for commodity in COMMODITIES:
        status = arc(on("2025-01-12", closed, opened, commodity=commodity), "port", "north")
        assert (status["status"] == "closed") == (commodity in counts), commodity


def test_reports_of_vehicles_that_have_nothing_in_common_do_not_contradict():
    """Closed to buses, open to tankers; closed to trucks, open to tankers."""
    opened = opening(start="2025-01-12", vehicle="tanker")
    assert found(told(end="2025-01-14", vehicle="passenger"), opened) == ()
    assert len(found(told(end="2025-01-14", vehicle="truck"), opened)) == 1


def test_a_contradiction_names_the_road_that_is_closed():
    """An unknown spot of NORTH closes its middle, north--bridge, and no other road of it."""
    closed = told(corridor="NORTH", scope="corridor", end="2025-01-14")
    whole = opening(scope="corridor", corridor="NORTH", start="2025-01-12")
    (pair,) = found(closed, whole)
    assert pair.place == "north--bridge"
    assert found(closed, opening(edges="bridge--east", start="2025-01-12")) == ()


def test_a_closure_of_other_goods_is_neither_paired_nor_in_the_way():
    """One of diesel without end, then 300 of goods: an opening for goods meets the last of them."""
    rows = [told("d", commodity="diesel")]
    rows += [
        told(f"c{number}", commodity="goods", start=str(day), end=str(day))
        for number, day in enumerate(date(2025, 1, 10) + timedelta(days=n) for n in range(300))
    ]
    events = events_of([*rows, opening("o", commodity="goods", start="2025-11-05")])
    (pair,) = contradictions(network(), events)
    assert (pair.closing, pair.opening) == ("c299", "o")


def test_contradiction_of_a_whole_corridor_told_open():
    """An opening of corridor NORTH speaks of port--north; one spot of it does not."""
    closed = told(corridor="NORTH", edges="port--north", end="2025-01-14")
    whole = opening(scope="corridor", corridor="NORTH")
    part = opening(corridor="NORTH", edges="bridge--east")
    (pair,) = found(closed, whole)
    assert (pair.closing, pair.opening, pair.place) == ("e", "o", "port--north")
    assert found(closed, part) == ()


def test_contradiction_ends_with_the_assumed_duration():
    """Without a recorded end a closure is assumed to last 3 days (R30): 10, 11, 12 January."""
    closed = told(end_status="end_not_found")
    assert len(found(closed, opening(start="2025-01-12"))) == 1
    assert found(closed, opening(start="2025-01-13")) == ()


AREA = {"edges": "", "scope": "area", "radius_km": "20"}
NORTH = {"edges": "", "scope": "point", "nodes": "north"}


@pytest.mark.parametrize(
    ("closed", "opened"),
    [
        ({"scope": "corridor", "edges": "", "corridor": "NORTH"}, {"edges": "north--bridge"}),
        ({"kind": "town_siege", **NORTH}, NORTH),
        (
            {"kind": "border_closure", **NORTH, "scope": "border"},
            {"kind": "border_reopening", **NORTH, "scope": "border"},
        ),
        ({**AREA, "lat": "10.5", "lon": "-9.75"}, {**AREA, "lat": "10.4", "lon": "-9.8"}),
    ],
    ids=["corridor and road", "siege and town", "border and towns", "two areas"],
)
def test_contradiction_of_places_told_in_different_ways(closed, opened):
    """A corridor, a town and an area stand for their roads."""
    pairs = found(told(end="2025-01-14", **closed), opening(start="2025-01-12", **opened))
    assert [(pair.closing, pair.opening) for pair in pairs] == [("e", "o")]


def test_an_opening_finds_every_closure_that_holds_and_no_other():
    """Of closures 10 to 20, 11 to 11 and 13 to 14, an opening of the 12th meets the first."""
    rows = (
        told("a", end="2025-01-20"),
        told("b", start="2025-01-11", end="2025-01-11"),
        told("c", start="2025-01-13", end="2025-01-14"),
        opening(start="2025-01-12"),
    )
    assert [pair.closing for pair in found(*rows)] == ["a"]


def test_pairs_without_end_are_listed_up_to_a_thousand():
    """40 closures and 40 openings of one road make 1,600 pairs."""
    rows = [told(f"c{number}") for number in range(40)]
    rows += [opening(f"o{number}", start="2025-01-12") for number in range(40)]
    assert len(found(*rows)) == MOST_PAIRS


def test_asking_a_case_warns_of_contradictions(case_folder):
    """Reading a case runs no analysis; asking it says so. Past twenty pairs it counts."""
    rows = [told("c"), *(opening(f"o{number:02}", start="2025-01-12") for number in range(22))]
    sr.write_events(events_of(rows), case_folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sr.read_events(case_folder, network=network())
    question = sr.Scenario(folder=str(case_folder), date=date(2025, 1, 12))
    with pytest.warns(sr.errors.DataWarning) as caught:
        sr.run(question, analyses=())
    texts = [str(note.message) for note in caught]
    assert texts[0].startswith("c and o00 contradict each other on 2025-01-12: one closes port")
    assert len(texts) == 21
    assert "2 more pairs" in texts[-1]


@pytest.mark.parametrize(("day", "count"), [("2025-01-11", 0), ("2025-01-12", 7)])
def test_a_situation_lists_the_contradictions_of_its_day(day, count):
    """In its dict, and in words: five pairs, and how many more."""
    rows = [told("c"), *(opening(f"o{number}", start="2025-01-12") for number in range(7))]
    now = sr.situation(network(), events_of(rows), at=day)
    assert len(now.to_dict()["contradictions"]) == count
    for lang, word, more in (("en", "contradict", "2 more"), ("fr", "contredisent", "2 autres")):
        lines = [line for line in assumed_lines(words(lang), now) if word in line]
        assert len(lines) == (6 if count else 0)
        assert [line for line in lines if more in line] == lines[5:]


def test_a_situation_says_if_a_closure_does_not_count_for_its_commodity():
    """Closed to diesel only: it counts for diesel, not for fuel."""
    rows = events_of([told("c", commodity="diesel"), opening(start="2025-01-12")])
    for commodity, en, fr in (
        ("diesel", "the closure counts", "la fermeture l’emporte"),
        ("fuel", "this closure does not count for this commodity",
         "cette fermeture ne compte pas pour ce produit"),
    ):  # fmt: skip
        now = sr.situation(network(), rows, at="2025-01-12", commodity=commodity)
        for lang, text in (("en", en), ("fr", fr)):
            (line,) = [line for line in assumed_lines(words(lang), now) if "c and o" in line
                       or "c et o" in line]  # fmt: skip
            assert text in line
        assert ("diesel" in now.to_dict()["contradictions"][0]["closed_for"]) is True
