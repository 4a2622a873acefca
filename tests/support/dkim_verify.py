#!/usr/bin/python3
"""Verifies every DKIM signature of the message on standard input by dkimpy, which Debian's own Python has.
    dkim_verify.py NAME=RECORD...      what the DNS would say; prints a line `domain selector algorithm good|bad` for each"""
import sys

import dkim

records = dict(argument.split("=", 1) for argument in sys.argv[1:])
raw = sys.stdin.buffer.read()
found = dkim.DKIM(raw)
for at, (name, value) in enumerate(h for h in found.headers if h[0].lower() == b"dkim-signature"):
    tags = dkim.util.parse_tag_value(value)
    try:
        good = dkim.DKIM(raw).verify(idx=at, dnsfunc=lambda host, timeout=5: records[host.decode().rstrip(".")].encode())
    except dkim.DKIMException as why:
        print(why, file=sys.stderr)
        good = False
    print(tags[b"d"].decode(), tags[b"s"].decode(), tags[b"a"].decode(), "good" if good else "bad")
