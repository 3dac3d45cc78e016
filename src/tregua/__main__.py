"""``python -m tregua``: the command line without its script."""

from tregua.cli import main

main()
