"""Impact rules: the closest one is used, and changes are checked."""

import pytest

import supplyroutes as sr
from supplyroutes.schema import table_from_cells
from tests.strategies import rules
from tests.toy import arc, on, told

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
    return sr.Rules(table_from_cells(full, "impact_rules", file="rules.csv"))


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


def test_two_rules_of_the_same_reports_are_refused():
    """Which of them would win cannot be told."""
    with pytest.raises(sr.DataError, match="speaks of the same reports and phase as R0"):
        made({"kind": "ambush"}, {"kind": "ambush", "hits": "spot"})


def test_low_best_high_must_not_fall():
    """Best below low is refused, with the row."""
    row = {"kind": "ambush", "delay_h_low": "5", "delay_h_best": "4", "delay_h_high": "6"}
    with pytest.raises(sr.DataError, match="must not fall"):
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
    with pytest.raises(sr.UnknownIdError, match="no impact rule is called 'R3O'"):
        rules().replacing({"R3O": {"capacity_factor": 0.4}})
    with pytest.raises(sr.RequestError, match="did you mean capacity_factor"):
        rules().replacing({"R30": {"capacity": 0.4}})
    for value in (-0.1, 1.1, float("nan"), None):
        with pytest.raises(sr.RequestError):
            rules().replacing({"R30": {"capacity_factor": value}})


def test_rules_are_listed_in_order_and_as_a_table():
    """One row a rule, by id."""
    some = rules()
    assert len(some) == len(list(some)) == len(some.frame())
    assert list(some.frame().index) == sorted(rule.rule for rule in some)
    assert (some == 3) is False


def test_a_curfew_leaves_at_least_an_hour_of_the_day():
    """24 hours without movement would divide by nothing: refused, in the table and as a change."""
    with pytest.raises(sr.RequestError, match="between 0 and 23"):
        rules().replacing({"R52": {"delay_h": 24}})


def test_a_changed_rule_keeps_its_range_in_order():
    """A best value beyond the range widens it, so that the rules can be written and read."""
    changed = rules().replacing({"R30": {"capacity_factor": 0.9}, "R02": {"duration_days": 3}})
    assert (changed["R30"].capacity_factor_low, changed["R30"].capacity_factor_high) == (0, 0.9)
    assert (changed["R02"].duration_days_low, changed["R02"].duration_days_high) == (3, None)
