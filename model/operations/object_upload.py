"""What PutObject and PostObject have in common: they carry an object's data, and its checksums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.checksums import CRC64NVME, checksum_of
from model.operations.checksummed_data import ChecksummedData
from model.operations.object_creation import CreationOperation
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.operation import Effect
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class UploadOperation(ChecksummedData, CreationOperation):
    """Store a body as an object."""

    def stored_checksums(self) -> Mapping[str, str] | None:
        """Return the checksums that are kept with the object; None where they are not known."""
        sent = self.checksums
        if sent:
            sound = all(self.is_right(name) for name in sent)
            return sent if sound and len(sent) == 1 else None
        if self.checksum_algorithm is not None or self.trailer is not None:
            return None  # an SDK sent one behind the data
        value = checksum_of(self.body, CRC64NVME)
        return None if value is None else {CRC64NVME.header: value}

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """The object is stored, in place of what was there."""
        return self.stores(world, self.stored_version(world, encryption))

    def stored_version(
        self,
        world: World,  # noqa: ARG002 - what is appended hangs on what is there
        encryption: ObjectEncryption | None,
    ) -> ObjectVersion:
        """Return the version that is stored."""
        return ObjectVersion(
            encryption=encryption,
            body=self.body,
            storage_class=self.storage_class or "STANDARD",
            metadata=dict(self.metadata),
            encryption_context=self.encryption_context,
            checksums=self.stored_checksums(),
        )
