"""commit_subject.py FILE: whether a commit's message reads like the others here.

The first line says what the commit does to the project, as an order: a verb with a capital, at most
72 characters, no full stop. An empty line follows, then why.
"""

import re
import sys
from pathlib import Path

LONGEST = 72
#: What git writes by itself, or makes something else of later.
_GITS_OWN = re.compile(r'Merge |Revert "|(fixup|squash|amend)! ')
_SCISSORS = "# ------------------------ >8 ------------------------"
#: Words that end like "added", "adding" or "adds" and are orders all the same.
_ORDERS = re.compile(
    "bring|embed|exceed|feed|focus|heed|need|ping|proceed|seed|shed|shred|speed|string|swing"
)


def mistakes(message: str) -> list[str]:
    """What is wrong with a message, each in words for its author; none for a good one."""
    lines = [
        line.rstrip()
        for line in message.partition(f"{_SCISSORS}\n")[0].splitlines()
        if not line.startswith("#")
    ]
    while lines and not lines[0]:
        del lines[0]
    if not lines:
        return ["the message is empty"]
    subject = lines[0]
    if _GITS_OWN.match(subject):
        return []
    found = list(_in_subject(subject))
    if len(lines) > 1 and lines[1]:
        found.append("an empty line has to follow the first one")
    return found


def _in_subject(subject: str) -> list[str]:
    first = re.split(r"[\s:]", subject, maxsplit=1)[0]
    found = []
    if len(subject) > LONGEST:
        found.append(f"the first line has {len(subject)} characters; {LONGEST} are the limit")
    if not first.replace("-", "").isalpha() or not first[0].isupper():
        found.append(f"{first!r} is no verb with a capital; begin like 'Add', 'Keep' or 'Say'")
    elif not _order(first.lower()):
        found.append(f"{first!r} is no order; say 'Add', not 'Added', 'Adding' or 'Adds'")
    if subject.endswith("."):
        found.append("the first line ends without a full stop")
    return found


def _order(word: str) -> bool:
    """Whether a word may be a verb's plain form; only endings can be seen."""
    if _ORDERS.fullmatch(word):
        return True
    return not word.endswith(("ed", "ing")) and not (word.endswith("s") and word[-2:] != "ss")


def main() -> int:
    """Print what is wrong with the message in the named file."""
    found = mistakes(Path(sys.argv[1]).read_text("utf-8"))
    for mistake in found:
        print(mistake, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
