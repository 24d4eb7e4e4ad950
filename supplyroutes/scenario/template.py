"""A scenario file to begin with: it runs as it is, and shows every key with its meaning."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from supplyroutes.analysis.stores.supply_days import AHEAD_DAYS, BACK_DAYS
from supplyroutes.catalogue import Words, words
from supplyroutes.reported import Report
from supplyroutes.scenario.changing import Case, recorded_case
from supplyroutes.scenario.keys import FileKey, file_keys
from supplyroutes.scenario.model import Scenario

WIDTH = 98
"""Columns of a comment, without its mark."""
_Block = tuple[str, Sequence[str]]
"""A key whose meaning is told, and the lines of the file that use it."""


def scenario_template(scenario: Scenario, *, file: str, folder: str = "", lang: str = "en") -> str:
    """Return the text of a scenario file for a case and a day, with every key that there is.

    Lines that begin with ``#`` and no blank are keys that may be used: taking that mark away from
    all of them leaves a file that fits the case. Their values are examples from the case.

    Parameters
    ----------
    scenario
        Case or folder, and the day.
    file
        Name of the file, for the lines that say how to use it.
    folder
        The folder as the file names it, relative to its own.
    lang
        Language of the comments, "en" or "fr".

    Returns
    -------
    text
        TOML.

    Raises
    ------
    DataError
        The case cannot be read.
    """
    say = words(lang)
    known = scenario.model_copy(update={"as_known_on": scenario.date})
    shown = _Shown(scenario, recorded_case(known), PurePath(file).stem, lang)
    keys = {key.name: key for key in file_keys()}
    name = shlex.quote(" ".join(file.split()))
    head = [_comment(say(f"scenario_file.{key}")) for key in ("head", "how", "try")]
    tongue = "" if lang == "en" else f" --lang {lang}"
    report = f"report {name} -o {shown.stem}.html{tongue}"
    commands = (f"scenario check {name}", f"run {name}{tongue}", report)
    parts = [
        "\n".join(["\n#\n".join(head), *(f"#   supplyroutes {line}" for line in commands)]),
        "\n".join(_first(scenario, folder, keys, say)),
        "\n".join(_told(_top(shown), keys, say)),
    ]
    for heading, blocks in (
        ("supposed", _supposed(shown)),
        ("named", _named(shown, say)),
        ("worked_out", _worked_out(shown)),
    ):
        parts.append(_heading(say(f"scenario_file.{heading}")))
        parts.append("\n".join(_told(blocks, keys, say)))
    return "\n\n".join(parts) + "\n"


def _first(
    scenario: Scenario, folder: str, keys: Mapping[str, FileKey], say: Words
) -> Iterator[str]:
    """Yield the keys that a scenario needs."""
    place, other = ("folder", "instead_case") if folder else ("case", "instead")
    title = toml_value(say("scenario_file.title"))
    yield from (_meaning(keys["title"], say), f"title = {title}", "")
    yield _meaning(keys[place], say)
    yield _comment(say(f"scenario_file.{other}"))
    yield f"{place} = {toml_value(folder or scenario.case)}"
    yield from ("", _meaning(keys["date"], say), f"date = {scenario.date.isoformat()}")


def _told(blocks: Iterator[_Block], keys: Mapping[str, FileKey], say: Words) -> Iterator[str]:
    """Yield keys that may be used, each after what it means; a table stands apart."""
    first = True
    for name, lines in blocks:
        if not first and (not lines or lines[0].startswith("[")):
            yield ""
        first = False
        yield _meaning(keys[name], say)
        yield from (f"#{line}" for line in lines)


def _meaning(key: FileKey, say: Words) -> str:
    """Return what a key means, with its default."""
    told = say(key.meaning)
    if key.default is not None:
        told = f"{told} {say('scenario_file.default', value=toml_value(key.default))}"
    return _comment(f"{key.name.rpartition('.')[2]}: {told}" if "." in key.name else told)


def _comment(text: str) -> str:
    """Return text as lines of a comment."""
    lines = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"# {line}" for line in lines)


def _heading(text: str) -> str:
    """Return a heading as a comment."""
    return f"# {text}\n# {'-' * len(text)}"


@dataclass(frozen=True)
class _Shown:
    """Names and numbers of the case to show keys with."""

    scenario: Scenario
    case: Case
    stem: str
    lang: str

    def day(self, days: int = 0) -> str:
        """Return the scenario's day, moved, as TOML."""
        return (self.scenario.date + timedelta(days=days)).isoformat()

    @property
    def reports(self) -> list[Report]:
        """Reports that no other hangs on: they may be removed or moved alone, the latest first."""
        tied = {other for report in self.case[1] for other in _links(report)}
        free = [one for one in self.case[1] if one.event not in tied and not _links(one)]
        return sorted(free, key=lambda report: report.start, reverse=True)

    @property
    def towns(self) -> list[str]:
        """The towns that use the commodity, the one that uses most first."""
        nodes = self.case[0].nodes
        use = nodes["demand_m3_per_day"]
        return [str(node) for node in use[use > 0].sort_values(ascending=False).index]

    @property
    def corridors(self) -> list[dict[str, object]]:
        """The corridors."""
        return list(self.case[0].tables.corridors.rows())

    @property
    def road(self) -> str:
        """The first road."""
        return self.case[0].topology.edge_ids[0]

    @property
    def rule(self) -> str:
        """A rule by which roads lose some of their capacity."""
        some = (rule.rule for rule in self.case[1].rules if 0 < rule.capacity_factor_best < 1)
        return next(some, "R02")


def _links(report: Report) -> tuple[str, ...]:
    """Return the reports that a report acts on."""
    return (*report.ends, *report.amends, *report.enforces)


def _top(shown: _Shown) -> Iterator[_Block]:
    """Yield the keys that stand above all tables."""
    yield "commodity", ['commodity = "fuel"']
    yield "as_known_on", [f"as_known_on = {shown.day()}"]
    yield "tracks", ["tracks = false"]
    yield "seed", ["seed = 1"]
    yield "season", ['season = "wet"']


def _supposed(shown: _Shown) -> Iterator[_Block]:
    """Yield the keys of what is supposed."""
    yield from _of_reports(shown)
    border = shown.case[0].assumptions["dwell_border_h"]
    yield "assumptions", ["[assumptions]", f"{border.key} = {toml_value(border.best)}"]
    yield "rules", [f"[rules.{shown.rule}]", "capacity_factor = 0.4"]
    town = toml_key(shown.towns[0] if shown.towns else "town")
    yield "demand_m3_per_day", ["[demand_m3_per_day]", f"{town} = 1000"]
    yield "stock_m3", ["[stock_m3]", f"{town} = 5000"]
    yield "fleet", ["[fleet]"]
    yield "fleet.tankers", ["tankers = 300"]
    yield "fleet.deterrence", ["deterrence = false"]
    yield "convoys", ["[convoys]"]
    yield "convoys.recorded", ["recorded = true"]
    yield "convoys.expected", ["expected = true"]
    yield "convoys.number_ratio", ["number_ratio = 1"]
    yield "convoys.size_ratio", ["size_ratio = 1"]
    yield "convoys.added", ["[[convoys.added]]"]
    corridor = shown.corridors[0] if shown.corridors else {"corridor": "X", "destination": "town"}
    yield "convoys.added.corridor", [f"corridor = {toml_value(corridor['corridor'])}"]
    yield "convoys.added.town", [f"town = {toml_value(corridor['destination'])}"]
    yield "convoys.added.tankers", ["tankers = 30"]
    yield "convoys.added.leaves", [f"leaves = {shown.day()}"]
    yield "policies", ["[policies]"]
    yield "policies.allocation", ['allocation = "priority"']
    yield "policies.policy", ['policy = "essential"']
    yield "policies.conduct", ['conduct = "wait"']


def _of_reports(shown: _Shown) -> Iterator[_Block]:
    """Yield the keys of reports removed, ended, moved and added."""
    names = [report.event for report in shown.reports] or ["E1"]
    yield "events", ["[events]"]
    yield "events.removed", [f"removed = {toml_value(names[:1])}"]
    yield "events.moved", ["[events.moved]"]
    yield "events.moved.days", [f"{toml_key(name)} = {{ days = 2 }}" for name in names[1:2]]
    yield "events.moved.start", []
    moved = {"start": shown.scenario.date, "end": shown.scenario.date + timedelta(days=5)}
    yield "events.moved.end", [f"{toml_key(name)} = {toml_value(moved)}" for name in names[2:3]]
    yield "events.ended", ["[[events.ended]]"]
    yield "events.ended.on", [f"on = {shown.day()}"]
    actor = Counter(one.actor for one in shown.case[1] if one.actor).most_common(1)
    actors = [name for name, _ in actor]
    places = (one.corridor for one in shown.case[1] if one.actor in actors and one.corridor)
    corridors = list(next(places, ()))
    yield "events.ended.kinds", ['kinds = ["road_closed", "convoy_attack"]']
    yield "events.ended.actors", [f"actors = {toml_value(actors)}"]
    yield "events.ended.corridors", [f"corridors = {toml_value(corridors)}"]
    yield (
        "events.added",
        [
            "[[events.added]]",
            'event = "WHATIF1"',
            f"start = {shown.day()}",
            'kind = "road_closed"',
            'basis = "assumed"',
            'scope = "segment"',
            f"edges = {toml_value([shown.road])}",
            "spot_known = true",
        ],
    )


def _named(shown: _Shown, say: Words) -> Iterator[_Block]:
    """Yield the keys of what-ifs and grids."""
    yield "what_if", ["[what_if.borders]"]
    yield "what_if.title", [f"title = {toml_value(say('scenario_file.what_if'))}"]
    yield "what_if.of", ['of = "scenario"', "assumptions = { dwell_border_h = 12 }"]
    grid = ['"assumptions.dwell_border_h" = [12, 24, 36]']
    yield "grid", ["[grid]", *grid, f'"rules.{shown.rule}.capacity_factor" = [0.2, 0.4]']


def _worked_out(shown: _Shown) -> Iterator[_Block]:
    """Yield the keys of analyses and outputs."""
    yield "analyses", ["[analyses]"]
    yield "analyses.only", ['only = ["flow", "paths", "stocks"]']
    yield "analyses.stocks", ["[analyses.stocks]"]
    yield "analyses.stocks.start", [f"start = {shown.day(-BACK_DAYS)}"]
    yield "analyses.stocks.end", [f"end = {shown.day(AHEAD_DAYS)}"]
    yield "analyses.paths", ["[analyses.paths]"]
    yield "analyses.paths.to", [f"to = {toml_value(shown.towns[:2])}"]
    yield "analyses.paths.k", ["k = 3"]
    yield "analyses.outlook", ["[analyses.outlook]"]
    yield "analyses.outlook.runs", ["runs = 40"]
    yield "analyses.roads", ["[analyses.roads]"]
    yield "analyses.roads.lost", ["lost = 2"]
    yield "analyses.roads.guarded", ["guarded = 2"]
    yield "outputs", ["[outputs]"]
    reports = [f"{shown.stem}.html", f"{shown.stem}.pdf"]
    yield "outputs.reports", [f"reports = {toml_value(reports)}"]
    yield "outputs.results", [f"results = {toml_value(f'{shown.stem}.results.json')}"]
    yield "outputs.lang", [f"lang = {toml_value(shown.lang)}"]


def toml_value(value: object) -> str:
    """Return a value as TOML.

    >>> toml_value({"on": date(2025, 10, 15), "kinds": ["ambush"]})
    '{ on = 2025-10-15, kinds = ["ambush"] }'
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        inside = (f"{toml_key(str(key))} = {toml_value(one)}" for key, one in value.items())
        return f"{{ {', '.join(inside)} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_value, value))}]"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def toml_key(name: str) -> str:
    """Return a key as TOML: in quotes if it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_value(name)
