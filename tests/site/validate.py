"""The HTML of the built book against the standard: ``python -m tests.site.validate FOLDER``.

html-validate says what is wrong; what the theme does, and no rule of ours reaches, is listed here.
A table of rules with their counts follows, and the exit status is 1 if one is not of the theme.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

from tests.site.measure import pages_of
from tests.site.node import FOLDER, program, with_node

SETTINGS = {
    "root": True,
    "extends": ["html-validate:standard"],
    "rules": {"void-style": "off", "no-trailing-whitespace": "off"},
}
"""Rules of style are off: no browser cares."""
OF_THE_THEME = {
    "close-order": "Sphinx: a list in a paragraph, where a function returns several things",
}
"""Rules that the theme or Sphinx breaks, each with where."""


def findings(files: list[Path]) -> list[dict]:
    config = FOLDER / "html-validate.json"
    executable = program("html-validate")
    config.write_text(json.dumps(SETTINGS), encoding="utf-8")
    report = config.with_name("html-validate-report.json")  # of a pipe it leaves the end out
    report.unlink(missing_ok=True)
    command = [executable, "--config", str(config), "--formatter", f"json={report}"]
    done = subprocess.run(
        [*command, *map(str, files)], env=with_node(), capture_output=True, encoding="utf-8"
    )
    if not report.is_file():
        sys.exit(f"html-validate ended with status {done.returncode}: {done.stderr[-1000:]}")
    return json.loads(report.read_text(encoding="utf-8"))


def main(folder: str, *wanted: str) -> int:
    site = Path(folder)
    files = [site / page for page in pages_of(site) if not wanted or any(w in page for w in wanted)]
    rules, pages, examples = Counter(), defaultdict(set), {}
    for file in findings(files):
        for message in file["messages"]:
            rule = message["ruleId"]
            rules[rule] += 1
            pages[rule].add(file["filePath"])
            examples.setdefault(
                rule, f"{Path(file['filePath']).name}:{message['line']} {message['message']}"
            )
    print(f"{'rule':34}{'found':>7}{'pages':>7}  whose")
    for rule, count in rules.most_common():
        whose = OF_THE_THEME.get(rule) or f"OURS: {examples[rule]}"
        print(f"{rule:34}{count:7}{len(pages[rule]):7}  {whose}")
    ours = rules.keys() - OF_THE_THEME.keys()
    print(
        f"{len(files)} pages, {sum(rules[rule] for rule in ours)} findings that are not the theme's"
    )
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
