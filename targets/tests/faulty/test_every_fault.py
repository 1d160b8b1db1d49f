"""The bank as a whole."""

from __future__ import annotations

import importlib
import pkgutil

from targets.faulty.fault import CATEGORIES, every_fault
from targets.tests.faulty.demonstration import shown

AT_LEAST = 120
DEEP_AT_LEAST = 50


def test_every_fault_is_shown_by_requests() -> None:
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")
    assert set(every_fault()) == shown()


def test_every_category_has_faults_and_every_fault_has_one() -> None:
    assert {fault.category for fault in every_fault().values()} == set(CATEGORIES)


def test_there_are_many_and_many_are_hard_to_see() -> None:
    faults = every_fault().values()
    assert len(faults) >= AT_LEAST
    assert sum(fault.deep for fault in faults) >= DEEP_AT_LEAST


def test_each_says_what_it_does_wrong() -> None:
    for fault in every_fault().values():
        assert fault.title().endswith("."), fault.id()
        assert len(fault.title()) <= 140, fault.id()
