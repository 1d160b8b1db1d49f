"""Names of targets to targets: this package's own files, and the plug-ins of other packages.

A target is a class whose constructor takes TargetOptions, with ``name``, ``summary``, ``needs``,
``available()`` and ``connect()``. One of our own only has to stand in a file of this folder; one
from elsewhere is named in its package's entry points, in the group ``s3sse.targets``.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import targets
from targets.errors import TargetMisconfigured
from targets.options import TargetOptions
from targets.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["GROUP", "RunnableTarget", "TargetOptions", "find_targets", "make_target"]

GROUP = "s3sse.targets"
_SAID = b"summary"
_PARTS = ("name", "summary", "needs", "available", "connect")


class RunnableTarget(Target, Protocol):
    """A target that can tell what it is, for ``s3sse targets``."""

    @property
    def summary(self) -> str:
        """What it is, in one line."""
        ...

    @property
    def needs(self) -> str:
        """What it takes to run, in one line."""
        ...

    def available(self) -> str | None:
        """Return None where it can run here, else why not and how to get what is missing."""
        ...


if TYPE_CHECKING:
    TargetFactory = Callable[[TargetOptions], RunnableTarget]


def find_targets() -> Mapping[str, TargetFactory]:
    """Return every target's factory by its name, in the order of names.

    A built-in goes before a plug-in of the same name. Raises TargetMisconfigured where a plug-in
    cannot be loaded.
    """
    found = _plugged_in() | _built_in()
    return {name: found[name] for name in sorted(found)}


def make_target(name: str, options: TargetOptions) -> RunnableTarget:
    """Make the target of that name; what stands behind a colon is for the target to read.

    Raises TargetMisconfigured, listing the names and the nearest match, where there is none.
    """
    found = find_targets()
    name, colon, address = name.partition(":")
    if name in found and colon and not getattr(found[name], "takes_address", False):
        raise TargetMisconfigured(
            code="address",
            cause=f"the target {name} takes nothing behind its name, but {address!r} stands there",
            hint=f"write --target {name}",
        )
    if name not in found:
        near = difflib.get_close_matches(name, found, n=1, cutoff=0.5)
        guess = f"did you mean {near[0]}? " if near else ""
        raise TargetMisconfigured(
            code="unknown-target",
            cause=f"there is no target {name!r}",
            hint=f"{guess}the targets are {', '.join(found)}",
        )
    return found[name](replace(options, address=address))


def _built_in() -> dict[str, TargetFactory]:
    found: dict[str, TargetFactory] = {}
    for module_info in pkgutil.iter_modules(targets.__path__):
        if module_info.ispkg or not _may_hold_a_target(module_info.name):
            continue
        module = importlib.import_module(f"{targets.__name__}.{module_info.name}")
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ == module.__name__ and _is_target(cls):
                found[cast("Any", cls).name] = cast("TargetFactory", cls)
    return found


def _may_hold_a_target(name: str) -> bool:
    """Tell whether a file of this folder says what a target must say; some are slow to import."""
    try:
        return _SAID in Path(__file__).with_name(f"{name}.py").read_bytes()
    except OSError:
        return True


def _plugged_in() -> dict[str, TargetFactory]:
    found: dict[str, TargetFactory] = {}
    for entry in entry_points(group=GROUP):
        try:
            factory = entry.load()
        except (ImportError, AttributeError) as error:
            raise TargetMisconfigured(
                code="plug-in",
                cause=f"the plug-in {entry.value!r} of target {entry.name!r} cannot be loaded: "
                f"{error}",
                hint="repair or remove the package that brings it",
            ) from error
        found[entry.name] = cast("TargetFactory", factory)
    return found


def _is_target(cls: type) -> bool:
    return all(hasattr(cls, part) for part in _PARTS) and isinstance(
        inspect.getattr_static(cls, "name"), str
    )
