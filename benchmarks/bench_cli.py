"""Whole processes: the command line beside an interpreter that does nothing."""

import importlib.util
import subprocess
import sys
from functools import partial
from pathlib import Path

from measure import Row, median_ms

REPEATS = 15
HELP_MARK_MS, RUN_MARK_MS = 100, 1000
PROGRAM = Path(sys.executable).with_name("supplyroutes")


def call(*command: str) -> None:
    """Run a command to its end; its output goes nowhere."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def rows() -> list[Row]:
    """Time whole processes."""
    floor = median_ms(partial(call, sys.executable, "-c", "pass"), repeats=REPEATS)
    found = [Row("`python -c pass`: the floor", floor, "", None, "", None)]
    if importlib.util.find_spec("supplyroutes.cli") is None or not PROGRAM.exists():
        return found
    commands = (
        (("--help",), HELP_MARK_MS),
        (("run", "--case", "mali", "--date", "2025-10-15"), RUN_MARK_MS),
    )
    for words, mark in commands:
        took = median_ms(partial(call, str(PROGRAM), *words), repeats=REPEATS)
        name = f"`supplyroutes {' '.join(words)}`"
        found.append(Row(name, took, "", None, f"< {mark} ms", took < mark))
    return found
