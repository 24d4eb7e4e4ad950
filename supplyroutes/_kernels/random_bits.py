"""Random bits with given chances, very many at once: the same stream, compiled or not.

A word is an integer of many bits; bit number i of all words belongs to sample number i. Words
follow the four-tap rule R(471, 1586, 6988, 9689) of Ziff: each is the exclusive or of four
earlier ones, so that a step costs the same for any number of bits. The compiler's words have
64 bits, and `width` of them stand for one word of plain Python.

Ziff, R. M. (1998). Four-tap shift-register-sequence random-number generators. Computers in
Physics 12(4).
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from random import Random

LAG = 9689
"""Words that the rule looks back."""
BITS = 53
"""Binary digits of a chance: those of a float."""


def first_words(seed: int, bits: int) -> list[int]:
    """Return the words from which the rule starts, `bits` wide."""
    random = Random(seed)  # noqa: S311 (a sample, not a secret)
    return [random.getrandbits(bits) for _ in range(LAG)]


def digits_of(chances: Sequence[float]) -> list[int]:
    """Return chances as whole numbers of 2^-53."""
    return [round(chance * (1 << BITS)) for chance in chances]


def draw_bits(
    words: MutableSequence[int],
    place: int,
    digits: Sequence[int],
    drawn: MutableSequence[int],
    full: int,
    width: int,
) -> int:
    """Put into `drawn`, for every chance, bits that are 1 with that chance; return the place.

    A random binary number is compared with the chance digit by digit, for all samples at once,
    until none is undecided: some 14 words for 4,096 samples. `words` is the ring of the last
    words, `place` where the next one goes, `full` a word of ones.
    """
    undecided = [full] * width
    for number in range(len(digits)):
        chance = digits[number]
        start = number * width
        for k in range(width):
            undecided[k] = full
            drawn[start + k] = full if chance >> BITS else 0
        bit = BITS - 1
        open_still = 1 - (chance >> BITS)
        while open_still and bit >= 0 and chance & ((1 << (bit + 1)) - 1):
            one = chance >> bit & 1
            a = (place + LAG - 471) % LAG * width
            b = (place + LAG - 1586) % LAG * width
            c = (place + LAG - 6988) % LAG * width
            here = place * width
            open_still = 0
            for k in range(width):
                word = words[a + k] ^ words[b + k] ^ words[c + k] ^ words[here + k]
                words[here + k] = word
                if one:
                    drawn[start + k] |= undecided[k] & ~word
                    undecided[k] &= word
                else:
                    undecided[k] &= ~word
                if undecided[k] != 0:
                    open_still = 1
            place = (place + 1) % LAG
            bit -= 1
    return place
