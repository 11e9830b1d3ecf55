"""Frictionless over the same workbooks, by the schema beside them: `python -m benchmarks.rivals.frictionless_validation CORPUS`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from frictionless import Resource, Schema, system
from frictionless.formats import ExcelControl

from benchmarks.rivals import workbooks

_TYPES = {"count": "number", "money": "number", "hours": "number", "year": "number"}


def _field(column: dict[str, Any]) -> dict[str, Any]:
    kind = column["kind"]
    constraints: dict[str, Any] = {"required": column["required"]}
    if column["choices"]:
        constraints["enum"] = column["choices"]
    if kind == "id":
        constraints["pattern"] = "[0-9]{17}[0-9X]"
    # A date may be typed in several ways, all of which are good: not looked at.
    return {"name": column["label"], "type": "any" if kind == "date" else _TYPES.get(kind, "string"), "constraints": constraints}


def _schema(sheet: dict[str, Any]) -> Schema:
    fields = [{"name": "序号", "type": "number"}, *map(_field, sheet["columns"])]
    return Schema.from_descriptor({"fields": fields, "primaryKey": sheet["identity"]})


def main() -> None:
    """Validate every sheet of every workbook; print how many rows are at fault."""
    declared = json.loads((Path(sys.argv[1]) / "schema.json").read_text("utf-8"))
    faulty = 0
    with system.use_context(trusted=True):
        for path in workbooks():
            for sheet in declared:
                resource = Resource(path=str(path), control=ExcelControl(sheet=sheet["label"]), schema=_schema(sheet))
                faulty += len(resource.validate().flatten(["rowNumber"]))
    print(f"frictionless: {faulty}")


if __name__ == "__main__":
    main()
