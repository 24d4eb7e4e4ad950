"""Random bits with given chances, very many at once: the same stream, compiled or not.

A word is an integer of many bits; bit number i of all words belongs to sample number i. Words
follow a four-tap rule of Ziff: each is the exclusive or of four earlier ones, 216, 337, 579 and
1279 words back. Its polynomial is primitive, so that every bit has the period 2^1279 - 1; a step
costs the same for any number of bits. Compiled words have 64 bits; as every bit goes its own
way, words side by side are one wide word, and may be drawn piece by piece.

Ziff, R. M. (1998). Four-tap shift-register-sequence random-number generators. Computers in
Physics 12(4).
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from random import Random

Rows = Sequence[MutableSequence[int]]
"""Words by place, each made of words side by side."""
LAG = 1279
"""Words that the rule looks back."""
DIGITS = 24
"""Binary digits of a chance: it is rounded to 2^-24, far below what samples can tell."""


def first_words(random: Random, bits: int) -> list[int]:
    """Return the words from which the rule starts, `bits` wide."""
    return [random.getrandbits(bits) for _ in range(LAG)]


def digits_of(chances: Sequence[float]) -> list[int]:
    """Return chances as whole numbers of 2^-24."""
    return [round(chance * (1 << DIGITS)) for chance in chances]


def draw_bits(
    words: Rows, place: int, digits: Sequence[int], drawn: Rows, full: int, width: int
) -> int:
    """Put into `drawn`, for every chance, bits that are 1 with that chance; return the place.

    From the last binary digit of the chance to the first, "or" with a random word where the
    digit is 1, "and" where it is 0: each halves what was and adds a half or not. `words` is the
    ring of the last words, `place` where the next one goes, `full` a word of ones.
    """
    a, b, c = (place - 216) % LAG, (place - 337) % LAG, (place - 579) % LAG
    for number in range(len(digits)):
        chance = digits[number]
        row = drawn[number]
        for k in range(width):
            row[k] = full if chance >> DIGITS else 0
        begun = 0
        for digit in range(DIGITS):
            one = chance >> digit & 1
            begun |= one
            if not begun:
                continue
            first, second, third, last = words[a], words[b], words[c], words[place]
            if one:
                for k in range(width):
                    last[k] = first[k] ^ second[k] ^ third[k] ^ last[k]
                    row[k] |= last[k]
            else:
                for k in range(width):
                    last[k] = first[k] ^ second[k] ^ third[k] ^ last[k]
                    row[k] &= last[k]
            a, b, c, place = a + 1, b + 1, c + 1, place + 1
            if a == LAG:
                a = 0
            if b == LAG:
                b = 0
            if c == LAG:
                c = 0
            if place == LAG:
                place = 0
    return place
