"""One customer on the terminal and for machines."""

from __future__ import annotations

from typing import Any

from monitor.cli.terminal import print_text
from monitor.domain.customer import CustomerHistory, CustomerLink, Identity, describe_history
from monitor.notifiers.wording import list_contacts

#: The last contacts that are shown.
_CONTACTS_SHOWN = 20


def print_history(history: CustomerHistory, name: str) -> None:
    """Print one customer: what is said of them in a line, by what they are known, each contact."""
    print_text(name)
    if said := describe_history(history):
        print_text(said)
    if history.identities:
        print_text(f"known by: {', '.join(map(describe_identity, history.identities))}")
    for line in list_contacts(history, _CONTACTS_SHOWN):
        print_text(line)


def describe_identity(identity: Identity) -> str:
    """Return what somebody is known by, without its value."""
    return f"{identity.kind} in {identity.source_id}" if identity.source_id else identity.kind


def history_to_dict(history: CustomerHistory) -> dict[str, Any]:
    """Return one customer for machines."""
    effects = {one.contact: str(one.effect) for one in history.answered}
    return {
        "said": describe_history(history),
        "known_by": [
            {"kind": one.kind, "source": one.source_id or None} for one in history.identities
        ],
        "channels": dict(history.contacts_by_channel),
        "complaints": len(history.complaints),
        "contacts": [
            {
                "feedback": contact.feedback_id,
                "source": contact.source_id,
                "at": contact.at.isoformat(),
                "sentiment": contact.label or None,
                "rating": contact.rating.value if contact.rating else None,
                "rating_scale": contact.rating.scale if contact.rating else None,
                "loyalty": contact.loyalty,
                "complaint": contact.is_complaint,
                "answered_at": contact.answered_at.isoformat() if contact.answered_at else None,
                "followed_by": effects.get(contact),
            }
            for contact in history.contacts
        ],
    }


def describe_link(link: CustomerLink) -> str:
    """Return a link in one line: what it joins, who made it, when."""
    ends = f"{describe_identity(link.first)} and {describe_identity(link.second)}"
    return f"link {link.id}: {ends}, by {link.actor.display_name} on {link.at:%Y-%m-%d}"
