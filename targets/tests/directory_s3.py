"""What a server of directory buckets needs to say for tests: it gives out sessions."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.messages import HttpRequest, HttpResponse

BUCKET = "s3sse-a--use1-az4--x-s3"
CREATE_SESSION = HttpRequest("GET", bucket=BUCKET, query=(("session", ""),))


def session_answer(number: int) -> HttpResponse:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials>'
        f"<SessionToken>token/{number}&amp;=</SessionToken>"
        f"<SecretAccessKey>secret-{number}</SecretAccessKey>"
        f"<AccessKeyId>id-{number}</AccessKeyId><Expiration>2026-11-23T10:00:00Z</Expiration>"
        "</Credentials></CreateSessionResult>"
    )
    return HttpResponse(200, (("content-type", "application/xml"),), body.encode())


def token(number: int) -> tuple[tuple[str, str], ...]:
    return (("x-amz-s3session-token", f"token/{number}&="),)


@dataclass
class DirectoryS3:
    """Answers CreateSession with the next session, and anything else with 200."""

    created: int = 0
    seen: list[HttpRequest] = field(default_factory=list)

    def __call__(self, request: HttpRequest, secure: bool) -> HttpResponse:
        """Answer one request."""
        del secure
        self.seen.append(request)
        if request.query == CREATE_SESSION.query:
            self.created += 1
            return session_answer(self.created)
        return HttpResponse(200)
