"""Reliability on hand-sized networks: the numbers worked out beside the code."""

import json
from datetime import date

import pytest

import supplyroutes as sr
from supplyroutes.analysis.doubt import beliefs, chances, pictures, roads_apart
from supplyroutes.analysis.doubt.beliefs import in_force, report_probabilities, truth
from supplyroutes.analysis.doubt.causes import causes_of
from supplyroutes.analysis.doubt.town_chances import TownChances
from tests.strategies import events_of, network_of, source, town

A, B, C, D = 0.98, 0.93, 0.75, 0.5
TOLD = 0.97
"""A reported effect on a road; recorded to the day or beyond."""


def road(edge, u, v, km="20", **cells):
    return {"edge": edge, "u": u, "v": v, "length_km": km, **cells}


def closed(event, *, edges="", confidence="A", **cells):
    """A road closed from 1 to 31 January, told by a report."""
    return {
        "event": event, "kind": "road_closed", "basis": "reported", "scope": "segment",
        "start": "2025-01-01", "end": "2025-01-31", "end_status": "recorded", "edges": edges,
        "confidence": confidence, "spot_known": "true", **cells,
    }  # fmt: skip


def two_ways(**people):
    """Source s, town t by two roads a and b, and u behind t."""
    towns = [town(node, lat, 0.0, population=people.get(node, "")) for node, lat in
             (("s", 0.0), ("t", 0.1), ("u", 0.2))]  # fmt: skip
    return network_of(
        towns, [road("a", "s", "t"), road("b", "s", "t"), road("c", "t", "u")], [source("s")]
    )


def asked(network, rows, at="2025-01-10", **options):
    return sr.reliability(network, events_of(rows), at=at, **options)


def probs(risk, node):
    return risk.towns.loc[node, ["supplied_prob", "strained_prob", "isolated_prob"]].tolist()


def test_two_roads_fail_apart_and_one_report_of_both_fails_them_together():
    """Two incidents: p q. One report of both roads: p."""
    network = two_ways()
    apart = asked(network, [closed("e1", edges="a"), closed("e2", edges="b", confidence="C")])
    p, q = A * TOLD, C * TOLD
    assert probs(apart, "t") == pytest.approx([1 - p * q, 0, p * q], abs=1e-15)
    assert probs(apart, "u") == probs(apart, "t")
    assert probs(apart, "s") == [1, 0, 0]
    together = asked(network, [closed("e1", edges="a;b")])
    assert probs(together, "t") == pytest.approx([1 - p, 0, p], abs=1e-15)


def test_reports_of_one_incident_are_one_draw_with_the_likeliest_chance():
    """Told by A and by D of the same thing: the chance of A, and no product."""
    rows = [closed("e1", edges="a;b", incident="i"),
            closed("e2", edges="a;b", incident="i", confidence="D")]  # fmt: skip
    risk = asked(two_ways(), rows)
    assert risk.causes.loc["i", "reports"] == ("e1", "e2")
    assert probs(risk, "t")[2] == pytest.approx(A * TOLD, abs=1e-15)


def test_the_ends_of_the_range_doubt_and_trust_reports():
    """Low and high values of the table, multiplied: 0.95 x 0.9 and 1 x 1."""
    row = asked(two_ways(), [closed("e1", edges="a;b")]).towns.loc["t"]
    assert row["isolated_doubting_prob"] == pytest.approx(0.95 * 0.9, abs=1e-15)
    assert row["isolated_trusting_prob"] == 1
    assert row["supplied_doubting_prob"] == pytest.approx(1 - 0.95 * 0.9, abs=1e-15)
    assert row["supplied_trusting_prob"] == 0


def test_a_ban_needs_to_be_true_in_force_and_shown_enforced():
    """Where two reports show it, one of them is enough; a ban that nobody shows does nothing."""
    ban = {
        "event": "ban", "kind": "blockade_declaration", "basis": "declared", "scope": "country",
        "start": "2025-01-01", "end_status": "open_at_last_report", "commodity": "fuel",
        "confidence": "A",
    }  # fmt: skip
    attack = {
        "kind": "base_attack", "basis": "none", "scope": "segment", "edges": "a;b",
        "start": "2025-01-08", "end": "2025-01-08", "end_status": "recorded", "enforces": "ban",
    }  # fmt: skip
    rows = [ban, {**attack, "event": "x", "confidence": "B"},
            {**attack, "event": "y", "confidence": "C"}]  # fmt: skip
    risk = asked(two_ways(), rows)
    standing = A * 0.9 * 0.98  # declared, went on two days ago
    hit = standing * (1 - (1 - B) * (1 - C))
    assert probs(risk, "t") == pytest.approx([1 - hit, hit, 0], abs=1e-12)
    assert risk.causes.loc["ban", ["status", "age_days"]].tolist() == ["goes_on", 2]
    assert risk.causes.loc["x", ["status", "age_days", "in_force_prob"]].tolist() == ["", -1, 1]
    assert asked(two_ways(), [ban]).causes.empty


def stretch(**cells):
    """A course of three roads from the source to the last town: 20, 60 and 120 km."""
    towns = [town(node, lat, 0.0) for node, lat in
             (("s", 0.0), ("x", 0.1), ("y", 0.2), ("z", 0.3))]  # fmt: skip
    roads = [road("a", "s", "x", "20"), road("b", "x", "y", "60"), road("c", "y", "z", "120")]
    return network_of(towns, roads, [source("s")]), [
        closed("e1", edges="a;b;c", spot_known="false", kind="ambush", **cells)
    ]


def test_an_unknown_spot_is_one_of_its_roads_by_truck_time():
    """a with 1/10, b with 3/10, c with 6/10 of the time: x needs a, y also b, z also c."""
    network, rows = stretch()
    risk = asked(network, rows)
    p = A * TOLD
    isolated = [probs(risk, node)[2] for node in ("x", "y", "z")]
    assert isolated == pytest.approx([p * 0.1, p * 0.4, p], abs=1e-12)
    day = sr.disrupt(network, events_of(rows), at="2025-01-10")
    cut = sr.isolation(day, baseline=network)
    assert cut.towns["state"].tolist() == ["supplied", "supplied", "supplied", "isolated"]
    assert len(risk.causes) == 1


def test_an_unknown_spot_at_a_town_is_any_of_its_roads_alike():
    """Closed at t: a, b or c with a third each; the plain day only strains all three."""
    rows = [closed("e1", kind="ambush", scope="point", edges="", nodes="t", spot_known="false")]
    risk = asked(two_ways(), rows)
    p = A * TOLD
    assert probs(risk, "t")[2] == 0
    assert probs(risk, "u") == pytest.approx([1 - p / 3, 0, p / 3], abs=1e-12)
    assert risk.towns.loc["u", ["as_reported", "likeliest"]].tolist() == ["strained", "supplied"]


def test_what_ran_out_by_assumption_may_still_hold_until_somebody_tells():
    """A closure without an end: assumed at first, then lapsed, ever less; news clears it."""
    lasting = closed("e1", edges="a;b", end="", end_status="end_not_found")
    days = {"2025-01-02": 0.8, "2025-03-01": 0.1, "2025-12-01": 0.03}
    for day, force in days.items():
        risk = asked(two_ways(), [lasting], at=day)
        assert probs(risk, "t")[2] == pytest.approx(A * TOLD * force, abs=1e-12), day
    news = {**closed("e2", edges="a;b", kind="road_checked"), "start": "2025-02-25",
            "end": "2025-02-25"}  # fmt: skip
    assert asked(two_ways(), [lasting, news], at="2025-03-01").causes.empty


def test_a_source_out_of_service_is_a_draw_too():
    """All towns hang on it."""
    rows = [closed("e1", edges="", kind="terminal_out", scope="point", nodes="s")]
    risk = asked(two_ways(), rows)
    assert probs(risk, "s")[2] == probs(risk, "u")[2] == pytest.approx(A * TOLD, abs=1e-15)


def test_people_pictures_and_checks():
    """t and u fall together; both reports are worth the same to each person behind."""
    rows = [closed("e1", edges="a"), closed("e2", edges="b", confidence="D")]
    risk = asked(two_ways(t="1000", u="500"), rows)
    p, q = A * TOLD, D * TOLD
    assert risk.expected["isolated_people"] == pytest.approx(1500 * p * q)
    told = risk.pictures[risk.pictures["level"] == "isolated"]
    assert told["towns"].tolist() == [(), ("t", "u")]
    assert told["prob"].tolist() == pytest.approx([1 - p * q, p * q])
    assert told["people"].tolist() == [0, 1500]
    checks = risk.checks.set_index("reports")
    assert list(checks.index) == [("e2",), ("e1",)]
    # |P(isolated | e2) - P(isolated)| = p (1 - q) with chance q, and p q with chance 1 - q
    assert checks.loc[[("e2",)], "change_people"].iloc[0] == pytest.approx(
        1500 * 2 * p * q * (1 - q)
    )
    assert checks.loc[[("e1",)], "change_people"].iloc[0] == pytest.approx(
        1500 * 2 * p * q * (1 - p)
    )
    # supplied is likelier (1 - pq > 1/2); if e2 holds it is isolated with p: gain q (2 p - 1)
    assert checks.loc[[("e2",)], "gain_people"].iloc[0] == pytest.approx(1500 * q * (2 * p - 1))
    assert checks.loc[[("e2",)], "if_true"].iloc[0] == (
        ("t", "supplied", "isolated"), ("u", "supplied", "isolated"),
    )  # fmt: skip
    assert checks.loc[[("e2",)], "roads"].iloc[0] == ("b",)


def test_pictures_let_go_are_not_called_proven(monkeypatch):
    """With room for one picture only, what was let go may be likelier than what is listed."""
    monkeypatch.setattr(pictures, "MOST_KEPT", 1)
    rows = [closed("e1", edges="a;b", confidence="D"), closed("e2", edges="c", confidence="D")]
    risk = asked(two_ways(t="1", u="1"), rows)
    told = risk.pictures[risk.pictures["level"] == "isolated"]
    assert len(told) == 1
    assert not told["proven"].any()


def test_where_diagrams_have_no_room_towns_are_sampled_with_an_interval(monkeypatch):
    """The same seed gives the same bytes, another one others; certain towns stay exact."""
    rows = [closed("e1", edges="a", direction="inbound"), closed("e2", edges="b", confidence="D")]
    monkeypatch.setattr(chances, "MOST_DIAGRAMS", 2)
    risk, again, other = (asked(two_ways(), rows, samples=5_000, seed=seed) for seed in (1, 1, 2))
    row = risk.towns.loc["t"]
    assert (row["method"], risk.towns.loc["s", "method"]) == ("sampled", "exact")
    assert risk.samples == risk.summary()["samples"] == 5_000
    assert row["isolated_low_prob"] < A * TOLD * D * TOLD < row["isolated_high_prob"]
    assert 0 < row["supplied_low_prob"] < row["supplied_prob"] < row["supplied_high_prob"] < 1
    assert row["supplied_doubting_prob"] != row["supplied_doubting_prob"]
    assert json.dumps(risk.to_dict()) == json.dumps(again.to_dict())
    assert risk.to_dict()["towns"] != other.to_dict()["towns"]
    assert risk.checks_method == "sampled"
    assert asked(two_ways(), rows, samples=1).checks.empty, "one sample knows no otherwise"


def test_checks_are_sampled_where_only_they_are_too_much(monkeypatch):
    """Towns exact, pictures and checks from samples: the result says so."""
    rows = [closed("e1", edges="a"), closed("e2", edges="b")]
    causes = causes_of(two_ways(), events_of(rows), date(2025, 1, 10), "fuel")
    needed = len(TownChances(causes, 1, 1).exact.diagrams.draw)
    monkeypatch.setattr(chances, "MOST_DIAGRAMS", needed)
    risk = asked(two_ways(), rows)
    assert set(risk.towns["method"]) == {"exact"}
    assert risk.checks_method == "sampled"
    assert risk.samples == 65_536


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"samples": 0}, "0 samples"),
        ({"samples": 1 << 23}, "samples: from 1"),
        ({"seed": -1}, "negative"),
        ({"at": "15/01/2025"}, "15/01/2025"),
    ],
)
def test_wrong_requests_are_refused(options, said):
    with pytest.raises(sr.errors.RequestError, match=said):
        asked(two_ways(), [], **options)


def test_a_disrupted_network_is_refused():
    network, events = sr.datasets.toy()
    day = sr.disrupt(network, events, at="2025-01-12")
    with pytest.raises(sr.errors.RequestError, match="disrupted already"):
        sr.reliability(day, events, at="2025-01-12")


def test_no_source_and_no_people():
    """Nobody is on a network without a source; the tables are there and empty."""
    network = network_of([town("s"), town("t", 0.1)], [road("a", "s", "t")])
    risk = asked(network, [closed("e1", edges="a")])
    assert set(risk.towns["method"]) == {"off_network"}
    assert set(risk.towns["likeliest"]) == {"not_on_network"}
    assert risk.checks.empty
    assert risk.expected == dict.fromkeys(risk.expected, 0.0)


def test_the_result_shows_itself_and_escapes_names():
    """A town called like markup stays text."""
    network = network_of(
        [town("s"), {**town("t", 0.1), "name": "<b>$x$</b>"}], [road("a", "s", "t")], [source("s")]
    )
    risk = asked(network, [closed("e1", edges="a")])
    html = risk._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;$x$" in html
    answer = json.loads(json.dumps(risk.to_dict(), allow_nan=False))
    assert answer["sensitive"] is True
    assert answer["towns"][1]["isolated_prob"] == round(A * TOLD, 6)
    assert answer["summary"]["causes"] == 1


def test_pictures_that_need_too_much_room_are_let_go(monkeypatch):
    """With room for towns and checks alone, some pictures are not followed, and it is told."""
    rows = [closed(f"e{edge}", edges=edge, confidence="D") for edge in "abc"]
    told = []
    for most in range(4, 80):
        monkeypatch.setattr(chances, "MOST_DIAGRAMS", most)
        risk = asked(two_ways(t="1", u="1"), rows, samples=64)
        if risk.checks_method == "exact":
            told.append(bool(risk.pictures["proven"].all()))
    assert sorted(told) == told, "more room, more proven"
    assert told[-1]


def test_one_way_roads_shared_reports_and_wide_frontiers_are_not_told_apart(monkeypatch):
    """Each would be wrong, or too much, by frontier: such towns are sampled."""
    monkeypatch.setattr(chances, "MOST_EXACT_DRAWS", -1)
    one_way = [closed("e1", edges="a", direction="inbound"), closed("e2", edges="b")]
    shared = [closed("e1", edges="a;c"), closed("e2", edges="b")]
    apart = [closed("e1", edges="a"), closed("e2", edges="b"), closed("e3", edges="c")]
    methods = [asked(two_ways(), rows, samples=64).towns.loc["u", "method"]
               for rows in (one_way, shared, apart)]  # fmt: skip
    assert methods == ["sampled", "sampled", "exact"]
    ladder = network_of(
        [town(node, place / 10) for place, node in enumerate("sabt")],
        [road(pair, pair[0], pair[1], "40") for pair in ("sa", "sb", "at", "bt", "ab")],
        [source("s")],
    )
    rows = [closed(f"e{pair}", edges=pair) for pair in ("sa", "sb", "at", "bt", "ab")]
    assert set(asked(ladder, rows).towns["method"]) == {"exact"}
    monkeypatch.setattr(roads_apart, "MOST_STATES", 1)
    assert asked(ladder, rows, samples=64).towns.loc["t", "method"] == "sampled"
    monkeypatch.setattr(chances, "MOST_DIAGRAMS", 2)
    assert asked(ladder, rows, samples=64).towns.loc["t", "method"] == "sampled"


def test_reports_of_one_incident_share_the_spot():
    """Two reports of one ambush on one stretch: one spot, and three draws for three roads."""
    network, rows = stretch(incident="i")
    twice = [rows[0], {**rows[0], "event": "e2"}]
    causes = causes_of(network, events_of(twice), date(2025, 1, 10), "fuel")
    assert [draw.part for draw in causes.draws] == ["true", "in_force", "spot", "spot"]
    assert probs(asked(network, twice), "x") == probs(asked(network, rows), "x")


def test_a_spot_on_roads_of_no_length_is_any_of_them_alike():
    """No truck time to draw by."""
    towns = [town(node) for node in "sxy"]
    network = network_of(towns, [road("a", "s", "x", "0"), road("b", "x", "y", "0")], [source("s")])
    rows = [closed("e1", edges="a;b", spot_known="false", kind="ambush")]
    assert probs(asked(network, rows), "x")[2] == pytest.approx(A * TOLD / 2, abs=1e-12)


# --- the table ----------------------------------------------------------------------------


def test_every_probability_has_a_range_a_reason_and_a_source():
    for row in report_probabilities().rows():
        low, best, high = (row[f"probability_{end}"] for end in ("low", "best", "high"))
        assert 0 <= low <= best <= high <= 1
        assert row["reason"]
        assert row["source"]


def test_every_report_has_a_row_for_every_question():
    """No confidence, basis, ending or age falls through the table."""
    events = sr.datasets.mali()[1]
    for report in events:
        assert truth(report).best < 1
        for status in ("recorded", "goes_on", "assumed", "lapsed"):
            chance = [in_force(report, status, age).best for age in (0, 10, 40, 400)]
            assert chance == sorted(chance, reverse=True), "the older the news, the less sure"
            assert 0 < chance[-1] <= 1


def test_a_table_whose_ranges_fall_is_refused(tmp_path, monkeypatch):
    """With file, row and column."""
    text = (beliefs.data_folder() / "report_probabilities.csv").read_text(encoding="utf-8")
    broken = text.replace("0.95,0.98,1,", "0.99,0.98,1,", 1)
    (tmp_path / "report_probabilities.csv").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(beliefs, "data_folder", lambda: tmp_path)
    beliefs.report_probabilities.cache_clear()
    with pytest.raises(sr.errors.DataError, match=r"low 0.99, best 0.98 and high 1.0 must not"):
        report_probabilities()
    beliefs.report_probabilities.cache_clear()
