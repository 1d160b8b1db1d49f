"""Whether the target has directory buckets, and sessions for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.probe import Probed, Support, probe
from model.bucket_kind import DIRECTORY_SUFFIX
from model.clause import Capability
from model.operations.create_bucket import directory_bucket
from model.operations.create_session import CreateSession

if TYPE_CHECKING:
    from conformance.probe import Prober
    from model.answer import Answer


@probe(Capability.DIRECTORY_BUCKETS, apart=True)
def directory_buckets(prober: Prober) -> Probed:
    """Make a directory bucket and a session: only one that gives credentials will do."""
    session = prober.session
    zone = session.connection.endpoint.directory_zone
    name = f"{prober.bucket}--{zone}{DIRECTORY_SUFFIX}"
    answer = prober.send(directory_bucket(name, secure=session.secure))
    if answer is None or not answer.succeeded:
        return _unsupported("CreateBucket of a directory bucket", answer)
    answer = prober.send(CreateSession(bucket=name, secure=session.secure))
    if answer is None or not answer.succeeded:
        return _unsupported("CreateSession", answer)
    return Probed(Support.SUPPORTED, "CreateSession gives credentials")


def _unsupported(what: str, answer: Answer | None) -> Probed:
    said = "no answer came"
    if answer is not None:
        said = "a success without credentials" if answer.status is None else answer.summary
    return Probed(Support.UNSUPPORTED, f"{what}: {said}")
