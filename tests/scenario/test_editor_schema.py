"""The JSON Schema of scenario files."""

from __future__ import annotations

import json

from supplyroutes.scenario.editor_schema import editor_schema
from supplyroutes.scenario.keys import file_keys
from supplyroutes.scenario.model import NAME
from supplyroutes.schema import table_schema


def part(schema, value):
    """The table that a value leads to, if any."""
    by_name = value.get("patternProperties", {}).values()
    inside = (value.get("items"), value.get("additionalProperties"))
    for one in (value, *value.get("anyOf", ()), *inside, *by_name):
        if isinstance(one, dict) and "$ref" in one:
            return schema["$defs"][one["$ref"].rpartition("/")[2]]
    return None


def test_every_key_is_described_and_no_other_is_allowed():
    """Walked from the top by the dotted names of the keys."""
    schema = editor_schema()
    for key in file_keys():
        inside = schema
        *above, name = key.name.split(".")
        for step in above:
            inside = part(schema, inside["properties"][step])
        assert inside["additionalProperties"] is False
        assert inside["properties"][name]["description"]


def test_reports_to_add_have_the_columns_of_their_table():
    """With the kinds that there are; what a what-if fills in need not be given."""
    added = editor_schema()["$defs"]["EventChanges"]["properties"]["added"]["items"]
    assert list(added["properties"]) == [column.name for column in table_schema("events")]
    assert "road_closed" in added["properties"]["kind"]["enum"]
    assert added["required"] == ["event", "start", "kind", "basis", "scope"]


def test_the_schema_is_plain_and_the_same_every_time():
    """JSON, with the dialect, the cases and commodities; names of what-ifs have their pattern."""
    schema = editor_schema()
    assert json.loads(json.dumps(schema)) == editor_schema()
    assert schema["properties"]["commodity"]["enum"][0] == "all"
    assert schema["properties"]["case"]["examples"] == ["mali", "toy"]
    (pattern,) = schema["properties"]["what_if"]["patternProperties"]
    assert pattern == f"^{NAME.pattern}$"
    assert schema["properties"]["what_if"]["additionalProperties"] is False
    assert "title" in schema["properties"]
