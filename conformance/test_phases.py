"""A run: each worker's share of all phases is one test, so that workers take one each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conformance.plugin import run_shares, settings_of
from conformance.run import report_broken
from conformance.worker import Share, run_share
from targets.errors import TargetError


@pytest.mark.skipif(run_shares() == 0, reason="no target: give --s3sse-target NAME")
@pytest.mark.parametrize("index", range(max(1, run_shares())))
def test_phases(index: int, request: pytest.FixtureRequest) -> None:
    told: dict[str, Any] = request.getfixturevalue("s3sse_run")
    settings = settings_of(told)
    folder = Path(told["folder"])
    count = int(told["workers"])
    share = Share(
        worker=f"w{index}",
        index=index,
        count=count,
        seed=int(told["seed"]),
        settings=settings,
        folder=folder,
        requests=None if settings.requests is None else -(-settings.requests // count),
        seconds=settings.budget,
    )
    try:
        part = run_share(share)
    except TargetError as error:
        report_broken(folder, error)
        pytest.fail(str(error), pytrace=False)
    if part.lost:
        pytest.fail(f"the target was lost: {part.lost}", pytrace=False)
    if part.found:
        lines = [f"{one.severity}: {one.clause}: {one.title} [{one.id}]" for one in part.found]
        pytest.fail("\n".join(lines), pytrace=False)
