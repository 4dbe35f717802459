"""The SQL of the storage, which another engine is to read one day."""

import re
from pathlib import Path

import pytest

MODULES = sorted((Path(__file__).parents[1] / "storage").glob("*.py"))
SQLITE_ONLY = re.compile(
    r"\b(json_each|json_extract|instr|ifnull|rowid|group_concat|julianday|INSERT OR)\b"
)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_no_statement_has_words_that_sqlite_alone_knows(module):
    assert SQLITE_ONLY.findall(module.read_text()) == []
