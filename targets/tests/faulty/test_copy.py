from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import copy, create, put
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("copy/inherits-from-source")
def test_a_copy_keeps_the_encryption_of_its_source() -> Requests:
    yield create()
    yield put(sse="aws:kms")
    yield copy()
