"""The command ``s3sse``: each subcommand in a few lines; what it does stands elsewhere."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from conformance.settings import SUITE_VERSION, UsageError, make_settings

app = typer.Typer(
    name="s3sse",
    help="Judge an S3 endpoint's server-side encryption against an executable model of AWS's.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

INVALID = 3
USAGE = 2
PIPED_WIDTH = 160
"""Columns where there is no terminal: wide enough that a clause's id is never folded."""


def _console(color: bool | None = None, *, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(
        stderr=stderr,
        width=PIPED_WIDTH if piped else None,
        no_color=True if color is False else None,
        force_terminal=True if color else None,
        soft_wrap=False,
    )


def fail(text: str, status: int = USAGE) -> NoReturn:
    """Say in one line on standard error what is wrong, and end with that exit status."""
    line = " ".join(str(text).split())
    _console(stderr=True).print(
        f"[red]s3sse:[/red] {escape(line)}", highlight=False, soft_wrap=True
    )
    raise typer.Exit(status)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"s3sse {SUITE_VERSION}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Judge an S3 endpoint's server-side encryption against an executable model of AWS's."""
    del version


@app.command()
def run(
    target: Annotated[
        str | None, typer.Option(help="A target: see `s3sse targets`. Default: moto.")
    ] = None,
    endpoint_url: Annotated[
        str | None, typer.Option(help="Any S3 endpoint; implies --target endpoint.")
    ] = None,
    kms_endpoint_url: Annotated[
        str | None, typer.Option(help="The KMS API beside it, if it has one.")
    ] = None,
    kms_key: Annotated[
        list[str] | None,
        typer.Option(help="A KMS key that exists already (id or ARN); may be repeated."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A TOML file holding all of these options.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Judge by the documented behaviour of that date.")
    ] = None,
    blocks_sse_c: Annotated[
        str | None,
        typer.Option(help="Whether a new bucket refuses SSE-C: yes, no or unknown (default)."),
    ] = None,
    sse_c_over_http: Annotated[
        bool, typer.Option(help="The target accepts SSE-C without TLS, for testing.")
    ] = False,
    ca_bundle: Annotated[
        Path | None, typer.Option(help="A PEM file with the certificates to trust.")
    ] = None,
    insecure: Annotated[bool, typer.Option(help="Do not verify the TLS certificate.")] = False,
    addressing: Annotated[
        str | None, typer.Option(help="How buckets are addressed: path (default) or virtual.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="The region to sign for.")] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(help="What is tested; may be repeated. Default: all that is supported."),
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="Stop after this time: 90, 60s, 5m, 1h30m. Default: 60s.")
    ] = None,
    requests: Annotated[int | None, typer.Option(help="Stop after so many requests.")] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same requests.")] = None,
    workers: Annotated[
        int | None, typer.Option("-n", "--workers", help="Worker processes (pytest-xdist).")
    ] = None,
    waivers: Annotated[
        Path | None, typer.Option(help="Known divergences: a TOML file of [[waiver]] tables.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Result folder. Default: s3sse-results/<target>-<time>.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(help="Seconds to wait for each answer. Default: 30.")
    ] = None,
    binary: Annotated[
        Path | None, typer.Option(help="A server's program, for targets that start one.")
    ] = None,
    client: Annotated[
        str | None,
        typer.Option(help="What makes and signs the requests: raw (default) or boto3."),
    ] = None,
    fsx_access_point: Annotated[
        str | None,
        typer.Option(help="The alias of an access point attached to an FSx file system."),
    ] = None,
    phase: Annotated[
        list[str] | None,
        typer.Option(help="Only that phase; may be repeated. Default: all of them."),
    ] = None,
    depth: Annotated[
        str | None,
        typer.Option(help="How far tables and small scopes go: quick (default) or nightly."),
    ] = None,
    stop_after: Annotated[
        int | None, typer.Option(help="Stop once so many divergences are confirmed.")
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(help="A result folder whose findings are tried first; may be repeated."),
    ] = None,
    color: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Default: where there is a terminal.")
    ] = None,
) -> None:
    """Run the suite against a target, judge every exchange, write a result folder.

    Exit status: 0 conforms; 1 diverges; 2 wrong usage, nothing was sent; 3 no valid verdict.
    """
    from conformance.front import run_suite  # noqa: PLC0415 - pytest is loaded only to run

    given: dict[str, Any] = {
        "target": target,
        "endpoint_url": endpoint_url,
        "kms_endpoint_url": kms_endpoint_url,
        "kms_key": tuple(kms_key or ()),
        "as_of": as_of,
        "blocks_sse_c": blocks_sse_c,
        "sse_c_over_http": sse_c_over_http,
        "ca_bundle": ca_bundle,
        "insecure": insecure,
        "addressing": addressing,
        "region": region,
        "profile": tuple(profile or ()),
        "budget": budget,
        "requests": requests,
        "seed": seed,
        "workers": workers,
        "waivers": waivers,
        "out": out,
        "timeout": timeout,
        "binary": binary,
        "client": client,
        "fsx_access_point": fsx_access_point,
        "phase": tuple(phase or ()),
        "depth": depth,
        "stop_after": stop_after,
        "earlier": tuple(earlier or ()),
    }
    try:
        settings = make_settings(given, config)
        status = run_suite(settings, _console(color), _console(color, stderr=True))
    except UsageError as error:
        fail(str(error))
    raise typer.Exit(status)


@app.command()
def judge(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="What to judge.")],
    cases: Annotated[
        bool, typer.Option("--cases", help="The files hold observation cases, not traffic.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    sse_c_over_http: Annotated[
        bool, typer.Option(help="SSE-C without TLS was allowed, for testing.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(help="Judge by the documented behaviour of that date.")
    ] = None,
) -> None:
    """Judge recorded traffic (HAR 1.2 or our JSON lines) or observation cases, offline.

    Exit status: 0 nothing diverges; 1 something does; 2 wrong usage; 3 evidence unreadable.
    """
    from conformance.offline import (  # noqa: PLC0415
        EvidenceError,
        judge_case_files,
        judge_transcripts,
        to_json,
    )

    try:
        if cases:
            results = judge_case_files(files)
        else:
            results = judge_transcripts(files, as_of=as_of, sse_c_over_http=sse_c_over_http)
    except UsageError as error:
        fail(str(error))
    except EvidenceError as error:
        fail(str(error), INVALID)
    if as_json:
        typer.echo(json.dumps(to_json(results)))
    else:
        _print_results(results)
    if not results or all(r.verdict == "not-judged" for r in results):
        raise typer.Exit(INVALID)
    raise typer.Exit(1 if any(r.verdict == "rejected" for r in results) else 0)


def _print_results(results: Any) -> None:
    console = _console()
    counts: dict[str, int] = {}
    for result in results:
        counts[result.verdict] = counts.get(result.verdict, 0) + 1
        if result.verdict == "accepted":
            continue
        where = "" if result.step is None else f", step {result.step}"
        style = "red" if result.verdict == "rejected" else "yellow"
        line = f"[{style}]{result.verdict}[/{style}] {escape(result.id)}{where}: "
        console.print(line + escape(result.reason), highlight=False)
        if result.verdict == "rejected":
            console.print(f"    clauses   {escape(', '.join(result.clauses))}", highlight=False)
            for expected in result.expected:
                console.print(f"    expected  {escape(expected)}", highlight=False)
            console.print(f"    observed  {escape(result.observed)}", highlight=False)
    total = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    console.print(total or "nothing to judge", highlight=False)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 picks a free one.")] = 9100,
    tls: Annotated[
        bool, typer.Option("--tls", help="Serve https, with a new certificate for loopback.")
    ] = False,
    certificate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="With --tls: write the certificate there. Default: a temporary."
        ),
    ] = None,
    blocks_sse_c: Annotated[
        bool, typer.Option(help="New buckets refuse SSE-C, as on AWS since April 2026.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(help="Answer by the documented behaviour of that date.")
    ] = None,
    fsx_access_point: Annotated[
        str | None, typer.Option(help="The alias of its access point for an FSx file system.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Leave this clause out; may be repeated."),
    ] = None,
) -> None:
    """Serve the model itself as an S3 and KMS endpoint: the reference.

    boto3 and the AWS CLI work with it. S3 and KMS share one address.
    A refusal names the clause that decided: see `s3sse clauses ID`.
    What the reference does not know it refuses with 501 NotImplemented.

    It says at the start how to call it. Any credentials do.
    Everything is in memory, and nobody is kept out: leave it on loopback.
    Without --tls it takes SSE-C over http, for tests; AWS does not.

    Ctrl-C ends it, with status 0. Status 2: wrong usage; 3: it cannot listen there.
    """
    from conformance.front import serve_reference  # noqa: PLC0415

    if certificate is not None and not tls:
        fail("--certificate: there is one only with --tls")
    try:
        serve_reference(
            host,
            port,
            tls=tls,
            blocks_sse_c=blocks_sse_c,
            as_of=as_of,
            without=tuple(without or ()),
            certificate=certificate,
            fsx_access_point=fsx_access_point,
        )
    except UsageError as error:
        fail(str(error))
    except OSError as error:
        fail(f"--port {port}: cannot listen on {host}: {error.strerror}", INVALID)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
) -> None:
    """Render the reports of a result folder again."""
    from reports.errors import ReportError  # noqa: PLC0415
    from reports.record import load  # noqa: PLC0415
    from reports.write import write_all  # noqa: PLC0415

    try:
        for path in write_all(load(folder), folder):
            typer.echo(str(path))
    except (ReportError, OSError) as error:
        fail(str(error), INVALID)


@app.command()
def compare(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Result folders.")],
    html: Annotated[Path | None, typer.Option(help="Write the comparison as a page, too.")] = None,
) -> None:
    """Put several result folders side by side: targets, versions or nights."""
    from reports.compare import compare as compare_records  # noqa: PLC0415
    from reports.compare import print_comparison, write_html  # noqa: PLC0415
    from reports.errors import ReportError  # noqa: PLC0415
    from reports.record import load  # noqa: PLC0415

    try:
        comparison = compare_records([load(folder) for folder in folders])
        print_comparison(comparison, _console())
        if html is not None:
            write_html(comparison, html)
    except (ReportError, OSError) as error:
        fail(str(error), INVALID)


@app.command()
def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    finding: Annotated[
        str | None, typer.Argument(help="A divergence's id; default: all of them.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="Another target than the run's.")] = None,
    endpoint_url: Annotated[str | None, typer.Option(help="Another endpoint.")] = None,
    kms_endpoint_url: Annotated[str | None, typer.Option(help="The KMS API beside it.")] = None,
) -> None:
    """Send the minimal sequence of a finding to a target again, and judge it.

    Exit status: 0 nothing diverges any more; 1 it does; 3 the target could not be used.
    """
    from conformance.replay import replay_folder  # noqa: PLC0415
    from reports.errors import ReportError  # noqa: PLC0415
    from targets.errors import TargetError  # noqa: PLC0415

    try:
        status = replay_folder(
            folder,
            finding,
            _console(),
            target=target,
            endpoint_url=endpoint_url,
            kms_endpoint_url=kms_endpoint_url,
        )
    except UsageError as error:
        fail(str(error))
    except ReportError as error:
        fail(str(error), INVALID)
    except TargetError as error:
        fail(str(error), error.exit_status)
    raise typer.Exit(status)


@app.command()
def clauses(
    clause_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Explain this clause (or allowance).")
    ] = None,
    profile: Annotated[
        list[str] | None, typer.Option(help="List only clauses of this profile; may be repeated.")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="List only documented or only observed clauses.")
    ] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="List only what has all of these words.")
    ] = None,
    allowances: Annotated[
        bool, typer.Option("--allowances", help="List what AWS leaves open, not the clauses.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the whole catalogue as one page.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the clauses of the specification, or explain one."""
    from conformance.catalogue import Question, answer  # noqa: PLC0415

    question = Question(
        clause_id=clause_id,
        profiles=tuple(profile or ()),
        level=level,
        search=search,
        allowances=allowances,
        html=html,
        as_json=as_json,
    )
    try:
        answer(question, _console())
    except UsageError as error:
        fail(str(error))


@app.command()
def targets(
    faults: Annotated[
        bool, typer.Option("--faults", help="List the defects that the target faulty can have.")
    ] = False,
) -> None:
    """List the targets, what each needs, and whether it can run here."""
    from conformance.catalogue import print_faults, print_targets  # noqa: PLC0415

    (print_faults if faults else print_targets)(_console())


@app.command()
def clean(
    target: Annotated[str | None, typer.Option(help="aws, or a plugged-in target.")] = None,
    endpoint_url: Annotated[str | None, typer.Option(help="The S3 endpoint.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove what is found; else only list.")
    ] = False,
) -> None:
    """Find (and with --yes remove) the buckets that earlier runs left at an endpoint."""
    from conformance.front import clean_endpoint  # noqa: PLC0415
    from targets.errors import TargetError  # noqa: PLC0415

    try:
        settings = make_settings(
            {"target": target, "endpoint_url": endpoint_url, "requests": 10_000}
        )
        status = clean_endpoint(settings, _console(), remove=yes)
    except UsageError as error:
        fail(str(error))
    except TargetError as error:
        fail(str(error), error.exit_status)
    raise typer.Exit(status)
