"""Put the impact rules and the assumptions into docs/model.md, as the tables in data/ have them.

The two tables of the page are replaced; rules that differ only in kind or basis share a line.

    python tools/model_page.py           rewrite the tables of the page
    python tools/model_page.py --check   exit 1 if they differ
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from pages import renew

from supplyroutes.io.tables import data_folder
from supplyroutes.rules import Rule, Rules
from supplyroutes.schema import read_table

PAGE = Path(__file__).parents[1] / "docs" / "model.md"
RULES = (
    "rules", "kind", "basis", "scope", "goods", "phase", "hits", "status", "capacity", "delay, h",
    "loss", "days",
)  # fmt: skip
ASSUMPTIONS = ("key", "low", "best", "high", "unit", "why")
DELAYS = {"curfew": "curfew", "season": "wet speeds"}


def head(columns: tuple[str, ...]) -> list[str]:
    """Return the first two lines of a Markdown table."""
    return [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]


def spread(rule: Rule, quantity: str) -> str:
    """Return best (low to high) of a quantity, or the one value that all three are."""
    low, best, high = (getattr(rule, f"{quantity}_{end}") for end in ("low", "best", "high"))
    if best is None:
        return "no end" if low is None else f"no end (low: {low:g})"
    return f"{best:g}" if low == best == high else f"{best:g} ({low:g} to {high:g})"


def cells(rule: Rule) -> tuple[str, ...]:
    """Return the cells of a rule after its kind and basis."""
    place = (rule.scope.replace("*", "any"), rule.commodity.replace("*", "any"))
    way = (rule.phase, rule.hits.replace("_", " "))
    if rule.hits == "context":
        return (*place, *way, "", "", "", "", "")
    delay = DELAYS.get(rule.delay_as) or spread(rule, "delay_h")
    return (
        *place,
        *way,
        rule.status,
        spread(rule, "capacity_factor"),
        delay,
        spread(rule, "loss_prob"),
        spread(rule, "duration_days"),
    )


def basis_of(rule: Rule) -> str:
    """Return the basis of a rule as the page writes it."""
    return rule.basis.replace("*", "any")


def rule_lines(rules: Rules) -> list[str]:
    """Return the table of rules, in order of the first rule of each line."""
    bases: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        bases.setdefault((rule.kind, *cells(rule)), []).append(rule)
    lines: dict[tuple[str, ...], list[Rule]] = {}
    for key, group in bases.items():
        told = ", ".join(sorted((basis_of(rule) for rule in group), reverse=True))
        whose = "any kind" if key[0] == "*" else "named kinds"
        lines.setdefault((whose, told, *key[1:]), []).extend(group)
    shown = []
    for (_, told, *rest), group in lines.items():
        ids = " ".join(sorted(rule.rule for rule in group))
        kinds = ", ".join(kind for kind, _ in groupby(rule.kind for rule in group))
        shown.append(f"| {' | '.join((ids, kinds.replace('*', 'any'), told, *rest))} |")
    return [*head(RULES), *sorted(shown)]


def assumption_lines() -> list[str]:
    """Return the table of assumptions."""
    rows = read_table(data_folder() / "assumptions.csv", "assumptions").rows()
    return [
        *head(ASSUMPTIONS),
        *(
            f"| `{row['key']}` | {row['low']:g} | {row['best']:g} | {row['high']:g} "
            f"| {row['unit']} | {row['reason']} |"
            for row in rows
        ),
    ]


def renewed(text: str) -> str:
    """Return the page with the tables as they should be."""
    rules = Rules(read_table(data_folder() / "impact_rules.csv", "impact_rules"))
    tables = {head(RULES)[0]: rule_lines(rules), head(ASSUMPTIONS)[0]: assumption_lines()}
    lines: list[str] = []
    old = iter(text.splitlines())
    for line in old:
        if line not in tables:
            lines.append(line)
            continue
        lines += tables.pop(line)
        lines.append(next((after for after in old if not after.startswith("|")), ""))
    if tables:
        raise SystemExit(f"{PAGE.name} has no table with the head {next(iter(tables))}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(renew(PAGE, renewed(PAGE.read_text(encoding="utf-8"))))
