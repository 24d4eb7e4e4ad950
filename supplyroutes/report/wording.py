"""Results in words: what the screen and the report say the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words
from supplyroutes.commodities import covers
from supplyroutes.network import Network
from supplyroutes.overview import Situation

if TYPE_CHECKING:
    import pandas as pd

UNITS = {"capacity_factor": "share", "delay_h": "h", "loss_prob": "probability",
         "duration_days": "days"}  # fmt: skip
"""Units of the quantities of an impact rule."""
MOST_NAMES, MOST_ROADS = 12, 3
MOST_CAUSES = 2
MOST_STEP_NAMES = 6
MOST_PAIRS = 5
NOT_SUPPLIED = ("isolated", "strained")
COUNTED_STATES = (*NOT_SUPPLIED, "supplied", "not_on_network")
BAN = "blockade_declaration"
CLOSING = {"border_closure", "bridge_destroyed", "road_closed", "terminal_out", "town_siege"}
"""Kinds of reports after which nothing passes for more than a day."""
DASH = "\N{EN DASH}"
"""Stands where there is no value."""
PLACES_LIVED_IN = {"capital", "city", "town", "port", "mine"}


def commodity_word(words: Words, commodity: str) -> str:
    """Return the name of a commodity."""
    return words(f"map.commodity.{commodity}")


def counts_line(words: Words, now: Situation) -> str:
    """Return how many places of the case's country, and people, are in each state.

    A case holds towns of its neighbours too, whose fuel nobody blocks: counted in, they would
    hide how many places of the country itself are hit.
    """
    country = country_name(words, now.day.home_country)
    counts = home_counts(now)
    places = sum(number for number, _ in counts.values())
    if not has_source(now.day, now.commodity):
        return words("count.no_source", country=country, places=places)
    parts = {state: words.count(f"count.{state}", counts[state][0]) for state in COUNTED_STATES}
    for state in NOT_SUPPLIED:
        people = counts[state][1]
        if people:
            told = words.count("count.people", people)
            parts[state] = words("count.with_people", towns=parts[state], people=told)
    return words("count.places", country=country, places=places, **parts)


def home_counts(now: Situation) -> dict[str, tuple[int, int]]:
    """Return how many places of the case's country, and people, are in each state."""
    towns = now.isolation.towns
    home = now.day.home_country
    if home is not None:
        towns = towns[towns["country"] == home]
    counts = towns["state"].value_counts()
    living = towns.groupby("state")["population"].sum()
    return {
        state: (int(counts.get(state, 0)), int(living.get(state, 0))) for state in COUNTED_STATES
    }


def at_home(now: Situation, nodes: pd.Index[Any]) -> pd.Series[Any]:
    """Return for each of the places whether it lies in the case's country."""
    home, country = now.day.home_country, now.isolation.towns["country"].reindex(nodes)
    return country.notna() if home is None else country == home


def has_source(network: Network, commodity: str) -> bool:
    """Tell whether a source of a commodity is recorded, in service or not."""
    supply = network.tables.supply.columns
    amounts = zip(supply["commodity"], supply["supply_m3_per_day_best"], strict=True)
    return any(
        amount > 0 and (covers(goods, commodity) or covers(commodity, goods))
        for goods, amount in amounts
    )


def recorded_uses(network: Network, commodity: str) -> list[str]:
    """Return the commodities whose recorded use counts as that of a commodity, in order.

    A wider one than that which is asked for is taken whole: its amounts are too high then.
    """
    demand = network.tables.demand.columns
    amounts = zip(demand["commodity"], demand["demand_m3_per_day_best"], strict=True)
    return sorted(
        {
            goods
            for goods, amount in amounts
            if amount > 0 and (covers(goods, commodity) or covers(commodity, goods))
        }
    )


def wider_use(words: Words, network: Network, commodity: str) -> list[str]:
    """Return, if it is so, that amounts are those of a wider commodity than the one asked for."""
    wider = [used for used in recorded_uses(network, commodity) if not covers(commodity, used)]
    told = ", ".join(commodity_word(words, used).lower() for used in wider)
    asked = commodity_word(words, commodity)
    return [words("report.taken_whole", commodity=asked, wider=told)] if wider else []


def country_name(words: Words, code: str | None) -> str:
    """Return the name of a country, or its code where the catalogue does not know it."""
    if code is None:
        return words("count.everywhere")
    key = f"map.country.{code}"
    return words(key) if key in words else code


def state_word(words: Words, row: pd.Series[Any]) -> str:
    """Return the state of a town, marked if the way that proves it uses an unknown road."""
    state = words(f"state.{row['state']}")
    return words("state.doubtful", state=state) if row["relies_on_unknown"] else state


def unknown_on_way(now: Situation, node: str) -> list[str]:
    """Return the names of the roads of unknown state on the way that proves a town's state."""
    unknown = set(now.isolation.unknown_roads)
    return [road_name(now.day, edge) for edge in now.isolation.paths[node] if edge in unknown]


def doubtful_line(words: Words, now: Situation) -> list[str]:
    """Return, if there are any, the places that count as supplied over roads of unknown state."""
    towns = now.isolation.towns
    shown = towns[towns["relies_on_unknown"] & (towns["state"] == "supplied") & lived_in(now)]
    if shown.empty:
        return []
    order = shown.assign(people=shown["population"].fillna(0))
    names = order.sort_values("people", ascending=False, kind="stable")["name"]
    told = listing(words, names, most=MOST_NAMES)
    return [words.count("report.doubtful", len(names), names=told)]


def source_name(now: Situation, row: pd.Series[Any]) -> str:
    """Return the name of the source at the start of a town's path, or a dash if none reaches it."""
    source = row["path_source"]
    return now.day.name(source) if isinstance(source, str) else DASH


def cause(words: Words, now: Situation, row: pd.Series[Any]) -> str:
    """Return the cause of the state of a town and how many more reports there are.

    The cause of an isolated town is a report that by its kind closes a road; of another town a
    ban that is enforced; else the report that acts on most of the cut.
    """
    reports = list(row["reports"])
    if not reports:
        return words("cause.none")
    wanted = CLOSING if row["state"] == "isolated" else {BAN}
    event = next((name for name in reports if now.reports.loc[name, "kind"] in wanted), reports[0])
    first = report_words(words, now, event)
    more = len(reports) - 1
    return words("cause.more", first=first, count=more) if more else first


def report_words(words: Words, now: Situation, event: str) -> str:
    """Return a report in force as its kind and its id; a ban in force is an enforced one."""
    kind = str(now.reports.loc[event, "kind"])
    told = words(f"kind.{'enforced' if kind == BAN else kind}")
    return words("cause.first", kind=told, event=event)


def made_difference(words: Words, worse: Situation, row: pd.Series[Any]) -> str:
    """Return what made the difference of a town: reports with kind and id, or another reason."""
    reports = [report_words(words, worse, event) for event in row["reports"]]
    told = listing(words, reports, most=MOST_CAUSES)
    return words(f"compare.reason.{row['reason'].replace(' ', '_')}", reports=told)


def affected_km(words: Words, row: pd.Series[Any]) -> str:
    """Return how many km of a corridor are not open, and how long it is."""
    return f"{words.number(row['affected_km'])} / {words.number(row['length_km'])}"


def assumed_lines(words: Words, now: Situation) -> list[str]:
    """Return what is assumed of single reports: ends, after-effects, spots, who is right."""
    told = {"ends": now.assumed_ends, "afters": now.assumed_afters, "spots": now.assumed_spots}
    lines = [
        words(f"run.assumed_{key}", events=", ".join(events))
        for key, events in told.items()
        if events
    ]
    pairs = [
        words(
            "run.contradiction" if now.commodity in pair.closed_for else "run.contradiction_apart",
            closing=pair.closing,
            opening=pair.opening,
            road=road_name(now.day, pair.place),
        )
        for pair in now.contradictions[:MOST_PAIRS]
    ]
    rest = len(now.contradictions) - len(pairs)
    return [*lines, *pairs, *([words.count("run.more_contradictions", rest)] if rest > 0 else [])]


def last_report(words: Words, row: pd.Series[Any]) -> str:
    """Return what was last reported of a corridor, and how old that is."""
    event, on, age = row["last_report"], row["last_report_on"], row["last_report_age_days"]
    if not isinstance(event, str):
        return words("age.none")
    old = age_word(words, int(age))
    if row["stale"]:
        old = words("age.old", age=old)
    return f"{event}, {on} ({old})"


def old_news(words: Words, now: Situation) -> str | None:
    """Return a warning if the last report known is old on the day."""
    if now.known_until is None:
        return None
    age = (now.at - now.known_until).days
    if age <= now.day.assumptions["stale_report_days"].best:
        return None
    return words("run.old", age=age_word(words, age))


def age_word(words: Words, days: int) -> str:
    """Return the age of a report."""
    if days == 0:
        return words("age.today")
    return words.count("age.days", days)


def affected_towns(now: Situation) -> pd.DataFrame:
    """Return the towns that are isolated or strained: isolated first, then by population.

    Junctions and border posts without people of their own are left out.
    """
    towns = now.isolation.towns
    shown = towns[towns["state"].isin(NOT_SUPPLIED) & lived_in(now)]
    shown = shown.assign(people=shown["population"].fillna(0))
    return shown.sort_values(["state", "people"], ascending=[True, False], kind="stable")


def unlisted(now: Situation) -> int:
    """Return how many junctions and posts are isolated or strained: no table lists them."""
    towns = now.isolation.towns
    return int((towns["state"].isin(NOT_SUPPLIED) & ~lived_in(now)).sum())


def lived_in(now: Situation) -> pd.Series[Any]:
    """Return for every town whether people live there: junctions and posts are not told of."""
    import pandas as pd

    towns = now.isolation.towns
    roles = now.day.tables.towns.columns["roles"]
    named = [bool(PLACES_LIVED_IN.intersection(role)) for role in roles]
    return towns["population"].notna() | pd.Series(named, index=towns.index)


def approaches(row: pd.Series[Any]) -> str:
    """Return the ways in: free now / open now / at baseline."""
    return f"{row['approaches_free']} / {row['approaches']} / {row['approaches_baseline']}"


def hours(words: Words, value: Any) -> str:
    """Return hours, or a dash where there is no way."""
    return DASH if value is None or value != value else words.number(value, 1)  # noqa: PLR0124


def people(words: Words, value: Any) -> str:
    """Return a number of people, or a dash where it is not known."""
    return DASH if value is None or value != value else words.number(value)  # noqa: PLR0124


def figure(words: Words, value: Any) -> str:
    """Return a number with the decimals it has, or a dash where there is no limit."""
    if value is None or value != value:  # noqa: PLR0124
        return DASH
    digits = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return words.number(value, digits)


def measured(words: Words, value: Any, unit: str) -> str:
    """Return a number with its unit: shares and probabilities in percent; none is no limit."""
    if value is None or value != value:  # noqa: PLR0124
        return words("report.never")
    if unit in {"share", "probability"}:
        return words("text.percent", value=figure(words, 100 * value))
    key = f"unit.{unit.partition(' ')[0]}"  # "days when no end is known" are days
    told = words(key) if key in words else unit
    return words("assumption.value", value=figure(words, value), unit=told)


def assumption_label(words: Words, name: str) -> str:
    """Return what an assumption is about, with its key."""
    key = f"assumption.{name}"
    return words("assumption.keyed", label=words(key), key=name) if key in words else name


def rule_label(words: Words, rule: str, row: pd.Series[Any]) -> str:
    """Return which reports an impact rule reads, with its id; `row` has kind, basis and phase."""
    kind = f"kind.{'enforced' if row['basis'] == 'enforced' else row['kind']}"
    if kind not in words:
        return rule
    phase = "assumption.rule_after" if row["phase"] == "after" else "assumption.rule"
    label = words(phase, kind=words(kind))
    return words("assumption.keyed", label=label[0].upper() + label[1:], key=rule)


def day_or_dash(day: date | None) -> str:
    """Return a day, or a dash."""
    return DASH if day is None or day != day else str(day)  # noqa: PLR0124


def span(row: pd.Series[Any]) -> str:
    """Return the days of a report: one, from one to another, or from one on."""
    start, end = str(row["start"]), day_or_dash(row["end"])
    if end == DASH:
        return f"{start} {DASH}"
    return start if start == end else f"{start} {DASH} {end}"


def since(words: Words, now: Situation, node: Any) -> str:
    """Return the first day of the state of a town; "about" if no report dates it to the day."""
    day, exact = since_day(now, node)
    return str(day) if exact else words("run.about", day=day)


def since_day(now: Situation, node: Any) -> tuple[date, bool]:
    """Return the first day of the state of a town, and whether a report dates it to the day."""
    day = now.since[node]
    begun = now.reports[now.reports["start"] == day]
    behind = begun[begun.index.isin(now.isolation.towns.loc[node, "reports"])]
    precision = (begun if behind.empty else behind)["date_precision"]
    return day, bool(precision.empty or precision.eq("day").any())


def parted(words: Words, parts: Iterable[str]) -> str:
    """Return parts in a row, parted by semicolons: for parts that hold commas themselves."""
    return reduce(lambda one, two: words("text.then", first=one, second=two), parts)


def listing(words: Words, names: Iterable[str], *, most: int) -> str:
    """Return names in a row, the rest counted."""
    return words.listing(names, most=most)


def town_change_lines(words: Words, now: Situation) -> list[str]:
    """Return the towns that changed, one line for each change of state, the largest first."""
    towns = now.isolation.towns[lived_in(now)]
    order = towns.assign(people=towns["population"].fillna(0)).sort_values(
        "people", ascending=False, kind="stable"
    )
    changed: dict[tuple[str, str], list[str]] = {}
    steps = now.town_changes.set_index("node")
    for node in order.index[order.index.isin(steps.index)]:
        step = (str(steps["before"][node]), str(steps["after"][node]))
        changed.setdefault(step, []).append(str(order["name"][node]))
    return [
        words(
            "run.town_change",
            before=words(f"state.{before}"),
            after=words(f"state.{after}"),
            names=listing(words, names, most=MOST_NAMES),
        )
        for (before, after), names in sorted(changed.items())
    ]


def road_change_lines(words: Words, now: Situation) -> list[str]:
    """Return the roads whose state changed, one line for each change, with the reports behind."""
    changed: dict[tuple[str, str], list[str]] = {}
    for edge, before, after in now.road_changes.itertuples(index=False):
        road = road_name(now.day, edge)
        told = _told_of(now, edge)
        by = words("run.road_by", road=road, reports=", ".join(told)) if told else road
        changed.setdefault((before, after), []).append(by)
    return [
        words(
            "run.road_change",
            before=words(f"status.{before}"),
            after=words(f"status.{after}"),
            names=listing(words, roads, most=MOST_ROADS),
        )
        for (before, after), roads in sorted(changed.items())
    ]


def _told_of(now: Situation, edge: str) -> list[str]:
    """Return the reports behind the state of a road that began last, or the last one about it."""
    state, row = now.day.state, now.day.edge(edge)
    arcs = (2 * row, 2 * row + 1)
    behind = {name for arc in arcs for name in state.reports[arc] if name in now.reports.index}
    if not behind:
        return sorted({last[1] for arc in arcs if (last := state.last_report[arc])})[-1:]
    begun = now.reports["start"][sorted(behind)]
    return list(begun.index[begun == begun.max()])


def event_place(words: Words, network: Network | None, row: pd.Series[Any]) -> str:
    """Return where a report is, as finely as it says; ids where there is no network to name it."""
    named: tuple[tuple[str, Callable[[Any], str]], ...] = (
        ("corridor", partial(_ends_of, network)),
        ("nodes", network.name if network else str),
        ("edges", partial(road_name, network) if network else str),
    )
    for column, name in named:
        ids = list(row[column])
        if ids:
            more = f" +{len(ids) - 1}" if len(ids) > 1 else ""
            return f"{name(ids[0])}{more}"
    return country_name(words, row["region"]) if row["region"] else DASH


def _ends_of(network: Network | None, corridor: str) -> str:
    """Return a corridor by both ends of its name: Dakar - Bamako (RN1)."""
    columns = network.tables.corridors.columns if network else {"corridor": []}
    if corridor not in columns["corridor"]:
        return corridor
    places = columns["name"][columns["corridor"].index(corridor)].split(" - ")
    return f"{places[0]} - {places[-1]}" if len(places) > 1 else places[0]


def road_name(network: Network, edge: str) -> str:
    """Return the name of a road: the places at its ends, and its number where it has one."""
    roads = network.tables.roads.columns
    row = network.edge(edge)
    ends = " – ".join(network.name(roads[end][row]) for end in ("u", "v"))
    return f"{ends} ({roads['road_ref'][row]})" if roads["road_ref"][row] else ends


def path_words(now: Situation, node: str) -> str:
    """Return the places along the path that proves a town's state; empty if there is none."""
    roads = now.day.tables.roads.columns
    here = now.isolation.towns.loc[node, "path_source"]
    names = []
    for edge in now.isolation.paths[node]:
        names.append(now.day.name(str(here)))
        row = now.day.edge(edge)
        here = roads["v"][row] if roads["u"][row] == here else roads["u"][row]
    return " – ".join([*names, now.day.name(node)]) if names else ""


def flip_lines(
    words: Words, changes: Iterable[tuple[str, str, str]], towns: pd.DataFrame
) -> list[str]:
    """Return one line for each change of state: its towns, in the order of `towns`."""
    found = {node: (before, after) for node, before, after in changes}
    steps: dict[tuple[str, str], list[str]] = {}
    for node, name in towns["name"].items():
        if node in found:
            steps.setdefault(found[str(node)], []).append(name)
    return [
        words(
            "run.town_change",
            before=words(f"state.{before}"),
            after=words(f"state.{after}"),
            names=listing(words, names, most=MOST_STEP_NAMES),
        )
        for (before, after), names in sorted(steps.items())
    ]


def moved_number(words: Words, row: pd.Series[Any]) -> str:
    """Return the best value of an assumption and the one it is moved to, with their unit."""
    best, value = (measured(words, row[name], row["unit"]) for name in ("best", "value"))
    return words("sensitivity.value", best=best, value=value)


def number_label(words: Words, key: str, row: pd.Series[Any]) -> str:
    """Return what a number of the model is about: an assumption, or a quantity of a rule."""
    rule, dot, quantity = key.partition(".")
    if not dot:
        return assumption_label(words, key)
    name = words(f"quantity_name.{quantity}")
    return words("sensitivity.rule", rule=rule_label(words, rule, row), quantity=name)


def rules_used(now: Situation) -> list[str]:
    """Return the ids of the impact rules in use."""
    return sorted({str(key).partition(".")[0] for key in now.assumed.index if "." in str(key)})
