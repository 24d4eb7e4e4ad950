"""What a comparison says made the difference, did: proven against the networks themselves."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.isolation import STATES
from tests.strategies import cases, commodities, days

lots = settings(max_examples=300, deadline=None)
some = settings(max_examples=80, deadline=None)
PAIRED = ("state", "approaches", "approaches_free", "travel_time_h")
SHARED = ("name", "measure", "worse", "reason", "reports", "arcs", "lost_sources")


@some
@given(cases(max_events=5), days, commodities)
def test_a_network_does_not_differ_from_itself(case, day, commodity):
    """Nothing differs between two equal days, whatever they are called."""
    network, events = case.network(), case.reports()
    one, other = (sr.disrupt(network, events, at=day, commodity=commodity) for _ in "ab")
    result = sr.compare({"one": one, "other": other})
    assert result.differences.empty
    assert result.summary()["other"]["differ"] == 0


@some
@given(cases(max_events=6), days, days, commodities, commodities)
def test_swapping_reference_and_other_mirrors_the_differences(case, day, later, first, second):
    """The same towns differ for the same reasons; only the sides change places."""
    network, events = case.network(), case.reports()
    one = sr.disrupt(network, events, at=day, commodity=first)
    other = sr.disrupt(network, events, at=later, commodity=second)
    there = sr.compare({"one": one, "other": other}).differences.droplevel("entry")
    back = sr.compare({"other": other, "one": one}).differences.droplevel("entry")
    assert there.index.tolist() == back.index.tolist()
    for column in SHARED:
        assert there[column].tolist() == back[column].tolist(), column
    for column in PAIRED:
        assert there[column].equals(back[f"{column}_reference"].rename(column)), column


@lots
@given(cases(max_events=7), days, days)
def test_with_only_these_arcs_as_on_the_worse_side_the_town_is_as_badly_off(case, day, later):
    """The proof of every row, checked by putting its arcs and sources alone on the better day."""
    network, events = case.network(), case.reports()
    entries = {
        "first": sr.disrupt(network, events, at=day),
        "second": sr.disrupt(network, events.without(*list_of_half(events)), at=later),
    }
    for (node, _), row in sr.compare(entries).differences.iloc[:3].iterrows():
        worse = entries[row["worse"]]
        better = next(each for entry, each in entries.items() if entry != row["worse"])
        assert row["arcs"] or row["lost_sources"], node
        mixed = put_together(better, worse, row["arcs"], row["lost_sources"])
        told, bad, good = (
            sr.isolation(each, baseline=network).towns.loc[node] for each in (mixed, worse, better)
        )
        if row["measure"] == "state":
            assert STATES.index(told["state"]) >= STATES.index(bad["state"]), node
        elif row["measure"] == "time":
            assert not told["travel_time_h"] < good["travel_time_h"], node
        else:
            fewer = "approaches" if bad["approaches"] != good["approaches"] else "approaches_free"
            assert told[fewer] <= bad[fewer] or node_is_source(worse, better, node), node


def list_of_half(events):
    """Every second report."""
    return [report.event for report in events][::2]


def node_is_source(worse, better, node):
    """Whether the town is itself a source on one side only: then approaches do not compare."""
    number = worse.topology.node_index[node]
    return (number in worse.sources()) != (number in better.sources())


def put_together(better, worse, arcs, lost):
    """The better network with these arcs and sources as they are on the worse one."""
    top = better.topology
    state = better.state
    wanted = {arc for arc in range(len(top.tail)) if top.arc_name(arc) in arcs}
    sources = {top.node_index[node] for node in lost}
    columns = {
        name: [
            getattr(worse.state if place in chosen else state, name)[place]
            for place in range(len(getattr(state, name)))
        ]
        for names, chosen in (
            (("capacity_factor", "delay_h", "status", "reports", "delayed_by"), wanted),
            (("supply_factor", "node_reports"), sources),
        )
        for name in names
    }
    return better.asking(better.commodity, at=better.at, state=replace(state, **columns))


@lots
@given(cases(max_events=6), days, st.integers(0, 9))
def test_a_report_taken_away_is_the_one_that_made_the_difference(case, day, which):
    """Without links between reports, leaving one out names just that one, everywhere."""
    network, events = case.network(), case.reports()
    unlinked = sr.Events([replace(report, ends=(), amends=(), enforces=()) for report in events],
                         events.rules)  # fmt: skip
    gone = sorted(report.event for report in unlinked)[which % len(unlinked)]
    result = sr.compare(
        {
            "as it was": sr.disrupt(network, unlinked, at=day),
            "without": sr.disrupt(network, unlinked.without(gone), at=day),
        }
    )
    for (node, _), row in result.differences.iterrows():
        assert row["worse"] == "as it was", node
        assert (row["reason"], row["reports"]) == ("reports", (gone,)), node


@some
@given(cases(max_events=6), days, days)
def test_named_reports_are_on_the_arcs_of_the_worse_side_only(case, day, later):
    """Read from the states: every named report is there, and not on that arc of the other side."""
    network, events = case.network(), case.reports()
    entries = {str(n): sr.disrupt(network, events, at=at) for n, at in enumerate((day, later))}
    for _, row in sr.compare(entries).differences.iterrows():
        if row["reason"] != "reports":
            continue
        worse = entries[row["worse"]].state
        better = next(each.state for entry, each in entries.items() if entry != row["worse"])
        top = network.topology
        arcs = [arc for arc in range(len(top.tail)) if top.arc_name(arc) in row["arcs"]]
        nodes = [top.node_index[node] for node in row["lost_sources"]]
        for name in row["reports"]:
            on_arc = any(
                name in (*worse.reports[arc], *worse.delayed_by[arc])
                and not (name in better.reports[arc] and name in better.delayed_by[arc])
                for arc in arcs
            )
            assert on_arc or any(
                name in worse.node_reports[node] and name not in better.node_reports[node]
                for node in nodes
            )
