"""What PutObject and PostObject have in common: they carry an object's data, and its checksums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.checksums import ALGORITHMS, BY_HEADER, CRC64NVME, checksum_of, is_checksum
from model.operations.object_creation import CreationOperation
from model.request import header
from model.world import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.operation import Effect
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class UploadOperation(CreationOperation):
    """Store a body as an object."""

    body: bytes = b""
    checksum_crc32: str | None = header("x-amz-checksum-crc32", "ChecksumCRC32")
    checksum_crc32c: str | None = header("x-amz-checksum-crc32c", "ChecksumCRC32C")
    checksum_crc64nvme: str | None = header("x-amz-checksum-crc64nvme", "ChecksumCRC64NVME")
    checksum_sha1: str | None = header("x-amz-checksum-sha1", "ChecksumSHA1")
    checksum_sha256: str | None = header("x-amz-checksum-sha256", "ChecksumSHA256")
    checksum_algorithm: str | None = header("x-amz-sdk-checksum-algorithm", "ChecksumAlgorithm")
    trailer: str | None = header("x-amz-trailer", "_Trailer")

    @property
    def checksums(self) -> dict[str, str]:
        """The checksums that were sent, by the names of their headers."""
        sent = {
            algorithm.header: getattr(self, f"checksum_{algorithm.name.lower()}")
            for algorithm in ALGORITHMS
        }
        return {name: value for name, value in sent.items() if value is not None}

    def is_right(self, name: str) -> bool:
        """Tell whether the checksum in that header is one, and of the data as far as is known."""
        algorithm, value = BY_HEADER[name], self.checksums[name]
        right = checksum_of(self.body, algorithm)
        return is_checksum(value, algorithm) and right in {None, value}

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
