"""What CONTRIBUTING.md shows of a new operation is all that a new operation takes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"`(model/[a-z_/]+\.py)`:\n\n```python\n(.*?)```", re.DOTALL)
CLAUSE = "tagging/reading-tags-needs-no-customer-key"

PROGRAM = f"""
import importlib, sys
import model.operations, model.clauses, model.clauses.tests
root = sys.argv[1]
for package in (model.operations, model.clauses, model.clauses.tests):
    package.__path__.append(root + "/" + package.__name__.replace(".", "/"))
importlib.import_module("model.operations.get_object_tagging")
importlib.import_module("model.clauses.tagging")

from conformance.ablation import notice
from conformance.action import every_action
from model.wire import operations

assert "GetObjectTagging" in operations()
assert any(one.topic == "GetObjectTagging" for one in every_action())
# Nothing but drawing leads there: a seed alone may take long.
assert any(notice({CLAUSE!r}, limit=6_000, seed=seed) is not None for seed in (1, 2, 3))
print("noticed")

import pytest
test = root + "/model/clauses/tests/test_tagging.py"
sys.exit(pytest.main([test, "-q", "-p", "no:cacheprovider"]))
"""


def test_the_worked_example_runs_as_it_stands(tmp_path: Path) -> None:
    found = FILE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert [name for name, _ in found] == [
        "model/operations/get_object_tagging.py",
        "model/clauses/tagging.py",
        "model/clauses/tests/test_tagging.py",
    ]
    for name, code in found:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
        assert not (ROOT / name).exists()
    done = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("noticed\n")
    assert "..." in done.stdout
