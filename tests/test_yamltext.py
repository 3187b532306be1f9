from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import yamltext

KUBECTL = """\
apiVersion: v1
items:
- apiVersion: apps/v1
  kind: ReplicaSet
  metadata:
    annotations:
      deployment.kubernetes.io/revision: "4"
      note: |
        first line
          second: line
    creationTimestamp: "2031-05-06T11:20:00Z"
    name: auth-api-7d4b9
  spec:
    replicas: 5
    template:
      spec:
        containers:
        - image: registry.example.com/team/auth-api:2.4
          args: ["--issuer", "https://auth.example.com", 8080]
          env: []
          resources: {}
kind: List
metadata:
  resourceVersion: ""
"""


def test_what_kubectl_prints() -> None:
    (found,) = yamltext.parse(KUBECTL) or [None]
    item = found["items"][0]
    assert found["kind"] == "List"
    assert item["metadata"]["annotations"] == {
        "deployment.kubernetes.io/revision": "4",
        "note": "first line\n  second: line\n",
    }
    assert item["spec"]["replicas"] == 5
    container = item["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "registry.example.com/team/auth-api:2.4"
    assert container["args"] == ["--issuer", "https://auth.example.com", 8080]
    assert container["env"] == []
    assert container["resources"] == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 'it''s'\n", {"a": "it's"}),
        ('a: "x\\ty\\u00e9"\n', {"a": "x\tyé"}),
        ('a: "one\n  two\n\n  three"\n', {"a": "one two\nthree"}),
        ("a: one\n  two\n", {"a": "one two"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("a:\n- 1\n- 2.5\n- true\n- null\n- ~\n", {"a": [1, 2.5, True, None, None]}),
        ("a:\n  - - 1\n    - 2\n  -\n    b: c\n", {"a": [[1, 2], {"b": "c"}]}),
        ("a: 2031-05-06T11:02:00Z # when\n", {"a": "2031-05-06T11:02:00Z"}),
        ("a: http://x:80/y#z\n", {"a": "http://x:80/y#z"}),
        ("# comment\n---\na: &x !!str b\n...\n", {"a": "b"}),
        ("a: {b: [c, 'd e'], f: g}\n", {"a": {"b": ["c", "d e"], "f": "g"}}),
        ("a:\nb: ''\n", {"a": None, "b": ""}),
        ("- a: 1\r\n  b: 2\r\n", [{"a": 1, "b": 2}]),
    ],
)
def test_scalars_and_collections(text: str, value: Any) -> None:
    assert yamltext.parse(text) == [value]


def test_several_documents() -> None:
    assert yamltext.parse("---\na: 1\n---\nb: 2\n") == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "info: one\ninfo: two\n",  # a key twice: the lines of a logger
        "info: Microsoft.Hosting[14]\n      Now listening on: http://localhost:5000\n",
        "a: b: c\n",
        "a:\n  b: 1\n c: 2\n",
        "a: [1, 2\n",
        'a: "open\n',
        "a: {b: c}}\n",
    ],
)
def test_what_is_no_yaml_is_none(text: str) -> None:
    assert yamltext.parse(text) is None


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text("abc: #-'\"\\né", max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abz_", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(derandomize=True, deadline=None)
@given(st.dictionaries(st.text("abz_", min_size=1), plain_values, min_size=1, max_size=3))
def test_json_is_yaml(value: dict[str, Any]) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2)):
        assert yamltext.parse(text) == [value]


@settings(derandomize=True, deadline=None)
@given(st.text("ab:-#'\"[]{},|>\n &!*%", max_size=60))
def test_no_text_ever_raises(text: str) -> None:
    yamltext.may_be_yaml(text)
    yamltext.parse(text)
