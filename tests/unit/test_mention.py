"""Whom a rule calls: Slack's own forms pass, and the rest is told the right one."""

from __future__ import annotations

import pytest

from monitor.domain.mention import require_mentions


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@here",
        "@channel, @everyone",
        "<!here>",
        "<@U0123ABCD>",
        "<@W0123ABCD> <!subteam^S0123ABCD>",
        "<!subteam^S0123ABCD|@support>",
    ],
)
def test_what_calls_somebody_passes(written: str) -> None:
    """Slack's own forms, alone or several, are taken as they are."""
    assert require_mentions(written) == written


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("U0123ABCD", "'U0123ABCD' calls nobody; write <@U0123ABCD>"),
        ("@U0123ABCD", "'@U0123ABCD' calls nobody; write <@U0123ABCD>"),
        ("<U0123ABCD>", "'<U0123ABCD>' calls nobody; write <@U0123ABCD>"),
        ("@here, S0123ABCD", "'S0123ABCD' calls nobody; write <!subteam^S0123ABCD>"),
        ("<@S0123ABCD>", "'<@S0123ABCD>' calls nobody; write <!subteam^S0123ABCD>"),
        (
            "#support",
            "'#support' calls nobody; a channel has a key of its own: channel = \"#support\"",
        ),
        ("@lead", "'@lead' calls nobody; write @here, @channel, @everyone, a person's id as "),
        ("@SUPPORT", "'@SUPPORT' calls nobody; write @here"),
        ("anna", "'anna' calls nobody; write @here"),
        ("@support-team", "'@support-team' calls nobody; write @here"),
        ("@here @here @here @here @here @here", "6 mentions; at most 5 are shown"),
    ],
)
def test_what_calls_nobody_is_refused_with_the_right_form(written: str, says: str) -> None:
    """A bare id is told how it is written; for a name there is a list of the forms."""
    with pytest.raises(ValueError, match=r"mentions|calls nobody") as caught:
        require_mentions(written)
    assert str(caught.value).startswith(says)
