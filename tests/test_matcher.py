"""One text, one reason: precedence, values, long and hostile texts, and the scan before it."""

import json
import pickle
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import NaiveMatcher

from logclass.matcher import Matcher, Prefilter, normalise
from logclass.patternset import load, load_files
from logclass.vocabulary import Reason

SHIPPED = load()
MATCHER = Matcher(SHIPPED)
ENGINES = ("hyperscan", "re2")


NAIVE = NaiveMatcher(SHIPPED)


def corpus_texts():
    for path in sorted((Path(__file__).parent / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def acme(tmp_path, *files):
    """Write pattern files from (tier, patterns) pairs and return a matcher over them."""
    paths = []
    for number, (tier, patterns) in enumerate(files):
        lines = [f'library = "acme{number}"', 'title = "Acme"', f'tier = "{tier}"']
        for name, body in patterns.items():
            lines += ["[[pattern]]", f'id = "acme{number}.{name}"', body]
        paths.append(tmp_path / f"acme{number}.toml")
        paths[-1].write_text("\n".join(lines), encoding="utf-8")
    return Matcher(load_files(paths))


def words(reason, regex, more=""):
    literal = regex.split("(")[0].strip()
    return f"reason = \"{reason}\"\nregex = '''{regex}'''\nliterals = ['{literal}']\n{more}"


class TestPrecedence:
    def test_the_leftmost_gives_the_reason_and_the_rest_stand_in_also(self, tmp_path):
        pack = {
            "aud": words("audience_mismatch", "bad audience"),
            "exp": words("token_expired", "too late"),
        }
        matcher = acme(tmp_path, ("library", pack))
        first = matcher.match("bad audience; token too late")
        assert (first.reason, first.also) == (Reason.AUDIENCE_MISMATCH, (Reason.TOKEN_EXPIRED,))
        other = matcher.match("token too late; bad audience")
        assert (other.reason, other.also) == (Reason.TOKEN_EXPIRED, (Reason.AUDIENCE_MISMATCH,))

    def test_what_a_pattern_names_in_over_falls_away(self, tmp_path):
        pack = {
            "wide": words("token_malformed", "token broken"),
            "exact": words(
                "signature_invalid", "token broken by signature", 'over = ["acme0.wide"]'
            ),
        }
        match = acme(tmp_path, ("library", pack)).match("token broken by signature")
        assert (match.reason, match.also) == (Reason.SIGNATURE_INVALID, ())
        assert [name for name, _ in match.beaten] == ["acme0.wide"]

    def test_a_library_beats_a_family_and_that_beats_generic_wording(self, tmp_path):
        matcher = acme(
            tmp_path,
            ("generic", {"a": words("token_malformed", "token trouble")}),
            ("family", {"b": words("token_expired", "trouble late")}),
            ("gateway", {"c": words("key_not_found", "late key")}),
        )
        match = matcher.match("token trouble late key")
        assert (match.reason, match.also, match.library) == (Reason.KEY_NOT_FOUND, (), "acme2")
        assert matcher.match("token trouble late").reason == Reason.TOKEN_EXPIRED
        assert matcher.match("token trouble").library == ""

    def test_a_rejection_beats_a_signal_and_that_an_acceptance(self, tmp_path):
        pack = {
            "ok": "outcome = 'accepted'\nregex = 'token fine'\nliterals = ['token fine']",
            "load": "outcome = 'signal'\nregex = 'keys read'\nliterals = ['keys read']",
            "late": words("token_expired", "too late"),
        }
        matcher = acme(tmp_path, ("library", pack))
        assert matcher.match("token fine, keys read, too late").reason == Reason.TOKEN_EXPIRED
        signal = matcher.match("token fine, keys read")
        assert (signal.outcome, signal.reason, signal.also) == ("signal", None, ())

    def test_a_named_reason_beats_an_unspecified_one_even_of_a_library(self, tmp_path):
        matcher = acme(
            tmp_path,
            ("library", {"no": words("unspecified", "refused")}),
            ("generic", {"late": words("token_expired", "too late")}),
        )
        assert matcher.match("refused: too late").reason == Reason.TOKEN_EXPIRED
        assert matcher.match("refused").reason == Reason.UNSPECIFIED

    def test_a_pattern_may_leave_a_second_reason_open(self, tmp_path):
        pack = {"x": words("unspecified", "bad or late", 'also = ["token_expired"]')}
        assert acme(tmp_path, ("generic", pack)).match("bad or late").also == ("token_expired",)


class TestValues:
    @pytest.fixture
    def matcher(self, tmp_path):
        body = words(
            "audience_mismatch",
            r"aud refused(?: want=(?P<expected>[^;\n]*?)(?= got=|;|$))?"
            r"(?: got=(?P<actual>[^;\n]*))?",
            'claim = "aud"\nsplit = " or "',
        )
        alg = words("algorithm_mismatch", r"alg refused (?P<alg>\w+)")
        return acme(tmp_path, ("library", {"aud": body, "alg": alg}))

    @pytest.mark.parametrize(
        ("said", "wanted"),
        [
            ("web or api", ("web", "api")),
            ("'web' or 'api'", ("web", "api")),
            ("['web', 'api']", ("web", "api")),
            ('["web","api"]', ("web", "api")),
            ('[\\"web\\",\\"api\\"]', ("web", "api")),
            ('"https://api.example.com/"', ("https://api.example.com/",)),
            ("[web]", ("web",)),
        ],
    )
    def test_values_are_cut_and_trimmed(self, matcher, said, wanted):
        match = matcher.match(f"aud refused want={said}; x")
        assert match.captures == {"expected": wanted}
        assert not match.withheld

    @pytest.mark.parametrize(
        "said",
        [
            "[PII is hidden]",
            "'[PII of type 'System.String' is hidden. For more details, see https://example.com.]'",
            "System.String",
            "System.Collections.Generic.List`1[System.String]",
            "<redacted>",
            "[Filtered]",
            "***",
            "XXXXX",
        ],
    )
    def test_a_withheld_value_is_no_value(self, matcher, said):
        match = matcher.match(f"aud refused want=web got={said}")
        assert match.withheld
        assert match.captures == {"expected": ("web",)}
        assert match.reason == Reason.AUDIENCE_MISMATCH

    @pytest.mark.parametrize("said", ["<none>", "(null)", "None", "undefined", "null", "[]", '""'])
    def test_a_mismatch_with_nothing_is_a_missing_claim(self, matcher, said):
        match = matcher.match(f"aud refused want=web got={said}")
        assert (match.reason, match.claim) == (Reason.CLAIM_MISSING, "aud")
        assert match.also == ()
        assert match.captures == {"expected": ("web",)}

    def test_a_value_not_logged_is_not_a_missing_claim(self, matcher):
        assert matcher.match("aud refused want=web").reason == Reason.AUDIENCE_MISMATCH

    def test_alg_none_has_a_reason_of_its_own(self, matcher):
        assert matcher.match("alg refused none").reason == Reason.ALGORITHM_NONE
        assert matcher.match("alg refused HS256").reason == Reason.ALGORITHM_MISMATCH


class TestNormalise:
    @pytest.mark.parametrize(
        ("text", "plain"),
        [
            ("nothing to do", "nothing to do"),
            (r"a \"b\" c\nd", 'a "b" c\nd'),
            (r"{\"m\":\"a \\\"b\\\"\"}", '{"m":"a "b""}'),
            ("\x1b[31mred\x1b[0m", "red"),
            (r"\u001b[31mred\x1b[0m", "red"),
            ("&lt;b&gt; &quot;x&#39; &amp;", "<b> \"x' &"),
            (json.dumps(json.dumps(json.dumps('say "x"')))[1:-1], '""say "x"""'),
            (r"a/b", "a/b"),
            ("#033[1mred#033[0m ^[[31mred^[[m", "red red"),
            (r"\033[1;31mred\e[0m", "red"),
            (f"{'x ' * 20}jwt exp\nired", f"{'x ' * 20}jwt exp\nired"),  # no usual column
            (f"{'x ' * 36}1 jwt ex\npired", f"{'x ' * 36}1 jwt expired"),
            (f"{'x ' * 36}the aud \nis b", f"{'x ' * 36}the aud is b"),
            (f"{'xy ' * 20}\n{'jwt ' * 15}\nend", f"{'xy ' * 20}{'jwt ' * 15}end"),
            (f"{'x ' * 36}an error\nTraceback", f"{'x ' * 36}an error\nTraceback"),
            ("class ‘a’ “b”\u00a0c", "class 'a' \"b\" c"),
            (f"{'x ' * 37}the\naudience is b", f"{'x ' * 37}the audience is b"),
            (f"{'x ' * 37}the\n    audience is", f"{'x ' * 37}the audience is"),
            (f"{'x ' * 20}the\naudience is b", f"{'x ' * 20}the\naudience is b"),  # room for it
            (f"{'x ' * 36}x error\n    at verify", f"{'x ' * 36}x error\n    at verify"),
            (f"{'x ' * 36}x error\njwt.Error: bad", f"{'x ' * 36}x error\njwt.Error: bad"),
        ],
    )
    def test_coats_come_off(self, text, plain):
        assert normalise(text) == plain

    @settings(derandomize=True, deadline=None)
    @given(st.text())
    def test_text_without_escapes_is_left_alone(self, text):
        coats = "\\&\x1b\n\u2018\u2019\u201b\u201c\u201d\u201f\u00a0\u2007\u202f"
        text = text.translate(dict.fromkeys(map(ord, coats)))
        assert normalise(text) is text


class TestSameAsNaive:
    def test_texts_of_the_corpus(self):
        texts = list(corpus_texts())[::15]
        for text, got in zip(texts, MATCHER.match_all(texts), strict=True):
            naive = NAIVE.match(text)
            assert (got and got._replace(beaten=())) == (naive and naive._replace(beaten=())), text
        for text in texts[::10]:
            assert MATCHER.match(text) == NAIVE.match(text), text

    @settings(derandomize=True, deadline=None, max_examples=60)
    @given(st.data())
    def test_parts_of_texts_in_any_order(self, data):
        examples = st.sampled_from([one.text for p in SHIPPED.patterns for one in p.examples])
        parts = data.draw(st.lists(st.one_of(examples, st.text(max_size=30)), max_size=4))
        cut = data.draw(st.integers(0, 40))
        text = data.draw(st.sampled_from([" ", "\n", '","', "\0"])).join(parts)[cut:]
        assert MATCHER.match(text) == NAIVE.match(text)

    @pytest.mark.parametrize("engine", ENGINES)
    def test_many_texts_at_once_and_again(self, engine):
        texts = [one.text for p in SHIPPED.patterns for one in p.examples] + [
            "",
            "fine",
            "\0 ä \ud83d",
        ]
        matcher = Matcher(SHIPPED, engine)
        alone = [MATCHER.match(text) for text in texts]
        together = matcher.match_all(texts)
        assert together == matcher.match_all(texts)  # the second time from memory
        for one, other in zip(together, alone, strict=True):
            assert (one and one._replace(beaten=())) == (other and other._replace(beaten=()))

    def test_case_of_the_literal_does_not_matter_to_the_scan(self, tmp_path):
        matcher = acme(
            tmp_path,
            (
                "library",
                {"x": words("token_expired", "(?i)too late").replace("['']", "['Too Late']")},
            ),
        )
        assert matcher.match("TOO LATE").reason == Reason.TOKEN_EXPIRED


class TestLongAndHostileTexts:
    @pytest.mark.parametrize("where", [0, 500_000, 999_000])
    def test_a_reason_anywhere_in_a_megabyte_is_found(self, where):
        text = ("x " * 500_000)[:where] + " missing authorization header " + "y " * 500_000
        assert MATCHER.match(text).reason == Reason.HEADER_MISSING

    def test_a_slow_pattern_is_given_up_on_counted_and_hides_no_other(self, tmp_path):
        pack = {
            "slow": words("token_malformed", r"broken (?:a+)+(?:b+)+(?:a|b|ab)+c"),
            "late": words("token_expired", "too late"),
        }
        matcher = acme(tmp_path, ("library", pack))
        start = time.perf_counter()
        match = matcher.match("broken " + "ab" * 2_000 + " too late")
        assert time.perf_counter() - start < 30  # without a limit it would not end today
        assert match.reason == Reason.TOKEN_EXPIRED
        assert matcher.timeouts == {"pattern acme0.slow": 1}

    @pytest.mark.parametrize(
        "piece", ["token ", "invalid ", "authorization ", "no ", "401 ", '"', "jwt\n"]
    )
    def test_repetition_does_not_hang_the_shipped_patterns(self, piece):
        start = time.perf_counter()
        MATCHER.match(piece * (60_000 // len(piece)))
        MATCHER.match(piece * (200_000 // len(piece)))
        assert time.perf_counter() - start < 10


class TestPrefilter:
    @pytest.fixture(params=ENGINES)
    def prefilter(self, request):
        return Prefilter(SHIPPED, request.param)

    def records(self, texts):
        parts = [text.encode("utf-8", "surrogatepass").replace(b"\n", b"\\n") for text in texts]
        data = b"\n".join(parts) + b"\n"
        ends = np.cumsum([len(part) + 1 for part in parts]) - 1
        starts = ends - [len(part) for part in parts]
        return data, starts.astype(np.int64), ends.astype(np.int64)

    def test_no_record_with_a_match_is_missed_and_ordinary_lines_are_left_out(self, prefilter):
        texts = list(corpus_texts())
        data, starts, ends = self.records(texts)
        hits = prefilter.hits(data, starts, ends) | prefilter.passing.hits(data, starts, ends)
        plain = [
            data[a:b].decode("utf-8", "surrogatepass") for a, b in zip(starts, ends, strict=True)
        ]
        for text, hit, match in zip(plain, hits, MATCHER.match_all(plain), strict=True):
            assert hit or match is None, text

    def test_both_engines_and_all_kinds_of_buffer_agree(self, prefilter):
        data, starts, ends = self.records(
            ["fine", "HTTP 401", "", "token expired?", "no auth token", "fine"]
        )
        wanted = prefilter.hits(data, starts, ends).tolist()
        assert wanted[0] is wanted[2] is wanted[5] is False
        assert wanted[1] is wanted[4] is True
        for buffer in (memoryview(data), np.frombuffer(data, dtype=np.uint8)):
            assert prefilter.hits(buffer, starts, ends).tolist() == wanted

    def test_a_hit_outside_all_records_is_of_none(self, prefilter):
        data = b"HTTP 401\nfine\nHTTP 401\n"
        starts, ends = np.array([9]), np.array([13])
        assert prefilter.hits(data, starts, ends).tolist() == [False]

    def test_bytes_that_are_not_text_do_no_harm(self, prefilter):
        parts = [b"\xff\xfe\x00 HTTP 401 \xc3", b"\x00\xff"]
        starts, ends = np.array([0, 15]), np.array([14, 17])
        hits = prefilter.hits(b"\n".join(parts), starts, ends)
        assert hits.tolist() == [True, False]

    def test_nothing_to_look_at_or_for(self, prefilter):
        empty = np.array([], dtype=np.int64)
        assert prefilter.hits(b"", empty, empty).tolist() == []
        nothing = Prefilter(load_files([]), prefilter.engine)
        assert nothing.hits(b"HTTP 401", np.array([0]), np.array([8])).tolist() == [False]

    def test_it_travels_to_another_process(self, prefilter):
        copy = pickle.loads(pickle.dumps(prefilter))
        assert copy.hits(b"HTTP 401", np.array([0]), np.array([8])).tolist() == [True]

    def test_a_matcher_can_borrow_its_database(self, prefilter):
        matcher = Matcher(SHIPPED, prefilter=prefilter)
        assert matcher.match("HTTP 401").reason == Reason.UNSPECIFIED
