"""The JSON Schema of the summary, for whoever reads it with another program.

`python -m gait.report.schema` writes the copy that comes with the package anew.
"""

from pathlib import Path
from typing import Any

import msgspec

from gait.model.summary import SUMMARY_VERSION, Summary

SCHEMA_FILE = Path(__file__).with_name("summary.schema.json")


def summary_schema() -> dict[str, Any]:
    """The schema of `gait.model.Summary` as it is in this version."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"shoegait summary {SUMMARY_VERSION}",
        **msgspec.json.schema(Summary),
    }


def schema_text() -> str:
    """The schema as it stands in `summary.schema.json`."""
    return msgspec.json.format(msgspec.json.encode(summary_schema()), indent=2).decode() + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
