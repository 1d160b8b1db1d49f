"""The names of boto3 and of the AWS CLI for an API's names."""

from __future__ import annotations

import re

_BEFORE_A_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_BEFORE_A_CAPITAL = re.compile(r"([a-z0-9])([A-Z])")
_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s$")


def snake(name: str, separator: str = "_") -> str:
    """Turn an API's name into boto3's: ``CreateMultipartUpload`` is ``create_multipart_upload``."""
    plural = _PLURAL_ACRONYM.search(name)
    if plural:
        name = f"{name[: plural.start()]}{separator}{plural[0].lower()}"
    words = _BEFORE_A_WORD.sub(rf"\1{separator}\2", name)
    return _BEFORE_A_CAPITAL.sub(rf"\1{separator}\2", words).lower()


def kebab(name: str) -> str:
    """Turn an API's name into the CLI's: ``SSECustomerKeyMD5`` is ``sse-customer-key-md5``."""
    return snake(name, "-")
