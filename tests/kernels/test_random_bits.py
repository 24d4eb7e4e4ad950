"""Random bits: their chances, their independence as far as a test can tell, the same compiled."""

from itertools import combinations, pairwise
from math import sqrt

import pytest

from supplyroutes._kernels.random_bits import BITS, LAG, digits_of, draw_bits, first_words
from supplyroutes.analysis.compiling import compiled

CHANCES = (0.0, 1.0, 0.5, 0.25, 0.1, 1e-3, 1 - 1e-3, 1 / 3)
WIDE = 1024
BLOCKS = 200


def drawn(chances, blocks=BLOCKS, seed=3):
    """Bits of all chances, by block."""
    words, digits, place = first_words(seed, WIDE), digits_of(chances), 0
    told = []
    for _ in range(blocks):
        bits = [0] * len(digits)
        place = draw_bits(words, place, digits, bits, (1 << WIDE) - 1, 1)
        told.append(bits)
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
    assert LAG < 40 * 30 * 12


def test_digits_are_exact():
    """A chance is a whole number of 2^-53, as a float of at least 1/2 is."""
    assert digits_of([0.5, 1.0, 0.0]) == [1 << BITS - 1, 1 << BITS, 0]
    assert digits_of([0.75])[0] / 2**BITS == 0.75


def test_compiled_bits_are_the_same():
    """Sixteen words of 64 bits are one of 1024."""
    pytest.importorskip("numba")
    import numpy as np

    kernel, width = compiled(draw_bits), WIDE // 64
    ring = b"".join(word.to_bytes(WIDE // 8, "little") for word in first_words(3, WIDE))
    words = np.frombuffer(ring, "<i8").astype(np.int64)
    digits = np.asarray(digits_of(CHANCES), dtype=np.int64)
    place = 0
    for bits in drawn(CHANCES, 20):
        found = np.zeros(len(CHANCES) * width, np.int64)
        place = kernel(words, place, digits, found, -1, width)
        told = [
            int.from_bytes(row.tobytes(), "little") for row in found.reshape(len(CHANCES), width)
        ]
        assert told == bits
