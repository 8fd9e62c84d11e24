"""Rules for the golden files: how some fare, one as a form, and what an edit would have done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.domain.alert import Severity
from monitor.domain.measure import Estimate
from monitor.domain.missed import AuditItem, AuditReason, MissedAudit
from monitor.domain.rule_form import RuleHistoryLine, RulePreview
from monitor.domain.rule_record import RuleMark
from monitor.domain.rule_summary import RuleSummary
from monitor.domain.suggestion import (
    EditKind,
    LostCard,
    RuleEdit,
    Suggestion,
    SuggestionReport,
)
from monitor.tuning.rule_forms import build_form
from monitor.tuning.saving import format_plain
from rules.load import parse_rules
from tests.golden.slack.examples import AT

_BILLING = RuleSummary(
    rule_id="billing",
    name="Trouble with a bill",
    severity=Severity.HIGH,
    mode="live",
    number=8,
    candidate=8,
    fired=31,
    useful=Estimate(value=100 * 8 / 9, n=9, low=56.5, high=98.0),
    unclaimed=2,
    last_fired=AT - timedelta(hours=3),
)
_NEW = RuleSummary(
    rule_id="slow",
    name="It is slow",
    severity=Severity.NORMAL,
    mode="shadow",
    number=1,
    marks=(RuleMark.DEAD,),
)
_MUTED = replace(
    _BILLING,
    rule_id="beta",
    name="Trouble in the beta",
    candidate=0,
    fired=4,
    useful=Estimate(value=0.0, n=3, low=0.0, high=56.2),
    unclaimed=0,
    muted_until=AT + timedelta(hours=20),
)
FARING = (_BILLING, _MUTED, _NEW)
LONGEST_FARING = tuple(
    replace(
        _BILLING,
        rule_id="r" * 62 + str(place),
        name="<!here> & *" * 20,
        fired=10**6,
        marks=tuple(RuleMark),
    )
    for place in range(6)
)
[_RULE] = parse_rules(
    {
        "rules": [
            {
                "id": "billing",
                "name": "Trouble with a bill",
                "severity": "high",
                "channel": "#billing",
                "respond_within": "4h",
                "all": [{"text": 'bill* OR "charged twice"'}, {"stars": {"max": 3}}],
                "none": [{"source": ["forum", "blog"]}],
            }
        ]
    },
    "rules.toml",
)
[_LONGEST] = parse_rules(
    {
        "rules": [
            {
                "id": "l" * 63,
                "name": "<&>" * 60,
                "all": [{"text": f"word{place}*"} for place in range(40)],
                "any": [
                    {"text": '"<!channel> & <https://evil.example>" OR bold*'},
                    {"hours": {"working": True}},
                ],
                "none": [{"text": "x" * 3_000}],
            }
        ]
    },
    "rules.toml",
)
FORM = build_form(_RULE, 7)
LONGEST_FORM = build_form(_LONGEST, 999_999_999, "r" * 200)
PREVIEW = RulePreview(
    rule_id="billing",
    name="Trouble with a bill",
    number=7,
    definition={**_RULE.definition, "none": [{"text": "beta"}]},
    changes=("it has 3 stars or fewer -> 2 stars or fewer", "excludes what says beta (new)"),
    coverage="28 days, 1,204 items from 3 sources; app-store blind for 7 h",
    outcome=(
        "billing: 11 alerts in 28 days, at most 3 in an hour, 4 outside of working hours; "
        "8 of 9 judged were useful (89 %, 57-98)"
    ),
    marked="Of what the team marked as urgent or missed, it would have caught 4 of 5",
    against=(
        "Beside version 1a2b3c4d: +3, -11 items; of those lost the team treated 2 as real and 8 "
        "as not, and 1 were never judged"
    ),
    samples=(
        ("I was charged twice, and nobody answers.", "new"),
        ("The bill of the beta looks odd.", "no longer"),
        ("My bill is wrong for the third time.", "also now"),
    ),
    reason="Less noise",
)
_EDIT = RuleEdit(
    kind=EditKind.ATTRIBUTE,
    text="exclude r/dealsbot",
    definition=_RULE.definition,
    removed=frozenset({41, 42}),
)
_DEALS = Suggestion(
    edit=_EDIT,
    cards=31,
    saved=12,
    dismissed=11,
    lost=(LostCard(alert_id=57, text="Where is my refund? The deal was never sent."),),
    dismissed_before=9,
    judged_before=10,
    probability=0.0004,
)
_STARS = replace(
    _DEALS,
    edit=replace(_EDIT, kind=EditKind.THRESHOLD, text="2 stars instead of 3"),
    saved=8,
    lost=(),
)
SUGGESTED = SuggestionReport(
    rule_id="billing",
    since=AT - timedelta(days=28),
    until=AT,
    cards=31,
    judged=26,
    dismissed=17,
    suggestions=(_DEALS, _STARS),
)
_HOSTILE = replace(
    _DEALS,
    edit=replace(_EDIT, text="exclude <!channel> & *x* " * 40),
    lost=tuple(LostCard(alert_id=10**17 + n, text="<!here> & " * 40) for n in range(9)),
)
SUGGESTED_HOSTILE = replace(SUGGESTED, suggestions=(_HOSTILE,) * 3)
_UNSEEN = AuditItem(
    reason=AuditReason.DRAWN,
    feedback_id=412,
    at=AT - timedelta(hours=20),
    source_id="forum",
    text="I gave up on it. Nobody could tell me where my order is.",
    url="https://forum.example/t/412",
)
AUDIT = MissedAudit(
    since=AT - timedelta(hours=26),
    until=AT - timedelta(hours=2),
    unalerted=37,
    items=(
        _UNSEEN,
        replace(_UNSEEN, feedback_id=415, text="Meh, the new icon.", url="", missed=False),
        replace(_UNSEEN, feedback_id=398, reason=AuditReason.ESCALATED, alert_id=41, missed=True),
    ),
)
AUDIT_HOSTILE = replace(
    AUDIT,
    items=tuple(
        replace(
            _UNSEEN,
            feedback_id=10**17 + place,
            source_id="s" * 60,
            url="https://evil.example/" + "x" * 900,
            text="<!channel> <https://evil.example|Your bank> & *b* `c` \u202e\x1b[31m " * 40,
        )
        for place in range(40)
    ),
)
OF_FILE = replace(PREVIEW, toml=format_plain(_RULE), file="rules.toml")
EDITED = replace(
    PREVIEW,
    name="<!channel> *b* `c`",
    changes=tuple(f"<@U1> {place} & *x* {'long ' * 90}" for place in range(40)),
    outcome="<!here> " * 100,
    coverage="&" * 900,
    samples=tuple(("<!channel> <https://evil.example|Your bank> " * 50, "new") for _ in range(3)),
    definition={"id": "billing", "all": [{"text": "".join(map(chr, range(20_000, 24_000)))}]},
)
CHANGES = (
    RuleHistoryLine(
        number=8,
        said="saved, to be tried in shadow",
        author="user:U0ANNA123",
        at=AT - timedelta(hours=5),
        reason="Less noise",
        changes=PREVIEW.changes,
    ),
    RuleHistoryLine(
        number=7,
        said="promoted",
        author="cli:dora",
        at=AT - timedelta(days=9),
        changes=("severity normal -> high",),
    ),
    RuleHistoryLine(
        number=1, said="seeded", author="system", at=AT - timedelta(days=90), reason="preset brand"
    ),
)
