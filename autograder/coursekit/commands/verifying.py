"""The command that tries a problem set's cases."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.commands.options import Commands, add_command
from coursekit.courses import find_course
from coursekit.grading.results import write_atomically

if TYPE_CHECKING:
    from coursekit.authoring.masters import Master
    from coursekit.verification.variants import Variants


def add_verify(commands: Commands) -> None:
    text = (
        "Verify problem sets: the reference gets full marks and an empty answer none, every\n"
        "misconception fails and is named, every automatic mutant of the reference fails, and the\n"
        "right implementations of the tests pass. Exit status 1 means that something is to mend."
    )
    command = add_command(commands, "verify", run_verify, "try the cases of problem sets", text)
    command.add_argument("problem_sets", nargs="*", metavar="PROBLEM_SET", help="default: all")
    command.add_argument(
        "--course", type=Path, metavar="DIR", help="verify the problem sets of a course, too"
    )
    command.add_argument(
        "--variants", type=Path, metavar="DIR", help="where right and wrong implementations lie"
    )
    command.add_argument("--seeds", type=int, default=3, metavar="N", help="sets of hidden cases")
    command.add_argument(
        "--sandbox", action="store_true", help="run the implementations in the sandbox as well"
    )
    command.add_argument("--markdown", type=Path, metavar="FILE", help="write the kill matrices")


def run_verify(options: argparse.Namespace) -> int:
    from coursekit.authoring.masters import MASTERS, find_master, read_master
    from coursekit.verification.kill_matrix import markdown_table, text_table
    from coursekit.verification.variants import VARIANTS, read_variants
    from coursekit.verification.verify import verify

    folders = find_course(options.course).masters if options.course else (MASTERS,)
    known = sorted({path.stem for folder in folders for path in folder.glob("*.md")})
    problems, page = [], []
    for name in options.problem_sets or known:
        master = read_master(find_master(name, folders))
        variants = read_variants(name, options.variants or VARIANTS)
        reports = verify(master, variants, options.seeds)
        print(text_table(reports))
        page.append(markdown_table(master, reports))
        problems += [problem for report in reports for problem in report.problems]
        if options.sandbox:
            problems += sandbox_problems(master, variants)
    if options.markdown:
        write_atomically(options.markdown.resolve(), "\n".join(page))
    print("\n".join(problems) or "Nothing is to mend.")
    return 1 if problems else 0


def sandbox_problems(master: "Master", variants: "Variants") -> list[str]:
    from coursekit.sandbox.pool import WorkerPool
    from coursekit.verification.in_sandbox import verify_in_sandbox

    with WorkerPool(1) as pool:
        return verify_in_sandbox(master, variants, pool)
