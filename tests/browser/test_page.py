"""The page in a real browser: whole without scripts, no network, no sideways scroll, readable contrast."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from chromium import EXECUTABLE, Chromium

from logclass.model import Report
from logclass.render import html

pytestmark = pytest.mark.skipif(
    EXECUTABLE is None, reason="Chromium is not installed (Debian: apt-get install chromium)"
)
FIXTURES = Path(__file__).parent.parent / "render" / "fixtures"
NAMES = ["partial_rollout", "multi_incident", "quiet", "crowded"]

HERE = Path(__file__).parent
CONTRAST = (HERE / "contrast.js").read_text(encoding="utf-8")
OVERLAPS = (HERE / "overlaps.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser():
    page = Chromium()
    yield page
    page.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    written = {}
    for name in NAMES:
        written[name] = folder / f"{name}.html"
        written[name].write_text(html.render(Report(document(name))), encoding="utf-8")
    return written


def document(name: str) -> dict[str, Any]:
    if name == "crowded":
        return crowded()
    return json.loads((FIXTURES / f"{name}.json").read_text())


def crowded() -> dict[str, Any]:
    """Return a document with too much of everything, in words that do not break."""
    full = document("partial_rollout")
    one = full["incidents"][0]
    one["headline"] = "auth " + "x" * 300
    one["services"] = [f"service-{n}" for n in range(30)]
    one["instances"] = [f"auth-7f9c6d5b48-{n:05x}.eu-central-1.compute.internal" for n in range(40)]
    one["runbook"]["stop"] = ["c" * 400]
    one["causes"][0]["for"][0] = "W" * 400
    long_delta = copy.deepcopy(one["claim_delta"][0])
    long_delta["expected"], long_delta["actual"] = ["a" * 900], ["a" * 899 + "b"] * 30
    one["claim_delta"] = [long_delta, *one["claim_delta"] * 8]
    one["changes"] = [
        {**one["changes"][n % 4], "id": "i" * (n * 5), "target": "t" * (n * 4)}
        | {"time": f"2031-05-06T11:{n:02d}:00Z"}
        for n in range(30)
    ]
    for exemplar in one["exemplars"]:
        exemplar["source"], exemplar["excerpt"] = "s" * 300, "E" * 900
    full["counts"] = [{"service": "s" * n, "reason": "r" * n, "count": 10**9} for n in range(1, 60)]
    full["intake"]["sources"] = [
        {**full["intake"]["sources"][0], "name": "n" * (n * 8)} for n in range(1, 40)
    ]
    full["command"] = "logclass report " + "p" * 500
    return full


def complaints(browser: Chromium) -> list[str]:
    return [
        str(event["params"])
        for event in browser.events
        if event["method"] in ("Log.entryAdded", "Runtime.consoleAPICalled")
        or event["method"] == "Runtime.exceptionThrown"
    ]


def requests(browser: Chromium) -> list[str]:
    return [
        event["params"]["request"]["url"]
        for event in browser.events
        if event["method"] == "Network.requestWillBeSent"
    ]


@pytest.mark.parametrize("width", [400, 760, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_without_scripts_the_page_is_whole_and_does_not_scroll_sideways(
    browser, pages, name, width
):
    browser.open(pages[name], width=width)
    assert browser.content_size()[0] <= width
    assert complaints(browser) == []
    assert requests(browser) == [pages[name].as_uri()]
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert roles.count("main") == 1
    assert "heading" in roles
    pictures = [n for n in nodes if not n["ignored"] and n["role"]["value"] in ("image", "img")]
    assert pictures
    assert all(node["name"]["value"] for node in pictures)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_every_text_has_contrast(browser, pages, name, dark):
    browser.open(pages[name], width=1280, dark=dark, scripts=True)
    assert browser.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [400, 760, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_no_label_of_the_chart_overlaps_another(browser, pages, name, width):
    browser.open(pages[name], width=width, scripts=True)
    assert browser.evaluate("document.querySelectorAll('svg.chart').length") >= 3
    assert browser.evaluate(OVERLAPS) == []


def test_with_scripts_tables_sort_times_turn_local_and_the_ticket_is_copied(browser, pages):
    browser.open(pages["partial_rollout"], width=1280, scripts=True)
    assert complaints(browser) == []
    column = (
        "[...document.querySelectorAll('table.changes tbody tr')]"
        ".map((row) => row.cells[1].textContent.trim().slice(0, 5))"
    )
    press = "document.querySelector('table.changes thead th:nth-child(2) button').click()"
    browser.evaluate(press)
    times = browser.evaluate(column)
    assert times == sorted(times)
    browser.evaluate(press)
    assert browser.evaluate(column) == times[::-1]
    assert "local time" in browser.evaluate("document.querySelector('.numbers time').title")
    browser.evaluate("document.querySelector('.ticket').open = true")
    browser.evaluate("document.querySelector('.ticket button').click()")
    assert browser.evaluate("getSelection().toString()").startswith("auth rejected freshly signed")


def test_the_marks_of_the_chart_lead_to_their_change_by_keyboard(browser, pages):
    browser.open(pages["partial_rollout"], width=1280)
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    names = [n["name"]["value"] for n in nodes if not n["ignored"] and n["role"]["value"] == "link"]
    assert any(name.startswith("A ") for name in names), names


def test_on_paper_nothing_is_cut_off(browser, pages):
    for name in NAMES:
        browser.open(pages[name], width=718, scripts=True)  # A4 with the page's own margins
        browser.call("Emulation.setEmulatedMedia", media="print")
        cut = (
            "[...document.querySelectorAll('pre, table, svg, h2')]"
            ".filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth)"
            ".map((one) => one.outerHTML.slice(0, 80))"
        )
        assert browser.content_size()[0] <= 718
        assert browser.evaluate(cut) == []
        browser.call("Emulation.setEmulatedMedia", media="")


def test_the_checks_above_can_fail(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        "<body style='background:#fff'><p style='color:#ccc'>pale</p>"
        "<div style='width:2000px'>.</div>"
        "<svg class=chart><g class=mark><text y=20>one</text><text y=20>two</text></g></svg>"
        "<script src='https://example.com/x.js'></script><script>console.error('x')</script>"
    )
    browser.open(page, width=400, scripts=True)
    assert browser.content_size()[0] > 400
    assert browser.evaluate(CONTRAST)
    assert browser.evaluate(OVERLAPS)
    assert complaints(browser)
    assert len(requests(browser)) == 2


def test_a_hostile_page_runs_nothing(browser, tmp_path):
    evil = document("partial_rollout")
    attack = (
        "</script><script>document.title='run'</script><img src=x onerror=document.title='run'>"
    )
    one = evil["incidents"][0]
    one["headline"] = evil["command"] = one["exemplars"][0]["excerpt"] = attack
    evil["contract"]["runbook_url"] = "javascript:document.title='run'"
    page = tmp_path / "evil.html"
    page.write_text(html.render(Report(evil)), encoding="utf-8")
    browser.open(page, width=1280, scripts=True)
    assert "run'" in browser.evaluate("document.title")  # as text of the headline
    assert browser.evaluate("document.title") != "run"
    assert requests(browser) == [page.as_uri()]
    assert browser.evaluate("document.images.length") == 0
