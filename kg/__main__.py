"""``kg``, and ``python -m kg``."""

from kg.prompt import at_once


def main() -> None:
    """Run the command line, and end without a word where somebody says so before it is loaded."""
    at_once()
    from kg.cli import main as run

    run()


if __name__ == "__main__":
    main()
