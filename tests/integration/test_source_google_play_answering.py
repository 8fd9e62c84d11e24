"""Answering reviews on Google Play, over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from monitor.domain.feedback import Feedback
from monitor.errors import SourceRefused, SourceUnavailable, SourceUncertain
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from monitor.testing import NOON
from sources.base import PublishedReply, SourceContext
from sources.google_play import GooglePlayOptions, GooglePlaySource
from tests.world.faults import Fault, answers, answers_after_commit, lost_after_commit
from tests.world.google_play import PACKAGE, GooglePlay

URL = f"https://play.google.com/store/apps/details?id={PACKAGE}&reviewId=review-1"


@pytest.fixture
def play() -> Iterator[GooglePlay]:
    """Google with one review of one app."""
    with GooglePlay(clock=NOON.timestamp) as server, stamina.set_testing(True, attempts=1):
        server.review("It crashes")
        yield server


@pytest.fixture
def reader(play: GooglePlay, tmp_path: Path) -> Iterator[GooglePlaySource]:
    play.write_key_file(tmp_path)
    with HttpClient(HttpSettings(allow_private_networks=True)) as http:
        context = SourceContext(http=http, secrets=Secrets(), folder=tmp_path)
        own = {"package_name": PACKAGE, "credentials": "play.json", "api_url": play.url}
        yield GooglePlaySource("play", GooglePlayOptions.model_validate(own), context)


REVIEW = Feedback(source_id="play", external_id="review-1")


def test_a_review_is_answered(play: GooglePlay, reader: GooglePlaySource) -> None:
    """It stands at the review, is found there, and takes the place of an earlier one."""
    assert reader.can_reply
    assert reader.publish_reply(REVIEW, "Fixed in 4.3.") == PublishedReply(URL, "")
    assert reader.find_reply(REVIEW, "Fixed in  4.3.", NOON) == PublishedReply(URL, "")
    assert reader.find_reply(REVIEW, "Something else", NOON) is None
    reader.publish_reply(REVIEW, "Fixed, really.")
    assert play.answer_to("review-1") == "Fixed, really."


@pytest.mark.parametrize(
    ("fault", "error", "answered"),
    [
        pytest.param(answers(503), SourceUncertain, "", id="failed"),
        pytest.param(
            answers_after_commit(500), SourceUncertain, "Sorry.", id="failed after the commit"
        ),
        pytest.param(lost_after_commit, SourceUncertain, "Sorry.", id="lost after the commit"),
        pytest.param(answers(429, {"Retry-After": "9"}), SourceUnavailable, "", id="too many"),
        pytest.param(answers(403), SourceRefused, "", id="not allowed"),
    ],
)
def test_what_is_known_of_an_answer_that_failed(
    play: GooglePlay, reader: GooglePlaySource, fault: Fault, error: type[Exception], answered: str
) -> None:
    """It is asked for once, and uncertain is whatever may have arrived."""
    play.fail_next(fault, path=":reply")
    with pytest.raises(error):
        reader.publish_reply(REVIEW, "Sorry.")
    assert (len(play.requests_to(":reply")), play.answer_to("review-1")) == (1, answered)


def test_without_a_key_file_nobody_answers(reader: GooglePlaySource, tmp_path: Path) -> None:
    """Then it cannot read either."""
    (tmp_path / "play.json").unlink()
    assert not reader.can_reply
