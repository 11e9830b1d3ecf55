"""The entry: python run.py."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
