"""Arrows between packages run down only; the pure layers import nothing but the standard library and each other."""

import ast
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[1] / "src" / "coptip"
MAY_IMPORT = {
    "law": {"law"},
    "language": {"language"},
    "course": {"course", "law"},
    "record": {"record", "course", "law"},
    "content": {"content", "course", "law", "language"},
    "render": {"render", "course", "law"},
}
PURE = {"law", "course", "record", "language"}
WIDGETS = {"anywidget", "ipywidgets", "traitlets"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            module = node.module or ""
            found |= {f"{module}.{alias.name}" if module == "coptip" else module for alias in node.names}
    return found


def files(layer: str) -> list[Path]:
    return sorted((SRC / layer).rglob("*.py"))


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_imports_only_the_layers_below_it(layer: str) -> None:
    for path in files(layer):
        ours = {name.split(".")[1] for name in imports(path) if name.startswith("coptip.")}
        assert ours <= MAY_IMPORT[layer], (
            f"{path.relative_to(SRC)} imports {sorted(ours - MAY_IMPORT[layer])}"
        )


@pytest.mark.parametrize("layer", sorted(PURE))
def test_a_pure_layer_needs_the_standard_library_alone(layer: str) -> None:
    for path in files(layer):
        roots = {name.split(".")[0] for name in imports(path)} - {"coptip"}
        assert roots <= sys.stdlib_module_names, (
            f"{path.relative_to(SRC)}: {sorted(roots - sys.stdlib_module_names)}"
        )


def test_only_the_players_module_imports_a_widget_library() -> None:
    users = {path.relative_to(SRC).as_posix() for path in SRC.rglob("*.py") if imports(path) & WIDGETS}
    assert users <= {"render/widget.py", "serve/settings.py", "serve/warm.py"}
