"""The sections of config.toml as frozen values with their limits; `monitor.config` reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from monitor.brand_settings import MAX_GOALS, BrandSettings, GoalSettings
from monitor.digest_settings import DigestSettings
from monitor.domain.actor import Actor
from monitor.domain.business_hours import (
    DAYS,
    BusinessCalendar,
    parse_time_of_day,
    validate_holiday_region,
    validate_timezone,
    validate_weekdays,
)
from monitor.domain.duty import DutyOverride, DutyRotation, first_turn_day, parse_handover
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.mention import require_member_id
from monitor.domain.workspace import Workspace
from monitor.section import NAME_PATTERN as NAME_PATTERN
from monitor.section import SECONDS_BY_UNIT as SECONDS_BY_UNIT
from monitor.section import EmailAddress
from monitor.section import Name as Name
from monitor.section import Section as Section
from monitor.section import parse_duration as parse_duration

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(kB|MB|GB)?")
_SIZE_UNITS = {None: 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3}
#: Larger than anyone means, and small enough to be counted with.
_LARGEST = 1000 * 1000**3
#: What an environment variable that holds a secret may be called; empty for none.
VARIABLE_PATTERN = r"^([A-Z][A-Z0-9_]{0,62})?$"
#: A class of somebody else's; empty for none.
CLASS_PATH_PATTERN = r"^([A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*)?$"
_LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})")


def _parse_size(value: object) -> int:
    found = _SIZE.fullmatch(str(value).strip()) if isinstance(value, (str, int)) else None
    if not found:
        raise ValueError('a size is needed, like "10MB" or "500kB"')
    size = float(found[1]) * _SIZE_UNITS[found[2]]
    if size > _LARGEST:
        raise ValueError('a size of at most "1000GB" is allowed')
    return int(size)


def _validate_user_id(value: str) -> str:
    if not re.fullmatch(r"[UW][A-Z0-9]{1,20}", value):
        raise ValueError("ids only, like U0123ABC: in Slack, profile > Copy member ID")
    return value


def _validate_user_or_group_id(value: str) -> str:
    if not re.fullmatch(r"[UWS][A-Z0-9]{1,20}", value):
        raise ValueError(
            "ids only, like U0123ABC (in Slack, profile > Copy member ID) or S0123ABC of a user "
            "group"
        )
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
#: "yes" and 1 are mistakes: a switch of what is safe must not be guessed.
Switch = Annotated[bool, Field(strict=True)]
#: How often something is asked: never without a pause.
Interval = Annotated[Duration, Field(ge=timedelta(seconds=1))]
Size = Annotated[int, BeforeValidator(_parse_size)]
Variable = Annotated[str, Field(pattern=VARIABLE_PATTERN)]
AttributeName = Annotated[str, Field(min_length=1, max_length=100)]
SlackUserId = Annotated[str, AfterValidator(_validate_user_id)]
SlackUserOrGroupId = Annotated[str, AfterValidator(_validate_user_or_group_id)]


class StoreSettings(Section):
    """Where everything is kept."""

    #: a file is relative to the configuration
    url: str = Field(default="sqlite:///repwatch.db", repr=False)
    migrate: Switch = True  #: bring the schema up to date at start


class SlackSettings(Section):
    """How cards get to Slack; used when `default_channel` is set."""

    default_channel: str = ""
    api_url: str = "https://slack.com/api/"
    #: per channel; Slack allows about one; 0 is no limit
    posts_per_second: float = Field(default=1.0, ge=0, le=1000)
    cards_per_hour: int = Field(default=60, ge=0)  #: per channel; 0 is no limit
    #: wait before looking for a message of unknown fate
    settle_seconds: float = Field(default=5.0, ge=0, le=3600)
    #: attributes of a feedback that its card shows, by the names that the source gives them
    attributes: tuple[str, ...] = Field(default=(), max_length=6)


class HttpSettings(Section):
    """How feeds and interfaces are fetched."""

    allow_private_networks: Switch = False
    timeout: Duration = timedelta(seconds=20)  #: for a whole request, redirects and body included
    #: Between the beginnings of two requests to one host; this machine needs no rest.
    pause: Annotated[Duration, Field(ge=timedelta(), le=timedelta(minutes=1))] = timedelta(
        seconds=1
    )
    max_size: Size = 10_000_000  #: bytes of a body after decompression
    contact: str = ""  #: an address for the operators of the sites, part of the user agent


class RulesSettings(Section):
    """Which rules hold."""

    file: str = ""  #: relative to the configuration file
    presets: tuple[str, ...] = ()


class CollectSettings(Section):
    """What is true for every source."""

    alert_if_newer_than: Duration = timedelta(hours=24)
    every: Interval = timedelta(minutes=5)  #: for sources that do not say
    unread_summary: Switch = True  #: each day: what was not read and has no stars
    #: local in `hours.timezone`, else UTC
    unread_summary_at: Annotated[time, BeforeValidator(parse_time_of_day)] = time(9)


class AnalysisSettings(Section):
    """How words are read; files of the team's own lie over the shipped ones and are relative to the
    configuration.
    """

    #: words of complaints, signals, journey and models too; without, about five times as fast
    deep: Switch = True
    lexicon: str = ""  #: words and phrases with weights
    signals: str = ""  #: patterns of things worth naming
    journey: str = ""  #: patterns of stages, touchpoints and drivers


class PrivacySettings(Section):
    """What is hidden where feedback is shown or exported; it is stored as it came."""

    mask: Switch = True  #: e-mail addresses, phone, card and account numbers and the like


class LogSettings(Section):
    """How the program speaks of itself, on standard error."""

    level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    format: Annotated[str, Field(pattern="^(text|json)$")] = "text"


class WebSettings(Section):
    """Where services and monitoring reach repwatch over HTTP; used when `listen` is set."""

    listen: str = ""  #: "127.0.0.1:8080"; empty is off, port 0 any free one

    @field_validator("listen")
    @classmethod
    def _validate_listen(cls, listen: str) -> str:
        found = _LISTEN.fullmatch(listen)
        if listen and not (found and int(found[2]) < 65536):
            raise ValueError('write an address and a port, like "127.0.0.1:8080" or "[::1]:8080"')
        return listen

    @property
    def host_and_port(self) -> tuple[str, int]:
        """The host and the port of `listen`; ("", 0) for off."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port or 0)


class HoursSettings(Section):
    """When the team works: what the limits of rules with `working_hours` count; known when
    `timezone` is set.
    """

    timezone: Annotated[str, AfterValidator(validate_timezone)] = ""  #: IANA name
    days: Annotated[tuple[str, ...], AfterValidator(validate_weekdays)] = DAYS[:5]
    open: Annotated[time, BeforeValidator(parse_time_of_day)] = time(9)  #: local
    #: not after `open`: on the following day
    close: Annotated[time, BeforeValidator(parse_time_of_day)] = time(17, 30)
    holidays: Annotated[str, AfterValidator(validate_holiday_region)] = (
        ""  #: "DE" or "DE-BE"; empty for none
    )

    @property
    def business_calendar(self) -> BusinessCalendar:
        """The working time that these settings describe."""
        if not self.timezone:
            return BusinessCalendar.always_open()
        days = frozenset(DAYS.index(day) for day in self.days)
        return BusinessCalendar(self.timezone, days, self.open, self.close, self.holidays)


class RespondSettings(Section):
    """What follows an alert until somebody has dealt with it."""

    #: Slack users and groups who may act; empty: everybody in the channel
    agents: tuple[SlackUserOrGroupId, ...] = ()
    managers: tuple[
        SlackUserOrGroupId, ...
    ] = ()  #: who may also approve and mute; empty: every agent
    #: whose a new alert is
    assign: Annotated[str, Field(pattern="^(nobody|round_robin|on_call)$")] = "nobody"
    #: Ids of Slack users: all in turn, or the first who is on call.
    people: Annotated[tuple[SlackUserId, ...], Field(validate_default=True)] = ()
    #: a taken alert without a sign of life is given back; 0 s: never
    confirm_after: Duration = timedelta(hours=8)
    #: so soon after it was resolved, the same problem is the same alert
    reopen_within: Duration = timedelta(days=7)
    approval: Switch = False  #: a manager reads an answer before it is published
    templates: str = ""  #: a file of answers to start from
    voice: str = ""  #: how the brand speaks, shown where answers are written
    brand: str = ""  #: its name, as answers have it
    signature: str = ""  #: how answers end
    #: a language model that drafts: "package.module:Class"
    drafter: Annotated[str, Field(pattern=CLASS_PATH_PATTERN)] = ""

    @field_validator("people")
    @classmethod
    def _require_people(cls, people: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        assign = info.data.get("assign", "nobody")
        if assign != "nobody" and not people:
            raise ValueError(f'assign = "{assign}" needs at least one id of a Slack user here')
        return people

    @property
    def confirm_seconds(self) -> float:
        """Seconds without a sign of life; 0 for no end."""
        return self.confirm_after.total_seconds()


def _validate_shift_length(length: timedelta) -> timedelta:
    if length < timedelta(days=1) or length % timedelta(days=1):
        raise ValueError('a shift lasts whole days or weeks, like "1d" or "1w"')
    return length


def _require_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("a day is needed, without quotes, like 2026-01-05")


def _require_local_time(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(  # noqa: TRY004 - pydantic names the key of a ValueError alone
            "a day or a time is needed, without quotes, like 2026-12-24 or 2026-12-24T09:00:00"
        )
    if isinstance(value, datetime) and value.tzinfo:
        raise ValueError("write it without an offset: timezone says which time it is")
    return value


DutyPerson = Annotated[str, AfterValidator(require_member_id)]
#: A day or a time of the rotation's own time zone, as TOML has them: without quotes.
LocalTime = Annotated[date, PlainValidator(_require_local_time)]
Day = Annotated[date, PlainValidator(_require_day)]


class DutyOverrideSettings(Section):
    """One `[[duty.overrides]]` table: who has duty in a span of time, whoever's turn it is."""

    person: DutyPerson
    since: LocalTime = Field(alias="from")  #: a day: from its beginning
    until: LocalTime = Field(alias="to")  #: a day: until its end

    @field_validator("until")
    @classmethod
    def _require_span(cls, until: date, info: ValidationInfo) -> date:
        since = info.data.get("since")
        if since is not None and _begin_of(since) >= _end_of(until):
            raise ValueError("must be later than from")
        return until

    def to_override(self, zone: tzinfo) -> DutyOverride:
        """Return the override with its times in a zone."""
        return DutyOverride(
            person=Actor.slack(self.person),
            since=_begin_of(self.since).replace(tzinfo=zone).astimezone(UTC),
            until=_end_of(self.until).replace(tzinfo=zone).astimezone(UTC),
        )


def _begin_of(value: date) -> datetime:
    """Return a local time as it is, or the beginning of a day."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _end_of(value: date) -> datetime:
    """Return a local time as it is, or the end of a day."""
    return value if isinstance(value, datetime) else _begin_of(value) + timedelta(days=1)


class DutySettings(Section):
    """Who has duty; known when `people` are named."""

    every: Annotated[Duration, AfterValidator(_validate_shift_length)] = timedelta(weeks=1)
    #: local; without a day where shifts are no weeks
    handover: Annotated[str, Field(validate_default=True)] = "Mon 09:00"
    timezone: Annotated[str, AfterValidator(validate_timezone)] = ""  #: IANA name
    starts: Day = date(2026, 1, 5)  #: the first person's day
    people: tuple[DutyPerson, ...] = ()  #: ids of Slack users, in the order of their turns
    overrides: tuple[DutyOverrideSettings, ...] = ()  #: the later one wins
    channel: str = ""  #: where a change is told; empty: where cards go
    assign: Switch = True  #: a new alert is assigned to whoever has duty

    @field_validator("handover")
    @classmethod
    def _validate_handover(cls, handover: str, info: ValidationInfo) -> str:
        if "every" in info.data:
            parse_handover(handover, info.data["every"])
        return handover

    @field_validator("people")
    @classmethod
    def _require_timezone(cls, people: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if people and info.data.get("timezone") == "":
            raise ValueError('a duty needs a timezone, like "Europe/Berlin"')
        return people

    @property
    def rotation(self) -> DutyRotation | None:
        """The rotation that these settings describe; None where nobody has duty."""
        if not self.people:
            return None
        weekday, at = parse_handover(self.handover, self.every)
        zone = ZoneInfo(self.timezone)
        return DutyRotation(
            people=tuple(map(Actor.slack, self.people)),
            zone=self.timezone,
            first_day=first_turn_day(self.starts, weekday),
            handover=at,
            days=self.every.days,
            overrides=tuple(entry.to_override(zone) for entry in self.overrides),
        )


class DeskSettings(Section):
    """How Slack brings back what people do there; needs SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."""

    #: auto: as the secrets allow
    mode: Annotated[str, Field(pattern="^(auto|socket|http|off)$")] = "auto"
    #: in socket mode; one can be renewed while another listens
    connections: int = Field(default=2, ge=1, le=10)


class CustomerSettings(Section):
    """By what one customer is known again over all channels."""

    #: Attributes whose values identify a person exactly, by the names that sources give them.
    link_by: Annotated[tuple[AttributeName, ...], Field(max_length=6)] = ()

    @field_validator("link_by")
    @classmethod
    def _validate_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if taken := {"author", "name"}.intersection(names):
            raise ValueError(
                f"{min(taken)!r} identifies nobody across sources; name an attribute such as "
                '"email" or "customer_id"'
            )
        return tuple(dict.fromkeys(names))


class AlarmSettings(Section):
    """When and whom repwatch tells that it is itself in trouble; addresses that hold a token are
    among the secrets.
    """

    #: trouble that passes is none
    after: Annotated[Duration, Field(ge=timedelta(minutes=1))] = timedelta(minutes=5)
    outbox_older_than: Annotated[Duration, Field(ge=timedelta(minutes=1))] = timedelta(minutes=15)
    email_to: tuple[EmailAddress, ...] = ()
    email_from: EmailAddress | None = None  #: the first of `email_to` where it is not given


class SourceSettings(BaseModel):
    """One `[[sources]]` table; what is left over in `options` belongs to the kind."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: Name
    kind: str
    every: Interval | None = None
    #: where its feedback belongs, unless the words tell otherwise; None: as the kind says
    stage: Stage | None = None
    touchpoint: Touchpoint | None = None
    #: the brand's own accounts: they never alert, what they answer is answered
    official: tuple[str, ...] = ()
    options: Mapping[str, Any] = Field(default_factory=dict)


class Secrets(Section):
    """Credentials, from the environment or the .env file beside the configuration; never written
    anywhere.

    Beside the ones below, it holds those that the options of sources name (`secret_env =
    "SURVEY_SECRET"`).
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SecretStr] = Field(init=False)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    reddit_client_id: SecretStr = SecretStr("")
    reddit_client_secret: SecretStr = SecretStr("")
    reddit_username: SecretStr = SecretStr("")
    reddit_password: SecretStr = SecretStr("")
    reddit_refresh_token: SecretStr = SecretStr("")
    discourse_api_key: SecretStr = SecretStr("")
    github_token: SecretStr = SecretStr("")
    reddit_feed_token: SecretStr = SecretStr("")
    mastodon_access_token: SecretStr = SecretStr("")
    alarm_heartbeat_url: SecretStr = SecretStr("")
    alarm_webhook_url: SecretStr = SecretStr("")
    alarm_smtp_url: SecretStr = SecretStr("")
    digest_smtp_url: SecretStr = SecretStr("")
    events_hook_secret: SecretStr = SecretStr("")  #: signs what is sent to /hooks/events

    def get_secret(self, variable: str) -> SecretStr:
        """The secret in an environment variable that the options of a source name; empty where it
        is not set.
        """
        return self.__pydantic_extra__.get(variable, SecretStr(""))

    def redact(self, text: str) -> str:
        """The text with every secret in it replaced by ***."""
        known = [getattr(self, name) for name in type(self).model_fields]
        values = (
            secret.get_secret_value() for secret in (*known, *self.__pydantic_extra__.values())
        )
        for value in sorted(values, key=len, reverse=True):
            if len(value) >= 4:
                text = text.replace(value, "***")
        return text


class Settings(Section):
    """The whole configuration."""

    folder: Path = Path()  #: where the configuration file lies; relative paths start here
    store: StoreSettings = StoreSettings()
    slack: SlackSettings = SlackSettings()
    http: HttpSettings = HttpSettings()
    rules: RulesSettings = RulesSettings()
    collect: CollectSettings = CollectSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    privacy: PrivacySettings = PrivacySettings()
    log: LogSettings = LogSettings()
    web: WebSettings = WebSettings()
    hours: HoursSettings = HoursSettings()
    respond: RespondSettings = RespondSettings()
    duty: DutySettings = DutySettings()
    brand: BrandSettings = BrandSettings()
    customers: CustomerSettings = CustomerSettings()
    desk: DeskSettings = DeskSettings()
    alarm: AlarmSettings = AlarmSettings()
    digest: DigestSettings = DigestSettings()
    goals: Annotated[tuple[GoalSettings, ...], Field(max_length=MAX_GOALS)] = ()
    sources: tuple[SourceSettings, ...] = ()
    secrets: Secrets = Field(default=Secrets(), repr=False)

    @property
    def workspace(self) -> Workspace:
        """What rules may ask for of the team and the brand."""
        return Workspace(
            calendar=self.hours.business_calendar if self.hours.timezone else None,
            competitors=tuple(table.competitor for table in self.brand.competitors),
        )
