"""The figures of drills as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.drills.skewed import MANY_LINES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logclass.drills.score import Figures, Judged

_COLUMNS = (
    ("drills", "n", 4),
    ("top1", "top-1", 6),
    ("top3", "top-3", 6),
    ("detected", "found", 6),
    ("change_precision", "ch.pr", 6),
    ("change_recall", "ch.rec", 6),
    ("decoy_named", "decoy", 6),
    ("abstains_when_unrecorded", "abst", 6),
    ("onset_median_seconds", "on50s", 6),
    ("onset_p90_seconds", "on90s", 7),
    ("onset_covered", "on.cov", 6),
    ("confirmed_right", "conf.ok", 7),
    ("confirmed_coverage", "conf.n", 6),
    ("calibration_error", "ece", 6),
)
_WIDE = 26


def render(figures: Figures, judged: Sequence[Judged]) -> str:
    """Return the table, what it means, and one line on each drill that went wrong."""
    return "\n".join([*_table(figures), "", *_quiet(figures), "", *misses(judged)]) + "\n"


def _table(figures: Figures) -> Iterator[str]:
    yield " " * _WIDE + " ".join(f"{title:>{width}}" for _, title, width in _COLUMNS)
    yield _row("all faults", figures["all"])
    yield _row("with 30 rejections or more", figures["clear"])
    for section in ("by_cause", "by_difficulty"):
        yield f"-- {section.replace('_', ' ')}"
        for name, group in figures[section].items():
            yield _row(name, group)


def _row(name: str, group: Figures) -> str:
    cells = (f"{_text(group[key]):>{width}}" for key, _, width in _COLUMNS)
    return f"{name[:_WIDE]:<{_WIDE}}" + " ".join(cells)


def _text(value: Any) -> str:  # noqa: ANN401 - a count, a share, seconds, or nothing
    if value is None:
        return "-"
    return (
        str(value) if isinstance(value, int) else f"{value:.3f}" if value < 10 else f"{value:.0f}"
    )


def _quiet(figures: Figures) -> Iterator[str]:
    quiet = figures["quiet"]
    yield (
        f"quiet days {quiet['days']}: {quiet['false_incidents']} false incidents, "
        f"{quiet['false_outages']} of them outages"
    )
    yield _clocks(figures["all"])
    split = figures["division"]
    yield (
        f"divided fleets: {split['divided']} of {split['drills']}, {split['found']} found, "
        f"{split['right']} of them rightly: F1 {_text(split['f1'])}"
    )
    yield (
        "found: an incident was reported; ch.pr, ch.rec: precision and recall of the named change; "
        "abst: names none where it was not recorded; on: onset at 10 rejections a minute and more; "
        "conf: graded confirmed"
    )


def _clocks(group: Figures) -> str:
    return (
        f"clocks that are off, told by {MANY_LINES} lines or more: {group['skews']}, "
        f"{group['skew_numbers']} with a number: "
        f"median error {_text(group['skew_median_error_seconds'])} s, "
        f"p90 {_text(group['skew_p90_error_seconds'])} s; "
        f"intervals cover {_text(group['skew_covered'])}"
    )


def misses(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield a line on each drill whose cause, change or quiet was not as it is."""
    for one in judged:
        words = list(_wrong(one))
        if words:
            yield f"{one.name} ({_cell(one)}): {'; '.join(words)}"


def _wrong(one: Judged) -> Iterator[str]:
    if one.error:
        yield f"error {one.error}"
    elif one.cause == "quiet":
        if one.incidents:
            yield f"false incident {one.got[0] if one.got else '?'} ({one.grade})"
    elif not one.incidents:
        yield "no incident found"
    elif not one.is_right:
        others = ", ".join(one.got[1:3])
        yield f"cause {one.got[0]} ({one.grade} {one.probability:.2f}), then {others}"
    if one.change == "wrong":
        what = "a decoy" if one.is_decoy_named else "the undoing or another change"
        yield f"names {what} {one.named}"
    if one.change == "abstained" and one.cause != "hostile_probe" and one.incidents:
        yield "names no change"
    if one.is_onset_covered is False:
        yield f"onset off by {one.onset_error_seconds:.0f} s, outside its interval"


def _cell(one: Judged) -> str:
    parts = [one.variant] if one.variant else []
    rate = one.cell["faults_per_minute"]
    parts += [f"{one.cell['fault_rejections']} rejections, {rate:g}/min", f"records {one.records}"]
    parts += [
        quirk for quirk in one.cell["quirks"] if quirk.startswith(("no ", "logs ", "changes "))
    ]
    return ", ".join(parts)
