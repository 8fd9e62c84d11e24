"""Drafts: which template is offered, what it becomes, and what a language model may change."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.domain.delivery import Card
from monitor.domain.feedback import Analysis, Rating, Signal
from monitor.domain.reply import (
    TEMPLATE_FIELDS,
    BrandVoice,
    Prompt,
    ReplyTemplate,
    fill_template,
    is_by_official_account,
    normalize_account_names,
)
from monitor.errors import ConfigError
from monitor.replies.templates import TimeLimitedDrafter, load_drafter, load_templates
from monitor.replies.workflow import ReplyWorkflow, collect_official_accounts, configure_replies
from monitor.settings import Secrets, Settings
from monitor.testing import FakeSource, make_feedback, memory_store
from tests.world.answering import Office
from tests.world.waiting import LAST_RESORT, wait_until

PLAIN = ReplyTemplate(name="Plain", text="Hi {author|there}, {brand|we} are sorry. {agent}")
REFUND = ReplyTemplate(name="Refund", text="Hi {author}, about your refund.", signals=("refund",))
NARROW = ReplyTemplate(
    name="Narrow", text="Refund after a crash.", signals=("refund",), rules=("broken",)
)
ELSEWHERE = ReplyTemplate(name="Elsewhere", text="Not here.", sources=("other",))
PRAISED = ReplyTemplate(name="Use", text="Using it.", stages=("use",))
VOICE = BrandVoice(tone="Warm and short", brand="Acme", signature="Your Acme team")
EXAMPLE = "sample:answers.toml"


def card(body: str = "broken, write to anna@example.com", author: str = "Carla") -> Card:
    """An alert about a refund."""
    store = memory_store()
    try:
        alert = Office(store).hear(make_feedback(body, author=author, stars=2)).opened[0]
        with store.read() as tx:
            found = tx.alerts.card(alert.id)
    finally:
        store.close()
    assert found is not None
    analysis = Analysis(
        text=body,
        words=body,
        language="en",
        signals=(Signal("refund", ("money back",)),),
        stage="use",
    )
    return Card(alert=found.alert, feedback=found.feedback, analysis=analysis)


@dataclass
class Model:
    """Says what it is told to say, when it is let to."""

    says: str = "Dear Carla"
    free: threading.Event = field(default_factory=threading.Event)
    asked: list[Prompt] = field(default_factory=list)

    def draft(self, prompt: Prompt) -> str:
        self.asked.append(prompt)
        self.free.wait(LAST_RESORT)
        if self.says == "fail":
            raise ValueError(self.says)
        return self.says


def model(says: str = "Dear Carla") -> Model:
    made = Model(says)
    made.free.set()
    return made


def test_the_narrowest_template_comes_first() -> None:
    """What asks for more is offered before what fits everything; what does not fit is not
    offered.
    """
    answers = ReplyWorkflow(templates=(PLAIN, REFUND, NARROW, ELSEWHERE, PRAISED), voice=VOICE)
    draft = answers.draft(card())
    assert draft.options == ("Narrow", "Refund", "Use", "Plain")
    assert (draft.chosen, draft.text) == ("Narrow", "Refund after a crash.")


def test_a_template_can_be_chosen() -> None:
    """With its fields filled; a name that is not offered is as good as none."""
    answers = ReplyWorkflow(templates=(PLAIN, REFUND), voice=VOICE)
    assert answers.draft(card(), "Anna", "Plain").text == "Hi Carla, Acme are sorry. Anna"
    assert answers.draft(card(), "Anna", "Elsewhere").chosen == "Refund"
    assert answers.draft(card(author=""), "user:U1", "Plain").text == "Hi there, Acme are sorry."


def test_without_templates_the_dialog_is_empty() -> None:
    """And nothing can be published where no source takes answers."""
    draft = ReplyWorkflow(approval=True).draft(card())
    assert (draft.text, draft.options, draft.can_publish, draft.needs_approval) == (
        "",
        (),
        False,
        False,
    )


def test_every_field_has_its_value() -> None:
    """Fields that a customer fills are masked as the privacy setting says."""
    text = "{author}/{brand}/{agent}/{signature}/{words}/{title}/{rating}/{source}"
    answers = ReplyWorkflow(
        templates=(ReplyTemplate(name="All", text=text),), voice=VOICE, mask=lambda one: one.upper()
    )
    assert answers.draft(card(), "Anna").text == "CARLA/Acme/Anna/Your Acme team/BROKEN//2/test"


def test_a_model_drafts_from_masked_words() -> None:
    """It gets what a person would see of the customer, the brand's voice, and the template to start
    from.
    """
    drafter = model()
    answers = ReplyWorkflow(
        templates=(PLAIN,),
        voice=VOICE,
        mask=lambda one: one.replace("anna@", "***@"),
        drafter=TimeLimitedDrafter(drafter),
    )
    assert answers.draft(card()).text == "Dear Carla"
    (prompt,) = drafter.asked
    assert (prompt.text, prompt.author) == ("broken, write to ***@example.com", "Carla")
    assert (prompt.language, prompt.rating, prompt.voice) == ("en", "2", VOICE)
    assert prompt.template == "Hi Carla, Acme are sorry."


@pytest.mark.parametrize("says", ["fail", "", "  \n "])
def test_a_model_that_fails_leaves_the_template(says: str) -> None:
    """Whatever it raises, and where it says nothing."""
    assert (
        ReplyWorkflow(templates=(PLAIN,), drafter=TimeLimitedDrafter(model(says), LAST_RESORT))
        .draft(card())
        .text
        == "Hi Carla, we are sorry."
    )


def test_a_model_that_is_slow_leaves_the_template() -> None:
    """Nobody waits for it, and too many that hang are not joined by more."""
    slow = Model()
    prompt = Prompt(title="", text="", author="", language="", rating="", template="Hi.")
    patient = TimeLimitedDrafter(slow, timeout=0.01)
    assert [patient.draft(prompt) for _ in range(5)] == ["Hi."] * 5
    assert wait_until(lambda: len(slow.asked) == 4)
    slow.free.set()


def test_what_a_model_says_fits_the_dialog() -> None:
    """It is cut, and holds nothing that no database stores."""
    prompt = Prompt(title="", text="", author="", language="", rating="", template="Hi.", most=6)
    assert TimeLimitedDrafter(model(" a\x00b\ud800cdefgh "), LAST_RESORT).draft(prompt) == "abcdef"


def test_a_drafter_is_named_by_its_class() -> None:
    """Empty is none; a wrong name is a mistake that is told at start."""
    found = load_drafter("tests.unit.test_answers:Model")
    assert found is not None
    assert isinstance(found.drafter, Model)
    assert load_drafter("") is None


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("nobody.drafts:Model", "no module named 'nobody' is installed"),
        ("tests.unit.test_answers:Nobody", "has no Nobody"),
        ("monitor.domain.reply:ReplyTemplate", "cannot be made without arguments: TypeError"),
        ("monitor.domain.reply:BrandVoice", "no method draft"),
    ],
)
def test_a_drafter_that_cannot_be_used_is_a_mistake(spec: str, reason: str) -> None:
    """It names the setting."""
    with pytest.raises(ConfigError, match=r"respond\.drafter") as caught:
        load_drafter(spec)
    assert reason in str(caught.value)


def test_the_shipped_example_holds_good_templates() -> None:
    """Every template in it can be filled with every field, and with none."""
    templates = load_templates(EXAMPLE, Path())
    assert len(templates) >= 4
    for template in templates:
        assert "{" not in fill_template(
            template.text, dict.fromkeys(("author", "brand", "agent", "signature", "words"), "x")
        )


def test_every_mistake_in_templates_is_told_at_once(tmp_path: Path) -> None:
    """Unknown fields, names and keys, doubled names and empty texts."""
    path = tmp_path / "answers.toml"
    path.write_text(
        """
        [[templates]]
        name = "One"
        text = "Hi {autor}, {0} {x}"
        rules = ["crsh"]
        stages = ["usage"]
        sources = ["here"]
        signals = ["refnd"]
        [[templates]]
        name = "One"
        text = "again"
        """
    )
    with pytest.raises(ConfigError) as caught:
        load_templates(
            "answers.toml", tmp_path, rules=["crash"], signals=["refund"], sources=["there"]
        )
    assert [str(problem).partition("answers.toml: ")[2] for problem in caught.value.problems] == [
        "templates[0].text: no field is called {autor}; did you mean 'author'?",
        f"templates[0].text: no field is called {{x}}; allowed: {', '.join(TEMPLATE_FIELDS)}",
        "templates[0].rules: 'crsh' is none of the rules; did you mean 'crash'?",
        "templates[0].signals: 'refnd' is none of the signals; did you mean 'refund'?",
        "templates[0].stages: 'usage' is none of the stages; did you mean 'use'?",
        "templates[0].sources: 'here' is none of the sources; did you mean 'there'?",
        "templates[1].name: 'One' is already taken",
    ]


@pytest.mark.parametrize(
    "text", ["[[templates]]\nname = 'x'", "[[template]]", "[[templates]]\nname = ''\ntext = 'x'"]
)
def test_a_file_of_another_shape_is_a_mistake(tmp_path: Path, text: str) -> None:
    """It names the file."""
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"mine\.toml"):
        load_templates("mine.toml", tmp_path)


def test_the_configuration_says_how_people_answer() -> None:
    """Templates, voice and approval come from [respond]; sources without an account take no
    answers.
    """
    given = {
        "templates": EXAMPLE,
        "brand": "Acme",
        "voice": "Warm",
        "signature": "Bye",
        "approval": True,
    }
    settings = Settings.model_validate({"respond": given, "secrets": Secrets()})
    answers = configure_replies(settings, {"test": FakeSource()}, str, rules=[], signals=[])
    assert (answers.voice, answers.approval) == (
        BrandVoice(tone="Warm", brand="Acme", signature="Bye"),
        True,
    )
    assert (len(answers.templates) >= 4, answers.reply_sources) == (True, {})


def test_the_account_that_answers_is_official() -> None:
    """Beside those that the configuration names for the source."""
    store = memory_store()
    place = Office(store).place
    store.close()
    sources = [
        {"id": "a", "kind": "feed", "official": ["@Acme"]},
        {"id": "b", "kind": "feed"},
        {"id": "c", "kind": "x"},
    ]
    settings = Settings.model_validate({"sources": sources})
    official = collect_official_accounts(settings, {"a": place, "b": place})
    assert official == {
        "a": normalize_account_names(["acme", "AcmeSupport"]),
        "b": normalize_account_names(["acmesupport"]),
    }
    assert is_by_official_account(make_feedback(source_id="b", author="/u/AcmeSupport"), official)
    assert not is_by_official_account(make_feedback(source_id="c", author=""), official)


def test_ratings_are_shown_as_stars() -> None:
    """On whatever scale they were given."""
    found = card()
    nps = Rating.from_value(10)
    assert nps is None
    answers = ReplyWorkflow(templates=(ReplyTemplate(name="Stars", text="{rating|no} stars"),))
    assert answers.draft(found).text == "2 stars"
