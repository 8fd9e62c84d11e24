"""Cut the model of the py3langid package down to what repwatch asks, and write the shipped file.

    python benchmarks/cut_language_model.py [--out FILE]

What is left are the bytes of Latin letters, the languages of `monitor.analysis.language`, and the
part of the automaton that those bytes reach. The same package gives the same file. As it comes the
model takes 106 MB and more than half a second to load; what is left takes 11 MB and a tenth.
"""

from __future__ import annotations

import argparse
import lzma
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.language import LANGUAGES, LETTER_BYTES, SHIPPED

Arrays = dict[str, NDArray[Any]]


def load_package() -> Arrays:
    """Return the arrays of the installed package."""
    packed = resources.files("py3langid").joinpath("data/model.npz.xz").read_bytes()
    with np.load(BytesIO(lzma.decompress(packed)), allow_pickle=False) as arrays:
        return dict(arrays)


def find_reached(moves: NDArray[Any], row: NDArray[Any]) -> NDArray[np.intp]:
    """Return the states that can be reached from the first, in order."""
    reached = np.zeros(len(row), np.bool_)
    newest = np.zeros(1, np.intp)
    while newest.size:
        reached[newest] = True
        after = np.zeros(len(row), np.bool_)
        after[moves[np.unique(row[newest])]] = True
        newest = np.flatnonzero(after & ~reached)
    return np.flatnonzero(reached)


def cut_model(whole: Arrays) -> Arrays:
    """Return the part for our bytes and languages, states numbered anew, equal rows kept once."""
    columns = [whole["classes"].tolist().index(code) for code in LANGUAGES]
    moves = whole["nextmove"].reshape(-1, 256)[:, list(LETTER_BYTES)]
    states = find_reached(moves, whole["nextmove_row"])
    number = np.zeros(len(whole["nextmove_row"]), np.uint16)
    number[states] = np.arange(len(states))
    rows, row = np.unique(whole["nextmove_row"][states], return_inverse=True)
    features = whole["out_feat"][states]
    table = np.zeros((len(states), len(LANGUAGES)), np.float32)
    known = features >= 0
    table[known] = whole["ptc"][features[known]][:, columns]
    return {
        "move": number[moves[rows]],
        "row": (row * len(LETTER_BYTES)).astype(np.uint32),
        "table": table,
        "prior": whole["pc"][columns],
    }


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Cut the language model down.")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    arrays = cut_model(load_package())
    with arguments.out.open("wb") as file:
        np.savez_compressed(file, **arrays)
    shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} bytes: {shapes}")


if __name__ == "__main__":
    main()
