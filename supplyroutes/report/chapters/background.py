"""What a report rests on: past forecasts, assumptions, reports, words, and what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from supplyroutes.analysis.plain import records
from supplyroutes.report import wording
from supplyroutes.report.blocks import Block, Chapter, Facts, Grid, Lines, Row
from supplyroutes.report.chapters.headline import skill_sentence
from supplyroutes.report.told import Told

_IDLE = {"delay_h": 0.0, "loss_prob": 0.0, "capacity_factor": 1.0}
"""Values of a quantity of a rule that change nothing."""
TERMS = (
    "supplied", "strained", "isolated", "not_on_network", "source", "corridor", "approach",
    "restricted", "escorted", "refused", "closed", "unknown", "survival", "days_of_supply",
    "short", "run", "interval", "what_if", "assumption", "skill", "guard",
)  # fmt: skip
"""The words that a glossary explains, in the order in which a reader meets them."""


def skill_chapter(told: Told) -> Chapter:
    """Return how past forecasts of the case fared."""
    return Chapter("skill", told.say("report.skill"), tuple(_skill(told)))


def _skill(told: Told) -> Iterator[Block]:
    """Yield what the scores say, and the scores."""
    say = told.say
    frame = told.tables.get("skill")
    yield Lines((skill_sentence(told),), origin="" if frame is None else "skill")
    if frame is None:
        return
    rows = [
        Row(
            (
                say("outlook.range", low=told.date(row["first"]), high=told.date(row["last"])),
                say("text.yes") if row["fitted"] else say("text.no"),
                _forecaster(told, row["forecaster"]),
                say.number(row["cases"]),
                told.number(row["brier"], 2),
                say(
                    "outlook.range",
                    low=told.number(row["brier_low"], 2),
                    high=told.number(row["brier_high"], 2),
                ),
                told.number(row["skill_ratio"], 2),
            ),
            marked=row["forecaster"] == "model" and not row["fitted"],
        )
        for row in frame.reset_index().to_dict("records")
    ]
    keys = ("forecast_days", "fitted", "forecaster", "cases", "brier", "interval", "skill")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.24, 0.09, 0.25, 0.08, 0.09, 0.16, 0.09),
        right=frozenset({3, 4, 5, 6}),
        origin="skill",
    )
    yield Lines((say("report.skill_note"),))


def _forecaster(told: Told, name: str) -> str:
    """Return what a forecaster is called."""
    key = f"backtest.forecaster.{name}"
    return told.say(key) if key in told.say else name


def assumptions_chapter(told: Told) -> Chapter:
    """Return every number in use with its reason and source; changed ones stand out."""
    say = told.say
    keys = ("key", "value", "reason", "basis")
    grid = Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(_assumptions(told)),
        widths=(0.28, 0.2, 0.34, 0.18),
        note_head=say("head.recorded"),
        origin="assumptions",
    )
    note = Lines((say("report.assumptions_note"), say("report.assumptions_changed")))
    return Chapter("assumptions", say("report.assumptions"), (grid, note))


def _assumptions(told: Told) -> Iterator[Row]:
    """Yield the numbers, then the impact rules: the quantities of a rule stand together."""
    say, frame = told.say, told.rows("assumptions")
    rules: dict[str, list[Any]] = {}
    for key, row in frame.iterrows():
        name, dot, _ = str(key).partition(".")
        if dot:
            rules.setdefault(name, []).append((str(key).partition(".")[2], row))
            continue
        before = say(
            "report.as_recorded",
            value=wording.measured(say, row["recorded_value"], row["unit"]),
        )
        yield Row(
            (
                wording.assumption_label(say, name),
                wording.measured(say, row["value"], row["unit"]),
                row["reason"],
                row["source"],
            ),
            note=before if row["changed"] else "",
            marked=bool(row["changed"]),
        )
    for rule, quantities in rules.items():
        yield _rule(told, rule, quantities)


def _rule(told: Told, rule: str, quantities: list[Any]) -> Row:
    """Return an impact rule: what it does to a road, with its reason."""
    say = told.say
    parts = [
        say(f"quantity.{quantity}", value=wording.measured(say, row["value"], row["unit"]))
        for quantity, row in quantities
        if _IDLE.get(quantity) != row["value"]
    ]
    first = quantities[0][1]
    changed = any(row["changed"] for _, row in quantities)
    before = [
        say(
            f"quantity.{quantity}",
            value=wording.measured(say, row["recorded_value"], row["unit"]),
        )
        for quantity, row in quantities
        if row["changed"]
    ]
    return Row(
        (
            wording.rule_label(say, rule, first),
            wording.parted(say, parts) if parts else wording.DASH,
            first["reason"],
            first["source"],
        ),
        note=say("report.as_recorded", value=wording.parted(say, before)) if before else "",
        marked=changed,
    )


def reports_chapter(told: Told) -> Chapter:
    """Return the reports in force with what they say, their source and its address."""
    say = told.say
    frame = told.table("reports")
    if frame is None:
        return Chapter("reports", say("report.reports"), (Lines((say("report.no_reports"),)),))
    rows = [
        Row(
            (
                str(event),
                told.date(row["start"]),
                told.date(row["end"]),
                row["text"],
                row["source"],
                row["confidence"],
            ),
            note=row["source_url"] or "",
        )
        for event, row in frame.iterrows()
    ]
    keys = ("event", "start", "end", "text", "reported_by", "confidence")
    grid = Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.09, 0.11, 0.11, 0.39, 0.2, 0.1),
        note_head=say("head.address"),
        origin="reports",
    )
    return Chapter("reports", say("report.reports"), (grid, Lines((say("report.confidence"),))))


def glossary_chapter(told: Told) -> Chapter:
    """Return what the words of a report mean."""
    say = told.say
    rows = tuple((say(f"glossary.{term}"), say(f"glossary.{term}.meaning")) for term in TERMS)
    return Chapter("glossary", say("report.glossary"), (Facts(rows),))


def provenance_chapter(told: Told) -> Chapter:
    """Return what the report was made of, so that each number can be traced and made again."""
    say, scenario, made = told.say, told.results.scenario, told.results.made
    known = told.main.situation.known_until
    facts = Facts(
        (
            (say("report.made.case"), scenario.case or say("report.made.own_folder")),
            (say("report.made.day"), say.day(scenario.date)),
            (say("report.made.known"), say.day(known) if known else wording.DASH),
            (say("report.made.seed"), str(made.seed)),
            (say("report.made.schema"), str(made.schema_version)),
            *((name, version) for name, version in made.versions.items()),
        ),
        origin="made",
    )
    inputs = Grid(
        head=(say("head.file"), say("head.digest")),
        rows=tuple(Row((name, digest)) for name, digest in made.inputs.items()),
        widths=(0.3, 0.7),
        origin="made",
    )
    overview = Grid(
        head=(say("head.table"), say("head.what"), say("head.call"), say("head.rests_on")),
        rows=tuple(
            Row((row["table"], say(f"table.{row['table']}"), row["call"], row["inputs"]))
            for row in records(told.tables["tables"])
        ),
        widths=(0.16, 0.26, 0.3, 0.28),
        origin="tables",
    )
    lines = Lines((say("report.traced"),))
    return Chapter("provenance", say("report.provenance"), (facts, lines, overview, inputs))
