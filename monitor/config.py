"""config.toml and the environment as frozen settings; every mistake named at once by its key path."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from monitor.errors import ConfigError, Problem, near
from monitor.feedback import Stage, Touchpoint
from monitor.hours import DAYS, Calendar, checked_days, checked_place, checked_zone, time_of_day

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(kB|MB|GB)?")
_SIZE_UNITS = {None: 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3}
#: Longer and larger than anyone means, and small enough to be added to any date and counted with.
_LONGEST = timedelta(weeks=520)
_LARGEST = 1000 * 1000**3
#: What a source, rule or workspace may be called: it appears in addresses, logs and commands.
NAME = r"^[a-z0-9][a-z0-9_-]{0,62}$"
#: What an environment variable that holds a secret may be called; empty for none.
VARIABLE = r"^([A-Z][A-Z0-9_]{0,62})?$"
#: A class of somebody else's; empty for none.
OBJECT = r"^([A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*)?$"
#: An option of a source whose key ends like this names the environment variable with one of its secrets.
_NAMES_VARIABLE = "_env"
_LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})")

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse_duration(value: object) -> timedelta:
    """The time that "90s", "5m", "24h", "7d" or "2w" stands for; "0s" is none."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError('a time with its unit is needed, like "90s", "5m", "24h" or "7d"')
    seconds = float(found[1]) * _UNITS[found[2]]
    if seconds > _LONGEST.total_seconds():
        raise ValueError('a time of at most "520w" is allowed')
    return timedelta(seconds=seconds)


def _parse_size(value: object) -> int:
    found = _SIZE.fullmatch(str(value).strip()) if isinstance(value, (str, int)) else None
    if not found:
        raise ValueError('a size is needed, like "10MB" or "500kB"')
    size = float(found[1]) * _SIZE_UNITS[found[2]]
    if size > _LARGEST:
        raise ValueError('a size of at most "1000GB" is allowed')
    return int(size)


def _checked_address(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", value):
        raise ValueError('an e-mail address is needed, like "ops@example.com"')
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
#: "yes" and 1 are mistakes: a switch of what is safe must not be guessed.
Switch = Annotated[bool, Field(strict=True)]
#: How often something is asked: never without a pause.
Interval = Annotated[Duration, Field(ge=timedelta(seconds=1))]
Size = Annotated[int, BeforeValidator(_parse_size)]
Name = Annotated[str, Field(pattern=NAME)]
Variable = Annotated[str, Field(pattern=VARIABLE)]
Address = Annotated[str, AfterValidator(_checked_address)]


class Section(BaseModel):
    """A table of the configuration: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class StoreSettings(Section):
    """Where everything is kept."""

    url: str = Field(default="sqlite:///repwatch.db", repr=False)  #: a file is relative to the configuration
    migrate: Switch = True  #: bring the schema up to date at start


class SlackSettings(Section):
    """How cards get to Slack; used when `default_channel` is set."""

    default_channel: str = ""
    api_url: str = "https://slack.com/api/"
    posts_per_second: float = Field(default=1.0, ge=0, le=1000)  #: per channel; Slack allows about one; 0 is no limit
    cards_per_hour: int = Field(default=60, ge=0)  #: per channel; 0 is no limit
    settle_seconds: float = Field(default=5.0, ge=0, le=3600)  #: wait before looking for a message of unknown fate


class HttpSettings(Section):
    """How feeds and interfaces are fetched."""

    allow_private_networks: Switch = False
    timeout: Duration = timedelta(seconds=20)  #: for a whole request, redirects and body included
    #: Between the beginnings of two requests to one host; this machine needs no rest.
    pause: Annotated[Duration, Field(ge=timedelta(), le=timedelta(minutes=1))] = timedelta(seconds=1)
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


class AnalysisSettings(Section):
    """How words are read; files of the team's own lie over the shipped ones and are relative to the configuration."""

    deep: Switch = True  #: words of complaints, signals, journey and models too; without, about five times as fast
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
    def _address(cls, listen: str) -> str:
        found = _LISTEN.fullmatch(listen)
        if listen and not (found and int(found[2]) < 65536):
            raise ValueError('write an address and a port, like "127.0.0.1:8080" or "[::1]:8080"')
        return listen

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port of `listen`; ("", 0) for off."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port or 0)


class HoursSettings(Section):
    """When the team works: what the limits of rules with `working_hours` count; known when `timezone` is set."""

    timezone: Annotated[str, AfterValidator(checked_zone)] = ""  #: IANA name
    days: Annotated[tuple[str, ...], AfterValidator(checked_days)] = DAYS[:5]
    open: Annotated[time, BeforeValidator(time_of_day)] = time(9)  #: local
    close: Annotated[time, BeforeValidator(time_of_day)] = time(17, 30)  #: not after `open`: on the following day
    holidays: Annotated[str, AfterValidator(checked_place)] = ""  #: "DE" or "DE-BE"; empty for none

    @property
    def calendar(self) -> Calendar:
        """The working time that these settings describe."""
        if not self.timezone:
            return Calendar.always()
        days = frozenset(DAYS.index(day) for day in self.days)
        return Calendar(self.timezone, days, self.open, self.close, self.holidays)


class RespondSettings(Section):
    """What follows an alert until somebody has dealt with it."""

    agents: tuple[str, ...] = ()  #: ids of Slack users and groups who may act; empty: everybody in the channel
    managers: tuple[str, ...] = ()  #: who may also approve and mute; empty: every agent
    assign: Annotated[str, Field(pattern="^(nobody|round_robin|on_call)$")] = "nobody"  #: whose a new alert is
    people: tuple[str, ...] = ()  #: ids of Slack users: all in turn, or the first who is on call
    confirm_after: Duration = timedelta(hours=8)  #: a taken alert without a sign of life is given back; 0 s: never
    reopen_within: Duration = timedelta(days=7)  #: so soon after it was resolved, the same problem is the same alert
    approval: Switch = False  #: a manager reads an answer before it is published
    templates: str = ""  #: a file of answers to start from
    voice: str = ""  #: how the brand speaks, shown where answers are written
    brand: str = ""  #: its name, as answers have it
    signature: str = ""  #: how answers end
    drafter: Annotated[str, Field(pattern=OBJECT)] = ""  #: a language model that drafts: "package.module:Class"

    @property
    def confirm_seconds(self) -> float:
        """Seconds without a sign of life; 0 for no end."""
        return self.confirm_after.total_seconds()


class DeskSettings(Section):
    """How Slack brings back what people do there; needs SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."""

    mode: Annotated[str, Field(pattern="^(auto|socket|http|off)$")] = "auto"  #: auto: as the secrets allow
    connections: int = Field(default=2, ge=1, le=10)  #: in socket mode; one can be renewed while another listens


class AlarmSettings(Section):
    """When and whom repwatch tells that it is itself in trouble; addresses that hold a token are among the secrets."""

    after: Annotated[Duration, Field(ge=timedelta(minutes=1))] = timedelta(minutes=5)  #: trouble that passes is none
    outbox_older_than: Annotated[Duration, Field(ge=timedelta(minutes=1))] = timedelta(minutes=15)
    email_to: tuple[Address, ...] = ()
    email_from: Address | None = None  #: the first of `email_to` where it is not given


class SourceSettings(BaseModel):
    """One `[[sources]]` table; what is left over in `options` belongs to the kind."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: Name
    kind: str
    every: Interval | None = None
    stage: Stage | None = None  #: where its feedback belongs, unless the words tell otherwise; None: as the kind says
    touchpoint: Touchpoint | None = None
    official: tuple[str, ...] = ()  #: the brand's own accounts: they never alert, what they answer is answered
    options: Mapping[str, Any] = Field(default_factory=dict)


class Secrets(Section):
    """Credentials, from the environment or the .env file beside the configuration; never written anywhere.

    Beside the ones below, it holds those that the options of sources name (`secret_env = "SURVEY_SECRET"`).
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

    def named(self, variable: str) -> SecretStr:
        """The secret in an environment variable that the options of a source name; empty where it is not set."""
        return self.__pydantic_extra__.get(variable, SecretStr(""))

    def redact(self, text: str) -> str:
        """The text with every secret in it replaced by ***."""
        known = [getattr(self, name) for name in type(self).model_fields]
        values = (secret.get_secret_value() for secret in (*known, *self.__pydantic_extra__.values()))
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
    desk: DeskSettings = DeskSettings()
    alarm: AlarmSettings = AlarmSettings()
    sources: tuple[SourceSettings, ...] = ()
    secrets: Secrets = Field(default=Secrets(), repr=False)


def load(path: Path, environ: Mapping[str, str]) -> tuple[Settings, list[Problem]]:
    """The settings in `path` with the secrets of `environ` and of the .env file beside it, and every mistake.

    A section with a mistake has its defaults, so that the caller can go on and find the mistakes of the other parts:
    what belongs to a kind of source is checked where the source is built. Raises ConfigError for no TOML at all.
    """
    data = read_toml(path)
    folder = path.parent.resolve()
    variables = _variables(folder, environ)
    sources, problems = _sources(data.pop("sources", []), path.name, variables)
    values: dict[str, Any] = {"folder": folder, "sources": sources, "secrets": _secrets(sources, variables)}
    for key, table in data.items():
        section, found = _section(key, table, path.name)
        values.update({key: section} if section else {})
        problems += found
    return Settings.model_validate(values), problems


def _section(key: str, table: object, file: str) -> tuple[BaseModel | None, list[Problem]]:
    model = Settings.model_fields[key].annotation if key in _sections() else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return None, [Problem(f"{file}: {key}", _unknown_key(key, [*_sections(), "sources"]))]
    if not isinstance(table, dict):
        return None, [Problem(f"{file}: {key}", f"write it as a table headed [{key}]")]
    return validate(model, table, f"{file}: {key}.")


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file; ConfigError when it is missing, unreadable or not TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        hint = "create one with `repwatch init`" if path.suffix == ".toml" else "check the path"
        raise ConfigError([Problem(str(path), f"no such file; {hint}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([Problem(path.name, f"not UTF-8 at byte {error.start}; save it as UTF-8")]) from None
    except OSError as error:
        raise ConfigError([Problem(str(path), f"cannot be read: {error.strerror}")]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem(path.name, f"not valid TOML: {error}")]) from None


def validate(model: type[ModelT], values: Mapping[str, Any], where: str) -> tuple[ModelT | None, list[Problem]]:
    """The checked model, or None with every mistake; `where` is put before each key."""
    try:
        return model.model_validate(dict(values)), []
    except ValidationError as error:
        return None, [_problem(model, item, where) for item in error.errors(include_url=False)]


#: What pydantic's types of mistakes mean to somebody who writes TOML.
_NEEDED: Mapping[str, str] = {
    "bool_type": "true or false is needed",
    "float_parsing": "a number is needed",
    "float_type": "a number is needed",
    "int_from_float": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_type": "a whole number is needed",
    "list_type": 'a list is needed, like ["one", "two"]',
    "string_type": "text in quotes is needed",
    "tuple_type": 'a list is needed, like ["one", "two"]',
}


def _problem(model: type[BaseModel], item: Any, where: str) -> Problem:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]).lstrip(".")
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        message = _unknown_key(str(item["loc"][-1]), _keys_at(model, item["loc"][:-1]))
    elif item["type"] in _NEEDED:
        message = _NEEDED[item["type"]]
    elif item["type"] == "missing":
        message = "this key is needed"
    elif item["type"] == "string_pattern_mismatch":
        message = f"does not fit: {_pattern_in_words(item['ctx']['pattern'])}"
    return Problem(f"{where}{path}", message)


def _unknown_key(key: str, allowed: Sequence[str]) -> str:
    return f"unknown key; {near(key, allowed)}"


def _pattern_in_words(pattern: str) -> str:
    if pattern == NAME:
        return "lower-case letters, digits, - and _, at most 63, are allowed"
    if pattern == VARIABLE:
        return "write the name of an environment variable in upper case, like SURVEY_SECRET"
    if pattern == OBJECT:
        return 'write a module and a class of it, like "ourcompany.drafts:Model"'
    words = pattern.strip("^$()").split("|")
    if all(word.isalnum() for word in words):
        return f"allowed: {', '.join(words)}"
    return f"it must fit the pattern {pattern}"


def _keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """The keys of the model that stands at `loc` inside `model`."""
    current: Any = model
    for part in loc:
        field = current.model_fields.get(part) if isinstance(part, str) else None
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return []
        current = field.annotation
    return list(current.model_fields)


def _sections() -> list[str]:
    return [name for name in Settings.model_fields if name not in ("folder", "secrets", "sources")]


def _sources(
    tables: object, file: str, variables: Mapping[str, str]
) -> tuple[tuple[SourceSettings, ...], list[Problem]]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [Problem(f"{file}: sources", "write each source as a table headed [[sources]]")]
    sources: list[SourceSettings] = []
    problems: list[Problem] = []
    for index, table in enumerate(tables):
        own = {key: table[key] for key in ("id", "kind", "every", "stage", "touchpoint", "official") if key in table}
        options = {key: value for key, value in table.items() if key not in own}
        source, found = validate(SourceSettings, {**own, "options": options}, f"{file}: sources[{index}].")
        problems += found + _unset(options, variables, f"{file}: sources[{index}].")
        if source and any(source.id == other.id for other in sources):
            problems.append(Problem(f"{file}: sources[{index}].id", f"{source.id!r} is already taken"))
        if source is None and isinstance(table.get("kind"), str):
            # Something is wrong with it, but its own options can be checked all the same.
            source = SourceSettings(id=f"source-{index}", kind=table["kind"], options=options)
        if source:
            sources.append(source)
    return tuple(sources), problems


def _unset(options: Mapping[str, Any], variables: Mapping[str, str], where: str) -> list[Problem]:
    """The options that name a variable which is not set."""
    return [
        Problem(f"{where}{key}", f"{name} is neither in the environment nor in .env; set it to the secret")
        for key, name in _named(options)
        if name not in variables
    ]


def _named(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The options that name a variable, and which; what is no name of one is a mistake that the kind tells of."""
    return [
        (key, name)
        for key, name in options.items()
        if key.endswith(_NAMES_VARIABLE) and isinstance(name, str) and name and re.fullmatch(VARIABLE, name)
    ]


def _variables(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment wins over the .env file; an empty variable counts as unset."""
    file = {key: value for key, value in _dotenv(folder / ".env").items() if value}
    found = {**file, **{key: value for key, value in environ.items() if value}}
    return {key: value.strip() for key, value in found.items() if value.strip()}


def _secrets(sources: Sequence[SourceSettings], variables: Mapping[str, str]) -> Secrets:
    """The secrets that repwatch itself knows of, and those that sources name."""
    values = {name: variables[name.upper()] for name in Secrets.model_fields if name.upper() in variables}
    named = {name for source in sources for _, name in _named(source.options)}
    return Secrets.model_validate(values | {name: variables[name] for name in named if name in variables})


def _dotenv(path: Path) -> Mapping[str, str | None]:
    """The variables of a .env file as written there; none where there is no file."""
    try:
        return dotenv_values(path, interpolate=False)
    except UnicodeDecodeError as error:
        raise ConfigError([Problem(path.name, f"not UTF-8 at byte {error.start}; save it as UTF-8")]) from None
    except OSError as error:
        raise ConfigError([Problem(path.name, f"cannot be read: {error.strerror}")]) from None
