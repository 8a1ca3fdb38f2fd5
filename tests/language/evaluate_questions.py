"""Precision, recall and F1 of the question checker, by form, technique and style.

``python -m tests.language.evaluate_questions`` prints the development set; ``--held-out`` the fifth set aside, and
``--misses`` each text judged otherwise than it is labelled (never to be used with the held-out ones).
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from coptip.check_question import question_words
from coptip.language.question import judge
from coptip.language.question_words import FORMS, TECHNIQUES, Form, Technique

HERE = Path(__file__).parent
SET = HERE / "questions.yaml"


@dataclass(frozen=True)
class Labelled:
    """An utterance with its labels."""

    id: str
    text: str
    form: Form
    technique: Technique
    style: str
    source: str = "questions"

    @property
    def tuned(self) -> bool:
        """Patterns were written on it."""
        return self.source == "questions"

    @property
    def held_out(self) -> bool:
        return self.tuned and hashlib.sha256(self.id.encode()).digest()[0] < 51

    @property
    def unseen_third(self) -> bool:
        """The third of the texts by others that was kept out of sight until the last figures were taken."""
        return "fresh" in self.source and hashlib.sha256(f"x{self.id}".encode()).digest()[0] < 85


def labelled(path: Path = SET) -> list[Labelled]:
    """The utterances of one file."""
    rows = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [Labelled(**row, source=path.stem) for row in rows]


def for_training() -> list[Labelled]:
    """What the second opinion is taught: the development set, and the files written later (``questions-*.yaml``)."""
    later = [row for path in sorted(HERE.glob("questions-*.yaml")) for row in labelled(path)]
    return [row for row in labelled() if not row.held_out] + later


Score = tuple[str, float, float, float, int]


def scores(truth: Sequence[str], said: Sequence[str], names: Iterable[str]) -> list[Score]:
    """Name, precision, recall, F1 and how many there are, of each class."""
    found = []
    for name in names:
        right = sum(t == s == name for t, s in zip(truth, said, strict=True))
        claimed, there = Counter(said)[name], Counter(truth)[name]
        precision, recall = right / claimed if claimed else 0.0, right / there if there else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        found.append((name, precision, recall, f1, there))
    return found


def accuracy(truth: Sequence[str], said: Sequence[str]) -> float:
    return sum(t == s for t, s in zip(truth, said, strict=True)) / len(truth) if truth else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", help="another set beside this file, such as unseen-questions")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    words = question_words()
    rows = [row for row in labelled() if row.held_out == args.held_out]
    if args.file:
        rows = labelled(HERE / f"{args.file}.yaml")
    verdicts = [judge(row.text, words) for row in rows]
    forms, techniques = [form for form, _ in verdicts], [technique for _, technique in verdicts]
    print(f"{args.file or ('held out' if args.held_out else 'development')}: {len(rows)} utterances")
    for title, truth, said, names in (
        ("form", [row.form for row in rows], forms, FORMS),
        ("technique", [row.technique for row in rows], techniques, TECHNIQUES),
    ):
        print(f"\n{title}: accuracy {accuracy(truth, said):.3f}\n{'':24}  prec   rec    F1     n")
        for name, precision, recall, f1, there in scores(truth, said, names):
            print(f"{name:24} {precision:5.2f} {recall:5.2f} {f1:5.2f} {there:5}")
    styles = sorted({row.style for row in rows} if not args.file else ())  # there each text has a voice of its own
    if styles:
        print("\nby style                  form  techn.    n")
    for style in styles:
        of = [n for n, row in enumerate(rows) if row.style == style]
        by_form = accuracy([rows[n].form for n in of], [forms[n] for n in of])
        by_technique = accuracy([rows[n].technique for n in of], [techniques[n] for n in of])
        print(f"{style:24} {by_form:5.2f} {by_technique:5.2f} {len(of):6}")
    if args.misses:
        for row, (form, technique) in zip(rows, verdicts, strict=True):
            if (form, technique) != (row.form, row.technique):
                print(f"{row.id} {row.form}/{row.technique} judged {form}/{technique}: {row.text}")


if __name__ == "__main__":
    main()
