#!/usr/bin/python3
"""Reads a page of metrics from standard input by Prometheus' own Python client, which Debian's Python has, and prints it as JSON:
{name: {"type": ..., "help": ..., "samples": [[name, labels, value]]}}. A page that it cannot read, or that has a sample
twice, ends with status 1."""
import json
import sys

from prometheus_client.parser import text_string_to_metric_families

found, seen = {}, set()
for family in text_string_to_metric_families(sys.stdin.read()):
    if family.name in found:
        sys.exit("%s comes twice" % family.name)
    rows = []
    for sample in family.samples:
        key = (sample.name, tuple(sorted(sample.labels.items())))
        if key in seen:
            sys.exit("%s%s comes twice" % key)
        seen.add(key)
        rows.append([sample.name, sample.labels, sample.value])
    found[family.name] = {"type": family.type, "help": family.documentation, "samples": rows}
json.dump(found, sys.stdout)
