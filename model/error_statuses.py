"""The HTTP status of each error code that AWS lists, for observations that state both."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_STATUS = {
    301: ("PermanentRedirect",),
    304: ("NotModified",),
    307: ("TemporaryRedirect",),
    400: (
        "AccessControlListNotSupported",
        "AuthorizationHeaderMalformed",
        "BadDigest",
        "EntityTooLarge",
        "EntityTooSmall",
        "ExpiredToken",
        "IllegalLocationConstraintException",
        "IncompleteBody",
        "InvalidArgument",
        "InvalidBucketName",
        "InvalidDigest",
        "InvalidEncryptionAlgorithmError",
        "InvalidLocationConstraint",
        "InvalidPart",
        "InvalidPartOrder",
        "InvalidRequest",
        "InvalidStorageClass",
        "InvalidTag",
        "InvalidToken",
        "InvalidURI",
        "KMS.DisabledException",
        "KMS.InvalidKeyUsageException",
        "KMS.KMSInvalidStateException",
        "KMS.NotFoundException",
        "KeyTooLongError",
        "MalformedPOSTRequest",
        "MalformedXML",
        "MetadataTooLarge",
        "MissingRequestBodyError",
        "MissingSecurityHeader",
        "RequestTimeout",
        "TooManyBuckets",
        "XAmzContentSHA256Mismatch",
    ),
    403: (
        "AccessDenied",
        "AccountProblem",
        "AllAccessDisabled",
        "InvalidAccessKeyId",
        "InvalidObjectState",
        "NotSignedUp",
        "ObjectNotInActiveTierError",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ),
    404: (
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchKey",
        "NoSuchLifecycleConfiguration",
        "NoSuchUpload",
        "NoSuchVersion",
        "ServerSideEncryptionConfigurationNotFoundError",
    ),
    405: ("MethodNotAllowed",),
    409: (
        "BucketAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "BucketNotEmpty",
        "InvalidBucketState",
        "OperationAborted",
        "RestoreAlreadyInProgress",
    ),
    411: ("MissingContentLength",),
    412: ("PreconditionFailed",),
    416: ("InvalidPartNumber", "InvalidRange"),
    500: ("InternalError",),
    501: ("NotImplemented",),
    503: ("ServiceUnavailable", "SlowDown"),
}

STATUS_OF: Mapping[str, int] = MappingProxyType(
    {code: status for status, codes in _BY_STATUS.items() for code in codes}
)
