"""The options of a run, as one value; read from the command line, from pytest and from TOML."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from model.bucket_kind import ACCESS_POINT_SUFFIX as _ALIAS_END
from model.bucket_kind import BucketKind, bucket_kind
from model.era import FIRST_DAY
from targets.options import TargetOptions

SUITE_VERSION = "0.1.0"
MODEL_VERSION = "2026-11-23"
_UNITS = {"s": 1, "m": 60, "h": 3600, "": 1}
DEFAULT_BUDGET = 60.0


class UsageError(Exception):
    """Wrong usage or configuration, in one line: what, the value found, what to do."""


class RunSettings(BaseModel):
    """All options of ``s3sse run``; times are in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str = "moto"
    endpoint_url: str | None = None
    kms_endpoint_url: str | None = None
    kms_keys: tuple[str, ...] = Field(default=(), alias="kms_key")
    as_of: date = Field(default_factory=lambda: datetime.now(UTC).date())
    blocks_sse_c: Literal["yes", "no", "unknown"] = "unknown"
    sse_c_over_http: bool = False
    ca_bundle: Path | None = None
    insecure: bool = False
    addressing: Literal["path", "virtual"] = "path"
    region: str | None = None
    profiles: tuple[str, ...] = Field(default=(), alias="profile")
    phases: tuple[str, ...] = Field(default=(), alias="phase")
    budget: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    requests: int | None = None
    seed: int | None = None
    workers: int = Field(default=1, ge=1, le=64)
    waivers: Path | None = None
    out: Path | None = None
    timeout: float = Field(default=30.0, gt=0, allow_inf_nan=False)
    binary: Path | None = None
    client: Literal["raw", "boto3"] = "raw"
    depth: Literal["quick", "nightly"] = "quick"
    earlier: tuple[Path, ...] = ()
    stop_after: int | None = Field(default=None, ge=1)
    fsx_access_point: str | None = None

    @field_validator("budget", mode="before")
    @classmethod
    def _seconds(cls, value: Any) -> Any:
        return parse_time(value) if isinstance(value, str) else value

    @field_validator("requests")
    @classmethod
    def _some_requests(cls, value: int | None) -> int | None:
        if value is not None and value < 1:
            raise ValueError("must be at least 1")
        return value

    @field_validator("fsx_access_point")
    @classmethod
    def _an_alias(cls, value: str | None) -> str | None:
        if value is not None and bucket_kind(value) is not BucketKind.FSX_ACCESS_POINT:
            raise ValueError(f"is no alias of an access point for FSx: those end with {_ALIAS_END}")
        return value

    @field_validator("as_of")
    @classmethod
    def _in_era(cls, value: date) -> date:
        if value < FIRST_DAY:
            raise ValueError(f"is before {FIRST_DAY}, where the model begins")
        return value

    def target_options(self) -> TargetOptions:
        """Return what concerns the target."""
        return TargetOptions(
            endpoint_url=self.endpoint_url,
            kms_endpoint_url=self.kms_endpoint_url,
            kms_keys=self.kms_keys,
            region=self.region,
            ca_bundle=self.ca_bundle,
            insecure=self.insecure,
            addressing=self.addressing,
            sse_c_over_http=self.sse_c_over_http,
            timeout=self.timeout,
            binary=self.binary,
            request_budget=self.requests,
            client=self.client,
            as_of=self.as_of,
            new_buckets_block_sse_c=self.new_buckets_block_sse_c or False,
            fsx_access_point=self.fsx_access_point,
        )

    @property
    def new_buckets_block_sse_c(self) -> bool | None:
        """What the user says of new buckets, None where it is to be learnt."""
        return {"yes": True, "no": False, "unknown": None}[self.blocks_sse_c]


def parse_time(text: str) -> float:
    """Return the seconds of a time such as ``90``, ``60s``, ``5m`` or ``1h30m``.

    Raises ValueError for anything else, and for no time at all.
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)([smh]?)", text.strip())
    if not parts or "".join(number + unit for number, unit in parts) != text.strip():
        raise ValueError(f"{text!r} is no time: write 90, 60s, 5m or 1h30m")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if seconds <= 0:
        raise ValueError(f"{text!r} is no time to run: it must be more than 0")
    return seconds


def parse_day(text: str) -> date:
    """Return the day after ``--as-of``; raises UsageError for what is none, or too early."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of {text}: is no date: write 2026-11-23") from None
    if day < FIRST_DAY:
        raise UsageError(f"--as-of {text}: is before {FIRST_DAY}, where the model begins")
    return day


def read_config(path: Path) -> dict[str, Any]:
    """Return the options of a TOML file, with their names' dashes as underscores.

    Raises UsageError when it cannot be read or is no TOML.
    """
    try:
        with path.open("rb") as file:
            read = tomllib.load(file)
    except OSError as error:
        raise UsageError(f"--config {path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"--config {path}: is no valid TOML: {error}") from error
    table = read.get("run", read)
    if not isinstance(table, dict):
        raise UsageError(f"--config {path}: [run] must be a table of options")
    return {str(name).replace("-", "_"): value for name, value in table.items()}


def make_settings(options: dict[str, Any], config: Path | None = None) -> RunSettings:
    """Return the settings; options given by hand win over those of the file.

    Raises UsageError naming the option, the value found and what is wrong with it.
    """
    merged = read_config(config) if config is not None else {}
    merged |= {k: v for k, v in options.items() if v is not None and v is not False and v != ()}
    if merged.get("endpoint_url") and "target" not in merged:
        merged["target"] = "endpoint"
    try:
        made = RunSettings.model_validate(merged)
    except ValidationError as error:
        raise UsageError(_first_problem(error)) from error
    if made.endpoint_url is not None and made.target not in {"endpoint", "aws"}:
        raise UsageError(
            f"--target {made.target} takes no --endpoint-url: leave one of the two out"
        )
    if made.client != "raw" and made.target == "reference":
        raise UsageError(
            f"--client {made.client}: the target reference speaks no HTTP: use reference-http"
        )
    return made


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "--" + str(first["loc"][0]).replace("_", "-") if first["loc"] else "options"
    if first["type"] == "extra_forbidden":
        return f"{name}: there is no such option"
    message = first["msg"].removeprefix("Value error, ")
    return f"{name} {first['input']!s}: {message}"
