"""Laws 1 and 4: order, grouping and names do not matter; the base network is untouched."""

import pickle
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.core import State
from tests.strategies import cases, commodities, days, events_of, network_of

lots = settings(max_examples=1000, deadline=None)


@lots
@given(cases(max_events=6), days, commodities, st.randoms(use_true_random=False))
def test_law_1_order_of_events_does_not_matter_to_the_byte(case, day, commodity, chance):
    """The rows of the events table in any order leave the same bytes of state."""
    network = case.network()
    shuffled = chance.sample(case.events, len(case.events))
    one = sr.disrupt(network, events_of(case.events), at=day, commodity=commodity)
    two = sr.disrupt(network, events_of(shuffled), at=day, commodity=commodity)
    assert one.state == two.state
    assert pickle.dumps(one.state) == pickle.dumps(two.state)


@lots
@given(cases(max_events=6), days)
def test_law_1_order_of_the_towns_of_a_report_does_not_matter(case, day):
    """Named the other way round they are the same towns."""
    network = case.network()
    turned = [
        {**row, "nodes": ";".join(reversed(row.get("nodes", "").split(";")))} for row in case.events
    ]
    one = sr.disrupt(network, case.reports(), at=day)
    two = sr.disrupt(network, events_of(turned), at=day)
    assert one.state == two.state


@lots
@given(cases(max_events=6), days, st.integers(0, 6))
def test_law_1_base_network_is_untouched(case, day, commodity):
    """Disrupting leaves tables, state and view of the base network as they were."""
    network, fresh = case.network(), case.network()
    name = ("fuel", "diesel", "petrol", "jet", "goods", "bitumen", "all")[commodity]
    disrupted = sr.disrupt(network, case.reports(), at=day, commodity=name)
    sr.isolation(disrupted, baseline=network)
    assert network == fresh
    assert network.state == State.identity(2 * len(case.roads), len(case.towns))
    assert disrupted.topology is network.topology


@lots
@given(cases(), days, commodities)
def test_law_1_no_event_changes_nothing(case, day, commodity):
    """Without events every day is the identity."""
    network = case.network()
    disrupted = sr.disrupt(network, events_of([]), at=day, commodity=commodity)
    assert disrupted.state == State.identity(2 * len(case.roads), len(case.towns))
    assert set(sr.isolation(disrupted, baseline=network).towns["state"]) <= {
        "supplied",
        "not_on_network",
    }


@lots
@given(cases(max_events=6), days, st.integers(0, 63))
def test_law_1_grouping_of_events_does_not_matter(case, day, mask):
    """Two groups of unlinked reports of distinct incidents combine by (min, +, 1 - product)."""
    rows = [
        {**row, "incident": "", "ends": "", "amends": "", "enforces": ""} for row in case.events
    ]
    here = [row for place, row in enumerate(rows) if mask >> place & 1]
    there = [row for place, row in enumerate(rows) if not mask >> place & 1]
    network = case.network()
    one, two, both = (
        sr.disrupt(network, events_of(group), at=day).state for group in (here, there, rows)
    )
    for arc in range(len(both.status)):
        assert both.capacity_factor[arc] == min(one.capacity_factor[arc], two.capacity_factor[arc])
        total = one.delay_h[arc] + two.delay_h[arc]
        assert both.delay_h[arc] == pytest.approx(total, abs=1e-9)
        survival = (1 - one.loss_prob[arc]) * (1 - two.loss_prob[arc])
        assert 1 - both.loss_prob[arc] == pytest.approx(survival)
        worst = max(one.status[arc], two.status[arc])
        assert both.status[arc] == worst or max(both.status[arc], worst) <= 1


@lots
@given(cases(max_events=6))
def test_law_1_adding_one_by_one_equals_all_at_once(case):
    """`adding` reports one after the other gives the events of the whole table."""
    whole = case.reports()
    grown = events_of([])
    for row in case.events:
        grown = grown.adding(whole[row["event"]])
    assert grown == whole


@lots
@given(cases(max_events=5), days, st.integers(0, 2**32))
def test_law_4_m07_relabelling_and_reordering_permutes_answers_only(case, day, seed):
    """M7: towns, roads and reports under other names and in another order: the same answers."""
    chance = random.Random(seed)  # noqa: S311
    nodes = _renaming("n", [row["node"] for row in case.towns], chance)
    edges = _renaming("w", [row["edge"] for row in case.roads], chance)
    reports = _renaming("x", [row["event"] for row in case.events], chance)
    names = {**nodes, **edges, **reports}
    listed = ("node", "u", "v", "origin", "destination", "edge", "edges", "nodes", "event")
    links = ("ends", "amends", "enforces")

    def renamed(rows):
        new = [
            {
                column: ";".join(names.get(part, part) for part in cell.split(";"))
                if column in listed + links
                else cell
                for column, cell in row.items()
            }
            for row in rows
        ]
        return chance.sample(new, len(new))

    network = case.network()
    other = network_of(*(renamed(rows) for rows in (case.towns, case.roads, case.supply)),
                       corridors=renamed(case.corridors))  # fmt: skip
    one = sr.isolation(sr.disrupt(network, events_of(case.events), at=day), baseline=network)
    two = sr.isolation(sr.disrupt(other, events_of(renamed(case.events)), at=day), baseline=other)
    columns = ["state", "approaches", "approaches_free", "approaches_baseline"]
    times = ["travel_time_h", "free_time_h", "baseline_time_h", "detour_ratio"]
    for node in network.nodes.index:
        old, new = one.towns.loc[node], two.towns.loc[nodes[node]]
        assert old[columns].tolist() == new[columns].tolist()
        assert old[times].tolist() == pytest.approx(new[times].tolist(), nan_ok=True)
        assert {reports[name] for name in old["reports"]} == set(new["reports"])
        assert {_renamed_arc(arc, nodes, edges) for arc in one.cuts[node]} == set(
            two.cuts[nodes[node]]
        )
    assert sorted(edges[edge] for edge in one.unknown_roads) == sorted(two.unknown_roads)


def _renaming(letter, old, chance):
    """New names for old ones, in an order of their own."""
    new = [f"{letter}{number:02}" for number in range(len(old))]
    chance.shuffle(new)
    return dict(zip(old, new, strict=True))


def _renamed_arc(name, nodes, edges):
    """An arc of a cut under the new names."""
    ends, edge = name.rstrip(")").split(" (")
    tail, head = ends.split(">")
    return f"{nodes[tail]}>{nodes[head]} ({edges[edge]})"


@lots
@given(cases(max_events=5), days)
def test_law_4_a_second_run_gives_the_same_bytes(case, day):
    """Built anew from the same rows, the answer is the same text."""
    texts = []
    for _ in range(2):
        network = case.network()
        cut = sr.isolation(sr.disrupt(network, case.reports(), at=day), baseline=network)
        texts.append(repr(cut.to_dict()))
    assert texts[0] == texts[1]


@lots
@given(cases(max_events=6), days)
def test_told_three_times_counts_once(case, day):
    """Copies of a report under its incident change no number of the state."""
    whole = case.reports()
    copies = [
        replace(report, event=f"{report.event}-{turn}", incident=report.incident or report.event,
                ends=(), amends=(), enforces=())
        for report in whole
        for turn in (1, 2)
        if report.event not in whole.cut_on
    ]  # fmt: skip
    network = case.network()
    one = sr.disrupt(network, whole, at=day).state
    two = sr.disrupt(network, whole.adding(*copies), at=day).state
    for column in ("capacity_factor", "delay_h", "loss_prob", "supply_factor"):
        assert getattr(one, column) == getattr(two, column)
