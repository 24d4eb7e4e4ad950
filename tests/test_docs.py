"""What the documents show is true."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from itertools import takewhile
from pathlib import Path

import click
import pytest

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.cli import commands, run_commands
from supplyroutes.scenario import run
from supplyroutes.scenario.grids import expanded
from supplyroutes.scenario.keys import file_keys

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = (*sorted(DOCS.rglob("*.md")), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md")


def commands_of(page):
    """The supplyroutes commands in the blocks of a page, without what follows a bar or an arrow."""
    for block in re.findall(r"```(?:sh|text)?\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if re.match(r"supplyroutes [a-z-]+ ", line):
                words = shlex.split(line, comments=True)
                yield list(takewhile(lambda word: word not in {"|", ">", "||", "..."}, words[1:]))


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
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_is_understood(page):
    """Commands and options that documents name are there; the page of a removed one is found."""
    for told in commands_of(page):
        rest = list(told)
        command, context = commands, click.Context(commands)
        while isinstance(command, click.Group):
            assert rest[0] in command.commands, f"{page.name}: {told}"
            command = command.commands[rest.pop(0)]
            context = click.Context(command, context)
        command.make_parser(context).parse_args(rest)


def test_a_command_that_is_not_understood_is_found(tmp_path):
    """The check itself sees wrong commands and options, on one line or more."""
    page = tmp_path / "page.md"
    page.write_text(
        "```sh\nsupplyroutes fly --date 2025-10-15   # no\n```\n"
        "```\nsupplyroutes run --case mali \\\n    --dat 2025-10-15 | head\n```\n",
        encoding="utf-8",
    )
    assert list(commands_of(page)) == [
        ["fly", "--date", "2025-10-15"],
        ["run", "--case", "mali", "--dat", "2025-10-15"],
    ]
    with pytest.raises(AssertionError, match="fly"):
        test_every_command_shown_is_understood(page)


def test_the_glossary_has_the_words_of_the_catalogue():
    """States of towns and statuses of roads read as they do in every output."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE))
    english, french = words("en"), words("fr")
    keys = [f"state.{name}" for name in ("supplied", "strained", "isolated", "not_on_network")]
    keys += [f"status.{name}" for name in ("open", "unknown", "restricted", "escorted", "refused")]
    keys += ["status.closed", "corridor.unfit"]
    assert {key: rows.get(english(key)) for key in keys} == {key: french(key) for key in keys}


def test_the_script_for_every_morning_says_what_it_should(tmp_path):
    """The cron job of the guide: quiet if all is well, else a line."""
    page = (DOCS / "guide" / "scripts_and_cron.md").read_text(encoding="utf-8")
    script = re.search(r"```\n(#!/bin/sh.*?)```", page, re.DOTALL)[1]
    home = tmp_path / "blockade"
    shutil.copytree(sr.datasets.folder("toy"), home / "my_case")
    command = tmp_path / "supplyroutes"
    call = "from supplyroutes.cli import main; main()"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{call}" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    place = {"HOME": str(tmp_path), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}

    def said(condition):
        told = script.replace("state(mopti) == isolated", condition)
        done = subprocess.run(
            ["/bin/sh", "-c", told],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(DOCS.parent), **place},
        )
        return done.stdout

    assert said("state(east) == isolated") == ""
    (answer,) = home.glob("*.json")
    assert json.loads(answer.read_text(encoding="utf-8"))["at"] == answer.stem
    assert said("state(east) == supplied").startswith("Mopti is cut off on 2")
    assert said("state(nowhere) == isolated").startswith("no answer on 2")


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
