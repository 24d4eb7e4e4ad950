"""A timeline as a film: GIF, MP4, or one page that plays without network and without programs."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import words
from supplyroutes.disruption import Timeline
from supplyroutes.errors import OutputError, RequestError
from supplyroutes.files import write_whole
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.film import Film
from supplyroutes.plot.film_page import film_page
from supplyroutes.plot.palette import Palette

if TYPE_CHECKING:
    from PIL.Image import Image

Progress = Callable[[int, int], None]
"""Called with how many frames are drawn, and of how many."""
ENDINGS = (".gif", ".html", ".mp4")
MOST_DAYS = 400
SLOWEST, FASTEST = 0.1, 25.0
"""Frames a second: a GIF tells hundredths of a second, and viewers heed two and more of them."""
_HOLD_S = 1.5
"""How much longer the last day is shown, before a film begins anew."""
_SMOOTH = 25
"""Pictures a second in an MP4, whatever the speed: some players stumble over few."""


def save_animation(
    days: Timeline,
    path: str | Path,
    *,
    lang: str = "en",
    frames_per_s: float = 4.0,
    basemap: str | Path | None = BUNDLED,
    progress: Progress | None = None,
) -> None:
    """Write a film of a timeline, one frame a day: roads and towns by state on a map.

    Below the map stands the number of places in each state on all days. The ending of the path
    chooses the form: ``.gif`` for any viewer; ``.mp4``, if the program ffmpeg is installed; or
    ``.html``, one page with buttons and a table of all days, which asks no other host for anything
    and shows the first day where no script may run. The file is written whole or not at all. The
    same timeline gives the same bytes of a GIF or a page; those of a film depend on ffmpeg.

    Parameters
    ----------
    days
        The timeline, from `timeline`.
    path
        The file to write: .gif, .mp4 or .html.
    lang
        Language of the film, "en" or "fr".
    frames_per_s
        How many days pass in a second, from 0.1 to 25.
    basemap
        GeoJSON file of the base map; None for none. By default the bundled one.
    progress
        Called after each frame with how many are drawn, and of how many.

    Raises
    ------
    RequestError
        The path has another ending, there are more than 400 days, the speed is out of bounds,
        there is no ffmpeg for a film, or there is no such language.
    DataError
        The base map cannot be read.
    OutputError
        The file cannot be written, or ffmpeg fails.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-09", end="2025-01-11")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "blockade.gif"
    ...     sr.plot.save_animation(days, file)
    ...     file.read_bytes()[:6]
    b'GIF89a'
    """
    ending = checked_film(path)
    said = words(lang)
    if not SLOWEST <= frames_per_s <= FASTEST:
        raise RequestError(f"{frames_per_s:g} days a second: between {SLOWEST:g} and {FASTEST:g}")
    if len(days) > MOST_DAYS:
        raise RequestError(f"{len(days)} days: a film has at most {MOST_DAYS}")
    film = Film(days, said, basemap, titled=ending != ".html")  # a page has a heading
    if ending == ".mp4":
        content: str | bytes = _mp4(film, frames_per_s, progress)
    else:
        frames = _with_one_palette(film, progress)
        content = (
            _gif(frames, frames_per_s)
            if ending == ".gif"
            else film_page(film, frames, lang, frames_per_s)
        )
    write_whole(path, content)


def checked_film(path: str | Path) -> str:
    """Return the ending of a film's path; refuse one of no film, or a film without a program."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise RequestError(f"{str(path)!a}: a film ends in {', '.join(ENDINGS)}")
    if ending == ".mp4" and shutil.which("ffmpeg") is None:
        raise RequestError(
            f"{str(path)!a}: a film in MP4 needs the program ffmpeg, which is not found: "
            "install it, or write .gif or .html"
        )
    return ending


def _drawn(film: Film, progress: Progress | None) -> Iterator[Any]:
    """Yield the frames as arrays, and tell how many there are."""
    count = len(film.dates)
    for place in range(count):
        yield film.frame(place)
        if progress is not None:
            progress(place + 1, count)


def _with_one_palette(film: Film, progress: Progress | None) -> list[Image]:
    """Return the frames in the colours of one palette: what did not change has the same bytes."""
    samples = sorted({0, film.worst, len(film.dates) - 1})
    palette = Palette([film.frame(place) for place in samples])
    return [palette.picture(frame) for frame in _drawn(film, progress)]


def _gif(frames: list[Image], frames_per_s: float) -> bytes:
    """Return frames as a GIF that begins anew at its end."""
    each = round(1000 / frames_per_s)
    buffer = io.BytesIO()
    first, *others = frames
    first.save(
        buffer, format="GIF", save_all=True, append_images=others, loop=0, optimize=True,
        duration=[*([each] * len(others)), each + round(1000 * _HOLD_S)],
    )  # fmt: skip
    return buffer.getvalue()


def _mp4(film: Film, frames_per_s: float, progress: Progress | None) -> bytes:
    """Return the frames as a film that ffmpeg makes of pictures in a folder."""
    from PIL import Image as Images

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures: list[Path] = []
        for frame in _drawn(film, progress):
            pictures.append(folder / f"{len(pictures):05}.png")
            Images.fromarray(frame).save(pictures[-1], compress_level=1)
        for _ in range(round(_HOLD_S * frames_per_s)):
            pictures.append(folder / f"{len(pictures):05}.png")
            shutil.copyfile(pictures[-2], pictures[-1])
        command = [
            "ffmpeg", "-loglevel", "error", "-framerate", f"{frames_per_s:g}", "-i", "%05d.png",
            "-an", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact",
            "-pix_fmt", "yuv420p", "-r", str(_SMOOTH), "-movflags", "+faststart", "film.mp4",
        ]  # fmt: skip
        made = subprocess.run(  # noqa: S603 (no word of the command comes from outside)
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if made.returncode:
            why = made.stderr.decode("utf-8", "replace").strip().splitlines()
            raise OutputError(f"ffmpeg made no film: {why[-1] if why else made.returncode}")
        return (folder / "film.mp4").read_bytes()
