"""`python -m windvane`."""

from windvane.cli import main

if __name__ == "__main__":
    main()
