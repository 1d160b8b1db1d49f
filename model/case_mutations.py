"""Wrong observations made from right ones: one stated part of one answer is changed.

A model that means anything rejects them; what it accepts is a question that AWS leaves open, or a
gap.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from model.case_symbols import ACCOUNT, REGION, is_open
from model.clause import Stage
from model.error_statuses import STATUS_OF
from model.judge import mismatches
from model.parameter_values import Json
from model.predict import SuccessOutcome, collect, predict
from model.request import (
    BUCKET_KEY,
    CONTEXT,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    KMS_KEY_ID,
    SSE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from model.cases import JudgedStep


class Part(StrEnum):
    """The stated part of an answer that is changed."""

    STATUS = "status"
    SUCCESS = "success"
    ERROR_CODE = "error code"
    HEADER_VALUE = "header value"
    HEADER_REMOVED = "header removed"
    HEADER_ADDED = "header added"
    BODY_TEXT = "body text"
    ETAG = "ETag"
    CONFIGURATION = "configuration"
    EXTRA = "other fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A case with one wrong statement; ``step`` counts from 0, ``change`` says what is wrong."""

    case: Mapping[str, Json]
    step: int
    part: Part
    change: str

    @property
    def name(self) -> str:
        """The case, the step and the change, as a reader says it."""
        return f"{self.case.get('id')} step {self.step}: {self.change}"


Change = tuple[Part, str, dict[str, Json]]

_OTHER_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0badc0de-0000-4000-8000-0badc0de0bad"
_OTHER_MD5 = "AAAAAAAAAAAAAAAAAAAAAA=="
_ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")
_STATUSES = {True: (204, 206, 400, 403, 404), False: (200, 400, 403, 404, 409)}
_CODES = (
    "AccessDenied",
    "InvalidArgument",
    "InvalidEncryptionAlgorithmError",
    "InvalidRequest",
    "KMS.DisabledException",
    "KMS.NotFoundException",
    "MalformedXML",
    "NoSuchBucket",
    "NoSuchKey",
)
_VALUES: Mapping[str, tuple[str, ...]] = {
    SSE: _ALGORITHMS,
    KMS_KEY_ID: (_OTHER_ARN, "0badc0de-0000-4000-8000-0badc0de0bad", "alias/aws/s3"),
    BUCKET_KEY: ("true", "false"),
    CUSTOMER_ALGORITHM: ("AES256", "aws:kms"),
    CUSTOMER_KEY_MD5: (_OTHER_MD5,),
    CONTEXT: ("eyJvdGhlciI6ICJwYWlyIn0=",),
}
_OK, _MULTIPLE_CHOICES = 200, 300


def mutations(case: Mapping[str, Json]) -> Iterator[Mutation]:
    """Yield every case in which one stated part of one step is another one."""
    steps = case.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        expect = step.get("expect") if isinstance(step, dict) else None
        if not isinstance(expect, dict):
            continue
        for part, change, changed in changes(expect):
            yield Mutation(
                case=_with_expect(case, index, changed), step=index, part=part, change=change
            )


def _with_expect(case: Mapping[str, Json], index: int, expect: dict[str, Json]) -> dict[str, Json]:
    steps = case["steps"]
    changed = list(steps) if isinstance(steps, list) else []
    step = changed[index]
    changed[index] = {**step, "expect": expect} if isinstance(step, dict) else step
    return {**case, "steps": changed}


def changes(expect: Mapping[str, Json]) -> Iterator[Change]:
    """Yield what an answer would have to be like to be wrong in one part."""
    yield from _outcome(expect)
    yield from _headers(expect)
    yield from _absences(expect)
    yield from _data(expect)
    yield from _configuration(expect)


def _outcome(expect: Mapping[str, Json]) -> Iterator[Change]:
    status, success, code = (expect.get(n) for n in ("status", "success", "error_code"))
    if isinstance(status, int):
        succeeded = _OK <= status < _MULTIPLE_CHOICES
        for other in _STATUSES[succeeded]:
            if other != status:
                text = f"status {status} -> {other}"
                yield Part.STATUS, text, {**expect, "status": other}
    if isinstance(success, bool):
        text = f"success {success} -> {not success}"
        yield Part.SUCCESS, text, {**expect, "success": not success}
    if isinstance(code, str):
        for other_code in _CODES:
            if other_code != code:
                text = f"error code {code} -> {other_code}"
                yield Part.ERROR_CODE, text, {**expect, "error_code": other_code}
        # The same code change with the status that belongs to it: nothing contradicts itself.
        for other_code in _CODES:
            if other_code != code and isinstance(status, int) and STATUS_OF[other_code] != status:
                text = f"{status} {code} -> {STATUS_OF[other_code]} {other_code}"
                whole: dict[str, Json] = {"error_code": other_code, "status": STATUS_OF[other_code]}
                yield Part.ERROR_CODE, text, {**expect, **whole}


def _headers(expect: Mapping[str, Json]) -> Iterator[Change]:
    headers, absent = expect.get("headers"), expect.get("absent")
    if not isinstance(headers, dict):
        return
    listed = absent if isinstance(absent, list) else []
    for name, value in headers.items():
        for other in _VALUES.get(name, (f"{value}x",)):
            if other != value and not is_open(value):
                changed = {**headers, name: other}
                text = f"{name} {value} -> {other}"
                yield Part.HEADER_VALUE, text, {**expect, "headers": changed}
        left = {n: v for n, v in headers.items() if n != name}
        text = f"{name} {value} -> absent"
        yield Part.HEADER_REMOVED, text, {**expect, "headers": left, "absent": [*listed, name]}


def _absences(expect: Mapping[str, Json]) -> Iterator[Change]:
    absent, headers = expect.get("absent"), expect.get("headers")
    for name in absent if isinstance(absent, list) else []:
        if not isinstance(name, str) or name.startswith("body:"):
            continue
        left = [n for n in absent if n != name] if isinstance(absent, list) else []
        for value in _VALUES.get(name, ("x",)):
            shown = {**(headers if isinstance(headers, dict) else {}), name: value}
            text = f"{name} absent -> {value}"
            yield Part.HEADER_ADDED, text, {**expect, "headers": shown, "absent": left}


def _data(expect: Mapping[str, Json]) -> Iterator[Change]:
    text, is_md5, extra = (expect.get(n) for n in ("body_text", "etag_is_md5", "extra"))
    if isinstance(text, str) and not text.startswith("$"):
        for other in (text + "x", text[:-1], text.swapcase()):
            if other != text:
                yield Part.BODY_TEXT, f"data -> {other[:20]!r}", {**expect, "body_text": other}
    if isinstance(is_md5, bool):
        change = f"etag_is_md5 {is_md5} -> {not is_md5}"
        yield Part.ETAG, change, {**expect, "etag_is_md5": not is_md5}
    suffix = expect.get("etag_suffix")
    if isinstance(suffix, str) and suffix:
        yield Part.ETAG, f"etag_suffix {suffix} -> -99", {**expect, "etag_suffix": "-99"}
    length = extra.get("ContentLength") if isinstance(extra, dict) else None
    if isinstance(length, int) and isinstance(extra, dict):
        changed = {**extra, "ContentLength": length + 16}
        yield Part.EXTRA, f"ContentLength {length} -> {length + 16}", {**expect, "extra": changed}
    told = extra if isinstance(extra, dict) else {}
    for name, value in told.items():
        if name.startswith("Checksum") and isinstance(value, str):
            wrong = "COMPOSITE" if name == "ChecksumType" else value[::-1]
            changed = {**told, name: wrong}
            yield Part.EXTRA, f"{name} {value} -> {wrong}", {**expect, "extra": changed}


def _configuration(expect: Mapping[str, Json]) -> Iterator[Change]:
    rules = _rules(expect)
    if rules is None:
        return
    yield _with_rules(expect, "no rule", [])
    yield _with_rules(expect, "two rules", [*rules, *rules])
    rule = rules[0] if rules else None
    default = rule.get("ApplyServerSideEncryptionByDefault") if isinstance(rule, dict) else None
    if not isinstance(rule, dict) or not isinstance(default, dict):
        return
    for algorithm in _ALGORITHMS:
        if algorithm != default.get("SSEAlgorithm"):
            changed = {**default, "SSEAlgorithm": algorithm}
            yield _with_default(expect, rule, f"SSEAlgorithm -> {algorithm}", changed)
    named = default.get("KMSMasterKeyID")
    changed = {**default, "KMSMasterKeyID": _OTHER_ARN}
    yield _with_default(expect, rule, f"KMSMasterKeyID {named} -> another", changed)
    if named is not None:
        left = {n: v for n, v in default.items() if n != "KMSMasterKeyID"}
        part, text, wrong = _with_default(expect, rule, "KMSMasterKeyID -> absent", left)
        yield part, text, _absent(wrong, "body:KMSMasterKeyID")
    flag = rule.get("BucketKeyEnabled")
    if isinstance(flag, bool):
        text = f"BucketKeyEnabled {flag} -> {not flag}"
        yield _with_rules(expect, text, [{**rule, "BucketKeyEnabled": not flag}])
    blocked = rule.get("BlockedEncryptionTypes")
    stated = "body:BlockedEncryptionTypes" in str(expect.get("absent"))
    for types in (["SSE-C"], ["NONE"]):
        other: dict[str, Json] = {"EncryptionType": list(types)}
        if other != blocked and (blocked is not None or stated):
            text = f"BlockedEncryptionTypes -> {types[0]}"
            yield _with_rules(expect, text, [{**rule, "BlockedEncryptionTypes": other}])
    if blocked is not None:
        without = {n: v for n, v in rule.items() if n != "BlockedEncryptionTypes"}
        part, text, wrong = _with_rules(expect, "BlockedEncryptionTypes -> absent", [without])
        yield part, text, _absent(wrong, "body:BlockedEncryptionTypes")


def _rules(expect: Mapping[str, Json]) -> list[Json] | None:
    body = expect.get("body")
    whole = body.get("ServerSideEncryptionConfiguration") if isinstance(body, dict) else None
    rules = whole.get("Rules") if isinstance(whole, dict) else None
    return rules if isinstance(rules, list) else None


def _with_rules(expect: Mapping[str, Json], text: str, rules: list[Json]) -> Change:
    body: dict[str, Json] = {"ServerSideEncryptionConfiguration": {"Rules": copy.deepcopy(rules)}}
    shown = {name for rule in rules if isinstance(rule, dict) for name in rule}
    for rule in rules:
        default = rule.get("ApplyServerSideEncryptionByDefault") if isinstance(rule, dict) else None
        shown |= set(default) if isinstance(default, dict) else set()
    absent = expect.get("absent")
    changed: dict[str, Json] = {**expect, "body": body}
    if isinstance(absent, list):
        changed["absent"] = [n for n in absent if str(n).removeprefix("body:") not in shown]
    return Part.CONFIGURATION, text, changed


def _with_default(
    expect: Mapping[str, Json], rule: Mapping[str, Json], text: str, default: dict[str, Json]
) -> Change:
    changed = {**rule, "ApplyServerSideEncryptionByDefault": default}
    return _with_rules(expect, text, [changed])


def _absent(expect: dict[str, Json], name: str) -> dict[str, Json]:
    absent = expect.get("absent")
    return {**expect, "absent": [*(absent if isinstance(absent, list) else []), name]}


NOT_TOLD = "(the case does not tell what it depends on)"


def permitted_by(step: JudgedStep) -> tuple[str, ...]:
    """Return what lets an accepted answer pass: ids of allowances, or ``NOT_TOLD``.

    Where nothing is returned, no clause speaks of what was stated.
    """
    request, answer = step.read.request, step.read.answer
    found: dict[str, None] = {}
    for world in step.before.worlds:
        prediction = predict(world, request)
        for outcome in prediction.outcomes:
            if mismatches(outcome, answer):
                continue
            if prediction.unknown:
                found[NOT_TOLD] = None
            fired = collect(world, request, Stage.REQUEST)
            if isinstance(outcome, SuccessOutcome) and outcome.version is not None:
                fired += collect(outcome.world, request, Stage.VERSION, outcome.version)
            found.update(dict.fromkeys(f.clause.id for f in fired if not f.clause.binding))
    return tuple(found)


__all__ = ["NOT_TOLD", "Mutation", "Part", "changes", "mutations", "permitted_by"]
