"""Credentials: fixed dummies for servers that we start, the ordinary AWS chain for all others."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError

from targets.errors import TargetMisconfigured

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.session import Session


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request is signed with. The secrets are kept out of ``repr``."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


_REMOTE_PROVIDERS = ("container-role", "iam-role")

#: For servers on loopback that the suite starts itself: public, worthless, the same everywhere.
LOCAL_CREDENTIALS = Credentials("s3sse", "s3sse-local-only")


def _session() -> Session:
    """Return a session of botocore's, which takes long to import and is seldom wanted."""
    from botocore.session import Session  # noqa: PLC0415

    return Session()


def chain_credentials() -> Callable[[], Credentials]:
    """Find credentials as every AWS tool does: environment, profile, container, instance role.

    Returns a function that gives the credentials of the moment, since a role's expire and are
    renewed on the way. Raises TargetMisconfigured where the chain finds none.
    """
    try:
        found = _session().get_credentials()
    except BotoCoreError as error:
        raise TargetMisconfigured(
            code="credentials",
            cause=f"the AWS credentials cannot be read: {error}",
            hint="check AWS_PROFILE and the AWS configuration files",
        ) from error
    if found is None:
        raise TargetMisconfigured(
            code="credentials",
            cause="no AWS credentials were found",
            hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in "
            "AWS_PROFILE; a server that ignores them takes any value",
        )

    def current() -> Credentials:
        frozen = found.get_frozen_credentials()
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    return current


def chain_region() -> str | None:
    """Return the region of the environment or the profile, or None where neither names one."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if os.environ.get(name):
            return os.environ[name]
    try:
        region = _session().get_config_variable("region")
    except BotoCoreError:
        return None
    return region if isinstance(region, str) else None


def has_local_credentials() -> bool:
    """Tell whether this machine holds credentials, without asking anybody over the network."""
    session = _session()
    try:
        chain = session.get_component("credential_provider")
        for provider in _REMOTE_PROVIDERS:
            chain.remove(provider)
        return session.get_credentials() is not None
    except BotoCoreError:
        return False
