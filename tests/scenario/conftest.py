"""What tests of scenarios share."""

from __future__ import annotations

import pytest


@pytest.fixture
def scenario(tmp_path):
    """Write a scenario file and return its path."""

    def write(text, name="scenario.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write
