"""``junit.xml``: the run for CI systems. A suite is a topic, a case is a clause.

A failed clause is a failure; one that was not judged, or is waived, is skipped with its reason.
When the run's verdict is not valid, one more suite says so with an error, and no clause counts as
passed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from reports.facts import by_topic, divergences_of, outcome, replay_command, request_line
from reports.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reports.record import ClauseRecord, DivergenceRecord, RunRecord

JUNIT_FILE = "junit.xml"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN_BODY = 2000


def render(record: RunRecord, folder: str = ".") -> str:
    """Return the JUnit XML of a run. ``folder`` is the result folder, named in replay commands."""
    shown = outcome(record)
    root = ET.Element("testsuites", name=_clean(f"s3sse {record.target.name}"))
    if shown.verdict == "invalid":
        suite = _suite(root, "run", record)
        case = ET.SubElement(suite, "testcase", classname="run", name="verdict", time="0")
        error = ET.SubElement(case, "error", type="invalid", message=_clean(shown.reason))
        error.text = _clean(shown.reason)
    for name, clauses in by_topic(record.clauses).items():
        suite = _suite(root, name, record)
        for clause in clauses:
            _case(suite, clause, record, folder)
    _orphans(root, record, folder)
    _count(root)
    root.set("time", f"{record.summary.seconds:.3f}")
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def write(record: RunRecord, folder: Path) -> Path:
    """Write ``junit.xml`` into a result folder; return its path. Raises ReportError."""
    return write_atomically(folder / JUNIT_FILE, render(record, str(folder)))


def _suite(root: ET.Element, name: str, record: RunRecord) -> ET.Element:
    stamp = _clean(record.started)
    return ET.SubElement(root, "testsuite", name=_clean(name), time="0", timestamp=stamp)


def _case(suite: ET.Element, clause: ClauseRecord, record: RunRecord, folder: str) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=suite.get("name", ""),
        name=_clean(clause.id),
        time="0",
    )
    if clause.status == "failed":
        found = divergences_of(record, clause.id)
        failure = ET.SubElement(case, "failure", type=_clean(_kind(clause, found)))
        failure.set("message", _clean(found[0].title if found else clause.title))
        failure.text = _clean("\n\n".join(_failure(clause, found, folder)))
    elif clause.status != "passed":
        reason = clause.reason or _why_not(clause)
        ET.SubElement(case, "skipped", message=_clean(f"{clause.status}: {reason}"))
    elif outcome(record).verdict == "invalid":
        message = "passed so far, but the run's verdict is not valid"
        ET.SubElement(case, "skipped", message=message)


def _orphans(root: ET.Element, record: RunRecord, folder: str) -> None:
    """Report divergences that no failed clause of the record stands for: none may get lost."""
    failed = {clause.id for clause in record.clauses if clause.status == "failed"}
    found = [
        divergence
        for divergence in record.divergences
        if divergence.waived is None and not failed & {divergence.clause, *divergence.clauses}
    ]
    if not found:
        return
    suite = _suite(root, "other divergences", record)
    for divergence in found:
        case = ET.SubElement(suite, "testcase", classname="other", name=_clean(divergence.id))
        case.set("time", "0")
        failure = ET.SubElement(case, "failure", type=divergence.severity)
        failure.set("message", _clean(divergence.title))
        failure.text = _clean(_told(divergence, folder))


def _kind(clause: ClauseRecord, found: Iterable[DivergenceRecord]) -> str:
    severity = next((divergence.severity for divergence in found), "unknown")
    return f"{clause.level.lower()}-{severity}"


def _why_not(clause: ClauseRecord) -> str:
    return {
        "unsupported": "the target lacks what this clause needs",
        "waived": "a waiver covers it",
    }.get(clause.status, "no request of the run reached it")


def _failure(
    clause: ClauseRecord,
    found: tuple[DivergenceRecord, ...],
    folder: str,
) -> Iterable[str]:
    source = clause.source
    yield f"{clause.title}\nSource: {source.page}, {source.section} {source.url}".rstrip()
    for divergence in found:
        yield _told(divergence, folder)


def _told(divergence: DivergenceRecord, folder: str) -> str:
    lines = [f"{divergence.id} [{divergence.severity}] {divergence.title}"]
    lines += [f"  expected: {line}" for line in divergence.expected]
    lines.append(f"  observed: {divergence.observed}")
    if len(divergence.operations) > 1:
        lines.append(f"  shown by: {', '.join(divergence.operations)}")
    for number, step in enumerate(divergence.steps, 1):
        lines.append(f"  {number}. {step.operation}: {request_line(step)}")
        lines += [f"     {header.name}: {header.value}" for header in step.request.headers]
        if step.request.body:
            lines.append(f"     body: {step.request.body[:_SHOWN_BODY]}")
        answer = step.response
        lines.append(f"     answer: {answer.status if answer else 'none'} {step.observed}")
    if divergence.also:
        lines.append(f"  also shows as, since {divergence.why}:")
        lines += [f"    {one.id} {one.clause}: {one.title}" for one in divergence.also]
    lines.append(f"  again: {replay_command(folder, divergence.id)}")
    return "\n".join(lines)


def _count(root: ET.Element) -> None:
    tags = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    for element in (root, *root.iter("testsuite")):
        element.set("tests", str(len(list(element.iter("testcase")))))
        for name, tag in tags.items():
            element.set(name, str(len(list(element.iter(tag)))))


def _clean(text: str) -> str:
    """Replace what XML 1.0 cannot hold, whatever a server sent."""
    return _ILLEGAL.sub("\ufffd", text)
