"""What the user says about a target, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOptions:
    """The options of ``s3sse run`` that concern the target; each target takes what it needs.

    ``region`` None means: the target's own default. ``ca_bundle`` names a PEM file, ``insecure``
    switches verification of the certificate off. ``timeout`` is in seconds, for connecting and
    for every wait for the next bytes. ``binary`` names a server's program. ``request_budget`` is
    the highest number of requests of the run, None where there is no limit. ``client`` is what
    makes and signs the requests: ``raw`` (as they were drawn) or ``boto3``. ``as_of`` and
    ``new_buckets_block_sse_c`` say by which day's documents the target is judged, and whether its
    new buckets block SSE-C: the reference does as they say. ``fsx_access_point`` is the alias of
    an access point for FSx. ``address`` is what stood behind the target's name and a colon.
    """

    endpoint_url: str | None = None
    kms_endpoint_url: str | None = None
    kms_keys: tuple[str, ...] = ()
    region: str | None = None
    ca_bundle: Path | None = None
    insecure: bool = False
    addressing: str = "path"
    sse_c_over_http: bool = False
    timeout: float = 30.0
    binary: Path | None = None
    request_budget: int | None = None
    client: str = "raw"
    as_of: date | None = None
    new_buckets_block_sse_c: bool = False
    fsx_access_point: str | None = None
    address: str = ""
