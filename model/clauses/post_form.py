"""PostObject: what a form upload has of its own; as a write it is held to all that others are."""

from __future__ import annotations

from datetime import date

from model.clause import (
    Basis,
    Capability,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.facts import bucket_of
from model.matchers import Absent, Equals
from model.messages import Auth
from model.operations.post_object import PostObject
from model.request import CONTEXT, uses_sse_c
from model.s3_errors import ACCESS_DENIED, ANY_400
from model.sse import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_LENGTH,
    SseAlgorithm,
    decode_customer_key,
    md5_base64,
)
from model.stored import ObjectVersion
from model.world import World

PAGE = Source("API/RESTObjectPOST.html", "Form fields")
POLICY = Source("API/sigv4-HTTPPOSTConstructPolicy.html", "Conditions", date(2026, 12, 1))
ANSWER = Source("API/RESTObjectPOST.html", "Response headers")
RECORDED = Source("recorded answers of Amazon S3, March 2026", "PostObject with SSE-C")
PROFILE = "post"


@clause(
    "post-form/status-is-the-one-asked-for",
    rules=("GP-HDR-21",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.POST_FORM,
)
def status_is_the_one_asked_for(world: World, request: PostObject) -> Rulings:
    """A form upload is answered with success_action_status where that is 200, 201 or 204."""
    if bucket_of(world, request) is None:
        return None
    return Succeed() if request.success_action_status in {"200", "201", "204"} else None


@clause(
    "post-form/encryption-fields-are-taken",
    rules=("GP-HDR-02",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.POST_FORM,
)
def encryption_fields_are_taken(world: World, request: PostObject) -> Rulings:
    """A form upload takes the encryption headers of PutObject, as fields of the same names."""
    if bucket_of(world, request) is None:
        return None
    return Succeed() if request.sse in set(SseAlgorithm) or uses_sse_c(request) else None


@clause(
    "post-form/field-beyond-the-policy-is-refused",
    rules=("GP-HDR-02",),
    source=POLICY,
    profile=PROFILE,
    needs=Capability.POST_FORM,
)
def field_beyond_the_policy_is_refused(world: World, request: PostObject) -> Rulings:
    """A form upload with a field about encryption that its policy does not name is denied.

    That AWS does so was seen, too (eddturtle/direct-upload#18).
    """
    del world
    if request.auth is not Auth.POLICY_WITHOUT_ENCRYPTION:
        return None
    return Refuse((ACCESS_DENIED,)) if request.names_in_headers else None


@clause(
    "post-form/document-names-the-object",
    rules=("GP-HDR-21",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.POST_FORM,
)
def document_names_the_object(world: World, request: PostObject, version: ObjectVersion) -> Rulings:
    """The document of an answer with 201 names the bucket and the object key."""
    del world, version
    if request.success_action_status != "201":
        return None
    return (
        Require("Bucket", Equals(request.bucket)),
        Require("Key", Equals(request.object_key)),
    )


@clause(
    "post-form/context-is-not-shown",
    rules=("GP-HDR-21",),
    source=ANSWER,
    profile=PROFILE,
    needs=Capability.POST_FORM,
)
def context_is_not_shown(world: World, request: PostObject, version: ObjectVersion) -> Rulings:
    """The answer to a form upload does not show the encryption context."""
    del world, version
    return Require(CONTEXT, Absent(request.encryption_context or "eyJhIjoiYiJ9"))


@clause(
    "post-form/url-safe-customer-key-is-taken",
    rules=("GP-SSEC-11",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.POST_FORM,
)
def url_safe_customer_key_is_taken(world: World, request: PostObject) -> Rulings:
    """A form upload takes a customer key and its MD5 in base64's URL-safe alphabet."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.blocked != frozenset() or not _is_url_safe(request):
        return None
    return Succeed() if set(request.customer_key_md5 or "") & set("-_") else None


@allowance("GP-SSEC-11")
def url_safe_key_with_a_plain_md5(world: World, request: PostObject) -> Rulings:
    """A URL-safe key whose MD5 is the same in both alphabets: whether that counts is not said."""
    del world
    plain = not set(request.customer_key_md5 or "") & set("-_")
    return MayRefuse((ANY_400,)) if plain and _is_url_safe(request) else None


def _is_url_safe(request: PostObject) -> bool:
    """Tell whether the customer key is sound, but for the alphabet that it is written in."""
    group = request.own_key
    key = decode_customer_key(group.key or "")
    return (
        request.is_url_safe
        and request.sse is None
        and len(key) == CUSTOMER_KEY_LENGTH
        and (group.algorithm, group.key_md5) == (CUSTOMER_ALGORITHM, md5_base64(key))
    )
