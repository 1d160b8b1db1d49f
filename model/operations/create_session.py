"""CreateSession, which object requests to a directory bucket are sent within."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree as ET

from model import xml_text
from model.bucket_kind import BucketKind
from model.operation import Effect, Operation, learn_version
from model.replacing import replace
from model.request import BUCKET_KEY, CONTEXT, KMS_KEY_ID, SSE, BucketRequest, header
from model.stored import ObjectVersion, Presence
from model.world import NEW_SESSION, Bucket, Session, SessionMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World

SESSION_TOKEN = "SessionToken"  # noqa: S105 - the name of an element
ACCESS_KEY = "AccessKeyId"
SECRET_KEY = "SecretAccessKey"  # noqa: S105
EXPIRATION = "Expiration"
CREDENTIALS = (SESSION_TOKEN, SECRET_KEY, ACCESS_KEY)
_NEVER = "2099-01-01T00:00:00Z"


@dataclass(frozen=True, kw_only=True)
class CreateSession(BucketRequest, Operation):
    """Get credentials for one directory bucket; what is written with them is encrypted alike."""

    operation: ClassVar[str] = "CreateSession"
    method: ClassVar[str] = "GET"
    sub_resource: ClassVar[str] = "session"
    decides_encryption: ClassVar[bool] = True

    session_mode: str | None = header("x-amz-create-session-mode", "SessionMode")
    sse: str | None = header(SSE, "ServerSideEncryption")
    kms_key_id: str | None = header(KMS_KEY_ID, "SSEKMSKeyId")
    encryption_context: str | None = header(CONTEXT, "SSEKMSEncryptionContext")
    bucket_key_enabled: str | None = header(BUCKET_KEY, "BucketKeyEnabled")

    @property
    def mode(self) -> SessionMode | None:
        """What the session may do, None where the mode is none that AWS names (DB-02A)."""
        if self.session_mode is None:
            return SessionMode.READ_WRITE
        return SessionMode(self.session_mode) if self.session_mode in set(SessionMode) else None

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket and on its default."""
        bucket = world.bucket(self.bucket)
        if not isinstance(bucket, Bucket) or bucket.kind is not BucketKind.DIRECTORY:
            return True
        return self.mode is None or (bucket.rule is None and self.sse is None)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """There is one more session; the answer shows what is written within it gets."""
        session = Session(
            bucket=self.bucket,
            encryption=encryption,
            mode=self.mode,
            rule=world.existing(self.bucket).rule,
        )
        return Effect(_with(world, NEW_SESSION, session), _shown(session))

    def subject(self, world: World) -> ObjectVersion | Presence:
        """What is written within the session, as far as the answer shows it."""
        session = world.sessions.get(NEW_SESSION)
        return Presence.UNKNOWN if session is None else _shown(session)

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Another encryption of what is written within the session."""
        session = world.sessions.get(NEW_SESSION)
        if session is None:
            return world
        return _with(world, NEW_SESSION, replace(session, encryption=version.encryption))

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the token, and the encryption where it was not known."""
        learnt = learn_version(world, self, answer)
        session = learnt.sessions.get(NEW_SESSION)
        token = answer.text(SESSION_TOKEN)
        if session is None or token is None:
            return learnt
        others = {name: one for name, one in learnt.sessions.items() if name != NEW_SESSION}
        return replace(learnt, sessions={**others, token: session})

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The token."""
        return (answer.text(SESSION_TOKEN) or "",)

    def has_succeeded(self, response: HttpResponse) -> bool:
        """A success gives credentials: servers that know no sessions answer with a listing."""
        shown = self.read_answer(response)
        return all(shown.get(name) for name in CREDENTIALS)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The credentials."""
        try:
            found = xml_text.read(response.body).find("Credentials")
        except xml_text.UnreadableXmlError:
            return {}
        return {} if found is None else {one.tag: one.text or "" for one in found}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the credentials."""
        root = ET.Element("CreateSessionResult", {"xmlns": xml_text.NAMESPACE})
        credentials = ET.SubElement(root, "Credentials")
        for name in CREDENTIALS:
            value = fields.get(name)
            if isinstance(value, str):
                ET.SubElement(credentials, name).text = value
        ET.SubElement(credentials, EXPIRATION).text = _NEVER
        return xml_text.to_bytes(root)


def _with(world: World, token: str, session: Session) -> World:
    return replace(world, sessions={**world.sessions, token: session})


def _shown(session: Session) -> ObjectVersion:
    return ObjectVersion(encryption=session.encryption, body=None)
