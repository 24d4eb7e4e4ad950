"""Chapters of a report where there is little to tell, or much."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.report.blocks import Facts, Grid, Lines
from supplyroutes.report.chapters import beside, holding
from supplyroutes.report.document import document_of
from supplyroutes.report.tables import result_tables
from supplyroutes.report.told import Told

DAY = dt.date(2025, 1, 12)
SHORT = {
    "stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 16)},
    "outlook": {"runs": 3},
}
EVENT = {"basis": "reported", "scope": "point", "text": "Told."}


def run(*analyses, **suppositions):
    """The toy case under suppositions, with some analyses."""
    given = {"case": "toy", "date": DAY, "analyses": SHORT, **suppositions}
    return sr.run(sr.Scenario(**given), analyses=analyses)


def text(results, key, lang="en"):
    """All texts of a chapter, one below the other."""
    chapter = next(one for one in document_of(results, lang).chapters if one.key == key)
    told = []
    for block in chapter.blocks:
        if isinstance(block, Facts):
            told += [f"{label}: {answer}" for label, answer in block.rows]
        elif isinstance(block, Lines):
            told += block.rows
        elif isinstance(block, Grid):
            told += [" | ".join((*row.cells, row.note)) for row in (*block.rows,)]
    return "\n".join(told)


def test_with_no_way_in_there_is_no_path_and_nothing_arrives():
    """The port out of service: every town is isolated, each has a row that says so."""
    closed = {**EVENT, "event": "X", "start": DAY, "kind": "terminal_out", "nodes": ["port"]}
    results = run("flow", "paths", events={"added": [closed]})
    paths = text(results, "paths")
    assert paths.count("no open path") == 4
    assert "East | – | – | – | – | – | – | no open path" in paths
    assert "can arrive (0%)" in text(results, "flow")
    assert "are cut off: no open road leads to them from any source." in text(results, "headline")


def test_without_a_source_or_a_demand_each_chapter_says_so():
    """Nobody uses goods in toy, and no source has them: answers, no error."""
    results = run("flow", "paths", "stocks", "outlook", "roads", "reopening", commodity="goods")
    assert "No source" in text(results, "unknown")
    assert "No demand for it is recorded." in text(results, "flow")
    assert "No demand for it is recorded." in text(results, "stocks")
    assert "No source" in text(results, "towns")  # not: no town is isolated
    headline = text(results, "headline")
    for question in ("What would help most", "What to guard"):
        assert f"{question}: No demand for it is recorded." in headline
    assert "all that is needed can arrive" not in headline
    assert "would cost anything" not in headline
    roads = text(results, "roads")
    assert roads.count("No demand for it is recorded.") == 2
    assert "No loss of roads would make it worse." in roads
    assert "No guard would help." in roads


@pytest.mark.filterwarnings("ignore:demand is not recorded for jet alone")
def test_a_part_of_fuel_is_not_told_as_if_its_use_were_known():
    """Toy records fuel as a whole: of jet fuel nobody knows how much is used."""
    results = run("flow", "stocks", commodity="jet")
    for key in ("headline", "unknown", "flow", "stocks"):
        assert "Jet fuel: its own use is not recorded. That of all fuel is" in text(results, key)
    assert "its own use is not recorded" not in text(run("flow"), "headline")


def test_a_road_without_a_detour_makes_nobody_later_by_a_number():
    """All of toy hangs on Port - South once T1 closes the other way: there is no later then."""
    roads = text(run("roads"), "roads")
    assert "Port – South | 149 | 150,000 | –" in roads
    assert "nan" not in roads


def test_nothing_to_guard_is_not_sensitive():
    """On the open roads of 2024 no single loss costs anything: no road is named."""
    results = run("roads", events={"removed": ["T1", "T2"]})
    roads = results.roads
    none = replace(roads.guard, roads=roads.guard.roads.iloc[:0])
    unguarded = replace(results, roads=replace(roads, guard=none))
    headline = text(unguarded, "headline")
    assert "No single further loss of a road would cost anything." in headline
    assert "Sensitive" not in headline


def test_the_first_page_guards_the_roads_of_its_chapter():
    """By its own the loss of one road costs most; beside it stand the roads to guard together."""
    results = run("roads")
    headline = text(results, "headline")
    assert "guard: Port – South (N2), South – Bridge (N2). Sensitive:" in headline
    assert list(results.roads.guard.roads.index) == ["port--south", "south--bridge"]


@pytest.mark.parametrize(
    ("supposed", "told"),
    [
        ({}, "Not in it: trucks that stay away, convoys, hoarding, black markets."),
        ({"convoys": {}}, "Not in it: trucks that stay away, hoarding, black markets."),
        ({"fleet": {"deterrence": True}}, "Not in it: convoys, hoarding, black markets."),
    ],
)
def test_stocks_do_not_leave_out_what_the_scenario_supposes(supposed, told):
    stocks = text(run("stocks", "outlook", **supposed), "stocks")
    assert told in stocks
    assert stocks.count("convoys") == told.count("convoys")


def test_a_first_shortage_before_the_day_is_not_told_as_one_of_the_day():
    """T1 closes the way to East and North on the 10th; the report is of the 12th."""
    headline = text(run("stocks", "outlook"), "headline")
    assert "run short at least once by 16 January 2025" in headline
    assert "On 12 January 2025 itself 2 towns are short in at least half of the runs." in headline
    assert "A shortage that began before 12 January 2025 may be over by then." in headline
    open_roads = text(run("stocks", "outlook", events={"removed": ["T1", "T2"]}), "headline")
    assert "may be over" not in open_roads


def test_one_run_and_none_are_no_plural_in_french():
    """A count of 0 or 1 stands before the runs that it is of, which are many."""
    headline = text(run("outlook", events={"removed": ["T1", "T2"]}), "headline", "fr")
    assert "des 3 tirages" in headline
    assert "tirages sur" not in headline


def test_ages_of_reports_are_told_in_the_number_of_each_language():
    """T1 is two days old, and T2 of the day; nobody ever told of N2 on the 11th."""
    now = run()
    assert "is 0 days old, the oldest 2 days." in text(now, "headline")
    assert "le plus récent a 0 jour, le plus ancien 2 jours." in text(now, "headline", "fr")
    assert "only an old report" not in text(now, "headline")
    before = run(events={"removed": ["T2"]}, date=dt.date(2025, 1, 11), analyses={})
    assert "is 1 day old, the oldest 1 day. 1 of 2 corridors has only an old report, or none." in (
        text(before, "headline")
    )


def test_people_whom_nobody_counted_are_not_nought_people():
    """Where no number of people is known, a place cut off has some all the same."""
    closed = {**EVENT, "event": "X", "start": DAY, "kind": "terminal_out", "nodes": ["port"]}
    results = run(events={"added": [closed]})
    now = results.main.situation
    nobody = now.isolation.towns.assign(population=float("nan"))
    now = replace(now, isolation=replace(now.isolation, towns=nobody))
    main = replace(results.main, situation=now)
    unknown = replace(results, entries={**results.entries, main.name: main})
    headline = text(unknown, "headline")
    assert "places in TOY (population not known) are cut off" in headline
    assert "(0 people)" not in headline


def test_the_best_what_if_is_told_by_what_it_betters():
    """Without stocks: what cannot arrive on the day, and the people concerned."""
    lifted = {"lifted": {"title": "No T1", "events": {"removed": ["T1"]}}}
    headline = text(run("flow", what_if=lifted), "headline")
    assert "people cut off or strained: 0 instead of 130,000." in headline
    assert "On the day 0 m3 a day cannot arrive, instead of 121." in headline


def test_changes_are_named_by_their_chapter():
    """In print the map comes between the first page and what changes."""
    assert "listed under “What the scenario changes”; “What-ifs side by side” sets" in text(
        run(events={"removed": ["T1"]}), "headline"
    )


def test_entries_are_called_apart_whatever_their_titles():
    """The title of one may be what the name of another would make of its own."""
    titles = {"a": "T", "b": "T", "c": "T (a)", "d": "As recorded"}
    what_if = {
        name: {"title": title, "events": {"removed": ["T1"]}} for name, title in titles.items()
    }
    results = run(what_if=what_if)
    called = Told(results, result_tables(results), words("en")).called
    assert len(set(called.values())) == len(called) == 5
    assert called["b"] == "T (b)"


def test_the_order_of_reopening_tells_each_step_and_each_alone():
    results = run("reopening")
    roads = text(results, "roads")
    assert "1 | road blocked (T1) | 1 | 121 m3 a day | 0 m3 a day | East, North" in roads
    assert "Each as the first and only step" in roads
    assert "--lift" not in roads  # a report has no options
    assert "The one step that would help most is an end to this: road blocked (T1)." in text(
        results, "headline"
    )
    assert "What T1 says stands in the chapter “Reports behind this picture”." in text(
        results, "headline"
    )


def test_a_lift_that_changes_nothing_is_no_advice():
    """A gain of nought is no help: then no step is named."""
    results = run("reopening")
    found = results.reopening
    nothing = replace(found, first=found.first.assign(gain=0.0), order=found.order.iloc[:0])
    results = replace(results, reopening=nothing)
    assert "No single step that can be lifted or repaired" in text(results, "headline")
    assert words("en")("reopen.none") in text(results, "roads")


def test_a_lift_may_be_a_road_or_an_old_report():
    """A road is told by its ends; a report that no longer acts by its kind; else the id."""
    from supplyroutes.report.chapters.advice import lift_name

    results = run("reopening")
    told = Told(results, result_tables(results), words("en"))
    assert lift_name(told, "road", "port--north") == "Port – North (N1)"
    assert lift_name(told, "report", "T1") == "road blocked (T1)"
    assert lift_name(told, "report", "T9") == "T9"
    gone = replace(results.main, situation=replace(
        results.main.situation, reports=results.main.situation.reports.iloc[:0]
    ))  # fmt: skip
    old = Told(replace(results, entries={"recorded": gone}), told.tables, words("fr"))
    assert lift_name(old, "report", "T1") == "route coupée (T1)"


def test_a_what_if_without_effect_is_told_so():
    """Another number that nothing rests on: no town differs, and no what-if is best."""
    what_if = {"idle": {"title": "As recorded", "assumptions": {"convoy_cycle_days": 8.0}}}
    results = run("stocks", what_if=what_if)
    assert "None of the what-ifs worked out betters the recorded day." in text(results, "headline")
    beside_ = text(results, "what_if")
    assert "No town differs" in beside_
    assert "The what-if changes the state of no town." in beside_
    assert "As recorded (idle) | 0 | 3 | 2 | 130,000" in beside_, "two of one title bear their name"
    assert "As recorded (idle) | 12 Jan 2025" in beside_


def test_the_first_page_of_a_what_if_tells_what_it_changes():
    """Where no town changes its state, what goes short still may."""
    results = run("stocks", events={"removed": ["T1"]})
    amounts = result_tables(results)["entries"]["unmet_m3"]
    say = words("en")
    after, before = (say.number(amounts[name]) for name in ("scenario", "recorded"))
    assert f"In all {after} m3 go short over the days looked at, instead of {before}." in (
        text(results, "headline").splitlines()
    )


def test_long_tables_are_cut_and_say_so(monkeypatch):
    monkeypatch.setattr(holding, "MOST_TOWNS", 1)
    monkeypatch.setattr(beside, "MOST_DIFFERENCES", 1)
    results = run("stocks", events={"removed": ["T1"]})
    assert "2 smaller towns are left out here; the tables hold them." in text(results, "stocks")
    assert "smaller town" in text(results, "what_if")


def test_draws_alone_tell_what_the_one_run_would():
    """Without stocks of one run the draws stand alone; inputs that stand out are named."""
    results = run("outlook")
    stocks = text(results, "stocks")
    assert "Add “stocks” to analyses.only" in stocks
    assert "No input stands out" in stocks
    outlook = results.recorded.outlook
    clear = replace(outlook, influence=outlook.influence.assign(clear=True))
    entries = {"recorded": replace(results.recorded, outlook=clear)}
    told = text(replace(results, entries=entries), "stocks", "fr")
    assert "Marchandise" not in told
    assert told.count(" à ") > 6
    assert "No town" not in told


def test_one_run_without_a_shortage():
    """T1 and T2 gone, stocks last: nobody runs short."""
    results = run("stocks", events={"removed": ["T1", "T2"]})
    headline = text(results, "headline")
    assert "no town runs short by 16 January 2025." in headline
    assert "Add “outlook”" not in headline


def test_the_first_page_tells_who_is_short_on_the_day_itself():
    """A town that ran short may have recovered: the day is told apart from the first shortages."""
    results = run("outlook")
    outlook = results.recorded.outlook
    daily = outlook.daily.assign(short_share=0.0)
    on = daily.index.get_level_values("date") == DAY
    for shares, en, fr in (
        ({}, "itself no town is short in half", "même, aucune ville ne manque"),
        ({"east": 0.5}, "itself 1 town is short", "même, 1 ville manque"),
        ({"east": 1.0, "north": 0.9}, "The largest: East, North.", "même, 2 villes manquent"),
    ):
        town = daily.index.get_level_values("node")
        given = daily.assign(short_share=[
            shares.get(name, 0.0) if day else 1.0 for name, day in zip(town, on, strict=True)
        ])  # fmt: skip
        entries = {"recorded": replace(results.recorded, outlook=replace(outlook, daily=given))}
        told = replace(results, entries=entries)
        assert en in text(told, "headline")
        assert fr in text(told, "headline", "fr")
        count = result_tables(told)["entries"].loc["recorded", "likely_short_towns"]
        assert count == len(shares)


def test_a_search_that_was_stopped_is_not_told_as_proven():
    results = run("roads")
    roads = results.roads
    worst = replace(roads.worst, proven=False)
    guard = replace(roads.guard, roads=roads.guard.roads.iloc[:0], proven=False)
    told = text(replace(results, roads=replace(roads, worst=worst, guard=guard)), "roads")
    assert "Best found, not proven: no loss is worse than" in told
    assert "Stopped by the time limit" in told
    assert "No guard would help." in told


def test_limits_of_a_source_and_of_the_fleet_have_a_place():
    from supplyroutes.report.chapters.ways import _limit_place

    results = run()
    told = Told(results, result_tables(results), words("en"))
    assert _limit_place(told, {"kind": "fleet", "id": None}) == "All trucks"
    assert _limit_place(told, {"kind": "source", "id": "port"}) == "Port"
    assert _limit_place(told, {"kind": "road", "id": "port--north"}) == "Port – North (N1)"


def test_tables_by_entry_and_missing_ones():
    results = run(events={"removed": ["T1"]})
    told = Told(results, result_tables(results), words("en"))
    assert told.of("recorded", "entries").index.tolist() == ["recorded"]
    assert told.of("nobody", "towns") is None
    assert told.table("stocks") is None
    with pytest.raises(KeyError, match="stocks"):
        told.rows("stocks")
    assert told.number(None) == told.number(float("nan")) == told.date(None) == "–"


def test_a_report_without_a_title_is_called_by_what_it_tells():
    """The day as recorded is no what-if."""
    assert document_of(run(), "en").title == "Situation report"
    assert document_of(run(events={"removed": ["T1"]}), "fr").title == "Rapport de scénario"


def test_old_news_and_doubtful_ways_are_not_known():
    """Long after the last report the picture is not that of the day, and the report says so."""
    results = run(date=dt.date(2025, 4, 30), analyses={})
    assert "The last report is" in text(results, "unknown")
    first = text(results, "headline").splitlines()[0]
    day = words("en").day(results.main.situation.known_until)
    assert f"Nothing that was published after {day} is known here" in first
    assert "published after" not in text(run(), "headline")


def test_skill_above_nought_is_told_as_better(mali_results):
    skill = mali_results.skill.assign(skill_ratio=0.3)
    results = replace(mali_results, skill=skill)
    assert "did better than just assuming" in text(results, "headline")
    fitted = replace(mali_results, skill=mali_results.skill.assign(fitted=True))
    assert "never checked" in text(fitted, "headline")
