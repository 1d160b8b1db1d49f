"""The run record: all that is known of one run, and the only source of every report.

``result.json`` is this record in JSON. Its shape is version 1 and is published as
``reports/schema/result-1.json``; a change that an older reader would not understand is a new
version.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator

from reports.errors import ReportError, ReportFault, ReportProblem
from reports.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION: Final = 1
SCHEMA_ID = "urn:s3sse:result:1"
RESULT_FILE = "result.json"
REDACTED = "REDACTED"

_CREDENTIAL_HEADERS = frozenset({"authorization", "x-amz-security-token"})
_CREDENTIAL_PARAMETERS = re.compile(r"(?i)(\bx-amz-(?:signature|security-token)=)[^&#]*")

CapabilityStatus = Literal["supported", "unsupported", "ignored-silently", "untested"]
ClauseLevel = Literal["DOCUMENTED", "OBSERVED"]
ClauseStatus = Literal["passed", "failed", "waived", "unsupported", "not-exercised"]
RunVerdict = Literal["conforms", "diverges", "invalid"]
DivergenceVerdict = Literal["violates", "deviates"]
Severity = Literal["critical", "major", "minor", "cosmetic"]
OptionValue = str | int | float | bool | None | tuple[JsonValue, ...]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


class _Part(BaseModel):
    """Immutable, and strict about names: a misspelt field is an error, not a loss."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Capability(_Part):
    """What a target does with one feature, and how the run came to know."""

    status: CapabilityStatus
    detail: str = ""


class TargetRecord(_Part):
    """The endpoint that was judged, by the documented behaviour of the date ``as_of``.

    ``era`` says in words from when to when, and what AWS does in that time.
    """

    name: str
    kind: str
    endpoint: str
    server: str = ""
    as_of: str
    era: str = ""
    capabilities: dict[str, Capability] = {}


class SeverityCounts(_Part):
    """How many divergences of each severity that no waiver covers."""

    critical: Count = 0
    major: Count = 0
    minor: Count = 0
    cosmetic: Count = 0


class ClauseCounts(_Part):
    """How many clauses came to what."""

    total: Count = 0
    exercised: Count = 0
    passed: Count = 0
    failed: Count = 0
    waived: Count = 0
    unsupported: Count = 0
    not_exercised: Count = 0


class Summary(_Part):
    """The run in a few numbers. ``reason`` says why, above all why a verdict is not valid.

    ``divergences`` counts all, ``waived`` those among them that a waiver covers; ``severities``
    counts the others.
    """

    verdict: RunVerdict
    reason: str = ""
    requests: Count = 0
    sequences: Count = 0
    seconds: Seconds = 0.0
    divergences: Count = 0
    waived: Count = 0
    severities: SeverityCounts = SeverityCounts()
    clauses: ClauseCounts = ClauseCounts()


class SourceRecord(_Part):
    """Where a clause is documented. ``read`` is the date on which it was read there."""

    page: str
    section: str = ""
    url: str = ""
    read: str = ""


class ClauseRecord(_Part):
    """One clause and what became of it. ``reason`` says why it was not judged, or was waived."""

    id: str
    title: str
    level: ClauseLevel
    profile: str
    rules: tuple[str, ...] = ()
    source: SourceRecord
    status: ClauseStatus
    exercised: Count = 0
    reason: str = ""


class HeaderRecord(_Part):
    """One header field, as it stood on the wire."""

    name: str
    value: str


class RequestRecord(_Part):
    """One request as it was sent. ``body`` is text, ``body_base64`` stands in where it is not.

    Signatures and tokens never get into a record, whoever makes it.
    """

    method: str
    url: str
    headers: tuple[HeaderRecord, ...] = ()
    body: str | None = None
    body_base64: str | None = None
    body_length: Count = 0

    @field_validator("headers")
    @classmethod
    def _without_credentials(cls, headers: tuple[HeaderRecord, ...]) -> tuple[HeaderRecord, ...]:
        return tuple(
            HeaderRecord(name=header.name, value=REDACTED)
            if header.name.lower() in _CREDENTIAL_HEADERS
            else header
            for header in headers
        )

    @field_validator("url")
    @classmethod
    def _without_signature(cls, url: str) -> str:
        return _CREDENTIAL_PARAMETERS.sub(rf"\1{REDACTED}", url)


class ResponseRecord(_Part):
    """One answer as it came."""

    status: int
    headers: tuple[HeaderRecord, ...] = ()
    body: str = ""


class StepRecord(_Part):
    """One step of a minimal sequence.

    ``params`` has boto3's parameter names and the values as they went over the wire (customer keys
    are base64 text; ``Body`` is text or ``{"base64": ...}``). ``response`` is None when no answer
    came.
    """

    index: int
    operation: str
    params: dict[str, JsonValue] = {}
    request: RequestRecord
    response: ResponseRecord | None = None
    expected: tuple[str, ...] = ()
    observed: str = ""
    diverges: bool = False


class Difference(_Part):
    """One place in an answer that differs: a header, the status, an element of the body."""

    field: str
    expected: str
    observed: str
    reason: str = ""
    clause: str = ""


class Confirmation(_Part):
    """How often the minimal sequence was sent again, and how often it diverged again."""

    tries: Count = 0
    reproduced: Count = 0


class WaiverRecord(_Part):
    """Why a divergence is known and accepted, who says so, and until when."""

    reason: str
    owner: str
    until: str


class Reproduction(_Part):
    """The minimal sequence as three scripts."""

    curl: str = ""
    boto3: str = ""
    awscli: str = ""


class SymptomRecord(_Part):
    """One way in which a divergence showed: in an operation's answer, and there in a field."""

    operation: str
    field: str
    kind: str
    occurrences: Count = 1


class FindingRecord(_Part):
    """An answer outside what the model allows, with the shortest way to see it.

    ``id`` is a stable signature: the same defect has the same id in another run. ``symptoms`` are
    all the ways in which it showed, ``operation`` is that of the minimal sequence.
    """

    id: str
    clause: str
    clauses: tuple[str, ...] = ()
    severity: Severity
    verdict: DivergenceVerdict
    operation: str
    title: str
    expected: tuple[str, ...] = ()
    observed: str = ""
    differences: tuple[Difference, ...] = ()
    confirmed: Confirmation = Confirmation()
    waived: WaiverRecord | None = None
    occurrences: Count = 1
    symptoms: tuple[SymptomRecord, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    reproduce: Reproduction = Reproduction()

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that showed it, that of the minimal sequence first."""
        return tuple(dict.fromkeys((self.operation, *(one.operation for one in self.symptoms))))


class DivergenceRecord(FindingRecord):
    """One defect. ``also`` are the findings in which it shows beside the first, ``why`` says why.

    ``severity`` is that of the worst of them.
    """

    why: str = ""
    also: tuple[FindingRecord, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all its findings, its own first."""
        return (self.id, *(one.id for one in self.also))


class StageRecord(_Part):
    """A part of a phase: how many of its scripts were done. ``planned`` None: it never ends."""

    name: str
    done: Count = 0
    planned: Count | None = None

    @property
    def is_complete(self) -> bool:
        """Whether all that was planned was done."""
        return self.planned is not None and self.done >= self.planned


class PhaseRecord(_Part):
    """One phase of the run, what it cost, and how far it came."""

    name: str
    requests: Count = 0
    sequences: Count = 0
    seconds: Seconds = 0.0
    findings: Count = 0
    stages: tuple[StageRecord, ...] = ()


class NotRun(_Part):
    """Something that was left out of the run, and why."""

    what: str
    why: str


class RunRecord(_Part):
    """One run, whole."""

    schema_version: Literal[1] = SCHEMA_VERSION
    suite_version: str
    model_version: str
    started: str
    finished: str
    seed: int
    target: TargetRecord
    summary: Summary
    options: dict[str, OptionValue] = {}
    clauses: tuple[ClauseRecord, ...] = ()
    divergences: tuple[DivergenceRecord, ...] = ()
    phases: tuple[PhaseRecord, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    leftovers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[FindingRecord, ...]:
        """All findings: each divergence, and what stands beside it."""
        return tuple(one for found in self.divergences for one in (found, *found.also))


def to_json(record: RunRecord) -> str:
    """Return a record as indented JSON text that ends in a newline."""
    data = record.model_dump(mode="json")
    return json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def dump(record: RunRecord, path: Path) -> Path:
    """Write a record as JSON to a file, atomically; return the path. Raises ReportError."""
    return write_atomically(path, to_json(record))


def load(path: Path) -> RunRecord:
    """Read a record from ``result.json``, or from the result folder that holds it.

    Raises ReportError: missing, unreadable, not JSON, of another schema version, or invalid.
    """
    file = path / RESULT_FILE if path.is_dir() else path
    data = _parse(file, _read(file))
    version = data.get("schema_version") if isinstance(data, dict) else None
    if isinstance(version, int) and version != SCHEMA_VERSION:
        raise ReportError(
            ReportProblem(
                code=ReportFault.OTHER_VERSION,
                message=f"cannot understand {file}",
                cause=f"its schema version is {version}, this s3sse reads {SCHEMA_VERSION}",
                hint="Use the s3sse that wrote it, or run again.",
            ),
        )
    try:
        return RunRecord.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the document"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise ReportError(
            ReportProblem(
                code=ReportFault.INVALID,
                message=f"{file} is not a run record",
                cause=f"{place}: {first['msg']}{more}",
                hint="Compare it with reports/schema/result-1.json, or run again.",
            ),
        ) from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``result.json`` as this version writes it."""
    schema = RunRecord.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **schema,
        "title": "s3sse run record",
    }


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        missing = isinstance(error, FileNotFoundError)
        cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ReportError(
            ReportProblem(
                code=ReportFault.MISSING if missing else ReportFault.UNREADABLE,
                message=f"cannot read {file}",
                cause=cause or str(error),
                hint="Name the folder that `s3sse run` wrote.",
            ),
        ) from error


def _parse(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReportError(
            ReportProblem(
                code=ReportFault.NOT_JSON,
                message=f"cannot understand {file}",
                cause=str(error),
                hint="The file may be cut short: run again.",
            ),
        ) from error
