"""The page: what a reader finds on it, and that no value on it can do anything."""

import base64
import copy
import hashlib
import html as html_text
import json
import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.model import Report
from logclass.render import html, terms

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = [path.stem for path in sorted(FIXTURES.glob("*.json"))]


def load(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def page(document: dict[str, Any]) -> str:
    return html.render(Report(document))


class Skeleton(HTMLParser):
    """Elements with their attribute names; the text; what stands in the data block."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[str] = []
        self.data = ""
        self._inside = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        self._inside = tag if tag != "script" or ("id", "report") in attrs else "our script"
        # <mark> shows where two values differ, <code> what stood between backticks: they come and
        # go with the text, and have no attributes
        if attrs or tag not in ("mark", "code"):
            self.elements.append((tag, *(name for name, _ in attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        if tag not in ("mark", "code"):
            self.elements.append(("/" + tag,))

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment",))

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.data += data
        elif self._inside not in ("style", "title", "our script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


# --- what a reader finds ----------------------------------------------------------------------


def test_the_verdict_comes_first_with_its_grade_and_three_numbers():
    text = Skeleton(page(load("partial_rollout"))).text
    found = [
        text.index(word)
        for word in (
            "confirmed",
            "auth rejected freshly signed tokens",
            "11:05",
            "95 % interval 11:04:41 to 11:05:12",
            "11:40",
            "after 35 min",
            "3,607",
            "Because",
            "Caused by",
            "1 min 48 s before the onset",
            "Check that",
            "Rejected requests over time",
            "What the tokens said",
            "Why partial rollout",
            "What to do next",
            "Changes and their part in it",
            "Evidence in the logs",
            "What was read",
        )
    ]
    assert found == sorted(found)


def test_the_difference_is_marked_inside_the_value():
    source = page(load("multi_incident"))
    assert "https://auth.<mark>staging.</mark>example.com</code>" in source
    assert "https://auth.example.com<mark>/</mark></code>" in source
    assert "not in the log" in source
    assert "absent from the token" in source


def test_claims_with_both_sides_come_before_those_the_library_hid():
    document = load("multi_incident")
    rows = document["incidents"][0]["claim_delta"]
    known = next(row for row in rows if row["state"] == "mismatch")
    hidden = {**known, "claim": "zzz", "state": "withheld", "expected": [], "actual": []}
    document["incidents"][0]["claim_delta"] = [hidden, known]
    text = Skeleton(page(document)).text
    claims = text.split("what was expected")[1]
    assert claims.index(known["claim"]) < claims.index("zzz")
    assert "hides the values or leaves them out" in claims
    document["incidents"][0]["claim_delta"] = [known]
    first = Skeleton(page(document)).text.split("what was expected")[1].split("Why ")[0]
    assert "leaves them out" not in first


def test_every_incident_has_its_article_and_the_first_comes_first():
    source = page(load("multi_incident"))
    assert source.index('id="incident-1"') < source.index('id="incident-2"')
    assert "still failing when the data ends" in source
    assert "Incident 2 of 2" in source
    listed = Skeleton(source.split('class="toc"')[1].split("</ol>")[0]).text
    grades = [one["causes"][0]["grade"] for one in load("multi_incident")["incidents"]]
    assert [word for word in listed.split() if word in grades] == grades


def test_a_quiet_page_says_so_and_how_little_would_have_been_seen():
    text = Skeleton(page(load("quiet"))).text
    assert "No incident in this bundle" in text
    assert "would have been reported" in text
    assert "2,727" in text
    assert "What was read" in text


def test_too_little_to_tell_is_not_called_quiet():
    document = load("quiet")
    document["quiet"] = {"smallest_visible": "Too short.", "can_tell": False}
    text = Skeleton(page(document)).text
    assert "No incident found, but there is too little to tell" in text
    assert "usual rate" not in text
    assert "2,727 rejected requests were found. Too short." in text


def test_an_empty_bundle_still_gives_a_page():
    document = load("quiet") | {
        "window": {"start": None, "end": None},
        "intake": {"sources": [], "events": 0, "rejections": 0, "unclassified": 0, "faults": 0},
        "counts": [],
        "changes": [],
        "timeline": None,
    }
    text = Skeleton(page(document)).text
    assert "No rejected request was found" in text


def test_a_document_without_the_additions_of_this_version_renders():
    document = load("partial_rollout")
    for key in ("faults", "contract"):
        del document[key]
    incident = document["incidents"][0]
    for key in ("rejections", "baseline_per_minute", "onset_censored", "timeline"):
        del incident[key]
    for item in (*incident["causes"], *incident["changes"]):
        item.pop("evidence")
        item.pop("change_id", None)
    assert "3,607" in page(document)


def test_the_verdict_says_why_and_what_to_do_before_where():
    document = load("partial_rollout")
    one = document["incidents"][0]
    texts = {name: f"{name} evidence" for name in ("change", "kind", "space", "undo", "claims")}
    one["causes"][0]["for"] = list(texts.values())
    one["causes"][0]["evidence"] = [
        {"kind": kind, "text": text, "log_odds": 1.0} for kind, text in texts.items()
    ]
    one["causes"][0]["against"] = ["It began too early."]
    verdict = Skeleton(page(document)).text.split("Rejected requests over time")[0]
    assert (
        "Because space evidence undo evidence Against it: It began too early. Caused by" in verdict
    )
    assert "kind evidence" not in verdict  # the line of reasons says it
    assert verdict.index("Check that") < verdict.index("Service")


def test_what_is_over_is_not_to_be_stopped():
    document = load("partial_rollout")
    one = document["incidents"][0]
    one["runbook"] |= {"stop": ["Roll back."], "verify": ["All is well."]}
    over = Skeleton(page(document)).text
    assert "Check that All is well." in over
    assert "Stop if it returns Roll back." in over
    one["recovery"] = one["recovery_interval"] = None
    still = Skeleton(page(document)).text
    assert "Do first Roll back." in still
    assert "still failing when the data ends at " in still
    assert "if it returns" not in still


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("consistent", "Caused by not proven; it would fit: A rotation of"),
        ("unrelated", "Caused by none of the 4 changes read, as far as can be told"),
        ("", "Caused by not known: no change record was found"),
    ],
)
def test_that_no_change_is_proven_is_said(verdict, said):
    document = load("partial_rollout")
    one = document["incidents"][0]
    for change in one["changes"]:
        change["verdict"] = verdict
    if not verdict:
        document["changes"], one["changes"] = [], []
    assert said in Skeleton(page(document)).text


def test_a_change_that_is_not_proven_does_not_stand_as_the_reason_too():
    document = load("partial_rollout")
    one = document["incidents"][0]
    first, change = one["causes"][0], one["changes"][0]
    first["evidence"][0]["kind"], told = "change", first["evidence"][0]["text"]
    for other in one["changes"]:
        other["verdict"] = "unrelated"
    box = Skeleton(page(document)).text.split("Check that")[0]
    assert told not in box
    assert f"as far as can be told; the nearest: A rotation of {change['target']}" in box
    first["change_id"] = None
    assert told in Skeleton(page(document)).text.split("Check that")[0]
    first["change_id"] = change["id"]
    change["verdict"] = "vetoed"
    assert "the nearest" not in Skeleton(page(document)).text


def test_instances_with_a_claim_but_not_affected_are_told_apart():
    document = load("partial_rollout")
    one = document["incidents"][0]
    one["claim_delta"][0]["instances"] = [*one["instances"], "spared-1", "spared-2"]
    every = len(one["instances"]) + 2
    told = f"seen on {every} instances, 2 of them too seldom to count as affected"
    assert told in Skeleton(page(document)).text


def test_more_services_than_the_chart_names_are_counted():
    document = load("partial_rollout")
    document["incidents"][0]["services"] = [f"service-{n}" for n in range(9)]
    text = Skeleton(page(document)).text
    assert "service-3 and 5 more, each request once" in text


def test_the_chart_says_what_it_draws_and_what_it_leaves_out():
    document = load("partial_rollout")
    one = document["incidents"][0]
    one["baseline_per_minute"] = 0.0285
    one["changes"][1]["time"] = "2031-05-05T11:00:00Z"
    text = Skeleton(page(document)).text
    timeline = text.split("Rejected requests over time")[1].split("Numbers behind")[0]
    assert re.match(r" \d\d:\d\d to \d\d:\d\d UTC, auth, each request once", timeline)
    assert "usual rate 1.7 an hour" in timeline
    assert "B is outside what is drawn" in timeline
    own = [reason["reason"] for reason in one["reasons"]]
    legend = page(document).split('class="legend"')[1].split("</ul>")[0]
    assert re.findall(r"<code>(\w+)</code>", legend)[: len(own)] == own


def test_what_is_uncertain_names_what_else_it_may_be():
    document = load("partial_rollout")
    first, *others = causes = document["incidents"][0]["causes"]
    assert len(others) >= 2
    for cause, share in zip(causes, (0.5, 0.3, 0.01), strict=False):
        cause["probability"] = share
    assert "Or else" not in Skeleton(page(document)).text
    first["grade"] = "possible"
    text = Skeleton(page(document)).text
    named = others[0]["cause"].replace("_", " ")
    assert f"Or else {named} 30 % why not" in text


def test_a_reported_onset_before_the_data_is_called_so():
    document = load("partial_rollout")
    document["incidents"][0]["onset_censored"] = True
    assert "before 11:05" in Skeleton(page(document)).text


def test_old_and_new_instances_are_named_apart():
    document = copy.deepcopy(load("partial_rollout"))
    one = document["incidents"][0]
    one["split"] = {
        "classes": [
            {"instances": ["a-1", "a-2"], "failing_share": 0.4},
            {"instances": ["b" * 32], "failing_share": 0.6},
        ],
        "by": "release",
        "text": "",
    }
    one["instances"] = ["a-2"]
    text = Skeleton(page(document)).text
    assert "1 of 10 affected (framed) old: 2 instances seen a-2 a-1" in text
    assert f"new: 1 instance seen {'b' * 12}…" in text


def test_no_share_is_shown_for_a_change_that_nothing_ties_to_the_incident():
    document = copy.deepcopy(load("partial_rollout"))
    (change, *_) = document["incidents"][0]["changes"]
    evidence = [
        {"kind": "time", "text": "It came close before.", "log_odds": 1.2},
        {"kind": "space", "text": "Nothing ties it.", "log_odds": -2.0},
    ]
    change |= {"verdict": "unrelated", "probability": 0.31, "evidence": evidence}
    document["incidents"][0]["changes"] = [change]
    text = Skeleton(page(document)).text
    assert "Unrelated Nothing ties it." in text.replace("unrelated", "Unrelated")
    assert "31 %" not in text
    assert "It came close" not in text


def test_evidence_is_weighed_in_one_notation():
    document = load("partial_rollout")
    (change, *_) = document["incidents"][0]["changes"]
    change["evidence"] = [
        {"kind": "time", "text": "It came close before. (25 to 1 for)", "log_odds": 3.219},
        {"kind": "kind", "text": "It says nothing. (1 to 1 against)", "log_odds": -0.03},
    ]
    document["incidents"][0]["changes"] = [change]
    text = Skeleton(page(document)).text
    assert "It came close before. ×25 It says nothing." in text
    assert "to 1 for" not in text
    assert text.count("× and ÷: by how much") == 2


def test_counts_that_differ_say_what_they_count():
    document = load("partial_rollout")
    document["incidents"][0]["rejections"] = 3607
    document["counts"] = [{"service": "auth", "reason": "signature_invalid", "count": 3700}]
    document["intake"]["rejections"] = 7214
    text = Skeleton(page(document)).text
    assert (
        "each request once. Bold: reasons of the incident. Inside the incident: 3,607; the rest came before, after or for other reasons"
        in text
    )
    assert "Total 3,700" in text
    assert "7,214 lines for 3,700 requests" in text


def test_a_clock_is_told_in_minutes_where_seconds_are_many():
    document = load("partial_rollout")
    document["incidents"][0]["clock_skew"] = [
        {"instance": "a", "seconds": 1265.0, "interval": [1258.0, 1279.0], "samples": 186},
        {"instance": "b", "seconds": -41.5, "interval": [-42.0, -41.0], "samples": 9},
    ]
    text = Skeleton(page(document)).text
    assert "a 21 min 5 s ahead 20 min 58 s to 21 min 19 s 186" in text
    assert "b 41.5 s behind −42 s to −41 s 9" in text


def test_a_clock_that_is_only_bounded_is_told_by_its_bound():
    document = load("partial_rollout")
    document["incidents"][0]["clock_skew"] = [
        {"instance": "a", "seconds": None, "interval": [600.0, None], "samples": 30},
        {"instance": "b", "seconds": None, "interval": [None, -130.0], "samples": 30},
        {"instance": "c", "of": "issuer", "seconds": 9.0, "interval": [8.0, 10.0], "samples": 30},
    ]
    text = Skeleton(page(document)).text
    assert "a not known exactly 10 min or more 30" in text
    assert "b not known exactly −2 min 10 s or less 30" in text
    assert "c the issuer 9 s ahead 8 s to 10 s 30" in text


def test_every_kind_of_evidence_has_a_word():
    for path in (Path(__file__).parents[2] / "reports").glob("*.json"):
        for incident in json.loads(path.read_text())["incidents"]:
            for cause in incident["causes"]:
                assert {item["kind"] for item in cause["evidence"]} <= set(terms.EVIDENCE)


def test_the_ticket_holds_the_verdict_in_a_few_lines():
    source = page(load("partial_rollout"))
    ticket = re.search(r'<pre id="incident-1-ticket" tabindex="0">(.*?)</pre>', source, re.DOTALL)
    assert ticket is not None
    lines = html_text.unescape(ticket[1]).split("\n")
    assert lines[0].startswith("auth rejected freshly signed tokens")
    assert "Confirmed, " in lines[0]
    assert lines[1] == "2031-05-06 onset 11:05, recovery 11:40 UTC (after 35 min)"
    order = [
        "Rejected: ",
        "Because: ",
        "Caused by: rotation of ",
        "Check that: ",
        "Where: ",
        "Claim ",
    ]
    firsts = [next(i for i, line in enumerate(lines) if line.startswith(one)) for one in order]
    assert firsts == sorted(firsts)
    assert any(line.startswith("Claim kid: expected ") for line in lines)
    assert not any("not in the log" in line for line in lines)
    assert lines[-1].startswith("From: logclass report")
    assert len(lines) < 16


def test_the_ticket_says_of_a_claim_that_nobody_logged_only_that():
    document = load("partial_rollout")
    row = document["incidents"][0]["claim_delta"][0]
    row |= {"claim": "zzz", "state": "withheld", "expected": [], "actual": [], "count": 12}
    assert "Claim zzz: not in the log (12)" in Skeleton(page(document)).text


def test_a_gap_in_the_patterns_is_shown_with_a_stub():
    document = copy.deepcopy(load("partial_rollout"))
    line = "ERROR jwt of user <mail> put aside: badge 'k-7'"
    gap = {"template": "ERROR jwt of user … put aside", "count": 41, "exemplar": line}
    document["unclassified"] = [gap]
    document["intake"]["unclassified"] = 41
    text = Skeleton(page(document)).text
    assert "41 lines no pattern knows" in text
    assert 'id = "LIBRARY.put-aside-badge"' in text


def test_log_lines_that_say_the_same_stand_folded_behind_the_first():
    document = load("partial_rollout")
    line = document["incidents"][0]["exemplars"][0]
    lines = [
        {
            **line,
            "line": 10 * n,
            "reason": reason,
            "excerpt": f"[pod-{n}x] {text} path=/v1/{n} [request {n:08x}]",
        }
        for n, (reason, text) in enumerate(
            [("a", "bad key k-1"), ("a", "bad key k-2"), ("b", "late"), ("a", "bad key k-3")], 1
        )
    ]
    document["incidents"][0]["exemplars"] = lines
    text = Skeleton(page(document)).text
    places = [text.index(f"{line['source']}:{n}") for n in (10, 30)]
    fold = text.index("2 more like these")
    assert places == sorted(places)
    assert places[1] < fold < text.index(f"{line['source']}:20") < text.index("bad key k-3")


def test_long_lists_are_cut_and_counted():
    document = load("partial_rollout")
    incident = document["incidents"][0]
    incident["instances"] = [f"i-{n}" for n in range(40)]
    document["counts"] = [{"service": "s", "reason": f"r{n}", "count": 9} for n in range(50)]
    text = Skeleton(page(document)).text
    assert "and 34 more" in text
    assert re.search(r"and 34 more\W+306", text)  # nine each: what is cut is still added up


def test_what_no_change_caused_asks_for_no_change_record():
    document = load("partial_rollout")
    document["incidents"][0]["changes"] = document["changes"] = []
    assert "would let the report name the one that caused this" in Skeleton(page(document)).text
    document["incidents"][0]["causes"][0]["cause"] = "hostile_probe"
    assert "none is needed to explain this" in Skeleton(page(document)).text


@pytest.mark.parametrize(("count", "said"), [(1, "The one change read does"), (2, "None of the 2")])
def test_changes_that_do_not_bear_on_an_incident_are_counted(count, said):
    document = load("partial_rollout")
    document["changes"] = document["changes"][:count]
    document["incidents"][0]["changes"] = []
    assert said in Skeleton(page(document)).text


def test_the_list_of_incidents_is_a_landmark_of_its_own():
    assert ("nav", "aria-label", "Incidents") in Skeleton(page(load("multi_incident"))).attributes


def test_the_page_carries_the_document():
    for name in NAMES:
        assert json.loads(Skeleton(page(load(name))).data) == load(name)


def test_the_page_stays_small_whatever_a_sender_makes_up():
    document = load("partial_rollout")
    names = [f"service-{n}-with-a-name-of-some-length" for n in range(30_000)]
    document["counts"] = [
        {"service": name, "reason": "signature_invalid", "count": 1} for name in names
    ]
    document["incidents"][0]["instances"] = names
    source = document["intake"]["sources"][0]
    document["intake"]["sources"] = [{**source, "name": name} for name in names]
    shown = page(document)
    assert len(shown) < 1_000_000
    kept = json.loads(Skeleton(shown).data)
    assert kept["incidents"][0]["timeline"] == document["incidents"][0]["timeline"]
    assert kept["intake"]["events"] == document["intake"]["events"]
    assert f"cut to {len(kept['counts'])} entries" in shown.replace(",", "")


def test_the_page_loads_nothing_and_runs_nothing_but_its_own_script():
    for name in NAMES:
        source = page(load(name))
        seen = Skeleton(source)
        policy = next(v for t, n, v in seen.attributes if t == "meta" and n == "content")
        assert policy is not None
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        script = source.rsplit("<script>", 1)[1].split("</script>")[0]
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'; base-uri 'none'" in policy
        assert [t for t, *_ in seen.elements].count("script") == 2
        assert not re.search(r"fetch|XMLHttp|innerHTML|insertAdjacent|import|eval|src", script)
        names = {name for _, name, _ in seen.attributes}
        assert not names & {"src", "srcset", "style", "action", "background", "poster"}
        assert not [name for name in names if name.startswith("on")]
        links = [v for t, n, v in seen.attributes if n == "href"]
        assert all(v and v.startswith(("#", "https://runbooks.example.com/")) for v in links)
        assert "url(" not in source.split("</style>")[0]
        assert "@import" not in source.split("</style>")[0]
        assert [v for t, n, v in seen.attributes if t == "script" and n == "type"] == [
            "application/json"
        ]
        assert len(source.encode()) < 1_000_000


def test_anchors_lead_somewhere():
    for name in NAMES:
        seen = Skeleton(page(load(name)))
        ids = [v for _, n, v in seen.attributes if n == "id"]
        assert len(ids) == len(set(ids))
        asked = [v.removeprefix("#") for _, n, v in seen.attributes if n == "href" and v[0] == "#"]
        asked += [
            word
            for _, n, v in seen.attributes
            if n == "aria-labelledby" and v
            for word in v.split()
        ]
        assert set(asked) <= set(ids)


def test_headings_go_down_one_level_at_a_time():
    for name in NAMES:
        elements = Skeleton(page(load(name))).elements
        levels = [int(e[0][1]) for e in elements if re.fullmatch("h[1-6]", e[0])]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))


def test_the_same_document_gives_the_same_page():
    assert page(load("partial_rollout")) == page(load("partial_rollout"))


def test_code_in_a_sentence_is_set_as_code():
    document = load("partial_rollout")
    document["incidents"][0]["runbook"]["stop"] = ["run `a <b>` and `c", "`", "``", "plain"]
    source = page(document)
    assert "<li>run <code>a &lt;b&gt;</code> and `c</li><li>`</li>" in source


def test_a_runbook_address_is_a_link_only_over_http():
    document = load("partial_rollout")
    document["contract"]["runbook_url"] = "javascript:alert(1)"
    seen = Skeleton(page(document))
    assert not [v for _, n, v in seen.attributes if n == "href" and "javascript" in str(v)]
    assert "javascript:alert(1)" in seen.text


# --- inert whatever it says -------------------------------------------------------------------

NASTY = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->",
    "]]>",
    "</style><img src=x onerror=alert(1)>",
    "</title></svg></text><b>",
    '" onload="alert(1)" x=\'',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;&#x3c;",
    "javascript:alert(1)",
    "\u2028\u2029\u202e\u0000\x0b\ufeff",
    "\ud800",
    "=1+1|@x`\\",
    "x" * 300,
)
payloads = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("".join),
    st.text(min_size=1, max_size=40).filter(lambda text: text.strip() != ""),
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every text in a document."""
    if isinstance(value, str):
        return [at]
    if not isinstance(value, dict | list):
        return []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [path for key, item in items for path in paths(item, (*at, key))]


def put(document: dict[str, Any], path: tuple[Any, ...], value: str) -> None:
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value


def small() -> dict[str, Any]:
    """Return a document with every kind of field, and little of each: it is drawn often."""
    document = load("partial_rollout")
    incident = document["incidents"][0]
    timeline = incident["timeline"]
    for row in (*timeline["series"], *timeline["instances"]):
        row["counts"] = row["counts"][40:60]
    del timeline["instances"][2:], document["intake"]["sources"][2:], incident["exemplars"][2:]
    return document


DOCUMENT = small()
LEAVES = paths(DOCUMENT)


@cache
def with_zzz(*where: tuple[Any, ...]) -> Skeleton:
    return with_text("zzz", list(where))


def with_text(value: str, where: list[tuple[Any, ...]]) -> Skeleton:
    document = copy.deepcopy(DOCUMENT)
    for path in where:
        put(document, path, value)
    return Skeleton(page(document))


@given(payload=payloads, place=st.sampled_from(LEAVES))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_any_text_in_any_field_is_inert(payload, place):
    safe = payload.encode("utf-8", "backslashreplace").decode()
    hostile, plain = with_text(payload, [place]), with_zzz(place)
    assert hostile.elements == plain.elements
    data: Any = json.loads(hostile.data)
    for key in place:
        data = data[key]
    assert data == safe


@pytest.mark.parametrize("payload", NASTY)
def test_the_same_text_in_every_field_is_inert(payload):
    assert with_text(payload, LEAVES).elements == with_zzz(*LEAVES).elements


def test_text_that_reorders_or_hides_is_written_out():
    document = load("partial_rollout")
    document["incidents"][0]["exemplars"][0]["excerpt"] = "ab\u202ecd\u200b\x00"
    assert "ab[U+202E]cd[U+200B]\u2400" in page(document)
