"""The JSON Schemas that editors use are those of the code."""

from pathlib import Path

import pytest

from coptip.content.schemas import FILES, schemas


@pytest.mark.parametrize("name", FILES)
def test_an_exported_schema_is_current(name: str, root: Path) -> None:
    stored = (root / "data" / "schemas" / f"{name}.schema.json").read_text("utf-8")
    assert stored == schemas()[name], "run `coptip schemas`"
