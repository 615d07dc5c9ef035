"""The command ``course``, also as ``python -m coursekit``."""

import sys

OURS = ("backprop", "coursekit")


def course(arguments: list[str] | None = None) -> int:
    """Run the command line, or say what it needs where only the package is installed."""
    try:
        from coursekit.cli import main

        return main(arguments)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OURS:
            raise
        print(
            f"course: {error.name} is not installed. Without what the grader needs there is the "
            "package backprop alone; in its checkout, pip install '.[grader]' adds the rest.",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(course())
