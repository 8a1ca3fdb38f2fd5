"""An open question made of a closed, leading or blaming one: it keeps what was asked about.

The rewritings are data (``rewrites``): patterns with named groups, and the open question to make of them.
Each result is judged in its turn; one that is not open is not offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coptip.language.question_words import Form, QuestionWords, Rewrite, groups

_TAG = re.compile(
    r"( ,)? ((do|does|did|is|are|was|were|has|have|had|would|will|could|can|should|must)( not)?"
    r" (i|you|he|she|it|they|we|there)( not)?|right|correct|yes|no|is (it|that|this)( not)?"
    r"( so| right| correct| true)?|is not that (so|right|correct)|yes or not?|or not?|admit it)$"
)
_OBJECT = {"he": "him", "she": "her", "they": "them", "i": "me", "we": "us", "everybody": "them"}
_SILENT_E = re.compile(r"([^aeiou][aeiou][vcszrgu]|[^aeiou]{2}[gl]|ang|rg|nc|rc|rv|lv|[ui]d|at|ot|it)$")
"""Stems that lost an e before -ed: mov(ed), forc(ed), chang(ed)."""
_PLURAL = {"i", "you", "we", "they"}


def candidates(texts: list[str], form: Form, words: QuestionWords) -> Iterator[str]:
    """Open rewritings of a text (small letters, as the patterns see it), the best first."""
    patterns = words.patterns.rewrites
    for rewrite, pattern, unless in patterns:
        if form not in rewrite.forms:
            continue
        for text in texts:
            if unless.search(text):
                continue
            if found := pattern.search(text):
                parts = dict(groups(found))
                if rewrite.say == "CLAUSE":
                    yield from _of_clause(parts, form, words)
                elif filled := _fill(rewrite, parts, words):
                    yield filled


def texts_of(text: str, words: QuestionWords) -> list[str]:
    """A sentence's parts as a rewriting wants them: without opening words and without a tag."""
    openers = words.patterns.openers
    parts: list[str] = []
    at = 0
    tokens = text.split(" ")
    while at < len(tokens) - 1:
        step = next((len(o) for o in openers if tuple(tokens[at : at + len(o)]) == o), 0)
        if not step and tokens[at] not in (",", ":", '"'):
            break
        at += step or 1
    whole = " ".join(tokens[at:])
    for _ in range(3):
        whole = _TAG.sub("", whole).rstrip(" ,")
    parts.append(whole)
    parts += [_TAG.sub("", part.strip(" ,:")) for part in re.split(r" [,:] ", whole)[1:]]
    return [part for part in dict.fromkeys(parts) if part]


def _of_clause(parts: dict[str, str], form: Form, words: QuestionWords) -> Iterator[str]:
    """What is put as a clause ("... that he hit you", "... if you paid") is asked about anew."""
    if "clause" not in parts:
        parts["clause"] = f"{parts.get('s', '')} {parts.get('v', '')}{parts.get('o', '')}"
    clause = _TAG.sub("", parts["clause"]).strip(" ,")
    if len(clause.split()) > 40:
        return
    if form == "closed":
        clause = inverted(clause, words)
    yield from candidates([clause], form, words)


def inverted(clause: str, words: QuestionWords) -> str:
    """ "you paid a fee" as "did you pay a fee"; "you are safe" as "are you safe"."""
    subject = re.match(r"((?:the|your|his|her|a|an|this|that|any) \w+|\w+) (\w+)(.*)", clause)
    if not subject:
        return clause
    who, verb, rest = subject.groups()
    if verb in (
        "is",
        "are",
        "was",
        "were",
        "can",
        "could",
        "will",
        "would",
        "has",
        "have",
        "had",
        "do",
        "did",
    ):
        return f"{verb} {who}{rest}"
    base = _base(verb, words)
    return f"did {who} {base}{rest}" if base != verb else f"do {who} {verb}{rest}"


def _fill(rewrite: Rewrite, parts: dict[str, str], words: QuestionWords) -> str:
    """The rewriting's sentence with its groups filled in; empty where one is too long to be read."""

    def put(found: re.Match[str]) -> str:
        name, _, how = found.group(1).partition("|")
        return _formed(parts.get(name, ""), how, words)

    said = re.sub(r"\{([^}]+)\}", put, rewrite.say)
    return "" if len(said.split()) > 45 else _tidy(said)


def _formed(value: str, how: str, words: QuestionWords) -> str:
    bare = value.strip()
    match how:
        case "obj":
            return _OBJECT.get(bare, value)
        case "past":
            return _past(bare, words)
        case "base":
            return _base(bare, words)
        case "any":
            return re.sub(r"^(a|an) ", "any ", value)
        case "the":
            return re.sub(r"^(a|an|any) ", "the ", value)
        case "wants":
            return "want" if bare in _PLURAL else "wants"
        case "have":
            return "have" if bare in _PLURAL else "has"
        case "do":
            return "do" if bare in _PLURAL else "does"
        case "that":
            return value or "that"
        case "some":
            return {"anyone": "people", "anybody": "people", "someone": "people", "somebody": "people"}.get(
                bare, value
            )
        case "about":
            return f" about {bare}" if bare else ""
        case "place" | "there":
            return value or " there"
        case "situation":
            return value or "the situation"
        case "work":
            return value or "the work"
        case "yourself":
            return {"you": "yourself", "i": "me"}.get(bare, value)
        case _:
            return value


def _base(verb: str, words: QuestionWords) -> str:
    if verb in words.past_to_base:
        return words.past_to_base[verb]
    if verb.endswith("ied"):
        return f"{verb[:-3]}y"
    if not verb.endswith("ed") or len(verb) < 5:
        return verb
    stem = verb[:-2]
    if stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    return f"{stem}e" if _SILENT_E.search(stem) else stem


def _past(verb: str, words: QuestionWords) -> str:
    for past, base in words.past_to_base.items():
        if base == verb and past not in ("been", "were"):
            return past
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if re.search(r"[^aeiou]y$", verb) else f"{verb}ed"


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r'" ([^"]*?) "', r"“\1”", text).replace(' "', "").replace('"', "")
    text = re.sub(r" ([,.?!:;)])", r"\1", text).replace(" 's", "'s").replace("( ", "(")
    text = re.sub(r"([,:]\s*)+([?.])", r"\2", text)
    text = re.sub(r"\bi\b", "I", text)
    return text[:1].upper() + text[1:]
