"""Commands on ways: the paths that remain to a town."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    Choice,
    Day,
    case_options,
    echo_json,
    json_option,
    language_option,
)
from supplyroutes.cli.trip_options import trip_options
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.analysis.ways.trips import Trip
    from supplyroutes.network import Network


@click.command()
@click.argument("town")
@case_options
@click.option("--from", "origins", multiple=True, metavar="TOWN", help="Start here, not at the sources; may be repeated.")  # fmt: skip  # noqa: E501
@trip_options
@click.option("--k", "-k", type=click.IntRange(1), default=5, show_default=True, help="How many paths.")  # fmt: skip  # noqa: E501
@click.option("--safest", is_flag=True, help="By survival of a lone truck, then time.")
@click.option("--pareto", is_flag=True, help="All that no other path beats in time and survival.")
@click.option("--disjoint", type=click.Choice(["edge", "node"]), help="A cheapest set of paths that share no road (edge), or no town between (node).")  # fmt: skip  # noqa: E501
@click.option("--max-overlap", type=click.FloatRange(0, 1), default=1.0, help="Leave out what shares more of its length with a better path.")  # fmt: skip  # noqa: E501
@click.option("--return", "empty_return", is_flag=True, help="With the way back of the empty truck.")  # fmt: skip  # noqa: E501
@click.option("--wait-until", type=Day(), help="Trucks may wait for roads to open, up to this day.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Draw a map too: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def paths(
    *,
    town: str,
    choice: Choice,
    k: int,
    safest: bool,
    pareto: bool,
    disjoint: str | None,
    max_overlap: float,
    wait_until: date | None,
    output: Path | None,
    lang: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Show the paths on which fuel can still reach TOWN, the best first."""
    from dataclasses import replace

    from supplyroutes.analysis.ways.paths import best_path, supply_paths

    choose: Any = _chosen(safest=safest, pareto=pareto, disjoint=disjoint)
    network, day, trip = _question(choice, wait_until, asked)
    found = supply_paths(
        day, to=town, k=k, baseline=network, choose=choose, max_overlap=max_overlap, trip=trip
    )
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.path_screen import show_paths

        free = None  # with days to wait for, "today" is not the question
        if trip.days is None:
            lone = replace(trip, accepts="unknown", empty_return=False)
            free = best_path(day, to=town, baseline=network, trip=lone)
        show_paths(day, found, free, lang=lang)
    if output is not None:
        from supplyroutes.plot import paths_map, save_figure

        save_figure(paths_map(day, found, lang=lang), output)
        click.echo(f"written: {output}", err=True)


def _chosen(*, safest: bool, pareto: bool, disjoint: str | None) -> str:
    """Return how paths are chosen; only one of the options may say so."""
    asked = [
        name
        for name, wanted in (
            ("safest", safest),
            ("pareto", pareto),
            (f"{disjoint}_disjoint", disjoint is not None),
        )
        if wanted
    ]
    if len(asked) > 1:
        raise RequestError("name one of --safest, --pareto and --disjoint")
    return asked[0] if asked else "fastest"


def _question(
    choice: Choice, wait_until: date | None, options: dict[str, Any]
) -> tuple[Network, Network, Trip]:
    """Return the undisturbed network, the network of the day, and the trip."""
    from supplyroutes.analysis.ways.trips import Trip
    from supplyroutes.disruption import disrupt, timeline
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    day = disrupt(network, events, at=scenario.date, commodity=scenario.commodity)
    days = None
    if wait_until is not None:
        days = timeline(
            network, events, start=scenario.date, end=wait_until, commodity=scenario.commodity
        )
    return network, day, Trip(**options, days=days)


COMMANDS: tuple[Any, ...] = (paths,)
