"""Reach under many outcomes at once, against one search for each outcome."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.elimination import plan, reach_functions
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.compiling import compiled
from supplyroutes.analysis.doubt import chances
from supplyroutes.core import incidence

NODES, SAMPLES = 8, 24
node = st.integers(0, NODES - 1)
arcs = st.lists(
    st.tuples(node, node, st.integers(0, (1 << SAMPLES) - 1)), max_size=24
)  # fmt: skip


def searched(tail, head, opens, root, sample):
    """Who is reached in one sample."""
    start, out = incidence(tail, NODES)
    return reached(start, out, head, [bits >> sample & 1 for bits in opens], [root])


def words(found, opens, full=(1 << SAMPLES) - 1):
    """Reach by bits."""
    return chances.plain_reach(found, opens, full)


@settings(max_examples=1500, deadline=None)
@given(arcs, node, st.booleans())
def test_every_sample_equals_a_search(drawn, root, two_way):
    """Loops, parallel arcs, dead ends, and roads there and back under the same outcomes."""
    tail, head, opens = ([arc[place] for arc in drawn] for place in range(3))
    found = plan(NODES, tail, head, root, two_way=two_way)
    told = words(found, opens)
    if two_way:
        tail, head, opens = tail + head, head + tail, opens * 2
    for sample in range(SAMPLES):
        wanted = searched(tail, head, opens, root, sample)
        assert [bits >> sample & 1 for bits in told] == list(wanted)


@settings(max_examples=300, deadline=None)
@given(arcs, node)
def test_functions_equal_bits(drawn, root):
    """With sets of samples as functions, joined by calls."""
    tail, head, opens = ([arc[place] for arc in drawn] for place in range(3))
    found = plan(NODES, tail, head, root)
    everything = (1 << SAMPLES) - 1
    as_sets = {0: 0, 1: everything}

    def both(one, other):
        return named(as_sets[one] & as_sets[other])

    def either(one, other):
        return named(as_sets[one] | as_sets[other])

    def named(bits):
        for name, known in as_sets.items():
            if known == bits:
                return name
        as_sets[len(as_sets)] = bits
        return len(as_sets) - 1

    told = reach_functions(found, [named(bits) for bits in opens], both, either)
    assert [as_sets[name] for name in told] == words(found, opens)


def test_nodes_of_few_neighbours_go_first_and_dead_ends_cost_nothing():
    """A star around the root has no triangle; a path of five has four."""
    assert plan(5, [0, 0, 0, 0], [1, 2, 3, 4], 0).past == []
    chain = plan(5, [0, 1, 2, 3], [1, 2, 3, 4], 0)
    assert len(chain.past) <= 4
    assert words(chain, [0b11, 0b01, 0b11, 0b10])[:5] == [2**24 - 1, 3, 1, 1, 0]


def test_compiled_bits_are_the_same_in_parts_and_whole(monkeypatch):
    """Words of 64 bits side by side give what plain Python gives, also in parts."""
    pytest.importorskip("numba")
    random, samples = Random(5), 40_000  # noqa: S311
    tail, head = ([random.randrange(30) for _ in range(80)] for _ in range(2))
    opens = [random.getrandbits(samples) for _ in tail]
    found = plan(30, tail, head, 3)
    assert len(found.past) > 20
    plain = words(found, opens, (1 << samples) - 1)
    assert chances.sampled_reach(found, opens, samples) == plain
    monkeypatch.setattr(chances, "MOST_BITS", found.slots * 20_000)
    assert chances.part_of(found, samples) == chances.WORD * chances.TILE == 16_384
    assert chances.sampled_reach(found, opens, samples) == plain
    monkeypatch.setattr(chances, "COMPILED_FROM", 0)
    compiled.cache_clear()
    assert chances.sampled_reach(found, opens, samples) == plain
