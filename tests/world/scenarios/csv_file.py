"""A file of survey answers."""

from typing import Any

from tests.world.hostile import spoilt_lines
from tests.world.scenario import Scenario


class CsvFileScenario(Scenario):
    """A file with a row for each answer."""

    many = 410

    def open(self) -> None:
        self.rows: dict[str, str] = {}
        self._write("")

    @property
    def options(self) -> dict[str, Any]:
        return {"path": "answers.csv", "mapping": {"id": "id", "body": "text"}}

    def show(self, text: str) -> None:
        self.rows[f"r{len(self.rows)}"] = text
        self._write("1")

    def change(self) -> None:
        self.rows = {name: f"{text}, said otherwise" for name, text in reversed(self.rows.items())}
        self._write("2")

    def spoil(self, junk: Any) -> None:
        self._write("1")
        (self.folder / "answers.csv").write_bytes(
            spoilt_lines((self.folder / "answers.csv").read_bytes(), junk)
        )

    def _write(self, votes: str) -> None:
        rows = "".join(f"{name},{text},{votes}\n" for name, text in self.rows.items())
        (self.folder / "answers.csv").write_text(f"id,text,votes\n{rows}", "utf-8")
