"""The map of an order: every step numbered where it acts, told in the legend; always the same."""

from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.plot.labels import plain
from supplyroutes.plot.saving import figure_bytes
from tests import toy
from tests.analysis.restoring.test_restoration import EAST, PORT
from tests.plot.test_network_map import (
    TOLERANCE,
    legend_texts,
    mali_day,
    renamed,
    toy_day,
    without_text,
)
from tests.strategies import events_of

BASELINE = Path(__file__).parent / "baseline"
AT = "2025-01-12"


def steps(ax):
    """The numbers on a map: (number, place), in order."""
    found = [
        (int(text.get_text()), text.xy)
        for text in ax.texts
        if (text.get_gid() or "").startswith("step-")
    ]
    return sorted(found)


def two_steps():
    """The day on which the port and East are shut, and the order to lift it."""
    events = events_of([PORT, EAST])
    day = sr.disrupt(toy.network(), events, at=AT)
    return day, sr.restoration(toy.network(), events, at=AT, measure="isolated_demand")


def test_steps_are_numbered_on_their_roads():
    """Two roads of the port that share it are one group, so are the two into East."""
    day, order = two_steps()
    ax = sr.plot.restoration_map(day, order)
    told = steps(ax)
    assert [number for number, _ in told] == [1, 2]
    lon, lat = told[0][1]
    ends = day.nodes.loc[["port", "north", "south"]]
    assert ends["lon"].min() <= lon <= ends["lon"].max()
    assert ends["lat"].min() <= lat <= ends["lat"].max()
    assert legend_texts(ax)[:3] == ["In this order, m3 a day", "1  a: 90.0", "2  b: 180.0"]


def test_a_source_and_a_road_are_numbered_and_more_steps_counted():
    """A port out of service has its number at the port; the eighth step of Mali is counted."""
    shut = toy.told("p", kind="terminal_out", scope="point", nodes="port")
    events = events_of([shut])
    day = sr.disrupt(toy.network(), events, at=AT)
    order = sr.restoration(toy.network(), events, at=AT, measure="people")
    [(number, place)] = steps(sr.plot.restoration_map(day, order))
    assert number == 1
    assert place == tuple(day.nodes.loc["port", ["lon", "lat"]])
    network, events = sr.datasets.mali()
    many = sr.restoration(network, events, at="2025-10-15", measure="strained_demand", lift="roads")
    ax = sr.plot.restoration_map(mali_day(), many, lang="fr")
    assert max(number for number, _ in steps(ax)) == 7
    assert any("autres étapes" in text for text in legend_texts(ax))
    assert ax.get_title(loc="left").startswith("Carburant")


def test_nothing_to_lift_is_told():
    """No numbers; the legend says that nothing changes it."""
    network, events = sr.datasets.toy()
    ax = sr.plot.restoration_map(
        toy_day("2025-01-05"), sr.restoration(network, events, at="2025-01-05"), title="$x$"
    )
    assert steps(ax) == []
    assert "Nothing that can be lifted changes that." in legend_texts(ax)
    assert ax.get_title(loc="left") == "$x$"


def test_a_small_map_names_roads_by_id():
    """A narrow legend has no room for names."""
    from matplotlib.figure import Figure

    network, events = sr.datasets.toy()
    order = sr.restoration(network, events, at=AT, lift={"port--north": 1})
    ax = Figure(figsize=(4, 3)).add_subplot()
    sr.plot.restoration_map(toy_day(), order, ax=ax)
    assert "1  port--north: 120.8" in legend_texts(ax)
    wide = sr.plot.restoration_map(toy_day(), order)
    assert "1  Port – North: 120.8" in legend_texts(wide)


@pytest.mark.parametrize("name", [r"$\foo$", "<b>East</b>", "=1+1", "E\x1b[31mast"])
def test_hostile_names_are_plain_text(name):
    """A road that is named by its towns."""
    network, events = sr.datasets.toy()
    order = sr.restoration(network, events, at=AT, lift={"port--north": 1})
    ax = sr.plot.restoration_map(renamed(toy_day(), {"north": name}), order)
    assert f"1  Port – {plain(name)}: 120.8" in legend_texts(ax)
    assert "<b>" not in figure_bytes(ax, ".svg").decode()


def test_another_day_is_refused():
    day, order = two_steps()
    for other in (toy_day("2025-01-10"), mali_day()):
        with pytest.raises(sr.errors.RequestError, match="not of this network"):
            sr.plot.restoration_map(other, order)
    assert figure_bytes(sr.plot.restoration_map(day, order), ".svg") == figure_bytes(
        sr.plot.restoration_map(day, order), ".svg"
    )


def test_it_looks_as_before(tmp_path):
    from matplotlib.testing.compare import compare_images

    day, order = two_steps()
    actual = tmp_path / "toy.png"
    actual.write_bytes(without_text(sr.plot.restoration_map(day, order)))
    expected = BASELINE / "restoration_map_toy.png"
    assert compare_images(str(expected), str(actual), tol=TOLERANCE) is None
