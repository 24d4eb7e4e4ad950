"""The curve of supply against roads lost: what it draws, and the same every time."""

from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from tests import flows, toy
from tests.plot.test_network_map import TOLERANCE, toy_day, without_text

BASELINE = Path(__file__).parent / "baseline"


def orders(day):
    """Three orders on a day."""
    return [
        sr.percolation(day, order=order, runs=40) for order in ("random", "betweenness", "length")
    ]


def test_lines_are_the_curves_and_marks_half_the_supply():
    """One line an order, a band for the random one, a mark where half is gone."""
    day = toy_day()
    found = orders(day)
    ax = sr.plot.percolation_curve(day, found)
    lines = {line.get_gid(): line for line in ax.lines}
    for place, result in enumerate(found):
        line = lines[f"curve-{place}"]
        assert line.get_ydata().tolist() == result.curve["supplied_share"].tolist()
        assert line.get_xdata()[-1] == 1
        half = lines[f"half-{place}"].get_xdata()[0]
        assert half == pytest.approx(result.runs["half_share"].mean())
    assert [band.get_gid() for band in ax.collections] == ["band-0"]
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert told[1] == "80% of the orders"
    assert told[2] == f"most used first: R = {found[1].robustness:.3f}"
    assert ax.get_title(loc="left").endswith("12 January 2025")


def test_french_people_and_ones_own_title():
    """Axes and legend in French; a title is plain text."""
    result = sr.percolation(toy.network(), order="length", weigh="people")
    ax = sr.plot.percolation_curve(toy.network(), result, lang="fr", title="$x$")
    assert ax.get_ylabel().startswith("Habitants")
    assert ax.get_title(loc="left") == "$x$"
    assert figure_bytes(ax, ".pdf")
    own = sr.plot.percolation_curve(toy.network(), result, ax=_axes())
    assert own.get_title(loc="left").endswith("undisturbed network")


def _axes():
    from matplotlib.figure import Figure

    return Figure().add_subplot()


def test_without_any_supply_there_is_no_mark():
    """All is shut: a flat line, and no half of nothing."""
    day = flows.on_day(toy.network(), (0.0,) * 14)
    ax = sr.plot.percolation_curve(day, sr.percolation(day, order="length"))
    assert [line.get_gid() for line in ax.lines] == ["curve-0"]


def test_other_days_and_mixed_weights_are_refused():
    day = toy_day()
    demand, people = (
        sr.percolation(day, order="length", weigh=what) for what in ("demand", "people")
    )
    for network, results in (
        (toy.network(), demand),
        (day, [demand, people]),
        (day, []),
        (day, [demand] * (len(style.PATHS) + 1)),
    ):
        with pytest.raises(sr.errors.RequestError):
            sr.plot.percolation_curve(network, results)


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_same_figure_has_the_same_bytes(ending):
    day = toy_day()
    one, two = (figure_bytes(sr.plot.percolation_curve(day, orders(day)), ending) for _ in "ab")
    assert one == two


def test_it_looks_as_before(tmp_path):
    from matplotlib.testing.compare import compare_images

    day = toy_day()
    actual = tmp_path / "curve.png"
    actual.write_bytes(without_text(sr.plot.percolation_curve(day, orders(day))))
    expected = BASELINE / "percolation_curve_toy.png"
    assert compare_images(str(expected), str(actual), tol=TOLERANCE) is None
