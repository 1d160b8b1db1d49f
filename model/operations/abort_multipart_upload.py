"""AbortMultipartUpload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.operation import Effect, Operation, existing_bucket
from model.operations.upload_in_progress import (
    has_ended,
    learn_absence,
    upload_named,
    with_upload,
)
from model.request import UploadRequest
from model.stored import Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class AbortMultipartUpload(UploadRequest, Operation):
    """Give up an upload and its parts."""

    operation: ClassVar[str] = "AbortMultipartUpload"
    method: ClassVar[str] = "DELETE"
    needs: ClassVar[frozenset[str]] = frozenset({"uploadId"})
    success_status: ClassVar[int] = 204

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the upload alone."""
        return upload_named(world, self) is Presence.UNKNOWN

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The upload is gone. Of one that is over nothing changes."""
        over = has_ended(world, self)
        return Effect(world if over else with_upload(world, self, Presence.ABSENT))

    def obscured(self, world: World) -> World:
        """Whether the upload is still there is unknown."""
        if existing_bucket(world, self.bucket) is None or has_ended(world, self):
            return world
        return with_upload(world, self, Presence.UNKNOWN)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown upload is not there."""
        return learn_absence(world, self, answer)
