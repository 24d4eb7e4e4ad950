"""The command `route`: as a person or a script runs it."""

from __future__ import annotations

import json

import pytest

TOY = ("--case", "toy", "--date", "2025-01-12")


@pytest.mark.parametrize("suffix", ["md", "pdf"])
def test_route_writes_a_sheet_and_says_that_it_is_sensitive(cli, tmp_path, suffix):
    """The note goes to stderr, nothing to stdout."""
    path = tmp_path / f"sheet.{suffix}"
    code, out, err = cli("route", "Port", "EAST", *TOY, "-o", path, "--lang", "fr")
    assert (code, out) == (0, "")
    assert f"written: {path} (sensitive" in err
    assert path.read_bytes().startswith(b"%PDF" if suffix == "pdf" else b"> **SENSIBLE**")


def test_route_without_a_file_prints_markdown(cli):
    """The same text as in the file."""
    code, out, err = cli("route", "port", "east", *TOY)
    assert (code, err) == (0, "")
    assert out.startswith("> **SENSITIVE** As of 12 January 2025.")
    assert "South → Bridge" in out


def test_route_prints_json_for_scripts(cli, tmp_path):
    """With a schema version, marked sensitive; a file can be written beside it."""
    code, out, _ = cli("route", "port", "east", *TOY, "--json", "--k", "0", "-o", tmp_path / "a.md")
    answer = json.loads(out)
    assert (code, answer["schema_version"], answer["sensitive"]) == (0, 1, True)
    assert [leg["edge"] for leg in answer["legs"]][1] == "south--bridge"
    assert answer["legs"][1]["last_report"] == "T2"
    assert answer["alternatives"] == []
    assert (tmp_path / "a.md").exists()


def test_no_way_is_an_answer(cli):
    """Exit code 0, and the closed road."""
    code, out, _ = cli("route", "port", "north", *TOY, "--avoid", "South")
    assert code == 0
    assert "No way is open from Port to North on 12 January 2025" in out
    assert "Port → North" in out


def test_what_is_wrong_is_said(cli, tmp_path):
    """A misspelt town, a format that is none, a folder that is not there."""
    assert cli("route", "Prot", "east", *TOY)[0] == 2
    assert "did you mean Port" in cli("route", "Prot", "east", *TOY)[2]
    assert cli("route", "port", "east", *TOY, "-o", tmp_path / "a.docx")[0] == 2
    assert cli("route", "port", "east", *TOY, "-o", tmp_path / "no" / "a.md")[0] == 5
    assert cli("route", "port", "port", *TOY)[0] == 2


def test_only_what_was_known_is_used(cli):
    """T3, which lifts the barricade, is of the 13th."""
    _, out, _ = cli("route", "port", "east", "--case", "toy", "--date", "2025-01-13",
                    "--as-known-on", "2025-01-12", "--json")  # fmt: skip
    assert json.loads(out)["known_until"] == "2025-01-12"
