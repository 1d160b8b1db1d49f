"""Faults of how the body of a read ends: other than the head of the answer announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import BODY, BODY_LENGTH
from model.body_length import broken_off, overrun
from model.operations.get_object import GetObject
from model.sse import SseC, SseKms, SseS3
from targets.faulty.common import read_version, showing
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World

TAG = 16
"""So many bytes does what is stored have beyond the data."""


class RangeBreaksOff(Fault):
    """A range of an object under SSE-S3 breaks off before its first byte, behind a right head."""

    name = "range-breaks-off"
    category = "cross-path differences"
    origin = "rustfs/rustfs#2673"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Fail to decrypt when the head has gone out."""
        del before
        found, body = read_version(after, request), answer.fields.get(BODY)
        if not isinstance(request, GetObject) or not isinstance(body, bytes) or found is None:
            return answer
        if request.range is None or not body or not isinstance(found.encryption, SseS3):
            return answer
        return showing(answer, {BODY: b"", BODY_LENGTH: broken_off(0, str(len(body)))})


class LengthOfWhatIsStored(Fault):
    """GET under a customer's key announces the length of what is stored, and sends the data."""

    name = "length-of-what-is-stored"
    category = "SSE-C"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Announce more than there is to send."""
        del before
        found, body = read_version(after, request), answer.fields.get(BODY)
        if not isinstance(request, GetObject) or not isinstance(body, bytes) or found is None:
            return answer
        if not isinstance(found.encryption, SseC):
            return answer
        return showing(answer, {BODY_LENGTH: broken_off(len(body), str(len(body) + TAG))})


class SendsTheTag(Fault):
    """GET of a part under SSE-KMS sends more than it announces: what is stored behind the data."""

    name = "sends-the-tag"
    category = "KMS"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Write more than was announced."""
        del before
        found, body = read_version(after, request), answer.fields.get(BODY)
        if not isinstance(request, GetObject) or not isinstance(body, bytes) or found is None:
            return answer
        if request.part_read(found) is None or not isinstance(found.encryption, SseKms):
            return answer
        return showing(answer, {BODY_LENGTH: overrun(len(body))})
