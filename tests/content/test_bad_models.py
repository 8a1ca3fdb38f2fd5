"""Models that do not fit together are told so, each fault with its place, all at once."""

from pathlib import Path

import pytest

from coptip.content import Library, check

BAD = sorted((Path(__file__).parent / "bad_models").glob("*.yaml"))

GAME = """\
engine: rounds
id: game
title: A small game
story: Invented.
invented: All invented.
round: Day
budget: 2
groups: {work: {text: Work, pick: many}}
actions:
  listen: {text: Listen, group: work, cost: 1, effect: {trust: 1}}
  search: {text: Search, group: work, cost: 2, effect: {trust: -1}}
meters:
  trust: {text: Trust, start: 5, good: high}
turns:
  - {id: one, title: One, text: The first day.}
  - {id: two, title: Two, text: The second day.}
ends:
  - title: Trust
    says: [{text: It ended.}]
"""

EXERCISE = """\
id: whose-phone
brief: X
kind: simulation
title: A game
outcome: X.outcome.1
minutes: 5
trap: None.
guide: [X.1]
stages:
  - interaction: model
    id: game
    prompt: Play.
    model: game
    tasks:
      - kind: play
        id: win
        text: End with trust.
        when: {trust: ">=7"}
        feedback: {reached: Yes., other: No.}
        example: {example}
"""


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_model_gets_exactly_the_message_kept_beside_it(small: Path, path: Path) -> None:
    target = small / "data" / "models" / "bad.yaml"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(path.read_bytes())
    told = "\n".join(map(str, check(Library(small)))) + "\n"
    assert told == path.with_suffix(".txt").read_text("utf-8")


def faults_with(small: Path, example: str) -> str:
    (small / "data" / "models").mkdir(exist_ok=True)
    (small / "data" / "models" / "game.yaml").write_text(GAME, "utf-8")
    text = EXERCISE.replace("{example}", example)
    (small / "data" / "exercises" / "x" / "whose-phone.yaml").write_text(text, "utf-8")
    return "\n".join(str(fault) for fault in check(Library(small)))


def test_an_example_that_comes_where_the_task_wants_it_is_no_fault(small: Path) -> None:
    assert faults_with(small, '[{listen: "1"}, {listen: "1"}]') == ""


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ('[{listen: "1"}]', "the game has 2 rounds; the example has 1."),
        ('[{search: "1"}, {}]', "it does not come there: trust 4."),
        ('[{listen: "1", search: "1"}, {}]', "this cannot be played: That costs 3 hours, and you have 2."),
        ('[{listen: "2"}, {}]', "this cannot be played: “Listen”: choose from 0 to 1."),
        ('[{sing: "1"}, {}]', "this cannot be played: That cannot be chosen in this round."),
    ],
)
def test_an_example_that_cannot_be_played_or_does_not_come_there_is_told(
    small: Path, example: str, said: str
) -> None:
    assert said in faults_with(small, example)
