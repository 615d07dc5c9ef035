"""Problem sets and listings that run in their page: Python in the browser, without a network.

What runs is fetched by ``make live`` (see :mod:`.assets`) and lies, with the page's own scripts and
with what students get of each problem set, in the folder ``live`` of the built book. A page has
buttons and a few lines of script; nothing else is loaded before somebody presses one. Where the
assets are missing the book is built without live code, and says so.
"""

import os
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.display import status_iterator

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.web_page.offer import FROM_DISK, NOTEBOOK, PYTHON, loaded, offer_of, write_sections

from . import your_work
from .assets import about
from .listings import live_listings, mark
from .package import archive, archive_name, forget
from .released import released_set

HERE = Path(__file__).parent
PAGE = HERE / "page"
FOLDER = your_work.FOLDER
ASSETS = Path("build", "live")
"""Where what was fetched and made lies, from the root of the book."""
ROOT = "../.."
"""The way from what a page loads of a problem set to the root of the book."""
AFTER_EDITION = 900
"""Priority of who asks which edition is built."""

LISTINGS = """\
<script data-page="{page}" data-live="{live}" data-python="{python}" data-archive="{archive}">
(function (script) {{
  const {{ page, live }} = script.dataset, served = location.protocol !== "file:";
  const begin = place => import(new URL(live + "listings.js", location.href)).then(
    listings => listings.begin(script, place));
  document.querySelectorAll(".live-listing").forEach((place, index) => {{
    const code = place.querySelector(".cell_input");
    code.insertAdjacentHTML("beforeend", `<p class="live-run"><button type="button"
      aria-label="Run listing ${{index + 1}} here" title="Loads {megabytes:.0f} MB, once"
      >Run</button></p>`);
    const offer = code.lastElementChild;
    offer.firstElementChild.onclick = () => {{
      if (served) return begin(place);
      offer.className = "";
      offer.textContent = "{from_disk}";
    }};
  }});
  try {{
    const kept = `live ${{new URL(live, location.href).pathname}} ${{page}} opened`;
    if (served && localStorage.getItem(kept)) addEventListener("load", () => begin());
  }} catch {{ /* a browser that keeps nothing has kept nothing */ }}
}})(document.currentScript);
</script>
"""
"""A reader who has changed a listing finds it so, without pressing anything."""

logger = logging.getLogger(__name__)


def assets_of(app) -> Path:
    return Path(os.environ.get("LIVE_ASSETS") or Path(app.srcdir) / ASSETS) / "assets"


def find_assets(app, config) -> None:
    """Note which assets there are: pages are written again when that changes."""
    place = assets_of(app)
    forget()
    if not (place / "about.json").is_file():
        config.live_assets = ""
        logger.info("live: built without live code, as `make live` has not fetched Python")
        return
    config.live_assets = f"{about(place)['recipe']} {own_digest()}"
    config.live_archive = archive_name(archive(config.edition))


def own_digest() -> str:
    """A name for the modules that decide what a page offers."""
    return sha256(b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))).hexdigest()


def live_folders(app, docname: str) -> dict[str, str]:
    """Where a page finds what it loads: the live files, and Python among them."""
    root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
    live = f"{root}{FOLDER}/"
    return {"live": live, "python": f"{live}{python_folder(assets_of(app))}/"}


def offer(app, doctree, docname) -> None:
    """Put the offer behind the first paragraph of a problem set."""
    if not app.config.live_assets or (Path(app.srcdir) / docname).parent != MASTERS:
        return
    if app.builder.format != "html":
        return
    text = offer_of(
        docname.rpartition("/")[2], loaded(assets_of(app)), **live_folders(app, docname)
    )
    first = next(doctree.findall(nodes.paragraph))
    first.parent.insert(first.parent.index(first) + 1, nodes.raw("", text, format="html"))


def offer_listings(app, doctree, docname) -> None:
    """Let the listings of a page run where a reader gains by it."""
    if not app.config.live_assets or app.builder.format != "html":
        return
    cells = live_listings(doctree, docname, app.config.edition)
    if not cells:
        return
    mark(cells)
    folders = live_folders(app, docname)
    text = LISTINGS.format(
        page=docname,
        archive=folders["live"] + app.config.live_archive,
        megabytes=loaded(assets_of(app)),
        from_disk=FROM_DISK,
        **folders,
    )
    doctree.append(nodes.raw("", text, format="html"))


def copy_live(app, exception) -> None:
    """Put what pages load when somebody works on them beside the pages."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(PAGE, target)
    if app.config.live_assets:
        sources = [Path(app.srcdir) / f"{name}.md" for name in sorted(app.env.found_docs)]
        masters = [path for path in sources if path.parent == MASTERS]
        told = status_iterator(
            masters, "problem sets... ", length=len(masters), stringify_func=lambda path: path.stem
        )
        lay_out(target, assets_of(app), told, app.config.edition)


def lay_out(target: Path, assets: Path, masters: Iterable[Path], edition: str = "textbook") -> None:
    """Beside the scripts of pages: Python, the package, and what students get of some sets."""
    shutil.copytree(assets, target / python_folder(assets))
    package = archive(edition)
    (target / archive_name(package)).write_bytes(package)
    for master in masters:
        folder = target / master.stem
        shutil.copytree(released_set(master, assets.parent / "sets"), folder)
        (folder / f"{master.stem}.ipynb").rename(folder / NOTEBOOK)
        write_sections(folder, read_master(master), ROOT)


def python_folder(assets: Path) -> str:
    """The folder of Python among the live files: other contents have another name."""
    return f"{PYTHON}{about(assets)['recipe']}"


def setup(app):
    app.add_config_value("live_pyodide", "", "")
    app.add_config_value("live_assets", "", "html")
    app.add_config_value("live_archive", "", "html")
    app.connect("config-inited", find_assets, priority=AFTER_EDITION)
    app.connect("doctree-resolved", offer)
    app.connect("doctree-resolved", offer_listings)
    app.connect("build-finished", copy_live)
    your_work.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
