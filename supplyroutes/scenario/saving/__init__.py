"""Results in one file, written and read back whole, with a digest of what they hold."""

from supplyroutes.scenario.saving.results_file import (
    check_results_path,
    read_results,
    write_results,
)

__all__ = ["check_results_path", "read_results", "write_results"]
