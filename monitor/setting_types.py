"""What sections of the configuration are made of: their base, and values that several have."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _validate_email(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", value):
        raise ValueError('an e-mail address is needed, like "ops@example.com"')
    return value


EmailAddress = Annotated[str, AfterValidator(_validate_email)]


class Section(BaseModel):
    """A table of the configuration: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
