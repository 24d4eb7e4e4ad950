"""What the documents show is true."""

import re
import tomllib
from pathlib import Path

import supplyroutes as sr
from supplyroutes.scenario import run

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_scenario_shown_in_the_docs_runs(tmp_path):
    """Every key of the example is known, and it is answered."""
    text = (DOCS / "scenarios.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    path = tmp_path / "example.toml"
    path.write_text(example[1], encoding="utf-8")
    results = run(sr.read_scenario(path), analyses=())
    assert results.main.situation.day.arcs["status"].loc["kati--bamako"].tolist() == [
        "closed",
        "closed",
    ]
    assert results.scenario.rules == {"R02": {"capacity_factor": 0.2}}


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
