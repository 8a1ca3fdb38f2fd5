"""Learn the second opinion on form and technique, and write ``data/questions.en.weights.json``.

``python -m tests.language.train_questions``: a linear support vector machine with squared hinge for each class, solved
by dual coordinate descent (Hsieh et al., 2008), in plain Python; less than a minute. Texts held out are never read.
With ``--unseen`` nothing is written: it learns without the third of the texts by others that was kept out of sight, in
several ways, and prints how each judges that third.

The patterns were written on ``questions.yaml``, so there they are right too often; what they found there is hidden
from the training, or it would trust them more than they deserve.
"""

from __future__ import annotations

import argparse
import json
import random
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coptip.check_question import question_words
from coptip.content.questions import HUNDREDTHS, known_words
from coptip.language.normal import stem
from coptip.language.question import judge, utterance
from coptip.language.question_opinion import Opinion, features, size
from coptip.language.question_words import FORMS, TECHNIQUES, QuestionWords
from tests.language.evaluate_questions import Labelled, accuracy, for_training, scores

OUT = Path(__file__).resolve().parents[2] / "data" / "questions.en.weights.json"
COST, EPOCHS, LEAST_SEEN, LEAST_TOGETHER, LEAST_WEIGHT = 0.1, 12, 2, 5, 0.02
SEEN_TO_MEND, OFTEN = 3, 12


@dataclass(frozen=True)
class Example:
    """A text's features and its classes."""

    found: frozenset[str]
    form: str
    technique: str

    def less(self, beginnings: tuple[str, ...]) -> Example:
        """Without the features whose names begin so."""
        return replace(self, found=frozenset(f for f in self.found if not f.startswith(beginnings)))


def reading(rows: Sequence[Labelled]) -> QuestionWords:
    """The words as the checker has them, with an opinion that only mends spelling."""
    plain = replace(question_words(), opinion=None)
    count = Counter(
        word
        for row in rows
        for word in {w.text for unit in utterance(row.text, plain).units for w in unit.words}
    )
    known = known_words(plain)
    vocabulary = frozenset(
        w for w, n in count.items()
        if n >= SEEN_TO_MEND and w.isalpha() and len(w) > 3 and (n >= OFTEN or not known.isdisjoint((w, stem(w))))
    )  # fmt: skip
    return replace(plain, opinion=Opinion((), (), {}, (), vocabulary, known))


def examples(rows: Sequence[Labelled], words: QuestionWords) -> list[Example]:
    """Texts as the opinion sees them; without the patterns' findings where the patterns were written."""
    found = []
    for row in rows:
        said = utterance(row.text, words)
        evidence = () if row.tuned else said.evidence
        found.append(
            Example(
                frozenset(features(said.units, words.patterns.signs, evidence)), row.form, row.technique
            )
        )
    return found


def learn(known: Sequence[Example], vocabulary: frozenset[str] = frozenset()) -> Opinion:
    """One machine for each form and technique, on the same features."""
    seen = Counter(feature for one in known for feature in one.found)
    names = sorted(feature for feature, n in seen.items() if n >= LEAST_SEEN)
    numbers = {name: n for n, name in enumerate(names)}
    sizes = [size(name) for name in names]
    rows = [array("l", sorted(numbers[f] for f in one.found if f in numbers)) for one in known]
    classes = (*FORMS, *TECHNIQUES)
    bias: list[float] = []
    weights: dict[str, dict[int, float]] = {}
    for number, name in enumerate(classes):
        signs = [1.0 if name in (one.form, one.technique) else -1.0 for one in known]
        learned = _solve(rows, signs, sizes)
        bias.append(round(learned[-1], 2))
        for feature, weight in zip(names, learned, strict=False):
            if abs(weight) >= LEAST_WEIGHT:
                weights.setdefault(feature, {})[number] = round(weight, 2)
    pairs = Counter((one.form, one.technique) for one in known)
    together = tuple(sorted(pair for pair, n in pairs.items() if n >= LEAST_TOGETHER))
    return Opinion(classes, tuple(bias), weights, together, vocabulary)


def _solve(rows: Sequence[array[int]], signs: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Weights, the last of them the bias, of a machine that tells signs 1 from -1. ``sizes``: of each feature."""
    weights = [0.0] * (len(sizes) + 1)
    squares = [1 + sum(sizes[f] ** 2 for f in row) for row in rows]
    dual = [0.0] * len(rows)
    order, chance = list(range(len(rows))), random.Random(7)
    soft = 0.5 / COST
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for n in order:
            row, sign, before = rows[n], signs[n], dual[n]
            slope = sign * (sum([weights[f] * sizes[f] for f in row]) + weights[-1]) - 1 + soft * before
            if before == 0.0 and slope >= 0:
                continue
            dual[n] = max(0.0, before - slope / (squares[n] + soft))
            if step := (dual[n] - before) * sign:
                for f in row:
                    weights[f] += step * sizes[f]
                weights[-1] += step
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unseen", action="store_true", help="only print how it does on the third kept unseen")
    if parser.parse_args().unseen:
        _unseen()
        return
    rows = for_training()
    words = reading(rows)
    assert words.opinion
    known = examples(rows, words)
    opinion = learn(known)
    data = {
        "classes": opinion.classes,
        "bias": opinion.bias,
        "together": opinion.together,
        "vocabulary": sorted(words.opinion.vocabulary),
        "weights": {
            feature: [x for n, w in of.items() for x in (n, round(w * HUNDREDTHS))]
            for feature, of in sorted(opinion.weights.items())
        },
    }
    OUT.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(opinion.weights)} features in {OUT.name}")


WAYS: dict[str, tuple[str, ...]] = {
    "words alone": ("P ", "S"),
    "words and signs": ("P ",),
    "words and patterns": ("S",),
    "words, signs, patterns (kept)": (),
}
"""What is left out of the features in each way: how their names begin."""


def _unseen() -> None:
    """Several ways, each learnt without the unseen third and judged on it."""
    rows = for_training()
    seen, unseen = [r for r in rows if not r.unseen_third], [r for r in rows if r.unseen_third]
    words = reading(seen)
    plain = replace(words, opinion=None)
    _print("patterns alone", unseen, [judge(row.text, plain) for row in unseen])
    known, asked = examples(seen, words), examples(unseen, words)
    for way, without in WAYS.items():
        opinion = learn([one.less(without) for one in known])
        _print(way, unseen, [opinion.best(one.less(without).found) for one in asked])


def _print(way: str, rows: Sequence[Labelled], said: Sequence[tuple[str, str]]) -> None:
    form = accuracy([row.form for row in rows], [form for form, _ in said])
    technique = accuracy([row.technique for row in rows], [technique for _, technique in said])
    print(f"\n{way}: {len(rows)} utterances, form {form:.3f}, technique {technique:.3f}")
    found = (
        *scores([row.form for row in rows], [one for one, _ in said], FORMS),
        *scores([row.technique for row in rows], [one for _, one in said], TECHNIQUES),
    )
    for name, precision, recall, f1, there in found:
        print(f"{name:24} {precision:5.2f} {recall:5.2f} {f1:5.2f} {there:5}")


if __name__ == "__main__":
    main()
