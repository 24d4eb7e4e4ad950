"""What tests of the command line share."""

import pytest

from supplyroutes.cli import run_commands


@pytest.fixture
def cli(capfd):
    """Run one command line in this process; return (code, stdout, stderr)."""

    def run(*arguments):
        code = run_commands([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return run
