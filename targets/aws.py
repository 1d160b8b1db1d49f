"""Amazon S3 itself: costs money, so it runs only within a budget, and never creates KMS keys."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from targets.credentials import chain_credentials, chain_region, has_local_credentials
from targets.endpoint_target import checked_connection
from targets.errors import TargetMisconfigured
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets.options import TargetOptions
    from targets.target import Connection

_CHINA = "cn-"
#: S3 states no bound for bucket configurations; tests against it were seen to wait up to five.
_SETTLE_SECONDS = 5.0


class AwsTarget:
    """Amazon S3 in one region, with the user's own credentials."""

    name = "aws"
    summary = "Amazon S3 in one region, within a budget of requests (they are charged)"
    needs = "AWS credentials, a region, --requests N; --kms-key for SSE-KMS with existing keys"

    def __init__(self, options: TargetOptions) -> None:
        self._options = options

    def available(self) -> str | None:
        """Return None where it can run here, else why not and what to do. Sends nothing."""
        if not has_local_credentials():
            return (
                "no AWS credentials in the environment or a profile (an instance role is looked "
                "for only when a run starts)"
            )
        return None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Reach S3 in the region. Raises TargetMisconfigured and TargetUnavailable."""
        options = self._options
        if options.request_budget is None:
            raise TargetMisconfigured(
                code="no-budget",
                cause="the target aws needs a limit on the number of requests, since they are "
                "charged",
                hint="use --requests N",
            )
        region = options.region or chain_region()
        if region is None:
            raise TargetMisconfigured(
                code="region",
                cause="no AWS region is named",
                hint="set AWS_REGION, or a region in the profile",
            )
        suffix = "amazonaws.com.cn" if region.startswith(_CHINA) else "amazonaws.com"
        endpoint = Endpoint(
            url=f"https://s3.{region}.{suffix}",
            region=region,
            addressing=options.addressing,
            kms_keys=options.kms_keys,
            server="Amazon S3",
            settle_seconds=_SETTLE_SECONDS,
            fsx_access_point=options.fsx_access_point,
        )
        with checked_connection(endpoint, chain_credentials(), options) as connection:
            yield connection
