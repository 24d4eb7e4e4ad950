"""An order of lifting on a terminal: the steps, each lift alone, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import WIDE, console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.restoring.restoration import Restoration
    from supplyroutes.events import Events
    from supplyroutes.network import Network

MOST_NAMES = 3
MOST_IDS = 12


def show_restoration(
    found: Restoration, network: Network, events: Events, *, lang: str, most: int
) -> None:
    """Show what to lift first on one screen."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, found.commodity)
    line(out, say("reopen.title", commodity=commodity, day=say.day(found.at)), style="bold")
    missing, after = (
        _amount(say, found, amount) for amount in (found.missing, found.missing_after)
    )
    measure = say(f"reopen.measure.{found.measure}")
    line(out, say("reopen.missing", measure=measure, amount=missing, after=after))
    if found.order.empty:
        line(out, say("reopen.none" if found.missing else "reopen.nothing_missing"))
    else:
        screen = _Screen(found, network, events, say, out)
        screen.order(most)
        screen.alone(most)
    for told in _also(say, found):
        line(out, told)
    line(out, "")
    line(out, say("reopen.note"), style="bright_black")
    line(out, say("reopen.use"), style="italic")


def _amount(say: Words, found: Restoration, amount: float) -> str:
    """Return an amount with its unit."""
    if found.unit == "people":
        return say.count("count.people", amount)
    return say("reopen.m3_per_day", amount=say.number(amount, 1))


class _Screen:
    """The tables of an order."""

    def __init__(
        self, found: Restoration, network: Network, events: Events, say: Words, out: Console
    ) -> None:
        self.found, self.network, self.events, self.say, self.out = found, network, events, say, out
        self.wide = out.width >= WIDE

    def order(self, most: int) -> None:
        """Show the steps, and how sure it is that no other order is better."""
        say, found = self.say, self.found
        line(self.out, "")
        line(self.out, say("reopen.order"), style="bold")
        head = ["rank", "lift", *(["what"] if self.wide else []), "done_day", "gain", "missing"]
        head += ["towns_back"]
        rows = [self._step(int(step), row) for step, row in found.order.head(most).iterrows()]  # type: ignore[call-overload]
        right = [head.index(name) for name in ("rank", "done_day", "gain", "missing")]
        folding = [head.index(name) for name in ("lift", "what", "towns_back") if name in head]
        table(self.out, [say(f"head.{name}") for name in head], rows, right=right, folding=folding)
        if len(found.order) > most:
            line(self.out, say.count("report.more_rows", len(found.order) - most))
        line(self.out, "")
        area, bound = (say.number(amount) for amount in (found.area, found.area_bound))
        line(self.out, say(f"reopen.area.{found.unit}", area=area))
        share = found.area_bound / found.area if found.area else 1.0
        told = "reopen.exact" if found.exact else "reopen.bound"
        line(self.out, say(told, bound=bound, share=say.share(share)))

    def _step(self, step: int, row: pd.Series[Any]) -> list[str]:
        """Return the cells of one step."""
        say = self.say
        cells = [say.number(step), self._lift(row)]
        if self.wide:
            cells.append(self._what(row["kind"], row["id"]))
        cells.append(wording.figure(say, row["done_day"]))
        cells += [self._number(row[name]) for name in ("gain", "missing")]
        names = [self.network.name(town) for town in self._by_gain(step)]
        cells.append(wording.listing(say, names, most=MOST_NAMES) if names else wording.DASH)
        return cells

    def _by_gain(self, step: int) -> list[str]:
        """Return the towns that a step helps, those that gain most first."""
        towns = self.found.towns
        here = towns[towns.index.get_level_values("step") == step]
        order = here.sort_values("gain_m3_per_day", ascending=False, kind="stable")
        return [str(town) for town in order.index.get_level_values("node")]

    def _lift(self, row: pd.Series[Any]) -> str:
        """Return the id; the name of a road where no column tells it."""
        if row["kind"] == "report" or self.wide:
            return str(row["id"])
        return wording.road_name(self.network, row["id"])

    def _what(self, kind: str, name: str) -> str:
        """Return what a report tells of, or the name of a road."""
        if kind == "road":
            return wording.road_name(self.network, name)
        report = self.events[name]
        target = f" ({report.target})" if report.target else ""
        return f"{self.say(f'kind.{report.kind}')}{target}"

    def _number(self, amount: float) -> str:
        """Return an amount without its unit."""
        return self.say.number(amount, 0 if self.found.unit == "people" else 1)

    def alone(self, most: int) -> None:
        """Show what each lift restores as the only one, and pairs that work only together."""
        say, found = self.say, self.found
        useful = found.first[found.first["gain"] > 0]
        if len(useful) > 1:
            line(self.out, "")
            line(self.out, say("reopen.alone"), style="bold")
            head = ["lift", "what", "days", "gain"]
            rows = [
                (
                    str(name),
                    self._what(row["kind"], str(name)),
                    wording.figure(say, row["days"]),
                    self._number(row["gain"]),
                )
                for name, row in useful.head(most).iterrows()
            ]
            table(
                self.out, [say(f"head.{name}") for name in head], rows, right=(2, 3), folding=(1,)
            )
            if len(useful) > most:
                line(self.out, say.count("report.more_rows", len(useful) - most))
        if len(found.pairs):
            told = wording.parted(
                say,
                (
                    say("reopen.pair", one=one, other=other, gain=self._number(gain))
                    for one, other, gain in found.pairs.head(most).itertuples(index=False)
                ),
            )
            line(self.out, say("reopen.pairs", pairs=told))


def _also(say: Words, found: Restoration) -> Iterator[str]:
    """Yield what is needless beside another lift, and what changes nothing."""
    groups: dict[str, list[str]] = {}
    for name, better in found.instead["covered_by"].items():
        groups.setdefault(str(better), []).append(str(name))
    for better, names in sorted(groups.items()):
        yield say("reopen.instead", lift=better, names=wording.listing(say, names, most=MOST_IDS))
    if found.without_effect:
        names = [*found.without_effect]
        yield say("reopen.without_effect", names=wording.listing(say, names, most=MOST_IDS))
