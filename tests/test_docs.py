"""The documents say what the code does."""

import re
import tomllib
from pathlib import Path

import pytest

import bot
from bot.settings import Settings, variable
from handlers import COMMANDS
from handlers.stats.phrase import read_phrase
from handlers.texts import ENGLISH, RUSSIAN, Texts

ROOT = Path(__file__).resolve().parent.parent
READMES = {"README.md": ENGLISH, "README.ru.md": RUSSIAN}
REQUIRED = {"README.md": "required", "README.ru.md": "обязательно"}
DOCUMENTS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("[!.]*.md")) + sorted(
    path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")
)
FLOORS = ("bot", "handlers", "keitaro", "paper", "storage")
CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE = re.compile(r"\bmake((?: +[A-Za-z]\S*)*)")
MODULE = re.compile(r"\b(?:bot|handlers|keitaro|paper|storage|sandbox)/[\w/]+\.py\b")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def between(name: str, marker: str) -> list[list[str]]:
    """Return the rows of the table between the markers, without its head."""
    text = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", read(name), re.DOTALL)
    assert text
    lines = text[1].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def defaults() -> dict[str, str]:
    """Return every variable with its default as it is written in the environment."""
    return {
        variable(name): "" if field.is_required() or not field.default else str(field.default)
        for name, field in Settings.model_fields.items()
    }


def required() -> set[str]:
    fields = Settings.model_fields.items()
    return {variable(name) for name, field in fields if field.is_required()}


def modules() -> set[str]:
    """Return the modules of the four floors; what a package's own file does may go unnamed."""
    return {
        path.relative_to(ROOT).as_posix()
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if path.name != "__init__.py"
    }


def targets(text: str) -> set[str]:
    """Return the targets of make that are called in the code of *text*."""
    words = {word for call in MAKE.findall(text) for word in call.split() if "=" not in word}
    return {word.rstrip(".,;:`") for word in words}


@pytest.mark.parametrize(("name", "texts"), READMES.items())
def test_the_list_of_commands_is_the_table_of_commands(name: str, texts: Texts):
    expected = [
        ["<br>".join(f"`{form.text}`" for form in command.forms), command.summary(texts)]
        for command in COMMANDS
    ]

    assert between(name, "commands") == expected


@pytest.mark.parametrize("name", READMES)
def test_every_setting_stands_in_the_readme_with_its_default(name: str):
    shown = {
        variable: f"`{default}`" if default else "–" for variable, default in defaults().items()
    }
    expected = shown | dict.fromkeys(required(), REQUIRED[name])
    rows = between(name, "settings")

    assert [[row[0], row[1]] for row in rows] == [
        [f"`{variable}`", default] for variable, default in expected.items()
    ]
    assert all(row[2] for row in rows)


def test_every_setting_stands_in_the_example_with_its_default():
    """The required ones are there to be filled in, the others are commented out."""
    lines = re.findall(r"^(#?)(BOT_\w+)=(.*)$", read(".env.example"), re.MULTILINE)

    assert {name: value for _, name, value in lines} == defaults()
    assert len(lines) == len(defaults())
    assert {name for sign, name, _ in lines if not sign} == required()


def test_both_readmes_give_the_same_commands_to_the_shell():
    english, russian = (SHELL.findall(read(name)) for name in READMES)

    assert english
    assert english == russian


def test_the_image_is_set_up_by_settings_that_exist_and_files_that_exist():
    dockerfile = read("Dockerfile")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    sources = {source for sources in copied for source in sources.split()}
    allowed = re.findall(r"^!(\S+)$", read(".dockerignore"), re.MULTILINE)

    assert set(re.findall(r"\bBOT_\w+", dockerfile)) <= set(defaults())
    assert sources == set(allowed)
    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files_that_exist(name: str):
    links = [link for link in LINK.findall(read(name)) if not re.match(r"[a-z]+:|#", link)]
    here = (ROOT / name).parent

    assert [link for link in links if not (here / link.partition("#")[0]).is_file()] == []


@pytest.mark.parametrize("name", [*DOCUMENTS, ".ci/run"])
def test_targets_of_make_exist(name: str):
    known = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    text = read(name)
    code = "\n".join(CODE.findall(text)) if name.endswith(".md") else text

    assert targets(code) - known == set()


def test_the_version_is_told_in_two_places_alike():
    project = tomllib.loads(read("pyproject.toml"))["project"]

    assert project["version"] == bot.__version__


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_by_hash_and_name_no_place_to_download_from(name: str):
    lines = [line.strip() for line in read(name).splitlines()]
    pins = [line for line in lines if line and not line.startswith(("#", "--hash=sha256:"))]

    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+( ;.+)? \\", pin)] == []
    assert [line for line in lines if "://" in line] == []


def test_the_architecture_names_every_module_and_none_that_is_gone():
    named = set(MODULE.findall(read("docs/architecture.md")))

    assert modules() - named == set()
    assert [name for name in named if not (ROOT / name).is_file()] == []


FIGURES = ("docs/stats.md", "docs/stats.ru.md", "README.md", "README.ru.md")


@pytest.mark.parametrize("name", FIGURES)
def test_every_request_for_figures_in_words_is_understood(name: str):
    """Those in blocks, in the table of words, and in running text."""
    text = read(name)
    typed = re.findall(
        r"(?:^|`)/(stats|clicks|conversions) ([^`{\n]+?)(?= \{|`|$)", text, re.MULTILINE
    )
    cells = re.findall(r"^\| [^|`]+ \|([^\n]+)\|$", text, re.MULTILINE)
    words = [("stats", word) for cell in cells for word in re.findall(r"`([^`/]+)`", cell)]

    for command, phrase in [*typed, *(words if name.startswith("docs") else [])]:
        kind = "report" if command == "stats" else command
        assert read_phrase(phrase.replace(" …", ""), kind=kind).query.kind == kind
