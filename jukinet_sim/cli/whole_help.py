"""A command with commands of its own, whose help says the whole sentence about each."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

_LONGEST = 200


class WholeHelp(TyperGroup):
    """A group whose list of commands cuts no sentence short."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a row for each command."""
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(_LONGEST)) for name, command in named if command])
