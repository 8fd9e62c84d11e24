"""Write what docs/reference/rules.md says of each condition anew, from its code."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from rules.reference import update_reference  # noqa: E402 - the folder above is not installed everywhere

PAGE = ROOT / "docs" / "reference" / "rules.md"


def main() -> int:
    """Write the page where it differs, and say so."""
    before = PAGE.read_text("utf-8")
    after = update_reference(before)
    if after != before:
        PAGE.write_text(after, "utf-8")
    print("written anew" if after != before else "current already")
    return 0


if __name__ == "__main__":
    sys.exit(main())
