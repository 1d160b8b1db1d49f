"""PostObject: the upload of an HTML form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.form import CONTENT_TYPE, SIGNING_FIELDS, Form, auth_of, form_of, write_form
from model.operation import Level, OutsideModelError, etag_shown
from model.operations.object_upload import UploadOperation
from model.operations.object_write import METADATA_PREFIX, metadata_of
from model.parameter_values import body_from_json, body_to_json, text_of
from model.request import CustomerKeyHeaders, KeyRole, header, header_places, sent
from model.sse import in_standard_alphabet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse, Pairs
    from model.parameter_values import Json
    from model.stored import ObjectVersion
    from model.world import World

KEY_FIELD = "key"
FIELDS, FILE = "Fields", "File"
"""Names of parameters; boto3 has no such operation."""
IGNORED_FIELDS = SIGNING_FIELDS | {
    "acl",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-type",
    "expires",
    "submit",
    "tagging",
    "x-amz-checksum-algorithm",
    "x-amz-sdk-checksum-algorithm",
}
"""Fields that change no answer that the model speaks of."""
_FILE_NAME = "${filename}"
_CREATED = 201
_STATUSES = {None: 204, "200": 200, "201": _CREATED, "204": 204}


@dataclass(frozen=True, kw_only=True)
class PostObject(UploadOperation):
    """Store the file of a form as an object; the headers of PutObject are fields of the form.

    A form is signed by fields in it, which a connection puts in.
    """

    operation: ClassVar[str] = "PostObject"
    method: ClassVar[str] = "POST"
    needs: ClassVar[frozenset[str]] = frozenset({CONTENT_TYPE})
    success_status: ClassVar[int] = 204
    is_form: ClassVar[bool] = True

    success_action_status: str | None = header("success_action_status", "success_action_status")

    @classmethod
    def level(cls) -> Level:
        """The path names the bucket alone."""
        return Level.BUCKET

    @cached_property
    def own_key(self) -> CustomerKeyHeaders:
        """The SSE-C fields; key and MD5 may both be in the URL-safe alphabet (GP-SSEC-11)."""
        key, key_md5 = self.customer_key, self.customer_key_md5
        if key is not None and key_md5 is not None and self.is_url_safe:
            key, key_md5 = in_standard_alphabet(key), in_standard_alphabet(key_md5)
        return CustomerKeyHeaders(KeyRole.WRITE, self.customer_algorithm, key, key_md5)

    @property
    def is_url_safe(self) -> bool:
        """Whether the customer key is in base64's URL-safe alphabet, and its MD5 in no other."""
        key, key_md5 = self.customer_key or "", self.customer_key_md5 or ""
        return bool(set(key) & set("-_")) and not set(key_md5) & set("+/")

    @cached_property
    def _form(self) -> tuple[str, bytes]:
        return write_form(Form(self._fields(), self.body))

    def _fields(self) -> Pairs:
        places = header_places(type(self))
        metadata = tuple((METADATA_PREFIX + name, value) for name, value in self.metadata)
        return ((KEY_FIELD, self.object_key), *sent(self, places), *metadata)

    def content(self) -> bytes:
        """The form."""
        return self._form[1]

    def extra_headers(self) -> Pairs:
        """The content type, which tells what parts the fields of the form."""
        return ((CONTENT_TYPE, self._form[0]),)

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """All fields but the bucket. Raises OutsideModelError for a form that is read otherwise."""
        form = form_of(http)
        if form is None:
            raise OutsideModelError("the body is no form with a file")
        fields = _read_fields(form.fields)
        auth = auth_of(form)
        if auth is not None:
            fields["auth"] = auth
        return {**fields, "body": form.data}

    def own_parameters(self) -> dict[str, Json]:
        """The fields and the file."""
        return {FIELDS: dict(self._fields()), FILE: body_to_json(self.body)}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The fields and the file."""
        given = left.pop(FIELDS)
        if not isinstance(given, dict):
            raise TypeError(f"{FIELDS} must be an object")
        pairs = tuple((name.lower(), text_of(value)) for name, value in given.items())
        try:
            fields = _read_fields(pairs)
        except OutsideModelError as error:
            raise ValueError(str(error)) from error
        return {**fields, "body": body_from_json(left.pop(FILE, ""))}

    def stored_checksums(self) -> Mapping[str, str] | None:
        """What becomes of a checksum in a form is not said."""
        return None if self.checksums else super().stored_checksums()

    def status(self, version: ObjectVersion | None) -> int | None:  # noqa: ARG002
        """The status that the form asks for; of others than 200, 201 and 204 nothing is said."""
        return _STATUSES.get(self.success_action_status)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag, and the elements of the document that an answer with 201 has."""
        elements: dict[str, Value] = {}
        if response.status == _CREATED:
            read = xml_text.read_fields(response.body)
            elements = {name: read.get(name) for name in ("Bucket", "Key")}
        return {**elements, **etag_shown(response)}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document of an answer with 201."""
        if self.status(None) != _CREATED:
            return b""
        shown = {n: v for n in ("Bucket", "Key") if isinstance(v := fields.get(n), str)}
        return xml_text.document("PostResponse", shown)


def _read_fields(pairs: Pairs) -> dict[str, object]:
    """Return the request's fields that a form's fields are. Raises OutsideModelError."""
    given = dict(pairs)
    if len(given) < len(pairs):
        raise OutsideModelError("a field is repeated")
    object_key = given.pop(KEY_FIELD, "")
    if not object_key or _FILE_NAME in object_key:
        raise OutsideModelError("the form names no object key, or that of its file")
    places = {place.name: place.attribute for place in header_places(PostObject)}
    fields: dict[str, object] = {"object_key": object_key, "metadata": metadata_of(pairs)}
    for name, value in given.items():
        if name in places:
            fields[places[name]] = value
        elif name not in IGNORED_FIELDS and not name.startswith((METADATA_PREFIX, "x-ignore-")):
            raise OutsideModelError(f"the field {name} is outside the model")
    return fields
