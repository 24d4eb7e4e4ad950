"""Pages that follow from the data: written, or held against what is there."""

from __future__ import annotations

import sys
from pathlib import Path

from supplyroutes.files import write_whole


def renew(page: Path, text: str) -> int:
    """Write a page; under ``--check`` compare it instead. Return the exit code."""
    if "--check" not in sys.argv[1:]:
        write_whole(page, text)
        return 0
    if page.exists() and page.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{page.name} is not current: run make derived\n")
    return 1
