"""The form of a scenario file as JSON Schema, for editors that complete and check as one types."""

from __future__ import annotations

from typing import Any

from supplyroutes import datasets
from supplyroutes.catalogue import words
from supplyroutes.commodities import COMMODITIES
from supplyroutes.scenario.keys import file_keys
from supplyroutes.scenario.model import Scenario, Suppositions, WhatIf
from supplyroutes.schema import table_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"date": "string", "text": "string", "id": "string", "choice": "string", "known": "string",
          "float": "number", "int": "integer", "bool": "boolean", "ids": "array"}  # fmt: skip


def editor_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files.

    Made of the same model that reads them, with what each key means, its default, and the columns
    of reports to add. An editor reads it from a line at the top of the file:
    ``#:schema scenario.schema.json``.

    Returns
    -------
    schema
        Plain values; the same bytes every time.

    Examples
    --------
    >>> from supplyroutes.scenario.editor_schema import editor_schema
    >>> schema = editor_schema()
    >>> schema["properties"]["tracks"]["description"]
    'Let loaded tankers use tracks and roads of low confidence.'
    """
    say = words("en")
    schema: dict[str, Any] = _untitled(Scenario.model_json_schema(), named=False)
    parts = schema["$defs"]
    for key in file_keys():
        holders = [key.part.__name__]
        if key.part is Scenario and key.name in Suppositions.model_fields:
            holders.append(WhatIf.__name__)
        for holder in holders:
            inside = schema if holder == Scenario.__name__ else parts[holder]
            name = key.name.rpartition(".")[2]
            inside["properties"][name]["description"] = say(key.meaning)
    for part in parts.values():
        part.pop("description", None)
    schema["description"] = say("scenario_file.head")
    schema["properties"]["case"]["examples"] = list(datasets.cases())
    schema["properties"]["commodity"]["enum"] = list(COMMODITIES)
    schema["properties"]["what_if"]["additionalProperties"] = False
    schema["oneOf"] = [{"required": ["case"]}, {"required": ["folder"]}]
    parts["EventChanges"]["properties"]["added"]["items"] = _report()
    return {"$schema": DIALECT, "title": "supplyroutes scenario", **schema}


def _report() -> dict[str, Any]:
    """Return the form of a report to add: the columns of the table of events."""
    columns = table_schema("events")
    given = {"source", "confidence", "text"}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {column.name: _column(column) for column in columns},
        "required": [
            column.name for column in columns if column.required and column.name not in given
        ],
    }


def _column(column: Any) -> dict[str, Any]:
    """Return the form of a column of the table of events."""
    form: dict[str, Any] = {"type": _TYPES[column.dtype], "description": column.meaning}
    if column.dtype == "date":
        form["format"] = "date"
    if column.dtype == "ids":
        form["items"] = {"type": "string"}
    if column.choices:
        form["enum"] = list(column.choices)
    for bound in ("minimum", "maximum"):
        if getattr(column, bound) is not None:
            form[bound] = getattr(column, bound)
    return form


def _untitled(value: Any, *, named: bool) -> Any:
    """Return a schema without the titles that are made of names; `named`: keys are names."""
    if isinstance(value, dict):
        return {
            name: _untitled(one, named=not named and name in {"properties", "$defs"})
            for name, one in value.items()
            if named or name != "title"
        }
    if isinstance(value, list):
        return [_untitled(one, named=False) for one in value]
    return value
