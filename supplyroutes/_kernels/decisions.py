"""Decision diagrams: functions of many independent yes-or-no draws, and their exact chances.

A diagram asks one draw after the other, in order of their numbers, and equal functions are one
diagram (Bryant 1986). Probabilities take one walk over it, and no sum is subtracted from 1, so
that small ones keep their digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Join = Callable[[int, int], int]
NEVER, ALWAYS = 0, 1
"""The two functions that no draw changes."""
TOO_LARGE = -1
"""A function that was given up, because it would need more diagrams than allowed."""


class Diagrams:
    """All diagrams over the same draws; each is a number, children before parents.

    At most `most` of them are made; what needs more becomes `TOO_LARGE`, and so does whatever
    hangs on it.
    """

    def __init__(self, draws: int, most: int) -> None:
        self.draws = draws
        self.most = most
        self.draw = [draws, draws]
        self.no = [NEVER, ALWAYS]
        self.yes = [NEVER, ALWAYS]
        self._known: dict[tuple[int, int, int], int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._either: dict[tuple[int, int], int] = {}
        self._opposite: dict[int, int] = {}

    def ask(self, draw: int, no: int, yes: int) -> int:
        """Return the function that is `no` or `yes`, as the draw falls."""
        if no == yes:
            return no
        if TOO_LARGE in {no, yes}:
            return TOO_LARGE
        key = (draw, no, yes)
        if key not in self._known:
            if len(self.draw) >= self.most:
                return TOO_LARGE
            self._known[key] = len(self.draw)
            self.draw.append(draw)
            self.no.append(no)
            self.yes.append(yes)
        return self._known[key]

    def both(self, one: int, other: int) -> int:
        """Return "one and other"."""
        if other in (one, ALWAYS):
            return one
        if NEVER in {one, other}:
            return NEVER
        if one == ALWAYS:
            return other
        return self._joined(one, other, self._both, self.both)

    def either(self, one: int, other: int) -> int:
        """Return "one or other"."""
        if other in (one, NEVER):
            return one
        if ALWAYS in {one, other}:
            return ALWAYS
        if one == NEVER:
            return other
        return self._joined(one, other, self._either, self.either)

    def _joined(self, one: int, other: int, known: dict[tuple[int, int], int], join: Join) -> int:
        """Return two functions joined, by the first draw that either asks."""
        if TOO_LARGE in {one, other}:
            return TOO_LARGE
        key = (one, other) if one < other else (other, one)
        if key not in known:
            one_asks, other_asks = self.draw[one], self.draw[other]
            no, yes, other_no, other_yes = one, one, other, other
            if one_asks <= other_asks:
                no, yes = self.no[one], self.yes[one]
            if other_asks <= one_asks:
                other_no, other_yes = self.no[other], self.yes[other]
            known[key] = self.ask(
                min(one_asks, other_asks), join(no, other_no), join(yes, other_yes)
            )
        return known[key]

    def extend(self, chance: Sequence[float], fails: list[float], holds: list[float]) -> None:
        """Add to `fails` and `holds` the probabilities of the functions made since.

        `fails` is the probability that a function does not hold, `holds` that it does; empty
        lists are begun anew. `chance` is the probability of yes of each draw.
        """
        if not fails:
            fails += [1.0, 0.0]
            holds += [0.0, 1.0]
        for here in range(len(fails), len(self.draw)):
            p, no, yes = chance[self.draw[here]], self.no[here], self.yes[here]
            fails.append((1 - p) * fails[no] + p * fails[yes])
            holds.append((1 - p) * holds[no] + p * holds[yes])

    def opposite(self, function: int) -> int:
        """Return the function that holds when this one does not."""
        if function <= ALWAYS:
            return function if function == TOO_LARGE else 1 - function
        if function not in self._opposite:
            found = self.ask(
                self.draw[function],
                self.opposite(self.no[function]),
                self.opposite(self.yes[function]),
            )
            self._opposite[function] = found
        return self._opposite[function]
