"""Derive demand, stocks, supply and border limits of the Mali case from recorded figures.

Reads ``figures.csv`` (what was recorded), ``derivation.csv`` (every number that was not),
``towns.csv`` and ``roads.csv``; writes ``demand.csv``, ``stocks.csv``, ``supply.csv`` and
``limits.csv`` beside them. All amounts are m3 or m3 a day. The use of the country is one recorded
figure per user group, split over the towns so that low, best and high each add up to the national
low, best and high of the class.

    python tools/derive_supply.py            rewrite the four files
    python tools/derive_supply.py --check    exit 1 if they differ from what would be written
"""

import argparse
import csv
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data" / "mali"
COUNTRY = "MLI"
CAPITAL = "bamako"
DAYS = 365
HOURS = 24
LITRES = 1000  # in a m3
TOLERANCE = 0.5  # m3 a day that rounding may move a national sum
CLASSES = ("transport", "power", "mines", "services")

# "Derived" is kept for rows whose every factor is recorded; each row here has one that is not. Its
# source names the recorded figures in it, and its confidence says how much they carry.
BASIS = "assumption"

# Mines: town, key of derivation.csv, confidence.
MINES = (
    ("fekola", "mine_fekola", "medium"),
    ("syama", "mine_syama", "medium"),
    ("sadiola", "mine_sadiola", "low"),
    ("morila", "mine_morila", "low"),
    ("yanfolila", "mine_yanfolila", "low"),
    ("kalana", "mine_kalana", "low"),
    ("bougouni", "mine_bougouni", "low"),
)
# Sources of fuel: town, kind, corridors, confidence, note. These rows and no others.
SOURCES = (
    ("dakar", "port and refinery", "DKR_N;DKR_S", "low", ""),
    (
        "yamoussoukro",
        "depot fed by pipeline from Abidjan",
        "ABJ_Z;ABJ_T",
        "medium",
        "all tankers for Mali load here, not at Abidjan (F021)",
    ),
    ("conakry", "port; main depot destroyed in December 2023", "CKY", "low", ""),
    ("nouakchott", "port", "NKC", "low", ""),
    ("lome", "port", "", "low", "by Burkina Faso"),
    ("tema", "port and refinery", "", "low", "by Burkina Faso"),
    ("cotonou", "port", "", "low", "by Burkina Faso or Niger"),
    (
        "niamey",
        "depot fed by the Zinder refinery",
        "NIM_GAO;NIM_BKO",
        "medium",
        "serves Gao",
    ),
)
# Crossings with a guess of their own; the others go by surface.
CROSSINGS = {
    "zegoua--pogo": "crossing_zegoua",
    "kadiana--tengrela": "crossing_tengrela",
    "kenieba--moussala": "crossing_moussala",
    "gogui--kobenni": "crossing_gogui",
    "kouremale--siguiri": "crossing_kouremale",
    "labbezanga--ayorou": "crossing_labbezanga",
}
# Crossings with a count of vehicles: figure and share of trucks.
COUNTED = {
    "kidira--diboli": ("F031", "truck_share_diboli"),
    "heremakono--koloko": ("F032", "truck_share_koloko"),
}

Row = dict[str, str]


@dataclass(frozen=True)
class Span:
    """Low, best and high of one quantity."""

    low: float
    best: float
    high: float

    def map(self, other: "Span", how: Callable[[float, float], float]) -> "Span":
        """Combine with another span, low with low, best with best and high with high."""
        return Span(
            how(self.low, other.low),
            how(self.best, other.best),
            how(self.high, other.high),
        )

    def __add__(self, other: "Span") -> "Span":
        """Add, like with like."""
        return self.map(other, lambda a, b: a + b)

    def __sub__(self, other: "Span") -> "Span":
        """Subtract, like from like, so that the rest and the part add up again."""
        return self.map(other, lambda a, b: a - b)

    def __mul__(self, other: "Span") -> "Span":
        """Multiply, like with like."""
        return self.map(other, lambda a, b: a * b)

    def times(self, factor: float) -> "Span":
        """Multiply by one number."""
        return Span(self.low * factor, self.best * factor, self.high * factor)

    def rounded(self) -> "Span":
        """Round as the files are written."""
        return Span(round(self.low, 2), round(self.best, 2), round(self.high, 2))

    def values(self) -> tuple[float, float, float]:
        """Give low, best and high."""
        return self.low, self.best, self.high


ZERO = Span(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Inputs:
    """What the derivation starts from."""

    figures: dict[str, float]
    given: dict[str, Span]
    reasons: dict[str, str]
    towns: dict[str, Row]
    roads: dict[str, Row]

    def cite(self, key: str) -> str:
        """Name a key of derivation.csv and where its numbers come from."""
        return f"derivation.csv, {key}: {self.reasons[key]}"

    def malian(self) -> dict[str, float]:
        """Give the population of each Malian town that has one."""
        return {
            node: float(row["population"])
            for node, row in self.towns.items()
            if row["country"] == COUNTRY and row["population"]
        }


@dataclass(frozen=True)
class National:
    """Daily use of the country by class, and the total of the classes."""

    use: dict[str, Span]

    @property
    def total(self) -> Span:
        """Sum of the classes."""
        return total(self.use.values())


@dataclass(frozen=True)
class Use:
    """Daily use of one town by one class."""

    node: str
    demand_class: str
    amount: Span
    source: str
    confidence: str
    note: str = ""

    def row(self) -> Row:
        """Give the row of demand.csv."""
        return {
            "node": self.node,
            "demand_class": self.demand_class,
            "commodity": "fuel",
            **columns("demand_m3_per_day", self.amount),
            "basis": BASIS,
            "source": self.source,
            "confidence": self.confidence,
            "note": self.note,
        }


def total(spans: Iterable[Span]) -> Span:
    """Add spans."""
    result = ZERO
    for span in spans:
        result = result + span
    return result


def columns(stem: str, span: Span) -> Row:
    """Write a span as three columns."""
    low, best, high = (f"{value:g}" for value in map(_six, span.rounded().values()))
    return {f"{stem}_low": low, f"{stem}_best": best, f"{stem}_high": high}


def _six(value: float) -> float:
    """Round to what six digits hold, so that the text is the same on every machine."""
    return float(f"{value:.6g}")


def read_rows(path: Path) -> list[Row]:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def read_inputs(data: Path) -> Inputs:
    """Read the four input files."""
    figures = {r["figure"]: _number(r["value"]) for r in read_rows(data / "figures.csv")}
    derivation = read_rows(data / "derivation.csv")
    given = {r["key"]: Span(*(float(r[k]) for k in ("low", "best", "high"))) for r in derivation}
    return Inputs(
        {key: value for key, value in figures.items() if value is not None},
        given,
        {r["key"]: r["source"] for r in derivation},
        {r["node"]: r for r in read_rows(data / "towns.csv")},
        {r["edge"]: r for r in read_rows(data / "roads.csv")},
    )


def tanker_m3(inputs: Inputs) -> float:
    """Load of a tanker (F005)."""
    return inputs.figures["F005"] / LITRES


def power_use(inputs: Inputs) -> Span:
    """Use of the power plants: diesel really burnt (F058), full need (F003), need with growth."""
    full = inputs.figures["F003"] * LITRES / DAYS
    growth = inputs.given["power_growth"]
    return Span(inputs.figures["F058"] * LITRES, full * growth.best, full * growth.high)


def other_use(inputs: Inputs, power: Span) -> Span:
    """Use of all others, mines among them: F002; imports of 2015 (F001); the ceiling."""
    imports = inputs.figures["F001"] / inputs.given["density_t_per_m3"].best / DAYS
    ceiling = inputs.given["national_use_ceiling"].best
    return Span(imports - power.low, inputs.figures["F002"] * LITRES, ceiling - power.high)


def mine_uses(inputs: Inputs) -> list[Use]:
    """Use of the named mines."""
    per_mw = HOURS * LITRES * inputs.figures["F067"] / LITRES  # m3 a day for each MW at full load
    loulo = inputs.given["loulo_load_factor"].times(inputs.figures["F065"] * per_mw)
    uses = [
        Use(
            "loulo",
            "mines",
            loulo,
            "F065 (MW) x 24 h x F067 (litres/kWh) x load factor (derivation.csv: "
            "loulo_load_factor)",
            "medium",
            "inside the national figure; power only",
        )
    ]
    for node, key, confidence in MINES:
        text = f"Use of the mine ({inputs.cite(key)})"
        note = "inside the national figure"
        uses.append(Use(node, "mines", inputs.given[key], text, confidence, note))
    return uses


def national_use(inputs: Inputs) -> National:
    """Split the use of the country by class; transport is what the others leave."""
    power = power_use(inputs)
    other = other_use(inputs, power)
    mines = total(use.amount for use in mine_uses(inputs))
    services = other * inputs.given["services_share"]
    transport = other - mines - services
    return National({"transport": transport, "power": power, "mines": mines, "services": services})


def shares(weights: dict[str, float]) -> dict[str, float]:
    """Scale weights to a sum of one."""
    whole = sum(weights.values())
    return {node: weight / whole for node, weight in weights.items()}


def transport_weights(inputs: Inputs, capital: float) -> dict[str, float]:
    """Multiply population by the per-capita weight of the kind of town."""
    city = inputs.given["weight_city"].best
    town = inputs.given["weight_town"].best
    result = {}
    for node, population in inputs.malian().items():
        roles = inputs.towns[node]["roles"].split(";")
        weight = capital if node == CAPITAL else city if "city" in roles else town
        result[node] = population * weight
    return result


def transport_uses(inputs: Inputs, national: Span) -> list[Use]:
    """Split transport by weighted population."""
    weight = inputs.given["weight_capital"]
    low, best, high = (
        shares(transport_weights(inputs, value))[CAPITAL] for value in weight.values()
    )
    note = (
        f"share of the country {best:.0%}; with the low or high per-capita weight "
        f"{low:.0%} or {high:.0%}: not in the columns, so that the towns add up"
    )
    source = (
        "National use without power plants (F002; low: F001 less F058; high: derivation.csv: "
        "national_use_ceiling) less mines and services, x share of population x weight "
        "(derivation.csv: weight_capital, weight_city, weight_town)"
    )
    parts = shares(transport_weights(inputs, weight.best))
    return [
        Use(
            node,
            "transport",
            national.times(part),
            source,
            "low",
            note if node == CAPITAL else "",
        )
        for node, part in parts.items()
    ]


def power_uses(inputs: Inputs, national: Span) -> list[Use]:
    """Give the grid's plants to the capital and the rest to the other towns by population."""
    isolated = inputs.given["power_isolated_share"].best
    towns = {node: number for node, number in inputs.malian().items() if node != CAPITAL}
    stem = "Full need of the power plants (F003; low: F058; high: x derivation.csv: power_growth)"
    uses = [
        Use(
            CAPITAL,
            "power",
            national.times(1 - isolated),
            f"{stem} x (1 - derivation.csv: power_isolated_share): plants of the grid, "
            "recorded at Bamako (F050, F051, F053)",
            "low",
            "plants elsewhere on the grid are not recorded and count here",
        )
    ]
    source = f"{stem} x derivation.csv: power_isolated_share x share of population without Bamako"
    return uses + [
        Use(node, "power", national.times(isolated * part), source, "low")
        for node, part in shares(towns).items()
    ]


def service_uses(inputs: Inputs, national: Span) -> list[Use]:
    """Split water, health, telecom and other services by population."""
    source = (
        "National use without power plants (F002) x derivation.csv: services_share "
        "x share of population"
    )
    return [
        Use(node, "services", national.times(part), source, "low")
        for node, part in shares(inputs.malian()).items()
    ]


def demand_uses(inputs: Inputs, national: National) -> list[Use]:
    """Derive the use of every town, in the order of the towns and classes."""
    uses = [
        *transport_uses(inputs, national.use["transport"]),
        *power_uses(inputs, national.use["power"]),
        *mine_uses(inputs),
        *service_uses(inputs, national.use["services"]),
    ]
    order = {node: index for index, node in enumerate(inputs.towns)}
    return sorted(uses, key=lambda use: (order[use.node], CLASSES.index(use.demand_class)))


def use_of(uses: Iterable[Use], *classes: str) -> dict[str, Span]:
    """Add the use of each town over some classes."""
    result: dict[str, Span] = {}
    for use in uses:
        if use.demand_class in classes:
            result[use.node] = result.get(use.node, ZERO) + use.amount
    return result


def stock_row(node: str, stock: Span, storage: Span, text: dict[str, str]) -> Row:
    """Give a row of stocks.csv."""
    return {
        "node": node,
        "commodity": text.get("commodity", "fuel"),
        **columns("stock_m3", stock),
        **columns("storage_m3", storage),
        "basis": BASIS,
        "source": text["source"],
        "confidence": text.get("confidence", "low"),
        "note": text.get("note", ""),
    }


def depots(inputs: Inputs, national: National) -> tuple[Span, Span]:
    """Stock and room of the depots at the capital, in days of the national use."""
    day = national.total.best
    given = inputs.given
    return given["depot_stock_days"].times(day), given["depot_storage_days"].times(day)


def station_rows(inputs: Inputs, national: National, uses: list[Use]) -> list[Row]:
    """Tanks of filling stations; at the capital with the depots."""
    rows = []
    keys = "derivation.csv: station_stock_days, station_storage_days"
    note = {"kayes": "the depot of Kayes is not in use (F040)"}
    retail = use_of(uses, "transport", "services")
    everyday = use_of(uses, "transport", "services", "power")
    for node, use in everyday.items():
        day = retail[node].best if node == CAPITAL else use.best
        stock = inputs.given["station_stock_days"].times(day)
        storage = inputs.given["station_storage_days"].times(day)
        text = {
            "source": f"Own use without mines (demand.csv, best) x days ({keys})",
            "note": note.get(node, ""),
        }
        if node == CAPITAL:
            depot_stock, depot_storage = depots(inputs, national)
            stock, storage = stock + depot_stock, storage + depot_storage
            text = {
                "source": "Depots: national use (best) x days (F036, F037; derivation.csv: "
                "depot_stock_days, depot_storage_days); filling stations: own transport and "
                f"services x days ({keys})",
                "note": f"depots alone: stock {_span(depot_stock)}, room {_span(depot_storage)} "
                "m3, for the whole country",
            }
        rows.append(stock_row(node, stock, storage, text))
    return rows


def _span(span: Span) -> str:
    return " / ".join(f"{value:.0f}" for value in span.values())


def own_tank_rows(inputs: Inputs, uses: list[Use]) -> list[Row]:
    """Give the recorded tanks of Balingué and Syama, and guess those of the other mines."""
    fill = inputs.given["own_tank_fill"]
    rows = []
    for node, figure, commodity, note in (
        (CAPITAL, "F052", "heavy_fuel_oil", "Balingué power plant only"),
        ("syama", "F062", "fuel", "the mine only; more than 30 days of its use"),
    ):
        room = inputs.figures[figure] * LITRES
        text = {
            "commodity": commodity,
            "source": f"Storage {figure}; stock = storage x derivation.csv: own_tank_fill",
            "confidence": "medium",
            "note": note,
        }
        rows.append(stock_row(node, fill.times(room), Span(room, room, room), text))
    stock_days, storage_days = (inputs.given[f"mine_{kind}_days"] for kind in ("stock", "storage"))
    for node, use in use_of(uses, "mines").items():
        if node == "syama":
            continue
        text = {
            "source": "Use of the mine (demand.csv, best) x days (derivation.csv: "
            "mine_stock_days, mine_storage_days)",
            "note": "the mine's own tanks",
        }
        row = stock_row(node, stock_days.times(use.best), storage_days.times(use.best), text)
        rows.append(row)
    return rows


def merge_stocks(rows: list[Row]) -> list[Row]:
    """Put the tanks of a mine and of its town into one row for each commodity."""
    merged: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row["node"], row["commodity"])
        if key not in merged:
            merged[key] = dict(row)
            continue
        into = merged[key]
        for stem in ("stock_m3", "storage_m3"):
            into.update(columns(stem, span_of(into, stem) + span_of(row, stem)))
        for column in ("source", "note"):
            into[column] = "; ".join(text for text in (into[column], row[column]) if text)
    return list(merged.values())


def span_of(row: Row, stem: str) -> Span:
    """Read three columns as a span."""
    return Span(*(float(row[f"{stem}_{part}"]) for part in ("low", "best", "high")))


def stock_rows(inputs: Inputs, national: National, uses: list[Use]) -> list[Row]:
    """Derive stocks and storage."""
    rows = merge_stocks(station_rows(inputs, national, uses) + own_tank_rows(inputs, uses))
    order = {node: index for index, node in enumerate(inputs.towns)}
    return sorted(rows, key=lambda row: (order[row["node"]], row["commodity"]))


def supply_rows(inputs: Inputs) -> list[Row]:
    """Tankers a day of each source times the load of a tanker."""
    rows = []
    for node, kind, corridors, confidence, note in SOURCES:
        key = f"tankers_per_day_{node}"
        amount = inputs.given[key].times(tanker_m3(inputs))
        rows.append(
            {
                "node": node,
                "commodity": "fuel",
                "kind": kind,
                "corridors": corridors,
                **columns("supply_m3_per_day", amount),
                "basis": BASIS,
                "source": f"Tankers a day ({inputs.cite(key)}) x load of 46 m3 (F005) in all "
                "three columns",
                "confidence": confidence,
                "note": note,
            }
        )
    return rows


def open_crossings(inputs: Inputs) -> list[Row]:
    """Roads over the border of the country that a loaded tanker may use."""

    def inside(node: str) -> bool:
        return inputs.towns[node]["country"] == COUNTRY

    return [
        road
        for road in inputs.roads.values()
        if road["border"] == "true"
        and inside(road["u"]) != inside(road["v"])
        and road["surface"] != "track"
        and road["confidence"] != "low"
    ]


def limit_row(inputs: Inputs, road: Row) -> Row:
    """Give the limit of one crossing."""
    edge = road["edge"]
    load = tanker_m3(inputs)
    if edge in COUNTED:
        figure, share = COUNTED[edge]
        vehicles = inputs.given["inbound_share"].times(inputs.figures[figure])
        tankers = vehicles * inputs.given[share] * inputs.given["tanker_share_of_trucks"]
        source = (
            f"Vehicles a day {figure} (count of 2012) x derivation.csv: inbound_share x {share} "
            "x tanker_share_of_trucks x 46 m3 (F005)"
        )
    else:
        key = CROSSINGS.get(edge, f"crossing_{road['surface']}")
        tankers = inputs.given[key]
        source = f"Tankers a day ({inputs.cite(key)}) x 46 m3 (F005)"
    return {
        "edge": edge,
        "commodity": "fuel",
        **columns("limit_m3_per_day", tankers.times(load)),
        "basis": BASIS,
        "source": source,
        "confidence": "low",
        "note": "into Mali",
    }


def problems(inputs: Inputs, national: National, tables: dict[str, list[Row]]) -> list[str]:
    """Tell every broken promise of the written tables."""
    return [
        *_order_problems(tables),
        *_sum_problems(inputs, national, tables["demand"]),
        *_town_problems(inputs, national, tables["demand"]),
        *_depot_problems(inputs, national),
        *_reference_problems(inputs, tables),
    ]


def _order_problems(tables: dict[str, list[Row]]) -> list[str]:
    found = []
    for name, rows in tables.items():
        for row in rows:
            stems = [key.removesuffix("_low") for key in row if key.endswith("_low")]
            for stem in stems:
                span = span_of(row, stem)
                if not 0 <= span.low <= span.best <= span.high:
                    found.append(f"{name}: {row} is not in the order low, best, high")
        for row in rows if name == "stocks" else []:
            stock, room = span_of(row, "stock_m3").values(), span_of(row, "storage_m3").values()
            if any(a > b for a, b in zip(stock, room, strict=True)):
                found.append(f"stocks: more than the tanks hold at {row['node']}")
    return found


def _sum_problems(inputs: Inputs, national: National, rows: list[Row]) -> list[str]:
    found = []
    for name, expected in national.use.items():
        parts = [span_of(r, "demand_m3_per_day") for r in rows if r["demand_class"] == name]
        gap = (total(parts) - expected).values()
        if max(map(abs, gap)) > TOLERANCE:
            found.append(f"demand: {name} of the towns misses the national figure by {gap}")
    ceiling = inputs.given["national_use_ceiling"].best
    recorded = (inputs.figures["F002"] + inputs.figures["F003"] / DAYS) * LITRES
    for name, value, wanted in (
        ("best", national.total.best, recorded),
        ("high", national.total.high, ceiling),
    ):
        if abs(value - wanted) > TOLERANCE:
            found.append(f"demand: the national {name} is {value:.1f}, not {wanted:.1f}")
    return found


def _town_problems(inputs: Inputs, national: National, rows: list[Row]) -> list[str]:
    found = []
    by_town: dict[str, Span] = {}
    for row in rows:
        span = span_of(row, "demand_m3_per_day")
        by_town[row["node"]] = by_town.get(row["node"], ZERO) + span
        counted = bool(inputs.towns[row["node"]]["population"])
        if not counted and row["demand_class"] != "mines":
            found.append(f"demand: {row['node']} has no population of its own")
    low = sum(span.low for span in by_town.values())
    for node, span in by_town.items():
        if span.high > national.total.high - (low - span.low) + TOLERANCE:
            found.append(f"demand: {node} uses more than the others leave of the national high")
        if span.best >= national.total.best:
            found.append(f"demand: {node} uses as much as the country")
    power = next(
        span_of(r, "demand_m3_per_day").best
        for r in rows
        if r["node"] == CAPITAL and r["demand_class"] == "power"
    )
    if power < recorded_plants(inputs):
        found.append(f"demand: power at {CAPITAL} is less than its recorded plants burn")
    return found


def recorded_plants(inputs: Inputs) -> float:
    """Best estimate of what the recorded thermal plants of the capital burn in a day."""
    given = inputs.given
    balingue = (inputs.figures["F050"] + inputs.figures["F051"]) / LITRES
    per_mw = HOURS * given["darsalam_litres_per_kwh"].best * given["darsalam_load_factor"].best
    return balingue + inputs.figures["F053"] * per_mw


def _depot_problems(inputs: Inputs, national: National) -> list[str]:
    _, room = depots(inputs, national)
    most = inputs.figures["F037"] * national.total.best
    return [] if room.high <= most + TOLERANCE else ["stocks: depots hold more than F037 says"]


def _reference_problems(inputs: Inputs, tables: dict[str, list[Row]]) -> list[str]:
    towns = {row["node"] for name in ("demand", "stocks", "supply") for row in tables[name]}
    edges = {row["edge"] for row in tables["limits"]}
    missing = sorted(towns - set(inputs.towns)) + sorted(edges - set(inputs.roads))
    return [f"unknown town or road {name}" for name in missing]


def derive(inputs: Inputs) -> dict[str, list[Row]]:
    """Derive the four tables and check them.

    Raises
    ------
    ValueError
        If a table breaks what it promises, such as a sum over the towns.
    """
    national = national_use(inputs)
    uses = demand_uses(inputs, national)
    tables = {
        "demand": [use.row() for use in uses],
        "stocks": stock_rows(inputs, national, uses),
        "supply": supply_rows(inputs),
        "limits": [limit_row(inputs, road) for road in open_crossings(inputs)],
    }
    found = problems(inputs, national, tables)
    if found:
        raise ValueError("\n".join(found))
    return tables


def as_csv(rows: list[Row]) -> str:
    """Write rows as the text of a CSV file."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def summary(national: National, rows: list[Row]) -> str:
    """Tell the headline numbers."""
    lines = [f"{name:<10} {_span(span)} m3/day" for name, span in national.use.items()]
    lines.append(f"{'total':<10} {_span(national.total)} m3/day")
    capital = total(span_of(r, "demand_m3_per_day") for r in rows if r["node"] == CAPITAL)
    share = capital.best / national.total.best
    lines.append(f"{CAPITAL:<10} {_span(capital)} m3/day, {share:.0%} of the best estimate")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Write the four files, or compare them; give the exit code."""
    parser = argparse.ArgumentParser(description="Derive demand, stocks, supply and limits.")
    parser.add_argument("--check", action="store_true", help="exit 1 if a file differs")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the case")
    options = parser.parse_args(arguments)
    inputs = read_inputs(options.data)
    tables = derive(inputs)
    differing = []
    for name, rows in tables.items():
        path = options.data / f"{name}.csv"
        text = as_csv(rows)
        if options.check:
            old = path.read_bytes().decode("utf-8") if path.exists() else ""
            if old != text:
                differing.append(path.name)
        else:
            path.write_bytes(text.encode("utf-8"))
    if differing:
        print(f"differ from the derivation: {', '.join(differing)}; run tools/derive_supply.py")
        return 1
    print(summary(national_use(inputs), tables["demand"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
