"""The bytes of a header's value as text, the same in both directions."""

from __future__ import annotations


def encode_value(value: str) -> bytes:
    """Encode a value as UTF-8, which is what SDKs send and what a signature covers.

    Raises UnicodeEncodeError for a lone surrogate.
    """
    return value.encode("utf-8")


def decode_value(value: bytes) -> str:
    """Decode a value as UTF-8 where it is that, else byte by byte as Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
