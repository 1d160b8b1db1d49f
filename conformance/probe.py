"""What a target can do at all, found out by trying: supported, refused cleanly, or ignored.

"Ignored silently" (a success that does nothing) counts as having the capability: it is judged, and
it is the worst finding there is. Only a clean refusal of a sound request takes clauses out of play.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from conformance.clearing import remove_what_was_made
from conformance.gathering import import_files
from conformance.universe import CUSTOMER_KEYS, KeyText
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.get_bucket_encryption import ALGORITHM, BLOCKED, GetBucketEncryption
from model.operations.head_object import HeadObject
from model.operations.kms import KEY_ARN_FIELD, KEY_ID, CreateKey
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.request import BUCKET_KEY, CUSTOMER_ALGORITHM, SSE
from model.sse import SseAlgorithm, md5_base64
from targets.errors import TargetUnavailable

if TYPE_CHECKING:
    from conformance.session import Session
    from model.answer import Answer
    from model.operation import Operation

SERVER_ERROR = 500
NOT_IMPLEMENTED = 501
_UNAVAILABLE = 503
_PAUSES = (0.05, 0.2, 0.8)
"""Seconds to wait before a busy target is asked again."""


class Support(StrEnum):
    """What trying showed."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    IGNORED = "ignored-silently"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Probed:
    """One capability's outcome, with what it was seen by."""

    support: Support
    detail: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether requests that need the capability are sent and judged."""
        return self.support in {Support.SUPPORTED, Support.IGNORED}


Look = Callable[["Prober"], Probed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How one capability is found out; ``needs`` are those without which it is not tried.

    ``apart``: it is tried in a bucket of its own.
    """

    capability: Capability
    needs: tuple[Capability, ...]
    look: Look
    apart: bool = False


_probes: list[Probe] = []


def probe(
    capability: Capability, *needs: Capability, apart: bool = False
) -> Callable[[Look], Look]:
    """Register the decorated function as the way to find out a capability."""

    def register(look: Look) -> Look:
        _probes.append(Probe(capability=capability, needs=needs, look=look, apart=apart))
        return look

    return register


@cache
def every_probe() -> tuple[Probe, ...]:
    """Return the probes of ``conformance/probes``, in the order of their files."""
    import_files("conformance.probes")
    return tuple(_probes)


def make_keys(session: Session, count: int) -> tuple[KeyText, ...]:
    """Make KMS keys for the whole run; empty where the KMS API makes none."""
    made = []
    for _ in range(count):
        answer = session.send(CreateKey(secure=session.secure)).answer
        key_id = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
        if answer is None or key_id is None:
            return ()
        made.append(KeyText(key_id=key_id, arn=answer.text(KEY_ARN_FIELD)))
    return tuple(made)


class Prober:
    """Tries each capability in one bucket of its own, and what is refused there in a second one."""

    def __init__(
        self, session: Session, prefix: str, kms_keys: tuple[KeyText, ...], *, name: str = "probe"
    ) -> None:
        self.session = session
        self.prefix = prefix
        self.bucket = f"{prefix}{name}"
        self.kms_keys = kms_keys
        self._untouched: Prober | None = None

    def probe(self, *, kms_api: bool) -> dict[Capability, Probed]:
        """Return what the target can do. Raises TargetUnavailable when it makes no bucket."""
        session = self.session
        try:
            made = self.send(CreateBucket(bucket=self.bucket, secure=session.secure))
            put = self.send(self.put("plain"))
            for what, answer in (("make a bucket", made), ("store an object", put)):
                if answer is None or not answer.succeeded:
                    said = "no answer" if answer is None else answer.summary
                    raise TargetUnavailable(
                        code="unusable",
                        cause=f"{session.connection.endpoint.url} would not {what}: {said}",
                        hint="check the credentials' permissions and the region",
                    )
            found = self._all(kms_api=kms_api)
            several = found[Capability.MULTI_DELETE].support
            session.deletes_several = several is Support.SUPPORTED
            if found[Capability.SSE_C].is_judged:
                self._see_a_new_bucket()
            return found
        finally:
            remove_what_was_made(session, keep_kms_keys=True)

    def learn_again(self) -> None:
        """Let the judge see what a run knows of the target before its first sequence."""
        session = self.session
        self.send(CreateBucket(bucket=self.bucket, secure=session.secure))
        if not session.secure:
            self.under_kms({"sse": SseAlgorithm.AWS_KMS.value} | self._key())
        self._see_a_new_bucket()
        remove_what_was_made(session)

    def _see_a_new_bucket(self) -> None:
        """Let the judge see whether a bucket takes SSE-C whose configuration was never put."""
        worlds = self.session.belief.worlds
        if len({world.context.new_buckets_block_sse_c for world in worlds}) > 1:
            name = f"{self.bucket}-new"
            self.send(CreateBucket(bucket=name, secure=self.session.secure))
            self.send(replace(self._put_with_customer_key(), bucket=name))

    def _put_with_customer_key(self) -> PutObject:
        texts = CUSTOMER_KEYS[0]
        return self.put(
            "sse-c",
            customer_algorithm=texts.algorithm,
            customer_key=texts.key,
            customer_key_md5=texts.key_md5,
        )

    def _all(self, *, kms_api: bool) -> dict[Capability, Probed]:
        kms = {"sse": SseAlgorithm.AWS_KMS.value} | self._key()
        self._check_named_keys()
        dsse = {"sse": SseAlgorithm.AWS_KMS_DSSE.value} | self._key()
        aes = {"sse": SseAlgorithm.AES256.value}
        found = {
            Capability.BUCKET_ENCRYPTION: self._configuration(),
            Capability.SSE_S3: self._tried(lambda own: own.write(aes, _shows(SSE, "AES256"))),
            Capability.SSE_KMS: self._tried(lambda own: own.under_kms(kms)),
            Capability.DSSE_KMS: self._tried(lambda own: own.under_kms(dsse)),
            Capability.COPY: self._tried(Prober.copy),
            Capability.BLOCKED_TYPES: self._blocked(),
            Capability.SSE_C: self._tried(Prober.sse_c),
        }
        found[Capability.BUCKET_KEY] = found[Capability.SSE_KMS]
        if found[Capability.SSE_KMS].is_judged:
            flagged = {**kms, "bucket_key_enabled": "true"}
            found[Capability.BUCKET_KEY] = self._tried(
                lambda own: own.write(flagged, _shows(BUCKET_KEY, "true"))
            )
        found[Capability.KMS_API] = Probed(Support.UNSUPPORTED, "no KMS endpoint was given")
        if kms_api:
            usable = self.kms_keys and found[Capability.SSE_KMS].is_judged
            found[Capability.KMS_API] = Probed(
                Support.SUPPORTED if usable else Support.UNSUPPORTED, "CreateKey"
            )
        for extra in every_probe():
            lacking = [one.value for one in extra.needs if not found[one].is_judged]
            if lacking:
                found[extra.capability] = Probed(
                    Support.UNSUPPORTED, f"not tried without {', '.join(sorted(lacking))}"
                )
            else:
                found[extra.capability] = (
                    extra.look(self) if extra.apart else self._tried(extra.look)
                )
        return found

    def _tried(self, look: Look) -> Probed:
        """Look, and where it is refused once more in a bucket whose configuration nobody put.

        What is taken in one bucket is there: that it is refused in another is judged.
        """
        found = look(self)
        if found.support is not Support.UNSUPPORTED or str(NOT_IMPLEMENTED) in found.detail:
            return found
        if self._untouched is None:
            own = Prober(self.session, self.prefix, self.kms_keys, name="probe-b")
            self.send(CreateBucket(bucket=own.bucket, secure=self.session.secure))
            own.send(own.put("plain"))
            self._untouched = own
        again = look(self._untouched)
        return again if again.is_judged else found

    def under_kms(self, headers: dict[str, str]) -> Probed:
        """Write under KMS: with the key as it is, by its ARN, and under the AWS managed key.

        What takes one of them has the feature; that it refuses another is judged later.
        """
        forms = [headers]
        if self.kms_keys:
            arn = self.kms_keys[0].arn
            forms += [{**headers, "kms_key_id": arn}] if arn else []
            forms.append({"sse": headers["sse"]})
        found = self.write(forms[0], _shows(SSE, headers["sse"]))
        for form in forms[1:]:
            if found.support is not Support.UNSUPPORTED or "501" in found.detail:
                break
            found = self.write(form, _shows(SSE, headers["sse"]))
        return found

    def _check_named_keys(self) -> None:
        """See that the KMS keys that the user named are there. Raises TargetUnavailable."""
        if not self.session.connection.endpoint.kms_keys:
            return
        for key in self.kms_keys:
            named = key.arn or key.key_id
            put = self.put("kms", sse=SseAlgorithm.AWS_KMS.value, kms_key_id=named)
            answer = self.send(put)
            if answer is not None and answer.status is not None and 400 <= answer.status < 500:  # noqa: PLR2004
                raise TargetUnavailable(
                    code="kms-key",
                    cause=f"--kms-key {named}: the target refuses it: {answer.summary}",
                    hint="name a key that exists and that the credentials may use",
                )

    def _key(self) -> dict[str, str]:
        return {"kms_key_id": self.kms_keys[0].key_id} if self.kms_keys else {}

    def send(self, request: Operation) -> Answer | None:
        """Send a request, again where the target says that it is too busy just now."""
        answer = self.session.send(request).answer
        for pause in _PAUSES:
            if answer is None or answer.status != _UNAVAILABLE:
                break
            time.sleep(pause)
            answer = self.session.send(request).answer
        return answer

    def put(self, object_key: str, **headers: str | None) -> PutObject:
        """Return the storing of a small object."""
        return PutObject(
            bucket=self.bucket,
            object_key=object_key,
            body=b"probe",
            secure=self.session.secure,
            **headers,  # type: ignore[arg-type]
        )

    def write(self, headers: dict[str, str], shown: Callable[[Answer], bool]) -> Probed:
        """Write with these headers, and look how the object is then said to be encrypted."""
        answer = self.send(self.put("probe", **headers))
        asked = ", ".join(f"{value}" for name, value in headers.items() if name != "kms_key_id")
        if answer is None or not answer.succeeded:
            return refusal(answer, f"PutObject with {asked}")
        head = HeadObject(bucket=self.bucket, object_key="probe", secure=self.session.secure)
        if self.is_shown(shown, answer, head):
            return Probed(Support.SUPPORTED, f"PutObject with {asked}")
        return Probed(Support.IGNORED, f"PutObject with {asked} succeeds, and nothing shows it")

    def is_shown(self, shown: Callable[[Answer], bool], answer: Answer, read: Operation) -> bool:
        """Tell whether the answer to a write shows something, or else a read of what it wrote."""
        if shown(answer):
            return True
        seen = self.send(read)
        return False if seen is None or not seen.succeeded else shown(seen)

    def sse_c(self) -> Probed:
        """Write under a customer key, in a bucket that blocks that no more."""
        put = self._put_with_customer_key()
        answer = self.send(put)
        if answer is not None and answer.status == 403:  # noqa: PLR2004 - blocked, as on AWS
            self.send(self.rule(RuleText(sse_algorithm="AES256", blocked=("NONE",))))
            answer = self.send(put)
        if answer is None or not answer.succeeded:
            return refusal(answer, "PutObject with a customer key")
        head = HeadObject(bucket=self.bucket, object_key="sse-c", secure=self.session.secure)
        seen = self.send(head)
        without_key = seen is not None and seen.succeeded
        if answer.text(CUSTOMER_ALGORITHM) is None and without_key:
            detail = "PutObject with a customer key succeeds, and HEAD needs no key"
            return Probed(Support.IGNORED, detail)
        return Probed(Support.SUPPORTED, "PutObject with a customer key")

    def rule(self, rule: RuleText) -> PutBucketEncryption:
        """Return the setting of the bucket's encryption rule."""
        return PutBucketEncryption(
            bucket=self.bucket, document=write_configuration([rule]), secure=self.session.secure
        )

    def get(self) -> Answer | None:
        """Ask for the bucket's encryption rule."""
        return self.send(GetBucketEncryption(bucket=self.bucket, secure=self.session.secure))

    def _configuration(self) -> Probed:
        plain = self.rule(RuleText(sse_algorithm="AES256"))
        answer = self.send(plain)
        if answer is not None and not answer.succeeded:
            # Refused in one form and taken in another, it is there; the refusal is judged later.
            answer = self.send(replace(plain, content_md5=md5_base64(plain.document)))
        if answer is None or not answer.succeeded:
            return refusal(answer, "PutBucketEncryption")
        seen = self.get()
        if seen is not None and seen.succeeded and seen.text(ALGORITHM) is not None:
            return Probed(Support.SUPPORTED, "PutBucketEncryption")
        return Probed(Support.IGNORED, "PutBucketEncryption succeeds, and nothing shows it")

    def _blocked(self) -> Probed:
        rule = RuleText(sse_algorithm="AES256", blocked=("SSE-C",))
        answer = self.send(self.rule(rule))
        if answer is None or not answer.succeeded:
            return refusal(answer, "PutBucketEncryption with BlockedEncryptionTypes")
        seen = self.get()
        self.send(self.rule(RuleText(sse_algorithm="AES256", blocked=("NONE",))))
        if seen is not None and seen.succeeded and seen.text(BLOCKED) is not None:
            return Probed(Support.SUPPORTED, "BlockedEncryptionTypes is shown as put")
        return Probed(Support.IGNORED, "BlockedEncryptionTypes is accepted, and not shown")

    def copy(self) -> Probed:
        """Copy an object within the bucket."""
        answer = self.send(
            CopyObject(
                bucket=self.bucket,
                object_key="copy",
                copy_source=f"{self.bucket}/plain",
                secure=self.session.secure,
            )
        )
        if answer is None or not answer.succeeded:
            return refusal(answer, "CopyObject")
        return Probed(Support.SUPPORTED, "CopyObject")


def _shows(name: str, value: str) -> Callable[[Answer], bool]:
    return lambda answer: answer.text(name) == value


def refusal(answer: Answer | None, what: str) -> Probed:
    """Tell a clean refusal, after which the target is not asked again, from a server's failure."""
    if answer is None:
        return Probed(Support.SUPPORTED, f"{what}: no answer came")
    if answer.status is not None and answer.status >= SERVER_ERROR:
        if answer.status == NOT_IMPLEMENTED:
            return Probed(Support.UNSUPPORTED, f"{what}: {answer.summary}")
        return Probed(Support.SUPPORTED, f"{what} fails: {answer.summary}")
    return Probed(Support.UNSUPPORTED, f"{what} is refused: {answer.summary}")
