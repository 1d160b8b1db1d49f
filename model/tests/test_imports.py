"""Who may import whom: the model nothing but the standard library, the rest the model."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {
    "model": {"model"},
    "targets": {"model", "targets"},
    "reports": {"model", "reports"},
    "conformance": {"model", "targets", "reports", "conformance"},
}


def imported(path: Path) -> set[str]:
    """Return the top-level names of the packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: an import relative to the file"
            found.add((node.module or "").partition(".")[0])
    return found


def offences(package: str, root: Path = ROOT) -> list[str]:
    """Return the imports that a package must not have, with their files."""
    found = []
    for path in sorted((root / package).rglob("*.py")):
        test = "tests" in path.relative_to(root).parts or path.name == "conftest.py"
        names = imported(path) - OURS[package]
        if package == "model" and not test:
            names -= sys.stdlib_module_names
        else:
            names &= set(OURS)
        found += [f"{path.relative_to(root)} imports {name}" for name in sorted(names)]
    return found


@pytest.mark.parametrize("package", OURS)
def test_no_package_imports_what_it_must_not(package: str) -> None:
    assert list((ROOT / package).rglob("*.py"))
    assert offences(package) == []


def test_a_forbidden_import_is_found(tmp_path: Path) -> None:
    for package, text in {
        "model": "import requests.auth",
        "targets": "from reports import x",
    }.items():
        (tmp_path / package).mkdir()
        (tmp_path / package / "one.py").write_text(text)
        assert len(offences(package, tmp_path)) == 1
