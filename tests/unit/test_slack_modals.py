"""Dialogs: what is offered, and what becomes of what people fill in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.domain.action import Action, ActionKind
from monitor.domain.actor import Actor
from monitor.domain.alert import Snooze
from monitor.domain.reply import ReplyDraft
from monitor.slack.views import modals
from monitor.slack.views.action_ids import AlertVersion, ReplyProposal
from monitor.slack.views.forms import FormSubmission, parse_submission
from tests.golden.slack.examples import CARDS, URGENT
from tests.golden.slack.views import MODALS
from tests.world.slack_elements import elements, identified, state_of

View = Mapping[str, Any]


def sent(view: View, **filled: Any) -> FormSubmission | Mapping[str, str]:
    """What becomes of a dialog in which somebody gives values to these fields."""
    blocks = identified(view["blocks"])
    places = {found.place[1]: found for found in elements(blocks)}
    given = {places[name].place: places[name].value(value) for name, value in filled.items()}
    return parse_submission({**view, "blocks": blocks, "state": state_of(blocks, given)})


def well(view: View, **filled: Any) -> FormSubmission:
    """The same, when there is no mistake in it."""
    answer = sent(view, **filled)
    assert isinstance(answer, FormSubmission)
    return answer


def wrong(view: View, **filled: Any) -> Mapping[str, str]:
    """The mistakes by field, when there are some."""
    answer = sent(view, **filled)
    assert isinstance(answer, Mapping)
    return answer


def action(view: View, **filled: Any) -> Action:
    """What anna wants with it."""
    return well(view, **filled).to_action(Actor.slack("U0ANNA123"), "slack:modal")


def test_a_resolution_says_where_it_came_from_and_what_was_done() -> None:
    """One's own words for the cause outrank the chosen ones; what is left empty is left out."""
    told = action(
        MODALS["resolve"],
        root_cause="Outage",
        other_cause=" disk full ",
        action_taken="cleaned up",
        note="n",
    )
    brief = action(MODALS["resolve"], root_cause="Outage")

    assert (told.kind, told.turn, told.note) == (ActionKind.RESOLVE, 2, "n")
    assert told.details == {"root_cause": "disk full", "action_taken": "cleaned up"}
    assert (brief.details, brief.note) == ({"root_cause": "Outage"}, "")


def test_assigning_to_nobody_gives_it_back() -> None:
    """Only who has an alert can be left out; where nobody has it somebody must be chosen."""
    assert action(MODALS["assign"], assignee="U0BERT456").assignee == Actor.slack("U0BERT456")
    assert action(MODALS["assign-anew"], assignee=None).kind is ActionKind.RELEASE
    assert wrong(MODALS["assign"]) == {"assignee": "Choose who is to take it."}


def test_snoozing_always_ends() -> None:
    """A time, a number of reports and getting worse can be joined; without a time something must
    wake it.
    """
    view = MODALS["snooze"]
    tomorrow = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert action(view).snooze == Snooze(until=tomorrow, worse=True)
    assert action(view, until="In four hours (06:04)", members="8", worse=None).snooze == Snooze(
        until=datetime(2026, 11, 22, 6, 4, tzinfo=UTC), members=8
    )
    assert action(view, until="at", at=1_800_000_000, worse=None).snooze == Snooze(
        until=datetime.fromtimestamp(1_800_000_000, UTC)
    )
    assert action(view, until="longest").snooze == Snooze(worse=True)
    assert wrong(view, until="longest", worse=None) == {
        "until": "Say below what is to wake it, or choose a time."
    }
    assert wrong(view, until="at", at=None) == {"at": "Choose the time at which it comes back."}


def test_a_reminder_needs_a_time() -> None:
    """It is read as the time that was chosen, and nothing else can end the wait."""
    view = MODALS["snooze"]
    remind = "Only remind me: nothing changes for the others"

    asked = well(view, effect=remind, until="In half an hour (02:34)")

    assert asked.remind_at == datetime(2026, 11, 22, 2, 34, tzinfo=UTC)
    assert well(view).remind_at is None
    assert wrong(view, effect=remind, until="longest") == {
        "until": "Choose the time at which you want to be reminded."
    }


def test_times_are_those_of_the_person() -> None:
    """Tomorrow at nine is nine o'clock where the person is; on a Sunday the next week begins
    tomorrow.
    """
    sunday = datetime(2026, 11, 22, 20, tzinfo=UTC)
    saturday = datetime(2026, 11, 21, 20, tzinfo=UTC)

    def offered(now: datetime) -> list[str]:
        blocks = modals.render_snooze_modal(URGENT, now)["blocks"]
        return [option["text"]["text"] for option in blocks[2]["element"]["options"][:-2]]

    assert offered(sunday)[4:] == ["Tomorrow, Monday 09:00"]
    assert offered(saturday)[4:] == ["Tomorrow, Sunday 09:00", "Next week, Monday 09:00"]


def test_only_what_was_changed_is_corrected() -> None:
    """What was read and left alone is no opinion of anybody's; sending it off unchanged is a
    mistake.
    """
    view = MODALS["correct"]

    assert action(view, stage="support").details == {"stage": "support"}
    assert action(view, sentiment="mixed", useful="no").details == {
        "sentiment": "mixed",
        "useful": "no",
    }
    assert list(wrong(view)) == ["sentiment"]


def test_a_verdict_can_be_about_another_rule() -> None:
    """The leading rule is proposed; which one was meant counts only with a verdict on it."""
    view = MODALS["correct-also"]

    assert action(view, useful="no").details == {"useful": "no", "rule": "crash"}
    assert action(view, useful="no", rule="wrong charge").details["rule"] == "wrong charge"
    assert action(view, stage="support").details == {"stage": "support"}


def test_an_answer_is_read_with_its_template() -> None:
    """The text, who posts it and the template that it began with; spaces alone are no answer."""
    published = well(MODALS["reply-published"])
    copied = well(MODALS["reply"], text="Dear Dana,\n\nsorry ")

    assert published.values == {
        "text": "Dear Dana, I am sorry.",
        "how": "publish",
        "template": "Sorry, and what happens next",
    }
    assert copied.values == {"text": "Dear Dana,\n\nsorry", "how": "copy"}
    assert copied.version == AlertVersion(41, 2)
    (at,) = wrong(MODALS["reply-published"], text="  ")
    assert at == "text:Sorry, and what happens next"


def test_another_template_makes_another_field() -> None:
    """Slack fills a field anew only under another name, so that the text of the template that was
    chosen is seen.
    """
    ids = {
        modals.render_reply_modal(
            CARDS["taken"], ReplyDraft(text="x", options=("a", "b"), chosen=chosen)
        )["blocks"][2]["block_id"]
        for chosen in ("", "a", "b")
    }

    assert ids == {"text", "text:a", "text:b"}


def test_empty_lines_of_a_draft_stay() -> None:
    """Paragraphs of a template are those of the answer."""
    text = modals.render_reply_modal(
        CARDS["taken"], ReplyDraft(text="Dear Dana,\n\nsorry\x1b[31m\n")
    )["blocks"][1]

    assert text["element"]["initial_value"] == "Dear Dana,\n\nsorry"


def test_a_draft_that_is_too_long_is_cut_to_what_the_place_takes() -> None:
    """A place with a limit of its own gets no longer text, and says so."""
    text = modals.render_reply_modal(CARDS["taken"], ReplyDraft(text="👍🏽" * 100, max_length=350))[
        "blocks"
    ][1]

    assert (text["element"]["initial_value"], text["element"]["max_length"]) == ("👍🏽" * 87, 350)


def test_sending_back_needs_a_reason() -> None:
    """Whoever wrote the answer learns what to change."""
    back = well(MODALS["send-back"], note="Say when")

    assert (back.proposal, back.values) == (
        ReplyProposal(7, AlertVersion(41, 2)),
        {"note": "Say when"},
    )
    assert list(wrong(MODALS["send-back"])) == ["note"]


def test_captured_feedback_is_read() -> None:
    """What was said, where, by whom and how content they are; what carried the dialog comes back as
    it was.
    """
    told = well(MODALS["capture"], place="Phone call", author="Mr. X", stars="★★☆☆☆ 2")

    assert told.carried == "C1:1795313040.000100"
    assert told.values == {
        "text": "A man at the till says the app crashed while he paid.",
        "place": "Phone call",
        "author": "Mr. X",
        "stars": "2",
    }
    assert wrong(MODALS["capture"], text=" ", url="example.com") == {
        "text": "Write what the customer said.",
        "url": "Write the whole address, with https:// before it.",
    }


@pytest.mark.parametrize(
    "view", [{}, {"state": None}, {"callback_id": "reply", "private_metadata": "x", "blocks": []}]
)
def test_a_strange_dialog_breaks_nothing(view: View) -> None:
    """A view that is none of ours gives nothing, or a mistake."""
    answer = parse_submission(view)

    assert isinstance(answer, Mapping) or (answer.version, dict(answer.values)) == (None, {})


def test_escalating_may_say_why() -> None:
    """The note travels with the act."""
    asked = action(MODALS["escalate"], note="The till is down")

    assert (asked.kind, asked.note, asked.turn) == (ActionKind.ESCALATE, "The till is down", 1)


def test_a_dialog_about_no_alert_is_no_act() -> None:
    """Captured feedback is not something that happens to an alert."""
    with pytest.raises(ValueError, match="capture"):
        well(MODALS["capture"]).to_action(Actor.slack("U1"), "slack:modal")
