"""How many cases a second ``assess`` judges: prints median and range of seven rounds over the hand-made cases."""

from statistics import median
from time import perf_counter

from coptip.content import Library
from coptip.law import Facts, report

from ..conftest import ROOT
from .test_cases import CASES, facts_of

ROUNDS, COUNT = 7, 1000


def main() -> None:
    """Print cases a second."""
    offences = Library(ROOT).offences
    nested = [facts_of(case).to_nested() for case in CASES]
    speeds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        for n in range(COUNT):
            report(offences, Facts.from_nested(nested[n % len(nested)]))
        speeds.append(COUNT / (perf_counter() - start))
    print(f"assess: {median(speeds):,.0f} cases a second (from {min(speeds):,.0f} to {max(speeds):,.0f})")


if __name__ == "__main__":
    main()
