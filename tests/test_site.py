"""The site of the documents: made without a warning, read without a network, no link broken."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from making import pages, screens, tables

import supplyroutes as sr
from supplyroutes.cli import commands

ROOT = Path(__file__).resolve().parents[1]
LOADED = {
    ("audio", "src"), ("embed", "src"), ("iframe", "src"), ("image", "href"), ("img", "src"),
    ("img", "srcset"), ("input", "src"), ("link", "href"), ("object", "data"), ("script", "src"),
    ("source", "src"), ("source", "srcset"), ("track", "src"), ("use", "href"), ("video", "poster"),
    ("video", "src"),
}  # fmt: skip
"""What a browser fetches by itself: tag and attribute."""


class Page(HTMLParser):
    """Addresses that a page loads, addresses that it links to, its ids and its own styles."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.linked, self.ids, self.styles = [], [], set(), []
        self._in_style = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._in_style = tag == "style"
        for name, value in attrs:
            if (tag, name) in LOADED:
                self.loaded.append(value or "")
            elif name == "href":
                self.linked.append(value or "")
            elif name == "style":
                self.styles.append(value or "")
            elif name in {"id", "name"}:
                self.ids.add(value)

    def handle_data(self, data):
        if self._in_style:
            self.styles.append(data)
            self._in_style = False


def fetched_by(style):
    """Addresses that a style sheet loads."""
    plain = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    urls = re.findall(r"url\(\s*[\"']?(.*?)[\"']?\s*\)", plain)
    return urls + re.findall(r"@import\s+[\"'](.*?)[\"']", plain)


def is_elsewhere(address):
    """Tell whether an address is on another host."""
    parts = urlsplit(address.strip())
    return bool(parts.netloc) or parts.scheme not in {"", "data"}


def problems(site):
    """What is wrong with a site: what it loads from elsewhere, and where its links lead nowhere."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        told = path.relative_to(site)
        for address in page.loaded + [url for style in page.styles for url in fetched_by(style)]:
            if is_elsewhere(address):
                found.append(f"{told}: loads {address}")
            elif not address.startswith("data:") and not target(path, address).exists():
                found.append(f"{told}: no file {address}")
        for address in page.linked:
            if not is_elsewhere(address):
                found += broken(pages, path, address, told)
    for sheet in sorted(site.rglob("*.css")):
        urls = fetched_by(sheet.read_text(encoding="utf-8"))
        found += [f"{sheet.name}: loads {url}" for url in urls if is_elsewhere(url)]
    return found


def target(path, address):
    """Return the file that a relative address of a page leads to."""
    return (path.parent / unquote(urlsplit(address).path)).resolve() if address else path


def broken(pages, path, address, told):
    """Say what is wrong with a link inside the site, if anything is."""
    parts = urlsplit(address)
    goal = target(path, address) if parts.path else path
    if not goal.is_file():
        return [f"{told}: link to nothing: {address}"]
    if parts.fragment and goal in pages and unquote(parts.fragment) not in pages[goal].ids:
        return [f"{told}: no such place: {address}"]
    return []


@pytest.mark.slow
def test_the_site_is_made_and_read_offline_and_has_everything(tmp_path):
    """No warning, nothing from another host, no broken link; all names, figures and commands."""
    site = tmp_path / "site"
    options = ["--fail-on-warning", "--keep-going", "--quiet", "-d", str(tmp_path / "trees")]
    made = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(ROOT / "docs"), str(site)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"},
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert problems(site.resolve()) == []
    ids = {name for path in site.glob("api/*.html") for name in Page(path.read_text()).ids}
    public = {f"supplyroutes.{name}" for name in sr.__all__ if name not in ("datasets", "plot")}
    public |= {f"supplyroutes.plot.{name}" for name in sr.plot.__all__}
    public |= {f"supplyroutes.datasets.{name}" for name in sr.datasets.__all__}
    assert public - ids - {"supplyroutes.errors"} == set()
    gallery = (site / "gallery.html").read_text(encoding="utf-8")
    assert {name for name in sr.plot.__all__ if f"_images/gallery_{name}." not in gallery} == {
        "save_figure"
    }
    told = (site / "commands.html").read_text(encoding="utf-8")
    assert [name for name in commands.commands if f"<h2>supplyroutes {name}<" not in told] == []


PAGE = """<html><head><style>p {{ background: url(other.png) }}</style>{head}</head>
<body id="top"><a href="#top">up</a> <a href="https://example.org">a source</a>
{body}</body></html>"""


@pytest.mark.parametrize(
    ("head", "body", "told"),
    [
        ("", "", []),
        ('<script src="https://cdn.example/x.js"></script>', "", "loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "", "loads //cdn.example/x.css"),
        ('<style>@import "https://a.example/f.css";</style>', "", "loads https://a.example/f.css"),
        ("", '<p style="background:url(http://a.example/p.png)"></p>', "loads http://a.example/p.png"),
        ("", '<img src="gone.png">', "no file gone.png"),
        ("", '<a href="gone.html">x</a>', "link to nothing: gone.html"),
        ("", '<a href="#gone">x</a>', "no such place: #gone"),
        ("", '<a href="index.html#gone">x</a>', "no such place: index.html#gone"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_site_is_found(tmp_path, head, body, told):
    """The check itself finds each fault, and none where there is none."""
    (tmp_path / "other.png").write_bytes(b"")
    (tmp_path / "index.html").write_text(PAGE.format(head=head, body=body), encoding="utf-8")
    expected = [f"index.html: {told}"] if told else []
    assert problems(tmp_path.resolve()) == expected


def test_a_style_sheet_that_loads_from_elsewhere_is_found(tmp_path):
    """What a sheet of its own asks for counts, in comments not."""
    (tmp_path / "site.css").write_text(
        "/* url(http://a.example/a.woff) */ @font-face { src: url('https://b.example/b.woff') }",
        encoding="utf-8",
    )
    assert problems(tmp_path) == ["site.css: loads https://b.example/b.woff"]


def test_a_command_that_fails_is_not_shown_as_an_answer(tmp_path, monkeypatch):
    """A page whose command ends otherwise than it says breaks the build."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="ended with code 3"):
        screens.screen("supplyroutes check nowhere\n", 0, 0)
    with pytest.raises(ValueError, match="not a command of ours"):
        screens.screen("rm -r nowhere\n", 0, 0)
    assert "nowhere" in screens.screen("supplyroutes check nowhere   # no such folder\n", 0, 3)
    shown = screens.screen("supplyroutes corridors --case toy \\\n --date 2025-01-12\n", 2, 0)
    assert len(shown.splitlines()) == 5
    assert shown.splitlines()[-2] == "..."


def test_links_to_pages_outside_the_documents_lead_to_what_shows_them():
    """Markdown elsewhere is a page of the site if one shows it, else a file; the rest is left."""
    text = "[a](../CHANGELOG.md) [b](../seeds/README.md#x) [c](flow.md) [d](../LICENSE) [e](https://f.md)"
    assert pages.linked("start", text) == (
        "[a](changelog.md) [b](path:../seeds/README.md#x) [c](flow.md) [d](../LICENSE) [e](https://f.md)"
    )
    assert pages.linked("guide/what_if", "[a](../../data/mali/README.md#licences)") == (
        "[a](../data.md#licences)"
    )
    assert pages.linked("changelog", "[a](../CHANGELOG.md)") == "[a](path:../CHANGELOG.md)"
    assert "](adding_a_report.md)" in pages.page("CONTRIBUTING.md")


def test_every_column_of_every_table_is_told():
    """Unit, range, choices and default stand beside the meaning."""
    told = tables.tables()
    for path in (ROOT / "supplyroutes" / "schema").glob("*.csv"):
        assert f"## {path.name}\n" in told
    assert "| `length_km` | float; km; " in told
    assert "| `surface` | choice; paved, unpaved, track; else paved | Surface |" in told
