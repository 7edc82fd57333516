"""``python -m govdisclose``: the same as the console script."""

from govdisclose.cli import main

if __name__ == "__main__":
    main()
