"""Plans on a terminal: who goes short all the same, what to send, what holds it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import WIDE, console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.planning.plan import Plan
    from supplyroutes.analysis.planning.preposition import Preposition
    from supplyroutes.analysis.planning.survival import Survival
    from supplyroutes.network import Network

MOST_TOWNS = 10
MOST_LIMITS = 8
_SHOWN = 0.05
"""What is told with one decimal is told from here on."""


def show_plan(
    plan: Plan, survival: Survival, base: Network, *, lang: str, every_town: bool
) -> None:
    """Show a plan on one screen."""
    say, out = words(lang), console()
    first, last = (say.day(plan.dates[place]) for place in (0, -1))
    commodity = wording.commodity_word(say, plan.commodity)
    line(out, say("plan.title", commodity=commodity, first=first, last=last), style="bold")
    inside = plan.towns[plan.towns["on_network"]]
    for told in _totals(say, plan, survival, inside):
        line(out, told)
    if len(inside):
        lasting = survival.towns["time_to_survive_days"].to_dict()
        _towns(out, say, inside, lasting, every_town=every_town)
        _sources(out, say, plan)
        _limits(out, say, plan, base)
    line(out, "")
    for told in _notes(say, plan):
        line(out, told, style="bright_black")
    line(out, say("stocks.use"), style="italic")


def _totals(say: Words, plan: Plan, survival: Survival, inside: pd.DataFrame) -> list[str]:
    """Return the totals in sentences."""
    if not len(inside):
        return [say("flow.no_demand")]
    told = [
        say(
            "plan.totals",
            demand=say.number(plan.demand_m3),
            planned=say.number(plan.planned_m3),
            unmet=say.number(plan.unmet_m3),
        )
    ]
    if plan.lost_m3 >= _SHOWN:
        told.append(say("plan.lost", lost=say.number(plan.lost_m3)))
    short = int((inside["days_dry"] >= _SHOWN).sum())
    if short:
        told.append(say.count("plan.short", short, value=_value(say, plan.unit, plan.value)))
    else:
        told.append(say("plan.none_short"))
    if plan.value > plan.least_value * 1.0001 + _SHOWN:
        told.append(say("plan.least", value=_value(say, plan.unit, plan.least_value)))
    together = survival.together_days
    if together < len(plan.dates):
        told.append(say("plan.together", days=say.number(together, 1)))
    off = plan.towns[~plan.towns["on_network"]]
    if len(off):
        amount = say.number(float(off["use_m3_per_day"].sum()))
        told.append(say.count("plan.off", len(off), amount=amount))
    return told


def _value(say: Words, unit: str, value: float) -> str:
    """Return a value with its unit."""
    digits = 1 if unit == "town-days" else 0
    return say(f"plan.unit.{unit}", value=say.number(value, digits))


def _towns(
    out: Console,
    say: Words,
    inside: pd.DataFrame,
    lasting: dict[Any, float],
    *,
    every_town: bool,
) -> None:
    """Show the towns that go short, then the largest ones; on request every town."""
    order = inside.sort_values(["days_dry", "use_m3_per_day"], ascending=False, kind="stable")
    chosen = order if every_town else order.head(MOST_TOWNS)
    names = ["town", "use", "stock", "supply_days", "survives", "planned", "dry_on", "days_dry"]
    if out.width < WIDE:
        names.remove("supply_days")
    cells = [_cells(say, row, lasting[node]) for node, row in chosen.iterrows()]
    head = [say(f"head.{name}") for name in names]
    line(out, "")
    line(out, say("plan.towns"), style="bold")
    rows = [[cell[name] for name in names] for cell in cells]
    right = [at for at, name in enumerate(names) if name not in {"town", "dry_on"}]
    table(out, head, rows, right=right, folding=(0,))
    if len(order) > len(chosen):
        rest = len(order) - len(chosen)
        line(out, say.count("run.more_towns", rest), style="bright_black")


def _cells(say: Words, row: pd.Series[Any], lasting: float) -> dict[str, str]:
    """Return the cells of one town by name."""
    dry = row["days_dry"]
    return {
        "town": row["name"],
        "use": say.number(row["use_m3_per_day"], 1),
        "stock": say.number(row["stock_m3"]),
        "supply_days": say.number(row["days_of_supply"], 1),
        "survives": say.number(lasting, 1) if lasting < float("inf") else wording.DASH,
        "planned": say.number(row["planned_m3"]),
        "dry_on": wording.day_or_dash(row["dry_on"] if dry >= _SHOWN else None),
        "days_dry": say.number(dry, 1) if dry >= _SHOWN else wording.DASH,
    }


def _sources(out: Console, say: Words, plan: Plan) -> None:
    """Show what each source sends on average, and at most."""
    if not len(plan.sources):
        return
    frame = plan.sources.reset_index()
    spans = (frame["sent_until"] - frame["sent_from"]).map(lambda gap: gap.days + 1)
    frame = frame.assign(m3=frame["sent_m3_per_day"] * spans)
    grouped = frame.groupby("node", sort=True).agg(
        name=("name", "first"), m3=("m3", "sum"), most=("sent_m3_per_day", "max"),
        limit=("limit_m3_per_day", "max"),
    )  # fmt: skip
    order = grouped.sort_values("m3", ascending=False, kind="stable")
    rows = [
        (row["name"], *(say.number(row[key]) for key in ("m3", "most", "limit")))
        for _, row in order[order["m3"] >= _SHOWN].iterrows()
    ]
    line(out, "")
    line(out, say("plan.sources"), style="bold")
    head = [say(f"head.{key}") for key in ("sending", "sends_all", "most_a_day", "can_send")]
    table(out, head, rows, right=(1, 2, 3), folding=(0,))


def _limits(out: Console, say: Words, plan: Plan, base: Network) -> None:
    """Show the limits that hold the plan back, what saves most first."""
    if not len(plan.binding):
        return
    line(out, "")
    line(out, say("plan.limits"), style="bold")
    rows = [
        (
            wording.road_name(base, row["id"]) if row["kind"] != "source" else base.name(row["id"]),
            base.name(row["head"]),
            say(f"flow.kind.{row['kind']}"),
            say.number(row["least_limit_m3_per_day"]),
            say.number(row["binding_days"]),
            say.number(row["saved"]),
        )
        for _, row in plan.binding.head(MOST_LIMITS).iterrows()
    ]
    keys = ("bottleneck", "towards", "limited_by", "limit", "days", "saved")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(3, 4, 5), folding=(0, 1, 2))
    line(out, say("plan.note_saved", unit=say(f"plan.unit_name.{plan.unit}")), style="bright_black")


def _notes(say: Words, plan: Plan) -> list[str]:
    """Return what the plan rests on."""
    told = [say("flow.note_allocation", allocation=_policy(say, plan.policy))]
    told.append(say(f"plan.transit.{plan.transit}"))
    return [*told, say("plan.note_knows"), say("plan.note_end")]


def _policy(say: Words, policy: str | None) -> str:
    """Return who comes first in words."""
    key = f"flow.allocation.{policy}" if policy else "plan.alike"
    return say(key) if key in say else str(policy)


# --- extra stock --------------------------------------------------------------------------


def show_preposition(found: Preposition, days: int, *, lang: str) -> None:
    """Show where to put extra stock on one screen."""
    say, out = words(lang), console()
    line(out, say("preposition.title", budget=say.number(found.budget_m3), days=days), style="bold")
    for sentence in _worth(say, found):
        line(out, sentence)
    extra = found.towns[found.towns["extra_m3"] >= _SHOWN]
    if len(extra):
        order = extra.sort_values("extra_m3", ascending=False, kind="stable")
        rows = [
            (
                row["name"],
                say.number(row["extra_m3"], 1),
                say.number(row["extra_days"], 1),
                say.number(row["stock_m3"]),
                say.number(row["room_m3"]),
            )
            for _, row in order.iterrows()
        ]
        line(out, "")
        line(out, say("preposition.towns"), style="bold")
        head = [say(f"head.{key}") for key in ("town", "extra", "supply_days", "stock", "room")]
        table(out, head, rows, right=(1, 2, 3, 4), folding=(0,))
    told = [
        (
            str(name),
            say("text.percent", value=say.number(100 * row["prob"])),
            *(say.number(row[key]) for key in ("value_without", "value", "saved")),
        )
        for name, row in found.scenarios.iterrows()
    ]
    line(out, "")
    unit = say(f"plan.unit_name.{found.unit}")
    line(out, say("preposition.scenarios", unit=unit), style="bold")
    head = [say(f"head.{key}") for key in ("scenario", "prob", "without", "with", "saved")]
    table(out, head, told, right=(1, 2, 3, 4), folding=(0,))
    line(out, "")
    for key in ("preposition.note", "plan.note_knows"):
        line(out, say(key), style="bright_black")
    line(out, say("stocks.use"), style="italic")


def _worth(say: Words, found: Preposition) -> list[str]:
    """Return what the extra stock saves, in sentences."""
    if found.value_without < _SHOWN:
        return [say("preposition.nothing_short")]
    told = [
        say(
            "preposition.saves",
            placed=say.number(found.placed_m3),
            saved=_value(say, found.unit, found.saved),
            without=_value(say, found.unit, found.value_without),
        )
    ]
    more = _value(say, found.unit, found.saved_by_one_m3_more)
    told.append(say("preposition.more", saved=more))
    if found.likeliest_loss >= _SHOWN:
        told.append(say("preposition.all", lost=_value(say, found.unit, found.likeliest_loss)))
    if found.perfect_information >= _SHOWN:
        worth = _value(say, found.unit, found.perfect_information)
        told.append(say("preposition.knowing", saved=worth))
    return told
