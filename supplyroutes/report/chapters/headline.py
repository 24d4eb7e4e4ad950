"""The first page: what a reader must know, one short answer to each question."""

from __future__ import annotations

from collections.abc import Iterator

from supplyroutes.report import wording
from supplyroutes.report.blocks import Block, Chapter, Facts
from supplyroutes.report.told import Told


def headline_chapter(told: Told) -> Chapter:
    """Return the answers to what is asked first, in the order in which it is asked."""
    return Chapter("headline", told.say("report.brief"), tuple(_answers(told)))


def _answers(told: Told) -> Iterator[Block]:
    """Yield an answer to each question, with the table that its numbers are from."""
    say = told.say
    counts = wording.counts_line(say, told.main.situation)
    yield Facts(((say("report.ask.cut_off"), counts),), origin="entries")
