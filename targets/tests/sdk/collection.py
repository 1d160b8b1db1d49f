"""All examples, and which of them can be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.wire import operations
from targets.tests.sdk.buckets import BUCKETS, DIRECTORY_BUCKETS
from targets.tests.sdk.kms import KMS
from targets.tests.sdk.objects import CHANGES, PUTS, READS
from targets.tests.sdk.stage import PREPARATIONS
from targets.tests.sdk.uploads import UPLOADS

if TYPE_CHECKING:
    from targets.tests.sdk.example import Example

BESIDE_THE_MODEL = frozenset(
    {
        "GetBucketLocation",
        "HeadBucket",
        "ListAliases",
        "ListBuckets",
        "ListDirectoryBuckets",
        "ListKeys",
        "ListObjectVersions",
        "ListObjects",
        "ListObjectsV2",
    }
)
"""What the reference answers although the model does not speak of it."""

FORMS = frozenset({"PostObject"})
"""What neither boto3 nor the AWS CLI has a call for: a form is sent with what boto3 signs."""

EXAMPLES: tuple[Example, ...] = (
    *PUTS,
    *READS,
    *CHANGES,
    *BUCKETS,
    *DIRECTORY_BUCKETS,
    *UPLOADS,
    *KMS,
)


def served() -> frozenset[str]:
    """Return the operations that the reference answers."""
    return BESIDE_THE_MODEL | operations().keys()


def runnable() -> list[Example]:
    """Return the examples of operations that are served, with what has to be prepared for them."""
    found = []
    for example in EXAMPLES:
        prepared = {PREPARATIONS[name].takes for name in example.after} - {None}
        if {example.operation, *example.takes, *prepared} <= served():
            found.append(example)
    return found
