"""Result tables of an answer as a whole: what differs, what to guard, what to reopen first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.outlooks.outlook_change import outlook_change
from supplyroutes.report.answer_tables import flat
from supplyroutes.scenario import Results

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.losses.interdiction import Interdiction
    from supplyroutes.analysis.losses.protection import Protection


def differences(results: Results) -> pd.DataFrame:
    """Return the towns that differ between an entry and the recorded day."""
    import pandas as pd

    both = results.comparison
    return pd.DataFrame() if both is None else flat(both.differences)


def outlook_changes(results: Results) -> pd.DataFrame:
    """Return what each entry changes in days dry beside the recorded day, with intervals."""
    import pandas as pd

    recorded = results.recorded.outlook
    if recorded is None or recorded.runs < 2:  # noqa: PLR2004 (no interval from one run)
        return pd.DataFrame()
    frames = {
        name: outlook_change(recorded, answer.outlook).towns
        for name, answer in results.entries.items()
        if answer is not results.recorded and answer.outlook is not None
    }
    return pd.concat(frames, names=["entry"]) if frames else pd.DataFrame()


def criticality(results: Results) -> pd.DataFrame:
    """Return what the loss of each road alone costs."""
    return _of_roads(results, lambda roads: roads.criticality.items)


def worst(results: Results) -> pd.DataFrame:
    """Return the worst set of roads to lose."""
    return _of_roads(results, lambda roads: roads.worst.roads)


def worst_towns(results: Results) -> pd.DataFrame:
    """Return what the worst loss does to each town."""
    return _of_roads(results, lambda roads: roads.worst.towns)


def guard(results: Results) -> pd.DataFrame:
    """Return the roads to guard."""
    return _of_roads(results, lambda roads: roads.guard.roads)


def road_losses(results: Results) -> pd.DataFrame:
    """Return the harm of the worst loss: now, then, and with the guards."""
    import pandas as pd

    if results.roads is None:
        return pd.DataFrame()
    found, guarded = results.roads.worst, results.roads.guard
    ends: dict[str, tuple[Interdiction | Protection, float, float, float]] = {
        "worst": (found, float(found.budget), found.before, found.after),
        "guard": (guarded, float(guarded.budget), guarded.unguarded, guarded.guarded),
    }
    rows: dict[str, dict[str, Any]] = {
        question: {
            "measure": one.measure,
            "unit": one.unit,
            "budget": budget,
            "before": before,
            "after": after,
            "bound": one.bound,
            "proven": one.proven,
        }
        for question, (one, budget, before, after) in ends.items()
    }
    rows["worst"] |= {
        "isolated_m3_per_day": found.isolated_m3_per_day,
        "isolated_people": found.isolated_population,
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("question")


def _of_roads(results: Results, table: Any) -> pd.DataFrame:
    """Return a table of the question which roads to guard."""
    import pandas as pd

    return pd.DataFrame() if results.roads is None else flat(table(results.roads))


def reopening(results: Results) -> pd.DataFrame:
    """Return the order of lifting."""
    return _of_reopening(results, lambda found: found.order)


def reopening_first(results: Results) -> pd.DataFrame:
    """Return what each lift restores as the only one."""
    return _of_reopening(results, lambda found: found.first)


def reopening_towns(results: Results) -> pd.DataFrame:
    """Return which towns each step helps."""
    return _of_reopening(results, lambda found: found.towns)


def _of_reopening(results: Results, table: Any) -> pd.DataFrame:
    """Return a table of the order of lifting."""
    import pandas as pd

    found = results.reopening
    if found is None:
        return pd.DataFrame()
    names = {"gain": f"gain_{found.unit}", "missing": f"missing_{found.unit}"}
    return flat(table(found)).rename(columns=names)


def skill(results: Results) -> pd.DataFrame:
    """Return how past forecasts of the case fared."""
    import pandas as pd

    return pd.DataFrame() if results.skill is None else results.skill


def made(results: Results) -> pd.DataFrame:
    """Return seed, versions and digests."""
    import pandas as pd

    made = results.made
    rows = [("form of the results", str(made.schema_version)), ("seed", str(made.seed))]
    rows += [(f"version of {name}", told) for name, told in made.versions.items()]
    rows += [(f"SHA-256 of {name}", told) for name, told in made.inputs.items()]
    return pd.DataFrame(rows, columns=["what", "value"]).set_index("what")
