#!/usr/bin/python3
"""Verifies the receipt on standard input by PyJWT, which Debian's own Python has.
    receipt_verify.py KEYS      a JWK set; prints the claim as JSON, or ends with 1"""
import json
import sys

import jwt

with open(sys.argv[1], encoding="utf-8") as f:
    keys = {key["kid"]: jwt.algorithms.OKPAlgorithm.from_jwk(json.dumps(key)) for key in json.load(f)["keys"]}
receipt = sys.stdin.read().strip()
try:
    head = jwt.get_unverified_header(receipt)
    if head["typ"] != "pagepost-receipt+jws":
        sys.exit("another type")
    print(json.dumps(jwt.decode(receipt, keys[head["kid"]], algorithms=["EdDSA"])))
except (jwt.InvalidTokenError, KeyError) as why:
    sys.exit(f"{type(why).__name__} {why}")
