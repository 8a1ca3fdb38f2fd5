"""Trains the definition checker's second opinion on the labelled texts and writes ``definitions.en.weights.json``.

``python -m tests.language.train_definitions [--without FILE ...] [--out FILE]``. A linear support vector machine
with squared hinge, solved by dual coordinate descent (Hsieh et al., 2008), in plain Python: a few minutes. A text
has an idea where one of its windows has it; which one is learnt in a second round. Texts held out are never read.

The patterns were written on the first development texts, so there they are right too often; a part of their hits is
hidden from the training, or it would trust them more than they deserve.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coptip.content import Library
from coptip.content.source import read_text
from coptip.language.concept import Ready
from coptip.language.definition import reading_of
from coptip.language.opinion import Found, Idea, features

from .evaluate import Row, rows

COST, FOR_FOUND, ROUNDS, EPOCHS = 0.1, 2.0, 2, 8
HIDDEN = {"E": 0.3, "M": 0.5}
LEAST_SEEN = 3
PLAIN, OF_PATTERN = 0.5, 2.0
"""Size of a feature, and of one that says what the idea's own patterns found."""
LEAST_WEIGHT = 0.0115
TITLES = ("shared", "own")


@dataclass
class Case:
    """A text and an idea: whether it says the idea, and the features of each window."""

    said: bool
    cost: float
    windows: list[array[int]]


def words_around(texts: list[Row], known: dict[str, Ready]) -> frozenset[str]:
    """Words that occur in the texts of most concepts: they tell stances, not topics."""
    where: dict[str, set[str]] = defaultdict(set)
    count: Counter[str] = Counter()
    for row in texts:
        for sentence in known[row["concept"]].compiled.lexicon.read(row["text"]):
            for token in sentence.tokens:
                where[token.stem].add(row["concept"])
                count[token.stem] += 1
    return frozenset(w for w in where if len(where[w]) >= 7 and count[w] >= 25 and w not in (",", ";"))


def texts_for(known: dict[str, Ready], without: list[str]) -> list[Row]:
    """What is taught: the labelled texts, the concepts' own examples, and what is unrelated for every concept."""
    taught = rows(False, without)
    ten = sorted({row["concept"] for row in taught})
    for row in list(taught):
        if row["style"] == "unrelated" and not row["elements"]:
            taught += [
                row | {"concept": concept, "untuned": True} for concept in ten if concept != row["concept"]
            ]
    for concept in ten:
        for n, example in enumerate(known[concept].concept.examples):
            found = {"elements": list(example.elements), "misconceptions": list(example.misconceptions)}
            row = {
                "id": f"example-{concept}-{n}",
                "concept": concept,
                "text": example.text,
                "style": "example",
            }
            taught.append(row | found | {"untuned": True, "weight": 4})
    return taught


def flat(idea: Idea, found: Found) -> Iterator[tuple[str, str]]:
    """Every feature with its level."""
    shared, own = found
    for name in shared:
        for level in (idea.kind, *idea.sorts):
            yield level, name
    for name in own:
        yield idea.id, name


def is_hidden(row: Row, idea: Idea) -> bool:
    """Whether the patterns' hit is hidden here; only where patterns were written on the text."""
    if row.get("untuned"):
        return False
    drawn = hashlib.sha256(f"{row['id']} {idea.id}".encode()).digest()[0] / 256
    return drawn < HIDDEN[idea.kind]


@dataclass(frozen=True)
class Taught:
    """The words that count by themselves, and the classes of meaning of a stem."""

    words: frozenset[str]
    classes: dict[str, list[int]]


class Training:
    def __init__(self, texts: list[Row], known: dict[str, Ready], classes: dict[str, list[int]]) -> None:
        self.taught = Taught(words_around(texts, known), classes)
        self.ids: dict[tuple[str, str], int] = {}
        self.seen: array[int] = array("i")
        self.cases: list[Case] = []
        for row in texts:
            self.read(row, known[row["concept"]])
        self.weights = array("d", bytes(8 * len(self.ids)))
        self.size = array("d", (OF_PATTERN if n in ("P+", "P-") else PLAIN for _, n in self.ids))
        self.bias = 0.0

    def read(self, row: Row, ready: Ready) -> None:
        reading = reading_of(ready, row["text"])
        if reading is None:
            return
        labels = {*(row["elements"] or ()), *(row["misconceptions"] or ())}
        for idea in ready.compiled.ideas:
            found = [features(reading, w, idea, self.taught) for w in reading.windows]
            windows = []
            for one in filter(None, found):
                if idea.id in labels and is_hidden(row, idea):
                    for part in one:
                        part.discard("P+")
                numbers = array("i")
                for feature in sorted(flat(idea, one)):
                    number = self.ids.setdefault(feature, len(self.ids))
                    if number == len(self.seen):
                        self.seen.append(0)
                    self.seen[number] += 1
                    numbers.append(number)
                windows.append(numbers)
            if windows:
                self.cases.append(Case(idea.id in labels, COST * float(row.get("weight", 1)), windows))

    def told(self, numbers: array[int]) -> float:
        weights, size = self.weights, self.size
        return self.bias + sum(weights[n] * size[n] for n in numbers)

    def run(self) -> None:
        for case in self.cases:
            case.windows = [array("i", (n for n in w if self.seen[n] >= LEAST_SEEN)) for w in case.windows]
        for round_ in range(ROUNDS):
            chosen: list[tuple[float, float, array[int]]] = []
            for case in self.cases:
                if not case.said:
                    chosen += [(-1.0, case.cost / len(case.windows) ** 0.5, w) for w in case.windows]
                elif round_ == 0:
                    chosen += [(1.0, FOR_FOUND * case.cost / len(case.windows), w) for w in case.windows]
                else:
                    chosen.append((1.0, FOR_FOUND * case.cost, max(case.windows, key=self.told)))
            self.solve(chosen)
            print(f"round {round_ + 1}: {len(chosen)} windows", file=sys.stderr)

    def solve(self, chosen: list[tuple[float, float, array[int]]]) -> None:
        weights = self.weights = array("d", bytes(8 * len(self.ids)))
        size = self.size
        bias = 0.0
        drawn = random.Random(0)
        multipliers = [0.0] * len(chosen)
        norms = [1.0 + sum(size[n] ** 2 for n in numbers) for _, _, numbers in chosen]
        order = list(range(len(chosen)))
        for _ in range(EPOCHS):
            drawn.shuffle(order)
            for i in order:
                y, cost, numbers = chosen[i]
                slack = 0.5 / cost
                margin = bias
                for n in numbers:
                    margin += weights[n] * size[n]
                gradient = y * margin - 1.0 + slack * multipliers[i]
                if multipliers[i] == 0.0 and gradient >= 0.0:
                    continue
                before = multipliers[i]
                multipliers[i] = max(0.0, before - gradient / (norms[i] + slack))
                step = (multipliers[i] - before) * y
                if step:
                    bias += step
                    for n in numbers:
                        weights[n] += step * size[n]
        self.bias = bias

    def learnt(self) -> dict[str, object]:
        """The weights as they are stored, each with its features in one string; small ones are left out."""
        tables: dict[str, dict[str, dict[float, list[str]]]] = {title: defaultdict(dict) for title in TITLES}
        for (level, name), n in self.ids.items():
            weight = self.weights[n] * self.size[n]
            if abs(weight) >= LEAST_WEIGHT:
                title = "own" if "." in level else "shared"
                tables[title][level].setdefault(round(weight, 3), []).append(name)
        stored = {
            title: {
                level: {str(weight): "~".join(by_weight[weight]) for weight in sorted(by_weight)}
                for level, by_weight in levels.items()
            }
            for title, levels in tables.items()
        }
        least = {"E": 0.1, "M": 0.1}
        return {"bias": round(self.bias, 3), "least": least, "words": sorted(self.taught.words), **stored}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", nargs="*", default=[], help="files of labelled texts that are not read")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    library = Library.load()
    known = dict(library.concepts)
    stored = library.data / "classes.en.json"
    classes = json.loads(read_text(stored, library.data))["classes"] if stored.exists() else {}
    training = Training(texts_for(known, args.without), known, classes)
    print(f"{len(training.cases)} cases, {len(training.ids)} features", file=sys.stderr)
    training.run()
    out = args.out or library.data / "definitions.en.weights.json"
    out.write_text(json.dumps(training.learnt(), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
