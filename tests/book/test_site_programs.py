"""The programs that measure the site, as far as they need neither a network nor a browser."""

import json
import sys

import pytest
from tests.site import lighthouse, node, stock


def test_the_lock_has_checksums_and_no_addresses():
    lock = json.loads((node.LOCK / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    wanted = json.loads((node.LOCK / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {f"node_modules/{name}" for name in wanted} <= packages.keys()
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if "integrity" not in package]
    assert "://" not in json.dumps(lock)


def test_what_makes_the_site_ours_is_left_out_of_stock():
    found = stock.settings()
    sphinx = found["sphinx"]
    for ours in ("mathematics", "page_assets", "site_style", "svg_figures", "search_index"):
        assert ours not in sphinx["local_extensions"]
    assert "html_css_files" not in sphinx["config"]
    assert sphinx["config"]["mathjax_path"] == stock.MATHJAX
    assert "editions" in sphinx["local_extensions"]


def test_of_several_runs_the_median_is_shown_and_every_audit_that_failed():
    runs = [
        {"performance": value, "failed": failed}
        for value, failed in [(90, []), (70, ["image-alt"]), (95, [])]
    ]
    assert lighthouse.medians(runs) == "performance 90  failed: image-alt"


@pytest.mark.parametrize(("score", "status"), [(100, 0), (99, 1)])
def test_a_page_below_the_least_ends_with_status_1(score, status, tmp_path, monkeypatch):
    monkeypatch.setattr(lighthouse, "looked_at", lambda *asked: {"seo": score, "failed": []})
    arguments = [str(tmp_path), "x.html", "--categories", "seo", "--least", "100"]
    monkeypatch.setattr(sys, "argv", ["lighthouse", *arguments])
    assert lighthouse.main() == status
