"""Whether the target knows UpdateObjectEncryption, or takes it for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.probe import Probed, Support, probe, refusal
from model.answer import BODY
from model.clause import Capability
from model.operations.get_object import GetObject
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.request import KMS_KEY_ID, SSE
from model.sse import SseAlgorithm, md5_base64
from model.update_document import UpdateText, write_update
from model.world import KEY_ARN

if TYPE_CHECKING:
    from conformance.probe import Prober

OBJECT = "updated"
WHAT = "UpdateObjectEncryption"


@probe(Capability.UPDATE_ENCRYPTION, Capability.SSE_KMS)
def update_encryption(prober: Prober) -> Probed:
    """Update an SSE-S3 object, and look at its data as well as at its headers.

    A target that does not know the sub-resource may take the request for a PutObject: then the
    document stands in the object's place. No client can tell that from success, but it is no
    UpdateObjectEncryption either.
    """
    arn = _key_arn(prober)
    if arn is None:
        return Probed(Support.UNTESTED, "the ARN of no KMS key is known")
    prober.send(prober.put(OBJECT))
    document = write_update(UpdateText(kms_key_arn=arn))
    answer = prober.send(
        UpdateObjectEncryption(
            bucket=prober.bucket,
            object_key=OBJECT,
            document=document,
            content_md5=md5_base64(document),
            secure=prober.session.secure,
        )
    )
    if answer is None or not answer.succeeded:
        return refusal(answer, WHAT)
    get = GetObject(bucket=prober.bucket, object_key=OBJECT, secure=prober.session.secure)
    seen = prober.send(get)
    if seen is not None and seen.succeeded and seen.fields.get(BODY) == document:
        detail = f"{WHAT} is taken for PutObject: its document has replaced the object's data"
        return Probed(Support.UNSUPPORTED, detail)
    if seen is not None and seen.text(SSE) == SseAlgorithm.AWS_KMS:
        return Probed(Support.SUPPORTED, WHAT)
    return Probed(Support.IGNORED, f"{WHAT} succeeds, and nothing shows it")


def _key_arn(prober: Prober) -> str | None:
    """Return the ARN of a KMS key of the run, as it was named or as a write shows it."""
    for key in prober.kms_keys:
        if key.arn is not None:
            return key.arn
    key_id = prober.kms_keys[0].key_id if prober.kms_keys else None
    put = prober.put("kms-arn", sse=SseAlgorithm.AWS_KMS.value, kms_key_id=key_id)
    answer = prober.send(put)
    shown = None if answer is None else answer.text(KMS_KEY_ID)
    return shown if shown is not None and KEY_ARN.fullmatch(shown) else None
