"""The map of guards: what it tells, hostile names, the same every time."""

from dataclasses import replace

import pytest

import supplyroutes as sr
from supplyroutes.plot.saving import figure_bytes
from tests.plot.test_network_map import mali_day, renamed, texts, toy_day


def guarded(day, **options):
    """The guards by demand that is cut off."""
    return sr.protection(day, measure="isolated_demand", **options)


def test_guards_are_numbered_and_the_attack_left_is_lettered():
    """Names in the legend, towns as the attack leaves them; sensitive."""
    day = toy_day("2025-01-09")
    ax = sr.plot.guard_map(day, guarded(day, budget=1, attack_budget=2))
    told = texts(ax)
    assert {"1", "A", "B", "Roads to guard", "1  Port – North", "Worst attack that is left"} <= set(
        told
    )
    assert "Towns after that attack" in told
    assert any(text.startswith("isolated (") for text in told)
    assert any("Sensitive" in text for text in told)
    drawn = [line.get_gid() for line in ax.lines if line.get_gid()]
    assert [name for name in drawn if name.startswith(("lost", "guarded"))] == [
        "lost-A", "lost-B", "guarded-1"
    ]  # fmt: skip
    french = texts(sr.plot.guard_map(day, guarded(day, budget=1), lang="fr", title="$x$"))
    assert "Routes à protéger" in french
    assert "$x$" in french


def test_marks_of_parallel_roads_stand_beside_each_other():
    """Both ways from Bridge to East have one middle: the second letter is moved."""
    day = toy_day("2025-01-09")
    guard = replace(guarded(day, budget=0), attack_guarded=("bridge--east", "bridge--east--old"))
    ax = sr.plot.guard_map(day, guard)
    marks = {text.get_text(): text for text in ax.texts if text.get_text() in {"A", "B"}}
    assert marks["A"].xy == marks["B"].xy
    assert marks["A"].get_position() != marks["B"].get_position()


def test_no_guards_no_attack_and_many_roads():
    """The legend says so; more than nine are counted; unproven is told."""
    day = toy_day("2025-01-09")
    none = texts(sr.plot.guard_map(day, guarded(day, budget=0, attack_budget=0)))
    assert {"No guard would help.", "No attack that is left does harm.", "Towns"} <= set(none)
    mali = mali_day()
    guard = guarded(mali, budget=0, attack_budget=1)
    ids = mali.topology.edge_ids[:28]
    told = texts(sr.plot.guard_map(mali, replace(guard, attack_guarded=ids, proven=False)))
    assert "and 19 more" in told
    assert {"Z", "AA", "BB"} <= set(told)
    assert any("not proven" in text for text in told)


@pytest.mark.parametrize("name", [r"$\foo$", "<b>North</b>", "=1+1", "N\x1b[31morth"])
def test_hostile_names_are_plain_text(name):
    """No mathtext, no markup; the figure is drawn."""
    day = renamed(toy_day("2025-01-09"), {"north": name})
    assert figure_bytes(sr.plot.guard_map(day, guarded(day, budget=1)), ".png")


def test_the_same_guards_give_the_same_bytes():
    """Twice the same picture."""
    day = toy_day("2025-01-09")
    guard = guarded(day, budget=1)
    one, two = (figure_bytes(sr.plot.guard_map(day, guard), ".png") for _ in range(2))
    assert one == two


def test_guards_of_another_day_are_refused():
    """The map would lie."""
    day, other = toy_day("2025-01-09"), toy_day("2025-01-12")
    with pytest.raises(sr.errors.RequestError, match="not of this network"):
        sr.plot.guard_map(other, guarded(day, budget=1))
    undisturbed, _ = sr.datasets.toy()
    ax = sr.plot.guard_map(undisturbed, guarded(undisturbed, budget=1))
    assert "undisturbed network" in ax.get_title(loc="left")
