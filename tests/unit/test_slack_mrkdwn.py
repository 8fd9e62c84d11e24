"""Slack's markup: strangers' texts command nothing, our marks stand where they should, cuts split
nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.domain.actor import Actor
from monitor.notifiers.plain_text import find_spans, fold_lines, safe_url, sanitize_text
from monitor.slack import mrkdwn
from monitor.slack.mrkdwn import Mrkdwn


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<https://evil.example|bank>", "&lt;https://evil.example|bank&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("*bold* ~no~ `code`", "∗bold∗ ∼no∼ ˋcodeˋ"),
        ("_it_ but ERR_CONN_RESET", "ˍitˍ but ERR_CONN_RESET"),
        ("> quote\n>>> more\na > b", "› quote\n››› more\na &gt; b"),
        (":siren: at 12:30:45", "꞉siren: at 12:30:45"),
        ("plain", "plain"),
    ],
)
def test_escape_leaves_no_command(text: str, expected: str) -> None:
    """What Slack would obey becomes characters that only look so; all else stays as written."""
    assert expected == mrkdwn.escape(sanitize_text(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\n\r\n\r\nb\u2028c\x0bd", "a\nb\nc\nd"),
        ("a \t\u00a0  b", "a b"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07x\x00", "red x"),
        ("\u202egpj.exe\u202c \u2066x\u2069\u200b\u2060", "gpj.exe x"),
        ("Z" + "\u0301" * 50, "Z" + "\u0301" * 6),
        ("\ud83d broken", "\ufffd broken"),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"),
        ("x\U000e0041\U000e0042", "x"),
    ],
)
def test_clean_keeps_words_and_drops_tricks(text: str, expected: str) -> None:
    """Controls, overrides, invisible characters and towers of marks go; joiners that scripts need
    stay.
    """
    assert expected == sanitize_text(text)


def test_folded_keeps_all_words() -> None:
    """A text of many lines is shown on few, with nothing lost."""
    assert fold_lines("1\n2\n3\n4\n5", 3) == "1\n2\n3 4 5"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("It crashes. Crashes!", ("crashes",), "It *crashes*. Crashes!"),
        ("an app, happy", ("app",), "an *app*, happy"),
        ("does not\nwork", ("does not work",), "*does not*\n*work*"),
        ("not work, work", ("work", "not work"), "*not work*, *work*"),
        ("a & b", ("&",), "a *&amp;* b"),
        ("R&D &amp; amp", ("amp",), "R&amp;D &amp;*amp*; *amp*"),
        ("これは壊れています", ("壊れ",), "これは\u200b*壊れ*\u200bています"),
        ("*so* bad", ("*so*", "bad"), "*∗so∗* *bad*"),
        ("nothing", ("absent", ""), "nothing"),
        ("C++ and C", ("C++",), "*C++* and C"),
    ],
)
def test_mark_bolds_the_words_where_they_stand(
    text: str, words: tuple[str, ...], expected: str
) -> None:
    """Words are bold as whole words, in their own case, never inside entities, and only our marks
    format.
    """
    assert expected == mrkdwn.bold_words(sanitize_text(text), words)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("one two three", 7, "one…"),
        ("unbreakable", 5, "unbr…"),
        ("&&&&", 20, "&&&&"),
        ("&&&&", 19, "&&&…"),
        ("👩\u200d💻👩\u200d💻", 6, "👩\u200d💻…"),
        ("👩\u200d💻", 3, "…"),
        ("e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"),
        ("x", 0, ""),
    ],
)
def test_cut_ends_at_a_word(text: str, limit: int, expected: str) -> None:
    """The cut counts what escaping adds, ends at a word where it can, and splits no visible
    character.
    """
    assert expected == mrkdwn.cut(sanitize_text(text), limit)


def test_excerpt_shows_the_words_that_mattered() -> None:
    """When the beginning shows none of the words, the excerpt starts shortly before the first of
    them.
    """
    text = sanitize_text(f"{'filler ' * 100}then it crashes again {'filler ' * 100}")

    shown = mrkdwn.excerpt(text, ("crashes",), 100)

    assert shown.startswith("… filler")
    assert "then it crashes again" in shown
    assert len(shown) <= 100
    assert mrkdwn.cut(text, 100) == mrkdwn.excerpt(text, ("absent",), 100)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("@here", "<!here>"),
        ("<!channel>", "<!channel>"),
        ("<@U123> <!subteam^S123|@support>", "<@U123> <!subteam^S123|@support>"),
        ("<@U1>, <@W2>", "<@U1> <@W2>"),
        ("<!subteam^S1><!channel>", "&lt;!subteam^S1&gt;&lt;!channel&gt;"),
        ("<https://evil.example>", "&lt;https://evil.example&gt;"),
        ("@anna", "@anna"),
        ("", ""),
    ],
)
def test_only_whole_mentions_mention(written: str, expected: str) -> None:
    """An operator's well-formed mentions work; whatever else stands there is text."""
    assert expected == mrkdwn.format_mentions(written)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?y=1&z=2#w", "https://a.example/x?y=1&z=2#w"),
        ("HTTP://A.example", "http://a.example"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("https://a.example/<!channel>|b c", "https://a.example/%3C!channel%3E%7Cb%20c"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://[::1]:8080/", "https://[::1]:8080/"),
        ("https://bank.example\\@evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://a.example:port/", ""),
        ("https://a b.example/", ""),
        (f"https://a.example/{'x' * 1000}", ""),
        ("", ""),
    ],
)
def test_safe_url_leads_to_the_web_or_nowhere(url: str, expected: str) -> None:
    """An address cannot break out of its link, run a script or hide its host."""
    assert expected == safe_url(url)


def test_link_label_is_text() -> None:
    """A title cannot close its link or bring another address; without an address it is shown as it
    is.
    """
    assert (
        mrkdwn.link("https://a.example/?b&c", mrkdwn.escape_line("x> | y *z*"))
        == "<https://a.example/?b&amp;c|x&gt; ¦ y ∗z∗>"
    )
    assert mrkdwn.link("ftp://a.example", Mrkdwn("x")) == "x"


def test_inert_text_pings_and_links_nobody() -> None:
    """Bare addresses and names are broken up where no text object says verbatim."""
    assert (
        mrkdwn.break_autolinks(Mrkdwn("@here see https://x.example"))
        == "@\u2060here see https:\u2060//x.example"
    )


def test_local_time_names_utc_for_old_clients() -> None:
    """The reader's client shows local time; one that cannot shows UTC, whatever zone the time came
    in.
    """
    at = datetime(2026, 11, 22, 3, 4, tzinfo=timezone(timedelta(hours=1)))

    assert (
        f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|2026-11-22 02:04 UTC>"
        == (mrkdwn.local_time(at))
    )
    assert mrkdwn.local_time(at) == mrkdwn.local_time(at.astimezone(UTC))


@pytest.mark.parametrize(
    ("assignee", "expected"),
    [
        ("user:U0ANNA123", "<@U0ANNA123>"),
        ("cli:anna", "anna"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("", ""),
    ],
)
def test_member_is_named(assignee: str, expected: str) -> None:
    """People known by their Slack id are mentioned; others are only named."""
    assert expected == mrkdwn.mention_member(Actor.parse_optional(assignee))


def test_spans_take_the_longest_word() -> None:
    """Overlapping words make one span each, the longest where they meet."""
    assert find_spans("not good bad", ("not", "not good", "bad")) == [(0, 8), (9, 12)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("this is for user:U0ANNA123, group:S0SUPPORT", "<@U0ANNA123>, <!subteam^S0SUPPORT>"),
        ("user:U0ANNA123: done", "<@U0ANNA123>: done"),
        ("user:anna, group:U0ANNA123", "user:anna, group:U0ANNA123"),
    ],
)
def test_people_and_groups_in_our_texts_are_mentioned(text: str, expected: str) -> None:
    """Whatever names a person or a group by the id is a mention, also where a colon follows it."""
    shown = mrkdwn.mention_people(mrkdwn.escape_line(text))

    assert shown.endswith(expected)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "until 2026-11-22 02:04 UTC: more",
            "until <!date^1795313040^{date_short_pretty} at {time}|2026-11-22 02:04 UTC>: more",
        ),
        ("2026-13-01 02:04 UTC", "2026-13-01 02:04 UTC"),
        ("1912-04-15 02:20 UTC", "1912-04-15 02:20 UTC"),
        ("2026-11-22 02:04", "2026-11-22 02:04"),
    ],
)
def test_times_in_our_words_are_those_of_the_reader(text: str, shown: str) -> None:
    """A time in UTC becomes one that Slack shows in the reader's zone; what is no time stays."""
    assert mrkdwn.localize_times(Mrkdwn(text)) == shown


def test_a_text_full_of_times_stays_short() -> None:
    """Only the first few are replaced, since each becomes longer."""
    many = Mrkdwn(" ".join(["2026-11-22 02:04 UTC"] * 100))
    assert mrkdwn.localize_times(many).count("<!date") == 5
    assert len(mrkdwn.localize_times(many)) < len(many) + 300
