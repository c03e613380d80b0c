import ast
from pathlib import Path

import pytest
from rich.table import Table

from commands.terminal import SafeConsole, plain, print_facts, print_rows, print_warnings, printable

COMMANDS = Path(__file__).resolve().parents[2] / "commands"
HOSTILE = "sku\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\r\b\0end"


@pytest.mark.parametrize(
    "text",
    ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b", "\u2028", "\r", "\b", "\0", "\x7f", "\ud800"],
)
def test_a_control_character_is_written_out(text):
    shown = printable(f"a{text}b")
    assert text not in shown
    assert shown.startswith("a\\")
    assert shown.endswith("b")


def test_letters_of_all_languages_breaks_and_tabs_stay():
    text = "Ünïcode 日本語 عربي €\n\t[x]"
    assert printable(text) == text


@pytest.mark.parametrize(
    "show",
    [print_facts, lambda facts: print_rows([facts], "none"), lambda facts: print_warnings([*facts.values()])],
)
def test_whatever_is_printed_has_none(show, capsys):
    show({"title": HOSTILE})
    shown = capsys.readouterr()
    assert "\\x1b[2J" in shown.out
    assert not set(HOSTILE) & set("\x1b\x07\x9b\u202e\r\b\0") & set(shown.out)


def test_a_cell_of_a_table_has_none():
    console = SafeConsole(highlight=False, width=200)
    table = Table(HOSTILE)
    table.add_row(plain(HOSTILE))
    with console.capture() as captured:
        console.print(table)
    assert "\x1b]0" not in captured.get()
    assert captured.get().count("\\x1b[2J") == 2


def test_the_verbs_print_through_these_consoles_only():
    for path in COMMANDS.glob("*.py"):
        if path.name == "terminal.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in {"print", "Console", "typer.echo", "sys.stdout.write"}, (
                    path
                )
