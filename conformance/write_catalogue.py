"""``python -m conformance.write_catalogue [--quick]``: write what the clauses and tests generate.

That is the data file with the examples, which the command reads, ``CLAUSES.md``, the scenarios that
a run plays of the examples and of what AWS was seen to answer, the walks of the phase
``small-scope``, what each scenario would notice, and which scripts are played first.
That takes twenty minutes: every scenario is played against references that leave a clause
out, and the scripts that may come first against many more. With ``--quick`` only those scenarios
are that the file does not have yet, and what is new comes behind what has a rank: it only orders
them.
"""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from conformance.ablation import able_setting, open_session
from conformance.catalogue_page import markdown, whole_catalogue
from conformance.clause_examples import DATA_FILE, data_text
from conformance.corpus import examples, observed
from conformance.corpus.noticing import noticed
from conformance.corpus.tells import TELLS, read_tells, tells_text
from conformance.corpus.written import CorpusFile, file_text
from conformance.example_telling import tell_every_example
from conformance.ranking.finding import found_ranks, kept_ranks
from conformance.ranking.ranks import FILE as RANKS_FILE
from conformance.ranking.ranks import ranks_text, read_ranks
from conformance.small_scope.planned import FILE, plan_walks, walks_text
from conformance.traceability.coverage import rows
from reports.files import write_atomically

ROOT = Path(__file__).parents[1]
DATA = ROOT / "conformance" / DATA_FILE
CORPUS = ROOT / "conformance" / "corpus"
RANKS = ROOT / "conformance" / "ranking" / RANKS_FILE
WALKS = ROOT / "conformance" / "small_scope" / FILE
PAGE = ROOT / "CLAUSES.md"


def main() -> int:
    """Write data file and page, and print their names; return the exit status."""
    if not (ROOT / "pyproject.toml").is_file():
        sys.stderr.write("s3sse: run this where the source of s3sse is: it writes CLAUSES.md\n")
        return 2
    # The page is made of what the data file says, so the data file comes first.
    write_atomically(DATA, data_text(tell_every_example()))
    write_atomically(PAGE, markdown(whole_catalogue(rows())))
    sys.stdout.write(f"{DATA.relative_to(ROOT)}\n{PAGE.relative_to(ROOT)}\n")
    return 0


def write_corpus(*, quick: bool) -> int:
    """Write the scenarios, and print the files' names; each example is played for it.

    ``quick`` keeps what was seen before of scenarios that are not new.
    """
    seen = CorpusFile(scenarios=tuple(observed.observed()))
    files = {examples.FILE: examples.write_examples(), observed.FILE: seen}
    for name, content in files.items():
        _write(name, file_text(content))
    write_atomically(WALKS, walks_text(plan_walks(able_setting(open_session(requests=100)))))
    sys.stdout.write(f"{WALKS.relative_to(ROOT)}\n")
    # What the scenarios tell is seen by playing what stands in the files now.
    _write(TELLS, tells_text(noticed(read_tells() if quick else {})))
    return 0


def write_ranks(*, quick: bool) -> int:
    """Write which scripts are played first; each is played for it, unless it is to be ``quick``.

    Another process does it: what this one has read of the files is from before they were written.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        asked = pool.submit(kept_ranks, read_ranks()) if quick else pool.submit(found_ranks)
        ranks = asked.result()
    write_atomically(RANKS, ranks_text(ranks))
    sys.stdout.write(f"{RANKS.relative_to(ROOT)}\n")
    return 0


def _write(name: str, text: str) -> None:
    write_atomically(CORPUS / name, text)
    sys.stdout.write(f"{(CORPUS / name).relative_to(ROOT)}\n")


if __name__ == "__main__":
    wants_quick = "--quick" in sys.argv[1:]
    sys.exit(main() or write_corpus(quick=wants_quick) or write_ranks(quick=wants_quick))
