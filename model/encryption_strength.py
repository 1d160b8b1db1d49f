"""An order of encryptions by who holds the key, to tell when data is protected less than asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.request import CUSTOMER_ALGORITHM, SSE, uses_sse_c
from model.sse import SseAlgorithm

if TYPE_CHECKING:
    from model.answer import Answer
    from model.request import WithEncryptionHeaders

_STRENGTH = {SseAlgorithm.AES256: 1, SseAlgorithm.AWS_KMS: 2, SseAlgorithm.AWS_KMS_DSSE: 3}
_SSE_C = 2


def requested_strength(request: WithEncryptionHeaders) -> int:
    """Return 0 where the request asks for nothing, more for what protects more."""
    if uses_sse_c(request):
        return _SSE_C
    if request.sse in set(SseAlgorithm):
        return _STRENGTH[SseAlgorithm(request.sse or "")]
    return 0


def shown_strength(answer: Answer) -> int:
    """Return 0 where the answer shows no encryption, more for what protects more."""
    if answer.text(CUSTOMER_ALGORITHM) is not None:
        return _SSE_C
    shown = answer.text(SSE)
    return _STRENGTH[SseAlgorithm(shown)] if shown in set(SseAlgorithm) else 0
