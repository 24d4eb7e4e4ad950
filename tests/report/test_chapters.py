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
    headline = text(results, "headline")
    assert "Nothing has to be lifted" in headline
    assert "No single further loss of a road would cost anything." in headline
    roads = text(results, "roads")
    assert "Nothing is missing by this measure" in roads
    assert "No loss of roads would make it worse." in roads
    assert "No guard would help." in roads


def test_the_order_of_reopening_tells_each_step_and_each_alone():
    results = run("reopening")
    roads = text(results, "roads")
    assert "1 | road blocked (T1) | 1 | 121 m3 a day | 0 m3 a day | East, North" in roads
    assert "Each as the first and only step" in roads
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
