"""What a target refuses cleanly it is not asked for again, by any phase."""

from __future__ import annotations

import contextlib
from collections import Counter

import pytest

from conformance.ablation import PREFIX, open_session, probed_setting
from conformance.corpus.needs import needs_of
from conformance.corpus.written import WrittenStep
from conformance.exploring import Explorer
from conformance.session import BudgetSpentError
from conformance.tests.phase_playing import without_capabilities
from model.clause import Capability

OPERATIONS = (
    Capability.BUCKET_ENCRYPTION,
    Capability.COPY,
    Capability.MULTIPART,
    Capability.VERSIONING,
    Capability.ATTRIBUTES,
    Capability.POST_FORM,
    Capability.BUCKET_POLICY,
    Capability.UPDATE_ENCRYPTION,
    Capability.MULTI_DELETE,
)


@pytest.mark.parametrize("capability", OPERATIONS)
def test_no_phase_asks_for_what_a_target_lacks(capability: Capability) -> None:
    session = open_session(requests=2500)
    setting = without_capabilities(probed_setting(session), capability.value)
    asked: Counter[str] = Counter()

    def ended() -> None:
        for step in session.steps:
            if capability in needs_of([WrittenStep(op=step.request.operation)]):
                asked[f"{session.phase}: {step.request.operation}"] += 1

    explorer = Explorer(
        session=session,
        prefix=PREFIX,
        setting=setting,
        on_finding=lambda *_: None,
        between=ended,
    )
    with contextlib.suppress(BudgetSpentError):
        explorer.explore()
    assert asked == Counter()
