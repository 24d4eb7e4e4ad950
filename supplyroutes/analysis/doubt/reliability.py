"""How sure the picture of a day is: the probability of each town's state under doubtful reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.doubt.causes import Causes, causes_of
from supplyroutes.analysis.doubt.chances import Answers, GivenUpError
from supplyroutes.analysis.doubt.information import value_of_information
from supplyroutes.analysis.doubt.pictures import likeliest
from supplyroutes.analysis.doubt.town_chances import EXACT, OFF, SAMPLED, TownChances
from supplyroutes.analysis.flows.flow_problem import by_node, needs_of
from supplyroutes.analysis.isolation import STATES, town_states
from supplyroutes.dates import as_day
from supplyroutes.disruption import disrupt
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

MOST_SAMPLES = 1 << 22
MOST_PICTURES = 10
"""Sets of towns told for each level."""
SEED = 20250904


@dataclass(frozen=True)
class Reliability:
    """Probabilities of the states of towns under doubtful reports; made by `reliability`.

    Attributes
    ----------
    at
        The day.
    commodity
        The commodity asked for.
    towns
        Index `node`; columns name, country, population, demand_m3_per_day, as_reported (the state
        if every report in force holds: that of `isolation`), likeliest (state), supplied_prob (a
        free way leads to it), strained_prob, isolated_prob (no open way), method (exact, sampled
        or off_network), supplied_low_prob and supplied_high_prob, isolated_low_prob and
        isolated_high_prob (95 % intervals; equal to the probability where it is exact),
        supplied_doubting_prob and supplied_trusting_prob, and the same for isolated: under the
        low and under the high probabilities of the table, that is if reports are doubted or
        trusted more (nan where sampled).
    causes
        Index `cause`, an incident: reports, true_prob, in_force_prob, holds_prob (both, at best),
        status (what is known of the end), age_days (of the last news; -1: it only shows a ban
        enforced) and roads (how many it hits).
    pictures
        The likeliest sets of towns that are hit together, and no other: level (not_supplied or
        isolated), towns, prob, people, and proven (no unlisted set is likelier).
    checks
        What to check first, the most worth first: reports and roads (a check of any of a row
        answers for all of it), true_prob (that the report holds, the road is not free),
        change_people and change_m3_per_day (people, and demand, whose state would be seen
        otherwise; expected), gain_people (people for whom the likeliest state would be right
        more often), if_true and if_not (towns whose likeliest state would be another: node,
        state now, state then). The value of perfect information.
    checks_method
        Whether pictures and checks are exact or sampled.
    expected
        Expected people and demand (m3 a day) that are isolated, and that are strained.
    samples
        Samples drawn; 0 if everything is exact.
    seed
        Seed of the samples.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> risk = sr.reliability(network, events, at="2025-01-12")
    >>> north = risk.towns.loc["north"]
    >>> round(float(north["supplied_prob"]), 6), north["method"]
    (0.313971, 'exact')
    """

    at: date | None
    commodity: str
    towns: pd.DataFrame
    causes: pd.DataFrame
    pictures: pd.DataFrame
    checks: pd.DataFrame
    checks_method: str
    expected: dict[str, float]
    samples: int
    seed: int

    def summary(self) -> dict[str, Any]:
        """Return how sure the picture is.

        Returns
        -------
        values
            causes (their number), exact and sampled (towns by method), in_doubt (towns of which
            no state is certain), samples, and the expected people and demand isolated and
            strained.
        """
        methods = self.towns["method"].value_counts()
        most = self.towns[[f"{state}_prob" for state in STATES[:3]]].max(axis=1)
        return {
            "causes": len(self.causes),
            "exact": int(methods.get(EXACT, 0)),
            "sampled": int(methods.get(SAMPLED, 0)),
            "in_doubt": int((most < 1).sum()),
            "samples": self.samples,
            **self.expected,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name, and the summary; tables as lists of rows, missing as None.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "sensitive": True,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "towns": records(self.towns),
            "causes": records(self.causes),
            "pictures": records(self.pictures.set_index("level")),
            "checks": records(self.checks.set_index("reports")),
            "checks_method": self.checks_method,
            "seed": self.seed,
        }

    def _repr_html_(self) -> str:
        """Return the towns in doubt, and what to check, as tables for notebooks."""
        from supplyroutes.displays import asked, html, listed

        columns = ["name", "supplied_prob", "strained_prob", "isolated_prob", "method"]
        shown = self.towns[self.towns["supplied_prob"] < 1]
        shown = shown.sort_values("population", ascending=False, kind="stable")
        checks = self.checks[["reports", "roads", "true_prob", "change_people", "gain_people"]]
        return html(
            f"{asked(self.commodity, self.at)}: {listed(self.summary())}",
            ("Towns that may not be supplied, the largest first (.towns)", shown[columns]),
            ("What to check first (.checks)", checks),
            digits=3,
        )


def reliability(
    network: Network,
    events: Events,
    *,
    at: str | date,
    commodity: str = "fuel",
    samples: int = 65_536,
    seed: int = SEED,
) -> Reliability:
    """Probability that each town is supplied, strained or isolated under doubtful reports.

    Each incident is true or not, and what is true is in force on the day or not, with
    probabilities by confidence, basis, what is known of the end, and age of the last news
    (``data/report_probabilities.csv``, all with range and reason). All reports of an incident and
    all roads that they hit fall together; different incidents are independent. A ban acts where
    it is in force and a report that shows it enforced there is true. A closure somewhere on a
    stretch closes one of its roads, drawn by truck time (alike where the roads are no course).
    What has run out by assumption only, with no news since, may still hold. Roads of which
    nothing is told are open, and what a report ended has ended.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    at
        The day.
    commodity
        Which commodity.
    samples
        Samples drawn where the exact way is too long.
    seed
        Seed of the samples.

    Returns
    -------
    risk
        Probabilities of every town, exact or with a 95 % interval, and the result says which; the
        likeliest sets of towns cut off; and what to check first.

    Raises
    ------
    RequestError
        The day is not a date, the network is disrupted already, or the number of samples is not
        from 1 to 4,194,304, or the seed is negative.
    UnknownIdError
        There is no such commodity.
    DataError
        An event names a place that the network does not have.

    Notes
    -----
    Exact: what is not in doubt is contracted, the rest eliminated node by node with decision
    diagrams over the draws [1]_; time grows with their size, which is small where reports share
    roads, and exponential at worst (the problem is #P-hard [2]_). Above 300,000 diagrams the
    towns concerned are sampled, with Wilson intervals [3]_. The value of a check is that of
    perfect information [4]_.

    Independent incidents are an assumption: sources that copy each other, or a ban that is false
    as a whole, make towns fall together more than is shown here.

    References
    ----------
    .. [1] Bryant, R. E. (1986). Graph-based algorithms for Boolean function manipulation. IEEE
       Trans. Computers C-35(8).
    .. [2] Provan, J. S., Ball, M. O. (1983). The complexity of counting cuts and of computing
       the probability that a graph is connected. SIAM J. Comput. 12(4).
    .. [3] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
       inference. J. Am. Stat. Assoc. 22.
    .. [4] Raiffa, H., Schlaifer, R. (1961). Applied Statistical Decision Theory. Harvard.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> risk = sr.reliability(network, events, at="2025-01-12")
    >>> risk.checks["reports"].tolist()
    [('T2',), ('T1',)]
    """
    when = as_day(at)
    if not 1 <= samples <= MOST_SAMPLES:
        raise RequestError(f"{samples} samples: from 1 to {MOST_SAMPLES}")
    if seed < 0:
        raise RequestError(f"the seed {seed} is negative")
    causes = causes_of(network, events, when, commodity)
    day = disrupt(network, events, at=when, commodity=commodity)
    return _Tables(TownChances(causes, samples, seed)).result(day)


class _Tables:
    """The tables of a result."""

    def __init__(self, chances: TownChances) -> None:
        self.chances = chances
        self.causes = chances.causes
        self.on = chances.on
        towns = self.causes.network.tables.towns.columns
        self.people = [float(count or 0) for count in towns["population"]]
        self.demand = by_node(needs_of(self.causes.network))

    def result(self, day: Network) -> Reliability:
        """Return the whole result; `day` is the network if all reports hold."""
        rows = [self.chances.row(town) for town in range(len(self.on))]
        pictures, checks, method = self._together()
        return Reliability(
            at=day.at,
            commodity=day.commodity,
            towns=self._towns(rows, town_states(day, self.causes.network)),
            causes=_cause_table(self.causes),
            pictures=pictures,
            checks=checks,
            checks_method=method,
            expected=self._expected(rows),
            samples=self.chances.drawn,
            seed=self.chances.seed,
        )

    # --- towns --------------------------------------------------------------------------

    def _towns(self, rows: Sequence[Mapping[str, Any]], states: Sequence[int]) -> pd.DataFrame:
        """Return the table of towns."""
        import pandas as pd

        towns = self.causes.network.tables.towns.columns
        frame = pd.DataFrame(
            {
                "name": towns["name"],
                "country": towns["country"],
                "population": towns["population"],
                "demand_m3_per_day": [self.demand.get(town, 0.0) for town in range(len(rows))],
                **{name: [row.get(name, nan) for row in rows] for name in _PROBABILITIES},
            },
            index=pd.Index(towns["node"], name="node"),
        )
        frame.insert(4, "as_reported", [STATES[state] for state in states])
        frame.insert(5, "likeliest", [_likeliest(row) for row in rows])
        return frame

    def _expected(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
        """Return expected people and demand, isolated and strained."""
        return {
            f"{state}_{unit}": fsum(
                row[f"{state}_prob"] * weight(town)
                for town, row in enumerate(rows)
                if self.on[town]
            )
            for state in ("isolated", "strained")
            for unit, weight in (
                ("people", self.people.__getitem__),
                ("m3_per_day", lambda town: self.demand.get(town, 0.0)),
            )
        }

    # --- towns together -----------------------------------------------------------------

    def _together(self) -> tuple[pd.DataFrame, pd.DataFrame, str]:
        """Return pictures and checks, exact if nothing was given up."""
        if not self.chances.given_up:
            try:
                return *self._told(self.chances.exact, self.chances.functions), EXACT
            except GivenUpError:
                pass
        return *self._told(*self.chances.sampled()), SAMPLED

    def _told(
        self, answers: Answers, functions: Sequence[Sequence[int]]
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return pictures and checks."""
        towns = {town: (functions[0][town], functions[1][town]) for town in self._weighed()}
        people = self.people if any(self.people) else [1.0] * len(self.people)
        checks = value_of_information(self.causes, answers, towns, people, self.demand)
        return self._pictures(answers, towns), checks

    def _weighed(self) -> list[int]:
        """Return the towns on the network with people or demand; all of them if none has any."""
        on = [town for town, known in enumerate(self.on) if known]
        return [town for town in on if self.people[town] or self.demand.get(town)] or on

    def _pictures(self, answers: Answers, towns: Mapping[int, tuple[int, int]]) -> pd.DataFrame:
        """Return the likeliest sets of towns that are not supplied, and isolated."""
        import pandas as pd

        ids = self.causes.network.topology.node_ids
        rows = []
        for level, place in (("not_supplied", 1), ("isolated", 0)):
            hit = {town: answers.opposite(found[place]) for town, found in towns.items()}
            for picture in likeliest(hit, answers, MOST_PICTURES):
                names = tuple(ids[town] for town in picture.towns)
                people = fsum(self.people[town] for town in picture.towns)
                rows.append((level, names, picture.prob, people, picture.proven))
        return pd.DataFrame(rows, columns=["level", "towns", "prob", "people", "proven"])


_PROBABILITIES = (
    "supplied_prob", "strained_prob", "isolated_prob", "method", "supplied_low_prob",
    "supplied_high_prob", "isolated_low_prob", "isolated_high_prob", "supplied_doubting_prob",
    "supplied_trusting_prob", "isolated_doubting_prob", "isolated_trusting_prob",
)  # fmt: skip
_CAUSE_COLUMNS = (
    "reports", "true_prob", "in_force_prob", "holds_prob", "status", "age_days", "roads"
)  # fmt: skip


def _likeliest(row: Mapping[str, Any]) -> str:
    """Return the likeliest state of a town; of equal ones the worse."""
    if row["method"] == OFF:
        return STATES[-1]
    chances = [row[f"{state}_prob"] for state in STATES[:3]]
    return STATES[max(range(3), key=lambda state: (chances[state], state))]


def _cause_table(causes: Causes) -> pd.DataFrame:
    """Return the incidents with their probabilities."""
    import pandas as pd

    rows = []
    for name, cause in sorted(causes.causes.items()):
        chances = {
            causes.draws[draw].part: causes.draws[draw].chance.best for draw, _ in cause.holds
        }
        true, force = chances["true"], chances.get("in_force", 1.0)
        roads = len({arc // 2 for arc in cause.arcs})
        rows.append(
            (name, cause.reports, true, force, true * force, cause.status, cause.age_days, roads)
        )
    return pd.DataFrame(rows, columns=["cause", *_CAUSE_COLUMNS]).set_index("cause")
