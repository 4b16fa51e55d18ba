"""`python -m banyan.cli` is `banyan`."""

from banyan.cli import main

main()
