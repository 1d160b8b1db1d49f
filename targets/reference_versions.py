"""What a server knows of its versions although no answer told of it: the ids of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.facts import keeps_versions
from model.operation import existing_bucket
from model.sse import md5_hex
from model.stored import Presence

if TYPE_CHECKING:
    from model.world import World


def with_every_id(world: World, name: str, seed: str) -> World:
    """Return the world with an id for each version and delete marker of a bucket that keeps them.

    What may or may not be there, for all that the model can say, is not there.
    """
    bucket = existing_bucket(world, name)
    if bucket is None or not keeps_versions(bucket):
        return world
    for object_key in tuple({**bucket.objects, **bucket.versions}):
        row = bucket.row(object_key)
        known = tuple(v for v in row if not isinstance(v, Presence))
        named = tuple(
            v
            if v.version_id is not None
            else replace(v, version_id=md5_hex(f"{seed} {object_key} {place}".encode()))
            for place, v in enumerate(known)
        )
        if named != row:
            bucket = bucket.with_row(object_key, named)
    return world.with_bucket(name, bucket)
