"""The page of a report in a browser: what it asks for, and how it fits."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import supplyroutes as sr
from supplyroutes.plot import style
from supplyroutes.report.document import document_of
from supplyroutes.report.document_html import document_html

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on this machine: install the package chromium"
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name is found: nothing leaves the machine
)  # fmt: skip
WIDTHS = (1280, 390)
SECONDS = 120


def browse(*arguments: str | Path) -> str:
    """Run the browser with a fresh profile and return what it prints."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        done = subprocess.run(
            [BROWSER, *FLAGS, f"--user-data-dir={profile}", *map(str, arguments)],
            capture_output=True, check=True, text=True, timeout=SECONDS,
        )  # fmt: skip
    return done.stdout


def requests_of(page: Path, *arguments: str) -> list[str]:
    """Return the addresses that a page asks the network for, as the browser logs them.

    What the browser asks for by itself, such as updates, has no page as its origin.
    """
    log = page.with_suffix(".log")
    browse(f"--log-net-log={log}", *arguments, page.as_uri())
    logged = json.loads(log.read_text(encoding="utf-8"))
    kinds = {number: name for name, number in logged["constants"]["logEventTypes"].items()}
    assert logged["events"]
    return [
        event["params"]["url"]
        for event in logged["events"]
        if kinds[event["type"]] == "URL_REQUEST_START_JOB"
        and event.get("params", {}).get("initiator", "not an origin") != "not an origin"
    ]


@pytest.fixture(scope="module")
def texts():
    """The report of the toy case in both languages."""
    scenario = sr.Scenario(
        case="toy", date=dt.date(2025, 1, 12), title="T1 " * 40, events={"removed": ["T1"]}
    )
    results = sr.run(scenario, analyses=("flow", "paths"))
    return {lang: document_html(document_of(results, lang)) for lang in ("en", "fr")}


def test_a_page_asks_no_host_for_anything_and_is_shown_with_its_style_and_its_maps(texts, tmp_path):
    """Its own policy lets its style and its images through: their colours are on the screen."""
    page, shot = tmp_path / "report.html", tmp_path / "shot.png"
    page.write_text(texts["fr"], encoding="utf-8")
    assert requests_of(page, f"--screenshot={shot}", "--window-size=1280,2400") == []
    with Image.open(shot) as image:
        colours = np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0).tolist()
    for name, colour in (("page", style.LAND_AROUND), ("map", style.SOURCE.face)):
        assert [int(colour[at : at + 2], 16) for at in (1, 3, 5)] in colours, name


def test_the_log_shows_a_page_that_does_ask(tmp_path):
    """Otherwise the test above would prove nothing."""
    page = tmp_path / "asks.html"
    page.write_text('<!DOCTYPE html><img src="http://example.org/a.png">', encoding="utf-8")
    assert requests_of(page, "--dump-dom") == ["http://example.org/a.png"]


def test_nothing_stands_out_of_the_page_on_a_screen_and_on_a_telephone(texts, tmp_path):
    """Only what is in a frame of its own may be wider than the screen.

    The pages are put into frames of each width, without their policy, so that a script beside
    them may measure.
    """
    frames, names = [], []
    for lang, text in texts.items():
        bare = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        for width in WIDTHS:
            names.append((lang, width))
            frames.append(f'<iframe width="{width}" height="800" srcdoc="{escape(bare)}"></iframe>')
    measure = """<script>addEventListener("load", () => {
        const told = [...document.querySelectorAll("iframe")].map((frame) => {
            const page = frame.contentDocument, wide = frame.clientWidth;
            const out = [...page.querySelectorAll("body *")].filter((part) =>
                !part.closest(".scroll, .skip, .hidden") &&
                part.getBoundingClientRect().right > wide + 0.5);
            return [page.documentElement.scrollWidth - wide, out.map((part) => part.outerHTML),
                page.querySelectorAll(".scroll").length];
        });
        document.body.textContent = JSON.stringify(told);
    });</script>"""
    page = tmp_path / "frames.html"
    page.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><body>{"".join(frames)}{measure}', encoding="utf-8"
    )
    shown = re.search(r"<body>(\[.*\])</body>", browse("--dump-dom", page.as_uri()))
    assert shown, "the page was not measured"
    told = json.loads(shown.group(1))
    assert len(told) == len(names)
    for name, (more, out, framed) in zip(names, told, strict=True):
        assert more <= 0, name
        assert out == [], name
        assert framed > 5
