"""Laws are tried on thousands of networks: lines are not counted meanwhile, which doubles the time.

The tests of each module count its lines; the whole check stays below twenty minutes.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Leave the laws out of what is counted."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.no_cover)
