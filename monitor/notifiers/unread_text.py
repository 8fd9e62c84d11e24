"""The words of the daily message about what nobody read: plain text, without any markup."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain.unread import UnreadCounts, UnreadSummary
from monitor.notifiers.plain_text import one_line
from monitor.notifiers.wording import format_counts, format_plural

#: Languages and scripts that are named apart; what follows is added up.
_NAMES_SHOWN = 8
_LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "ko": "Korean",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "mr": "Marathi", "ms": "Malay",
    "nb": "Norwegian", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip

#: Why nobody heard of these texts.
UNREAD_NOTE = (
    "They have no stars, and the words of their languages are not scored: nobody was alerted."
)
#: What stands above the texts that are named.
WORST_TITLE = "Most likely trouble, by marks, capitals, length, words of trouble and the author"


def unread_headline(summary: UnreadSummary) -> str:
    """Return the first line: how much of which source."""
    texts = format_plural(summary.total, "text")
    were = "was" if summary.total == 1 else "were"
    return f"{texts} of {one_line(summary.subject.source_id)} {were} not read"


def format_unread_languages(by_reason: UnreadCounts) -> str:
    """Return how many texts there are in each language."""
    named = [(name_unread_language(reason), count) for reason, count in by_reason]
    return format_counts(named, _NAMES_SHOWN)


def format_unread_day(by_reason: UnreadCounts) -> str:
    """Return in one line what nobody read of a source in 24 hours."""
    texts = format_plural(sum(count for _, count in by_reason), "text")
    languages = format_unread_languages(by_reason)
    return f"{texts} of the last 24 h not read, without stars: {languages}"


def name_unread_language(reason: str) -> str:
    """Return the English name in "language: es" or "script: Cyrillic"; the code of a rare one."""
    kind, _, name = reason.partition(": ")
    if kind == "script":
        return f"{one_line(name)} script"
    return _LANGUAGES.get(name, one_line(name))
