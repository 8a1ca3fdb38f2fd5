"""Learn the second opinion on blame: which words and word pairs blaming utterances have and others have not.

``python -m tests.language.train_questions`` prints how it would do on unseen fifths of the development set and
writes ``data/questions.en.weights.json``. The held-out utterances are never read.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from coptip.check_question import question_words
from coptip.language.question import utterance
from coptip.language.question_opinion import Opinion, features
from tests.language.evaluate_questions import Labelled, labelled

OUT = Path(__file__).resolve().parents[2] / "data" / "questions.en.weights.json"
ROUNDS, STEP, SHRINK, LEAST = 300, 1.2, 0.0003, 0.08

Example = tuple[list[str], bool]


def examples(rows: Sequence[Labelled]) -> list[Example]:
    words = question_words()
    return [
        (sorted(features(utterance(row.text, words).units)), row.form == "blaming_or_threatening")
        for row in rows
    ]


def learn(rows: Sequence[Example]) -> Opinion:
    """Logistic regression by gradient descent with momentum; small weights are left out."""
    seen = Counter(feature for features_, _ in rows for feature in features_)
    weights = dict.fromkeys((f for f, n in sorted(seen.items()) if n >= 2 or " " not in f), 0.0)
    speed = dict.fromkeys(weights, 0.0)
    bias, bias_speed = -1.5, 0.0
    known = [([f for f in features_ if f in weights], blame) for features_, blame in rows]
    for _ in range(ROUNDS):
        slope = dict.fromkeys(weights, 0.0)
        bias_slope = 0.0
        for features_, blame in known:
            off = _chance(bias + sum(weights[f] for f in features_)) - blame
            bias_slope += off
            for f in features_:
                slope[f] += off
        for f in weights:
            speed[f] = 0.9 * speed[f] - STEP * (slope[f] / len(known) + SHRINK * weights[f])
            weights[f] += speed[f]
        bias_speed = 0.9 * bias_speed - STEP * bias_slope / len(known)
        bias += bias_speed
    return Opinion(round(bias, 3), {f: round(w, 2) for f, w in sorted(weights.items()) if abs(w) >= LEAST})


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def main() -> None:
    rows = [row for row in labelled() if not row.held_out]
    known = examples(rows)
    print("unseen fifths:  threshold  others accused  blame caught")
    chances: list[tuple[float, bool, str]] = []
    for fold in range(5):
        opinion = learn([one for n, one in enumerate(known) if n % 5 != fold])
        for n, (features_, blame) in enumerate(known):
            if n % 5 == fold:
                chances.append((opinion.chance(set(features_)), blame, f"{rows[n].form}/{rows[n].technique}"))
    for threshold in (0.4, 0.5, 0.6, 0.7, 0.8):
        accused = Counter(form for chance, blame, form in chances if chance >= threshold and not blame)
        caught = sum(chance >= threshold for chance, blame, _ in chances if blame)
        print(f"{threshold:25} {dict(accused)} {caught / sum(blame for _, blame, _ in chances):.2f}")
    opinion = learn(known)
    data = {"bias": opinion.bias, "weights": opinion.weights}
    OUT.write_text(json.dumps(data, indent=0, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(opinion.weights)} weights in {OUT.name}")


if __name__ == "__main__":
    main()
