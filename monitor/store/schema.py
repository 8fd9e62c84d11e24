"""The tables, as SQLModel rows; private to the store.

Enums are plain strings (a native enum cannot grow in a migration) and times are aware UTC. The
search index `feedback_words` is not among them, because it differs between the databases: see
`monitor.store.search`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from monitor.store.column_types import BigIdColumn
from monitor.store.customer_schema import customer_keys as customer_keys
from monitor.store.customer_schema import customer_links as customer_links
from monitor.store.customer_schema import identities as identities
from monitor.store.customer_schema import identity_uses as identity_uses
from monitor.store.learning_schema import team_models as team_models
from monitor.store.learning_schema import verdicts as verdicts
from monitor.store.rollup_schema import rollup_keys as rollup_keys
from monitor.store.rollup_schema import rollups as rollups
from monitor.store.rule_schema import rule_changes as rule_changes
from monitor.store.table_row import (
    NEVER_AGAIN,
    TableRow,
    big_integer_column,
    id_column,
    key_column,
    number_column,
    reference_column,
    server_default,
    text_column,
)
from monitor.store.table_row import metadata as metadata
from monitor.store.window_schema import window_feedback as window_feedback
from monitor.store.window_schema import windows as windows


class FeedbackRow(TableRow, table=True):
    """A Feedback; one that is deleted upstream is removed, so there is no column for that."""

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index(None, "at"),
        Index(None, "source_id", "at"),
        Index(None, "first_seen_at"),
        Index(None, "source_id", "author_id"),
        Index(None, "source_id", "author_name"),
        NEVER_AGAIN,
    )

    id: int | None = id_column()
    source_id: str = key_column()
    external_id: str = key_column()
    content_hash: str = text_column()
    at: datetime  #: created_at, or first_seen_at where the source gives no time
    first_seen_at: datetime
    created_at: datetime | None
    edited_at: datetime | None
    kind: str = text_column()
    title: str = text_column()
    body: str = text_column()
    markup: str = text_column()
    author_name: str = key_column()
    author_id: str = key_column()
    author_reach: int | None = big_integer_column()
    url: str = text_column()
    thread_id: str = text_column()
    parent_id: str = text_column()
    language: str = text_column()
    rating: float | None
    rating_scale: str | None = text_column()
    score: int | None = big_integer_column()
    replies: int | None = big_integer_column()
    app_version: str = text_column()
    question: str = text_column()
    attributes: str = text_column()  #: JSON object
    #: whether one of our own accounts wrote it
    own: bool = number_column(**server_default("false"))


class AnalysisRow(TableRow, table=True):
    """An Analysis; NULL where an analyzer does not exist yet."""

    __tablename__ = "analyses"

    feedback_id: int = reference_column("feedback.id", primary_key=True, ondelete="CASCADE")
    text: str = text_column()
    words: str = text_column()
    language: str = text_column()
    unscored: str = text_column()
    vader_compound: float | None
    vader_neg: float | None
    vader_neu: float | None
    vader_pos: float | None
    label: str | None = text_column()
    score: float | None
    problem: float | None
    signals: str | None = text_column()  #: JSON: [[name, [word, ...]], ...]
    stage: str | None = text_column()
    touchpoint: str | None = text_column()
    drivers: str | None = text_column()  #: JSON array
    emotion: str | None = text_column()
    why: str = text_column()  #: JSON array


class AlertRow(TableRow, table=True):
    """An Alert."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(None, "rule_id", "group_key", "opened_at"),
        Index(None, "opened_at"),
        Index(None, "group_rule", "group_key"),
        Index(None, "explained_by"),
        Index(None, "joined_into"),
        Index(None, "copy_group"),
        Index(None, "status"),
        Index(None, "next_at"),
        Index(None, "assignee"),
        NEVER_AGAIN,
    )

    id: int | None = id_column()
    rule_id: str = key_column()
    rule_name: str = text_column()
    rule_version: str = text_column()
    severity: str = text_column()
    status: str = key_column()
    group_key: str = key_column()
    channel: str = key_column()
    mention: str = text_column()
    reason: str = text_column()
    words: str = text_column()  #: JSON array
    opened_at: datetime
    updated_at: datetime
    version: int
    turn: int = number_column(**server_default("1"))
    members: int
    assignee: str = key_column()
    limits: str = text_column(**server_default("'{}'"))  #: JSON object
    #: the rule whose group it is: one that was raised keeps that of the rule that opened it
    group_rule: str = key_column(**server_default("''"))
    #: the feedback whose words its reason quotes; 0 where nobody noted it
    explained_by: int = big_integer_column(**server_default("0"))
    #: whether it may be shown in the default channel where its own cannot be reached
    fallback: bool = number_column(**server_default("true"))
    #: near copies of its text join it; empty for none
    copy_group: str = key_column(**server_default("''"))
    advice: str = text_column(**server_default("''"))
    ticket: str = text_column(**server_default("''"))
    joined_into: int = big_integer_column(**server_default("0"))
    snooze: str | None = text_column()  #: JSON object; NULL unless it is snoozed
    next_at: datetime | None
    rule_number: int = number_column(**server_default("0"))


class MatchRow(TableRow, table=True):
    """A decided Match: it outlives its feedback, without the customer's words."""

    __tablename__ = "matches"
    __table_args__ = (
        UniqueConstraint("feedback_id", "rule_id"),
        Index(None, "alert_id"),
        Index(None, "joined_from"),
        Index(None, "group_digest", "at"),
        Index(None, "at"),
        NEVER_AGAIN,
    )

    id: int | None = id_column()
    feedback_id: int = big_integer_column()
    source_id: str = key_column()
    rule_id: str = key_column()
    rule_version: str = text_column()
    severity: str = text_column()
    live: bool
    outcome: str = text_column()
    reason: str = text_column()
    alert_id: int | None = reference_column("alerts.id")
    clauses: str = text_column()  #: JSON: [[condition, said, [word, ...]], ...]
    at: datetime
    rule_name: str = text_column(**server_default("''"))
    #: the alert from which a person moved it into this one; 0 for none
    joined_from: int = big_integer_column(**server_default("0"))
    #: stands for rule and group where the rule must hold for a while; else empty
    group_digest: str = key_column(**server_default("''"))
    rule_number: int = number_column(**server_default("0"))


class AlertEventRow(TableRow, table=True):
    """An AlertEvent; `feedback_id` tells whose words its note may hold."""

    __tablename__ = "alert_events"
    __table_args__ = (
        Index(None, "alert_id"),
        Index(None, "feedback_id"),
        Index(None, "at"),
        NEVER_AGAIN,
    )

    id: int | None = id_column()
    alert_id: int = reference_column("alerts.id")
    feedback_id: int | None = big_integer_column()
    at: datetime
    kind: str = text_column()
    actor: str = text_column()
    before: str | None = text_column()
    after: str | None = text_column()
    note: str = text_column()
    via: str = text_column(**server_default("''"))
    details: str = text_column(**server_default("'{}'"))  #: JSON object


class DeliveryRow(TableRow, table=True):
    """A Delivery; `dedupe_key` makes sure that one thing is queued once."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index(None, "state", "channel", "not_before"),
        Index(None, "alert_id"),
        Index(None, "card_id"),
        Index(None, "merged_into"),
        Index(None, "message_id"),
    )

    id: str = key_column(primary_key=True)
    dedupe_key: str = key_column()
    kind: str = text_column()
    state: str = key_column()
    channel: str = key_column()
    alert_id: int | None = reference_column("alerts.id")
    event_id: int | None = Field(sa_type=BigIdColumn)
    merged_into: str | None = key_column(foreign_key="deliveries.id")
    severity: str = text_column()
    created_at: datetime
    not_before: datetime
    attempts: int
    attempted_at: datetime | None
    probes: int
    sent_at: datetime | None
    message_id: str = text_column()
    posted_to: str = text_column()
    error: str = text_column()
    repeat: bool
    #: whether the channel's budget may hold it back
    budgeted: bool = number_column(**server_default("true"))
    #: the card that it is about; empty for a card, a summary and a call that has none
    card_id: str = key_column(**server_default("''"))
    home: bool = number_column(**server_default("true"))
    mention: str = text_column(**server_default("''"))
    fallback: bool = number_column(**server_default("true"))
    meant_for: str = text_column(**server_default("''"))
    replaces: str = key_column(**server_default("''"))
    #: whether it shows what a person did, which goes before new cards
    prompt: bool = number_column(**server_default("false"))


class RuleVersionRow(TableRow, table=True):
    """A rule as it was when it decided something."""

    __tablename__ = "rule_versions"

    rule_id: str = key_column(primary_key=True)
    version: str = key_column(primary_key=True)
    definition: str = text_column()  #: JSON object
    at: datetime


class SourceStateRow(TableRow, table=True):
    """A SourceState."""

    __tablename__ = "source_states"

    source_id: str = key_column(primary_key=True)
    cursor: str = text_column()
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    due_at: datetime | None
    failures: int
    error: str = text_column()
    stopped: bool
    rechecked_at: datetime | None


class SourceHourRow(TableRow, table=True):
    """An Hour of a source."""

    __tablename__ = "source_hours"

    source_id: str = key_column(primary_key=True)
    at: datetime = Field(primary_key=True)
    polls: int
    failures: int
    items: int


class SourceGapRow(TableRow, table=True):
    """A Gap of a source."""

    __tablename__ = "source_gaps"
    __table_args__ = (Index(None, "source_id", "since"),)

    id: int = id_column()
    source_id: str = key_column()
    since: datetime
    until: datetime | None
    reason: str = text_column()


class InboxRow(TableRow, table=True):
    """An InboxEntry; what is done keeps its digest for a while, so that it is known when it comes
    again.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source_id", "digest"),
        Index(None, "due_at"),
        Index(None, "done_at"),
    )

    id: int | None = id_column()
    source_id: str = key_column()
    digest: str = key_column()
    received_at: datetime
    headers: str = text_column()  #: JSON object
    query: str = text_column()  #: JSON object
    body: bytes  #: empty once it is done
    attempts: int
    error: str = text_column()
    due_at: datetime | None  #: when it is tried next; NULL for what is done or given up
    done_at: datetime | None


class SimilarTextRow(TableRow, table=True):
    """A SimilarText: the first of its group, until it is purged or unlike everything new for 30
    days.
    """

    __tablename__ = "similar_texts"
    __table_args__ = (Index(None, "seen_at"),)

    feedback_id: int = reference_column("feedback.id", primary_key=True, ondelete="CASCADE")
    fingerprint: str = text_column()
    signature: bytes
    seen_at: datetime


class SimilarBandRow(TableRow, table=True):
    """A key under which a similar text is found; without reference to it, so that purging scans no
    index for it.
    """

    __tablename__ = "similar_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)

    band: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    feedback_id: int = Field(
        primary_key=True, sa_type=BigIdColumn, sa_column_kwargs={"autoincrement": False}
    )


class ForgottenRow(TableRow, table=True):
    """A person who asked to be forgotten, by a digest; `key` is the same in every row."""

    __tablename__ = "forgotten"

    digest: str = key_column(primary_key=True)
    key: str = text_column()
    at: datetime


class MuteRow(TableRow, table=True):
    """A Mute: one of each rule."""

    __tablename__ = "mutes"

    rule_id: str = key_column(primary_key=True)
    until: datetime
    actor: str = key_column()
    at: datetime
    reason: str = text_column(**server_default("''"))


class ReplyRow(TableRow, table=True):
    """A Reply; it outlives its feedback, without the words."""

    __tablename__ = "replies"
    __table_args__ = (
        Index(None, "state", "not_before"),
        Index(None, "alert_id"),
        Index(None, "feedback_id"),
        NEVER_AGAIN,
    )

    id: int | None = id_column()
    alert_id: int = reference_column("alerts.id")
    feedback_id: int = big_integer_column()
    source_id: str = key_column()
    text: str = text_column()
    state: str = key_column()
    actor: str = text_column()
    via: str = text_column()
    at: datetime
    decided_by: str = text_column()
    not_before: datetime | None
    attempts: int
    attempted_at: datetime | None
    probes: int
    looks: int
    url: str = text_column()
    external_id: str = text_column()
    error: str = text_column()


class AnsweredRow(TableRow, table=True):
    """A feedback of an alert that was answered, for noticing what its author does then."""

    __tablename__ = "answered"
    __table_args__ = (Index(None, "source_id", "author"), Index(None, "alert_id"))

    feedback_id: int = reference_column("feedback.id", primary_key=True, ondelete="CASCADE")
    alert_id: int = reference_column("alerts.id", primary_key=True)
    source_id: str = key_column()
    author: str = key_column()  #: folded id or name; empty for nobody known
    at: datetime
    came_back: bool


class NoticeRow(TableRow, table=True):
    """A Notice: what the delivery with its id shows."""

    __tablename__ = "notices"

    id: str = key_column(foreign_key="deliveries.id", primary_key=True, ondelete="CASCADE")
    body: str = text_column()  #: JSON object


class HandoverRow(TableRow, table=True):
    """A Handover."""

    __tablename__ = "handovers"

    id: str = key_column(primary_key=True)
    at: datetime
    giver: str = key_column()
    receiver: str = key_column()
    alerts: str = text_column()  #: JSON: [[moved id, ...], [skipped id, ...]]
    returns: str | None = key_column()  #: the id of the one that it takes back


class ToldShiftRow(TableRow, table=True):
    """A shift of the duty that people were told of; it outlives the message."""

    __tablename__ = "told_shifts"

    key: str = key_column(primary_key=True)
    at: datetime


class LeaseRow(TableRow, table=True):
    """Who may do what only one may do; `token` grows with each new holder."""

    __tablename__ = "leases"

    name: str = key_column(primary_key=True)
    holder: str = text_column()
    token: int = big_integer_column()
    expires_at: datetime


feedback = metadata.tables["feedback"]
analyses = metadata.tables["analyses"]
alerts = metadata.tables["alerts"]
matches = metadata.tables["matches"]
alert_events = metadata.tables["alert_events"]
deliveries = metadata.tables["deliveries"]
rule_versions = metadata.tables["rule_versions"]
source_states = metadata.tables["source_states"]
source_hours = metadata.tables["source_hours"]
source_gaps = metadata.tables["source_gaps"]
inbox = metadata.tables["inbox"]
similar_texts = metadata.tables["similar_texts"]
similar_bands = metadata.tables["similar_bands"]
forgotten = metadata.tables["forgotten"]
mutes = metadata.tables["mutes"]
replies = metadata.tables["replies"]
answered = metadata.tables["answered"]
notices = metadata.tables["notices"]
handovers = metadata.tables["handovers"]
told_shifts = metadata.tables["told_shifts"]
leases = metadata.tables["leases"]
