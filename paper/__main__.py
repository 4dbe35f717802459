"""The child that makes one file: a job and its rows come in as JSON lines, the file goes out.

The first line says what is wanted, each other one is a list of rows, `null` is the end. Without it
whoever asked has gone, and nothing is left of the file. What goes out must be a file, not a pipe.
"""

import json
import os
import shutil
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from paper.chart import read_chart
from paper.column import Column
from paper.csv import csv_pieces

FAILED = 1
NICENESS = 5


def main(arguments: Sequence[str], source: BinaryIO, target: BinaryIO) -> int:
    """Make the file in the directory that is named, remove that, and return the exit status."""
    [directory] = arguments
    try:
        make(source, target)
        target.flush()
    except Exception as error:  # noqa: BLE001 - whatever it is, its words may hold what was in the rows
        place = traceback.extract_tb(error.__traceback__)[-1]
        name = Path(place.filename).name
        sys.stderr.write(f"{type(error).__name__} at {name}:{place.lineno}\n")
        return FAILED
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return 0


def make(source: BinaryIO, target: BinaryIO) -> None:
    """Make the file that the first line of *source* asks for.

    Raises:
        EOFError: Whoever asked has gone before all was said.
    """
    job = json.loads(source.readline() or "null")
    if job is None:
        raise EOFError
    pages = _pages(source)
    if job["form"] == "csv":
        target.writelines(csv_pieces([column["heading"] for column in job["columns"]], pages))
    elif job["form"] == "xlsx":
        # Each job needs but one of the libraries, and they take longer to load than many a file.
        from paper.xlsx import write_xlsx  # noqa: PLC0415

        columns = [Column(**column) for column in job["columns"]]
        about = [(title, text) for title, text in job["about"]]
        name, about_name = job["sheets"]
        write_xlsx(target, columns, pages, about=about, sheets=(name, about_name))
    else:
        from paper.draw import draw  # noqa: PLC0415 - the same

        for _ in pages:
            pass
        target.write(draw(read_chart(job["chart"])))


def _pages(source: BinaryIO) -> Iterator[list[list[Any]]]:
    for line in source:
        page = json.loads(line)
        if page is None:
            return
        yield page
    raise EOFError


if __name__ == "__main__":
    # The bot goes first where there are not enough cores.
    os.nice(NICENESS)
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
