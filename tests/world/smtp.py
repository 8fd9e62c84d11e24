"""A mail server for tests: takes mails over a real socket, and refuses what it is told to
refuse.
"""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self

from tests.world.waiting import LAST_RESORT


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it was handed in."""

    sender: str
    recipients: tuple[str, ...]
    mail: EmailMessage


@dataclass
class Smtp:
    """A server in a `with` statement; `refuses` maps the beginning of a command to the answer that
    it gets.
    """

    user: str = ""  #: who may hand in, with the password; empty for everybody
    password: str = ""
    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    losses: int = 0  #: so many mails are taken, and the answer gets lost

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._listener.server_address[1]}"

    def __enter__(self) -> Self:
        self._listener = _Listener(self)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.01,), name="smtp"
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()

    def lets_in(self, proof: str) -> bool:
        """Whether this AUTH PLAIN response holds the right login."""
        return base64.b64decode(proof).decode() == f"\0{self.user}\0{self.password}"


class _Listener(ThreadingTCPServer):
    daemon_threads = False  # server_close() joins them

    def __init__(self, owner: Smtp) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Session)


class _Session(StreamRequestHandler):
    """One connection, command by command (RFC 5321, AUTH PLAIN of RFC 4954)."""

    server: _Listener
    timeout = LAST_RESORT

    def handle(self) -> None:
        self._say("220 mail.world ESMTP")
        self._begin()
        while line := self.rfile.readline().decode().strip():
            answer = self._answer(line)
            if not answer:
                return
            self._say(answer)
            if line.upper() == "QUIT":
                return

    def _begin(self) -> None:
        self._sender, self._recipients, self._known = "", list[str](), not self.server.owner.user

    def _answer(self, line: str) -> str:
        owner, (verb, _, rest) = self.server.owner, line.partition(" ")
        for start, refusal in owner.refuses.items():
            if line.upper().startswith(start.upper()):
                return refusal
        match verb.upper():
            case "EHLO":
                return "250-mail.world\r\n250 AUTH PLAIN"
            case "AUTH":
                self._known = owner.lets_in(rest.removeprefix("PLAIN "))
                return "235 welcome" if self._known else "535 5.7.8 wrong login: " + rest
            case "MAIL" | "RCPT" if not self._known:
                return "530 log in first"
            case "MAIL":
                self._sender = _between(rest)
            case "RCPT":
                self._recipients.append(_between(rest))
            case "DATA":
                self._say("354 go on")
                self._take()
                if owner.losses:
                    owner.losses -= 1
                    return ""
            case "QUIT":
                return "221 bye"
        return "250 OK"

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
            lines.append(line.removeprefix(b"."))
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.owner.letters.append(Letter(self._sender, tuple(self._recipients), mail))

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


def _between(text: str) -> str:
    """The address within < and >."""
    return text.partition("<")[2].partition(">")[0]
