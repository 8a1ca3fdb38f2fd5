"""Concepts of the definition checker: ``data/concepts/<concept>.<language>.yaml`` and the words they share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from sys import intern

from coptip.content.source import (
    ContentError,
    Document,
    Fault,
    Spot,
    UnknownId,
    nearest,
    read_document,
    read_text,
    validate,
)
from coptip.language.concept import Concept, Misconception, Ready, Words
from coptip.language.definition import check_examples
from coptip.language.opinion import Weights
from coptip.language.pattern import SETS_OF_USE, PatternError

LANGUAGE = "en"
LEAST_EXAMPLES = 8


class Concepts(Mapping[str, Ready]):
    """The concepts of one language by id. Raises ContentError where a file cannot be used."""

    def __init__(self, data: Path, language: str = LANGUAGE) -> None:
        self.documents: dict[str, Document] = {}
        read: dict[str, Concept] = {}
        self._concepts: dict[str, Ready] = {}
        paths = sorted((data / "concepts").glob(f"*.{language}.yaml"))
        if not paths:
            return
        shared = _shared(data, language)
        faults: list[Fault] = []
        for path in paths:
            try:
                document = read_document(path, data)
                concept = validate(document, Concept)
            except ContentError as error:
                faults += error.faults
                continue
            if path.name != f"{concept.id.replace('_', '-')}.{language}.yaml":
                faults.append(
                    document.fault(("id",), f"the id '{concept.id}' does not fit the name of the file.")
                )
            self.documents[concept.id], read[concept.id] = document, concept
        if not faults:
            faults += self._flaws(read, shared)
        if faults:
            raise ContentError(faults)
        weights = _weights(data, language)
        self._concepts = {id: _completed(concept, read, shared, weights) for id, concept in read.items()}

    def _flaws(self, read: Mapping[str, Concept], shared: Words) -> Iterator[Fault]:
        """What does not fit together: ids that stand twice, names of nothing."""
        documents = self.documents
        ids: dict[str, str] = {}
        for id, concept in read.items():
            for kind in ("elements", "misconceptions"):
                for n, item in enumerate(getattr(concept, kind)):
                    if item.id in ids:
                        yield documents[id].fault(
                            (kind, n, "id"), f"'{item.id}' stands in {ids[item.id]} too."
                        )
                    ids[item.id] = id
        for id, concept in read.items():
            for spot, named in _names(concept):
                if named not in ids:
                    yield documents[id].fault(spot, f"nothing is called '{named}'.{nearest(named, ids)}")
            borrowed = {ids[other] for other in concept.also if other in ids} - {id}
            for name in concept.sets:
                where = next((o for o in borrowed if name in read[o].sets), None)
                if name in shared.sets or where:
                    there = (
                        "the shared words"
                        if name in shared.sets
                        else f"the concept '{where}', which 'also' names"
                    )
                    yield documents[id].fault(
                        ("sets", name), f"the set '{name}' stands in {there}. Rename it."
                    )
            if len(concept.examples) < LEAST_EXAMPLES:
                count = len(concept.examples)
                yield documents[id].fault(
                    ("examples",), f"{count} examples; at least {LEAST_EXAMPLES} are needed."
                )

    def __getitem__(self, id: str) -> Ready:
        if id not in self._concepts:
            raise UnknownId("concept", id, list(self._concepts))
        return self._concepts[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._concepts)

    def __len__(self) -> int:
        return len(self._concepts)

    def faults(self) -> Iterator[Fault]:
        """Patterns that cannot be read, and examples that a concept judges otherwise than its author."""
        for id, ready in self._concepts.items():
            document = self.documents[id]
            try:
                problems = ready.compiled.problems
            except PatternError as error:
                yield document.fault(("sets",), str(error))
                continue
            for spot, sentence in problems:
                yield document.fault(spot, sentence)
            if not problems:
                for n, sentence in check_examples(ready):
                    yield document.fault(("examples", n), sentence)


def _shared(data: Path, language: str) -> Words:
    document = read_document(data / f"words.{language}.yaml", data)
    words = validate(document, Words)
    if missing := [name for name in SETS_OF_USE if name not in words.sets]:
        raise ContentError([document.fault(("sets",), f"the set '{missing[0]}' is missing.")])
    return words


def _names(concept: Concept) -> Iterator[tuple[Spot, str]]:
    """Every element or misconception that a concept names, and where."""
    for n, id in enumerate(concept.also):
        yield ("also", n), id
    for n, id in enumerate(concept.weak):
        yield ("weak", n), id
    for n, element in enumerate(concept.elements):
        for k, id in enumerate(element.denies):
            yield ("elements", n, "denies", k), id
    for n, misconception in enumerate(concept.misconceptions):
        for k, id in enumerate(misconception.carries):
            yield ("misconceptions", n, "carries", k), id
    for n, example in enumerate(concept.examples):
        for kind in ("elements", "misconceptions"):
            for k, id in enumerate(getattr(example, kind)):
                yield ("examples", n, kind, k), id


def _weights(data: Path, language: str) -> Weights | None:
    """What the second opinion has learnt; None where a language has none (yet)."""
    path, classes = data / f"definitions.{language}.weights.json", data / f"classes.{language}.json"
    if not path.exists():
        return None
    try:
        learnt = json.loads(read_text(path, data))
        words = json.loads(read_text(classes, data))["classes"] if classes.exists() else {}
        return Weights(
            bias=learnt["bias"],
            shared=_tables(learnt["shared"]),
            own=_tables(learnt["own"]),
            words=frozenset(learnt["words"]),
            least=learnt["least"],
            classes=words,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ContentError(
            [Fault(path.name, 1, 1, "these weights cannot be read. Train them anew.")]
        ) from None


def _tables(stored: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, float]]:
    """By level each feature with its weight, from the features of each weight in one string ("/chain~I may")."""
    tables: dict[str, dict[str, float]] = {}
    for level, by_weight in stored.items():
        table = tables[level] = {}
        for weight, names in by_weight.items():
            table.update(dict.fromkeys(map(intern, names.split("~")), float(weight)))
    return tables


def _completed(concept: Concept, read: Mapping[str, Concept], words: Words, weights: Weights | None) -> Ready:
    """A concept with what it borrows, the shared words, and the second opinion where one was trained for it."""
    lent: list[Misconception] = []
    sets: dict[str, str] = {}
    for other in read.values():
        if other.id != concept.id and (borrowed := [m for m in other.misconceptions if m.id in concept.also]):
            lent += borrowed
            sets |= other.sets
    trained = weights is not None and all(e.id in weights.own for e in concept.elements)
    return Ready(
        concept=concept,
        words=words,
        lent=tuple(lent),
        lent_sets=sets,
        weights=weights if trained else None,
    )
