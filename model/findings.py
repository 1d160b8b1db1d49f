"""Disagreements: what was expected, what was observed, which clause says so, how much it harms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a divergence harms the owner of the data."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    COSMETIC = "cosmetic"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Verdict(IntEnum):
    """What one clause came to in one run. The larger value wins when verdicts are merged."""

    NOT_EXERCISED = 0
    CONFORMS = 1
    INCONCLUSIVE = 2
    DEVIATES = 3
    VIOLATES = 4


class Kind(StrEnum):
    """In which way an answer disagrees."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    ERROR = "other error"
    STATUS = "other status"
    MISSING = "missing"
    UNEXPECTED = "unexpected"
    DIFFERENT = "different"


class Aspect(StrEnum):
    """What of an exchange a disagreement is about."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    ERROR = "error"
    CONTENT = "content"


_ASPECTS = {
    Kind.ACCEPTED: Aspect.ACCEPTED,
    Kind.REFUSED: Aspect.REFUSED,
    Kind.ERROR: Aspect.ERROR,
    Kind.STATUS: Aspect.ERROR,
}


class Symptom(NamedTuple):
    """One way in which a defect shows: an operation's answer, a field of that, how it differs."""

    operation: str
    field: str
    kind: Kind


OUTCOME = "outcome"
"""The field of a mismatch between success and refusal."""


def signature_of(clause_id: str, kind: Kind) -> str:
    """Return the signature of a finding that breaks a clause in that way."""
    aspect = _ASPECTS.get(kind, Aspect.CONTENT)
    return hashlib.sha256(f"{clause_id}\n{aspect.value}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One field of one answer that is not as one outcome wants it."""

    field: str
    kind: Kind
    expected: str
    observed: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One disagreement between an answer and every outcome that the model allows."""

    clause: str
    clauses: tuple[str, ...]
    operation: str
    field: str
    kind: Kind
    severity: Severity
    expected: tuple[str, ...]
    observed: str
    differences: tuple[Mismatch, ...] = ()
    """All that differs in the answer; what follows from the finding itself is in no other."""
    beside: tuple[Mismatch, ...] = ()
    """What a request that was taken, and must be refused, shows unlike one that may be taken."""

    @property
    def signature(self) -> str:
        """A short text that is the same for the same defect in another run, seed or phase.

        Operations, fields and values are not in it: one defect shows in many of them, and in which
        a run happens to see it first is chance. ``symptom`` tells them apart.
        """
        return signature_of(self.clause, self.kind)

    @property
    def symptom(self) -> Symptom:
        """The way in which the defect shows here."""
        return Symptom(self.operation, self.field, self.kind)

    @property
    def title(self) -> str:
        """The finding in one line."""
        what = {
            Kind.ACCEPTED: f"succeeded ({self.observed}), though it must be refused",
            Kind.REFUSED: f"was refused ({self.observed}), though it must succeed",
            Kind.ERROR: f"was refused with {self.observed}",
            Kind.STATUS: f"answered {self.observed}",
            Kind.MISSING: f"left out {self.field}",
            Kind.UNEXPECTED: f"showed {self.field}, which must be {self.expected[0]}",
            Kind.DIFFERENT: f"showed another {self.field}",
        }
        return f"{self.operation} {what[self.kind]}"
