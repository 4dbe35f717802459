"""The figures in the document: the part between two marks is replaced, the rest stays."""

from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"


def replace_figures(text: str, document: Path = DOCUMENT) -> None:
    """Write *text* between the marks of *document*."""
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{after}", encoding="utf-8")
