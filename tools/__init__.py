"""Commands for engineers; the program does without them."""
