"""The command `reliability`: how sure the picture of a day is, and what to check first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from supplyroutes.cli.choosing import Choice, case_options, echo_json, json_option, language_option


@click.command()
@case_options
@click.option("--town", "names", multiple=True, help="Only this town; may be repeated.")
@click.option("--all-towns", is_flag=True, help="Show every town in doubt, not the ten heaviest only.")  # fmt: skip  # noqa: E501
@click.option("--causes", "with_causes", is_flag=True, help="Show how likely each incident holds.")
@click.option("--samples", type=click.IntRange(1), default=65_536, show_default=True, help="Samples where the exact way is too long.")  # fmt: skip  # noqa: E501
@click.option("--seed", type=click.IntRange(0), default=None, help="Seed of the samples.")
@click.option("--map", "output", type=click.Path(path_type=Path, dir_okay=False), help="Draw a map too: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def reliability(
    *,
    choice: Choice,
    names: tuple[str, ...],
    all_towns: bool,
    with_causes: bool,
    samples: int,
    seed: int | None,
    output: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show how likely each town is supplied if reports may be wrong, and what to check first."""
    from supplyroutes.analysis.doubt.reliability import SEED
    from supplyroutes.analysis.doubt.reliability import reliability as reliability_of
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    nodes = [network.find(name) for name in names]
    with _patience(lang):
        risk = reliability_of(
            network,
            events,
            at=scenario.date,
            commodity=scenario.commodity,
            samples=samples,
            seed=SEED if seed is None else seed,
        )
    if as_json:
        answer = risk.to_dict()
        if nodes:
            answer["towns"] = [row for row in answer["towns"] if row["node"] in nodes]
        echo_json(answer)
    else:
        from supplyroutes.cli.risk_screen import Shown, show_risk

        shown = Shown(tuple(nodes), all_towns, with_causes)
        show_risk(risk, network, shown, lang=lang)
    if output is not None:
        from supplyroutes.disruption import disrupt
        from supplyroutes.plot import probability_map, save_figure

        day = disrupt(network, events, at=scenario.date, commodity=scenario.commodity)
        save_figure(probability_map(day, risk, lang=lang), output)
        click.echo(f"written: {output}", err=True)


@contextmanager
def _patience(lang: str) -> Iterator[None]:
    """Tell on stderr that it is being computed, where there is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.text import Text

    from supplyroutes.catalogue import words

    with Console(stderr=True).status(Text(words(lang)("risk.progress"))):
        yield


COMMANDS: tuple[Any, ...] = (reliability,)
