"""Unions whose alternatives are told apart by one key, such as `{exponential: 20 ms}` or `{constant: 5 ms}`."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, BeforeValidator, Discriminator, Tag

from jukinet_sim.base.suggest import did_you_mean
from jukinet_sim.language.base import SpecError


def tag(name: str) -> Tag:
    """Return the tag of one alternative; the mark keeps tags apart from keys in the location of an error."""
    return Tag("?" + name)


def single_choice(noun: str, kinds: Sequence[str], hint: str) -> tuple[Discriminator, BeforeValidator]:
    """Return the annotations of a union whose alternatives are told apart by the one key they must have.

    `noun` names the thing in messages and `hint` is a correct example; each alternative carries `tag(key)`.
    """

    def check(value: Any) -> Any:
        if isinstance(value, BaseModel):
            return value
        if not isinstance(value, dict):
            raise SpecError(f"{noun} is written as a mapping", f"write {hint}")
        found = [key for key in kinds if key in value]
        if len(found) > 1:
            what = f'{noun} cannot be both "{found[0]}" and "{found[1]}"'
            raise SpecError(what, "keep one of the two", (found[1],), at_key=True)
        if not found:
            raise _no_kind(noun, value, kinds, hint)
        return value

    def choose(value: Any) -> str | None:
        keys: Iterable[str] = value
        if isinstance(value, BaseModel):
            keys = [info.alias or name for name, info in type(value).model_fields.items()]
        return next(("?" + key for key in kinds if key in keys), None)

    return Discriminator(choose), BeforeValidator(check)


def _no_kind(noun: str, value: dict[str, Any], kinds: Sequence[str], hint: str) -> SpecError:
    """Say that none of the keys of a mapping names a known kind."""
    listed = f"write one of {', '.join(kinds)}, such as {hint}"
    for key in value:
        meant = did_you_mean(str(key), kinds)
        if (meant is not None and len(key) > 2) or len(value) == 1:
            return SpecError(f'"{key}" is not a kind of {noun.split(" ", 1)[-1]}', meant or listed, (str(key),), at_key=True)
    return SpecError(f"{noun} does not say of which kind it is", listed)
