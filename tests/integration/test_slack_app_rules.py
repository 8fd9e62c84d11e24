"""Rules in a workspace: listed with their figures, edited by dialog, tried, saved, promoted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.actor import Actor
from monitor.domain.rule_change import RuleHistory
from monitor.pipeline.grouping import AlertPolicy
from monitor.slack.views.rule_dialogs import render_rule_form
from monitor.testing import make_feedback
from monitor.tuning.rule_forms import build_form
from monitor.tuning.saving import Authorship, SavedRule, save_rule
from rules.rule import Rule
from tests.integration import judged_store
from tests.integration.slack_app_place import SlackAppPlace, somebody
from tests.world.slack import Slack
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.slack_views import View
from tests.world.waiting import wait_until

OF_FILE = "rule:broken:1"
SAVED: dict[str, Any] = {
    "id": "slow",
    "name": "It is slow",
    "severity": "normal",
    "group_by": ["feedback"],
    "all": [{"text": "slow"}, {"stars": {"max": 3}}],
}


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, slack: Slack) -> Iterator[SlackAppPlace]:
    """A desk where one person is the manager, with a rule that was saved."""
    more = '[respond]\nmanagers = ["U0MANAGER1"]\n'
    with SlackAppPlace(tmp_path / "desk", slack, more=more) as running:
        save(running, SAVED)
        yield running


@pytest.fixture
def mona(slack: Slack) -> Person:
    """The manager."""
    return Person(slack, "U0MANAGER1", "mona")


def save(place: SlackAppPlace, definition: dict[str, Any], **given: Any) -> None:
    """Let somebody else save a rule, live."""
    by = Authorship(author=Actor.cli("dora"), at=place.now(), reason="to try", **given)
    with place.app.store.write() as tx:
        saved = save_rule(tx, place.app.rules.configured, definition, by, live=True)
    assert isinstance(saved, SavedRule), saved


def history(place: SlackAppPlace, rule_id: str = "slow") -> RuleHistory:
    """What was changed of a rule."""
    with place.app.store.read() as tx:
        return tx.rule_changes.history(rule_id)


def rule(place: SlackAppPlace, rule_id: str = "slow") -> Rule:
    """A rule as it holds now."""
    found = place.app.rules.load_rules().get(rule_id)
    assert found
    return found


def answered(person: Person, text: str) -> Message:
    """What /repwatch answers."""
    before = len(person.notes)
    assert person.command("/repwatch", text).acked
    assert wait_until(lambda: len(person.notes) > before)
    return person.notes[-1]


def edit(person: Person, value: str = "rule:slow:1") -> View:
    """Open the dialog of a rule from the list."""
    shown = answered(person, "rules")
    assert person.click(shown, "edit_rule", value).acked
    assert wait_until(lambda: person.modal is not None)
    assert person.modal
    return person.modal


def titled(person: Person, title: str) -> View:
    """The modal on top, once it has a title."""

    def is_shown() -> bool:
        return person.modal is not None and person.modal.content["title"]["text"] == title

    assert wait_until(is_shown), person.modal and person.modal.content["title"]
    assert person.modal
    return person.modal


def preview(person: Person, view: View, values: dict[str, Any]) -> View:
    """Send the form off, and return what it would do."""
    delivery = person.submit(view, values)
    assert delivery.acked
    assert not delivery.trouble
    return titled(person, "What it would do")


def test_the_list_says_how_each_rule_fares(place: SlackAppPlace, mona: Person) -> None:
    """The one that fired comes first, with what came of it."""
    place.open_alert("it is broken")
    place.open_alert("still broken here")

    blocks = str(answered(mona, "rules").blocks)

    assert blocks.index("Something is broken") < blocks.index("It is slow")
    assert "2 alerts · none judged yet · last" in blocks
    assert "no alerts · never fired" in blocks


def test_an_edit_is_previewed_and_saved_in_shadow(place: SlackAppPlace, mona: Person) -> None:
    """The form changes one condition; the preview tells it, and saving keeps a candidate."""
    form = edit(mona)
    shown = preview(mona, form, {"all.1.max": "2", "exclude": "beta", "reason": "Less noise"})
    assert "3 stars or fewer -&gt; 2 stars or fewer" in str(shown.content)
    assert "slow: 0 alerts in 28 days" in str(shown.content)

    mona.submit(shown, {"how": "shadow"})
    titled(mona, "Saved")

    candidate = history(place).candidate
    assert candidate
    assert candidate.definition["all"] == [{"text": "slow"}, {"stars": {"max": 2}}]
    assert candidate.definition["none"] == [{"text": "beta"}]
    assert (candidate.author, candidate.reason) == (Actor.slack(mona.id), "Less noise")
    assert rule(place).definition["all"] == SAVED["all"]


def test_an_edit_can_be_saved_live(place: SlackAppPlace, mona: Person) -> None:
    """It holds from then on; closing what says so closes the pile."""
    shown = preview(mona, edit(mona), {"severity": "high", "acknowledge_within": "30m"})

    mona.submit(shown, {"how": "live"})
    done = titled(mona, "Saved")

    assert done.content["clear_on_close"]
    assert rule(place).severity == "high"
    assert rule(place).definition["acknowledge_within"] == "30m"


def test_a_mistake_leaves_the_form_as_it_was(place: SlackAppPlace, mona: Person) -> None:
    """It is named over the form, which still holds what was written; the next try is previewed."""
    form = edit(mona)
    mona.submit(form, {"all.0.query": "slow AND (", "reason": "A try"})
    refused = titled(mona, "Not saved")
    assert "nothing is lost" in str(refused.content)

    mona.close(refused)
    shown = preview(mona, form, {"all.0.query": "slow*"})

    mona.submit(shown, {"how": "live"})
    titled(mona, "Saved")
    assert history(place).changes[-1].reason == "A try"


def test_two_people_see_each_others_edit(place: SlackAppPlace, mona: Person) -> None:
    """Whoever is second is shown both; theirs holds until mine is saved over it on purpose."""
    shown = preview(mona, edit(mona), {"all.1.max": "2"})
    save(place, {**SAVED, "severity": "urgent"})

    mona.submit(shown, {"how": "live"})
    conflict = titled(mona, "Changed meanwhile")
    told = str(conflict.content)
    assert "severity normal -&gt; urgent" in told
    assert "3 stars or fewer -&gt; 2 stars or fewer" in told
    assert rule(place).severity == "urgent"

    assert not mona.submit(conflict, {"how": "live"}).trouble
    titled(mona, "Saved")
    assert rule(place).definition["all"][1] == {"stars": {"max": 2}}
    assert history(place).number == 3


def test_a_rule_of_the_file_ends_in_its_toml(place: SlackAppPlace, mona: Person) -> None:
    """It is previewed like any other, and can only be copied."""
    shown = preview(mona, edit(mona, OF_FILE), {"severity": "urgent"})

    assert "submit" not in shown.content
    assert 'severity = "urgent"' in str(shown.content)
    assert "Copy this into rules.toml" in str(shown.content)


def test_a_candidate_is_promoted_from_the_list(place: SlackAppPlace, mona: Person) -> None:
    """The menu names its version; what was tried holds then."""
    by = Authorship(author=Actor.cli("dora"), at=place.now())
    with place.app.store.write() as tx:
        save_rule(tx, place.app.rules.configured, {**SAVED, "severity": "high"}, by)
    shown = answered(mona, "rules")
    assert "version 2 is tried in shadow" in str(shown.blocks)

    choose(mona, shown, "promote_rule:rule:slow:2")

    assert wait_until(lambda: rule(place).severity == "high")
    assert wait_until(lambda: any("Version 3 of slow" in note.text for note in mona.notes))


def test_a_rule_is_muted_and_heard_again(place: SlackAppPlace, mona: Person) -> None:
    """The list that it was done in shows it."""
    shown = answered(mona, "rules")
    choose(mona, shown, "mute_rule:rule:slow:1")
    assert wait_until(lambda: "🔇 muted until" in str(mona.sees(shown).blocks))

    choose(mona, mona.sees(shown), "unmute_rule:rule:slow:1")
    assert wait_until(lambda: "🔇" not in str(mona.sees(shown).blocks))


def test_the_history_is_shown(place: SlackAppPlace, mona: Person) -> None:
    """Who changed what, and why."""
    save(place, {**SAVED, "severity": "high"})
    choose(mona, answered(mona, "rules"), "rule_history:rule:slow:2")

    told = str(titled(mona, "History of a rule").content)
    assert "severity normal -&gt; high" in told
    assert "“to try”" in told


def test_a_test_is_for_one_person_alone(place: SlackAppPlace, mona: Person, slack: Slack) -> None:
    """The card of what the rule held for last, without buttons, and no alert is opened."""
    case = place.open_alert("it is broken")
    choose(mona, answered(mona, "rules"), f"test_rule:{OF_FILE}")

    assert wait_until(lambda: any("A test of the rule" in str(n.blocks) for n in mona.notes))
    card = next(note for note in mona.notes if "A test of the rule" in str(note.blocks))
    assert "it is *broken*" in str(card.blocks)
    assert "action_id" not in str(card.blocks)
    with place.app.store.read() as tx:
        assert [alert.id for alert in tx.alerts.list_unclosed()] == [case.id]


def test_only_managers_change_rules(place: SlackAppPlace, slack: Slack) -> None:
    """Others see the list, and are told whose it is to change."""
    ann = somebody(slack)
    shown = answered(ann, "rules")

    ann.click(shown, "edit_rule", "rule:slow:1")
    choose(ann, shown, "mute_rule:rule:slow:1")

    assert wait_until(lambda: sum("for managers" in note.text for note in ann.notes) == 2)
    assert ann.modal is None
    with place.app.store.read() as tx:
        assert not tx.mutes.active(place.now())


def choose(person: Person, shown: Message, value: str) -> None:
    """Choose from the menu of a rule."""
    assert person.choose(shown, "rule_menu", value).acked


@pytest.fixture
def judged(place: SlackAppPlace) -> SlackAppPlace:
    """The same with two months of judged cards of a rule that was saved."""
    judged_store.fill_judged(place.app.store, place.now())
    save(place, dict(judged_store.BILLING))
    return place


def dismiss(place: SlackAppPlace, person: Person, text: str = "refund please") -> Message:
    """Call an alert not useful, and return what is offered then."""
    case = place.open_alert(text)
    before = len(person.notes)
    person.choose(case.card, "more", f"dismiss:{case.handle}")
    assert wait_until(lambda: len(person.notes) > before)
    return person.notes[-1]


def test_not_useful_offers_a_change_that_is_tried_by_a_click(
    judged: SlackAppPlace, mona: Person
) -> None:
    """What the verdicts speak for, with what it saves; a click tries it in shadow."""
    offer = dismiss(judged, mona)
    assert "exclude r/dealsbot: 11 of 12 dismissed there" in str(offer.blocks)

    assert mona.click(offer, "apply_suggestion").acked

    assert wait_until(lambda: history(judged, "billing").candidate is not None)
    assert wait_until(lambda: "is tried in shadow" in mona.sees(offer).text)


def test_an_offer_can_be_left(judged: SlackAppPlace, mona: Person) -> None:
    """Nothing is changed, and the offer says so."""
    offer = dismiss(judged, mona)

    mona.click(offer, "leave_rule")

    assert wait_until(lambda: "Nothing was changed" in mona.sees(offer).text)
    assert history(judged, "billing").candidate is None


def test_nothing_is_offered_to_whoever_may_not_change_rules(
    judged: SlackAppPlace, slack: Slack
) -> None:
    """The alert is dismissed all the same."""
    ann, case = somebody(slack), judged.open_alert("refund please")
    ann.choose(case.card, "more", f"dismiss:{case.handle}")

    assert judged.settled()
    assert wait_until(lambda: case.alert.status == "dismissed")
    assert not ann.notes


def test_a_form_of_somebody_who_is_no_manager_any_more_is_refused(
    place: SlackAppPlace, slack: Slack
) -> None:
    """The dialog that waits says why, and nothing is tried."""
    ann = somebody(slack)
    view = render_rule_form(build_form(rule(place), 1))
    trigger = slack.views.issue_trigger(ann.id)
    slack.views.calls["views.open"]({"trigger_id": trigger, "view": view})

    ann.submit(ann.modal, {"severity": "urgent"})

    assert "for managers" in str(titled(ann, "Not saved").content)


def test_what_may_have_been_missed_is_judged_by_a_click(
    place: SlackAppPlace, mona: Person, slack: Slack
) -> None:
    """The list shows what was said; who may not change rules says nothing of it."""
    yesterday = place.now() - timedelta(days=1)
    item = make_feedback("terrible, awful, I hate it", created_at=yesterday)
    place.app.ingest([item], yesterday, AlertPolicy())
    ann = somebody(slack)
    ann.click(answered(ann, "rules audit"), "audit_missed")
    assert wait_until(lambda: any("for managers" in note.text for note in ann.notes))

    shown = answered(mona, "rules audit")
    assert "terrible, awful" in str(shown.blocks)
    mona.click(shown, "audit_missed")

    assert wait_until(lambda: "✔️ missed" in str(mona.sees(shown).blocks))
    mona.click(mona.sees(shown), "audit_fine")
    assert wait_until(lambda: "✔️ fine" in str(mona.sees(shown).blocks))


def test_other_days_of_the_audit_are_refused(place: SlackAppPlace, mona: Person) -> None:
    """From one to 28."""
    assert "rules audit 7" in answered(mona, "rules audit 29").text
    assert "Nothing to look at" in str(answered(mona, "rules audit 28").blocks)
