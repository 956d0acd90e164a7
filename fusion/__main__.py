"""`python -m fusion` is the command `fusion`."""

from __future__ import annotations

from fusion.cli import entry

if __name__ == "__main__":
    entry()
