"""Commands that set answers side by side: compare, sensitivity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    Choice,
    Day,
    case_option,
    case_options,
    day_option,
    echo_json,
    json_option,
    known_option,
    language_option,
    tracks_option,
    workers_option,
)
from supplyroutes.cli.drawing import FIGURE, check_figures, write_figures
from supplyroutes.cli.progress import told_progress
from supplyroutes.commodities import COMMODITIES
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.analysis.history import IsolationHistory
    from supplyroutes.overview import Situation
    from supplyroutes.scenario import Scenario


@click.command()
@click.argument("places", nargs=-1, type=click.Path(path_type=Path), metavar="[SCENARIO.toml|RESULTS.json|FOLDER]...")  # fmt: skip  # noqa: E501
@case_option
@day_option
@click.option("--since", type=Day(), help="The earlier day to compare with.")
@click.option(
    "--commodity",
    "commodities",
    multiple=True,
    type=click.Choice(COMMODITIES),
    help="fuel if nothing is named; several are set side by side.",
)
@known_option
@tracks_option
@click.option("--town", "names", multiple=True, help="Only this town, in full.")
@click.option("--all-towns", is_flag=True, help="Show every town that differs.")
@click.option("--outlook", is_flag=True, help="Of files: also intervals of what changes, by draws that all share.")  # fmt: skip  # noqa: E501
@click.option("--shares", is_flag=True, help="Of files: also how much each of several changes makes; every set of up to 6 is worked out.")  # fmt: skip  # noqa: E501
@workers_option
@click.option("--figure", type=FIGURE, help="Draw places by state as bars: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@click.option("--map", "output", type=FIGURE, help="Draw the first two on maps side by side.")
@language_option
@json_option
def compare(
    *,
    places: tuple[Path, ...],
    case: str | None,
    day: date | None,
    since: date | None,
    commodities: tuple[str, ...],
    as_known_on: date | None,
    tracks: bool,
    names: tuple[str, ...],
    all_towns: bool,
    outlook: bool,
    shares: bool,
    workers: int,
    figure: Path | None,
    output: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Set two days, scenarios or commodities side by side: what differs, and why.

    \b
    What changed since D0:     compare --date D --since D0
    Recorded beside what-ifs:  compare FILE.toml, or several
    Saved answers:             compare A.json B.json (written by run --save)
    Commodities:               compare --date D --commodity fuel --commodity goods
    """  # noqa: D301 (click reads the control character)
    from supplyroutes.analysis.comparison import comparison_of
    from supplyroutes.cli.file_entries import More, whole_comparison

    _one_question(places, since, commodities)
    check_figures(figure, output)
    asked = [
        Choice(place, case, day, commodities[0] if commodities else None, as_known_on, tracks)
        for place in places or (None,)
    ]
    more = More(outlook, shares, workers, lang)
    more.check(of_files=since is None and len(commodities) < 2)  # noqa: PLR2004 (several)
    history, files = None, None
    if since is not None:
        entries, history = _days(asked[0].scenario(), since)
    elif len(commodities) > 1:
        entries = _commodities(asked[0].scenario(), commodities)
    else:
        files = whole_comparison(asked, more)
        entries = files.situations
    comparison = comparison_of(entries) if files is None else files.whole
    now = next(iter(entries.values()))
    nodes = [now.day.find(name) for name in names]
    if as_json:
        from supplyroutes.cli.side_by_side import comparison_json

        echo_json(comparison_json(comparison, history, nodes))
    else:
        from supplyroutes.cli.side_by_side import Shown, show_comparison

        shown = Shown(entries, nodes, all_towns, history, files)
        show_comparison(comparison, shown, lang=lang)
    if figure is not None or output is not None:
        _draw(entries, figure, output, lang)


def _draw(
    entries: Mapping[str, Situation], figure: Path | None, output: Path | None, lang: str
) -> None:
    """Write the figures, with the entries named as on the screen."""
    from supplyroutes import plot
    from supplyroutes.analysis.comparison import comparison_of
    from supplyroutes.catalogue import words
    from supplyroutes.cli.side_by_side import label_of

    named = {label_of(words(lang), entries, entry): now for entry, now in entries.items()}
    if len(named) < len(entries):
        named = dict(entries)  # two entries would have one name
    comparison = comparison_of(named)
    days = {name: now.day for name, now in named.items()}
    first = next(iter(days.values()))
    write_figures(
        [
            (figure, lambda: plot.comparison_bars(first, comparison, lang=lang)),
            (output, lambda: plot.before_after_map(days, comparison, lang=lang)),
        ]
    )


def _one_question(places: Sequence[Path], since: date | None, commodities: Sequence[str]) -> None:
    """Refuse two questions at once: days, scenarios and commodities would mix in one answer."""
    asked = [
        name
        for name, wanted in (
            ("--since", since is not None),
            ("several --commodity", len(commodities) > 1),
            ("several scenario files", len(places) > 1),
        )
        if wanted
    ]
    if len(asked) > 1:
        raise RequestError(f"compare one thing at a time, not {' and '.join(asked)}")
    if len(set(commodities)) < len(commodities):
        raise RequestError("the same --commodity is named twice")


def _days(scenario: Scenario, since: date) -> tuple[dict[str, Situation], IsolationHistory]:
    """Return two days of a scenario, and the changes of state between them."""
    from supplyroutes.analysis.history import isolation_history
    from supplyroutes.disruption import timeline
    from supplyroutes.overview import situation
    from supplyroutes.scenario import what_if_case

    if since >= scenario.date:
        raise RequestError(f"--since {since} must lie before the day, {scenario.date}")
    network, events = what_if_case(scenario)
    commodity = scenario.commodity
    entries = {
        str(day): situation(network, events, at=day, commodity=commodity)
        for day in (since, scenario.date)
    }
    days = timeline(network, events, start=since, end=scenario.date, commodity=commodity)
    return entries, isolation_history(days)


def _commodities(scenario: Scenario, commodities: Sequence[str]) -> dict[str, Situation]:
    """Return a day for several commodities."""
    from supplyroutes.overview import situation
    from supplyroutes.scenario import what_if_case

    network, events = what_if_case(scenario)
    return {
        commodity: situation(network, events, at=scenario.date, commodity=commodity)
        for commodity in commodities
    }


@click.command()
@case_options
@language_option
@json_option
def sensitivity(*, choice: Choice, lang: str, as_json: bool) -> None:
    """Show which assumption, moved alone to its low or high value, changes the state of towns."""
    from supplyroutes.analysis.sensitivity import sensitivity as sensitivity_of
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    with told_progress(lang, "sensitivity.progress") as progress:
        result = sensitivity_of(
            network,
            events,
            at=scenario.date,
            commodity=scenario.commodity,
            progress=progress,
        )
    if as_json:
        echo_json(result.to_dict())
    else:
        from supplyroutes.cli.side_by_side import show_sensitivity

        show_sensitivity(result, lang=lang)


COMMANDS: tuple[Any, ...] = (compare, sensitivity)
