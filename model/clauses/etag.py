"""Whether an ETag is the MD5 of the data depends on how the object is encrypted."""

from __future__ import annotations

from model.answer import ETAG
from model.clause import Basis, Capability, Require, Rulings, Source, clause
from model.matchers import Md5Of, Md5Shape, NotMd5Of
from model.request import ObjectCreation
from model.sse import DsseKms, SseC, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import World

PAGE = Source("API/API_Object.html", "ETag")


@clause(
    "etag/sse-s3-is-the-md5",
    rules=("GP-ETAG-01", "GP-ETAG-06"),
    source=PAGE,
    profile="sse-s3",
)
def sse_s3_is_the_md5(world: World, request: ObjectCreation, version: ObjectVersion) -> Rulings:
    """An object put or copied under SSE-S3 has the MD5 of its data for an ETag."""
    del world, request
    if not isinstance(version.encryption, SseS3) or version.body is None:
        return None
    return Require(ETAG, Md5Of(version.body))


@clause(
    "etag/sse-kms-is-not-the-md5",
    rules=("GP-ETAG-02", "GP-ETAG-03", "GP-ETAG-06"),
    source=PAGE,
    profile="sse-kms",
    needs=Capability.SSE_KMS,
)
def sse_kms_is_not_the_md5(
    world: World, request: ObjectCreation, version: ObjectVersion
) -> Rulings:
    """An object put or copied under SSE-KMS has an ETag of 32 digits that is not its data's MD5."""
    del world, request
    if not isinstance(version.encryption, SseKms):
        return None
    return Require(ETAG, NotMd5Of(version.body))


@clause(
    "etag/sse-c-is-not-the-md5",
    rules=("GP-ETAG-02", "GP-ETAG-03"),
    source=PAGE,
    profile="sse-c",
    needs=Capability.SSE_C,
)
def sse_c_is_not_the_md5(world: World, request: ObjectCreation, version: ObjectVersion) -> Rulings:
    """An object put or copied under SSE-C has an ETag of 32 digits that is not its data's MD5."""
    del world, request
    if not isinstance(version.encryption, SseC):
        return None
    return Require(ETAG, NotMd5Of(version.body))


@clause(
    "etag/dsse-kms-has-32-digits",
    rules=("GP-ETAG-04",),
    source=PAGE,
    profile="dsse-kms",
    basis=Basis.OBSERVED,
    needs=Capability.DSSE_KMS,
)
def dsse_kms_has_32_digits(
    world: World, request: ObjectCreation, version: ObjectVersion
) -> Rulings:
    """An object put or copied under DSSE-KMS has an ETag of 32 digits; AWS says no more of it."""
    del world, request
    if not isinstance(version.encryption, DsseKms):
        return None
    return Require(ETAG, Md5Shape())
