"""Names on a map: measured and placed without overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from supplyroutes.plot import style

Box = tuple[float, float, float, float]
"""Left, right, bottom, top in points from the lower left corner of the figure."""
_BREAKS = re.compile(r"[\t\n\v\f\r\u2028\u2029]+")
REPLACEMENT = "\ufffd"
LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a name goes: its anchor in points, how text sits on it, and if it is far off."""

    dx: float
    dy: float
    ha: str
    va: str
    far: bool = False


@dataclass(slots=True)
class Crowd:
    """What is taken on the map.

    `frame` is the map, which no name may leave; `lines` are points on roads, which a name
    had better not cover; `dots` are markers of towns, which only a name that must stand
    covers; nothing covers what is `taken`.
    """

    frame: Box
    lines: Any
    dots: list[Box] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Tell whether a box lies in the frame and on nothing that is taken."""
        left, right, bottom, top = self.frame
        inside = left <= box[0] and box[1] <= right and bottom <= box[2] and box[3] <= top
        return inside and not any(overlap(box, other) for other in self.taken)

    def place(
        self, at: tuple[float, float], size: tuple[float, float], gap: float, *, must: bool
    ) -> Spot | None:
        """Take and return the best free spot beside a point, or None.

        Only a name that `must` stand moves away from its town: farther off, a name may
        seem to be that of another town, so that a line has to lead from one to the other.
        """
        found: list[tuple[int, int, Spot, Box]] = []
        for step, away in enumerate((0.0, 4.0, 8.0) if must else (0.0,)):
            for side, up in SIDES:
                spot, box = _spot(at, size, gap + away, (side, up))
                if not self.free(box):
                    continue
                dots = sum(1 for dot in self.dots if overlap(box, dot))
                cost = DOT_COST * dots + STEP_COST * step + covered(box, self.lines)
                if cost > MOST_COST and not must:
                    continue
                found.append((cost, len(found), replace(spot, far=step > 0), box))
        if not found:
            return None
        *_, spot, box = min(found, key=lambda entry: entry[:2])
        self.taken.append(box)
        return spot


DOT_COST, STEP_COST, MOST_COST = 60, 6, 5
"""What covering a marker and standing farther off weigh, and the most that a name is worth
that may be left out, in covered points of roads."""


def _spot(
    at: tuple[float, float], size: tuple[float, float], gap: float, side: tuple[int, int]
) -> tuple[Spot, Box]:
    """Return the spot on one side of a point, and the box that the name fills there."""
    right, up = side
    if right and up:
        gap *= 0.7
    dx, dy = right * gap, up * gap
    left = at[0] + dx - size[0] * (0.5 - right / 2)
    bottom = at[1] + dy - size[1] * (0.5 - up / 2)
    box = (left, left + size[0], bottom, bottom + size[1])
    return Spot(dx, dy, HORIZONTAL[right], VERTICAL[up]), box


SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
"""Where a name may stand beside its town, best first: right, left, above, below, corners."""
HORIZONTAL = {1: "left", 0: "center", -1: "right"}
VERTICAL = {1: "bottom", 0: "center_baseline", -1: "top"}


def overlap(one: Box, two: Box) -> bool:
    """Tell whether two boxes share a point within."""
    return one[0] < two[1] and two[0] < one[1] and one[2] < two[3] and two[2] < one[3]


def covered(box: Box, points: Any) -> int:
    """Return how many points (an n x 2 array) lie in a box."""
    left, right, bottom, top = box
    x, y = points[:, 0], points[:, 1]
    return int(((left <= x) & (x <= right) & (bottom <= y) & (y <= top)).sum())


@cache
def text_size(text: str, size: float, weight: str = "normal") -> tuple[float, float]:
    """Return width and height of a line of plain text in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font = FontProperties(family=style.FONT, size=size, weight=weight)
    wide, high, _ = TextToPath().get_text_width_height_descent(text, font, ismath=False)
    return float(wide), max(float(high), size)


@cache
def plain(text: str) -> str:
    """Return text that the font can show: one line, what it lacks replaced by a sign."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family=style.FONT)))
    line = _BREAKS.sub(" ", text)
    return "".join(sign if font.get_char_index(ord(sign)) else REPLACEMENT for sign in line)


def shortened(text: str) -> str:
    """Return a name short enough for a map."""
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"


def emptiest(frame: Box, size: tuple[float, float], points: Any, taken: Sequence[Box]) -> str:
    """Return the corner of the frame ("lower left" ...) where a box covers the fewest points."""
    left, right, bottom, top = frame
    wide, high = size
    corners = {
        "lower left": (left, left + wide, bottom, bottom + high),
        "lower right": (right - wide, right, bottom, bottom + high),
        "upper left": (left, left + wide, top - high, top),
        "upper right": (right - wide, right, top - high, top),
    }
    return min(
        corners,
        key=lambda corner: (
            any(overlap(corners[corner], box) for box in taken),
            covered(corners[corner], points),
        ),
    )


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Return plain text in lines that are no wider than `width` points, where words allow."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(longer, size)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
