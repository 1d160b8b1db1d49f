"""Targets are found by their files, and by the entry points of other packages."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from targets import registry
from targets.errors import TargetMisconfigured
from targets.options import TargetOptions
from targets.registry import find_targets, make_target


class PluggedIn:
    """Stands for a target of another package."""

    name = "plugged-in"
    summary = needs = "nothing"

    def __init__(self, options: TargetOptions) -> None:
        self.options = options


def plug_in(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    entry = EntryPoint(name, value, registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: (entry,) if group else ())


def test_every_built_in_target_is_found_and_described() -> None:
    found = find_targets()
    assert {"aws", "endpoint", "minio", "moto", "seaweedfs"} <= set(found)
    for name, factory in found.items():
        target = factory(TargetOptions())
        assert target.name == name
        assert target.summary
        assert "\n" not in target.summary + target.needs
        missing = target.available()
        assert missing is None or missing


def test_a_target_gets_its_options() -> None:
    assert make_target("endpoint", TargetOptions()).available() is not None
    assert make_target("endpoint", TargetOptions(endpoint_url="http://h")).available() is None


def test_a_target_of_another_package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "plugged-in", f"{__name__}:PluggedIn")
    assert isinstance(make_target("plugged-in", TargetOptions()), PluggedIn)


def test_a_built_in_goes_before_a_plug_in_of_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "moto", f"{__name__}:PluggedIn")
    assert not isinstance(make_target("moto", TargetOptions()), PluggedIn)


def test_a_broken_plug_in_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "broken", "no_such_module:Target")
    with pytest.raises(TargetMisconfigured, match=r"'no_such_module:Target'.*'broken'"):
        find_targets()


def test_an_unknown_target_gets_the_names_and_the_nearest_one() -> None:
    with pytest.raises(TargetMisconfigured) as caught:
        make_target("seaweed", TargetOptions())
    assert caught.value.exit_status == 2
    assert "'seaweed'" in str(caught.value)
    assert "did you mean seaweedfs?" in str(caught.value)
    assert f"the targets are {', '.join(find_targets())}" in str(caught.value)
