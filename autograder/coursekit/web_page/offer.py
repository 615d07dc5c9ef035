"""What a page says and has before somebody works on it: a button, and a few lines of script."""

import json
from pathlib import Path

from coursekit.authoring.masters import Master
from coursekit.book_links import addresses

NOTEBOOK = "notebook.json"
"""The notebook of a release: web servers pack what ends so, and no page has it for a download."""
SECTIONS = "sections.json"
"""Beside it: for each exercise, addresses of the sections that its messages name, by titles."""
PYTHON = "python-"
"""Begins the name of the folder of Python among the live files; its contents name the rest."""

FROM_DISK = (
    "This page was opened from a file, where browsers run no Python: type `python3 -m http.server` "
    "in its folder, and open http://localhost:8000 instead."
)

OFFER = """\
<div class="live-offer admonition note" data-set="{set}" data-live="{live}" data-python="{python}">
<p class="admonition-title">Nothing to install</p>
<p>You can do this problem set here: write, run, check, and download the notebook that you hand in.
The first time {megabytes:.0f} MB are loaded. Nothing that you write is sent anywhere.</p>
<p><button type="button" class="live-begin">Work on it here</button></p>
<noscript><p>For that the browser must run scripts, which are switched off.</p></noscript>
</div>
<script>
(function (offer) {{
  const served = location.protocol !== "file:";
  const begin = () => import(new URL(offer.dataset.live + "page.js", location.href)).then(
    page => page.begin(offer));
  const kept = "live " + new URL(offer.dataset.live, location.href).pathname + " {set} opened";
  offer.querySelector(".live-begin").addEventListener("click", () => {{
    if (served) return begin();
    offer.lastElementChild.previousElementSibling.textContent = "{from_disk}";
  }});
  try {{
    if (served && localStorage.getItem(kept)) addEventListener("load", begin);
  }} catch {{ /* a browser that keeps nothing has kept nothing */ }}
}})(document.currentScript.previousElementSibling);
</script>
"""
"""A reader who has worked here before finds the work, without pressing anything."""


def write_sections(folder: Path, master: Master, book_url: str) -> None:
    """Say to a page where the sections are that its messages name.

    Parameters
    ----------
    folder : Path
        With what the page loads of its problem set.
    master : Master
    book_url : str
        Where the book is, or the way there from the folder; empty where nobody said it.
    """
    found = {
        exercise.id: addresses(
            [one.section for one in exercise.declaration.misconceptions], book_url
        )
        for exercise in master.exercises
    }
    text = json.dumps(found, ensure_ascii=False)
    (folder / SECTIONS).write_text(text, encoding="utf-8")


def loaded(python: Path) -> float:
    """Megabytes that the first use loads, where the server packs what it sends."""
    about = json.loads((python / "about.json").read_text(encoding="utf-8"))
    return float(sum(about["bytes"].values()) / 2e6)


def offer_of(problem_set: str, megabytes: float, *, live: str, python: str) -> str:
    """HTML of the offer.

    Parameters
    ----------
    problem_set : str
    megabytes : float
        That are loaded at the first use.
    live, python : str
        Relative addresses of the live files and of Python among them, each with a slash at its end.
    """
    return OFFER.format(
        set=problem_set, megabytes=megabytes, from_disk=FROM_DISK, live=live, python=python
    )
