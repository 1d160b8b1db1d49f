"""The error codes that clauses name, each with its HTTP status."""

from __future__ import annotations

from dataclasses import dataclass

ANY_CODE = "*"
_CLASSES = range(1, 6)


@dataclass(frozen=True, slots=True)
class S3Error:
    """An error code and its HTTP status; the code ``*`` and the status 0 stand for any.

    A status of one digit stands for its class: 4 for all of 4xx.
    """

    code: str
    status: int

    @property
    def text(self) -> str:
        """The error as a reader says it."""
        if self.code != ANY_CODE:
            return f"{self.status} {self.code}"
        status = f"{self.status}xx" if self.status in _CLASSES else str(self.status)
        return f"{status} with any error code" if self.status else "any refusal"

    def has_status(self, status: int) -> bool:
        """Tell whether a refusal with that status may be this error."""
        return self.status in {0, status, status // 100}


ANY_400 = S3Error(ANY_CODE, 400)
ANY_403 = S3Error(ANY_CODE, 403)
ANY_404 = S3Error(ANY_CODE, 404)
ANY_501 = S3Error(ANY_CODE, 501)
ANY_4XX = S3Error(ANY_CODE, 4)
ACCESS_DENIED = S3Error("AccessDenied", 403)
ACL_NOT_SUPPORTED = S3Error("AccessControlListNotSupported", 400)
BAD_DIGEST = S3Error("BadDigest", 400)
ENCRYPTION_TYPE_MISMATCH = S3Error("EncryptionTypeMismatch", 400)
ENTITY_TOO_SMALL = S3Error("EntityTooSmall", 400)
INTERNAL_ERROR = S3Error("InternalError", 500)
INVALID_ARGUMENT = S3Error("InvalidArgument", 400)
INVALID_DIGEST = S3Error("InvalidDigest", 400)
INVALID_ENCRYPTION_ALGORITHM = S3Error("InvalidEncryptionAlgorithmError", 400)
INVALID_OBJECT_STATE = S3Error("InvalidObjectState", 403)
INVALID_PART = S3Error("InvalidPart", 400)
INVALID_PART_NUMBER = S3Error("InvalidPartNumber", 416)
INVALID_PART_ORDER = S3Error("InvalidPartOrder", 400)
INVALID_RANGE = S3Error("InvalidRange", 416)
INVALID_REQUEST = S3Error("InvalidRequest", 400)
INVALID_STORAGE_CLASS = S3Error("InvalidStorageClass", 400)
KMS_DISABLED = S3Error("KMS.DisabledException", 400)
KMS_INVALID_STATE = S3Error("KMS.KMSInvalidStateException", 400)
KMS_NOT_FOUND = S3Error("KMS.NotFoundException", 400)
MALFORMED_XML = S3Error("MalformedXML", 400)
METHOD_NOT_ALLOWED = S3Error("MethodNotAllowed", 405)
MISSING_REQUEST_BODY = S3Error("MissingRequestBodyError", 400)
NOT_IN_ACTIVE_TIER = S3Error("ObjectNotInActiveTierError", 403)
NO_SUCH_BUCKET = S3Error("NoSuchBucket", 404)
NO_SUCH_KEY = S3Error("NoSuchKey", 404)
NO_SUCH_VERSION = S3Error("NoSuchVersion", 404)
NOT_IMPLEMENTED = S3Error("NotImplemented", 501)
NOT_MODIFIED = S3Error(ANY_CODE, 304)
"""An answer of 304 has no body, and so no error code."""
NO_SUCH_UPLOAD = S3Error("NoSuchUpload", 404)
PRECONDITION_FAILED = S3Error("PreconditionFailed", 412)
RESTORE_IN_PROGRESS = S3Error("RestoreAlreadyInProgress", 409)
SIGNATURE_DOES_NOT_MATCH = S3Error("SignatureDoesNotMatch", 403)
TOO_MANY_PARTS = S3Error("TooManyParts", 400)
