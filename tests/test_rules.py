"""Impact rules: the closest one is used, and changes are checked."""

from dataclasses import replace
from itertools import product

import pytest

import supplyroutes as sr
from supplyroutes.rules import Rules
from supplyroutes.schema import table_from_cells
from tests.strategies import choices, rules
from tests.toy import arc, on, told

# Kinds of reports that are meant to do nothing to a road by themselves: they act on other reports
# (`ends`, `amends`, `enforces`), or tell of something other than roads.
WITHOUT_EFFECT = {
    "blockade_declaration", "bridge_repaired", "border_reopening", "carrier_resumption",
    "easing_ended", "easing_negotiated", "government_measure", "industrial_attack",
    "road_checked", "road_reopened", "threat",
}  # fmt: skip
# With no road named, an arrival says nothing of any one road.
CONTEXT_AT_A_POINT = {"convoy_arrival", "escort_convoy"}
# A region or country is context, unless a rule says how it is hit.
WIDE_EFFECTS = {
    ("government_restriction", "region"), ("season", "region"), ("season", "country"),
}  # fmt: skip
EFFECTIVE = sorted(set(choices("kind")) - WITHOUT_EFFECT)

PLAIN = {"basis": "*", "scope": "*", "commodity": "*", "hits": "stretch", "reason": "made up",
         "source": "assumption"}  # fmt: skip


def made(*rows):
    """Rules of rows of cells; the best value of a quantity stands for low and high too."""
    full = []
    for number, row in enumerate(rows):
        cells = {**PLAIN, "rule": f"R{number}", **row}
        for name in ("capacity_factor", "delay_h", "loss_prob", "duration_days"):
            if name in cells:
                value = cells.pop(name)
                cells.update({f"{name}_{end}": value for end in ("low", "best", "high")})
        full.append(cells)
    return Rules(table_from_cells(full, "impact_rules", file="rules.csv"))


def names(found):
    """The ids of rules."""
    return [rule.rule for rule in found]


def test_closest_rule_wins_kind_before_basis_before_scope():
    """A rule that names the kind beats one that names basis and scope."""
    some = made(
        {"kind": "*"},
        {"kind": "*", "basis": "reported", "scope": "segment"},
        {"kind": "ambush"},
        {"kind": "ambush", "scope": "segment"},
    )
    assert names(some.matching("ambush", "reported", "segment", "all")) == ["R3"]
    assert names(some.matching("ambush", "reported", "point", "all")) == ["R2"]
    assert names(some.matching("hijack", "reported", "segment", "all")) == ["R1"]
    assert names(some.matching("hijack", "none", "segment", "all")) == ["R0"]


def test_deeper_commodity_is_closer():
    """For a diesel report: diesel before fuel before all before any."""
    some = made(*({"kind": "ambush", "commodity": name} for name in ("*", "all", "fuel", "diesel")))
    for commodity, rule in (("diesel", "R3"), ("petrol", "R2"), ("goods", "R1"), ("all", "R1")):
        assert names(some.matching("ambush", "reported", "point", commodity)) == [rule]


def test_both_phases_of_the_closest_rule():
    """During and after come together."""
    some = made({"kind": "ambush"}, {"kind": "ambush", "phase": "after"}, {"kind": "*"})
    assert names(some.matching("ambush", "reported", "point", "all")) == ["R0", "R1"]


def test_region_rows_are_context_unless_a_rule_names_the_scope():
    """A `*` scope does not reach reports placed no finer than a region or country."""
    some = made({"kind": "ambush"}, {"kind": "ambush", "scope": "region"})
    assert names(some.matching("ambush", "reported", "region", "all")) == ["R1"]
    assert some.matching("ambush", "reported", "country", "all") == ()


def test_region_report_closes_no_road_under_the_bundled_rules():
    """ "Roads in Inland are closed" is context: no road is named."""
    day = on("2025-01-10", told(scope="region", region="Inland"))
    assert set(day.state.status) == {0}
    assert set(day.state.last_report) == {None}


def test_no_rule_means_context():
    """A report that no rule fits is kept and does nothing."""
    day = on("2025-01-10", told(), rules=made({"kind": "ambush"}))
    assert set(day.state.status) == {0}


def expected_effect(kind, scope):
    """Tell whether a report of an effect, of that kind and so placed, is meant to have one."""
    if scope in {"region", "country"}:
        return (kind, scope) in WIDE_EFFECTS
    return kind in EFFECTIVE and not (scope == "point" and kind in CONTEXT_AT_A_POINT)


def test_a_report_of_an_effect_has_one_whatever_its_basis_scope_and_commodity():
    """Reported or assumed, a kind has an effect, unless it is listed as meant to have none."""
    wrong = []
    ways = product(choices("kind"), ("reported", "assumed"), choices("scope"), choices("commodity"))
    for kind, basis, scope, commodity in ways:
        found = rules().matching(kind, basis, scope, commodity)
        assert found, (kind, basis, scope, commodity)
        acts = any(rule.hits != "context" for rule in found)
        if acts != expected_effect(kind, scope):
            wrong.append((kind, basis, scope, commodity, names(found)))
    assert wrong == []


def test_what_is_only_declared_or_told_without_effect_has_none():
    """ "Declared: this alone changes nothing. None: no effect on roads." """
    ways = product(choices("kind"), ("declared", "none"), choices("scope"), choices("commodity"))
    acting = [
        (way, rule.rule)
        for way in ways
        for rule in rules().matching(*way)
        if rule.hits != "context"
    ]
    assert acting == []


def test_a_kind_without_effect_is_named_by_a_rule_that_says_why():
    """So that a kind is not without effect because nobody thought of it."""
    named = {rule.kind for rule in rules() if rule.hits == "context"}
    assert named - CONTEXT_AT_A_POINT == WITHOUT_EFFECT | {"*"}


@pytest.mark.parametrize("basis", ["reported", "assumed"])
@pytest.mark.parametrize("kind", EFFECTIVE)
def test_each_kind_changes_the_roads_or_the_supply_where_it_is_placed(kind, basis):
    """At the port and its southern road (slower in the rains), each kind changes something."""
    place = {"nodes": "port", "edges": "south--bridge" if kind == "season" else "port--south"}
    day = on("2025-01-10", told(kind=kind, basis=basis, **place))
    base = on("2025-01-10")
    changed = [
        name
        for name in ("status", "capacity_factor", "delay_h", "loss_prob", "supply_factor")
        if list(getattr(day.state, name)) != list(getattr(base.state, name))
    ]
    assert changed


def test_reported_and_assumed_are_taken_to_do_the_same():
    """What a report is taken to do rests on what happened, not on who says that it follows."""
    for kind, scope, commodity in product(choices("kind"), choices("scope"), choices("commodity")):
        reported, assumed = (
            [
                replace(rule, rule="", basis="")
                for rule in rules().matching(kind, basis, scope, commodity)
            ]
            for basis in ("reported", "assumed")
        )
        assert reported == assumed, (kind, scope, commodity)


def test_two_rules_of_the_same_reports_are_refused():
    """Which of them would win cannot be told."""
    with pytest.raises(sr.errors.DataError, match="speaks of the same reports and phase as R0"):
        made({"kind": "ambush"}, {"kind": "ambush", "hits": "spot"})


def test_low_best_high_must_not_fall():
    """Best below low is refused, with the row."""
    row = {"kind": "ambush", "delay_h_low": "5", "delay_h_best": "4", "delay_h_high": "6"}
    with pytest.raises(sr.errors.DataError, match="must not fall"):
        made(row)


def test_replacing_changes_best_values_in_a_copy():
    """R30 closes a road; at capacity 0.4 the road carries that."""
    changed = rules().replacing({"R30": {"capacity_factor": 0.4, "duration_days": None}})
    assert (changed["R30"].capacity_factor_best, changed["R30"].duration_days_best) == (0.4, None)
    assert rules()["R30"].capacity_factor_best == 0
    assert changed != rules()
    state = arc(on("2025-01-10", told(), rules=changed), "port", "north")
    assert (state["capacity_factor"], state["status"]) == (0.4, "closed")


def test_replacing_refuses_what_makes_no_sense():
    """Unknown rules and quantities, and values out of range, name what is wrong."""
    with pytest.raises(sr.errors.UnknownIdError, match="no impact rule is called 'R3O'"):
        rules().replacing({"R3O": {"capacity_factor": 0.4}})
    with pytest.raises(sr.errors.RequestError, match="did you mean capacity_factor"):
        rules().replacing({"R30": {"capacity": 0.4}})
    for value in (-0.1, 1.1, float("nan"), None):
        with pytest.raises(sr.errors.RequestError):
            rules().replacing({"R30": {"capacity_factor": value}})


def test_rules_are_listed_in_order_and_as_a_table():
    """One row a rule, by id."""
    some = rules()
    assert len(some) == len(list(some)) == len(some.frame())
    assert list(some.frame().index) == sorted(rule.rule for rule in some)
    assert (some == 3) is False


def test_a_curfew_leaves_at_least_an_hour_of_the_day():
    """24 hours without movement would divide by nothing: refused, in the table and as a change."""
    with pytest.raises(sr.errors.RequestError, match="between 0 and 23"):
        rules().replacing({"R52": {"delay_h": 24}})


def test_a_changed_rule_keeps_its_range_in_order():
    """A best value beyond the range widens it, so that the rules can be written and read."""
    changed = rules().replacing({"R30": {"capacity_factor": 0.9}, "R02": {"duration_days": 3}})
    assert (changed["R30"].capacity_factor_low, changed["R30"].capacity_factor_high) == (0, 0.9)
    assert (changed["R02"].duration_days_low, changed["R02"].duration_days_high) == (3, None)
