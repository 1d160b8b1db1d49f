"""One step of an observation case as a typed request and what is known of its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from model.answer import (
    BODY,
    CONTENT_LENGTH,
    DELETE_MARKER,
    ETAG,
    SOURCE_VERSION_ID,
    UNSTATED,
    VERSION_ID,
    Answer,
)
from model.bucket_policy import DenyStatement, read_conditions, write_policy
from model.case_contradictions import ContradictionError, check, closed, listed, mapping
from model.case_symbols import OutsideError, Symbols, is_open
from model.case_uploads import (
    UploadNames,
    all_parts,
    chosen_fields,
    data_of_part,
    listed_parts,
    note_part,
    predicted,
)
from model.checksums import ALGORITHMS, BY_HEADER, CHECKSUM_TYPE
from model.encryption_document import rule_from_json
from model.facts import version_read
from model.listing import NAMES
from model.messages import Auth
from model.operation import existing_bucket
from model.operations.bucket_policy import POLICY
from model.operations.complete_multipart_upload import PARTS
from model.operations.copy_object import CopyObject
from model.operations.get_bucket_encryption import (
    ALGORITHM,
    BLOCKED,
    BUCKET_KEY_ENABLED,
    KEY_ID,
    RULE_COUNT,
)
from model.operations.get_object_attributes import (
    ETAG_ATTRIBUTE,
    SIZE_ATTRIBUTE,
    GetObjectAttributes,
)
from model.operations.kms import CreateKey
from model.operations.listing import ListingOperation
from model.operations.object_upload import UploadOperation
from model.operations.part_upload import PartOperation
from model.operations.put_object import PutObject
from model.parameters import AUTH, ParameterError, from_parameters
from model.request import ObjectRead, ObjectRequest, header_places
from model.sse import SseC, SseKms, SseS3, md5_hex
from model.stored import ObjectVersion
from model.wire import operations
from model.world import Versioning, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.judge import Belief
    from model.matchers import Value
    from model.operation import Operation
    from model.parameter_values import Json
    from model.stored import StoredVersion

USUAL_LENGTH = 7
LONGEST_BODY = 64 * 1024 * 1024
_BODY = re.compile(r"\$body(?::(\d{1,18})\s*([KMG]i?B)?.*)?", re.DOTALL)
_UNITS = {
    "": 1,
    "KB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
}
_DATA = frozenset({"Body", "File"})
_AUTHS = {"_presigned": Auth.PRESIGNED, "_anonymous": Auth.ANONYMOUS}
_META = frozenset({"_as", "_region", "_headers", "_scheme", "_fill", "_caller", "_deny", *_AUTHS})
_EXPECT = frozenset(
    {
        "status",
        "success",
        "error_code",
        "error_message",
        "error_detail",
        "headers",
        "absent",
        "body",
        "body_text",
        "body_empty",
        "etag_is_md5",
        "etag_suffix",
        "extra",
    }
)
_EXTRA = {
    "ContentLength": CONTENT_LENGTH,
    "ContentRange": "content-range",
    "StorageClass": "x-amz-storage-class",
    "WebsiteRedirectLocation": "x-amz-website-redirect-location",
    **{f"Checksum{algorithm.name}": algorithm.header for algorithm in ALGORITHMS},
    "ChecksumType": CHECKSUM_TYPE,
    "VersionId": VERSION_ID,
    "DeleteMarker": DELETE_MARKER,
    "CopySourceVersionId": SOURCE_VERSION_ID,
    SIZE_ATTRIBUTE: SIZE_ATTRIBUTE,
}
_OK, _MULTIPLE_CHOICES = 200, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStep:
    """A step as the judge takes it; ``denied`` is a KMS permission that the caller lacks."""

    request: Operation
    answer: Answer
    denied: str = ""


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads the steps of one case."""

    symbols: Symbols
    lengths: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    uploads: UploadNames = field(default_factory=dict)
    writes: int = 0
    makes_parts_up: bool = False

    def read(self, step: Json, belief: Belief) -> ReadStep:
        """Return the step's request and answer.

        Raises OutsideError and ParameterError for what the model does not speak of,
        ContradictionError for an answer that cannot be.
        """
        if not isinstance(step, dict):
            raise OutsideError("a step must be an object")
        operation = str(step.get("op"))
        given, expect = step.get("params"), step.get("expect")
        if not isinstance(given, dict) or not isinstance(expect, dict):
            raise OutsideError(f"{operation}: params and expect must be objects")
        if operation not in operations():
            raise ParameterError(operation, "operation", "is outside the model")
        for name in given:
            if name.startswith("_") and name not in _META:
                raise OutsideError(f"{operation}: {name} is outside the model")
        for name in expect:
            if name not in _EXPECT:
                raise OutsideError(f"{operation}: expect: {name} is outside the model")
        if operation == "CreateKey":
            return self._create_key(given, expect)
        request = self._request(operation, given, belief)
        self.writes += isinstance(request, PutObject)
        check(request, expect)
        answer = self._answer(request, expect, belief)
        if answer.succeeded is not False:
            left = self.uploads.get((str(given.get("Bucket")), str(given.get("Key"))), [])
            chosen = chosen_fields(request, belief, self.symbols, left)
            answer = replace(answer, fields={**chosen, **answer.fields})
            note_part(request, answer.fields.get(ETAG), self.symbols)
        return ReadStep(request=request, answer=answer, denied=_denied(operation, given))

    def _request(self, operation: str, given: Mapping[str, Json], belief: Belief) -> Operation:
        params = {k: v for k, v in given.items() if not k.startswith("_") and k not in _DATA}
        for name in ("SSEKMSKeyId", "KeyId"):
            if "$kms_aws_" in str(params.get(name)) and "$kms_aws_s3" not in str(params[name]):
                raise OutsideError(f"{operation}: a key of another service is outside the model")
        resolved = {name: self.symbols.resolve(value) for name, value in params.items()}
        length = self.told.get(str(params.get("Key")), USUAL_LENGTH)
        for name in _DATA & given.keys():
            resolved[name] = _body(given[name], str(given.get("_fill", "x")), length)
            self.makes_parts_up |= operation == "UploadPart" and resolved[name] != given[name]
        if operation == "PutObject" and not _DATA & given.keys():
            resolved["Body"] = "x" * self.lengths.get(str(params.get("Key")), 0)
        if operation == "CompleteMultipartUpload" and PARTS not in given:
            resolved |= all_parts(belief.world, resolved)
        headers = self.symbols.resolve(_filled(given.get("_headers")))
        resolved |= _raw_headers(operation, headers, resolved) | _auth(operation, given)
        if "_deny" in given:
            resolved[POLICY] = _policy(operation, resolved, self.symbols.resolve(given["_deny"]))
        return from_parameters(operation, resolved, secure=given.get("_scheme") != "http")

    def _create_key(self, given: Mapping[str, Json], expect: Mapping[str, Json]) -> ReadStep:
        where = str(given.get("_region", ""))
        region = self.symbols.region if where in {"", "same as bucket", "$region"} else where
        key = self.symbols.make_key(str(given.get("_as", "$kms1")), region)
        spec = str(given.get("KeySpec", "SYMMETRIC_DEFAULT"))
        succeeded = expect.get("success") is not False
        fields: dict[str, Value] = {"KeyId": key.key_id, "Arn": key.arn}
        answer = Answer(status=None, succeeded=succeeded, fields=fields)
        return ReadStep(request=CreateKey(key_spec=spec), answer=answer)

    def _answer(self, request: Operation, expect: Mapping[str, Json], belief: Belief) -> Answer:
        status, code = expect.get("status"), expect.get("error_code", UNSTATED)
        stated = expect.get("success")
        succeeded = stated if isinstance(stated, bool) else None
        if succeeded is None and isinstance(code, str):
            succeeded = False
        elif succeeded is None and isinstance(status, int):
            succeeded = _OK <= status < _MULTIPLE_CHOICES
        if succeeded is False and status == _OK:
            status = None  # an error inside of a 200 (GP-COPY-12)
        return Answer(
            status=status if isinstance(status, int) else None,
            succeeded=succeeded,
            error_code=code if isinstance(code, str) else UNSTATED,
            fields=self._fields(request, expect, belief),
            complete=False,
        )

    def _fields(
        self, request: Operation, expect: Mapping[str, Json], belief: Belief
    ) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        for name, value in mapping(expect, "headers").items():
            if is_open(value):
                fields[name.lower()] = _any_value(request, belief, name.lower())
            else:
                fields[name.lower()] = self.symbols.text(_shown(value))
        for missing in listed(expect, "absent"):
            name = str(missing)
            fields[name.removeprefix("body:") if name.startswith("body:") else name.lower()] = None
        fields |= _document_fields(self.symbols.resolve(closed(expect.get("body"))))
        text = expect.get("body_text")
        if isinstance(text, str) and not text.startswith("$"):
            fields[BODY] = text.encode("utf-8", "replace")
        extra = mapping(expect, "extra")
        stated = {_EXTRA[name]: v for name, v in extra.items() if name in _EXTRA}
        fields |= {n: self.symbols.text(_shown(v)) for n, v in stated.items() if not is_open(v)}
        if self.makes_parts_up and isinstance(request, ObjectRead):
            # A checksum of data that a case does not tell is not one of what stands for it.
            fields = {name: value for name, value in fields.items() if name not in BY_HEADER}
        if isinstance(request, ListingOperation):
            fields |= _listed_entries(request, self.symbols.resolve(closed(expect.get("body"))))
        if isinstance(request, GetObjectAttributes):
            size = mapping(expect, "body").get(SIZE_ATTRIBUTE)
            fields |= {} if size is None or is_open(size) else {SIZE_ATTRIBUTE: _shown(size)}
        if isinstance(request, PutObject) and _keeps_versions(belief.world, request.bucket):
            # A case calls the version of its nth PutObject so (it is in no other answer).
            fields.setdefault(VERSION_ID, self.symbols.text(f"$version{self.writes}"))
        return fields | _etag(request, belief, expect)


def _keeps_versions(world: World, bucket: str) -> bool:
    found = existing_bucket(world, bucket)
    return found is not None and found.versioning is Versioning.ENABLED


def _listed_entries(request: ListingOperation, body: Json) -> dict[str, Value]:
    """Return what a stated listing says of its entries; one that is cut short names not all."""
    if not isinstance(body, dict):
        return {}
    fields = request.stated(body)
    whole = body.get("IsTruncated") is False
    return fields if whole else {name: v for name, v in fields.items() if name != NAMES}


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise OutsideError(f"expect: {value!r} is no text")
    return str(value)


def _denied(operation: str, given: Mapping[str, Json]) -> str:
    """Return the KMS permission that the caller lacks."""
    caller = given.get("_caller")
    if caller is None:
        return ""
    lacks = re.match(r"no (kms:\w+)\b", str(caller))
    if lacks is None:
        raise OutsideError(f"{operation}: _caller is outside the model")
    return lacks[1]


def _filled(headers: Json) -> Json:
    """Return the headers with a value in the place of one that is not told."""
    if not isinstance(headers, dict):
        return headers
    return {name: "some-value" if is_open(value) else value for name, value in headers.items()}


def _raw_headers(operation: str, headers: Json, params: Mapping[str, Json]) -> dict[str, Json]:
    """Return the parameters of headers that were given by their names on the wire."""
    if headers is None:
        return {}
    if not isinstance(headers, dict):
        raise OutsideError(f"{operation}: _headers must be an object")
    kind = operations().get(operation)
    places = {} if kind is None else {p.name: p.parameter for p in header_places(kind)}
    found: dict[str, Json] = {}
    for header, value in headers.items():
        place = places.get(header.lower())
        if place is None:
            raise OutsideError(f"{operation}: header {header} is outside the model")
        if place in params or place in found:
            raise OutsideError(f"{operation}: a repeated header {header} is outside the model")
        found[place] = value
    return found


def _auth(operation: str, given: Mapping[str, Json]) -> dict[str, Json]:
    """Return the parameter that says how the request was signed, where that is told."""
    found: dict[str, Json] = {}
    for name, auth in _AUTHS.items():
        if given.get(name, False) is True:
            found[AUTH] = auth.value
        elif given.get(name, False) is not False:
            raise OutsideError(f"{operation}: {name} is outside the model")
    return found


def _policy(operation: str, params: Mapping[str, Json], conditions: Json) -> Json:
    """Return the document of a policy with one Deny statement, of which the condition is told."""
    read = read_conditions(conditions)
    if operation != "PutBucketPolicy" or read is None:
        raise OutsideError(f"{operation}: _deny is outside the model")
    return write_policy(str(params.get("Bucket")), [DenyStatement(read)]).decode()


def _body(given: Json, fill: str, untold: int) -> Json:
    if not isinstance(given, str):
        return given
    match = _BODY.fullmatch(given)
    if match is None:
        return given
    length = int(match[1] or untold) * _UNITS[match[2] or ""]
    if length > LONGEST_BODY:
        raise OutsideError(f"a body of {length} bytes is too long to be judged")
    return (fill[:1] or "x") * length


def _any_value(request: Operation, belief: Belief, name: str) -> Value:
    """Return a value for a header of which only the presence is known."""
    return predicted(request, belief, name) or "(any value)"


def _etag(request: Operation, belief: Belief, expect: Mapping[str, Json]) -> dict[str, Value]:
    is_md5, suffix = expect.get("etag_is_md5"), expect.get("etag_suffix")
    whole = predicted(request, belief, ETAG) or ""
    if isinstance(suffix, str) and suffix:
        fits = whole.endswith(suffix)
        return {ETAG: whole if fits else md5_hex(suffix.encode("utf-8", "replace")) + suffix}
    if not isinstance(is_md5, bool) or not isinstance(request, ObjectRequest):
        return {}
    if "-" in whole and not is_md5:
        return {ETAG: whole}  # the object was uploaded in parts
    data = _data(request, belief.world)
    shown = ETAG_ATTRIBUTE if isinstance(request, GetObjectAttributes) else ETAG
    if isinstance(request, ObjectRead) and data is not None:
        shapes = {_is_md5_etag(version_read(w, request)) for w in belief.worlds}
        if shapes == {not is_md5}:
            stated = "is" if is_md5 else "is not"
            raise ContradictionError(f"the ETag {stated} the MD5 of the data (GP-ETAG-01, -02)")
    if is_md5:
        return {} if data is None else {shown: md5_hex(data)}
    name = f"not the MD5 {request.object_key}"
    return {shown: md5_hex(name.encode() + (data or b""))}


def _is_md5_etag(version: StoredVersion) -> bool | None:
    """Return whether the ETag must be the MD5 of the data, None where it may be either."""
    if not isinstance(version, ObjectVersion) or (version.etag or version.part_sizes) is not None:
        return None
    if isinstance(version.encryption, SseS3):
        return True
    return False if isinstance(version.encryption, SseKms | SseC) else None


def _data(request: ObjectRequest, world: World) -> bytes | None:
    """Return the data that the answer speaks of, where it is known."""
    if isinstance(request, UploadOperation):
        return request.body
    if isinstance(request, PartOperation):
        return data_of_part(request, world)
    version: StoredVersion = world.object(request.bucket, request.object_key)
    if isinstance(request, ObjectRead):
        version = version_read(world, request)
    if isinstance(request, CopyObject) and request.source is not None:
        version = world.version(*request.source)
    return version.body if isinstance(version, ObjectVersion) else None


def _document_fields(body: Json) -> dict[str, Value]:
    if not isinstance(body, dict):
        return {}
    configuration = body.get("ServerSideEncryptionConfiguration")
    if not isinstance(configuration, dict):
        texts: dict[str, Value] = {name: v for name, v in body.items() if isinstance(v, str)}
        return texts | listed_parts(body)
    rules = configuration.get("Rules")
    if not isinstance(rules, list) or not rules:
        return {}
    fields: dict[str, Value] = {RULE_COUNT: str(len(rules))}
    if not isinstance(rules[0], dict):
        raise OutsideError("expect: body: a rule must be an object")
    rule = rule_from_json(rules[0])
    stated = {
        ALGORITHM: rule.sse_algorithm,
        KEY_ID: rule.kms_key_id,
        BUCKET_KEY_ENABLED: rule.bucket_key_enabled,
        BLOCKED: None if rule.blocked is None else ",".join(rule.blocked),
    }
    fields.update({name: value for name, value in stated.items() if value is not None})
    return fields


def told_lengths(steps: list[Json]) -> dict[str, int]:
    """Return how long each object is by what a read says of it, where one part or body made it."""
    lengths: dict[str, int] = {}
    writes: list[str] = []
    for step in steps:
        params = step.get("params") if isinstance(step, dict) else None
        expect = step.get("expect") if isinstance(step, dict) else None
        if not isinstance(params, dict) or not isinstance(expect, dict):
            continue
        name = str(params.get("Key"))
        writes += [name] if "Body" in params else []
        extra = expect.get("extra")
        length = extra.get("ContentLength") if isinstance(extra, dict) else None
        if isinstance(length, int) and 0 < length <= LONGEST_BODY and expect.get("status") == _OK:
            lengths.setdefault(name, length)
    return {name: length for name, length in lengths.items() if writes.count(name) == 1}


def least_lengths(steps: list[Json]) -> dict[str, int]:
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
        wanted = re.fullmatch(r"bytes=(\d{1,8})-(\d{0,8})", str(params.get("Range", "")))
        if wanted is not None and expect.get("status") == 206:  # noqa: PLR2004
            least = int(wanted.group(2) or wanted.group(1)) + 1
            name = str(params.get("Key"))
            lengths[name] = max(least, lengths.get(name, 0))
    return lengths
