"""What later requests of a demonstration take from the answers to earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import ETAG, VERSION_ID
from model.operations.create_multipart_upload import UPLOAD_ID
from model.operations.create_session import SESSION_TOKEN

if TYPE_CHECKING:
    from model.answer import Answer


def upload_of(answer: Answer) -> str:
    return answer.text(UPLOAD_ID) or "none"


def etag_of(answer: Answer) -> str:
    return answer.text(ETAG) or "none"


def version_of(answer: Answer) -> str:
    return answer.text(VERSION_ID) or "none"


def token_of(answer: Answer) -> str:
    return answer.text(SESSION_TOKEN) or "none"
