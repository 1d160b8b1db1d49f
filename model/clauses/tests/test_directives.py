"""Examples beside ``model/clauses/directives.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import Require
from model.clauses.tests.notation import copy, create, fires, get, given, head, put, silent
from model.matchers import Absent

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation

BLUE, RED = (("color", "blue"),), (("color", "red"), ("shape", "round"))
SOURCE = (create(), put(metadata=RED))


def gone(*names: str) -> tuple[Require, ...]:
    return tuple(Require(f"x-amz-meta-{name}", Absent("left over")) for name in names)


@fires("directives/other-metadata-is-gone")
def test_replaced_metadata_of_a_source_is_gone() -> Situation:
    replaced = copy(metadata=BLUE, metadata_directive="REPLACE")
    return given(*SOURCE, replaced).when(head("copy")).then(*gone("shape"))


@fires("directives/other-metadata-is-gone")
def test_metadata_sent_with_a_copy_of_the_sources_is_left_out() -> Situation:
    kept = copy(metadata=(("size", "large"),), metadata_directive="COPY")
    return given(*SOURCE, kept).when(get("copy")).then(*gone("size"))


@fires("directives/other-metadata-is-gone")
def test_metadata_of_an_object_that_was_overwritten_is_gone() -> Situation:
    return given(*SOURCE, put()).when(get()).then(*gone("color", "shape"))


@silent("directives/other-metadata-is-gone")
def test_metadata_that_was_copied_is_there() -> Situation:
    return given(*SOURCE, copy()).when(get("copy"))
