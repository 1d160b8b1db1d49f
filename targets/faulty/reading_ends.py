"""Faults of how the body of a read ends: other than the head of the answer announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import BODY, BODY_LENGTH
from model.body_length import broken_off, overrun
from model.sse import SseC, SseKms, SseS3
from targets.faulty.common import data_read, showing
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
        read = data_read(after, request, answer)
        if read is None:
            return answer
        if (
            read.request.range is None
            or not read.body
            or not isinstance(read.version.encryption, SseS3)
        ):
            return answer
        return showing(answer, {BODY: b"", BODY_LENGTH: broken_off(0, str(len(read.body)))})


class LengthOfWhatIsStored(Fault):
    """GET under a customer's key announces the length of what is stored, and sends the data."""

    name = "length-of-what-is-stored"
    category = "SSE-C"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Announce more than there is to send."""
        del before
        read = data_read(after, request, answer)
        if read is None:
            return answer
        if not isinstance(read.version.encryption, SseC):
            return answer
        return showing(answer, {BODY_LENGTH: broken_off(len(read.body), str(len(read.body) + TAG))})


class SendsTheTag(Fault):
    """GET of a part under SSE-KMS sends more than it announces: what is stored behind the data."""

    name = "sends-the-tag"
    category = "KMS"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Write more than was announced."""
        del before
        read = data_read(after, request, answer)
        if read is None:
            return answer
        if read.request.part_read(read.version) is None or not isinstance(
            read.version.encryption, SseKms
        ):
            return answer
        return showing(answer, {BODY_LENGTH: overrun(len(read.body))})
