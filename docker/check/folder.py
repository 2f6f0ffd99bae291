#!/usr/bin/env python3
"""Writes the files of a ConfigMap into a folder, as the kubelet would: folder.py MANIFEST FOLDER"""

import pathlib, sys

import yaml

for manifest in yaml.safe_load_all(pathlib.Path(sys.argv[1]).read_text()):
    for name, text in manifest["data"].items():
        pathlib.Path(sys.argv[2], name).write_text(text)
