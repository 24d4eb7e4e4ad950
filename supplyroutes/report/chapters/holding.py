"""What towns hold, when they run short, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplyroutes.report import outlook_wording, risk_wording, wording
from supplyroutes.report.answer_tables import shown_towns
from supplyroutes.report.blocks import Block, Chapter, Grid, Lines, Picture, Row
from supplyroutes.report.chapters.not_asked import empty_chapter, not_asked
from supplyroutes.report.told import Told
from supplyroutes.scenario.merging import suppositions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplyroutes.analysis.outlooks.outlook import StockOutlook
    from supplyroutes.analysis.stores.stocks import StockLevels

MOST_TOWNS = 15
MOST_CURVES = 4
MOST_INPUTS = 6


def stocks_chapter(told: Told) -> Chapter:
    """Return stocks, days of shortage and curves of the largest towns."""
    say, title = told.say, told.say("report.stocks")
    found = told.main.outlook or told.main.stocks
    if found is None:
        return empty_chapter(say, "stocks", title, "stocks")
    if found.towns.empty:
        return Chapter("stocks", title, (Lines((say("flow.no_demand"),)),))
    return Chapter("stocks", title, tuple(_stocks(told)))


def _stocks(told: Told) -> Iterator[Block | Picture]:
    """Yield the towns of one run, the towns under many draws, the curves, and the notes."""
    say, main = told.say, told.main
    if told.wider_use:
        yield Lines(tuple(told.wider_use))
    if main.stocks is None:
        yield Lines((not_asked(say, "stocks"),))
    else:
        yield from _run_once(told)
    if main.outlook is None:
        yield Lines((not_asked(say, "outlook"),))
    else:
        yield from _drawn(told, main.outlook)
    for place, node in enumerate(shown_towns(main)[:MOST_CURVES], start=1):
        found = main.stocks if main.outlook is None else main.outlook
        if found is not None and node in found.towns.index:
            yield _curve(told, place, node, found)
    yield Lines((_left_out(told), say("stocks.use")))


def _left_out(told: Told) -> str:
    """Return what the stocks leave out: convoys and fear of drivers, unless they are supposed."""
    say, supposed = told.say, suppositions(told.results.scenario)[told.main.name]
    afraid = supposed.fleet is not None and supposed.fleet.deterrence
    names = [] if afraid else ["fear"]
    names += ["convoys"] if supposed.convoys is None else []
    names += ["hoarding", "black_markets"]
    listed = ", ".join(say(f"report.left_out.{name}") for name in names)
    return say("report.left_out", names=listed)


def _run_once(told: Told) -> Iterator[Block]:
    """Yield what the largest towns hold on the day, and when they run short."""
    say = told.say
    frame = told.table("supply_days")
    if frame is None:  # no town that uses it is on the network
        yield Lines((say("flow.no_demand"),))
        return
    largest = frame.assign(people=frame["population"].fillna(0)).sort_values(
        "people", ascending=False, kind="stable"
    )
    largest = largest[wording.at_home(told.main.situation, largest.index)]
    rows = [
        Row(
            (
                row["name"],
                say.number(row["use_m3_per_day"]),
                say.number(row["stock_m3"]),
                told.number(row["days_of_supply"], 1),
                say("text.yes") if row["short"] else say("text.no"),
                _dry_on(told, row["dry_on"]),
            ),
            marked=bool(row["short"]),
        )
        for _, row in largest.head(MOST_TOWNS).iterrows()
    ]
    keys = ("town", "use_m3_per_day", "stock_m3", "supply_days", "short_today", "dry_from")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.26, 0.14, 0.14, 0.14, 0.12, 0.2),
        right=frozenset({1, 2, 3}),
        origin="supply_days",
    )
    if len(largest) > MOST_TOWNS:
        yield Lines((say.count("report.more_towns", len(largest) - MOST_TOWNS),))


def _dry_on(told: Told, day: Any) -> str:
    """Return the first day without enough, or that there is none in the days looked at."""
    text = told.date(day)
    return told.say("report.not_within") if text == wording.DASH else text


def _drawn(told: Told, outlook: StockOutlook) -> Iterator[Block]:
    """Yield when towns run short under many draws, and which inputs weigh most."""
    say = told.say
    yield Lines((say("outlook.runs", runs=say.number(outlook.runs), seed=str(outlook.seed)),))
    frame = told.rows("outlook")
    frame = frame[wording.at_home(told.main.situation, frame.index) & frame["on_network"]]
    largest = frame.assign(people=frame["population"].fillna(0)).sort_values(
        "people", ascending=False, kind="stable"
    )
    rows = [
        Row(
            (
                row["name"],
                told.later(row["dry_on_p50"]),
                say(
                    "outlook.range",
                    low=told.later(row["dry_on_p10"]),
                    high=told.later(row["dry_on_p90"]),
                ),
                _of_runs(told, row["dry_runs"], row["runs"]),
                _of_runs(told, row["short_runs"], row["runs"]),
                risk_wording.chance(say, row["short_share"]),
                risk_wording.span(say, row["short_share_low"], row["short_share_high"]),
            ),
            marked=row["short_share"] >= 1 / 2,
        )
        for _, row in largest.head(MOST_TOWNS).iterrows()
    ]
    keys = ("town", "dry_median", "interval", "dry_runs", "short_on_day", "chance", "interval_95")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.15, 0.13, 0.25, 0.13, 0.13, 0.09, 0.12),
        right=frozenset({3, 4, 5, 6}),
        origin="outlook",
    )
    yield _unmet(told, outlook)
    yield from _inputs(told)
    yield Lines((say("report.outlook_note"), say("report.model_error")))


def _of_runs(told: Told, hits: float, runs: float) -> str:
    """Return how many of the runs."""
    return told.say("report.of_runs", count=told.say.number(hits), runs=told.say.number(runs))


def _unmet(told: Told, outlook: StockOutlook) -> Block:
    """Return what goes short in all."""
    say = told.say
    low, middle, high = (told.number(outlook.unmet_m3[name]) for name in ("p10", "p50", "p90"))
    interval = say("outlook.range", low=low, high=high)
    return Lines((say("outlook.unmet", middle=middle, interval=interval),), origin="entries")


def _inputs(told: Told) -> Iterator[Block]:
    """Yield which uncertain inputs weigh most on what goes short in all."""
    say, network = told.say, told.main.situation.day
    frame = told.table("outlook_inputs")
    clear = None if frame is None else frame[frame["clear"].astype(bool)]
    if clear is None or clear.empty:
        yield Lines((say("outlook.nothing_clear"),))
        return
    rows = [
        Row(
            (
                outlook_wording.input_label(say, network, str(key)),
                say.number(row["rank_correlation"], 2),
                say(
                    "outlook.range",
                    low=say.number(row["low"], 2),
                    high=say.number(row["high"], 2),
                ),
            )
        )
        for key, row in clear.head(MOST_INPUTS).iterrows()
    ]
    keys = ("input", "correlation", "interval_95")
    yield Grid(
        head=tuple(say(f"head.{key}") for key in keys),
        rows=tuple(rows),
        widths=(0.56, 0.2, 0.24),
        right=frozenset({1, 2}),
        origin="outlook_inputs",
    )


def _curve(told: Told, place: int, node: str, found: StockLevels | StockOutlook) -> Picture:
    """Return the curve of a town's stock."""
    say, main = told.say, told.main

    def draw() -> Figure:
        from supplyroutes.plot import stock_curves
        from supplyroutes.plot.saving import root_figure

        # Without marks for reports: answers read from a file have no events, and draw the same.
        return root_figure(stock_curves(main.situation.day, found, to=node, lang=say.lang))

    drawn = main.outlook is not None
    name = told.town(node)
    return Picture(
        name=f"stock-{place}",
        caption=say("report.curve_drawn" if drawn else "report.curve", town=name),
        alt=say("report.curve_alt", town=name, day=told.later(_first_dry(found, node))),
        draw=draw,
        origin="outlook_days" if drawn else "stock_days",
        wide=False,
        numbers=_weekly(told, node, "outlook_days" if drawn else "stock_days"),
    )


def _weekly(told: Told, node: str, table: str) -> Grid:
    """Return the stock of a town every seventh day, with its band if there is one."""
    say = told.say
    frame = told.rows(table).xs(node, level="node").iloc[::7]
    columns = [str(name) for name in frame if str(name).startswith("stock_m3")]
    rows = [
        Row((told.date(day), *(say.number(row[name]) for name in columns)))
        for day, row in frame.iterrows()
    ]
    return Grid(
        head=(say("head.date"), *(say(f"head.{name}") for name in columns)),
        rows=tuple(rows),
        widths=(0.4, *(0.6 / len(columns) for _ in columns)),
        right=frozenset(range(1, 1 + len(columns))),
        origin=table,
    )


def _first_dry(found: Any, node: str) -> Any:
    """Return the first day of shortage of a town: the median of many runs."""
    row = found.towns.loc[node]
    return row["dry_on_p50"] if "dry_on_p50" in row else row["dry_on"]
