"""Every public figure, drawn by the code that is shown beside it.

The code is ``docs/gallery/NAME.py`` where there is one, else the example of the docstring. Its
figure is what it assigns last to ``ax``, ``axes`` or ``figure``; an animation is the file that it
writes into the folder in which it runs.
"""

from __future__ import annotations

import doctest
import inspect
import io
import tempfile
from contextlib import chdir
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

import supplyroutes as sr
from supplyroutes.plot.saving import root_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOLDER = Path(__file__).parents[1] / "gallery"
NO_FIGURE = ("save_figure",)
DOTS_PER_INCH = 100


def gallery(site: Path) -> str:
    """Return the Markdown of the gallery; the pictures go into the site."""
    pictures = site / "_images"
    pictures.mkdir(parents=True, exist_ok=True)
    names = (name for name in sr.plot.__all__ if name not in NO_FIGURE)
    return "\n".join(_shown(name, pictures) for name in names)


def _shown(name: str, pictures: Path) -> str:
    """Return the Markdown of one figure, after drawing it."""
    summary = (inspect.getdoc(getattr(sr.plot, name)) or "").splitlines()[0]
    code = _code(name)
    ending, picture = _drawn(name, code)
    (pictures / f"gallery_{name}{ending}").write_bytes(picture)
    source = f"_images/gallery_{name}{ending}"
    return (
        f"## {name}\n\n{summary}\n\n"
        f'<img class="figure" src="{source}" alt="{escape(summary)}" loading="lazy">\n\n'
        f"```python\n{code.rstrip()}\n```\n"
    )


def _code(name: str) -> str:
    """Return the code that draws a figure."""
    path = FOLDER / f"{name}.py"
    if path.exists():
        return path.read_text(encoding="utf-8")
    text = inspect.getdoc(getattr(sr.plot, name)) or ""
    examples = doctest.DocTestParser().get_examples(text)
    return "".join(example.source for example in examples if not example.want)


def _drawn(name: str, code: str) -> tuple[str, bytes]:
    """Run code in a folder of its own; return the ending and the bytes of the picture it makes."""
    names: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        exec(compile(code, name, "exec"), names)  # noqa: S102  our own examples
        for made in ("figure", "axes", "ax"):
            if made in names:
                part = names[made]
                return ".png", _small(root_figure(getattr(part, "flat", [part])[0]))
        written = sorted(Path(folder).iterdir())
        if len(written) != 1:
            raise ValueError(f"{name}: its example makes no figure: write docs/gallery/{name}.py")
        return written[0].suffix, written[0].read_bytes()


def _small(figure: Figure) -> bytes:
    """Return a figure as a picture about as wide as a page, with as many colours as it needs."""
    whole, small = io.BytesIO(), io.BytesIO()
    figure.savefig(whole, format="png", dpi=DOTS_PER_INCH)
    with Image.open(whole) as picture:
        colours = picture.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT)
    colours.save(small, "png", optimize=True)
    return small.getvalue()
