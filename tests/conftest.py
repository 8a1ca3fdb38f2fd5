"""What every test may use: the collection's own library, read once."""

from pathlib import Path

import pytest

from coptip.content import Library

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(ROOT)
