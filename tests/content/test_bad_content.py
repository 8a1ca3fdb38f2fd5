"""Every kind of fault is told with its place, what was expected and what may have been meant; all at once."""

from pathlib import Path

import pytest

from coptip.content import ContentError, Library, check
from coptip.content.source import MAX_BYTES

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gets_exactly_the_message_kept_beside_it(small: Path, path: Path) -> None:
    target = small / "data" / "exercises" / "x" / "whose-phone.yaml"
    target.write_bytes(path.read_bytes())
    told = "\n".join(map(str, check(Library(small)))) + "\n"
    assert told == path.with_suffix(".txt").read_text("utf-8")


def test_there_are_bad_files_for_each_kind_of_fault() -> None:
    assert len(BAD) >= 12


def faults_of(small: Path, text: bytes) -> str:
    (small / "data" / "exercises" / "x" / "whose-phone.yaml").write_bytes(text)
    return "\n".join(map(str, check(Library(small))))


def test_a_file_of_fifty_megabytes_is_refused_unread(small: Path) -> None:
    told = faults_of(small, b"x" * 50_000_000)
    assert "50,000,000 bytes" in told
    assert f"{MAX_BYTES:,}" in told


def test_a_file_that_is_not_utf8_is_refused_with_the_byte(small: Path) -> None:
    assert "not UTF-8 (byte 4)" in faults_of(small, b"id: \xff\xfe")


def test_a_billion_laughs_is_refused_before_it_grows(small: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    told = faults_of(small, "\n".join(lines).encode())
    assert "anchors (&name) are not used here" in told
    assert "aliases (*name) are not used here" in told


def test_a_tag_is_refused_and_nothing_runs(small: Path) -> None:
    told = faults_of(small, b"id: !!python/object/apply:os.system [echo]")
    assert "tags (tag:yaml.org,2002:python/object/apply:os.system) are not used here" in told


def test_a_file_nested_too_deep_is_refused(small: Path) -> None:
    assert "nested too deep" in faults_of(small, b"[" * 400 + b"]" * 400)


def test_a_link_that_leads_out_of_the_data_folder_is_not_followed(small: Path, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret.yaml"
    secret.write_text("id: whose-phone")
    link = small / "data" / "exercises" / "x" / "elsewhere.yaml"
    link.symlink_to(secret)
    told = "\n".join(map(str, check(Library(small))))
    assert "elsewhere.yaml:1:1: this file lies outside the data folder" in told


def test_faults_of_several_files_are_told_at_once(small: Path) -> None:
    (small / "data" / "cases" / "a.yaml").write_text("id: a\n")
    (small / "data" / "tables" / "b.yaml").write_text("id: b\ntitle: [\n")
    told = "\n".join(map(str, check(Library(small))))
    assert "data/cases/a.yaml" in told
    assert "data/tables/b.yaml" in told


def test_an_unknown_id_is_answered_with_the_nearest_one(small: Path) -> None:
    with pytest.raises(KeyError, match="Did you mean 'whose-phone'"):
        Library(small).exercises["whose-fone"]


def test_a_listing_with_an_id_twice_is_refused(small: Path) -> None:
    entry = "- {id: a, term: A, meaning: One.}\n"
    (small / "data" / "glossary.yaml").write_text(entry * 2)
    with pytest.raises(ContentError, match="the id 'a' stands twice"):
        _ = Library(small).glossary


def test_an_exercise_that_is_listed_and_stands_nowhere_in_the_notebook_is_told(small: Path) -> None:
    exercise = (small / "data" / "exercises" / "x" / "whose-phone.yaml").read_text()
    again = small / "data" / "exercises" / "x" / "whose-bag.yaml"
    again.write_text(exercise.replace("id: whose-phone", "id: whose-bag"))
    module = small / "data" / "modules" / "x.yaml"
    module.write_text(module.read_text().replace("[whose-phone]", "[whose-phone, whose-bag]"))
    told = "\n".join(map(str, check(Library(small))))
    assert "data/modules/x.yaml:10:" in told
    assert "the notebook 'x.ipynb' does not show 'whose-bag'" in told
    assert 'Put m.exercise("whose-bag") into a cell of it' in told
    assert "whose-phone" not in told
