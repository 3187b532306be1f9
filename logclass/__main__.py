"""`python -m logclass` is `logclass`."""

from logclass.cli import main

if __name__ == "__main__":
    main()
