"""Lay the recorded shortages of the Mali case beside the states that the tool computes.

Reads the outcomes dated up to the last open day (later ones are held back for a back-test and are
dropped before anything else is done with them), computes the state of each town on the day of its
shortage, and writes ``docs/shortages.md``. Nothing is fitted.

    python tools/shortages.py            rewrite the page
    python tools/shortages.py --check    exit 1 if it differs from what would be written
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pages import renew

from supplyroutes import datasets
from supplyroutes.analysis.isolation import Isolation, free_arcs, isolation
from supplyroutes.disruption import disrupt
from supplyroutes.errors import UnknownIdError
from supplyroutes.network import Network
from supplyroutes.schema import read_table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "shortages.md"
LAST_OPEN_DAY = date(2025, 10, 15)
SHOWN_REPORTS = 5

# Observations that tell of too little fuel at the pump. A trend counts only upwards.
TELLS_SHORTAGE = {"shortage", "queue_wait", "stations_visited_dry", "black_market_price_petrol"}
TREND = "queues"
STOCK = "security_stock_days"  # a shortage once none is left
COLUMNS = (
    "outcome", "date", "town", "what was recorded", "confidence", "state", "nearest reports",
    "verdict",
)  # fmt: skip
VERDICTS = ("isolated", "strained", "not explained by roads")
UNEXPLAINED = VERDICTS[-1]
NO_TOWN = "no town named"

# Likely reasons where the roads explain nothing: judgement, not a result.
REASONS = {
    "gao": (
        "Gao hangs on one road, Niamey - Labbézanga - Gao, and up to these days no report says "
        "that anything was stopped on it. All that is recorded of it is one convoy of 40 tankers "
        "under army escort (ML004, 1 May 2025, after weeks of queues): trucks that did not run, "
        "rather than a road that was held. The other road, from Sévaré, is escorted only (SC03). "
        "By October the last news of the road was five months old: nobody reported, which is not "
        "the same as nothing happened. Should a source be found that fuel for Gao moves only under "
        "escort, it belongs in `events.csv` as a standing condition, because it was told and not "
        "because it would turn these rows."
    ),
}

INTRODUCTION = f"""# Recorded shortages beside computed states

Made by `tools/shortages.py` from `data/mali/outcomes.csv` and the reports of the case; do not edit.
Outcomes dated after {LAST_OPEN_DAY} are held back for a back-test: they are not in this table, and
nothing was chosen by them.

- **Nothing is fitted to this table.** No report, rule or assumption was changed to turn a row.
- **A strained state is not a shortage.** It says that every way to the town crosses a road that is
  restricted, escorted, refused to fuel, or far below its capacity. Fuel may still come, and stocks
  may bridge weeks. Nor is a shortage proof of a blocked road: stocks run dry days or weeks after
  the roads did, and trucks can stay away from an open road.
- The reverse error is not in this table: towns that were strained and had fuel. Many towns are
  strained on these days, so that "strained" alone explains little; see the comparison below the
  count. Notes of the kept rows that tell of later days were not used.
- The state is that of the day as recorded since, not as it was known that day.
- A shortage told of no town stands in the table as "no town named": it cannot be laid beside a
  state.
- "Nearest reports" are those that restrict the best way into the town, the road nearest to the
  town first. For a town that is supplied they are the last news of its way in, which restrict
  nothing.
"""


@dataclass(frozen=True)
class Shortage:
    """One recorded shortage, at one town unless none is named."""

    outcome: str
    day: date
    about: bool
    node: str | None
    place: str
    told: str
    confidence: str


@dataclass(frozen=True)
class Finding:
    """What the tool computes for the town and day of a shortage."""

    shortage: Shortage
    town: str
    state: str
    reports: tuple[str, ...]
    strained_share: float | None

    @property
    def verdict(self) -> str:
        """Say whether roads explain the shortage."""
        return self.state if self.state in {*VERDICTS, NO_TOWN} else UNEXPLAINED


def open_rows() -> list[dict[str, Any]]:
    """Return the outcomes up to the last open day; the others are dropped here."""
    table = read_table(datasets.folder("mali") / "outcomes.csv", "outcomes")
    return [row for row in table.rows() if row["date"] <= LAST_OPEN_DAY]


def tells_shortage(row: dict[str, Any]) -> bool:
    """Tell whether an observation is one of too little fuel."""
    if row["observation"] == TREND:
        return not row["value"].startswith("-")
    if row["observation"] == STOCK:
        return float(row["value"]) == 0
    return row["observation"] in TELLS_SHORTAGE


def towns_of(row: dict[str, Any], network: Network) -> list[str]:
    """Return the town of an observation, or the towns that it lists."""
    if row["node"]:
        return [row["node"]]
    found = []
    for name in row["place"].split(","):
        try:
            found.append(network.find(name.strip()))
        except UnknownIdError:
            return []
    return found


def told(row: dict[str, Any]) -> str:
    """Return what was recorded, with its value where that is a number of something."""
    value = "" if row["unit"] in {"flag", "trend"} else f" ({row['value']} {row['unit']})"
    return f"{row['text']}{value}"


def shortages(rows: list[dict[str, Any]], network: Network) -> list[Shortage]:
    """Return the recorded shortages, one for each town that they name, by day."""
    found = [
        Shortage(
            row["outcome"],
            row["date"],
            row["date_precision"] != "day",
            node,
            row["place"],
            told(row),
            row["confidence"],
        )
        for row in rows
        if tells_shortage(row)
        for node in towns_of(row, network) or (None,)
    ]
    return sorted(found, key=lambda shortage: (shortage.day, shortage.outcome, shortage.node or ""))


def way_in(day: Network, cut: Isolation, town: str) -> list[int]:
    """Return the arcs of the best way into a town, the last one first."""
    here = day.topology.node_index[town]
    arcs = []
    for edge in reversed(cut.paths[town]):
        number = day.topology.edge_index[edge]
        arc = 2 * number if day.topology.head[2 * number] == here else 2 * number + 1
        arcs.append(arc)
        here = day.topology.tail[arc]
    return arcs


def nearest_reports(day: Network, cut: Isolation, town: str) -> tuple[str, ...]:
    """Return the reports on the way into a town, the nearest road first."""
    free = free_arcs(day)
    arcs = way_in(day, cut, town)
    if not arcs:
        return tuple(cut.towns["reports"].to_dict()[town])
    names = [name for arc in arcs if not free[arc] for name in day.state.reports[arc]]
    if cut.towns.loc[town, "state"] == "supplied":
        names = [last[1] for arc in arcs if (last := day.state.last_report[arc]) is not None]
    return tuple(dict.fromkeys(names))


def findings() -> list[Finding]:
    """Return the state of every town on the day of its shortage."""
    network, events = datasets.mali()
    found = []
    for shortage in shortages(open_rows(), network):
        if shortage.node is None:
            found.append(Finding(shortage, shortage.place, NO_TOWN, (), None))
            continue
        day = disrupt(network, events, at=shortage.day)
        cut = isolation(day, baseline=network, approaches=False)
        malian = cut.towns[
            (cut.towns["country"] == "MLI") & (cut.towns["state"] != "not_on_network")
        ]
        not_free = malian["state"].isin(["strained", "isolated"])
        found.append(
            Finding(
                shortage=shortage,
                town=network.name(shortage.node),
                state=str(cut.towns.loc[shortage.node, "state"]),
                reports=nearest_reports(day, cut, shortage.node),
                strained_share=float(not_free.mean()),
            )
        )
    return found


def table_row(finding: Finding) -> str:
    """Return one row of the table."""
    shortage = finding.shortage
    shown = ", ".join(finding.reports[:SHOWN_REPORTS]) or "none"
    more = len(finding.reports) - SHOWN_REPORTS
    shown += f" and {more} more" if more > 0 else ""
    if finding.state == NO_TOWN:
        shown = "-"
    elif finding.state == "supplied":
        shown = f"none restricts; last news: {shown}"
    day = f"{'about ' if shortage.about else ''}{shortage.day}"
    cells = (
        shortage.outcome, day, finding.town, shortage.told.replace("|", "/"), shortage.confidence,
        "-" if finding.state == NO_TOWN else finding.state, shown, f"**{finding.verdict}**",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def count_table(found: list[Finding]) -> list[str]:
    """Return the count by verdict, and how common such a state was among all towns."""
    counts = Counter(finding.verdict for finding in found)
    placed = len(found) - counts[NO_TOWN]
    lines = ["| verdict | rows | share |", "|---|---|---|"]
    lines += [f"| {word} | {counts[word]} | {counts[word] / placed:.0%} |" for word in VERDICTS]
    lines.append(f"| **all at a town** | {placed} | 100% |")
    lines.append(f"| {NO_TOWN} | {counts[NO_TOWN]} | |")
    at_towns = [finding.strained_share for finding in found if finding.strained_share is not None]
    usual = sum(at_towns) / len(at_towns)
    lines += [
        "",
        f"For comparison: of all Malian towns on the tanker network, on average {usual:.0%} were",
        "strained or isolated on the days of these rows: a guess that ignores the town would be",
        "right that often. The rows are few and several tell of one shortage, so no more is read",
        "from them.",
    ]
    return lines


def left_out(rows: list[dict[str, Any]]) -> list[str]:
    """Return the observations that are not in the table, and why."""
    easing = [row for row in rows if row["observation"] == TREND and not tells_shortage(row)]
    other: dict[str, list[str]] = {}
    for row in rows:
        if not tells_shortage(row) and row["observation"] != TREND:
            other.setdefault(row["observation"], []).append(row["outcome"])
    lines = [f"- {row['outcome']}: queues that shrink ({row['text']})." for row in easing]
    lines += [
        "- Observations of trips, attacks, forecasts, power, set prices and trade: none says that",
        "  fuel was missing at the pumps of a town.",
        *(f"  - {name}: {', '.join(ids)}" for name, ids in sorted(other.items())),
    ]
    return lines


def unexplained(found: list[Finding]) -> list[str]:
    """Return what the roads do not explain, and the likely reason."""
    rows: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.verdict == UNEXPLAINED:
            rows.setdefault(str(finding.shortage.node), []).append(finding)
    lines = []
    for node, group in sorted(rows.items()):
        ids = ", ".join(finding.shortage.outcome for finding in group)
        reason = REASONS.get(node, "No reason is recorded.")
        lines.append(f"- **{group[0].town}** ({ids}): {reason}")
    return lines or ["Every row is at a town that is strained or isolated."]


def page() -> str:
    """Return the whole page."""
    rows, found = open_rows(), findings()
    lines = [
        INTRODUCTION,
        "## Count",
        "",
        *count_table(found),
        "",
        "## What the roads do not explain",
        "",
        "The likely reasons are judgement, not results.",
        "",
        *unexplained(found),
        "",
        "## Every recorded shortage",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
        *(table_row(finding) for finding in found),
        "",
        "Confidence: A several independent or first-rank sources, to D one party's claim.",
        "",
        "## Left out",
        "",
        *left_out(rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(renew(PAGE, page()))
