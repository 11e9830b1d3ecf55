"""What is measured against what; each module is a command of its own."""

TODAY = "2022-01-25"  # of every measured run: after the last month was due, when the next one's returns begin to come
