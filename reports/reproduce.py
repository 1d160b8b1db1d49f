"""A minimal sequence as scripts that anybody can run: curl, boto3 and the AWS CLI.

The scripts take the endpoint and the credentials from the environment (``S3_ENDPOINT``,
``KMS_ENDPOINT`` where it is another, ``AWS_REGION`` and the usual ``AWS_...`` names) and hold
none. Names of buckets and objects stay as they were; values that a server chooses, such as upload
IDs, are taken from the answers as the script runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.record import Reproduction
from reports.scripts import awscli, curl, sdk
from reports.scripts.wire import calls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.record import StepRecord


def curl_script(steps: Sequence[StepRecord], *, endpoint: str = "", title: str = "") -> str:
    """Return a bash script that sends the steps with curl, every header and body as it stood.

    ``endpoint`` is the S3 URL that the steps were sent to: it tells a bucket in the host name from
    one in the path. ``title`` becomes a comment. Raises nothing, whatever the steps hold.
    """
    return curl.script(calls(steps, endpoint), title=_title(title, steps), endpoint=endpoint)


def boto3_script(steps: Sequence[StepRecord], *, endpoint: str = "", title: str = "") -> str:
    """Return a Python script that makes the steps' boto3 calls and sends them as they stood.

    Arguments as for ``curl_script``.
    """
    return sdk.script(calls(steps, endpoint), title=_title(title, steps), endpoint=endpoint)


def awscli_script(steps: Sequence[StepRecord], *, endpoint: str = "", title: str = "") -> str:
    """Return a bash script of AWS CLI commands; a comment marks each step that the CLI cannot send.

    Arguments as for ``curl_script``.
    """
    return awscli.script(calls(steps, endpoint), title=_title(title, steps), endpoint=endpoint)


def reproduction(
    steps: Sequence[StepRecord],
    *,
    endpoint: str = "",
    title: str = "",
) -> Reproduction:
    """Return all three scripts, as a divergence's record holds them."""
    return Reproduction(
        curl=curl_script(steps, endpoint=endpoint, title=title),
        boto3=boto3_script(steps, endpoint=endpoint, title=title),
        awscli=awscli_script(steps, endpoint=endpoint, title=title),
    )


def _title(title: str, steps: Sequence[StepRecord]) -> str:
    return title or f"s3sse: {len(steps)} request{'' if len(steps) == 1 else 's'}"
