"""What kind of change words speak of, where a record does not say it outright."""

from __future__ import annotations

import re
import unicodedata

from logclass.vocabulary import ChangeKind

# Besides English, the words of German, French and Spanish, without their accents.
_ROLLBACK = (
    r"roll(?:ed|ing|s)? ?back|revert\w*|\bundo(?:ne)?\b|back ?out"
    r"|\bzuruckge(?:rollt|setzt|nommen)\b|\bretour arriere\b|\bretour en arriere\b|\breversion\b"
)
_ROTATE = (
    r"\brotat\w*|\bnow signs\b|\bsigns(?: with\b|$)|\bre ?key(?:ed|ing)?\b|\bkey roll\w*|\brenew\w*"
    r"|\brotier\w*|\brotaci\w*|\bschlussel ?(?:wechsel|rotation|tausch)\w*|\brenouvel\w*"
    r"|\brenova\w*"
)
_KEY = (
    r"\b(?:keys?|secrets?|jwks?|jwks uri|cert|certs|certificates?|kids?|credentials?|pem|hmac"
    r"|keypair|keystore|keyset|kms|vault|schlussel|zertifikate?|cles?|certificats?|claves?|llaves?"
    r"|certificados?)\b"
)
_DEPLOY = (
    r"\b(?:re)?deploy\w*|\breleas\w*|\brollouts?\b|\broll(?:ed|ing|s)? out|\bship(?:ped|ping|s)?\b"
    r"|\bpromot\w*|\bupgrad\w*|\bbump\w*|\bcanary\b|\bblue green\b|\bhotfix\b"
    r"|\bgo live\b|\bwent live\b|\bausgerollt\b|\bausroll\w*|\bbereitstellung\b|\beingespielt\b"
    r"|\bdeploi\w*|\bmise? en prod\w*|\bdesplieg\w*|\bdespleg\w*|\blanzamiento\b"
)
_GATEWAY = (
    r"\b(?:nginx|ingress|api ?gateway|gateway|apigw|api gw|\w*proxy|envoy|[aen]lb|cdn|waf"
    r"|load ?balancers?|traefik|kong|istio|apisix|cloudfront|cloudflare|caddy|varnish|fastly"
    r"|akamai|openresty|service mesh)\b"
)
_CLOCK = (
    r"\b(?:ntp|ntpd|chrony|chronyd|ptp|clocks?|time ?sync\w*|timesyncd|time server|hwclock"
    r"|time drift|leap second|vm (?:resum|suspend|paus|migrat|restor)\w*|hibernat\w*"
    r"|(?:resum|suspend|paus)\w* (?:of )?(?:the )?(?:vms?|hosts?|node|machine)"
    r"|live migrat\w*)\b"
)
_CONFIG = (
    r"\b(?:\w*[ck]onfig\w*|einstellung\w*|env|env ?vars?|environment variables?|envvars?|feature"
    r"|flags?|toggles?|terraform|tofu|pulumi|ansible|settings?|parameters?|variables?|values|policy|policies"
    r"|issuer|audience|idp|tenant|realm|infra|infrastructure)\b"
)
_OTHER = (
    r"\b(?:restart\w*|scal(?:e|ed|ing)\b|reboot\w*|migrat\w*|maintenance|failover|backup|restor\w*"
    r"|merge[ds]?|commit\w*|build|patch\w*|dns|firewall|drain\w*|incident|change[ds]?|update[ds]?"
    r"|anderung\w*|geandert|neustart|changement|cambio|redemarrage|reinicio)"
)
# Words of a rejection: a text that carries them is a log's, whatever else it names.
_REJECTION = re.compile(
    r"fail|error|invalid|expir|denied|reject|not found|missing|unauthori|forbidden|mismatch|refused"
    r"|malformed|\b40[13]\b|\b(?:get|post|put) https?\b"
)
# What a verifier's own log calls its events.
_LOG_LABEL = re.compile(
    r"verif|valid|accept|authenti|request|fetch|refresh|\b(?:load|start|stop|listen|connect|read)"
    r"|cache|lookup|\bhit|\bmiss|check|used|seen|\btokens?\b|warn|alert|metric|health"
)
_PHASE = re.compile(r"\b(?:start|stop|complet|finish|succe)\w*")
_CHANGE_VERB = re.compile(
    rf"{_ROLLBACK}|{_ROTATE}|{_DEPLOY}"
    r"|\b(?:chang|updat|switch|replac|merg|appli|apply|enabl|disabl|restart|reload|mov|migrat|set|add"
    r"|remov|resum|reconfigur|patch|scal|point|publish|turn|toggl|lower|rais|increas|decreas|flip"
    r"|install|activat)(?:e|ed|es|ing|s)?\b|\bgeandert\b|\b\w*anderung\b|\bumgestellt\b|\bcambi\w*",
)
_FILLER = (
    r"(?: (?:new|the|of|a|an|to|for|updated|our|all|jwt|signing|public|private|prod|production"
    r"|edge))*"
)

# For a label such as "key-rotation" or "gateway release" the noun decides.
_LABEL_ORDER = (
    (ChangeKind.ROLLBACK, re.compile(_ROLLBACK)),
    (ChangeKind.CLOCK, re.compile(_CLOCK)),
    (ChangeKind.ROTATION, re.compile(f"{_ROTATE}|{_KEY}")),
    (ChangeKind.GATEWAY, re.compile(_GATEWAY)),
    (ChangeKind.CONFIG, re.compile(_CONFIG)),
    (ChangeKind.DEPLOY, re.compile(_DEPLOY)),
    (ChangeKind.OTHER, re.compile(_OTHER)),
)
# In a sentence a verb with its object decides, then the first verb, then any noun.
_SENTENCE_ORDER = (
    (ChangeKind.ROLLBACK, re.compile(_ROLLBACK)),
    (ChangeKind.CLOCK, re.compile(_CLOCK)),
    (ChangeKind.ROTATION, re.compile(rf"(?:{_DEPLOY}){_FILLER} {_KEY}")),
    (ChangeKind.GATEWAY, re.compile(rf"(?:{_DEPLOY}){_FILLER}(?: \w+)? {_GATEWAY}")),
    (ChangeKind.GATEWAY, re.compile(rf"^(?:\w+ )?{_GATEWAY}")),
)
_CHANGE_WORD = re.compile(f"{_ROLLBACK}|{_ROTATE}|{_DEPLOY}")
_LEADING_CHANGE = re.compile(
    rf"(?:\w+ )?(?:{_CHANGE_WORD.pattern})(?! (?:\w+ ){{0,4}}(?:fail|error|reject|denied))"
)
_LABEL = re.compile(r"\s*([A-Za-z]+(?:[ _-][A-Za-z]+)?)\s*:\s")
_FIRST_VERB = re.compile(rf"(?P<rotation>{_ROTATE})|(?P<deploy>{_DEPLOY})")
_NOUNS = (
    (ChangeKind.GATEWAY, re.compile(_GATEWAY)),
    (ChangeKind.ROTATION, re.compile(_KEY)),
    (ChangeKind.CONFIG, re.compile(_CONFIG)),
)
_CODES = {kind.value: kind for kind in ChangeKind}
_BREAKS = re.compile(r"[\s_\-/]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


def of_label(label: str) -> ChangeKind | None:
    """Return the kind that a short label names, or None where its words are not known."""
    words = _words(label)
    if words in _CODES:
        return _CODES[words]
    return next((kind for kind, form in _LABEL_ORDER if form.search(words)), None)


def of_sentence(sentence: str) -> ChangeKind | None:
    """Return the kind of change that a sentence tells of, or None.

    The first verb decides, so "Deployed 2.4 (the secret changed)" is a deploy.
    """
    words = _words(sentence)
    for kind, form in _SENTENCE_ORDER:
        if form.search(words):
            return kind
    verb = _FIRST_VERB.search(words)
    if verb:
        return ChangeKind(str(verb.lastgroup))
    return next((kind for kind, form in _NOUNS if form.search(words)), None)


def is_change_label(label: str) -> bool:
    """Return whether a short label surely names a change: what a log calls its events does not."""
    words = _words(label)
    if len(words) > 40 or _REJECTION.search(words):
        return False
    # "deploy started" is a change, "key cache started" is not.
    if _LOG_LABEL.search(_PHASE.sub("", words) if _CHANGE_WORD.search(words) else words):
        return False
    return of_label(label) is not None


def is_change_word(label: str) -> bool:
    """Return whether a label has a word that only changes have: deploy, rotation, rollback."""
    return is_change_label(label) and _CHANGE_WORD.search(_words(label)) is not None


def is_change_sentence(sentence: str) -> bool:
    """Return whether a sentence tells that something was changed, and of no rejection."""
    words = _words(sentence)
    return not _REJECTION.search(words) and _CHANGE_VERB.search(words) is not None


def leads_with_change(sentence: str) -> bool:
    """Return whether a sentence begins with a deploy, rotation or rollback, whatever its reason."""
    return _LEADING_CHANGE.match(_words(sentence)) is not None


def is_labelled_change(sentence: str) -> bool:
    """Return whether a sentence begins with a kind of change and a colon: `config: audience`."""
    label = _LABEL.match(sentence)
    return label is not None and is_change_label(label[1]) and not tells_of_rejection(sentence)


def tells_of_rejection(sentence: str) -> bool:
    """Return whether a sentence has the words of a refused request or an error."""
    return _REJECTION.search(_words(sentence)) is not None


def _words(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return _BREAKS.sub(" ", _CAMEL.sub(" ", plain)).strip().lower()
