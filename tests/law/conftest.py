"""The offences as the collection holds them."""

import pytest

from coptip.content import Library
from coptip.law import Offence


@pytest.fixture(scope="session")
def offences(library: Library) -> dict[str, Offence]:
    return dict(library.offences)
