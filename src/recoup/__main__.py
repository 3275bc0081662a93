"""`python -m recoup` is `recoup`."""

from recoup.cli.main import main

if __name__ == "__main__":
    main()
