"""The page that shows what people see in Slack, drawn from the same values as the golden files."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.slack.views import card, thread
from monitor.slack.views.digest import render_digest, render_digest_part
from monitor.slack.views.notice import render_notice
from tests.golden.slack import digest_examples as digests
from tests.golden.slack.examples import AT, CARDS, SUMMARY
from tests.golden.slack.views import (
    COMMAND_ANSWERS,
    ENTRIES,
    ESCALATIONS,
    HOMES,
    MODALS,
    NOTICES,
    SUMMARY_ID,
    actor_name,
)
from tests.world.slack_screen import Screen

_NAMES = {"U0ANNA123": "anna", "U0BERT456": "bert", "U0LEAD789": "lead", "S0SUPPORT": "support"}
_SCREEN = Screen(AT, _NAMES)

_HEAD = """# What people see in Slack

Each picture is drawn from what repwatch sends for an example, and a test keeps them equal. Slack's
own drawing is wider and in colour; `↗` leads to another page, `*stars*` are bold, `[[ ]]` is the
green button, `⋯` a menu. Times are those of the reader: here it is 22 November, 02:04.

* [The card](#the-card), from new to closed
* [The thread](#the-thread) below it, and calls in other channels
* [The dialogs](#the-dialogs)
* [The duty, hand-overs and reminders](#the-duty-hand-overs-and-reminders)
* [The digest](#the-digest)
* [Home](#home)
* [Answers of the command](#answers-of-the-command) `/repwatch`
"""
_CARDS = {
    "urgent": (
        "New. The mention and the words that made the rule fire stand out; the limits say "
        "until when."
    ),
    "late": "Nobody took it in time. The thread has called people, see below.",
    "taken": "Anna took it.",
    "grouped": "The same problem from other people joins the card; the counter grows.",
    "replied": "The customer was answered, too late.",
    "snoozed": "Left alone for a while, never for ever.",
    "resolved": "Closed: the mark is at the very top.",
    "dismissed": "It should not have fired; the scores learn from that.",
    "reopened": (
        "The same came back: the same card and thread go on, and the one who had it has it."
    ),
    "praise": "Kind words deserve an answer too.",
    "notice": "Not about a customer: a source cannot be read.",
    "bare": "A language that the scorer does not read is said to be unread, not neutral.",
    "survey": "A rating without words.",
    "purged": "The customer has deleted it, and so have we.",
}
_NOT_SHOWN = ("taken-by-cli", "snoozed-until-worse", "unknown", "repeat", "queued")
_NOTICES = {
    "duty": "A change of the duty, in its channel; only who takes over is called.",
    "handed-over": "What was handed over, in private, once for all.",
    "taken-back": "What the giver took back.",
    "reminder": "A reminder that only this person wanted.",
}
_MODALS = {
    "reply": "Reply, where a person has to post it",
    "reply-published": "Reply, where repwatch can post it, after a manager has read it",
    "resolve": "Resolve",
    "assign-anew": "Assign",
    "snooze": "Snooze or remind me",
    "correct": "Wrong sentiment",
    "escalate": "Escalate",
    "send-back": "Send back, below a proposed answer",
    "copy": "Copy the answer, below an answer that a person posts",
    "capture": "“Add feedback”, in the menu of any message",
    "why": "Why?",
    "hand-over": "Hand over all of mine, on Home and by `/repwatch handover`",
    "improve": "Write down an improvement, by `/repwatch improve`",
    "improve-change": "Change an improvement, in the list of `/repwatch improvements`",
    "rule-edit": "Edit a rule, in the list of `/repwatch rules`",
    "rule-preview": "What an edit would have done, before it is saved",
    "rule-preview-of-file": "The same for a rule of the rules file, which alone may change it",
    "rule-conflict": "Somebody else saved the rule meanwhile",
    "rule-saved": "What was saved",
    "rule-history": "The history of a rule",
    "message": "A click on a card that has changed meanwhile, answered in a dialog",
}


def page() -> str:
    """The whole page."""
    return "\n".join(_page()).replace("\n\n\n", "\n\n") + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    yield "## The card"
    for name, said in _CARDS.items():
        yield from _picture(
            said, _SCREEN.message(list(card.render_card(CARDS[name], interactive=True).blocks))
        )
    yield from _picture(
        "A summary of what is beyond the channel's budget.",
        _SCREEN.message(list(card.render_summary(SUMMARY, SUMMARY_ID).blocks)),
    )
    yield from _picture(
        'Without a desk (`[desk] mode = "off"`) nothing listens to buttons, and there are none.',
        _SCREEN.message(list(card.render_card(CARDS["urgent"]).blocks)),
    )
    yield "\n## The thread"
    yield from _picture(
        "Lines below the card. Those that come back or call for help are shown to the whole "
        "channel too.",
        "\n".join(
            _SCREEN.message(
                list(
                    thread.render_entry(
                        entry, interactive=True, actor_name=actor_name(entry)
                    ).blocks
                )
            )
            for name, entry in ENTRIES.items()
            if name not in _NOT_SHOWN
        ),
    )
    yield from _picture(
        "A call in another channel.",
        _SCREEN.message(
            list(thread.render_escalation(*ESCALATIONS["escalated"], interactive=True).blocks)
        ),
    )
    yield "\n## The dialogs"
    for name, said in _MODALS.items():
        yield from _picture(f"### {said}", _SCREEN.modal(MODALS[name]))
    yield "\n## The duty, hand-overs and reminders"
    for name, said in _NOTICES.items():
        message = render_notice(*NOTICES[name], interactive=True, actor_name="Bert")
        yield from _picture(said, _SCREEN.message(list(message.blocks)))
    yield from _digest()
    yield "\n## Home"
    yield from _picture("A busy night.", _SCREEN.message(HOMES["busy"]["blocks"]))
    yield from _picture("A quiet one.", _SCREEN.message(HOMES["quiet"]["blocks"]))
    yield "\n## Answers of the command"
    for name in (
        "mine",
        "open",
        "show",
        "search",
        "duty",
        "stats",
        "improvements",
        "rules",
        "event",
        "help",
    ):
        yield from _picture(
            f"`/repwatch {name}`, for the eyes of the one who asked:",
            _SCREEN.message(_blocks(name)),
        )
    yield from _picture(
        "`/repwatch rules audit`, for the eyes of the one who asked:",
        _SCREEN.message(_blocks("rules-audit")),
    )
    yield from _picture(
        "**Not useful** on a card, for a manager, where the verdicts speak for a change:",
        _SCREEN.message(_blocks("rule-suggestions")),
    )
    yield from _picture(
        "**Send me a test** in the menu of a rule, for the eyes of the one who clicked:",
        _SCREEN.message(_blocks("rule-test")),
    )
    yield from _picture(
        "**Show all** below a summary, for the eyes of the one who clicked, some pages later:",
        _SCREEN.message(_blocks("summary")),
    )


def _digest() -> Iterator[str]:
    yield "\n## The digest"
    for said, message in (
        ("The message, with its pictures.", render_digest(digests.USUAL, digests.FILES)),
        ("Where no pictures can be shown.", render_digest(digests.USUAL, {})),
        ("A section, in the thread below it.", render_digest_part(digests.USUAL, 1, {})),
        (
            "What could not be made says so, and changes nothing else.",
            render_digest_part(digests.USUAL, 2, {}),
        ),
        (
            "A preview, for the eyes of the one who asked for it.",
            render_digest(digests.PREVIEW, digests.FILES, interactive=True),
        ),
    ):
        yield from _picture(said, _SCREEN.message(list(message.blocks)))


def _blocks(name: str) -> list[dict[str, object]]:
    return list(COMMAND_ANSWERS[name]["blocks"])


def _picture(said: str, drawn: str) -> Iterator[str]:
    yield f"\n{said}\n"
    yield f"```text\n{drawn.strip(chr(10))}\n```"
