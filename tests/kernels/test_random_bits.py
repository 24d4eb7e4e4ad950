"""Random bits: their chances, their independence as far as a test can tell, the same compiled."""

from itertools import combinations, pairwise
from math import sqrt
from random import Random

import pytest

from supplyroutes._kernels.random_bits import DIGITS, LAG, digits_of, draw_bits, first_words
from supplyroutes.analysis.compiling import compiled

CHANCES = (0.0, 1.0, 0.5, 0.25, 0.1, 1e-3, 1 - 1e-3, 1 / 3)
WIDE = 1024
BLOCKS = 200


def ring_of(seed, bits):
    """The words from which the rule starts."""
    return first_words(Random(seed), bits)  # noqa: S311


def drawn(chances, blocks=BLOCKS, seed=3):
    """Bits of all chances, by block."""
    words, digits, place = [[word] for word in ring_of(seed, WIDE)], digits_of(chances), 0
    told = []
    for _ in range(blocks):
        bits = [[0] for _ in digits]
        place = draw_bits(words, place, digits, bits, (1 << WIDE) - 1, 1)
        told.append([word for (word,) in bits])
    return told


def test_every_chance_is_met():
    """Within four standard errors; never and always exactly."""
    told, count = drawn(CHANCES), BLOCKS * WIDE
    for place, chance in enumerate(CHANCES):
        hits = sum(bits[place].bit_count() for bits in told)
        assert abs(hits / count - chance) <= 4 * sqrt(chance * (1 - chance) / count)


def test_draws_are_independent_of_each_other_and_of_the_block_before():
    """Joint frequencies of pairs are products, within four standard errors."""
    told, count = drawn([0.5, 0.3, 0.3, 0.1]), BLOCKS * WIDE
    for one, other in combinations(range(4), 2):
        p = (0.5, 0.3, 0.3, 0.1)[one] * (0.5, 0.3, 0.3, 0.1)[other]
        hits = sum((bits[one] & bits[other]).bit_count() for bits in told)
        assert abs(hits / count - p) <= 4 * sqrt(p * (1 - p) / count)
    hits = sum((a[1] & b[1]).bit_count() for a, b in pairwise(told))
    assert abs(hits / (count - WIDE) - 0.09) <= 4 * sqrt(0.09 * 0.91 / count)


def test_the_ring_goes_round_and_a_seed_gives_the_same_bits():
    """More words than the ring holds; another seed, other bits."""
    assert drawn([1 / 3] * 40, 30) == drawn([1 / 3] * 40, 30)
    assert drawn([1 / 3], 1) != drawn([1 / 3], 1, seed=4)
    assert 5 * LAG < 40 * 30 * 24


def test_the_rule_has_the_longest_period():
    """x^1279 + x^1063 + x^942 + x^700 + 1 is primitive, for 2^1279 - 1 is a prime.

    A polynomial of prime degree without linear factors is irreducible if x^(2^degree) = x.
    """
    rule = 1 | sum(1 << LAG - tap for tap in (0, 216, 337, 579))
    power = 2
    for _ in range(LAG):
        power = int(f"{power:b}".replace("0", "00").replace("1", "01"), 2)  # squared
        while power.bit_length() > LAG:
            power ^= rule << power.bit_length() - 1 - LAG
    assert power == 2
    assert rule & 1
    assert rule.bit_count() % 2


def test_words_follow_the_rule():
    """A chance of one half takes one word: the exclusive or of those 216, 337, 579, 1279 back."""
    first = ring_of(3, 64)
    words, bits = [[word] for word in first], [[0]]
    assert draw_bits(words, 0, [1 << DIGITS - 1], bits, (1 << 64) - 1, 1) == 1
    assert bits[0][0] == first[-216] ^ first[-337] ^ first[-579] ^ first[0] == words[0][0]


def test_chances_are_rounded_to_the_last_digit():
    """To 2^-24."""
    assert digits_of([0.5, 1.0, 0.0, 2.0**-25]) == [1 << DIGITS - 1, 1 << DIGITS, 0, 0]
    assert digits_of([0.75])[0] / 2**DIGITS == 0.75


def test_compiled_bits_are_the_same_and_may_be_drawn_in_pieces():
    """Sixteen words of 64 bits are one of 1024, also in two pieces of eight."""
    pytest.importorskip("numba")
    import numpy as np

    kernel, width = compiled(draw_bits), WIDE // 64
    ring = b"".join(word.to_bytes(WIDE // 8, "little") for word in ring_of(3, WIDE))
    whole = np.frombuffer(ring, "<i8").reshape(LAG, width)
    digits = np.asarray(digits_of(CHANCES), dtype=np.int64)
    for pieces in (1, 2):
        parts = [part.copy() for part in np.split(whole, pieces, axis=1)]
        places = [0] * pieces
        for bits in drawn(CHANCES, 20):
            found = []
            for number, part in enumerate(parts):
                out = np.zeros((len(CHANCES), part.shape[1]), np.int64)
                places[number] = kernel(part, places[number], digits, out, -1, part.shape[1])
                found.append(out)
            rows = np.concatenate(found, axis=1)
            assert [int.from_bytes(row.tobytes(), "little") for row in rows] == bits
