"""What nobody read: which day a message counts, and which texts a person is shown first."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.domain.feedback import Analysis
from monitor.domain.tokens import normalize_text
from monitor.domain.unread import UnreadDay, UnreadText
from monitor.health.trouble import count_trouble_words, rank_by_trouble, weigh_trouble
from monitor.testing import make_feedback

NINE = time(9)
BERLIN = "Europe/Berlin"
#: For each language a complaint and kind words, as customers write.
SAID = {
    "es": (
        "Desde ayer la app no funciona y nadie contesta",
        "Todo llegó rápido, estoy encantada",
    ),
    "de": (
        "Seit gestern ist alles kaputt und keiner antwortet",
        "Alles kam schnell, gerne wieder",
    ),
    "fr": ("La carte ne marche pas depuis hier", "Tout est arrivé vite, je suis ravie"),
    "pt": ("O pedido não chegou e ninguém responde", "Tudo chegou rápido, adorei"),
    "it": ("Da ieri l'app non funziona più", "È arrivato tutto subito, sono contenta"),
    "nl": ("Sinds gisteren werkt niets, de app is kapot", "Alles kwam snel aan, ik ben blij"),
    "pl": ("Aplikacja nie działa od wczoraj", "Wszystko szybko przyszło, jestem zadowolona"),
    "tr": ("Uygulama dünden beri çalışmıyor", "Her şey hızlı geldi, çok memnunum"),
    "ru": ("Со вчерашнего дня ничего не работает", "Всё быстро пришло, я доволен"),
    "uk": ("З учорашнього дня нічого не працює", "Усе швидко прийшло, я задоволений"),
    "ar": ("التطبيق لا يعمل منذ أمس", "وصل كل شيء بسرعة وأنا سعيد"),
    "hi": ("कल से ऐप काम नहीं कर रहा है", "सब कुछ जल्दी मिला, मैं खुश हूँ"),
    "hi-Latn": ("Kal se app kaam nahi kar raha hai", "Sab kuch jaldi mila, main khush hoon"),
    "id": ("Sejak kemarin aplikasi tidak bisa dibuka", "Semua cepat sampai, saya senang"),
    "tl": ("Hindi gumagana ang app simula kahapon", "Mabilis dumating lahat, masaya ako"),
    "ja": ("昨日からアプリが動かない", "すぐに届いて嬉しいです"),
    "zh": ("从昨天开始就打不开了", "很快就收到了，非常满意"),
    "ko": ("어제부터 앱이 작동하지 않아요", "금방 도착해서 기뻐요"),
    "vi": ("Ứng dụng không hoạt động từ hôm qua", "Mọi thứ đến nhanh, tôi rất hài lòng"),
}


def text(
    body: str, code: str = "es", *, complained: bool = False, unscored: str = ""
) -> UnreadText:
    """A text that was found to be in a language."""
    reason = unscored or f"language: {code}"
    analysis = Analysis(text=body, words=normalize_text(body), language=code, unscored=reason)
    return UnreadText(make_feedback(body), analysis, complained)


@pytest.mark.parametrize(
    ("now", "zone", "since", "until"),
    [
        ("2026-11-30 08:59", "", "2026-11-28 09:00", "2026-11-29 09:00"),
        ("2026-11-30 09:00", "", "2026-11-29 09:00", "2026-11-30 09:00"),
        ("2026-11-30 08:00", BERLIN, "2026-11-29 08:00", "2026-11-30 08:00"),
        ("2026-03-29 07:30", BERLIN, "2026-03-28 08:00", "2026-03-29 07:00"),
        ("2026-10-25 08:30", BERLIN, "2026-10-24 07:00", "2026-10-25 08:00"),
    ],
)
def test_a_day_ends_at_its_time_in_its_zone(now: str, zone: str, since: str, until: str) -> None:
    """The last day that is over, of 23 or 25 hours where the clocks change."""
    day = UnreadDay.last_before(moment(now), NINE, zone)
    assert (day.since, day.until) == (moment(since), moment(until))


@given(minutes=st.integers(0, 60 * 24 * 400), zone=st.sampled_from(["", BERLIN, "Asia/Kolkata"]))
def test_days_follow_each_other_without_a_gap(minutes: int, zone: str) -> None:
    """What one message does not count the next one does, and none counts anything twice."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    day = UnreadDay.last_before(now, NINE, zone)
    following = UnreadDay.last_before(now + timedelta(days=1), NINE, zone)
    assert day.until <= now
    assert following.since == day.until or following == day or following.since > day.since


@pytest.mark.parametrize("code", SAID)
def test_words_of_trouble_are_found_in_each_language(code: str) -> None:
    """A complaint has one at least, kind words none."""
    complaint, praise = SAID[code]
    language = "id" if code == "hi-Latn" else code
    assert count_trouble_words(text(complaint, language)) >= 1
    assert count_trouble_words(text(praise, language)) == 0


@pytest.mark.parametrize("code", SAID)
def test_a_complaint_comes_before_kind_words(code: str) -> None:
    """Whatever the order in which they were found, and as the analyzer itself reads them."""
    analyzer = Analyzer()
    texts = []
    for body in SAID[code]:
        feedback = make_feedback(body)
        texts.append(UnreadText(feedback, analyzer.analyze(feedback)))
    complaint, praise = texts
    assert rank_by_trouble([praise, complaint], 1) == rank_by_trouble([complaint, praise], 1)
    assert rank_by_trouble([praise, complaint], 1) == (complaint,)


def test_what_counts_is_marks_capitals_length_words_and_the_author() -> None:
    """Each of them alone puts a text before one without it."""
    plain = text("Ayer compré otra vez aquí")
    for worse in (
        text("Ayer compré otra vez aquí!!!"),
        text("AYER COMPRÉ OTRA VEZ AQUÍ"),
        text("Ayer compré otra vez aquí, como cada semana desde el año pasado"),
        text("Ayer compré otra vez aquí: estafa"),
        text("Ayer compré otra vez aquí", complained=True),
    ):
        assert rank_by_trouble([plain, worse], 1) == (worse,)


def test_an_alphabet_stands_for_its_languages() -> None:
    """Where the letters tell no single language, the words of all that are written so count."""
    for code, script in (("ru", "Cyrillic"), ("uk", "Cyrillic"), ("ar", "Arabic")):
        assert count_trouble_words(text(SAID[code][0], "", unscored=f"script: {script}")) >= 1


def test_of_two_alike_the_later_one_is_shown() -> None:
    """There is always one order, whatever the store gave first."""
    one = text("hola")
    texts = [replace(one, feedback=replace(one.feedback, id=number)) for number in range(1, 6)]
    shuffled = random.Random(1).sample(texts, 5)
    assert rank_by_trouble(texts, 3) == rank_by_trouble(shuffled, 3) == tuple(texts[:1:-1])


@given(body=st.text(max_size=3000), code=st.sampled_from([*SAID, "xx", "", "<!channel>"]))
def test_any_text_can_be_weighed(body: str, code: str) -> None:
    """Whatever a stranger writes has a weight within its bounds."""
    assert 0 <= weigh_trouble(text(body, code, unscored="script: *")) <= 21.5
    assert 0 <= weigh_trouble(text(body, code)) <= 21.5


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)
