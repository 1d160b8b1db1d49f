"""The findings of earlier runs, from their result folders: they are tried again first of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.corpus.telling import NotTellableError, tell
from conformance.corpus.written import CorpusError, Written
from conformance.replay import answer_of, scenario_from
from conformance.settings import UsageError
from model.world import KEY_ARN
from reports.errors import ReportError
from reports.record import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reports.record import RunRecord


def check_earlier(folders: Iterable[Path]) -> None:
    """Raise UsageError where the findings of a folder cannot be tried."""
    try:
        list(earlier_findings(folders))
    except (ReportError, CorpusError) as error:
        raise UsageError(f"--earlier: {error}") from error


def earlier_findings(folders: Iterable[Path]) -> Iterator[Written]:
    """Yield the minimal sequence of each finding of these folders, once.

    Raises ReportError where a folder cannot be read, and CorpusError where its steps cannot.
    """
    known: set[str] = set()
    for folder in folders:
        record = load(folder)
        for divergence in record.findings:
            if divergence.id in known or not divergence.steps:
                continue
            known.add(divergence.id)
            try:
                requests = scenario_from(divergence, record).requests
                answers = [
                    answer_of(request, step)
                    for request, step in zip(requests, divergence.steps, strict=True)
                ]
                steps = tell(requests, answers, known=_keys_of(record))
            except UsageError as error:
                raise CorpusError(f"{folder}: {error}") from error
            except NotTellableError:
                continue
            yield Written(id=divergence.id, title=divergence.title, origin=str(folder), steps=steps)


def _keys_of(record: RunRecord) -> dict[str, str]:
    """Return the names of the KMS keys that the run was told to use."""
    told = record.options.get("kms_keys")
    names: dict[str, str] = {}
    for number, text in enumerate(told if isinstance(told, tuple | list) else (), 1):
        arn = KEY_ARN.fullmatch(str(text))
        if arn is not None:
            names[str(text)] = f"$kms{number}.arn"
        names[str(text) if arn is None else arn["id"]] = f"$kms{number}.id"
    return names
