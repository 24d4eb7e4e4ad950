"""What every path must pass: dominators of networkx."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.mustpass import must_pass
from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.core import incidence

node = st.integers(0, 6)
arcs = st.lists(st.tuples(node, node), max_size=18)


def asked(tail, head, sources, target):
    """Arcs and nodes that every path from the sources to the target must pass."""
    start, out = incidence(tail, 7)
    passable = [1] * len(tail)
    _, arc_in, _ = nearest_source(start, out, head, passable, passable, sources)
    path = path_to(target, arc_in, tail)
    return must_pass(start, out, tail, head, passable, sources, path)


def test_a_line_and_a_loop_beside_it():
    """0 > 1 > 2 > 3 with a way 1 > 4 > 3: arc 0 and nodes 0, 1 are needed, 2 is not."""
    assert asked([0, 1, 2, 1, 4], [1, 2, 3, 4, 3], [0], 3) == ([0], [0, 1])


def test_parallel_arcs_and_a_second_source():
    """A parallel arc frees the road; a second source frees the first."""
    assert asked([0, 0, 1], [1, 1, 2], [0], 2) == ([2], [0, 1])
    assert asked([0, 1], [1, 2], [0, 1], 2) == ([1], [1])
    assert asked([0, 3], [2, 2], [0, 3], 2) == ([], [])
    assert asked([0], [1], [1], 1) == ([], [])


@settings(max_examples=1000, deadline=None)
@given(arcs, st.lists(node, min_size=1, max_size=3, unique=True))
def test_equals_dominators_of_networkx(drawn, sources):
    """Every arc has a node of its own, so that networkx tells arcs too."""
    graph = nx.DiGraph()
    for place, (a, b) in enumerate(drawn):
        graph.add_edge(a, ("arc", place))
        graph.add_edge(("arc", place), b)
    graph.add_edges_from(("all", source) for source in sources)
    before = nx.immediate_dominators(graph, "all")
    for target in set(range(7)).intersection(before) - set(sources):
        want = set()
        here = before[target]
        while here not in {"all", None}:
            want.add(here)
            here = before[here]
        told = asked([a for a, _ in drawn], [b for _, b in drawn], sorted(sources), target)
        assert {("arc", arc) for arc in told[0]} | set(told[1]) == want
