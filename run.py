"""The entry: python run.py. Where Python or packages are missing, somebody else must say so."""

if __name__ == "__main__":
    from pipeline.doctor import alone

    if alone.why_not():
        alone.main()
    from pipeline.cli import main

    main()
