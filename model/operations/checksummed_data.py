"""What the requests have in common that carry data: they carry its checksums, too."""

from __future__ import annotations

from dataclasses import dataclass

from model.checksums import ALGORITHMS, BY_HEADER, checksum_of, is_checksum
from model.request import header


@dataclass(frozen=True, kw_only=True)
class ChecksummedData:
    """Data, and the headers of its additional checksums."""

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
        sent = {algorithm.header: getattr(self, algorithm.attribute) for algorithm in ALGORITHMS}
        return {name: value for name, value in sent.items() if value is not None}

    @property
    def names_checksum(self) -> bool:
        """Whether a checksum was sent, before the data or behind it, or an algorithm named."""
        beside = (self.checksum_algorithm, self.trailer)
        return bool(self.checksums) or beside != (None, None)

    def is_right(self, name: str) -> bool:
        """Tell whether the checksum in that header is one, and of the data as far as is known."""
        algorithm, value = BY_HEADER[name], self.checksums[name]
        right = checksum_of(self.body, algorithm)
        return is_checksum(value, algorithm) and right in {None, value}
