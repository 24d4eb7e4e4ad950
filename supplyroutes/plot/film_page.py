"""A film as one page: buttons, keys and a table; no other host, and no script but its own."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words, words
from supplyroutes.plot.palette import CLEAR

if TYPE_CHECKING:
    from PIL.Image import Image

    from supplyroutes.plot.film import Film

_STYLE = """
body{margin:0;background:#fff;color:#222;font:16px/1.45 system-ui,"DejaVu Sans",sans-serif}
main{max-width:960px;margin:0 auto;padding:12px}
h1{font-size:1.25rem;margin:.2rem 0 .6rem}
figure{margin:0}
.film{position:relative}
.film img{display:block;width:100%;height:auto}
.film img+img{position:absolute;left:0;top:0}
.buttons{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:10px 0}
.buttons[hidden]{display:none}
button{font:inherit;min-height:44px;min-width:44px;padding:0 14px;border:1px solid #555;\
border-radius:4px;background:#f4f4f4;color:#222}
button:focus-visible,input:focus-visible,summary:focus-visible{outline:3px solid #0072b2;\
outline-offset:2px}
input{flex:1 1 200px;min-height:44px;accent-color:#0072b2}
output{font-weight:bold}
table{border-collapse:collapse;margin:.6rem 0}
th,td{padding:3px 12px 3px 0;text-align:right;border-bottom:1px solid #ddd}
th:first-child,td:first-child{text-align:left}
summary{padding:8px 0}
@media print{.buttons,noscript{display:none}}
"""
_SCRIPT = """
"use strict";
const film = JSON.parse(document.getElementById("frames").textContent);
const get = (name) => document.getElementById(name);
const over = get("over"), base = get("base"), at = get("at"), play = get("play"), day = get("day");
let timer = 0;
function show(place) {
  const frame = film.frames[Math.max(0, Math.min(film.frames.length - 1, place))];
  over.hidden = !frame.src;
  if (frame.src) over.src = frame.src;
  base.alt = frame.alt;
  at.value = film.frames.indexOf(frame);
  at.setAttribute("aria-valuetext", frame.told);
  day.textContent = frame.told;
}
function stop() {
  clearInterval(timer);
  timer = 0;
  play.textContent = film.play;
  day.setAttribute("aria-live", "polite");
}
function step(by) { stop(); show(Number(at.value) + by); }
function start() {
  if (Number(at.value) === film.frames.length - 1) show(0);
  day.setAttribute("aria-live", "off");
  play.textContent = film.pause;
  timer = setInterval(() => {
    show(Number(at.value) + 1);
    if (Number(at.value) === film.frames.length - 1) stop();
  }, film.each_ms);
}
const toggle = () => (timer ? stop() : start());
play.addEventListener("click", toggle);
get("before").addEventListener("click", () => step(-1));
get("after").addEventListener("click", () => step(1));
at.addEventListener("input", () => { stop(); show(Number(at.value)); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (["BUTTON", "INPUT", "SUMMARY"].includes(event.target.tagName)) return;
  const keys = {
    " ": toggle,
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => step(-film.frames.length),
    End: () => step(film.frames.length),
  };
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});
show(0);
stop();
get("buttons").hidden = false;
"""


def film_page(film: Film, frames: Sequence[Image], lang: str, frames_per_s: float) -> str:
    """Return a film as a page of HTML.

    The first frame is a picture; each other one lies over it and holds only what differs, so that
    a season takes little room. The policy of the page lets nothing be loaded but pictures that it
    holds itself, and no script or style run but its own, which it names by their digests.
    """
    said = words(lang)
    told = [film.told(place) for place in range(len(frames))]
    first = frames[0]
    entries = [
        {
            "src": "" if place == 0 else _picture(_difference(first, frame)),
            "told": said("animation.told", day=told[place][0], counts=told[place][1]),
            "alt": _alt(said, told[place]),
        }
        for place, frame in enumerate(frames)
    ]
    data = {
        "each_ms": round(1000 / frames_per_s),
        "play": said("animation.play"),
        "pause": said("animation.pause"),
        "frames": entries,
    }
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(_STYLE)}; "
        f"script-src {_digest(_SCRIPT)}; base-uri 'none'; form-action 'none'"
    )
    day, size = escape(said("animation.day")), f' width="{first.width}" height="{first.height}"'
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(film.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(film.title)}</h1>
<figure>
<div class="film">
<img id="base" src="{_picture(first)}"{size} alt="{escape(_alt(said, told[0]))}">
<img id="over" alt="" hidden>
</div>
<figcaption><output id="day" for="at">{escape(entries[0]["told"])}</output></figcaption>
</figure>
<div class="buttons" id="buttons" hidden>
<button type="button" id="play">{escape(said("animation.play"))}</button>
<button type="button" id="before" aria-label="{escape(said("animation.previous"))}">◀</button>
<button type="button" id="after" aria-label="{escape(said("animation.next"))}">▶</button>
<input type="range" id="at" min="0" max="{len(frames) - 1}" value="0" aria-label="{day}">
</div>
<noscript><p>{escape(said("animation.no_script"))}</p></noscript>
{_table(film, said)}
</main>
<script type="application/json" id="frames">{_safe(data)}</script>
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _alt(said: Words, told: tuple[str, str]) -> str:
    """Return what a frame shows, for those who do not see it."""
    return said("animation.alt", day=told[0], counts=told[1])


def _table(film: Film, said: Words) -> str:
    """Return the number of places in each state on all days, as a table to unfold."""
    heads = [said("animation.day"), *(said(f"film.{state}") for state in film.counts(0))]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    rows = []
    for place in range(len(film.dates)):
        cells = "".join(f"<td>{said.number(count)}</td>" for count in film.counts(place).values())
        rows.append(f"<tr><td>{escape(film.told(place)[0])}</td>{cells}</tr>")
    return (
        f"<details><summary>{escape(said('animation.table'))}</summary>\n<table>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(rows)
        + "\n</tbody>\n</table>\n</details>"
    )


def _difference(first: Image, frame: Image) -> Image:
    """Return a frame that is clear where it is as the first one."""
    import numpy as np
    from PIL import Image as Images

    before, after = np.asarray(first), np.asarray(frame)
    left = Images.fromarray(np.where(before == after, np.uint8(CLEAR), after), mode="P")
    colours = (frame.getpalette() or [])[: 3 * CLEAR]
    left.putpalette([*colours, *[255] * (3 * (CLEAR + 1) - len(colours))])  # the clear one as well
    left.info["transparency"] = CLEAR
    return left


def _picture(image: Image) -> str:
    """Return an image as the address of a PNG that holds it."""
    buffer = io.BytesIO()
    clear: dict[str, Any] = {}
    if "transparency" in image.info:
        clear["transparency"] = image.info["transparency"]
    image.save(buffer, format="PNG", optimize=True, **clear)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _digest(text: str) -> str:
    """Return the name by which a policy lets a script or a style run."""
    data = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(data).decode('ascii')}'"


def _safe(data: Any) -> str:
    """Return data as JSON that cannot end the element that holds it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
