"""The interface of a part of a digest: what it loads, and how it is said.

A part is one file in `monitor/digest/parts/`; its value is frozen in the snapshot, and worded from
there, so that every renderer and every later reading says the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording
from monitor.domain.document import DocumentBlock

ValueT = TypeVar("ValueT")


class DigestPart(ABC, Generic[ValueT]):
    """One section of a digest; it has no state of its own."""

    key: ClassVar[str]  #: in machine-readable output, addresses and the order of audiences
    title: ClassVar[str]
    value_type: ClassVar[type]  #: a frozen dataclass of simple types

    @abstractmethod
    def load(self, data: PeriodData) -> ValueT | None:
        """Return what there is to say of a period; None for nothing.

        Raises StoreError; whatever it raises, the other parts are made.
        """

    def list_quoted(self, _value: ValueT) -> tuple[int, ...]:
        """Return the ids of the feedback that `describe` quotes.

        A snapshot keeps no customer's words: they are looked up when it is worded, so that what was
        forgotten is quoted no more.
        """
        return ()

    @abstractmethod
    def describe(self, value: ValueT, wording: Wording) -> tuple[DocumentBlock, ...]:
        """Return the value in words, tables and figures."""
