#!/usr/bin/env python3
"""Every metric that a file asks for is one that the service has: names.py METRICS FILE…"""

import pathlib, re, sys

known = set(re.findall(r"^([a-z_]+)[{ ]", pathlib.Path(sys.argv[1]).read_text(), re.M))
wrong = [
    f"{file}: there is no metric {name}"
    for file in sys.argv[2:]
    for name in sorted(set(re.findall(r"\bsaywell_[a-z_]+", pathlib.Path(file).read_text())) - known)
]
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(bool(wrong))
