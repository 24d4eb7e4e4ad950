"""Outlooks and lifelines on a terminal: when towns run dry, with intervals, and what then stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import WIDE, console, line, table
from supplyroutes.report import outlook_wording as told
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.outlooks.outlook import StockOutlook
    from supplyroutes.analysis.stores.lifelines import Lifelines
    from supplyroutes.network import Network

MOST_TOWNS = 12
MOST_INPUTS = 6
MOST_LIFELINE_TOWNS = 4


def show_outlook(outlook: StockOutlook, network: Network, *, lang: str, every_town: bool) -> None:
    """Show an outlook on one screen."""
    say, out = words(lang), console()
    title = say(
        "outlook.title",
        commodity=wording.commodity_word(say, outlook.commodity),
        start=say.day(outlook.start),
        end=say.day(outlook.end),
    )
    line(out, title, style="bold")
    for text in _heads(say, outlook):
        line(out, text)
    if outlook.towns["on_network"].any():
        _towns(out, say, outlook, every_town=every_town)
        _inputs(out, say, outlook, network)
    line(out, "")
    for key in ("outlook.note", "outlook.note_model"):
        line(out, say(key), style="bright_black")
    line(out, say("outlook.use"), style="italic")


def _heads(say: Words, outlook: StockOutlook) -> list[str]:
    """Return the first lines: runs, towns, what goes short."""
    counts = outlook.summary()
    runs = {"runs": say.number(outlook.runs), "asked": say.number(outlook.asked)}
    seed = str(outlook.seed)
    lines = [say("outlook.runs", seed=seed, **runs)]
    if outlook.runs < outlook.asked:
        lines.append(say("outlook.interrupted", **runs))
    towns = outlook.towns[outlook.towns["on_network"]]
    if not len(towns):
        return [*lines, say("flow.no_demand")]
    dry = {key: say.number(counts[key]) for key in ("likely_dry", "maybe_dry")}
    lines.append(say("outlook.towns_dry", towns=say.number(len(towns)), **dry))
    middle, interval = told.amounts(say, outlook.unmet_m3, "")
    return [*lines, say("outlook.unmet", middle=middle, interval=interval)]


def _towns(out: Console, say: Words, outlook: StockOutlook, *, every_town: bool) -> None:
    """Show the largest towns that go short in any run; on request every town."""
    frame = outlook.towns[outlook.towns["on_network"]]
    if not every_town:
        frame = frame[frame["dry_share"] > 0]
    order = frame.assign(size=-frame["population"].fillna(0)).sort_values("size", kind="stable")
    shown = order if every_town else order.head(MOST_TOWNS)
    if not len(shown):
        line(out, say("flow.no_short"), style="bold")
        return
    line(out, "")
    wide = out.width >= WIDE
    rows = [_town_row(say, row, wide=wide) for _, row in shown.iterrows()]
    keys = ["town", "short_runs", "short_from", "interval", "days_missing"]
    keys += ["interval"] if wide else []
    table(out, [say(f"head.{key}") for key in keys], rows, right=(1, 4, 5), folding=(0,))
    if len(order) > len(shown):
        line(out, say.count("run.more_towns", len(order) - len(shown)), style="bright_black")


def _town_row(say: Words, row: pd.Series[Any], *, wide: bool) -> list[str]:
    """Return the cells of a town; the interval of the days dry only where there is room."""
    middle, interval = told.amounts(say, row, "days_dry_", 1)
    cells = [
        row["name"],
        say.share(row["dry_share"]),
        told.day(say, row, "p50"),
        told.days_interval(say, row),
        middle,
    ]
    return [*cells, interval] if wide else cells


def _inputs(out: Console, say: Words, outlook: StockOutlook, network: Network) -> None:
    """Show what matters most for what goes short in all."""
    frame = outlook.influence[outlook.influence["clear"]].head(MOST_INPUTS)
    line(out, "")
    if not len(frame):
        line(out, say("outlook.nothing_clear"), style="bold")
        return
    line(out, say("outlook.matters"), style="bold")
    rows = [
        (
            told.input_label(say, network, str(key)),
            say.number(row["rank_correlation"], 2),
            say("outlook.range", low=say.number(row["low"], 2), high=say.number(row["high"], 2)),
            say.share(row["share"]),
        )
        for key, row in frame.iterrows()
    ]
    head = [say(f"head.{key}") for key in ("input", "correlation", "interval_95", "variance")]
    table(out, head, rows, right=(1, 2, 3), folding=(0,))
    left = outlook.unexplained
    share, low, high = (say.share(left[name]) for name in ("share", "low", "high"))
    line(out, say("outlook.unexplained", share=share, low=low, high=high), style="bright_black")


# --- lifelines ----------------------------------------------------------------------------


def show_lifelines(found: Lifelines, *, lang: str) -> None:
    """Show what stops for lack of fuel in the largest towns where anything does."""
    from supplyroutes.analysis.stores.lifelines import LIFELINES

    say, out = words(lang), console()
    line(out, "")
    line(out, say("lifelines.title"), style="bold")
    hit = found.towns[found.towns["days_to_stop_low"].notna()]
    first = hit.groupby(level="node")["population"].first().fillna(0)
    nodes = sorted(first.index, key=lambda node: (-first[node], node))
    if not nodes:
        line(out, say("lifelines.none" if len(found.towns) else "lifelines.unknown"))
    else:
        rows = []
        for node in nodes[:MOST_LIFELINE_TOWNS]:
            told_of = [name for name in LIFELINES if (node, name) in hit.index]
            lines = [_lifeline_row(say, found.towns.loc[(node, name)], name) for name in told_of]
            rows += [lines[0], *(["", *cells[1:]] for cells in lines[1:])]
        head = [say(f"head.{key}") for key in ("town", "lifeline", "least", "stops", "stop_range")]
        table(out, head, rows, right=(2,), folding=(0,))
    if len(nodes) > MOST_LIFELINE_TOWNS:
        rest = len(nodes) - MOST_LIFELINE_TOWNS
        line(out, say.count("run.more_towns", rest), style="bright_black")
    line(out, say("lifelines.note"), style="bright_black")


def _lifeline_row(say: Words, row: Any, name: str) -> list[str]:
    """Return the cells of a lifeline of a town."""
    worse, better = (
        say("outlook.days", days=say.number(row[f"days_to_stop_{end}"]))
        if row[f"days_to_stop_{end}"] >= 0
        else say("outlook.later")
        for end in ("low", "high")
    )
    on = row["stopped_on"]
    return [
        row["name"],
        say(f"lifeline.{name}"),
        say.share(row["least_share"]),
        str(on) if on is not None else say("outlook.later"),
        say("outlook.range", low=worse, high=better),
    ]
