"""What removals cost, on a terminal: things, pairs, towns that hang on one; the proof of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from supplyroutes.analysis.losses.alike import alike_rows
from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import WIDE, console, line, table
from supplyroutes.report import wording
from supplyroutes.report.path_wording import along
from supplyroutes.report.ranking_words import measured_cell, shared_name

if TYPE_CHECKING:
    from supplyroutes.analysis.losses.criticality import Criticality
    from supplyroutes.analysis.losses.removal_proof import RemovalProof
    from supplyroutes.network import Network

_COSTS = ("added_time_h", "cut_m3_per_day", "cut_people")
MOST_TOWNS = 10


def show_criticality(found: Criticality, day: Network, *, top: int, lang: str) -> None:
    """Show what removals cost, on one screen."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, found.commodity)
    when = say.day(found.at) if found.at else say("paths.any_day")
    line(out, say(f"criticality.title.{found.of}", commodity=commodity, day=when), style="bold")
    for told in _totals(say, found):
        line(out, told)
    if not len(found.items):
        return
    line(out, "")
    told = say("criticality.ranked", measure=say(f"criticality.measure.{found.measure}"))
    line(out, told, style="bold")
    _ranking(out, say, found, day, top)
    if found.pairs is not None:
        _pairs(out, say, found, day, top)
    _towns(out, say, found, day, top)
    line(out, "")
    for key in ("criticality.note", f"criticality.note.{found.measure}"):
        if key in say:
            line(out, say(key, **_assumed(say, found)), style="bright_black")
    line(out, say("criticality.use"), style="italic")


def _assumed(say: Words, found: Criticality) -> dict[str, str]:
    """Return the assumptions that notes name."""
    values = found.assumed["value"]
    share = values.get("robustness_cut_share", 0.0)
    return {"share": say("text.percent", value=say.number(100 * share))}


def _totals(say: Words, found: Criticality) -> list[str]:
    """Return what is joined, and how many removals cost anything."""
    told = []
    if found.demand_m3_per_day > 0:
        told.append(
            say(
                "criticality.joined",
                demand=say.number(found.demand_m3_per_day),
                people=say.number(found.people),
                hours=say.number(found.mean_time_h, 1),
            )
        )
    else:
        told.append(say("flow.no_demand"))
    if found.measure == "unmet_demand":
        told.append(say("criticality.unmet", unmet=say.number(found.unmet_m3_per_day)))
    counts = found.summary()
    told.append(
        say.count(
            f"criticality.tested.{found.of}",
            counts["items"],
            costing=say.number(counts["costing"]),
            cutting=say.number(counts["cutting"]),
        )
    )
    return told


def _columns(found: Criticality, width: int) -> list[str]:
    """Return the columns that are shown: what ranks, and the other costs as far as there is room.

    A narrow screen leaves out the average delay, which the ranking by hours tells too.
    """
    others = _COSTS if width >= WIDE else _COSTS[1:]
    return [found.ranked_by, *(name for name in others if name != found.ranked_by)]


def _ranking(out: Console, say: Words, found: Criticality, day: Network, top: int) -> None:
    """Show the things that cost most; those in line that cost the same are one row."""
    columns = _columns(found, out.width)
    costly = found.items[found.items[found.ranked_by] > 0]
    if costly.empty:
        line(out, say("criticality.none"))
        return
    rows = [
        (
            shared_name(say, day, found.of, ids),
            *(measured_cell(say, key, row[key]) for key in columns),
        )
        for ids, row in alike_rows(costly, top)
    ]
    head = [say(f"head.{found.of}"), *(say(f"head.{key}") for key in columns)]
    table(out, head, rows, right=range(1, len(head)), folding=(0,))


def _pairs(out: Console, say: Words, found: Criticality, day: Network, top: int) -> None:
    """Show the pairs that cost most, and the pairs that cost most beyond their parts."""
    pairs = found.pairs
    if pairs is None or pairs.empty:
        return
    columns = [found.ranked_by, "synergy", "cut_m3_per_day", "cut_synergy_m3_per_day"]
    columns = list(dict.fromkeys(columns))
    if found.ranked_by == "cut_m3_per_day":
        columns = columns[:2]
    elif out.width < WIDE:
        columns = columns[:3]
    for key in (found.ranked_by, "synergy"):
        order = pairs.sort_values(key, ascending=False, kind="stable")
        line(out, "")
        word = "criticality.pairs" if key != "synergy" else "criticality.synergy"
        line(out, say(word), style="bold")
        rows = [
            (
                _pair_name(say, day, found.of, ids),
                *(
                    measured_cell(say, found.ranked_by if name == "synergy" else name, row[name])
                    for name in columns
                ),
            )
            for ids, row in alike_rows(order[order[key] > 0], top)
        ]
        head = [say("head.pair"), *(say(f"head.{name}") for name in columns)]
        table(out, head, rows, right=range(1, len(head)), folding=(0,))


def _pair_name(say: Words, day: Network, of: str, ids: Sequence[tuple[str, str]]) -> str:
    """Return the name of a pair, and how many cost the same."""
    one, two = (shared_name(say, day, of, [name]) for name in ids[0])
    first = f"{one} + {two}"
    return first if len(ids) == 1 else say.count("criticality.alike", len(ids) - 1, first=first)


def _towns(out: Console, say: Words, found: Criticality, day: Network, top: int) -> None:
    """Show the towns of the case's country that one removal cuts off, the largest first."""
    least = 1 if found.of == "towns" else 0  # every town goes with itself
    home, index = day.home_country, day.topology.node_index
    countries = day.tables.towns.columns["country"]
    at_home = [home in (None, countries[index[node]]) for node in found.towns.index]
    hanging = found.towns.loc[at_home]
    hanging = hanging[hanging["cut_off_by"] > least]
    line(out, "")
    key = "no_hanging" if hanging.empty else "hanging"
    told = say(f"criticality.{key}.{found.of}", country=wording.country_name(say, home))
    line(out, told, style="bold")
    if hanging.empty:
        return
    order = hanging.assign(people=hanging["population"].fillna(0))
    order = order.sort_values("people", ascending=False, kind="stable")
    rows = [
        (
            row["name"],
            wording.people(say, row["population"]),
            say.number(row["cut_off_by"]),
            wording.hours(say, row["travel_time_h"]),
            say.number(row["worst_added_time_h"], 1)
            if isinstance(row["worst"], str)
            else wording.DASH,
            shared_name(say, day, found.of, [row["worst"]])
            if isinstance(row["worst"], str)
            else wording.DASH,
        )
        for _, row in order.head(top).iterrows()
    ]
    keys = ("town", "people", "cut_off_by", "hours", "worst_later", "delayed_without")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(1, 2, 3, 4), folding=(0, 5))
    if len(order) > top:
        line(out, say.count("report.more_rows", len(order) - top), style="bright_black")


# --- the proof of one ------------------------------------------------------------------------


def show_proof(proof: RemovalProof, day: Network, *, lang: str) -> None:
    """Show the towns that one removal delays, with their new way, or cuts off, with the cut."""
    say, out = words(lang), console()
    name = shared_name(say, day, proof.of, [proof.removed])
    line(out, say("criticality.proof", name=name), style="bold")
    if proof.delayed.empty and proof.cut_off.empty:
        line(out, say("criticality.proof_none"))
    if len(proof.delayed):
        _delayed(out, say, proof, day)
    if len(proof.cut_off):
        _cut_off(out, say, proof)


def _delayed(out: Console, say: Words, proof: RemovalProof, day: Network) -> None:
    """Show the towns that are reached later, and by which way."""
    added = say.number(proof.added_m3_h_per_day)
    line(out, "")
    line(out, say.count("criticality.proof_late", len(proof.delayed), added=added), style="bold")
    order = proof.delayed.sort_values("demand_m3_per_day", ascending=False, kind="stable")
    rows = [
        (
            row["name"],
            say.number(row["demand_m3_per_day"], 1),
            say.number(row["before_h"], 1),
            say.number(row["after_h"], 1),
            " – ".join(along(day, row["source"], row["path"])),
        )
        for _, row in order.head(MOST_TOWNS).iterrows()
    ]
    keys = ("town", "demand", "before_h", "after_h", "path")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(1, 2, 3), folding=(0, 4))
    if len(order) > MOST_TOWNS:
        line(out, say.count("report.more_rows", len(order) - MOST_TOWNS), style="bright_black")


def _cut_off(out: Console, say: Words, proof: RemovalProof) -> None:
    """Show the towns that are cut off, by what cuts them off."""
    amount = say.number(proof.cut_m3_per_day, 1)
    line(out, "")
    line(out, say.count("criticality.proof_cut", len(proof.cut_off), amount=amount), style="bold")
    groups: dict[tuple[str, ...], list[str]] = {}
    for _, row in proof.cut_off.iterrows():
        groups.setdefault(row["cut"], []).append(row["name"])
    for arcs, names in groups.items():
        told = wording.listing(say, names, most=MOST_TOWNS)
        key = "criticality.proof_arcs" if arcs else "criticality.proof_source"
        line(out, "  " + say(key, names=told, arcs=", ".join(arcs)))
