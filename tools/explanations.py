"""Lay the explanations of six towns on five days beside what was observed at the time.

Reads only outcomes up to the last open day (see ``tools/shortages.py``), explains each town with
the public `explain`, and writes ``docs/explanations.md``. Nothing is fitted.

    python tools/explanations.py            rewrite the page
    python tools/explanations.py --check    exit 1 if it differs from what would be written
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pages import renew
from shortages import REASONS, open_rows, tells_shortage, told, towns_of

from supplyroutes import datasets
from supplyroutes.analysis.why.explanation import Explanation, explain
from supplyroutes.events import Events
from supplyroutes.network import Network

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanations.md"
TOWNS = ("bamako", "mopti", "segou", "kayes", "nioro", "gao")
DAYS = (
    date(2025, 9, 3), date(2025, 9, 7), date(2025, 9, 21), date(2025, 10, 7), date(2025, 10, 15),
)  # fmt: skip
HEAD = (
    "day", "state", "as known then", "proof", "lift", "weight", "new reports",
    "observed that week", "verdict",
)  # fmt: skip
WINDOW = timedelta(days=7)
MOST_SETS = 4
MOST_SHARES = 3
AGREES, DISAGREES, UNKNOWN = "agree", "**disagree**", "no shortage observed"

GAO = REASONS["gao"].partition(". ")[0]
INTRODUCTION = f"""# Explanations beside what was observed

Made by `tools/explanations.py`; do not edit. For six towns on five days: what `explain` says, and
what was observed at the town in the week up to that day (`data/mali/outcomes.csv`, up to
{DAYS[-1]}; later outcomes are held back for a back-test and are not used here).

How to read it

- **State and proof.** A strained town has no free way in; *blocked* is the smallest number of
  blocked stretches that prove it (a minimum cut). A supplied town has a free way; *hangs on* is the
  number of stretches of road that it cannot do without.
- **Lift** gives the smallest sets of reports whose end would free a way again, all of equal size.
  **Weight** is each report's share in the state (Shapley value, exact).
- **New reports** are those behind the explanation that began in the week up to the day.
- **As known then** is the state by the reports published up to that day only.
- *Agree*: short of fuel, and the roads say strained or isolated. *Disagree*: short, and the roads
  say supplied. *No shortage observed*: none was recorded at the town in that week, which is not
  the same as none. A strained state without a recorded shortage is **not confirmed**: roads do not
  tell stocks, and stocks bridge weeks.
- Nothing is fitted to this page. What a set to lift means: the effects of these reports end that
  day; whether that can be had is not for the tool to say.

What stands out, in our judgement

- On most days lifting **one** report would free a way to Bamako and Mopti, among them those of
  the Guinea road (ML028), of the escorted roads from Burkina Faso (SC02) and of the road from Gao
  (SC03): each opens one thin way, whose sources send few trucks. A free way is not a full one; how
  much it would carry is a question of flow, which is not answered here.
- **Gao** was short of fuel while its road from Niger stood open in the reports. {GAO}.
- **Kayes** is strained by bans on its own roads, never isolated; that it was short rests on one
  report (MO017).
"""


@dataclass(frozen=True)
class Row:
    """One town on one day: the explanation, and what was observed."""

    why: Explanation
    known_then: str
    seen: tuple[dict[str, Any], ...]

    @property
    def verdict(self) -> str:
        """Say whether the explanation and the observations agree."""
        if not any(tells_shortage(row) for row in self.seen):
            return UNKNOWN
        return AGREES if self.why.state in {"strained", "isolated"} else DISAGREES

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        observed = "; ".join(
            f"{row['outcome']} {told(row)} ({row['confidence']})" for row in self.seen
        )
        verdict = self.verdict
        if verdict == UNKNOWN and self.why.state in {"strained", "isolated"}:
            verdict += f"; {self.why.state} is not confirmed"
        return [
            str(self.why.at), self.why.state, self.known_then, self.proof(), self.lift(),
            self.weights(), self.news(), observed.replace("|", "/") or "–", verdict,
        ]  # fmt: skip

    def proof(self) -> str:
        """Return the size of the proof."""
        if self.why.relief:
            return f"blocked {len(self.why.cut)}"
        roads = self.why.must_pass["kind"] == "road"
        return f"from {self.why.path_source}, hangs on {int(roads.sum())} stretches"

    def lift(self) -> str:
        """Return the smallest sets of reports to lift."""
        lines = []
        for way in self.why.relief:
            sets = [" + ".join(found) for found in way.sets[:MOST_SETS]]
            more = len(way.sets) - len(sets)
            lines.append(" or ".join(sets) + (f" or {more} more" if more > 0 else ""))
        return "; ".join(lines) or "–"

    def news(self) -> str:
        """Return the reports behind the explanation that are a week old at most."""
        starts = self.why.reports["start"]
        return ", ".join(starts.index[starts > self.why.at - WINDOW]) or "–"

    def weights(self) -> str:
        """Return the reports that weigh most."""
        top = self.why.shares["share"].head(MOST_SHARES)
        return ", ".join(f"{event} {share:.0%}" for event, share in top.items()) or "–"


def observed(rows: list[dict[str, Any]], network: Network, town: str, day: date) -> list[Any]:
    """Return the outcomes at a town that began in the week up to a day."""
    return [
        row for row in rows if day - WINDOW < row["date"] <= day and town in towns_of(row, network)
    ]


def rows_of(network: Network, events: Events, town: str) -> list[Row]:
    """Return the rows of one town."""
    outcomes = open_rows()
    return [
        Row(
            why=explain(network, events, at=day, to=town),
            known_then=explain(
                network, events.known_by(day), at=day, to=town, with_shares=False
            ).state,
            seen=tuple(observed(outcomes, network, town, day)),
        )
        for day in DAYS
    ]


def table_row(row: Row) -> str:
    """Return one row of a table, as wide as its head."""
    cells = dict(zip(HEAD, row.cells(), strict=True))
    return f"| {' | '.join(cells.values())} |"


def page() -> str:
    """Return the whole page."""
    network, events = datasets.mali()
    found = {town: rows_of(network, events, town) for town in TOWNS}
    counts = Counter(row.verdict.strip("*") for rows in found.values() for row in rows)
    lines = [INTRODUCTION, "## Count", "", "| verdict | town-days |", "|---|---|"]
    lines += [f"| {word} | {counts[word]} |" for word in (AGREES, DISAGREES.strip("*"), UNKNOWN)]
    for town, rows in found.items():
        lines += [
            "",
            f"## {network.name(town)}",
            "",
            f"| {' | '.join(HEAD)} |",
            "|---" * len(HEAD) + "|",
        ]
        lines += [table_row(row) for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(renew(PAGE, page()))
