"""A results file: one JSON text with a version of its form and a digest of all that it holds."""

from __future__ import annotations

import gzip
import json
import warnings
import zlib
from dataclasses import fields
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from supplyroutes.errors import DataError, DataWarning, Problem, RequestError
from supplyroutes.files import write_whole
from supplyroutes.scenario.changing import case_place
from supplyroutes.scenario.made import RESULTS_VERSION, input_digests
from supplyroutes.scenario.model import RECORDED, RESULTS_FORMATS, Scenario
from supplyroutes.scenario.results import Answer, Made, Results
from supplyroutes.scenario.saving.codec import Reader, Writer

FORM = "supplyroutes results"
"""What such a file says that it is."""
LARGEST_FILE_BYTES = 500_000_000
"""Of the text, unpacked."""
_LEFT_OUT = "case"
_UNSOUND = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What a file of our form that holds something else can lead to, below."""


def check_results_path(path: str | Path) -> None:
    """Refuse a path that is not named like a results file: ``.json`` or ``.json.gz``."""
    if not str(path).lower().endswith(RESULTS_FORMATS):
        raise RequestError(f"{path}: results are written as {' or '.join(RESULTS_FORMATS)}")


def write_results(path: str | Path, results: Results) -> None:
    """Write the answers to a scenario to one file, whole.

    The file holds everything: tables of the case, state of the roads, every result, the seed, and
    the versions and digests of what they were made from. Every report can be made from it, on a
    machine that has neither the case nor the time to work it out. The same results give the
    same bytes.

    Parameters
    ----------
    path
        The file: ``.json``, or packed ``.json.gz``.
    results
        The answers, from `run`.

    Raises
    ------
    RequestError
        The file has another suffix.
    OutputError
        The file cannot be written; nothing is half written.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12))
    >>> results = sr.run(scenario, analyses=("flow",))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sr.write_results(f"{folder}/results.json", results)
    ...     again = sr.read_results(f"{folder}/results.json")
    >>> again.to_dict() == results.to_dict()
    True
    """
    check_results_path(path)
    data = results_text(results).encode("utf-8")
    packed = str(path).lower().endswith(".gz")
    # No time stands in the packed file: it would change the bytes.
    write_whole(path, gzip.compress(data, mtime=0) if packed else data)


def results_text(results: Results) -> str:
    """Return the text of a results file.

    The first line says what it is and the digest of the rest: one line for each part. Keys stand
    in the order of the fields, which does not change; sets are sorted.
    """
    writer = Writer()
    told = {
        one.name: writer.value(getattr(results, one.name))
        for one in fields(results)
        if one.name != _LEFT_OUT
    }
    # What was made of what comes first, for people who look into the file.
    parts = {"made": told.pop("made"), **told, "shared": writer.shared}
    lines = [f"{_json(name)}: {_json(part)}" for name, part in parts.items()]
    rest = ",\n".join(lines) + "\n}\n"
    head = {"form": FORM, "schema_version": RESULTS_VERSION, "sha256": _digest(rest.encode())}
    return f"{_json(head)[:-1]},\n{rest}"


def read_results(path: str | Path) -> Results:
    """Read the answers to a scenario from a file that `write_results` wrote.

    Nothing is worked out anew: the answers are of the tables that the file holds. If the case is
    on this machine and its tables have changed since, a `DataWarning` names them.

    Parameters
    ----------
    path
        The file, packed or not.

    Returns
    -------
    results
        The answers, equal to those written; `case` is None.

    Raises
    ------
    DataError
        The file cannot be read, is cut, was changed, holds something else, or was written by a
        newer version of supplyroutes.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sr.write_results(f"{folder}/today.json.gz", sr.run(scenario, analyses=()))
    ...     results = sr.read_results(f"{folder}/today.json.gz")
    >>> results.summary()["recorded"]["strained"], results.made.seed
    (3, 1)
    """
    place = Path(path)
    data = _bytes(place)
    told = _parsed(data, place)
    _check_head(told, data, place)
    try:
        results = _results(told)
    except RecursionError:
        _refuse(place, "is nested too deeply")
    except _UNSOUND as error:
        reason = " ".join(str(error).split())[:200]
        _refuse(place, f"does not hold results as this version writes them: {reason}")
    _tell_changes(place, results)
    return results


def _results(told: dict[str, Any]) -> Results:
    """Return the results of a file of our form."""
    reader = Reader(told["shared"])
    names = {one.name for one in fields(Results)} - {_LEFT_OUT}
    given = set(told) - {"form", "schema_version", "sha256", "shared"}
    if names != given:
        raise ValueError(f"other parts: {', '.join(sorted(names ^ given))}")
    results = Results(**{name: reader.value(told[name]) for name in names})
    parts = (results.scenario, results.made, *results.entries.values())
    kinds = (Scenario, Made, *(Answer for _ in results.entries))
    if not all(map(isinstance, parts, kinds)) or RECORDED not in results.entries:
        raise ValueError("scenario, made and entries are not what they should be")
    return results


def _bytes(place: Path) -> bytes:
    """Return the content of a file, unpacked."""
    try:
        with place.open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(BytesIO(data)) as stream:
                data = stream.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _refuse(place, f"cannot be read: {reason}")
    if len(data) > LARGEST_FILE_BYTES:
        _refuse(place, f"has more than {LARGEST_FILE_BYTES} bytes: too large for results")
    return data


def _parsed(data: bytes, place: Path) -> dict[str, Any]:
    """Return the JSON object of a text."""
    try:
        told = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        _refuse(place, f"is not UTF-8 (byte offset {error.start})")
    except json.JSONDecodeError as error:
        message = f"is not JSON ({error.msg}, column {error.colno}): is it cut?"
        raise DataError([Problem(str(place), error.lineno, None, message)]) from None
    except RecursionError:
        _refuse(place, "is nested too deeply")
    except ValueError as error:  # what parse_constant refuses, and numbers of 5,000 digits
        _refuse(place, f"is not JSON: {error}")
    if not isinstance(told, dict) or told.get("form") != FORM:
        _refuse(place, "does not hold results: write_results, or run --save, makes such a file")
    return told


def _check_head(told: dict[str, Any], data: bytes, place: Path) -> None:
    """Refuse a newer form, and a text that is not what was written."""
    version = told.get("schema_version")
    if type(version) is not int or version < 1:
        _refuse(place, f"has no schema version that is known: {version!a}")
    if version > RESULTS_VERSION:
        _refuse(
            place,
            f"has schema version {version}; this version of supplyroutes reads up to "
            f"{RESULTS_VERSION}: install a newer one",
        )
    if told.get("sha256") != _digest(data.partition(b"\n")[2]):
        _refuse(place, "was changed after it was written, or is cut: the digest does not fit")


def _tell_changes(place: Path, results: Results) -> None:
    """Warn of tables of the case that are not what they were when the answers were made."""
    if not case_place(results.scenario).is_dir():
        return  # the case is not on this machine: there is nothing to compare with
    was, now = results.made.inputs, input_digests(results.scenario)
    changed = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    if changed:
        told = ", ".join(changed)
        message = (
            f"{place}: these tables have changed since: {told}; the answers are of those before"
        )
        warnings.warn(message, DataWarning, stacklevel=3)


def _json(value: Any) -> str:
    """Return a plain value as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _digest(data: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return sha256(data).hexdigest()


def _no_number(token: str) -> NoReturn:
    """Refuse NaN and Infinity: JSON has no such numbers."""
    raise ValueError(f"{token} is no number of JSON")


def _refuse(place: Path, message: str) -> NoReturn:
    """Refuse a file."""
    raise DataError([Problem(str(place), None, None, message)]) from None
