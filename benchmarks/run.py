"""Run every benchmark of this folder and print the table.

python benchmarks/run.py
"""

import importlib
import os
import platform
from importlib.metadata import version
from pathlib import Path

from measure import HEADER

FOLDER = Path(__file__).parent


def main() -> None:
    """Print machine, versions and one table."""
    packages = ("networkx", "numpy", "pandas", "click")
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()};")
    print(", ".join(f"{name} {version(name)}" for name in packages))
    print()
    print(HEADER)
    for path in sorted(FOLDER.glob("bench_*.py")):
        for row in importlib.import_module(path.stem).rows():
            print(row.line(), flush=True)


if __name__ == "__main__":
    main()
