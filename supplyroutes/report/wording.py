"""Results in words: what the screen and the report say the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words
from supplyroutes.overview import Situation

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMES = 12
NOT_SUPPLIED = ("isolated", "strained")
DASH = "\N{EN DASH}"
"""Stands where there is no value."""
PLACES_LIVED_IN = {"capital", "city", "town", "port", "mine"}


def commodity_word(words: Words, commodity: str) -> str:
    """Return the name of a commodity."""
    return words(f"map.commodity.{commodity}")


def counts_line(words: Words, now: Situation) -> str:
    """Return how many towns, and people as far as they are counted, are in each state."""
    towns = now.isolation.towns[lived_in(now)]
    counts = towns["state"].value_counts()
    living = towns.groupby("state")["population"].sum()
    return words(
        "run.counts",
        isolated=words.number(counts.get("isolated", 0)),
        isolated_people=words.number(living.get("isolated", 0)),
        strained=words.number(counts.get("strained", 0)),
        strained_people=words.number(living.get("strained", 0)),
        supplied=words.number(counts.get("supplied", 0)),
        off=words.number(counts.get("not_on_network", 0)),
    )


def cause(words: Words, now: Situation, reports: Sequence[str]) -> str:
    """Return the cause of a state and how many more reports there are.

    The cause is a ban that is enforced, if one is behind the state; else the report that
    acts on most of the cut.
    """
    if not reports:
        return words("cause.none")
    bans = [event for event in reports if now.reports.loc[event, "kind"] == "blockade_declaration"]
    event = (bans or list(reports))[0]
    told = now.reports.loc[event]
    kind = "enforced" if told["kind"] == "blockade_declaration" else told["kind"]
    first = words("cause.one", kind=words(f"kind.{kind}"), event=event)
    more = len(reports) - 1
    return words("cause.more", first=first, count=more) if more else first


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
    return words("age.one") if days == 1 else words("age.days", count=words.number(days))


def affected_towns(now: Situation) -> pd.DataFrame:
    """Return the towns that are isolated or strained: isolated first, then by population.

    Junctions and border posts without people of their own are left out.
    """
    towns = now.isolation.towns
    shown = towns[towns["state"].isin(NOT_SUPPLIED) & lived_in(now)]
    shown = shown.assign(since=now.since[shown.index], people=shown["population"].fillna(0))
    return shown.sort_values(["state", "people"], ascending=[True, False], kind="stable")


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


def day_or_dash(day: date | None) -> str:
    """Return a day, or a dash."""
    return DASH if day is None or day != day else str(day)  # noqa: PLR0124


def listing(words: Words, names: Iterable[str], *, most: int) -> str:
    """Return names in a row, the rest counted."""
    given = list(names)
    text = ", ".join(given[:most])
    rest = len(given) - most
    return text if rest <= 0 else words("report.and_more", names=text, count=rest)


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


def road_change_lines(words: Words, now: Situation) -> str:
    """Return how many roads changed from which state to which."""
    changes = now.road_changes
    counts = Counter(zip(changes["before"], changes["after"], strict=True))
    return "; ".join(
        words(
            "run.road_change",
            count=words.number(counts[pair]),
            before=words(f"status.{pair[0]}"),
            after=words(f"status.{pair[1]}"),
        )
        for pair in sorted(counts)
    )


def rules_used(now: Situation) -> list[str]:
    """Return the ids of the impact rules in use."""
    return sorted({str(key).partition(".")[0] for key in now.assumed.index if "." in str(key)})
