"""Whether a file of the phrasebook fits the JSON Schema that editors are given: schema.py SCHEMA FILE [KEY]

With a key the file gets a top-level entry of that name first. Prints what is wrong.
"""

import json
import pathlib
import sys
import tomllib

from jsonschema import Draft202012Validator

schema, file, *surplus = sys.argv[1:]
schema = json.loads(schema)
Draft202012Validator.check_schema(schema)
words = tomllib.loads(pathlib.Path(file).read_text())
for key in surplus:
    words[key] = 1
for fault in Draft202012Validator(schema).iter_errors(words):
    print(fault.json_path, fault.message)
