"""What the documents show is true."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.cli import run_commands
from supplyroutes.scenario import run
from supplyroutes.scenario.grids import expanded
from supplyroutes.scenario.keys import file_keys

DOCS = Path(__file__).resolve().parents[1] / "docs"


SCENARIOS = (DOCS / "scenarios.md").read_text(encoding="utf-8")


def snippets(lang, text=SCENARIOS):
    """The snippets of a language in a document, each with the output shown after it, if any."""
    found = re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)
    after = [*found[1:], ("", "")]
    return [
        (body, shown if kind == "text" else None)
        for (this, body), (kind, shown) in zip(found, after, strict=True)
        if this == lang
    ]


def test_the_scenario_shown_in_the_docs_runs(tmp_path):
    """Every key of the example is known, and it is answered."""
    (example, _), (grid, _) = snippets("toml")
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    results = run(sr.read_scenario(path), analyses=())
    assert results.main.situation.day.arcs["status"].loc["kati--bamako"].tolist() == [
        "closed",
        "closed",
    ]
    assert results.scenario.rules == {"R02": {"capacity_factor": 0.2}}
    shown = {word for name in re.findall(r"([\w.]+) =|\[+([\w.]+)\]", example) for part in name
             for word in part.split(".")}  # fmt: skip
    assert {key.name.rpartition(".")[2] for key in file_keys()} - shown == {"grid"}
    path.write_text(grid, encoding="utf-8")
    assert "dwell_border_h-12_on-2025-10-01" in expanded(sr.read_scenario(path))


@pytest.mark.parametrize(("code", "output"), snippets("python"))
def test_python_shown_in_the_docs_prints_what_is_shown(code, output, capsys):
    """As a reader would run it."""
    exec(compile(code, "docs/scenarios.md", "exec"), {})  # noqa: S102 (our own document)
    assert capsys.readouterr().out == output


def test_commands_shown_in_the_docs_do_what_is_said(tmp_path, capfd, monkeypatch):
    """One after the other, in one folder; conditions hold or not, but none is refused."""
    (tmp_path / "data").symlink_to(DOCS.parent / "data")
    monkeypatch.chdir(tmp_path)
    for body, shown in snippets("sh"):
        for line in body.splitlines():
            capfd.readouterr()
            assert run_commands(shlex.split(line)[1:]) in ({0, 4} if "--fail-if" in line else {0})
            if shown is not None:
                assert capfd.readouterr().out == shown


def test_the_snippets_on_reports_run(tmp_path, monkeypatch, capsys):
    """One after the other, as a reader would; they print what the page says of traces."""
    monkeypatch.chdir(tmp_path)
    text = (DOCS / "reports.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for snippet in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(snippet, names)  # noqa: S102 (our own page)
    assert (tmp_path / "briefing.html").stat().st_size > 10_000
    assert "corridors.corridors" in capsys.readouterr().out


def test_links_between_documents_lead_somewhere():
    """Every relative link of README and docs names a file that is there."""
    for page in (*DOCS.glob("*.md"), DOCS.parent / "README.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_licences_of_the_package_are_those_of_its_parts():
    """The wheel ships data under licences of their own: its metadata and its files say so."""
    root = DOCS.parent
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    data = (root / "data" / "mali" / "README.md").read_text(encoding="utf-8")
    addresses = {
        "Apache-2.0": "",
        "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
        "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert project["license"].split(" AND ") == list(addresses)
    assert project["license"] in data
    assert all(address in data for address in addresses.values())
    assert [name for name in project["license-files"] if not list(root.glob(name))] == []
