"""Figures are saved whole or not at all, without date or version."""

from __future__ import annotations

import re

import pytest

import supplyroutes as sr
from supplyroutes.plot.saving import FORMATS


def figure():
    from matplotlib.figure import Figure

    made = Figure(figsize=(2, 1))
    made.add_subplot().plot([0, 1], [1, 0], label="line")
    return made


@pytest.mark.parametrize(
    ("ending", "start"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".PDF", b"%PDF")]
)
def test_the_ending_chooses_the_format(tmp_path, ending, start):
    file = tmp_path / f"map{ending}"
    sr.plot.save_figure(figure(), file)
    assert file.read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_twice_the_same_bytes_that_tell_no_date(tmp_path, ending, monkeypatch):
    one, two = tmp_path / f"one{ending}", tmp_path / f"two{ending}"
    sr.plot.save_figure(figure(), one)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    sr.plot.save_figure(figure().axes[0], two)
    content = one.read_bytes()
    assert content == two.read_bytes()
    assert not re.search(rb"CreationDate|dc:date|Matplotlib v", content)


@pytest.mark.parametrize("name", ["map", "map.gif", "map.svg.", "map.png.txt", ".png"])
def test_another_ending_is_refused_with_those_there_are(tmp_path, name):
    with pytest.raises(sr.errors.RequestError, match=r"\.pdf, \.png, \.svg"):
        sr.plot.save_figure(figure(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_old_file_stays_if_the_new_one_cannot_be_made(tmp_path, monkeypatch):
    file = tmp_path / "map.png"
    file.write_bytes(b"old")
    broken = figure()
    monkeypatch.setattr(broken, "savefig", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sr.plot.save_figure(broken, file)
    assert file.read_bytes() == b"old"


def test_a_missing_folder_is_an_output_error(tmp_path):
    with pytest.raises(sr.errors.OutputError, match="none"):
        sr.plot.save_figure(figure(), tmp_path / "none" / "map.png")


def test_axes_taken_out_of_their_figure_are_refused(tmp_path):
    made = figure()
    ax = made.axes[0]
    ax.remove()
    with pytest.raises(sr.errors.RequestError, match="no figure"):
        sr.plot.save_figure(ax, tmp_path / "map.png")


def test_the_users_settings_do_not_leak_in(tmp_path):
    import matplotlib as mpl

    sr.plot.save_figure(figure(), tmp_path / "plain.svg")
    made = figure()
    with mpl.rc_context({"savefig.bbox": "tight", "savefig.dpi": 30, "svg.fonttype": "none"}):
        sr.plot.save_figure(made, tmp_path / "set.svg")
    assert (tmp_path / "plain.svg").read_bytes() == (tmp_path / "set.svg").read_bytes()
