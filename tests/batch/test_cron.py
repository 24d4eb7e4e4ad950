"""The script for cron that the documents show, run as cron runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMAND = """#!/bin/sh
exec "{python}" -c "import sys; from supplyroutes.cli import main; sys.argv[0] = 'x'; main()" "$@"
"""


@pytest.fixture
def home(tmp_path):
    """A folder as the script wants it: itself, the command, and scenarios."""
    text = (DOCS / "batch.md").read_text(encoding="utf-8")
    script = re.search(r"```sh\n(#!/bin/sh\n.*?)```", text, re.DOTALL)
    assert script is not None
    home = tmp_path / "with a space"
    (home / ".venv" / "bin").mkdir(parents=True)
    (home / "scenarios").mkdir()
    for path, content in (
        (home / "morning.sh", script[1]),
        (home / ".venv" / "bin" / "supplyroutes", COMMAND.format(python=sys.executable)),
    ):
        path.write_text(content, encoding="utf-8")
        path.chmod(0o755)
    return home


def morning(home):
    """Run the script with next to no environment; return what cron would mail."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"'{home}/morning.sh'"],
        env={"HOME": "/", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin",
             "PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        cwd="/", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def scenario(home, name, more):
    """Write a scenario of the toy case; the script asks of today."""
    text = f'case = "toy"\ndate = 2025-01-12\n[analyses]\nonly = ["stocks"]\n{more}\n'
    (home / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")


def test_a_quiet_morning_mails_nothing_and_a_bad_one_what_matters(home):
    """Nothing is short today; with an empty tank and no road, something is; then a bad file."""
    scenario(home, "calm", "")
    assert morning(home) == ""
    (reports,) = (path for path in (home / "reports").iterdir() if path.is_dir())
    assert (reports / "calm" / "report.md").exists()
    assert (reports / "summary.csv").exists()
    scenario(
        home,
        "empty",
        "[demand_m3_per_day]\neast = 1e6",
    )
    told = morning(home)
    assert told.startswith("Less than five days are left:\n")
    assert "empty" in told
    scenario(home, "wrong", "[nothing]")
    assert "unknown key" in morning(home)
