"""Commands on what matters most: the roads whose loss would cost most."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from supplyroutes.analysis.losses.choices import Kind, Ranking
from supplyroutes.cli.choosing import Choice, case_options, echo_json, json_option, language_option
from supplyroutes.cli.drawing import FIGURE, check_figures, write_figures
from supplyroutes.cli.progress import told_progress
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@click.command()
@case_options
@click.option(
    "--measure",
    type=click.Choice(get_args(Ranking)),
    default="travel_time",
    show_default=True,
    help="What ranks: hours, what is cut off, what no longer arrives.",
)
@click.option("--of", type=click.Choice(get_args(Kind)), default="roads", show_default=True, help="What is removed.")  # fmt: skip  # noqa: E501
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="2: every pair as well.")  # fmt: skip  # noqa: E501
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="How many rows are shown.")  # fmt: skip  # noqa: E501
@click.option("--why", metavar="ID", help="Prove what one of them costs: new ways, and closed cuts.")  # fmt: skip  # noqa: E501
@click.option("--map", "output", type=FIGURE, help="Draw a map too: a .png, .svg or .pdf file.")
@click.option("--figure", type=FIGURE, help="Draw what costs most as bars: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def criticality(
    *,
    choice: Choice,
    measure: Ranking,
    of: Kind,
    order: Any,
    top: int,
    why: str | None,
    output: Path | None,
    figure: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show what it would cost to lose each road: which to guard, escort or repair first.

    Each is removed alone and in both directions, from the network as it is on the day.
    """
    from supplyroutes.analysis.losses.criticality import criticality as criticality_of
    from supplyroutes.disruption import disrupt
    from supplyroutes.scenario import what_if_case

    if why is not None and (output is not None or figure is not None or order > 1):
        raise RequestError("--why proves one removal: leave out --map, --figure and --order")
    if output is not None and of != "roads":
        raise RequestError("the map shows roads: leave out --of, or --map")
    check_figures(output, figure)
    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    day = disrupt(network, events, at=scenario.date, commodity=scenario.commodity)
    if why is not None:
        _prove(day, why, of, lang=lang, as_json=as_json)
        return
    with told_progress(lang, "criticality.progress") as progress:
        found = criticality_of(day, measure=measure, order=order, of=of, progress=progress)
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.criticality_screen import show_criticality

        show_criticality(found, day, top=top, lang=lang)

    def drawn(*, as_map: bool) -> Axes:
        from supplyroutes import plot

        if as_map:
            return plot.importance_map(day, found, lang=lang)
        return plot.criticality_bars(day, found, most=top, lang=lang)

    write_figures([(output, partial(drawn, as_map=True)), (figure, partial(drawn, as_map=False))])


def _prove(day: Any, name: str, of: Kind, *, lang: str, as_json: bool) -> None:
    """Show the day without one thing: the towns that it delays, and those that it cuts off."""
    from supplyroutes.analysis.losses.removal_proof import removal_proof

    name = day.find(name) if of in {"towns", "terminals"} else name
    proof = removal_proof(day, name, of=of)
    if as_json:
        echo_json(proof.to_dict())
    else:
        from supplyroutes.cli.criticality_screen import show_proof

        show_proof(proof, day, lang=lang)


COMMANDS: tuple[Any, ...] = (criticality,)
