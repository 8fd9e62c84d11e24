"""What services send becomes feedback: identity, words, figures on the right scale, and nothing
else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.domain.feedback import Feedback, Kind, Rating, Scale
from monitor.errors import SourceError, SourceRefused
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import HookRequest, Page, SourceContext
from sources.webhook.json_paths import number_at, parse_json_body, text_at, time_at, value_at
from sources.webhook.preset import WebhookOptions, list_webhook_presets
from sources.webhook.source import WebhookSource

DATA = Path(__file__).parents[1] / "data" / "hooks"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRETS = Secrets.model_validate(
    {"HOOK_SECRET": "new-secret", "HOOK_OLD": "old-secret", "HOOK_TOKEN": "api-token"}
)
SURVEYMONKEY = {"client_id": "cid", "token_env": "HOOK_TOKEN"}
GENERIC: Mapping[str, Any] = {
    "rating_scale": "nps",
    "mapping": {
        "id": "data.review.ref",
        "body": "data.review.text",
        "rating": "data.review.score",
        "created_at": "data.review.at",
        "author": "data.who.nick",
        "attributes.country": "data.who.deep[0].land",
    },
}
PRESETS = tuple(name for name in list_webhook_presets() if name != "generic")


def example(name: str) -> Any:
    """An event as its service sends it."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


def source(
    preset: str, transport: httpx2.BaseTransport | None = None, **options: Any
) -> WebhookSource:
    extra = {"surveymonkey": SURVEYMONKEY, "generic": GENERIC}.get(preset, {})
    values = {"preset": preset, "secret_env": "HOOK_SECRET", **extra, **options}
    silent = httpx2.MockTransport(lambda _: httpx2.Response(404))
    http = HttpClient(HttpSettings(), transport=transport or silent)
    return WebhookSource(
        "place", WebhookOptions.model_validate(values), SourceContext(http=http, secrets=SECRETS)
    )


def received(to: WebhookSource, event: Any) -> Page:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return to.receive(HookRequest({}, {}, body), NOW)


def only(page: Page) -> Feedback:
    (item,) = page.items
    return item


def outcome(preset: str, body: bytes) -> tuple[tuple[Feedback, ...], str]:
    """What a body brought, or the error in words."""
    try:
        return received(source(preset), body).items, ""
    except SourceError as error:
        return (), str(error)


def answering(response: Any, asked: list[httpx2.Request] | None = None) -> httpx2.MockTransport:
    """An interface that answers every request with this."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if asked is not None:
            asked.append(request)
        return httpx2.Response(200, json=response)

    return httpx2.MockTransport(answer)


def test_typeform_answers_become_one_feedback() -> None:
    """The long answer is the body, its question the question, the scale a recommendation; no
    address is kept.
    """
    item = only(received(source("typeform"), example("typeform")))

    assert item.key == ("place", "resp-7f3a91")
    assert item.body == "Das Paket war kaputt 😡 and nobody answers"
    assert item.question == "What is the main reason?"
    assert item.rating == Rating(2, Scale.NPS)
    assert item.created_at == datetime(2026, 11, 22, 11, 43, 20, tzinfo=UTC)
    assert item.attributes == {"plan": "pro", "Country": "Austria"}
    assert "ilse" not in repr(item).lower()


def test_typeform_without_words_asks_what_was_rated() -> None:
    """A form with a score only keeps the question that the score answers; stars are stars."""
    event = example("typeform")
    event["form_response"]["answers"] = [
        {"type": "number", "number": 4, "field": {"id": "f1", "type": "rating"}}
    ]
    item = only(received(source("typeform"), event))

    assert (item.body, item.question, item.rating) == (
        "",
        "Would you recommend us?",
        Rating(4, Scale.STARS5),
    )


def test_delighted_score_and_later_comment_are_one_feedback() -> None:
    """Both events have the identity of the response and different events; the later one says so and
    has the comment.
    """
    delighted = source("delighted")
    first, second = (
        only(received(delighted, example(name)))
        for name in ("delighted_created", "delighted_updated")
    )

    assert first.key == second.key == ("place", "90210")
    assert (first.body, second.body) == ("", "The invoice is broken again\n\nPlease call me")
    assert first.rating == second.rating == Rating(1, Scale.NPS)
    assert first.edited_at is not None
    assert second.edited_at is not None
    assert first.edited_at < second.edited_at
    assert (second.author.name, second.author.id) == ("Rosa Beispiel", "771")
    assert second.attributes == {"plan": "basic", "seats": "4"}
    assert "rosa@" not in repr(second)


@pytest.mark.parametrize(
    ("survey", "score", "expected"),
    [
        ("nps", 10, Rating(10, Scale.NPS)),
        ("nps", 0, Rating(0, Scale.NPS)),
        ("csat", 1, Rating(1, Scale.CSAT5)),
        ("ces", 7, Rating(7, Scale.CES7)),
        ("five_star", 5, Rating(5, Scale.STARS5)),
        ("smileys", 2, Rating(2, Scale.STARS5)),
        ("thumbs", 0, Rating(0, Scale.THUMBS)),
        ("pmf", 2, None),
        ("csat", 6, None),
    ],
)
def test_delighted_scales(survey: str, score: int, expected: Rating | None) -> None:
    """Each kind of survey has its scale; a figure outside it, and an unknown survey, is no
    rating.
    """
    event = example("delighted_created")
    event["event_data"] |= {"survey_type": survey, "score": score}

    assert only(received(source("delighted"), event)).rating == expected


@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("preset", ["delighted", "generic"])
def test_every_scale_can_be_set(preset: str, scale: Scale) -> None:
    """`rating_scale` wins over what the service says, for each scale that there is."""
    event = example("delighted_created" if preset == "delighted" else "generic")
    (event["event_data"] if preset == "delighted" else event["data"]["review"])["score"] = 1

    assert only(received(source(preset, rating_scale=scale), event)).rating == Rating(1, scale)


def test_surveymonkey_response_is_fetched_with_the_token() -> None:
    """The ids lead to the response; the token goes in a header, and the feedback is what the
    response says.
    """
    asked: list[httpx2.Request] = []
    to = source("surveymonkey", answering(example("surveymonkey_response"), asked))
    item = only(received(to, example("surveymonkey")))

    (request,) = asked
    assert request.url.raw_path == b"/v3/surveys/5005/responses/600601/details?simple=true"
    assert request.headers["authorization"] == "Bearer api-token"
    assert item.key == ("place", "600601")
    assert (item.body, item.question) == ("The box was broken", "What went wrong?")
    assert item.rating == Rating(2, Scale.STARS5)
    assert item.attributes == {"Country": "Chile"}
    assert item.edited_at == datetime(2026, 11, 22, 11, 29, 30, tzinfo=UTC)


def test_surveymonkey_recommendation_is_its_choice_not_its_weight() -> None:
    """A Net Promoter question weighs its choices -100, 0 and 100; the answer is the figure that was
    chosen.
    """
    response = example("surveymonkey_response")
    response["pages"][0]["questions"][0]["answers"] = [
        {"choice_metadata": {"weight": -100}, "simple_text": "4"}
    ]
    to = source("surveymonkey", answering(response))

    assert only(received(to, example("surveymonkey"))).rating == Rating(4, Scale.NPS)


def test_surveymonkey_ids_cannot_lead_elsewhere() -> None:
    """An id with slashes and dots stays one part of the address."""
    asked: list[httpx2.Request] = []
    event = example("surveymonkey") | {"object_id": "../../me?x=#"}
    received(source("surveymonkey", answering({}, asked)), event)

    assert (
        asked[0].url.raw_path
        == b"/v3/surveys/5005/responses/..%2F..%2Fme%3Fx%3D%23/details?simple=true"
    )


def test_surveymonkey_deletion_needs_no_fetch() -> None:
    """A response that was deleted there is deleted here."""
    item = only(
        received(
            source("surveymonkey"), example("surveymonkey") | {"event_type": "response_deleted"}
        )
    )

    assert (item.key, item.deleted) == (("place", "600601"), True)


def test_a_failing_fetch_is_a_source_error_without_the_token() -> None:
    """What the interface refuses is told in words, without what gives access."""
    with pytest.raises(SourceRefused) as caught:
        received(source("surveymonkey"), example("surveymonkey"))

    assert "api-token" not in str(caught.value)


def test_one_bad_event_of_trustpilot_does_not_lose_the_rest() -> None:
    """Of a batch the readable reviews come through, each bad event is a warning, and what is none
    of ours is left.
    """
    page = received(source("trustpilot"), example("trustpilot"))
    first, second = page.items

    assert (first.key, second.key) == (
        ("place", "64f00000000000000000aaaa"),
        ("place", "64f00000000000000000bbbb"),
    )
    assert (first.title, first.body, first.rating) == (
        "Llegó roto",
        "La caja llegó broken",
        Rating(1),
    )
    assert (first.kind, first.language, first.author.name) == (Kind.REVIEW, "es", "Marta")
    assert first.url == "https://www.trustpilot.com/reviews/64f00000000000000000aaaa"
    assert first.attributes == {"verified": "true", "Shop": "Sevilla"}
    assert page.warnings == ("event 2: no eventData.id", "event 3: no eventName")


def test_trustpilot_deletion_is_marked() -> None:
    """A review that was deleted there has the same identity and says deleted."""
    item = only(received(source("trustpilot"), example("trustpilot_deleted")))

    assert (item.external_id, item.deleted) == ("64f00000000000000000aaaa", True)


def test_zendesk_ticket_rating() -> None:
    """A trigger's body becomes a thumb and the comment, known by its ticket."""
    item = only(received(source("zendesk"), example("zendesk")))

    assert item.key == ("place", "ticket:4711")
    assert item.rating == Rating(0, Scale.THUMBS)
    assert (item.body, item.author.name) == ("Three answers and it is still broken", "Jo Muster")
    assert item.url == "https://acme.zendesk.example/agent/tickets/4711"


@pytest.mark.parametrize("word", ["", "Offered", "unoffered"])
def test_zendesk_unrated_tickets_say_nothing(word: str) -> None:
    """A trigger that also fires when a survey is only offered adds no feedback."""
    assert received(source("zendesk"), example("zendesk") | {"rating": word}).items == ()


def test_zendesk_answered_survey() -> None:
    """The event of an answered survey has figure, words, responder and ticket."""
    item = only(received(source("zendesk"), example("zendesk_survey")))

    assert item.key == ("place", "response:sr-9")
    assert (item.rating, item.body) == (Rating(2, Scale.CSAT5), "Slow, and the link is broken")
    assert (item.author.id, item.thread_id) == ("881", "4712")


def test_intercom_rating_and_remark() -> None:
    """A rated conversation is one feedback, known by the conversation."""
    item = only(received(source("intercom"), example("intercom")))

    assert item.key == ("place", "2020")
    assert (item.rating, item.body) == (Rating(1, Scale.CSAT5), "Still broken after a week")
    assert (item.author.name, item.author.id) == ("Ana Muster", "k-5")


def test_generic_reads_where_the_mapping_says() -> None:
    """Paths lead through objects and lists; figures and times are read as in any table."""
    item = only(received(source("generic"), example("generic")))

    assert item.key == ("place", "77")
    assert (item.body, item.rating) == ("Broken again ☹", Rating(3, Scale.NPS))
    assert (item.author.name, item.attributes) == ("max", {"country": "CH"})
    assert item.created_at == datetime.fromtimestamp(1795347000, UTC)


def test_generic_warnings_do_not_quote_the_customer() -> None:
    """A figure outside the scale costs only the rating, and the warning does not repeat what stood
    there.
    """
    event = example("generic")
    event["data"]["review"]["score"] = "call me on 0555-1234"
    page = received(source("generic"), event)

    assert only(page).rating is None
    assert page.warnings == ("event 1: rating cannot be read",)


def test_generic_with_nothing_where_the_mapping_looks_is_an_error() -> None:
    """A body in another shape is not taken for nothing to say."""
    with pytest.raises(SourceError, match="no title, body or rating where the mapping looks"):
        received(source("generic"), {"data": {"review": "gone"}})


@pytest.mark.parametrize(
    ("preset", "event"),
    [
        ("typeform", {"event_type": "other"}),
        ("delighted", {"event_type": "survey_response.unsubscribed", "event_data": {}}),
        ("surveymonkey", {"event_type": "collector_created", "object_id": "1"}),
        ("trustpilot", {"events": [{"eventName": "invitation-sent"}]}),
        ("zendesk", {"type": "zen:event-type:ticket.created", "detail": {"id": "1"}}),
        ("intercom", {"topic": "ping", "data": {"item": {"type": "ping"}}}),
    ],
)
def test_events_of_no_concern_are_taken_silently(preset: str, event: object) -> None:
    """What a service also sends is neither feedback nor an error."""
    page = received(source(preset), event)

    assert (page.items, page.warnings) == ((), ())


@pytest.mark.parametrize("preset", [*PRESETS, "generic"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"null",
        b"[]",
        b'"text"',
        b"1" * 10_000,
        b'{"event_type":"form_response","form_response":[]}',
        b'{"events":[[],null,7,{"eventName":7}]}',
    ],
)
def test_hostile_bodies_are_source_errors_or_nothing(preset: str, body: bytes) -> None:
    """No body breaks a reader, and no message quotes it."""
    items, said = outcome(preset, body)

    assert items == ()
    assert len(said) < 300


def test_hostile_values_cost_only_themselves() -> None:
    """NaN, huge numbers, NUL and lone surrogates leave a feedback that can be stored."""
    body = (
        b'{"event_type":"survey_response.created","event_id":NaN,'
        b'"event_data":{"id":"7","survey_type":"nps","score":'
        + b"9" * 6000
        + b',"created_at":1e400,"updated_at":-Infinity,'
        + b'"comment":"a\\u0000b\\ud800c","person":{"name":["x"]}}}'
    )
    item = only(received(source("delighted"), body))

    assert (item.body, item.rating, item.created_at, item.edited_at) == (
        "ab\ufffdc",
        None,
        None,
        None,
    )
    assert item.body.encode()


def test_an_id_beyond_all_measure_is_still_an_identity() -> None:
    """A very long id is stored as its digest: equal for equal ids."""
    event = example("delighted_created")
    event["event_data"]["id"] = "x" * 100_000
    delighted = source("delighted")
    first, second = only(received(delighted, event)), only(received(delighted, event))

    assert first.key == second.key
    assert len(first.external_id) < 500


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values, st.sampled_from(PRESETS))
def test_any_json_is_taken(value: object, preset: str) -> None:
    """Whatever JSON comes, the answer is a page or a SourceError."""
    items, said = outcome(preset, json.dumps(value).encode())

    assert not (items and said)


@given(json_values)
def test_values_at_any_path_are_plain(value: object) -> None:
    """Readers of a value never fail, and text can always be stored."""
    data = parse_json_body(json.dumps({"a": [value]}).encode())

    assert text_at(data, "a[0]").encode().decode() == text_at(data, "a[0]")
    assert number_at(data, "a.0") is None or isinstance(number_at(data, "a.0"), float)
    found = time_at(data, "a[0]")
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b[1].c", 3),
        ("a.b.1.c", 3),
        ("a.b[2].c", None),
        ("a.b.x", None),
        ("z", None),
        ("a.b[-1].c", None),
    ],
)
def test_paths(path: str, expected: object) -> None:
    """A path leads through objects and lists, and to None where there is nothing."""
    assert value_at({"a": {"b": [{}, {"c": 3}]}}, path) == expected


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"preset": "generic"}, "say where title, body or rating stand"),
        ({"preset": "generic", "mapping": {"id": "x"}}, "say where title, body or rating stand"),
        ({"preset": "generic", "mapping": {"bodie": "x"}}, "did you mean 'body'"),
        (
            {"preset": "typeform", "mapping": {"body": "x"}},
            'only preset = "generic" takes a mapping',
        ),
        ({"preset": "typeform", "signature_header": "X-Sig"}, 'only preset = "generic" takes it'),
        ({"preset": "surveymonkey"}, "SurveyMonkey needs it"),
        ({"preset": "typeform", "client_id": "x"}, 'only preset = "surveymonkey" takes it'),
        ({"preset": "typeform", "secret_env": "hunter2 is my secret"}, "match pattern"),
        ({"preset": "no_such"}, "Input should be"),
    ],
)
def test_options_that_do_not_fit_are_mistakes(values: dict[str, Any], said: str) -> None:
    """Each mistake says what is allowed."""
    with pytest.raises(ValidationError, match=said):
        WebhookOptions.model_validate({"secret_env": "HOOK_SECRET", **values})


def test_polling_yields_nothing() -> None:
    """There is nothing to poll, whatever the cursor."""
    assert [list(source("typeform").collect(cursor, NOW)) for cursor in ("", "x")] == [[], []]
