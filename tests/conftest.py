"""What every test may use: the collection's own library, read once."""

from pathlib import Path

import pytest
from hypothesis import settings

from coptip.content import Library

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("coptip", deadline=None)  # nothing is asserted of how long anything takes
settings.load_profile("coptip")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(ROOT)
