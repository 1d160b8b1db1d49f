"""What a fault is: one realistic defect of a server, as its difference from the reference.

A fault stands in a file of this folder, one file for each topic, and registers itself: nothing is
listed. Its docstring's first line says what the server does wrong, as a changelog would. It tells
by the hooks that it overrides where the defect sits:

``understand``
    what the server takes a request for (a header not read, a default not looked up)
``ignores``
    clauses that the server does not know of, for this request, in this state of things
``corrupt``
    what the server keeps wrongly, once it has done what was asked
``tell``
    what the server says wrongly, though it did right

Each server has a fault of its own, so what a fault notes in itself is the server's memory.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World

NOTHING: frozenset[str] = frozenset()
"""What a server ignores that knows of all clauses."""
_faults: list[type[Fault]] = []


class Fault:
    """One defect. ``name`` is its id without the topic: ``topic/name`` is what users type.

    ``origin`` names the project and the thread where a server really had it
    (``minio/minio#6580``), or is empty where it was thought up. ``category`` is one of
    ``CATEGORIES``. ``deep`` says that it takes three steps or more in a certain order, or a rare
    combination, to see it: a bucket, a write and a read of that are not deep.
    """

    name: ClassVar[str] = ""
    category: ClassVar[str] = ""
    origin: ClassVar[str] = ""
    deep: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Register a class that has a name; others are what several faults have in common."""
        super().__init_subclass__()
        if "name" in vars(cls):
            _faults.append(cls)

    def understand(self, world: World, request: Operation) -> Operation:
        """Return the request as the server takes it."""
        del world
        return request

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Return the ids of the clauses that the server does not know of here."""
        del world, request
        return NOTHING

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Return what the server keeps after it answered."""
        del before, request, answer
        return after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Return what the server says; ``after`` is what it keeps."""
        del before, after, request
        return answer

    @classmethod
    def id(cls) -> str:
        """Return the fault's id: the topic is its file's name."""
        return f"{cls.__module__.rpartition('.')[2].replace('_', '-')}/{cls.name}"

    @classmethod
    def title(cls) -> str:
        """Return what the server does wrong, in one line."""
        return (cls.__doc__ or "").strip().partition("\n")[0]


CATEGORIES = (
    "default resolution",
    "precedence",
    "echo of headers",
    "KMS",
    "DSSE",
    "SSE-C",
    "copy",
    "multipart",
    "bucket configuration",
    "validation",
    "atomicity",
    "versioning",
    "ETag",
    "bucket key",
    "context",
    "directory buckets",
    "cross-path differences",
    "state",
)


@cache
def every_fault() -> dict[str, type[Fault]]:
    """Return all faults by their ids, in the order of their ids."""
    package = importlib.import_module(__name__.rpartition(".")[0])
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return {fault.id(): fault for fault in sorted(_faults, key=lambda one: one.id())}
