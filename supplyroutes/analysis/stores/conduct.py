"""What trucks do before a closed road."""

from __future__ import annotations

from typing import Literal, get_args

from supplyroutes.errors import RequestError

Conduct = Literal["wait", "turn_back"]


def check_conduct(conduct: str) -> None:
    """Refuse a conduct that there is not."""
    if conduct not in get_args(Conduct):
        raise RequestError(f"no conduct {conduct!a}: {' or '.join(get_args(Conduct))}")
