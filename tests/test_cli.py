"""The command line: what it prints, what it exits with, and that its errors help."""

import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from coptip.cli import main

from .conftest import ROOT


def test_check_says_what_it_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "no faults" in capsys.readouterr().out


def test_check_prints_every_fault_with_its_place_and_exits_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("data/modules", "data/tables", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data" / "modules" / "x.yaml").write_text("id: x\ntitel: X\n")
    (tmp_path / "data" / "tables" / "t.yaml").write_text("id: t\nid: u\n")
    (tmp_path / "data" / "coverage.yaml").write_text("x: []\n")
    monkeypatch.setenv("COPTIP_ROOT", str(tmp_path))
    assert main(["check"]) == 1
    told = capsys.readouterr()
    assert "data/modules/x.yaml:2:1: there is no key 'titel' here. Did you mean 'title'?" in told.out
    assert "data/tables/t.yaml:2:1: the key 'id' stands twice" in told.out
    assert "faults." in told.err


def test_coverage_names_each_id_beside_the_text_that_carries_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "1A", "--show"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("1a: 151 of 151 carried, 0 open")
    assert "1A.1.4.rule.1: For a child two elements suffice" in told
    assert "notebooks/1a-understanding-trafficking.ipynb cell law-children-and-consent" in told


def test_an_unwritten_modules_coverage_is_open_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "modules").mkdir(parents=True)
    (tmp_path / "data" / "coverage.yaml").write_text("x:\n  - {id: x.1.rule.1, text: A rule, must: true}\n")
    monkeypatch.setenv("COPTIP_ROOT", str(tmp_path))
    assert main(["coverage", "x"]) == 1
    assert "  open: x.1.rule.1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["serve", "1z"], "No module called '1z'."),
        (["preview", "icebreg"], "Did you mean 'iceberg'?"),
        (["coverage", "1d"], "No module called '1d'."),
        (["build", "9"], "No module called '9'."),
        (["slides", "1c"], "No module called '1c'."),
    ],
)
def test_a_wrong_name_is_answered_in_one_sentence(
    argv: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 1
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_a_port_that_is_taken_is_told_with_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert f"PORT={port + 1} make serve" in capsys.readouterr().out


def test_an_instructors_server_for_other_machines_wants_a_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert main(["serve", "--instructor", "--ip", "0.0.0.0", "--port", str(port)]) == 1
    assert "--password" in capsys.readouterr().out


def given(lines: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))


def assess(
    lines: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[Any]]:
    given(lines.encode(), monkeypatch)
    status = main(["assess", "--jsonl"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_assess_answers_one_line_for_each_and_goes_on_after_a_bad_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {
        "id": "a",
        "facts": {
            "victim_age": "child",
            "acts": {"receipt": "yes"},
            "purpose": {"servitude": "yes"},
        },
    }
    lines = [
        json.dumps(good),
        "{oops",
        json.dumps({"id": "b", "facts": {"acts": {"receit": "yes"}}}),
        json.dumps(good),
    ]
    status, told = assess("\n".join(lines), monkeypatch, capsys)
    assert status == 1
    assert [row.get("tip") for row in told] == ["established", None, None, "established"]
    assert told[0]["tip_route"] == "child_two_elements"
    assert "is not JSON" in told[1]["error"]
    assert told[2] == {"id": "b", "error": "'acts' has no fact 'receit'. Did you mean 'receipt'?"}


BAD_LINES = {
    b"[" * 100_000: "line 1 is nested too deep",
    b"oops": "line 1 is not JSON",
    b'{"id": "\xff"}': "line 1 is not UTF-8",
    b'{"id": 1, "a": NaN}': "line 1 has NaN, which is no number of JSON",
    b'{"id": 1, "id": 2}': "line 1 names 'id' twice",
    b'{"id": ' + b"1" * 10_000 + b"}": "line 1 has a number that is too long",
    b'{"id": [1]}': "line 1 has an id that is neither a text nor a whole number",
    b'["id"]': "line 1",
}


@pytest.mark.parametrize("command", ["assess", "check-question", "check-definition"])
@pytest.mark.parametrize("line", BAD_LINES, ids=lambda line: repr(line[:20]))
def test_a_bad_line_is_told_with_what_was_expected_and_the_run_goes_on(
    line: bytes, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(line + b'\n\xef\xbb\xbf{"id": 7}\n', monkeypatch)
    assert main([command, "--jsonl"]) == 1
    bad, bare = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert bad["error"].startswith(BAD_LINES[line])
    assert "expected an object" in bad["error"] or "neither a text nor" in bad["error"]
    assert bare == {"id": 7, "error": bare["error"]}
    assert "line 2: expected an object" in bare["error"]


def test_half_a_character_and_a_megabyte_of_a_name_end_no_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    long = json.dumps({"id": "long", "facts": {"x" * 1_000_000: "yes"}})
    status, told = assess(f'{{"id": "\\ud800", "facts": {{}}}}\n{long}\n', monkeypatch, capsys)
    assert status == 1
    assert [row["id"] for row in told] == ["\ud800", "long"]
    assert told[0]["tip"] == "undetermined"
    assert len(told[1]["error"]) < 1_000


def test_a_notebook_of_one_exercise_previews_it() -> None:
    from coptip.preview import notebook_of

    cells = notebook_of("iceberg", "1a").cells
    assert "".join(cells[1].source).endswith('coptip.module("1a").exercise("iceberg")')


def test_ci_and_the_readme_name_the_same_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make test" in readme
    assert "make serve" in readme


def test_the_lock_files_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        for block in text.replace("\\\n", " ").splitlines():
            assert not block.strip() or "--hash=sha256:" in block, block[:80]


def test_the_lock_files_list_what_the_project_needs() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = (ROOT / "requirements.txt").read_text("utf-8").lower().replace("_", "-")
    for need in project["dependencies"]:
        assert f"\n{need.split('>')[0].lower()}==" in f"\n{locked}", need
