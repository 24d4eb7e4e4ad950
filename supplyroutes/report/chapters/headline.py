"""The first page: what a reader must know, one short answer to each question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.report import risk_wording, wording
from supplyroutes.report.answer_tables import LIKELY_SHARE
from supplyroutes.report.blocks import Block, Chapter, Facts, Grid, Lines, Row
from supplyroutes.report.chapters.advice import help_facts, missing_beside
from supplyroutes.report.chapters.not_asked import not_asked
from supplyroutes.report.told import Told

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.outlooks.outlook import StockOutlook
    from supplyroutes.analysis.stores.stocks import StockLevels

MOST_NAMES = 4
"""Names in one sentence."""
MOST_DATED = 3
"""Towns whose day is told in one sentence."""


def headline_chapter(told: Told) -> Chapter:
    """Return the answers to what is asked first, in the order in which it is asked."""
    return Chapter("headline", told.say("report.brief"), tuple(_answers(told)))


def _answers(told: Told) -> Iterator[Block]:
    """Yield an answer to each question, with the table that its numbers are from."""
    say = told.say
    if told.main is not told.results.recorded:
        names = {"listed": say("report.changes"), "beside": say("report.comparison")}
        yield Lines((say("headline.what_if", **names), *_recorded(told)), origin="entries")
    parts: tuple[tuple[str, Iterable[str], str], ...] = (
        ("cut_off", _cut_off(told), "entries"),
        ("runs_dry", _runs_dry(told), "stocks" if told.main.outlook is None else "outlook"),
        ("how_sure", _how_sure(told), "outlook"),
        ("skill", (skill_sentence(told),), "skill"),
        *help_facts(told),
        ("not_known", _not_known(told), "entries"),
    )
    for question, sentences, origin in parts:
        answer = " ".join(sentences)
        if answer:
            known = origin if origin in told.tables else ""
            yield Facts(((say(f"report.ask.{question}"), answer),), origin=known)
        if question == "runs_dry":
            yield from _first_shortages(told)


def _recorded(told: Told) -> Iterator[str]:
    """Yield how things stand without the what-if, and what goes short with and without it."""
    counts = wording.counts_line(told.say, told.results.recorded.situation)
    yield told.say("report.brief_recorded", counts=counts)
    yield from missing_beside(told, told.main.name)


def _cut_off(told: Told) -> Iterator[str]:
    """Yield who is cut off, who is reached only with hindrance, and the largest of them."""
    say, now = told.say, told.main.situation
    if now.known_until is not None and wording.old_news(say, now):
        yield say("headline.old", day=say.day(now.known_until))
    if not wording.has_source(now.day, now.commodity):
        yield wording.counts_line(say, now)
        return
    country = wording.country_name(say, now.day.home_country)
    counts = wording.home_counts(now)
    affected = wording.affected_towns(now)
    affected = affected[wording.at_home(now, affected.index)]
    for state in wording.NOT_SUPPLIED:
        places, people = counts[state]
        if not places:
            yield say(f"headline.none_{state}", country=country)
            continue
        names = list(affected[affected["state"] == state]["name"][:MOST_NAMES])
        among = say("headline.among", names=", ".join(names)) if names else ""
        living = say.count("count.people", people) if people else say("headline.people_unknown")
        yield say.count(
            f"headline.{state}", places, country=country, people=living, among=among
        ).strip()
    off = counts["not_on_network"][0]
    if off:
        yield say.count("headline.not_on_network", off)


def _runs_dry(told: Told) -> Iterator[str]:
    """Yield which towns run dry, and when: from the draws if there are any, else from one run."""
    say, main = told.say, told.main
    if main.outlook is None and main.stocks is None:
        yield not_asked(say, "stocks")
    elif main.outlook is not None and told.table("outlook") is not None:
        yield from _drawn(told, main.outlook)
    elif main.stocks is not None and told.table("stocks") is not None:
        yield from _run_once(told, main.stocks)
    else:
        yield say("flow.no_demand")


def _at_home(told: Told, name: str) -> pd.DataFrame:
    """Return the towns on the network of the case's country, the largest first."""
    frame = told.rows(name)
    frame = frame[wording.at_home(told.main.situation, frame.index)]
    order = frame[frame["on_network"]].assign(people=frame["population"].fillna(0))
    return order.sort_values("people", ascending=False, kind="stable")


def _drawn(told: Told, outlook: StockOutlook) -> Iterator[str]:
    """Yield when the largest towns that go short in half of the runs do so first."""
    say, towns = told.say, _at_home(told, "outlook")
    dry = towns[towns["dry_share"] >= LIKELY_SHARE]
    days = {"start": say.day(outlook.start), "end": say.day(outlook.end)}
    yield _short_now(told, towns)
    yield (
        say.count("headline.likely_dry", len(dry), towns=say.number(len(towns)), **days)
        if len(dry)
        else say("headline.none_likely_dry", **days)
    )
    if len(dry):
        yield from _past(told, dry["dry_on_p50"].head(MOST_DATED))
        yield say("headline.largest")


def _first_shortages(told: Told) -> Iterator[Block]:
    """Yield the first shortage of the largest towns that go short in half of the draws."""
    if told.main.outlook is None or told.table("outlook") is None:
        return
    say, towns = told.say, _at_home(told, "outlook")
    dry = towns[towns["dry_share"] >= LIKELY_SHARE].head(MOST_DATED)
    rows = []
    for _, row in dry.iterrows():
        low, high = (told.later(row[f"dry_on_{end}"]) for end in ("p10", "p90"))
        count, runs = say.number(row["dry_runs"]), say.number(row["runs"])
        cells = (
            row["name"],
            told.later(row["dry_on_p50"]),
            say("outlook.range", low=low, high=high),
            say("report.of_runs", count=count, runs=runs),
        )
        rows.append(Row(cells))
    if rows:
        yield Grid(
            head=tuple(
                say(f"head.{key}") for key in ("town", "dry_median", "interval", "dry_runs")
            ),
            rows=tuple(rows),
            widths=(0.25, 0.2, 0.35, 0.2),
            right=frozenset({3}),
            origin="outlook",
        )


def _past(told: Told, days: pd.Series[Any]) -> Iterator[str]:
    """Yield, where a first shortage lies before the day, that it may be over."""
    at = told.main.situation.at
    if any(isinstance(day, date) and day < at for day in days):
        yield told.say("headline.past", day=told.say.day(at))


def _short_now(told: Told, towns: pd.DataFrame) -> str:
    """Return which towns are short on the day itself: one that ran short may have recovered."""
    say, day = told.say, told.say.day(told.main.situation.at)
    names = list(towns[towns["short_share"] >= LIKELY_SHARE]["name"])
    if not names:
        return say("headline.none_short_now", day=day)
    among = say("headline.among", names=", ".join(names[:MOST_NAMES]))
    return say.count("headline.short_now", len(names), day=day, among=among)


def _run_once(told: Told, stocks: StockLevels) -> Iterator[str]:
    """Yield when the largest towns go short in the one run that there is."""
    say, towns = told.say, _at_home(told, "stocks")
    dry = towns[towns["dry_on"].notna()]
    days = {"start": say.day(stocks.dates[0]), "end": say.day(stocks.dates[-1])}
    if dry.empty:
        yield say("headline.none_dry", **days)
        return
    yield say.count("headline.dry", len(dry), towns=say.number(len(towns)), **days)
    rows = [
        say("headline.dry_once", town=row["name"], day=told.later(row["dry_on"]))
        for _, row in dry.head(MOST_DATED).iterrows()
    ]
    yield say("headline.largest_once", rows=wording.parted(say, rows))
    yield from _past(told, dry["dry_on"].head(MOST_DATED))
    yield not_asked(say, "outlook")


def _how_sure(told: Told) -> Iterator[str]:
    """Yield how likely it is that the largest town is short on the day, by the draws."""
    say = told.say
    if told.table("outlook") is None:
        return
    towns = _at_home(told, "outlook").head(1)
    for _, row in towns.iterrows():
        yield say(
            "headline.chance",
            town=row["name"],
            day=say.day(told.main.situation.at),
            share=risk_wording.chance(say, row["short_share"]),
            count=say.number(row["short_runs"]),
            runs=say.number(row["runs"]),
            interval=risk_wording.span(say, row["short_share_low"], row["short_share_high"]),
        )
    yield say("headline.ranges")


def skill_sentence(told: Told) -> str:
    """Return how forecasts of this case fared where they were no longer fitted."""
    say = told.say
    skill = told.tables.get("skill")
    held = None if skill is None else _held_out(skill)
    if held is None:
        return say("headline.no_skill")
    told_as = "worse" if held["skill_ratio"] < 0 else "better"
    return say(
        f"headline.skill_{told_as}",
        skill=say.number(held["skill_ratio"], 2),
        cases=say.number(held["cases"]),
        first=say.day(held["first"]),
        last=say.day(held["last"]),
    )


def _held_out(skill: pd.DataFrame) -> Any:
    """Return the scores of the model on days that it was not fitted to; None if there are none."""
    model = skill[skill.index.get_level_values("forecaster") == "model"]
    held = model[~model["fitted"] & model["skill_ratio"].notna()]
    return None if held.empty else held.iloc[-1]


def _not_known(told: Told) -> Iterator[str]:
    """Yield what is not known: roads, ends, the age of reports, and what came later."""
    say, now = told.say, told.main.situation
    row: Any = told.tables["entries"].loc[told.main.name]
    unknown = row["unknown_roads"]
    yield say.count("headline.unknown_roads", unknown) if unknown else say("report.no_unknown")
    assumed = row["assumed_ends"] + row["assumed_afters"]
    if assumed:
        yield say.count("headline.assumed_ends", assumed, reports=say.number(row["reports"]))
    if row["oldest_report_age_days"] == row["oldest_report_age_days"]:  # nan: never a report
        yield say(
            "headline.ages",
            newest=say.count("age.days", row["newest_report_age_days"]),
            oldest=say.count("age.days", row["oldest_report_age_days"]),
        )
    if row["stale_corridors"]:
        corridors = say.number(row["corridors"])
        yield say.count("headline.stale", row["stale_corridors"], corridors=corridors)
    yield from told.wider_use
    known, asked = row["known_until"], told.results.scenario.as_known_on
    if asked is not None:
        yield say("report.known_on", day=say.day(asked))
    elif known is not None and known > now.at:
        yield say("headline.hindsight", day=say.day(known))
