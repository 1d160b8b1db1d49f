"""Judge observations of which only a part is known: recorded cases with named values.

A case is a list of steps ``{op, params, expect}`` that starts in an empty account. It is accepted
when every stated part of every step is within what the model allows.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from model.answer import BODY, CONTENT_LENGTH, ETAG, UNSTATED, Answer
from model.judge import Belief, judge
from model.operations.copy_object import CopyObject
from model.operations.get_bucket_encryption import (
    ALGORITHM,
    BLOCKED,
    BUCKET_KEY_ENABLED,
    KEY_ID,
    RULE_COUNT,
)
from model.operations.kms import CreateKey
from model.operations.put_object import PutObject
from model.parameters import Json, ParameterError, from_parameters, rule_from_json
from model.request import ObjectRequest, header_places
from model.sse import md5_base64, md5_hex
from model.world import MANAGED_KEY, Context, KmsKey, ObjectVersion, Presence, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.operation import Operation

REGION = "us-east-1"
ACCOUNT = "111122223333"
MISSING = "bucket-missing"
_SYMBOL = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)?")
_BODY = re.compile(r"\$body(?::(\d+)[^\s]*.*)?")
_OUTSIDE = ("_caller", "_anonymous", "_deny", "_presigned", "_query")
_DAYS = {
    "2023-01..2026-04": date(2026, 3, 1),
    "2026-04..": date(2026, 11, 23),
}

ACCEPTED = "accepted"
REJECTED = "rejected"
NOT_JUDGED = "not-judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What one case (or transcript) came to; ``step`` counts from 0."""

    id: str
    verdict: str
    step: int | None = None
    clauses: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    observed: str = ""
    reason: str = ""


class OutsideError(Exception):
    """The case speaks of something that the model does not."""


@dataclass(slots=True)
class _Symbols:
    """The values behind ``$names``, made up where the case leaves them open."""

    values: Mapping[str, str]
    region: str
    keys: dict[str, KmsKey] = field(default_factory=dict)

    def resolve(self, value: Json) -> Json:
        if isinstance(value, str):
            return _SYMBOL.sub(lambda m: self._symbol(m.group()), value)
        if isinstance(value, list):
            return [self.resolve(v) for v in value]
        if isinstance(value, dict):
            return {name: self.resolve(v) for name, v in value.items()}
        return value

    def _symbol(self, name: str) -> str:
        if name in self.values:
            return self.values[name]
        base, _, part = name.partition(".")
        if base.startswith("$ssec"):
            key = hashlib.sha256(base.encode()).digest()
            return md5_base64(key) if part.endswith("md5") else base64.b64encode(key).decode()
        if base.startswith("$kms"):
            return self._key(base, part)
        fixed = {
            "$account": ACCOUNT,
            "$region": self.region,
            "$bucket_missing": MISSING,
            "$caller_arn": f"arn:aws:iam::{ACCOUNT}:user/caller",
            "$invalid_value": "not-an-algorithm",
        }
        return fixed.get(base, name.replace("$", "").replace("_", "-"))

    def _key(self, base: str, part: str) -> str:
        if part == "alias_arn":
            return f"arn:aws:kms:{self.region}:{ACCOUNT}:alias/aws/s3"
        key = self.keys.get(base) or self.make_key(base, self.region)
        return key.key_id if part == "id" else key.arn or ""

    def make_key(self, base: str, region: str) -> KmsKey:
        digest = hashlib.md5(base.encode()).hexdigest()
        key_id = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
        arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/{key_id}"
        key = KmsKey(key_id=key_id, arn=arn, region=region)
        self.keys[base] = key
        return key


def judge_case(case: Mapping[str, Json], values: Mapping[str, str]) -> CaseResult:
    """Return the verdict on one case; ``values`` holds the named values that are known."""
    name = str(case.get("id", "?"))
    era = str(case.get("era", "unknown"))
    if era == "pre-2023":
        reason = "before 2023-01-05 buckets had no default encryption: outside the model"
        return CaseResult(id=name, verdict=NOT_JUDGED, reason=reason)
    steps = case.get("steps")
    if not isinstance(steps, list) or not steps:
        return CaseResult(id=name, verdict=NOT_JUDGED, reason="the case has no steps")
    try:
        return _judge_steps(name, era, steps, values)
    except (OutsideError, ParameterError) as error:
        return CaseResult(id=name, verdict=NOT_JUDGED, reason=str(error))


def _judge_steps(name: str, era: str, steps: list[Json], values: Mapping[str, str]) -> CaseResult:
    symbols = _Symbols(values, _region(steps))
    belief = Belief((_first_world(era, symbols),))
    lengths = _least_lengths(steps)
    for index, step in enumerate(steps):
        if not isinstance(step, dict):
            raise OutsideError(f"step {index} is no object")
        request, answer = _read_step(step, symbols, belief, lengths)
        judgement = judge(belief, request, answer)
        if judgement.findings or not judgement.belief.worlds:
            first = judgement.findings[0]
            return CaseResult(
                id=name,
                verdict=REJECTED,
                step=index,
                clauses=tuple(dict.fromkeys(f.clause for f in judgement.findings)),
                expected=judgement.expected or first.expected,
                observed=f"{first.field}: {first.observed}",
                reason=first.title,
            )
        if judgement.not_judged and "outside the model" in judgement.not_judged:
            raise OutsideError(judgement.not_judged)
        if judgement.not_judged == "no clause speaks of what differs":
            return CaseResult(
                id=name,
                verdict=REJECTED,
                step=index,
                expected=judgement.expected,
                observed=answer.summary,
                reason="no outcome of the model is like this",
            )
        belief = judgement.belief
    return CaseResult(id=name, verdict=ACCEPTED)


def _least_lengths(steps: list[Json]) -> dict[str, int]:
    """Return how long each object must be for the ranges that the case itself saw answered.

    A write without a body wrote an empty one, unless a later read shows that it did not: then the
    case left it out.
    """
    lengths: dict[str, int] = {}
    for step in steps:
        params = step.get("params") if isinstance(step, dict) else None
        expect = step.get("expect") if isinstance(step, dict) else None
        if not isinstance(params, dict) or not isinstance(expect, dict):
            continue
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", str(params.get("Range", "")))
        if wanted is not None and expect.get("status") == 206:  # noqa: PLR2004
            least = int(wanted.group(2) or wanted.group(1)) + 1
            name = str(params.get("Key"))
            lengths[name] = max(least, lengths.get(name, 0))
    return lengths


def _region(steps: list[Json]) -> str:
    for step in steps:
        if isinstance(step, dict) and step.get("op") == "CreateBucket":
            params = step.get("params")
            made = params.get("CreateBucketConfiguration") if isinstance(params, dict) else None
            if isinstance(made, dict):
                return str(made.get("LocationConstraint", REGION))
    return REGION


def _first_world(era: str, symbols: _Symbols) -> World:
    context = Context(
        region=symbols.region,
        as_of=_DAYS.get(era, date(2026, 11, 23)),
        new_buckets_block_sse_c={"2023-01..2026-04": False, "2026-04..": True}.get(era),
        keys_complete=True,
    )
    managed = symbols.make_key("$kms_aws_s3", symbols.region)
    return World(
        context=context,
        account=ACCOUNT,
        keys={MANAGED_KEY: KmsKey(key_id=MANAGED_KEY, arn=managed.arn, region=symbols.region)},
        buckets={MISSING: Presence.ABSENT},
    )


def _read_step(
    step: Mapping[str, Json], symbols: _Symbols, belief: Belief, lengths: Mapping[str, int]
) -> tuple[Operation, Answer]:
    operation = str(step.get("op"))
    given, expect = step.get("params"), step.get("expect")
    if not isinstance(given, dict) or not isinstance(expect, dict):
        raise OutsideError(f"{operation}: params and expect must be objects")
    outside = [name for name in given if name in _OUTSIDE]
    if outside:
        raise OutsideError(f"{operation}: {outside[0]} is outside the model")
    if operation == "CreateKey":
        return _create_key(given, expect, symbols)
    params = {k: v for k, v in given.items() if not k.startswith("_")}
    if "Body" in params:
        params["Body"] = _body(str(params["Body"]), str(given.get("_fill", "x")))
    elif operation == "PutObject" and str(params.get("Key")) in lengths:
        params["Body"] = "x" * lengths[str(params.get("Key"))]
    resolved = symbols.resolve(params)
    if not isinstance(resolved, dict):
        raise OutsideError(f"{operation}: no parameters")
    resolved |= _raw_headers(operation, given.get("_headers"))
    request = from_parameters(operation, resolved, secure=given.get("_scheme") != "http")
    return request, _answer(request, expect, symbols, belief)


def _raw_headers(operation: str, headers: Json) -> dict[str, Json]:
    """Return the parameters of headers that the API does not define for the operation."""
    from model import wire  # noqa: PLC0415 - wire registers the operations

    if not isinstance(headers, dict):
        return {}
    kind = wire.operations().get(operation)
    places = {} if kind is None else {p.header: p.parameter for p in header_places(kind)}
    found: dict[str, Json] = {}
    for header, value in headers.items():
        if header.lower() not in places:
            raise OutsideError(f"{operation}: header {header} is outside the model")
        found[places[header.lower()]] = value
    return found


def _body(text: str, fill: str) -> str:
    match = _BODY.fullmatch(text)
    if match is None:
        return text
    return fill[:1] * int(match.group(1) or 7)


def _create_key(
    given: Mapping[str, Json], expect: Mapping[str, Json], symbols: _Symbols
) -> tuple[Operation, Answer]:
    where = str(given.get("_region", ""))
    region = symbols.region if where in {"", "same as bucket"} else where
    key = symbols.make_key(str(given.get("_as", "$kms1")), region)
    spec = str(given.get("KeySpec", "SYMMETRIC_DEFAULT"))
    succeeded = expect.get("success") is not False
    fields: dict[str, Value] = {"KeyId": key.key_id, "Arn": key.arn}
    return CreateKey(key_spec=spec), Answer(status=None, succeeded=succeeded, fields=fields)


def _answer(
    request: Operation, expect: Mapping[str, Json], symbols: _Symbols, belief: Belief
) -> Answer:
    status = expect.get("status")
    code = expect.get("error_code", UNSTATED)
    stated = expect.get("success")
    succeeded = None
    if isinstance(stated, bool):
        succeeded = stated
    elif isinstance(code, str):
        succeeded = False
    elif isinstance(status, int):
        succeeded = 200 <= status < 300  # noqa: PLR2004
    if succeeded is not False or expect.get("body_empty") or request.method == "HEAD":
        code = UNSTATED if not isinstance(code, str) else code
    elif code is None:
        code = None
    return Answer(
        status=status if isinstance(status, int) else None,
        succeeded=succeeded,
        error_code=code if isinstance(code, str) or code is None else UNSTATED,
        fields=_fields(request, expect, symbols, belief),
        complete=False,
    )


def _fields(
    request: Operation, expect: Mapping[str, Json], symbols: _Symbols, belief: Belief
) -> dict[str, Value]:
    fields = _header_fields(expect, symbols)
    fields |= _document_fields(expect.get("body"), symbols)
    text = expect.get("body_text")
    if isinstance(text, str) and not text.startswith("$"):
        fields[BODY] = text.encode()
    extra = expect.get("extra")
    if isinstance(extra, dict):
        named = {"ContentLength": CONTENT_LENGTH, "ContentRange": "content-range"}
        fields |= {named[name]: str(extra[name]) for name in named if name in extra}
    is_md5 = expect.get("etag_is_md5")
    if isinstance(is_md5, bool) and isinstance(request, ObjectRequest):
        fields |= _etag(request, belief, is_md5=is_md5)
    return fields


def _etag(request: ObjectRequest, belief: Belief, *, is_md5: bool) -> dict[str, Value]:
    data = _data(request, belief.world)
    if is_md5:
        return {} if data is None else {ETAG: md5_hex(data)}
    return {ETAG: md5_hex(f"not the MD5 {request.object_key}".encode() + (data or b""))}


def _header_fields(expect: Mapping[str, Json], symbols: _Symbols) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    headers = expect.get("headers")
    if isinstance(headers, dict):
        for name, value in headers.items():
            if not (isinstance(value, str) and value.startswith(("$any", "$some"))):
                fields[name.lower()] = str(symbols.resolve(value))
    absent = expect.get("absent")
    for missing in absent if isinstance(absent, list) else []:
        fields[str(missing).removeprefix("body:")] = None
    return fields


def _data(request: ObjectRequest, world: World) -> bytes | None:
    """Return the data that the answer speaks of, where it is known."""
    if isinstance(request, PutObject):
        return request.body
    version = world.object(request.bucket, request.object_key)
    if isinstance(request, CopyObject) and request.source is not None:
        version = world.object(*request.source)
    return version.body if isinstance(version, ObjectVersion) else None


def _document_fields(body: Json, symbols: _Symbols) -> dict[str, Value]:
    resolved = symbols.resolve(body)
    if not isinstance(resolved, dict):
        return {}
    configuration = resolved.get("ServerSideEncryptionConfiguration")
    if not isinstance(configuration, dict):
        return {name: v for name, v in resolved.items() if isinstance(v, str)}
    rules = configuration.get("Rules")
    if not isinstance(rules, list):
        return {}
    fields: dict[str, Value] = {RULE_COUNT: str(len(rules))}
    if not rules:
        return fields
    rule = rule_from_json(rules[0])
    stated = {
        ALGORITHM: rule.sse_algorithm,
        KEY_ID: rule.kms_key_id,
        BUCKET_KEY_ENABLED: rule.bucket_key_enabled,
        BLOCKED: None if rule.blocked is None else ",".join(rule.blocked),
    }
    fields.update({name: value for name, value in stated.items() if value is not None})
    return fields
