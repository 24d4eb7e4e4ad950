"""How sure the picture of a day is, on a terminal: towns, likeliest pictures, what to check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.text import Text

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import COLOURS, WIDE, console, line, table
from supplyroutes.report import wording
from supplyroutes.report.risk_wording import chance, how, method_line, span

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.doubt.reliability import Reliability
    from supplyroutes.network import Network

MOST_TOWNS, MOST_PICTURES, MOST_CHECKS = 10, 4, 8
MOST_NAMES, MOST_IDS = 4, 2
_SHOWN_PEOPLE = 0.5


class Shown(NamedTuple):
    """What the screen shows: only these towns, or all in doubt; incidents too."""

    nodes: tuple[str, ...]
    all_towns: bool
    causes: bool


def show_risk(risk: Reliability, network: Network, shown: Shown, *, lang: str) -> None:
    """Show how sure the picture of a day is, on one screen."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, risk.commodity)
    when = say.day(risk.at) if risk.at else wording.DASH
    line(out, say("risk.title", commodity=commodity, day=when), style="bold")
    if not wording.has_source(network, risk.commodity):
        line(out, say("run.no_source"), style="bold red")
        return
    for told in _totals(say, risk):
        line(out, told)
    _towns(out, say, risk, shown)
    if not shown.nodes:
        _pictures(out, say, risk, network)
        _checks(out, say, risk, network)
    if shown.causes:
        _causes(out, say, risk)
    line(out, "")
    for key in ("risk.note_supplied", "risk.note_range", "risk.note_independent"):
        line(out, say(key), style="bright_black")
    line(out, say("run.use"), style="italic")


def _totals(say: Words, risk: Reliability) -> list[str]:
    """Return the headline in sentences."""
    counts = risk.summary()
    told = [
        say.count("risk.causes", counts["causes"])
        + " "
        + say.count("risk.doubt", counts["in_doubt"])
    ]
    people = {state: counts[f"{state}_people"] for state in ("strained", "isolated")}
    if any(value >= _SHOWN_PEOPLE for value in people.values()):
        told.append(
            say(
                "risk.expected",
                **{state: say.number(value) for state, value in people.items()},
                **{f"{state}_m3": say.number(counts[f"{state}_m3_per_day"]) for state in people},
            )
        )
    return [*told, method_line(say, risk)]


def _towns(out: Console, say: Words, risk: Reliability, shown: Shown) -> None:
    """Show the towns in doubt, those first of which most people are likely not supplied."""
    frame = risk.towns
    line(out, "")
    if shown.nodes:
        rows = frame.loc[list(shown.nodes)]
    else:
        rows = frame[(frame["supplied_prob"] < 1) & (frame["population"] > 0)]
        if rows.empty:
            line(out, say("risk.no_town"), style="bold")
            return
        weight = rows["population"] * (1 - rows["supplied_prob"])
        rows = rows.loc[weight.sort_values(ascending=False, kind="stable").index]
        line(out, say("risk.towns"), style="bold")
    told = rows if shown.all_towns or shown.nodes else rows.head(MOST_TOWNS)
    keys = [
        "town",
        "reported",
        "supplied_prob",
        "doubt_range",
        "strained_prob",
        "isolated_prob",
        "how",
    ]
    cells = [_town_row(say, row) for _, row in told.iterrows()]
    if out.width < WIDE:
        keys, *cells = ([*row[:4], row[5]] for row in (keys, *cells))
    table(out, [say(f"head.{key}") for key in keys], cells, right=(2, 3, 4, 5), folding=(0,))
    if out.width < WIDE:
        line(out, say("risk.narrow", width=WIDE), style="bright_black")
    if len(rows) > len(told):
        line(out, say.count("run.more_towns", len(rows) - len(told)), style="bright_black")


def _town_row(say: Words, row: pd.Series[Any]) -> list[Any]:
    """Return the cells of one town."""
    state = str(row["as_reported"])
    ends = row["supplied_trusting_prob"], row["supplied_doubting_prob"]
    return [
        row["name"],
        Text(say(f"state.{state}"), style=COLOURS[state]),
        chance(say, row["supplied_prob"]),
        span(say, *ends),
        chance(say, row["strained_prob"]),
        chance(say, row["isolated_prob"]),
        how(say, row),
    ]


def _pictures(out: Console, say: Words, risk: Reliability, network: Network) -> None:
    """Show the likeliest sets of towns that are hit together."""
    people = risk.towns["population"].fillna(0)
    for level in ("isolated", "not_supplied"):
        frame = risk.pictures[risk.pictures["level"] == level]
        if not len(frame) or not any(frame["towns"]):
            continue
        line(out, "")
        line(out, say(f"risk.pictures_{level}"), style="bold")
        rows = []
        for _, row in frame.head(MOST_PICTURES).iterrows():
            order = sorted(row["towns"], key=lambda node: (-people[node], node))
            names = [network.name(node) for node in order]
            told = wording.listing(say, names, most=MOST_NAMES) if names else say("risk.nobody")
            prob = chance(say, row["prob"])
            rows.append((prob, say.number(row["people"]), told))
        head = [say(f"head.{key}") for key in ("chance", "people", "places")]
        table(out, head, rows, right=(0, 1), folding=(2,))


def _checks(out: Console, say: Words, risk: Reliability, network: Network) -> None:
    """Show what to check first."""
    frame = risk.checks[risk.checks["change_people"] >= _SHOWN_PEOPLE]
    if frame.empty:
        return
    line(out, "")
    line(out, say("risk.checks"), style="bold")
    rows = [
        (
            wording.listing(say, row["reports"], most=MOST_IDS) or wording.DASH,
            _roads(say, network, row["roads"]),
            chance(say, row["true_prob"]),
            say.number(row["change_people"]),
            say.number(row["gain_people"]),
        )
        for _, row in frame.head(MOST_CHECKS).iterrows()
    ]
    head = ("reports", "road", "holds", "seen_otherwise", "right_more")
    table(out, [say(f"head.{key}") for key in head], rows, right=(2, 3, 4), folding=(0, 1))
    line(out, say("risk.note_checks"), style="bright_black")


def _roads(say: Words, network: Network, roads: Sequence[str]) -> str:
    """Return roads that are blocked alike: one by name, the others counted."""
    names = [wording.road_name(network, edge) for edge in roads]
    return wording.listing(say, names, most=1) if names else wording.DASH


def _causes(out: Console, say: Words, risk: Reliability) -> None:
    """Show how likely each incident holds, and why."""
    line(out, "")
    line(out, say("risk.causes_head"), style="bold")
    rows = [
        (
            ", ".join(row["reports"]),
            chance(say, row["true_prob"]),
            chance(say, row["in_force_prob"]),
            chance(say, row["holds_prob"]),
            say(f"risk.status.{row['status'] or 'enforcer'}"),
            wording.DASH if row["age_days"] < 0 else say.number(row["age_days"]),
        )
        for _, row in risk.causes.iterrows()
    ]
    head = ("reports", "true", "in_force", "holds", "ending", "age")
    table(out, [say(f"head.{key}") for key in head], rows, right=(1, 2, 3, 5), folding=(0, 4))
