"""Every operation has an example, and boto3 and the AWS CLI both get what it shows.

Examples of operations that the reference does not answer yet are not collected: they stand ready,
and run from the day on which the operation is in ``model.wire.operations()``.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from model.operations.kms import KmsOperation
from model.wire import operations
from targets.tests.sdk.collection import EXAMPLES, FORMS, runnable, served
from targets.tests.sdk.example import Example, assert_shows, filled
from targets.tests.sdk.stage import CommandLine, Reference, Stage, served_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.server

_KMS = {example.operation for example in EXAMPLES if example.cli.startswith("kms ")}


@pytest.fixture(scope="module", params=["http", "https"])
def reference(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reference]:
    folder = tmp_path_factory.mktemp("certificate")
    with served_reference(folder, secure=request.param == "https") as served_one:
        yield served_one


def answer_of(client: Any, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a boto3 call returns, the data of an object with it."""
    answer: dict[str, Any] = getattr(client, xform_name(operation))(**params)
    if "Body" in answer:
        answer["Body"] = answer["Body"].read()
    return answer


def look_afterwards(example: Example, stage: Stage) -> None:
    if example.then is None:
        return
    client = stage.client("kms" if example.then.operation in _KMS else "s3")
    try:
        found = answer_of(client, example.then.operation, filled(example.then.params, stage.values))
    except ClientError as error:
        found = dict(error.response)
    assert_shows(filled(example.then.shows, stage.values), found, "a look afterwards")


@pytest.mark.parametrize("example", runnable(), ids=str)
def test_boto3_gets_what_the_example_shows(
    example: Example, reference: Reference, tmp_path: Path
) -> None:
    stage = Stage(reference, tmp_path)
    stage.prepare(*example.after)
    service = "kms" if example.operation in _KMS else "s3"
    client = reference.client(service, session=example.session)
    answer = answer_of(client, example.operation, filled(example.params, stage.values))
    assert_shows(filled(example.shows, stage.values), answer)
    look_afterwards(example, stage)


@pytest.mark.parametrize("reference", ["https"], indirect=True)
@pytest.mark.parametrize("example", runnable(), ids=str)
def test_the_aws_cli_gets_what_the_example_shows(
    example: Example, reference: Reference, tmp_path: Path
) -> None:
    stage = Stage(reference, tmp_path)
    stage.prepare(*example.after)
    command = [filled(word, stage.values) for word in shlex.split(example.cli)]
    environment = {} if example.session else {"AWS_S3_DISABLE_EXPRESS_SESSION_AUTH": "true"}
    printed = CommandLine(reference, tmp_path).out(*command, "--output", "json", **environment)
    answer = json.loads(printed) if printed else {}
    if Path(stage.values["out"]).exists():
        answer["Body"] = Path(stage.values["out"]).read_bytes()
    assert_shows(filled(example.shows, stage.values), answer)
    look_afterwards(example, stage)


def test_every_operation_has_an_example() -> None:
    examples = {example.operation for example in runnable()}
    assert served() - examples - FORMS == set()


def test_every_example_is_of_an_operation_that_aws_has() -> None:
    session = botocore.session.get_session()
    known = {
        name
        for service in ("s3", "kms")
        for name in session.get_service_model(service).operation_names
    }
    assert {example.operation for example in EXAMPLES} <= known
    told_apart = {name for name, kind in operations().items() if issubclass(kind, KmsOperation)}
    assert told_apart <= _KMS
