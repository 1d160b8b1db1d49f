"""The reference with a fault: right in all but one thing."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from targets.faulty.fault import Fault, every_fault
from targets.reference import Reference

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation


@dataclass(slots=True)
class FaultyReference(Reference):
    """A reference that answers as one would that has the fault."""

    fault: Fault = field(default_factory=Fault)

    @property
    def is_all_the_model(self) -> bool:
        """It is not: what its fault makes of a list stands."""
        return False

    def answer(self, request: Operation) -> Answer:
        """Return the answer to a typed request, and change the world as the faulty server does."""
        before = self.world
        understood = self.fault.understand(before, request)
        left_out = self.without
        self.without = left_out | self.fault.ignores(before, understood)
        try:
            answer = Reference.answer(self, understood)
        finally:
            self.without = left_out
        self.world = self.fault.corrupt(before, self.world, understood, answer)
        return self.fault.tell(before, self.world, understood, answer)


def make_faulty(reference: Reference, fault_id: str) -> FaultyReference:
    """Return a server like the reference that has the fault of the bank. Raises KeyError."""
    return with_fault(reference, every_fault()[fault_id]())


def with_fault(reference: Reference, fault: Fault) -> FaultyReference:
    """Return a server like the reference that has the fault."""
    return FaultyReference(**told_to(reference), fault=fault)


def told_to(reference: Reference) -> dict[str, Any]:
    """Return the arguments that make another server like the reference."""
    return {one.name: getattr(reference, one.name) for one in fields(Reference) if one.init}
