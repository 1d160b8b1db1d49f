"""Make a sequence short on the reference first, where requests cost nobody anything.

A reference that never heard of the broken clause often fails as the target does. Where it does, the
sequence is minimised there, and the target only has to show what is left of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.session import Budget, Session
from targets.reference import ReferenceConnection, make_reference

if TYPE_CHECKING:
    from model.exchange import Exchange
    from model.findings import Finding

MOST_REQUESTS = 1200
"""A rehearsal takes at most so many requests; they cost less than a second."""


class _Unwritten:
    def write(self, exchange: Exchange) -> None:
        """Forget the exchange: it was never sent to the target."""


def rehearsal(session: Session, finding: Finding) -> Session:
    """Return a session with a reference that lacks the clause, beginning where this one does."""
    world = session.world
    context = replace(
        world.context,
        new_buckets_block_sse_c=world.context.new_buckets_block_sse_c or False,
        region=world.context.region or session.connection.endpoint.region,
    )
    reference = make_reference(without=frozenset({finding.clause}), context=context)
    reference.world = replace(world, context=context, buckets=dict(reference.world.buckets))
    connection = ReferenceConnection(reference, session.connection.endpoint)
    return Session(connection, _Unwritten(), reference.world, Budget(requests=MOST_REQUESTS))
