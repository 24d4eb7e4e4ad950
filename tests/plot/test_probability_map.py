"""The map of probabilities: every class is told, reads in grey, and is the same every time."""

from itertools import pairwise

import pytest

import supplyroutes as sr
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from tests.plot.test_network_map import (
    BASELINE,
    TOLERANCE,
    mali_day,
    renamed,
    texts,
    toy_day,
    without_text,
)


def risk_of(case, at):
    return sr.reliability(*case(), at=at)


def mali_map(**options):
    risk = risk_of(sr.datasets.mali, "2025-10-15")
    return sr.plot.probability_map(mali_day(), risk, **options)


def test_every_class_is_told_with_the_number_of_its_towns():
    """Counts add up to the towns of the country; title, caption and sources."""
    ax = mali_map()
    told = texts(ax)
    assert ax.get_title(loc="left") == "Fuel: probability of free access, 15 October 2025"
    classes = [text for text in told if text.endswith(")") and ("%" in text or "certain" in text)]
    assert len(classes) == len(style.CHANCES)
    counts = [int(text.rpartition("(")[2][:-1]) for text in classes]
    off = next(text for text in told if text.startswith("no road for tankers"))
    towns = sr.datasets.mali()[0].tables.towns.columns["country"]
    assert sum(counts) + int(off.rpartition("(")[2][:-1]) == towns.count("MLI")
    assert any("access, not fuel" in text for text in told)
    assert {"Bamako", "Kayes", "Mopti", "Dakar"} <= set(told)
    french = texts(mali_map(lang="fr"))
    assert any(text.startswith("de 50\u202f% à 80\u202f%") for text in french)


def test_the_less_likely_the_darker_and_shapes_differ():
    """So that the map reads in grey."""

    def light(colour):
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    faces = [light(dot.face) for _, dot in style.CHANCES]
    assert faces == sorted(faces, reverse=True)
    assert min(a - b for a, b in pairwise(faces)) > 15
    assert len({dot.marker for _, dot in style.CHANCES[1:]}) == len(style.CHANCES) - 1


def test_a_town_has_the_look_of_its_probability():
    """31 %: the class from 20 to 50 %; the mine has no road for tankers."""
    ax = sr.plot.probability_map(toy_day(), risk_of(sr.datasets.toy, "2025-01-12"))
    at = {line.get_gid(): line for line in ax.lines if str(line.get_gid()).startswith("chance")}
    assert set(at) == {"chance-0", "chance-3", "chance-None"}
    assert at["chance-3"].get_markerfacecolor() == style.CHANCES[3][1].face


def test_names_are_plain_text_and_the_title_can_be_chosen():
    """Markup in a name, or in a title, is drawn as it is."""
    day = renamed(toy_day(), {"north": "$N$ <b>"})
    risk = risk_of(sr.datasets.toy, "2025-01-12")
    ax = sr.plot.probability_map(day, risk, title="$x$")
    assert ax.get_title(loc="left") == "$x$"
    assert "$N$ <b>" in texts(ax)
    figure_bytes(ax, ".png")


def test_another_day_commodity_or_network_is_refused():
    risk = risk_of(sr.datasets.toy, "2025-01-12")
    for other in (toy_day("2025-01-11"), mali_day()):
        with pytest.raises(sr.errors.RequestError, match="not of this network"):
            sr.plot.probability_map(other, risk)


def test_the_same_map_gives_the_same_bytes():
    day, risk = toy_day(), risk_of(sr.datasets.toy, "2025-01-12")
    one, two = (figure_bytes(sr.plot.probability_map(day, risk), ".svg") for _ in range(2))
    assert one == two


def test_the_map_of_the_case_looks_as_before(tmp_path):
    """Compared, without text, with a picture that was looked at."""
    from matplotlib.testing.compare import compare_images

    actual = tmp_path / "map.png"
    actual.write_bytes(without_text(mali_map()))
    expected = BASELINE / "probability_map_mali.png"
    assert expected.stat().st_size < 150_000
    assert compare_images(str(expected), str(actual), tol=TOLERANCE) is None
