"""Films of days: every frame shows its day, and a page needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.plot import style
from supplyroutes.plot.film import Film
from supplyroutes.plot.palette import CLEAR, Palette
from tests.plot.test_network_map import renamed

SPAN = {"start": "2025-01-09", "end": "2025-01-14"}
"""Calm, the north closed for three days, the south taxed from the third, the north open again."""


def toy_days(name=None, **span):
    network, events = sr.datasets.toy()
    if name is not None:
        network = renamed(network, {"east": name})
    return sr.timeline(network, events, **{**SPAN, **span})


@pytest.fixture(scope="module")
def film():
    return Film(toy_days(), words("en"), None)


@pytest.fixture(scope="module")
def frames(film):
    return [film.frame(place) for place in range(len(film.dates))]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    file = tmp_path_factory.mktemp("film") / "days.html"
    sr.plot.save_animation(toy_days("<b>$x$</b>"), file, lang="fr")
    return file.read_text(encoding="utf-8")


def told(page):
    """Return what the page holds of its frames."""
    [data] = re.findall(r'<script type="application/json" id="frames">(.*?)</script>', page)
    return json.loads(data)


def picture(address):
    kind, _, data = address.partition(",")
    assert kind == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


# --- frames -------------------------------------------------------------------------------


def test_frames_of_equal_days_differ_in_the_day_only(film, frames):
    """The 10th and the 11th: the same map; the 12th: another road and three strained towns."""
    high = frames[0].shape[0]
    middle = slice(high // 4, high // 2)
    assert (frames[1][middle] == frames[2][middle]).all()
    assert (frames[1] != frames[2]).any()
    assert (frames[2][middle] != frames[3][middle]).any()
    assert {shape.shape for shape in frames} == {frames[0].shape}
    assert film.sheets[1] is film.sheets[2]


def test_a_frame_does_not_hang_on_those_before_it(film, frames):
    for place in (3, 0, 3):
        assert (film.frame(place) == frames[place]).all()


def test_numbers_and_strip_are_those_of_the_days(film):
    days = toy_days()
    for place, (_, network) in enumerate(days):
        states = sr.isolation(network, approaches=False).towns["state"]
        for state, count in film.counts(place).items():
            assert count == (states == state).sum()
    assert film.worst == 3
    assert film.told(3) == ("12 January 2025", "0 isolated, 3 strained")
    shapes = {shape.get_gid(): shape for ax in film.figure.axes for shape in ax.collections}
    top = shapes["strained"].get_paths()[0].vertices[:, 1].max()
    assert top == 3


def test_sizes_are_even_for_films(frames):
    high, wide, colours = frames[0].shape
    assert (high % 2, wide % 2, colours) == (0, 0, 3)


def test_colours_that_carry_meaning_are_kept(frames):
    """Paper stays white, a closed road black, a strained town amber; the nearest for the rest."""
    colours = Palette(frames[:1] + frames[3:4])
    image = colours.picture(frames[3])
    back = np.asarray(image.convert("RGB")).astype(int)
    away = np.abs(back - frames[3]).max(axis=2)
    for colour in (style.PAPER, style.ROADS["closed"].colour, style.FILLS["strained"]):
        code = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        there = (frames[3] == code).all(axis=2)
        assert there.any()
        assert (away[there] == 0).all()
    assert away.mean() < 0.5
    assert np.asarray(image).max() < CLEAR


# --- files --------------------------------------------------------------------------------


def test_a_gif_has_a_picture_a_day_and_holds_the_last(tmp_path):
    file = tmp_path / "days.gif"
    seen = []
    sr.plot.save_animation(
        toy_days(), file, frames_per_s=2, progress=lambda *done: seen.append(done)
    )
    with Image.open(file) as image:
        assert image.n_frames == 6
        assert image.info["loop"] == 0
        lasts = []
        for place in range(6):
            image.seek(place)
            lasts.append(image.info["duration"])
        assert lasts == [500] * 5 + [2000]
        shown = np.asarray(image.convert("RGB")).astype(int)
    film = Film(toy_days(), words("en"), None)
    assert np.abs(shown - film.frame(5)).mean() < 0.5
    assert seen == [(done, 6) for done in range(1, 7)]
    again = tmp_path / "again.gif"
    sr.plot.save_animation(toy_days(), again, frames_per_s=2)
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the program ffmpeg is not here")
def test_an_mp4_lasts_as_long_as_its_days(tmp_path):
    file = tmp_path / "days.mp4"
    sr.plot.save_animation(toy_days(end="2025-01-11"), file, frames_per_s=2)
    probe = ["ffmpeg", "-i", str(file), "-f", "null", "-"]
    done = subprocess.run(probe, capture_output=True, text=True, check=True)
    assert "Duration: 00:00:03.00" in done.stderr, (
        "three days in 1.5 s, and 1.5 s more for the last"
    )
    assert "960x" in done.stderr


def test_without_ffmpeg_there_are_other_forms(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(sr.errors.RequestError, match=r"needs the program ffmpeg.*\.gif or \.html"):
        sr.plot.save_animation(toy_days(), tmp_path / "days.mp4")
    assert not list(tmp_path.iterdir())


def test_what_ffmpeg_complains_of_is_told(tmp_path, monkeypatch):
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\necho no such encoder >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(sr.errors.OutputError, match="no such encoder"):
        sr.plot.save_animation(toy_days(end="2025-01-09"), tmp_path / "days.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["ffmpeg"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("days.webp", {}),
        ("days", {}),
        ("days.gif", {"frames_per_s": 0}),
        ("days.gif", {"frames_per_s": 26}),
        ("days.gif", {"frames_per_s": float("nan")}),
        ("days.gif", {"lang": "de"}),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, name, options):
    with pytest.raises(sr.errors.RequestError):
        sr.plot.save_animation(toy_days(), tmp_path / name, **options)
    assert not list(tmp_path.iterdir())


def test_too_many_days_are_refused(tmp_path):
    with pytest.raises(sr.errors.RequestError, match="at most 400"):
        sr.plot.save_animation(toy_days(end="2026-06-01"), tmp_path / "days.gif")


def test_a_stop_leaves_the_old_file(tmp_path):
    file = tmp_path / "days.html"
    file.write_text("old", encoding="utf-8")

    def stop(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sr.plot.save_animation(toy_days(), file, progress=stop)
    assert file.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["days.html"]


# --- the page -----------------------------------------------------------------------------


def test_the_pictures_of_the_page_are_the_frames(page):
    """The first, and each other one laid over it."""
    [first] = re.findall(r'<img id="base" src="([^"]+)"', page)
    base = picture(first).convert("RGBA")
    data = told(page)
    assert data["each_ms"] == 250
    film = Film(toy_days("<b>$x$</b>"), words("fr"), None, titled=False)
    assert data["frames"][0]["src"] == ""
    for place, frame in enumerate(data["frames"]):
        whole = base.copy()
        if frame["src"]:
            whole.alpha_composite(picture(frame["src"]).convert("RGBA"))
        shown = np.asarray(whole.convert("RGB")).astype(int)
        assert np.abs(shown - film.frame(place)).mean() < 0.5
        assert frame["told"] == "\u202f: ".join(film.told(place))
    assert data["frames"][3]["alt"].endswith("12 janvier 2025\u202f: 0 isolée, 3 sous tension.")


def test_the_page_loads_nothing_and_runs_only_its_own_script(page):
    """The policy names script and style by their digests; nothing else is let in."""
    assert "http" not in re.sub(r'http-equiv="Content-Security-Policy"', "", page)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; img-src data:;")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    for text, kind in ((scripts, "script-src"), (styles, "style-src")):
        [own] = text
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert not re.search(r"\son\w+=|style=|unsafe|<link|<iframe|<form", page)


def test_without_a_script_the_page_shows_the_first_day_and_a_table(page):
    assert '<div class="buttons" id="buttons" hidden>' in page
    assert "<noscript>" in page
    assert '<html lang="fr">' in page
    rows = re.findall(r"<tr><td>(.*?)</td><td>(\d+)</td><td>(\d+)</td><td>(\d+)</td></tr>", page)
    assert len(rows) == 6
    assert rows[3] == ("12 janvier 2025", "0", "3", "2")
    assert 'alt="Carte des routes et des villes par état, 9 janvier 2025' in page
    for button in ("play", "before", "after"):
        assert f'id="{button}"' in page


def test_the_same_days_give_the_same_page(page, tmp_path):
    file = tmp_path / "again.html"
    sr.plot.save_animation(toy_days("<b>$x$</b>"), file, lang="fr")
    assert file.read_text(encoding="utf-8") == page
    assert "<b>" not in page
    assert len(page) < 300_000


def test_a_film_of_goods_has_no_source_and_no_state(tmp_path):
    file = tmp_path / "goods.gif"
    sr.plot.save_animation(toy_days(commodity="goods", end="2025-01-09"), file)
    with Image.open(file) as image:
        assert image.n_frames == 1
