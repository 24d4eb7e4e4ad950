"""How maps look: one table of colours, dashes and markers.

Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), told apart by people
with any colour vision; dashes, widths and marker shapes differ too, so that a map printed in
grey reads the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FONT = "DejaVu Sans"
"""The font that matplotlib brings along: the same on every machine."""

INK = "#222222"
QUIET = "#5a5a5a"
SEA = "#e9f1f5"
LAND = "#faf8f3"
LAND_AROUND = "#f0ede5"
WATER = "#9cc3da"
BORDER = "#9a9a9a"
PAPER = "#ffffff"


@dataclass(frozen=True, slots=True)
class Line:
    """How a road is drawn; `dashes` in line widths, None for a full line."""

    colour: str
    width: float
    dashes: tuple[float, ...] | None
    cross: bool = False
    """Put a cross on the middle of the road."""


@dataclass(frozen=True, slots=True)
class Dot:
    """How a town is drawn; `size` in points across a large town."""

    marker: str
    size: float
    face: str
    edge: str


ROADS: Mapping[str, Line] = {
    "open": Line("#0072b2", 1.1, None),
    "unknown": Line("#56b4e9", 2.0, (0.8, 1.0)),
    "restricted": Line("#e69f00", 2.4, (5.0, 1.2)),
    "escorted": Line("#b5478f", 2.4, (4.0, 1.0, 0.8, 1.0)),
    "refused": Line("#d55e00", 3.2, (1.6, 0.7)),
    "closed": Line("#000000", 3.4, None, cross=True),
}
"""Line of each state of a road, from best to worst."""
UNUSABLE = Line("#a3a3a3", 0.8, (1.0, 2.2))
"""A road that loaded tankers cannot use."""

TOWNS: Mapping[str, Dot] = {
    "supplied": Dot("o", 6.0, "#ffffff", "#0072b2"),
    "strained": Dot("s", 6.5, "#f0a830", "#222222"),
    "isolated": Dot("v", 10.0, "#000000", "#ffffff"),
    "not_on_network": Dot("D", 4.0, "#d9d9d9", "#8a8a8a"),
}
"""Marker of each state of a town, from best to worst."""
SOURCE = Dot("drop", 11.0, "#009e73", "#ffffff")
"""Marker of a place where the commodity enters the network."""

GROUND = Line("#c3c3c3", 1.0, None)
"""A road under a map of paths."""
PATHS = (
    Line("#0072b2", 3.4, None),
    Line("#d55e00", 3.4, (4.0, 0.9)),
    Line("#009e73", 3.4, (1.8, 0.7)),
    Line("#b5478f", 3.4, (5.0, 0.8, 1.0, 0.8)),
    Line("#e69f00", 3.4, (0.9, 0.6)),
    Line("#222222", 3.4, (2.6, 0.7, 0.8, 0.7, 0.8, 0.7)),
)
"""Lines of paths by rank, the best first."""
LOST = Line("#c1003a", 4.6, None)
"""A road whose loss is asked about; it carries a number, too."""
GUARDED = Line("#006d5b", 4.6, None)
"""A road that is guarded; it carries a number, too."""
TARGET = Dot("*", 17.0, "#222222", "#ffffff")
"""Marker of the town that paths lead to."""
PASSED = Dot("o", 5.0, "#ffffff", "#222222")
"""Marker of a town on a path."""
WORTH = (
    (0.5, Line("#67000d", 5.0, None)),
    (0.2, Line("#cb181d", 3.6, None)),
    (0.05, Line("#fb6a4a", 2.4, None)),
    (0.0, Line("#fcae91", 1.5, None)),
)
"""Lines of roads by what their loss would cost: above which share of the costliest, and how."""
CUTS_OFF = Dot("D", 7.0, "#ffffff", "#222222")
"""Sign in the middle of a road that cuts a town off."""
PLACE = Dot("o", 2.4, "#9a9a9a", "#ffffff")
"""Marker of any other town under a map of paths."""

CHANCES = (
    (1.0, Dot("o", 6.0, "#ffffff", "#0072b2")),
    (0.8, Dot("o", 7.0, "#fee8c8", "#222222")),
    (0.5, Dot("s", 6.5, "#fdbb84", "#222222")),
    (0.2, Dot("D", 6.5, "#e34a33", "#222222")),
    (0.0, Dot("v", 9.0, "#6b0000", "#ffffff")),
)
"""Marker of a town by its probability of being supplied: the least of the class, the best first.

The reds are the OrRd scale of ColorBrewer: the less likely the darker, in grey too.
"""

DIFFERS = Dot("o", 6.5, "#ffe14d", "#222222")
"""Rim around what differs between two maps, so many points wider: light with a dark edge."""
STEP = Dot("o", 9.0, "#ffffff", "#222222")
"""Disc of the number of a step."""

DROP = (
    (0.0, 1.15), (0.12, 0.7), (0.7, 0.2), (0.7, -0.3), (0.7, -0.72), (0.38, -1.0), (0.0, -1.0),
    (-0.38, -1.0), (-0.7, -0.72), (-0.7, -0.3), (-0.7, 0.2), (-0.12, 0.7), (0.0, 1.15),
)  # fmt: skip
"""A drop, as a chain of cubic Bezier curves."""

LAYERS = {
    name: place
    for place, name in enumerate(
        ("land", "river", "lake", "border", "country", "unusable", "casing", "road", "cross",
         "town", "source", "label", "furniture"),
        start=1,
    )
}  # fmt: skip
"""What lies over what."""

MEDIAN = Line("#004f7d", 1.8, None)
BAND = "#b8d8ea"
"""The middle of many runs, and where 80 % of them lie."""
ENDS_OF_BAND = Line("#56a0c8", 0.7, (4.0, 2.0))
MARK = "#b5478f"
"""A day that is told apart from others."""
FILLS: Mapping[str, str] = {
    "supplied": "#eaf2f7",
    "strained": "#f0b450",
    "isolated": "#b3562f",
    "short": "#000000",
}
"""Area of each state of a town, ever darker; what goes short lies over it."""

OPENED = "#00694d"
"""Rim of the mark of a report that a road is open."""


@dataclass(frozen=True, slots=True)
class Fill:
    """How a bar is drawn: its area, its edge, what is written on it, and strokes across it."""

    face: str
    edge: str
    ink: str
    hatch: str | None = None


EFFECTS: Mapping[str, Fill] = {
    "closed": Fill("#000000", "#000000", "#ffffff"),
    "refused": Fill("#c0520a", "#8f3c05", "#ffffff"),
    "escorted": Fill("#d9a3cb", "#8a2f6b", "#222222", "////"),
    "restricted": Fill("#f0b450", "#a87413", "#222222"),
    "slowed": Fill("#dbeaf4", "#5f93b5", "#222222"),
}
"""Bars of reports by what they do to a road, from worst to best: ever lighter."""

AWAY = "#d9a441"
"""Area of drivers who stay away."""
CONVOY = Dot(">", 6.5, "#004f7d", "#ffffff")
CONVOY_HIT = Dot(">", 6.5, "#ffffff", "#004f7d")
"""A convoy that came whole, and one that lost tankers on its way: full and hollow."""
RISKS = (
    (0.0, "#fef0d9"),
    (0.2, "#fdcc8a"),
    (0.4, "#fc8d59"),
    (0.6, "#e34a33"),
    (0.8, "#990000"),
)
"""Area of a day by the probability of a shortage: the least of the class, ever darker.

The OrRd scale of ColorBrewer, darker at its end.
"""
SHORT = Dot("o", 5.5, "#000000", "#ffffff")
NOT_SHORT = Dot("o", 5.0, "#ffffff", "#000000")
"""What was recorded of a town on a day: a shortage, and that there was none."""
