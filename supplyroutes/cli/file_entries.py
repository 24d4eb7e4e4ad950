"""Scenario files and files of results as entries that are set side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from supplyroutes.cli.choosing import Choice
from supplyroutes.cli.progress import told_progress
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.catalogue import Words
    from supplyroutes.overview import Situation
    from supplyroutes.scenario import Answer, Results, Scenario
    from supplyroutes.scenario.attribution import Attribution
    from supplyroutes.scenario.model import Analysis
    from supplyroutes.scenario.result_comparison import ResultComparison

RECORDED_ENTRY = "recorded"
SEVERAL = 2
"""Changes from which it can be asked which of them makes the difference."""


@dataclass(frozen=True)
class More:
    """What is asked for of files beyond states, flow and stocks."""

    outlook: bool
    shares: bool
    workers: int
    lang: str

    def check(self, *, of_files: bool) -> None:
        """Refuse what only files answer."""
        if not of_files and (self.outlook or self.shares):
            raise RequestError("--outlook and --shares need scenario files, or files of results")


@dataclass(frozen=True)
class Files:
    """What files answer: the entries by name, each with the results that it stands in."""

    entries: Mapping[str, tuple[Answer, Results]]
    whole: ResultComparison

    @property
    def situations(self) -> dict[str, Situation]:
        """How things stand in each entry."""
        return {name: answer.situation for name, (answer, _) in self.entries.items()}

    def supposed(self, entry: str, say: Words) -> list[str]:
        """Return what an entry supposes, in words."""
        from supplyroutes.report.changes import told_changes

        answer, results = self.entries[entry]
        return list(told_changes(results, answer, answer.changes, say))

    def labels(self, entry: str, say: Words) -> dict[str, str]:
        """Return the changes that an attribution tells apart in words, by their names there.

        A fleet, say, is one change there and several lines in words.
        """
        from supplyroutes.report.changes import told_changes
        from supplyroutes.scenario.atoms import atoms
        from supplyroutes.scenario.attribution import change_name
        from supplyroutes.scenario.merging import suppositions

        answer, results = self.entries[entry]
        found = {}
        told = list(atoms(suppositions(results.scenario)[answer.name]))
        for atom in told:
            alike = [other for other in told if other[0] == atom[0]]
            same = [change for change in answer.changes if change.kind == atom[0]]
            if len(alike) == len(same):  # in the same order
                same = [same[alike.index(atom)]]
            elif len(alike) > 1:
                same = [one for one in same if (one.name, one.quantity) == atom[1:]]
            words = "; ".join(told_changes(results, answer, same, say))
            found[change_name(atom)] = words or change_name(atom)
        return found


def whole_comparison(asked: Sequence[Choice], more: More) -> Files:
    """Return the recorded day beside what each file supposes: of one file, its what-ifs too.

    A scenario that asks of another day, commodity or case brings its own recorded day.
    """
    from supplyroutes.scenario.result_comparison import compared

    if not all(choice.is_file for choice in asked):
        raise RequestError(
            "say what to compare: --since DAY, scenario files, or --commodity several times"
        )
    stems = [_stem(choice) for choice in asked]
    entries: dict[str, tuple[Answer, Results]] = {}
    seen: list[tuple[object, ...]] = []
    for choice, stem in zip(asked, stems, strict=True):
        results = _results(choice, more)
        name = stem if stems.count(stem) == 1 and stem != RECORDED_ENTRY else str(choice.place)
        question = _question(results.scenario)
        if question not in seen:
            told = RECORDED_ENTRY if not seen else f"{RECORDED_ENTRY}:{name}"
            entries[told] = results.recorded, results
            seen.append(question)
        if results.main is not results.recorded:
            entries[name] = results.main, results
        if len(asked) == 1:
            others = [results.entries[what_if] for what_if in results.scenario.what_if]
            entries |= {_free(one.name, entries): (one, results) for one in others}
    answers = {name: answer for name, (answer, _) in entries.items()}
    whole = compared(
        answers,
        made={name: results.made for name, (_, results) in entries.items()},
        attributions=_attributions(entries, more) if more.shares else {},
    )
    return Files(entries, whole)


def _stem(choice: Choice) -> str:
    """Return the name of a file without its suffixes."""
    return str(choice.place and choice.place.name).partition(".")[0]


def _free(name: str, taken: object) -> str:
    """Return a name that no other entry has: that of a what-if may be that of the file."""
    return name if name not in taken else f"what_if.{name}"  # type: ignore[operator]


def _results(choice: Choice, more: More) -> Results:
    """Return the answers of a file, worked out or read."""
    if choice.is_saved:
        return choice.saved()
    from supplyroutes.scenario import run

    analyses: tuple[Analysis, ...] = ("flow", "stocks", "outlook")
    with told_progress(more.lang, "outlook.progress") as progress:
        return run(
            choice.scenario(),
            analyses=analyses if more.outlook else analyses[:2],
            workers=more.workers,
            progress=progress,
        )


def _attributions(entries: dict[str, tuple[Answer, Results]], more: More) -> dict[str, Attribution]:
    """Return how much each change makes, of entries that suppose several things.

    Only beside the recorded day of the same question: else the day or the case differs as well.
    """
    from supplyroutes.scenario.attribution import attribution
    from supplyroutes.scenario.made import input_digests

    (_, first), *_ = entries.values()
    found = {}
    for name, (answer, results) in entries.items():
        scenario = results.scenario
        if len(answer.changes) < SEVERAL or _question(scenario) != _question(first.scenario):
            continue
        if input_digests(scenario) != results.made.inputs:
            raise RequestError(
                f"{name}: --shares works out anew, but the tables are not those of the results; "
                "name the scenario file instead"
            )
        with told_progress(more.lang, "compare.shares_progress") as progress:
            found[name] = attribution(scenario, answer.name, progress=progress)
    return found


def _question(scenario: Scenario) -> tuple[object, ...]:
    """Return what two scenarios share if the recorded day of one is that of the other."""
    place = Path(scenario.folder).resolve() if scenario.folder else scenario.case
    return place, scenario.date, scenario.commodity, scenario.as_known_on, scenario.tracks
