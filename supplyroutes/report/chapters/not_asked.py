"""What was not worked out, and how to get it."""

from __future__ import annotations

from supplyroutes.catalogue import Words
from supplyroutes.report.blocks import Chapter, Lines


def not_asked(say: Words, analysis: str) -> str:
    """Return that an analysis was not worked out, and how to ask for it."""
    return say("report.not_asked", what=say(f"report.analysis.{analysis}"), name=analysis)


def empty_chapter(say: Words, key: str, title: str, analysis: str) -> Chapter:
    """Return a chapter that says that its analysis was not worked out."""
    return Chapter(key, title, (Lines((not_asked(say, analysis),)),))
