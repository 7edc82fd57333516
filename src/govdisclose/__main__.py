"""``python -m govdisclose``: the same as the console script."""

if (
    __name__ == "__main__"
):  # worker processes import this module, and have no use for the command line
    from govdisclose.cli import main

    main()
