"""What the documents show is true."""

import re
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
    results = run(sr.read_scenario(path))
    assert results.what_if.day.arcs["status"].loc["kati--bamako"].tolist() == ["closed", "closed"]
    assert results.scenario.rules == {"R02": {"capacity_factor": 0.2}}


def test_links_between_documents_lead_somewhere():
    """Every relative link of README and docs names a file that is there."""
    for page in (*DOCS.glob("*.md"), DOCS.parent / "README.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
