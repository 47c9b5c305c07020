"""The one way in which everything that is not what it should be is refused."""

from __future__ import annotations

from jukinet_sim.base.errors import CheckFailed


class AuthenticationFailed(CheckFailed):
    """A peer, message, certificate or key that is refused.

    Its words name the step at most: what else was seen would help whoever tampers, and secrets stay where they are.
    """
