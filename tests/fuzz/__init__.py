"""Does any reader of outside bytes fall over? `make fuzz SECONDS=900`, and a small part in the suite.

readers.py      the readers: one line each, with lawful bytes to start from
mutations.py    bytes that are nearly lawful
one.py          one reader in a process of its own, guided by what its code does (libFuzzer)
run.py          the campaign: all readers in turn, what they cost, what broke them
found/          bytes that broke a reader once: <reader>-<any name>; the suite reads them all again
"""
