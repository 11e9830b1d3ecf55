"""A city's or province's office: its districts run in one go, each by its own plan, into one ledger."""
