"""Render the sample bundles into this folder; `--check` compares instead of writing."""

from __future__ import annotations

import sys
from pathlib import Path

from logclass import pipeline
from logclass import report as documents
from logclass.render import html

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "sample_logs"


def rendered(scenario: Path) -> dict[str, bytes]:
    """Return the files of one scenario: the page and the document it shows."""
    intake = pipeline.read([str(scenario / "bundle")], pipeline.Options())
    report = pipeline.diagnose(intake, command=f"logclass report {scenario.name}")
    return {
        f"{scenario.name}.html": html.render(report).encode(),
        f"{scenario.name}.json": documents.to_json(report),
    }


def main() -> int:
    """Return 1 when a file here is not what the code renders."""
    is_check = "--check" in sys.argv[1:]
    stale = []
    for scenario in sorted(SAMPLES.iterdir()):
        if not (scenario / "bundle").is_dir():
            continue
        for name, data in rendered(scenario).items():
            path = HERE / name
            if is_check:
                if not path.exists() or path.read_bytes() != data:
                    stale.append(name)
            else:
                path.write_bytes(data)
    for name in stale:
        sys.stderr.write(f"reports/{name} is not what the code renders: run `make reports`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
