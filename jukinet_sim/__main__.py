"""`python -m jukinet_sim` is the command `jukinet`."""

from __future__ import annotations

import sys

from jukinet_sim.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
