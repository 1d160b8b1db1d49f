"""The examples of the clauses as scenarios: ``conformance/write_catalogue.py`` writes the file.

Only that needs it: the notation of the tests loads pytest.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.corpus.rehearsal import Rehearsal
from conformance.corpus.telling import NotTellableError, tell
from conformance.corpus.written import CorpusFile, LeftOut, Written
from model.clause import find_clause
from model.clauses.tests.notation import (
    ACCOUNT,
    ALIAS,
    BLOCKING,
    EMPTY,
    KEY,
    OTHER_KEY,
    REGION,
    SIGNING_KEY,
    answer_to,
    every_example,
    first_success,
)
from model.judge import follow
from model.operations.kms import CreateAlias, CreateKey, KmsOperation
from model.parameters import to_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.answer import Answer
    from model.clauses.tests.notation import Example, Situation
    from model.operation import Operation
    from model.world import KmsKey, World

FILE = "clauses.json"
_KEYS = {"kms1": KEY, "kms2": OTHER_KEY, "kms3": SIGNING_KEY}
_SIGNING = "RSA_2048"
_KNOWN = {
    **{str(key.arn): f"${name}.arn" for name, key in _KEYS.items()},
    **{key.key_id: f"${name}.id" for name, key in _KEYS.items()},
    ALIAS: "$alias1",
    f"kms:{REGION}": "kms:$region",
    ACCOUNT: "$account",
}
_NO_START = "it starts from a world that requests do not make"
_NOT_MET = "played against the reference it does not come to its clause"


def write_examples() -> CorpusFile:
    """Return all examples that can be played, and why the others cannot."""
    scenarios, left_out = tell_examples()
    rehearsals = {plain: Rehearsal(plain_http=plain) for plain in (False, True)}
    played = []
    for told, example in scenarios:
        try:
            played.append(rehearsed(told, example, rehearsals[told.plain_http]))
        except NotTellableError as error:
            left_out.append(LeftOut(id=told.id, title=told.title, reason=str(error)))
    return CorpusFile(
        scenarios=tuple(sorted(played, key=lambda one: one.id)),
        left_out=tuple(sorted(left_out, key=lambda one: one.id)),
    )


def tell_examples() -> tuple[list[tuple[Written, Example]], list[LeftOut]]:
    """Return all examples that can be told as scenarios, each once, and why others cannot."""
    scenarios: dict[str, tuple[Written, Example]] = {}
    left_out: list[LeftOut] = []
    for example in sorted(every_example(), key=_order):
        name = f"{example.clause_id}/{example.make.__name__.removeprefix('test_')}"
        try:
            told = tell_example(name, example)
        except NotTellableError as error:
            left_out.append(LeftOut(id=name, title=example.sentence, reason=str(error)))
            continue
        steps = json.dumps([step.model_dump() for step in told.steps])
        scenarios.setdefault(steps, (told, example))
    return list(scenarios.values()), left_out


def _order(example: Example) -> tuple[str, bool, str]:
    return (example.clause_id, not example.fires, example.make.__name__)


def tell_example(name: str, example: Example) -> Written:
    """Return an example as a scenario. Raises NotTellableError."""
    situation = example.make()
    if situation.start not in (EMPTY, BLOCKING) and not example.fires:
        raise NotTellableError(_NO_START)
    requests = (*situation.steps, situation.request)
    prepared, called = _prepared(situation, requests)
    secure = all(request.secure for request in requests)
    answers = (*(None for _ in prepared), *_answers(situation), None)
    return Written(
        id=name,
        title=example.sentence,
        plain_http=not secure,
        blocked=situation.start == BLOCKING,
        steps=tell((*prepared, *requests), answers, known=_KNOWN, called=called),
    )


def _prepared(
    situation: Situation, requests: Iterable[Operation]
) -> tuple[list[Operation], dict[int, str]]:
    """Return the making of the keys and the alias that an example takes for given.

    A key whose state it leaves as it is, is one of the run's.
    """
    text = json.dumps([to_parameters(request) for request in requests])
    alias = situation.start.aliases.get(ALIAS) == KEY.key_id and ALIAS in text
    prepared: list[Operation] = []
    called: dict[int, str] = {}
    changes = any(isinstance(one, KmsOperation) for one in requests)
    for name, key in _KEYS.items():
        named = key.key_id in text or (alias and key is KEY)
        if named and situation.start.keys.get(key.key_id) == key and _is_own(key, changes=changes):
            called[len(prepared)] = name
            prepared.append(CreateKey(key_spec=_SIGNING) if key is SIGNING_KEY else CreateKey())
    if alias:
        prepared.append(CreateAlias(alias=ALIAS, key_id=KEY.key_id))
    return prepared, called


def _is_own(key: KmsKey, *, changes: bool) -> bool:
    return changes or not key.symmetric


def _answers(situation: Situation) -> list[Answer]:
    """Return the likeliest answers to an example's steps: of what they tell, what S3 chose."""
    world: World = situation.start
    answers = []
    for number, request in enumerate(situation.steps):
        outcome = first_success(world, request)
        answer = answer_to(outcome, f"answer {number}")
        other = answer_to(outcome, f"other {number}")
        world = follow(outcome, world, request, answer)
        chosen = {n: v for n, v in answer.fields.items() if v != other.fields.get(n)}
        answers.append(replace(answer, fields=chosen))
    return answers


def rehearsed(told: Written, example: Example, rehearsal: Rehearsal) -> Written:
    """Return the scenario with the clauses that it exercises. Raises NotTellableError."""
    if told.blocked:
        return told.model_copy(update={"clauses": (example.clause_id,)} if example.fires else {})
    seen = rehearsal.play(told)
    if seen.findings:
        shown = seen.findings[0].title
        raise NotTellableError(f"played against the reference it shows {shown}")
    fired = seen.exercised
    if example.fires and find_clause(example.clause_id).binding and example.clause_id not in fired:
        raise NotTellableError(_NOT_MET)
    return told.model_copy(update={"clauses": tuple(sorted(fired))})
