"""What is known of the case must come out of the case: lengths, sources, states, links, sums.

The rows of ``outcomes.csv`` are only parsed here: those after 15 October 2025 are the hold-out
of a later back-test, and no test looks into them.
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import networkx as nx
import pytest

import supplyroutes as sr
from supplyroutes.analysis.history import isolation_history
from supplyroutes.dates import as_day
from supplyroutes.names import Hints
from supplyroutes.places import Gazetteer, RegionNames
from supplyroutes.schema import Table, read_table

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "data" / "mali"
SEEDS = ROOT / "seeds"

SOURCES = [
    "conakry", "cotonou", "dakar", "lome", "niamey", "nouakchott", "tema", "yamoussoukro"
]  # fmt: skip
OFF_THE_TANKER_NETWORK = {
    "abeibara", "aguelhok", "anderamboukane", "anefis", "anefis_jn", "balle", "bamba", "baroueli",
    "dilly", "dire", "fekola", "gourma_rharous", "in_khalil", "kalana", "kangaba", "kidal",
    "kirane", "lere", "loulo", "macina", "manantali", "menaka", "niafunke", "selingue", "syama",
    "tenenkou", "tessalit", "tinzaouaten", "tonka", "yelimane", "yorosso", "youwarou",
}  # fmt: skip
FOUNDING_REPORT = "bamako_2025_09"
FOUNDING_EVENTS = {
    "ML003", "ML022", "ML023", "ML027", "ML029", "ML032", "ML033", "ML036", "ML037"
}  # fmt: skip
TABLES = {
    "convoys", "corridors", "demand", "derivation", "events", "figures", "limits", "outcomes",
    "regions", "roads", "skill", "sources", "stocks", "supply", "towns",
}  # fmt: skip
# Tables of our own choices say why instead of how sure.
REASONED = {"derivation"}


@pytest.fixture(scope="module")
def case() -> tuple[sr.Network, sr.Events]:
    return sr.datasets.mali()


@pytest.fixture(scope="module")
def roads(case: tuple[sr.Network, sr.Events]) -> nx.MultiDiGraph:
    """The passable arcs of the undisturbed tanker network."""
    graph = case[0].to_networkx()
    graph.remove_edges_from(
        [
            (u, v, key)
            for u, v, key, passable in graph.edges(keys=True, data="passable")
            if not passable
        ]
    )
    return graph


# --- lengths -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("town", "km"),
    [
        ("kayes", 612), ("segou", 235), ("gao", 1192), ("mopti", 635), ("abidjan", 1200),
        ("sikasso", 364),
    ],
)  # fmt: skip
def test_published_distances_along_the_fastest_truck_route(
    roads: nx.MultiDiGraph, town: str, km: float
) -> None:
    path = nx.dijkstra_path(roads, "bamako", town, weight="time_h")
    length = sum(
        min(roads[u][v].values(), key=lambda road: road["time_h"])["length_km"]
        for u, v in nx.utils.pairwise(path)
    )
    assert length == pytest.approx(km, rel=0.03)


def test_trucks_take_the_longer_road_to_kayes(case: tuple[sr.Network, sr.Events]) -> None:
    graph = case[0].to_networkx()  # tracks too: the shortest way is one, by Manantali
    shortest = nx.dijkstra_path(graph, "bamako", "kayes", weight="length_km")
    assert "manantali" in shortest
    assert nx.path_weight(nx.DiGraph(graph), shortest, "length_km") < 560


# --- before the blockade -----------------------------------------------------------------------


def test_nobody_is_isolated_before_may_and_every_strain_has_its_report(
    case: tuple[sr.Network, sr.Events],
) -> None:
    network, events = case
    days = sr.timeline(network, events, start="2025-01-01", end="2025-04-30")
    by_dated: set[tuple[str, str]] = set()
    for day, state in days:
        if days.same_as_before(day):
            continue
        towns = sr.isolation(state, baseline=network, approaches=False).towns
        assert "isolated" not in set(towns["state"]), day
        strained = towns.loc[towns["state"] == "strained", "reports"]
        for town, reports in strained.items():
            assert reports, f"{town} is strained on {day} and no report says why"
            dated = {name for name in reports if not name.startswith("SC")}
            assert all(events[name].start <= day for name in reports)
            by_dated |= {(str(town), name) for name in dated}
    # The one dated report of these months: fuel held back on its way to three towns.
    assert by_dated == {(town, "ML001") for town in ("bandiagara", "bankass", "koro")}


def test_fuel_held_back_towards_three_towns_strains_all_three(
    case: tuple[sr.Network, sr.Events],
) -> None:
    """ML001: transport towards Bandiagara, Koro and Bankass was limited, not what leaves them."""
    network, events = case
    day = sr.disrupt(network, events, at="2025-03-25")
    named = ("bandiagara", "bankass", "koro")
    towns = sr.isolation(day, baseline=network, approaches=False).towns
    assert towns.loc[list(named), "state"].tolist() == ["strained"] * 3
    top = day.topology
    for arc, reports in enumerate(day.state.reports):
        assert ("ML001" in reports) == (top.node_ids[top.head[arc]] in named)


def test_standing_conditions_alone_isolate_nobody(case: tuple[sr.Network, sr.Events]) -> None:
    network, events = case
    dated = [report.event for report in events if not report.event.startswith("SC")]
    standing = events.without(*dated)
    assert len(standing) == 6
    day = sr.disrupt(network, standing, at="2025-08-15")
    summary = sr.isolation(day, baseline=network, approaches=False).summary()
    assert summary["isolated"] == 0


# --- during it ---------------------------------------------------------------------------------


def test_kayes_is_never_isolated(case: tuple[sr.Network, sr.Events]) -> None:
    """Kayes lies upstream on the Dakar road: it is fed although Kayes-Bamako is held."""
    days = sr.timeline(*case, start="2025-09-03", end="2025-11-30")
    states = isolation_history(days).states
    assert len(states) == 89
    assert "isolated" not in set(states["kayes"])


def test_declarations_alone_change_nothing(case: tuple[sr.Network, sr.Events]) -> None:
    network, events = case
    others = [report.event for report in events if report.event not in {"ML022", "ML023"}]
    declared = events.without(*others)
    assert [report.event for report in declared] == ["ML022", "ML023"]
    day = sr.disrupt(network, declared, at="2025-10-15")
    state, base = day.state, network.state
    for what in ("capacity_factor", "delay_h", "loss_prob", "status", "supply_factor"):
        assert list(getattr(state, what)) == list(getattr(base, what)), what
    towns = sr.isolation(day, baseline=network).towns
    undisturbed = sr.isolation(network).towns
    assert towns.equals(undisturbed)


# --- who is on the network, and who feeds it ---------------------------------------------------


def test_places_off_the_tanker_network(case: tuple[sr.Network, sr.Events]) -> None:
    towns = sr.isolation(case[0], approaches=False).towns
    off = towns[(towns["state"] == "not_on_network") & (towns["country"] == "MLI")]
    assert set(off.index) == OFF_THE_TANKER_NETWORK
    assert len(off) == 32


def test_no_blockade_moves_a_place_off_the_network(case: tuple[sr.Network, sr.Events]) -> None:
    network, events = case
    day = sr.disrupt(network, events, at="2025-10-15")
    before = sr.isolation(network, approaches=False).towns["state"] == "not_on_network"
    after = sr.isolation(day, baseline=network, approaches=False).towns["state"]
    assert (before == (after == "not_on_network")).all()


def test_sources_are_exactly_the_rows_of_the_supply_table(
    case: tuple[sr.Network, sr.Events],
) -> None:
    network, _ = case
    ids = network.topology.node_ids
    assert [ids[node] for node in network.sources()] == SOURCES
    assert sorted(network.tables.supply.columns["node"]) == SOURCES


def test_a_depot_is_no_source_by_being_one(case: tuple[sr.Network, sr.Events]) -> None:
    """Storage is not supply. Yamoussoukro and Niamey are sources by their rows, which say why."""
    network, _ = case
    towns = network.tables.towns.columns
    depots = {
        node for node, roles in zip(towns["node"], towns["roles"], strict=True) if "depot" in roles
    }
    assert {"bamako", "kayes"} <= depots - set(SOURCES)
    supply = {row["node"]: row["kind"] for row in network.tables.supply.rows()}
    for node in depots & set(SOURCES):
        assert any(word in supply[node] for word in ("port", "fed by")), node
    in_mali = {
        node
        for node, country in zip(towns["node"], towns["country"], strict=True)
        if country == "MLI"
    }
    assert not in_mali & set(SOURCES)


# --- sums --------------------------------------------------------------------------------------


def number(table: Table, figure: str) -> float:
    return float(next(row["value"] for row in table.rows() if row["figure"] == figure))


def test_demand_adds_up_to_the_national_figures(case: tuple[sr.Network, sr.Events]) -> None:
    network, _ = case
    demand = network.tables.demand.columns
    figures = read_table(DATA / "figures.csv", "figures")
    given = {
        row["key"]: row["best"] for row in read_table(DATA / "derivation.csv", "derivation").rows()
    }
    low, best, high = (sum(demand[f"demand_m3_per_day_{end}"]) for end in ("low", "best", "high"))
    # F002: million litres a day without power plants; F003: million litres a year of the plants.
    assert best == pytest.approx(number(figures, "F002") * 1000 + number(figures, "F003") / 0.365,
                                 abs=2)  # fmt: skip
    # F001: imports of 2015 in tonnes.
    imports = number(figures, "F001") / given["density_t_per_m3"] / 365
    assert low == pytest.approx(imports, abs=2)
    assert high == pytest.approx(given["national_use_ceiling"], abs=2)


def test_demand_is_malian_and_half_to_two_thirds_of_it_is_bamako(
    case: tuple[sr.Network, sr.Events],
) -> None:
    nodes = case[0].nodes
    using = nodes[nodes["demand_m3_per_day"] > 0]
    assert set(using["country"]) == {"MLI"}
    share = nodes.loc["bamako", "demand_m3_per_day"] / using["demand_m3_per_day"].sum()
    assert 0.5 < share < 0.67


def test_derived_tables_are_current() -> None:
    command = [sys.executable, str(ROOT / "tools" / "derive_supply.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_the_page_of_shortages_is_current_and_keeps_the_hold_out() -> None:
    command = [sys.executable, str(ROOT / "tools" / "shortages.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    text = (ROOT / "docs" / "shortages.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\bMO[0-9]+\b", text))
    table = read_table(DATA / "outcomes.csv", "outcomes").columns
    held = {
        outcome
        for outcome, day in zip(table["outcome"], table["date"], strict=True)
        if day > date(2025, 10, 15)
    }
    assert held
    assert not shown & held
    # Every open observation is on the page: in the table, or left out by name.
    open_ones = set(table["outcome"]) - held
    assert shown == open_ones
    without_town = {"MO010", "MO019"}  # a region not named; the stock of the country
    rows = {line.split(" | ")[0].strip("| "): line for line in text.splitlines() if "| MO" in line}
    assert {name for name, line in rows.items() if "**no town named**" in line} == without_town


def test_the_base_map_is_the_one_of_the_manifest() -> None:
    content = (DATA / "basemap.geojson").read_bytes()
    manifest = json.loads((DATA / "basemap_manifest.json").read_text(encoding="utf-8"))
    assert manifest["result"]["file"] == "basemap.geojson"
    assert manifest["result"]["bytes"] == len(content)
    assert manifest["result"]["sha256"] == hashlib.sha256(content).hexdigest()
    shapes = json.loads(content)["features"]
    assert len(shapes) == sum(manifest["features"].values())


# --- tables ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_parses_and_names_its_sources(name: str) -> None:
    table = read_table(DATA / f"{name}.csv", name)
    assert len(table)
    if name in {"regions", "skill", "sources"}:
        return  # names; scores of our own forecasts; the list that the others cite
    for column in ("source", "reason" if name in REASONED else "confidence"):
        empty = [table.lines[row] for row, cell in enumerate(table.columns[column]) if not cell]
        assert not empty, f"{name}.csv: no {column} on lines {empty}"


@pytest.mark.parametrize("name", ["demand", "limits", "stocks", "supply"])
def test_what_rests_on_a_number_that_is_not_recorded_is_an_assumption(name: str) -> None:
    """derivation.csv holds every number that is not a recorded figure."""
    rows = read_table(DATA / f"{name}.csv", name).rows()
    wrong = [
        row for row in rows if "derivation.csv" in row["source"] and row["basis"] != "assumption"
    ]
    assert wrong == []


def test_no_table_is_forgotten() -> None:
    assert {path.stem for path in DATA.glob("*.csv")} == TABLES


def test_cited_sources_exist() -> None:
    known = set(read_table(DATA / "sources.csv", "sources").columns["source"])
    figures = read_table(DATA / "figures.csv", "figures")
    cited = {name for text in figures.columns["source"] for name in text.split(";") if name}
    assert {name for name in cited if name.startswith("S")} <= known


def test_outcomes_stand_at_towns_of_the_network(case: tuple[sr.Network, sr.Events]) -> None:
    nodes = set(case[0].topology.node_ids)
    table = read_table(DATA / "outcomes.csv", "outcomes")
    lines = [
        table.lines[row]
        for row, node in enumerate(table.columns["node"])
        if node and node not in nodes
    ]
    assert not lines


def test_regions_of_reports_are_regions_of_towns(case: tuple[sr.Network, sr.Events]) -> None:
    network, events = case
    towns = network.tables.towns.columns
    regions = {*towns["admin1"], *towns["country"], ""}
    assert {report.region for report in events} <= regions


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("Timbuktu", "Tombouctou"), ("Bandiagara", "Mopti"), ("Sikasso Region", "Sikasso"),
        ("Nioro", "Kayes"), ("Segou", "Ségou"), ("kayes", "Kayes"), ("Région de Ségou", "Ségou"),
        ("Mali", "MLI"),
    ],
)  # fmt: skip
def test_regions_go_by_every_name_in_use(
    case: tuple[sr.Network, sr.Events], told: str, meant: str
) -> None:
    network, _ = case
    assert RegionNames.of(network.tables).find(told) == meant
    places = Gazetteer(network)
    assert places.region_edges(told) == places.region_edges(meant) != frozenset()


def test_a_region_misspelt_is_looked_for_in_the_own_country_first(
    case: tuple[sr.Network, sr.Events],
) -> None:
    names = RegionNames.of(case[0].tables)
    assert names.find("Nior") is None
    assert names.unknown("Nior", Hints()).endswith("did you mean Nioro?")
    assert "did you mean Tambacounda?" in names.unknown("Tambacunda", Hints())


def test_every_place_of_a_report_is_on_the_network(case: tuple[sr.Network, sr.Events]) -> None:
    network, events = case
    for report in events:
        assert set(report.nodes) <= set(network.topology.node_ids)
        assert set(report.edges) <= set(network.topology.edge_ids)
        assert set(report.corridor) <= set(network.tables.corridors.columns["corridor"])


# --- seeds -------------------------------------------------------------------------------------


def statements() -> Iterator[dict[str, object]]:
    for path in sorted(SEEDS.glob("*/statements.csv")):
        yield from read_table(path, "statements").rows()


def test_statements_parse_and_belong_to_their_report() -> None:
    folders = [path for path in SEEDS.iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        report = tomllib.loads((folder / "report.toml").read_text(encoding="utf-8"))
        table = read_table(folder / "statements.csv", "statements")
        assert set(table.columns["report"]) == {report["id"]}
        assert all(name.startswith(f"{report['id']}_") for name in table.columns["statement"])
        assert isinstance(report["date"], date)
        assert report["text_reproduced"] is False


def test_statements_and_events_are_in_step(case: tuple[sr.Network, sr.Events]) -> None:
    _, events = case
    rows = list(statements())
    named: set[str] = set()
    for row in rows:
        ids = row["events"]
        assert isinstance(ids, tuple)
        assert all(event in events for event in ids), row["statement"]
        if row["kind"] == "event":
            assert ids, f"{row['statement']}: an event needs a row in events.csv"
            named |= set(ids)
    assert named == {report.event for report in events if report.seed}


def test_the_founding_report_is_whole() -> None:
    rows = {str(row["statement"]): row for row in statements() if row["report"] == FOUNDING_REPORT}
    events = [row["events"] for row in rows.values() if row["kind"] == "event"]
    assert {event for ids in events if isinstance(ids, tuple) for event in ids} == FOUNDING_EVENTS
    wanted = [f"bamako_2025_09_{number:02}" for number in range(1, 21)]
    assert set(wanted) <= set(rows)
    kinds = [rows[name]["kind"] for name in wanted]
    assert {kind: kinds.count(kind) for kind in ("event", "claim", "context")} == {
        "event": 10, "claim": 4, "context": 6
    }  # fmt: skip


def test_context_statements_are_answered_by_something_there_is(
    case: tuple[sr.Network, sr.Events],
) -> None:
    columns = set(sr.isolation(case[0]).towns.columns)
    answers = {str(row["answered_by"]) for row in statements() if row["answered_by"]}
    assert {"approaches", "isolation"} <= answers
    for answer in answers:
        assert answer in columns or answer in sr.__all__, answer


def test_a_report_may_not_be_used_before_it_was_known(
    case: tuple[sr.Network, sr.Events],
) -> None:
    _, events = case
    for day in ("2025-09-07", "2025-10-15"):
        known = events.known_by(day)
        assert all(report.known_on <= as_day(day) for report in known)
    assert "ML028" not in events.known_by("2025-09-30")  # told only on 7 October


def test_no_day_of_publication_is_made_up(case: tuple[sr.Network, sr.Events]) -> None:
    """Only the curfew among the standing conditions has one: that of the article (ML014)."""
    _, events = case
    told = {report.event: report.reported_on for report in events if report.event.startswith("SC")}
    assert {name for name, day in told.items() if day} == {"SC05"}
    assert told["SC05"] == events["ML014"].reported_on


def test_what_is_not_named_in_a_report_is_not_in_its_text(
    case: tuple[sr.Network, sr.Events],
) -> None:
    """SC02 holds on a fifth road by assumption: its note says so, its text does not."""
    report = case[1]["SC02"]
    assert "kouri--dedougou" in report.edges
    assert "Dedougou" not in report.text
    assert "Kouri-Dedougou" in report.conflict_note


def test_a_ban_eased_on_conditions_is_amended_not_ended(
    case: tuple[sr.Network, sr.Events],
) -> None:
    """ML063 lifts the ban on buses on conditions, which stay."""
    report = case[1]["ML063"]
    assert (report.ends, report.amends) == ((), ("ML026",))
