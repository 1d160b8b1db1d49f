"""What the command does around a run: pytest, the live view, the reference's server, cleaning."""

from __future__ import annotations

import os
import shlex
import signal
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.interrupts import termination_interrupts
from conformance.live import LiveView
from conformance.plugin import ENVIRONMENT
from conformance.run import INVALID, USAGE, Run, phases
from conformance.settings import RunSettings, UsageError, parse_day
from conformance.worker import BUCKET_PREFIX
from model.bucket_kind import ACCESS_POINT_SUFFIX, BucketKind, bucket_kind
from model.clause import find_clause
from reports.terminal_report import print_summary
from targets.clean import find_leftovers, remove_bucket
from targets.errors import TargetError
from targets.reference import FSX_ACCESS_POINT, make_reference
from targets.registry import make_target
from targets.serving import make_certificate, serve
from targets.target import NoAnswer, NotSent

if TYPE_CHECKING:
    from rich.console import Console


def run_suite(settings: RunSettings, console: Console, errors: Console) -> int:
    """Run the suite, show its progress and its end; return the exit status.

    Raises UsageError for what is wrong before anything was sent.
    """
    try:
        target = make_target(settings.target, settings.target_options())
    except TargetError as error:
        raise UsageError(str(error)) from error
    run = Run.prepare(settings, workers=settings.workers)
    budget = f"{run.settings.budget:g} s" if run.settings.budget else ""
    if run.settings.requests:
        budget = f"{run.settings.requests} requests"
    console.print(
        f"s3sse: {target.name}, seed {run.seed}, at most {budget}, results in {_shown(run.folder)}",
        highlight=False,
    )
    os.environ[ENVIRONMENT] = run.to_json()
    arguments = [str(phases()), "-p", "no:terminal", "-p", "no:cacheprovider", "-c", os.devnull]
    arguments += ["--rootdir", str(phases())]
    if settings.workers > 1:
        arguments += ["-n", str(settings.workers)]
    try:
        view = LiveView(console, run.folder, target=target.name, budget=budget)
        with termination_interrupts(), view:
            pytest.main(arguments)
    finally:
        os.environ.pop(ENVIRONMENT, None)
    broken = run.broken()
    if broken is not None and broken[0] == USAGE:
        run.discard()
        raise UsageError(broken[1])
    record = run.finish()
    print_summary(record, console, run.folder)
    status = run.exit_status(record)
    if status == INVALID:
        reason = " ".join(record.summary.reason.split())
        line = f"s3sse: no valid verdict: {reason}"
        errors.print(line, highlight=False, markup=False, soft_wrap=True)
    return status


def _shown(folder: Path) -> Path:
    """Return the folder as seen from here, where that is shorter."""
    try:
        return folder.relative_to(Path.cwd())
    except ValueError:
        return folder


def serve_reference(
    host: str,
    port: int,
    *,
    tls: bool,
    blocks_sse_c: bool,
    as_of: str | None,
    without: tuple[str, ...],
    certificate: Path | None = None,
    fsx_access_point: str | None = None,
) -> None:
    """Serve the reference until it is interrupted. Raises UsageError and OSError.

    ``certificate`` is the file that the certificate is written to, for clients.
    """
    for clause_id in without:
        try:
            find_clause(clause_id)
        except KeyError:
            raise UsageError(
                f"--without {clause_id}: there is no such clause: see s3sse clauses"
            ) from None
    alias = fsx_access_point or FSX_ACCESS_POINT
    if bucket_kind(alias) is not BucketKind.FSX_ACCESS_POINT:
        raise UsageError(
            f"--fsx-access-point {alias}: is no alias of an access point for FSx: "
            f"those end with {ACCESS_POINT_SUFFIX}"
        )
    reference = make_reference(
        without=frozenset(without),
        blocks_sse_c=blocks_sse_c,
        sse_c_over_http=not tls,
        clock=lambda: datetime.now(UTC),
        as_of=None if as_of is None else parse_day(as_of),
        fsx_access_point=alias,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory() as folder:
        pair = _pair(Path(folder), certificate) if tls else None
        with serve(reference.handle, host=host, port=port, tls=pair) as server:
            print(_invitation(server.url, pair[0] if pair else None), flush=True)  # noqa: T201
            threading.Event().wait()


def _pair(folder: Path, wanted: Path | None) -> tuple[Path, Path]:
    """Make a certificate and its private key; the certificate stands where it is wanted."""
    try:
        certificate, private_key = make_certificate(folder)
        if wanted is not None:
            wanted = wanted.absolute()
            wanted.write_bytes(certificate.read_bytes())
    except OSError as error:
        raise UsageError(f"--certificate {wanted}: {error.strerror}") from error
    except TargetError as error:
        raise UsageError(str(error)) from error
    return wanted or certificate, private_key


def _invitation(url: str, certificate: Path | None) -> str:
    """Return what a user needs to know to send something to the server."""
    verify = f', verify="{certificate}"' if certificate else ""
    bundle = f" --ca-bundle {shlex.quote(str(certificate))}" if certificate else ""
    client = f'boto3.client("s3", endpoint_url="{url}"{verify})'
    lines = [f"serving S3 and KMS at {url}; Ctrl-C ends it"]
    lines += [f"certificate  {certificate}"] if certificate else []
    lines += [
        "credentials  any: no signature is checked. Keep it on loopback",
        "region       us-east-1",
        f"boto3        {client}",
        f"AWS CLI      aws --endpoint-url {url}{bundle} s3 ls",
        f"KMS          aws --endpoint-url {url}{bundle} kms create-key",
    ]
    return "\n".join(lines)


def clean_endpoint(settings: RunSettings, console: Console, *, remove: bool) -> int:
    """List, or remove, the buckets of earlier runs; return 0 if nothing is left, else 1.

    Raises TargetError when the endpoint cannot be used.
    """
    if settings.target not in {"endpoint", "aws"}:
        raise UsageError("name the endpoint to clean: --endpoint-url URL, or --target aws")
    left = 0
    with make_target(settings.target, settings.target_options()).connect() as connection:
        try:
            names = find_leftovers(connection, BUCKET_PREFIX)
            for name in names:
                problem: str | None = f"bucket {name}: still there"
                if remove:
                    problem = remove_bucket(connection, name)
                left += problem is not None
                console.print(problem or f"bucket {name}: removed", highlight=False)
        except (NotSent, NoAnswer) as error:
            raise UsageError(f"the endpoint stopped answering: {error}") from error
    console.print(f"{len(names)} found, {left} left", highlight=False)
    return 1 if left else 0
