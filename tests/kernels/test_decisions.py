"""Decision diagrams: every function against its truth table."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.decisions import ALWAYS, NEVER, TOO_LARGE, Diagrams

DRAWS = 4
leaf = st.integers(0, DRAWS - 1)
terms = st.recursive(
    leaf | st.booleans(),
    lambda inner: (
        st.tuples(st.sampled_from(("and", "or")), inner, inner)
        | st.tuples(st.just("not"), inner)
    ),
    max_leaves=12,
)  # fmt: skip


def built(term, made):
    """The diagram of a term."""
    if isinstance(term, bool):
        return ALWAYS if term else NEVER
    if isinstance(term, int):
        return made.ask(term, NEVER, ALWAYS)
    if term[0] == "not":
        return made.opposite(built(term[1], made))
    join = made.both if term[0] == "and" else made.either
    return join(built(term[1], made), built(term[2], made))


def value(term, falls):
    """What a term is if the draws fall so."""
    if isinstance(term, bool):
        return term
    if isinstance(term, int):
        return falls[term]
    if term[0] == "not":
        return not value(term[1], falls)
    join = all if term[0] == "and" else any
    return join([value(term[1], falls), value(term[2], falls)])


@settings(max_examples=1000, deadline=None)
@given(terms, terms, st.lists(st.floats(0, 1), min_size=DRAWS, max_size=DRAWS))
def test_chances_are_those_of_the_truth_table_and_equal_functions_are_one(one, other, chance):
    """Both probabilities; and two terms have one number exactly if no outcome tells them apart."""
    made = Diagrams(DRAWS, 1000)
    found = [built(term, made) for term in (one, other)]
    fails, holds = [], []
    made.extend(chance, fails, holds)
    tables = []
    for term, function in zip((one, other), found, strict=True):
        table = [value(term, falls) for falls in product((False, True), repeat=DRAWS)]
        weights = [1.0] * len(table)
        for place, falls in enumerate(product((False, True), repeat=DRAWS)):
            for fall, p in zip(falls, chance, strict=True):
                weights[place] *= p if fall else 1 - p
        wanted = sum(w for w, true in zip(weights, table, strict=True) if true)
        assert holds[function] == pytest.approx(wanted, abs=1e-12)
        assert fails[function] == pytest.approx(sum(weights) - wanted, abs=1e-12)
        tables.append(table)
    assert (found[0] == found[1]) == (tables[0] == tables[1])


def test_small_chances_keep_their_digits():
    """Three draws of 1e-5 all yes: 1e-15, and not what 1 - (1 - 1e-15) leaves."""
    made = Diagrams(3, 100)
    whole = ALWAYS
    for draw in range(3):
        whole = made.both(whole, made.ask(draw, NEVER, ALWAYS))
    fails, holds = [], []
    made.extend([1e-5] * 3, fails, holds)
    assert holds[whole] == pytest.approx(1e-15, rel=1e-12)
    other = made.opposite(whole)
    made.extend([1e-5] * 3, fails, holds)
    assert fails[other] == pytest.approx(1e-15, rel=1e-12)


def test_what_needs_too_many_is_given_up_and_so_is_what_hangs_on_it():
    """Certain answers stay certain."""
    made = Diagrams(3, 4)
    one, two = (made.ask(draw, NEVER, ALWAYS) for draw in (0, 1))
    assert made.both(one, two) == TOO_LARGE
    assert made.ask(2, NEVER, ALWAYS) == TOO_LARGE
    assert made.either(TOO_LARGE, one) == made.both(one, TOO_LARGE) == TOO_LARGE
    assert made.opposite(TOO_LARGE) == made.ask(0, TOO_LARGE, ALWAYS) == TOO_LARGE
    assert made.both(TOO_LARGE, NEVER) == made.both(NEVER, TOO_LARGE) == NEVER
    assert made.either(TOO_LARGE, ALWAYS) == made.either(ALWAYS, TOO_LARGE) == ALWAYS
