"""Random routes: games by hand, by every pair of supports, and on roads."""

import random

import pytest

import supplyroutes as sr
from supplyroutes.analysis.trucks.mixed_routes import randomised_routes, solved
from supplyroutes.errors import RequestError, SolverError, UnknownIdError
from tests import toy
from tests.oracles import brute_game
from tests.strategies import events_of

HIT, LOSS = 0.3, 0.6
"""`ambush_hit_prob` and the mean share that an attack destroys."""


def test_games_by_hand():
    """Matching pennies; one that has a saddle; one in which a row is never played."""
    pennies = solved([[1, 0], [0, 1]], [1, 1])
    assert (pennies.value, pennies.rows, pennies.columns) == (
        pytest.approx(0.5), pytest.approx([0.5, 0.5]), pytest.approx([0.5, 0.5])
    )  # fmt: skip
    assert solved([[3, 1], [4, 5]], [1, 1]).value == pytest.approx(3)
    third = solved([[2, 0], [0, 1], [3, 3]], [1, 1, 1])
    assert third.rows == pytest.approx([1 / 3, 2 / 3, 0])
    assert third.value == pytest.approx(2 / 3)


def test_of_equal_mixes_the_quickest_is_chosen():
    """Two rows that are the same: the one that costs less."""
    game = solved([[1, 1], [1, 1]], [5.0, 2.0])
    assert game.rows == pytest.approx([0, 1])


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_values_equal_those_of_every_pair_of_supports(start):
    """Random games up to four by five, many with ties; both mixes prove the value."""
    for seed in range(start, start + 100):
        rand = random.Random(seed)  # noqa: S311 (no secret)
        rows, columns = rand.randint(1, 4), rand.randint(1, 5)
        payoff = [[rand.choice((0, 0.1, 0.25, 0.5, 1)) for _ in range(columns)]
                  for _ in range(rows)]  # fmt: skip
        game = solved(payoff, [rand.randint(1, 9) for _ in range(rows)])
        assert game.value == pytest.approx(brute_game.value(payoff), abs=1e-7), seed
        assert sum(game.rows) == pytest.approx(1)
        assert sum(game.columns) == pytest.approx(1)


def test_two_corridors_apart_and_a_road_in_common():
    """To the east both take the last road: chance gains nothing. To the bridge: half each."""
    day = toy.on("2025-01-20")
    east = randomised_routes(day, to="East")
    assert east.value_share == pytest.approx(HIT * LOSS)
    assert east.fixed_share == pytest.approx(HIT * LOSS)
    bridge = randomised_routes(day, to="bridge")
    assert bridge.routes["prob"].tolist() == pytest.approx([0.5, 0.5])
    assert bridge.value_share == pytest.approx(HIT * LOSS / 2)
    assert bridge.fixed_share == pytest.approx(HIT * LOSS)
    assert bridge.ambushes["loss_share"].max() == pytest.approx(bridge.value_share)
    assert bridge.routes["loss_share"].min() == pytest.approx(bridge.value_share)


def test_a_road_where_a_hit_is_likelier_is_driven_less():
    """With 0.6 on one corridor and 0.2 on the other: one time in four, and three."""
    day = toy.on("2025-01-20")
    edges = {"north--bridge": 0.6, "port--north": 0.0, "south--bridge": 0.2, "port--south": 0.0}
    found = randomised_routes(day, to="bridge", hit_prob=edges, loss_share=0.5)
    assert found.routes["prob"].to_dict() == pytest.approx({"NORTH": 0.25, "SOUTH": 0.75})
    assert found.value_share == pytest.approx(0.25 * 0.6 * 0.5)


def test_a_closed_corridor_is_not_driven():
    """One is closed: the other always. Both are: there is no game, and that is an answer."""
    day = sr.disrupt(toy.network(), events_of([toy.told()]), at="2025-01-10")
    found = randomised_routes(day, to="bridge")
    assert found.routes["prob"].to_dict() == pytest.approx({"SOUTH": 1.0})
    rows = [toy.told("a"), toy.told("b", edges="port--south")]
    none = randomised_routes(
        sr.disrupt(toy.network(), events_of(rows), at="2025-01-10"), to="bridge"
    )
    assert none.value_share is None
    assert none.fixed_share is None
    assert len(none.routes) == len(none.ambushes) == 0
    assert none.to_dict()["summary"]["corridors"] == 0


def test_forms_tell_that_it_is_sensitive():
    """As plain values and in a notebook."""
    found = randomised_routes(toy.on("2025-01-20"), to="bridge")
    assert found.to_dict()["sensitive"] is True
    assert found.to_dict()["at"] == "2025-01-20"
    assert "sensitive" in found._repr_html_()


def test_bad_questions():
    """A town or road that is not there, a chance above one."""
    day = toy.on("2025-01-20")
    with pytest.raises(UnknownIdError):
        randomised_routes(day, to="nowhere")
    with pytest.raises(UnknownIdError):
        randomised_routes(day, to="east", hit_prob={"no--road": 0.1})
    with pytest.raises(RequestError):
        randomised_routes(day, to="east", hit_prob={"port--north": 1.2})
    with pytest.raises(RequestError):
        randomised_routes(day, to="east", loss_share=-0.1)


def test_mixes_that_do_not_prove_each_other_are_refused(monkeypatch):
    """A mix that is not the best one."""
    monkeypatch.setattr(
        "supplyroutes.analysis.trucks.mixed_routes._mix",
        lambda weights: weights * 0 + 1 / len(weights),
    )
    with pytest.raises(SolverError):
        solved([[1.0, 0.0], [0.5, 0.7]], [1, 1])
