"""What must hold of every model that is played, moved or put together, whoever writes it."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from coptip.content import Library
from coptip.course.chain import ChainModel, passed
from coptip.course.engines import clean_settings, run, start_settings
from coptip.course.exercise import Exercise, Model, Play
from coptip.course.levers import LeversModel, Output, over_years
from coptip.course.rounds import Game, RoundsModel, amiss, begin, offered, play, report
from coptip.course.session import Progress, apply, feedback
from coptip.course.simulation import DiagramModel
from coptip.render.pictures import picture

from ..conftest import ROOT

LIBRARY = Library(ROOT)
MATERIALS = LIBRARY.materials
MODELS = sorted(LIBRARY.models)
GAMES = [id for id in MODELS if isinstance(LIBRARY.models[id], RoundsModel)]
LEVERS = [id for id in MODELS if isinstance(LIBRARY.models[id], LeversModel)]
CHAINS = [id for id in MODELS if isinstance(LIBRARY.models[id], ChainModel)]
SEEDS = range(40)


def random_choice(game: Game, luck: Random) -> dict[str, int]:
    """Something that can be played now, whatever it is."""
    model = game.model
    chosen: dict[str, int] = {}
    actions = offered(game)
    for name, group in model.groups.items():
        members = [id for id, action in actions.items() if action.group == name]
        if group.pick == "one" and members:
            chosen[luck.choice(members)] = 1
    rest = [id for id in actions if model.groups[actions[id].group].pick != "one"]
    luck.shuffle(rest)
    for id in rest:
        more = chosen | {id: luck.randint(0, actions[id].most)}
        chosen = more if not amiss(game, more) else chosen
    return {id: amount for id, amount in chosen.items() if amount}


def random_game(model: RoundsModel, luck: Random) -> list[Game]:
    """A game from its beginning to its end, as it stood after every round."""
    games = [begin(model, luck.choice([*model.draws, ""] if not model.draws else list(model.draws)))]
    while not games[-1].finished:
        choice = random_choice(games[-1], luck)
        assert amiss(games[-1], choice) == ""
        games.append(play(games[-1], choice))
    return games


@pytest.mark.parametrize("id", GAMES)
def test_a_game_stays_within_its_bounds_and_ends_with_a_report_however_it_is_played(id: str) -> None:
    model = LIBRARY.models[id]
    for seed in SEEDS:
        games = random_game(model, Random(seed))
        for game in games:
            for name, meter in model.meters.items():
                assert meter.low <= game.values[name] <= meter.high
        assert len(report(games[-1])) >= len(model.ends)
        assert all(game.turn and game.turn.text for game in games[:-1])


@pytest.mark.parametrize("id", GAMES)
def test_taking_the_last_round_back_leads_to_where_one_was(id: str) -> None:
    model = LIBRARY.models[id]
    games = random_game(model, Random(5))
    choices = [dict(one.choice) for one in games[-1].played]
    draw = next((d for d in model.draws if begin(model, d).course == games[-1].course), "")
    for n, game in enumerate(games):
        settings = {"plays": choices[:n]} | ({"draw": draw} if draw else {})
        outcome = run(model, settings, MATERIALS)
        assert {name: outcome.outputs[name] for name in model.meters} == {
            name: game.values[name] for name in model.meters
        }


@pytest.mark.parametrize("id", GAMES)
def test_what_is_hidden_is_in_no_table_and_in_no_picture_until_the_end(id: str) -> None:
    model = LIBRARY.models[id]
    for seed in SEEDS:
        for game in random_game(model, Random(seed))[:-1]:
            settings = _settings(model, game)
            hidden = [m.text for name, m in game.shown.items() if name not in game.seen]
            outcome = run(model, settings, MATERIALS)
            for text in hidden:
                row = next(row for row in outcome.rows if row[0].startswith(text))
                assert row[-1] == "not known"
            drawn = picture(model, settings, MATERIALS)
            assert drawn.count("not known yet") >= len(hidden)


def _settings(model: RoundsModel, game: Game) -> dict[str, Any]:
    draw = next((d for d in model.draws if begin(model, d).course == game.course), "")
    plays = [dict(one.choice) for one in game.played]
    return {"plays": plays} | ({"draw": draw} if draw else {})


@pytest.mark.parametrize("id", GAMES)
def test_what_a_page_sends_is_played_as_far_as_it_can_be_played(id: str) -> None:
    model = LIBRARY.models[id]
    start = start_settings(model)
    for junk in (None, 7, "x", {}, {"plays": 3}, {"plays": [None]}, {"plays": [{"nothing": 1}]}, {"draw": 9}):
        assert clean_settings(model, junk, start) == start
    good = [dict(one.choice) for one in random_game(model, Random(1))[-1].played]
    draw = next(
        (d for d in model.draws if begin(model, d).course == random_game(model, Random(1))[-1].course), ""
    )
    wanted = {"plays": [*good, {"late": 1}]} | ({"draw": draw} if draw else {})
    clean = clean_settings(model, wanted, start)
    assert clean["plays"] == good
    spoiled = [dict.fromkeys(model.actions, "many"), *good]
    assert clean_settings(model, wanted | {"plays": spoiled}, start)["plays"] == []
    assert run(model, clean, MATERIALS).finished


def signs(model: LeversModel, lever: str, output: Output) -> set[bool]:
    """Which ways a lever can move an output: up (True), down (False), both or none."""
    found: set[bool] = set()
    for effect in output.effects:
        up = effect.weight > 0
        if effect.of == lever:
            found.add(up)
        elif effect.of in model.outputs:
            found |= {way == up for way in signs(model, lever, model.outputs[effect.of])}
        if lever in effect.needs:
            found |= {up} if effect.of not in model.outputs else {True, False}
    return found


@pytest.mark.parametrize("id", LEVERS)
def test_a_lever_moves_an_output_only_the_way_its_weights_say_and_never_out_of_bounds(id: str) -> None:
    model = LIBRARY.models[id]
    luck = Random(3)
    for _ in SEEDS:
        settings = {
            lever.id: luck.choice([0, 100] if lever.labels else range(0, 101, lever.step))
            for lever in model.levers
        }
        course = over_years(model, settings)
        assert course == over_years(model, dict(settings))
        for name, output in model.outputs.items():
            assert all(output.low <= value <= output.high for value in course[name])
        for lever in model.levers:
            low, high = ({**settings, lever.id: end} for end in (0, 100))
            for name, output in model.outputs.items():
                before, after = (over_years(model, one)[name][-1] for one in (low, high))
                ways = signs(model, lever.id, output)
                assert True in ways or after <= before + 1e-9, (lever.id, name)
                assert False in ways or after >= before - 1e-9, (lever.id, name)


@pytest.mark.parametrize("id", CHAINS)
def test_a_part_more_never_stops_the_traveller_earlier_and_only_the_right_parts_are_whole(id: str) -> None:
    model = LIBRARY.models[id]
    right = [part.id for part in model.parts if not part.harm]
    order = list(dict.fromkeys(link.needs for link in model.links))
    ways = [passed(model, {"parts": order[:n]}) for n in range(len(order) + 1)]
    assert all(a <= b for a, b in pairwise(ways))
    assert run(model, {"parts": right}, MATERIALS).outputs["whole"] == 100
    for part in model.parts:
        parts = [p.id for p in model.parts if p.id != part.id] if not part.harm else [*right, part.id]
        assert run(model, {"parts": parts}, MATERIALS).outputs["whole"] == 0


@pytest.mark.parametrize("id", MODELS)
def test_the_same_settings_give_the_same_picture_and_table(id: str) -> None:
    model = LIBRARY.models[id]
    settings = start_settings(model)
    assert picture(model, settings, MATERIALS) == picture(model, start_settings(model), MATERIALS)
    assert run(model, settings, MATERIALS) == run(model, settings, MATERIALS)


@pytest.mark.parametrize("id", [id for id in MODELS if hasattr(LIBRARY.models[id], "invented")])
def test_a_model_says_that_it_is_invented(id: str) -> None:
    assert "invented" in LIBRARY.models[id].invented


@pytest.mark.parametrize("id", [id for id in MODELS if isinstance(LIBRARY.models[id], DiagramModel)])
def test_a_drawing_of_ours_says_so_and_every_arrow_is_in_words(id: str) -> None:
    model = LIBRARY.models[id]
    assert "our own" in model.story
    outcome = run(model, {}, MATERIALS)
    assert len(outcome.rows) == len(model.arrows)
    assert all(all(row) for row in outcome.rows)


TASKS = [
    pytest.param(exercise, stage, task, id=f"{exercise.id}/{task.id}")
    for exercise in LIBRARY.exercises.values()
    for stage in exercise.stages
    if isinstance(stage, Model)
    for task in stage.tasks
    if isinstance(task, Play)
]


@pytest.mark.parametrize(("exercise", "stage", "task"), TASKS)
def test_a_games_task_is_done_by_its_example_and_stays_done_after_a_new_game(
    exercise: Exercise, stage: Model, task: Play
) -> None:
    model = MATERIALS.models[stage.model]
    assert isinstance(model, RoundsModel)
    draw = {"draw": next(iter(model.draws))} if model.draws else {}

    def after(plays: list[dict[str, int]], work: Any) -> Any:
        event = {"action": "set", "stage": stage.id, "responses": {"settings": {**draw, "plays": plays}}}
        return apply(exercise, MATERIALS, work, event)

    example = [dict(choice) for choice in task.example]
    before = after(example[:-1], {})
    assert task.id not in before.get(stage.id, Progress()).reached
    won = after(example, before)
    assert task.id in won[stage.id].reached
    told = feedback(exercise, MATERIALS, after([], won))[stage.id]
    assert told["tasks"][task.id]["done"]
    assert told["tasks"][task.id]["text"] == task.feedback["reached"]
