"""How far a long answer is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE_S = 1.0
"""What lasts longer shows how far it is, on a terminal."""


@contextmanager
def told_progress(lang: str, key: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what tells progress on stderr: nothing where no terminal is, or what is soon done.

    Parameters
    ----------
    lang
        The language.
    key
        Key of the catalogue for what is being done.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from time import monotonic

    from rich.console import Console
    from rich.progress import Progress

    from supplyroutes.catalogue import words

    begun = monotonic()
    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(words(lang)(key), total=None)

    def tell(done: int, runs: int) -> None:
        if not bar.live.is_started and monotonic() - begun > PATIENCE_S:
            bar.start()
        bar.update(task, completed=done, total=runs)

    try:
        yield tell
    finally:
        bar.stop()
