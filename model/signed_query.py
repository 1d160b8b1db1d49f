"""Signature Version 4 in a query (a presigned request): told, and taken out of what was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from model.messages import Auth

if TYPE_CHECKING:
    from model.messages import Pairs

SESSION_TOKEN = "x-amz-s3session-token"  # noqa: S105 - the name of a header, and of a parameter
"""The token of a directory bucket's session: a header, or in a presigned request a parameter."""

SIGNATURE = "x-amz-signature"
_SIGNED_HEADERS = "x-amz-signedheaders"
_PARAMETERS = frozenset(
    {
        "x-amz-algorithm",
        "x-amz-content-sha256",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        SESSION_TOKEN,
        SIGNATURE,
        _SIGNED_HEADERS,
    }
)


class Meant(NamedTuple):
    """What was given to be sent, and how it was signed."""

    query: Pairs
    headers: Pairs
    auth: Auth


def read_signed_query(query: Pairs, headers: Pairs) -> Meant | None:
    """Return what a presigned request was before it was signed, None where it is not presigned.

    ``headers`` have lower-case names and are without those that a connection adds. A session's
    token comes back as the header that it stands for.
    """
    found = {name.lower(): value for name, value in query if name.lower() in _PARAMETERS}
    if SIGNATURE not in found:
        return None
    signed = found.get(_SIGNED_HEADERS, "").lower().split(";")
    unsigned = any(name.startswith("x-amz-") and name not in signed for name, _ in headers)
    if SESSION_TOKEN in found:
        headers = (*headers, (SESSION_TOKEN, found[SESSION_TOKEN]))
    return Meant(
        tuple(pair for pair in query if pair[0].lower() not in _PARAMETERS),
        headers,
        Auth.PRESIGNED_HEADERS_UNSIGNED if unsigned else Auth.PRESIGNED,
    )


__all__ = ["SESSION_TOKEN", "SIGNATURE", "Meant", "read_signed_query"]
