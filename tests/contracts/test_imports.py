"""What import-linter cannot say: nothing imports the application factory, and each folder is a package of the wheel."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("heka_portal", "devtools")
MODULES = sorted(path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
#: Submodules that may be named `from heka_portal import ...`: they are modules, not the factory.
SUBMODULES = {path.stem for path in (ROOT / "heka_portal").iterdir() if path.suffix == ".py" or path.is_dir()}


def imports_the_factory(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == "heka_portal" for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module == "heka_portal":
        return any(alias.name not in SUBMODULES for alias in node.names)
    return False


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_only_the_entry_and_tests_import_the_factory(module: Path) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if imports_the_factory(node)] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_code_is_a_package(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    scripts = {ROOT / "devtools" / "packaging", *(ROOT / "heka_portal" / "migrations").rglob("*")}
    scripts.add(ROOT / "heka_portal" / "migrations")
    lacking = sorted(str(each) for each in folders - scripts if not (each / "__init__.py").exists())
    assert lacking == [], "the wheel, mypy and import-linter would not see them"
