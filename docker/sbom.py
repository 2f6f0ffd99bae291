#!/usr/bin/env python3
"""The crates that a program was made of, as a CycloneDX document: sbom.py PROGRAM >saywell.cdx.json

They stand in the program itself, in the section that `cargo auditable` writes and image scanners read.
"""

import json, pathlib, struct, sys, zlib


def section(program, wanted):
    """What a section of a 64-bit ELF file holds."""
    table, size, count, names = *struct.unpack_from("<Q", program, 40), *struct.unpack_from("<HHH", program, 58)
    heads = [struct.unpack_from("<I20xQQ", program, table + size * number) for number in range(count)]
    for name, at, length in heads:
        start = heads[names][1] + name
        if program[start : program.index(b"\0", start)] == wanted:
            return program[at : at + length]
    sys.exit(f"there is no section {wanted.decode()}: it was not built with cargo auditable")


def component(package, kind):
    purl = f"pkg:cargo/{package['name']}@{package['version']}"
    return {"type": kind, "bom-ref": purl, "name": package["name"], "version": package["version"], "purl": purl}


packages = json.loads(zlib.decompress(section(pathlib.Path(sys.argv[1]).read_bytes(), b".dep-v0")))["packages"]
refs = [component(package, "")["bom-ref"] for package in packages]
document = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "metadata": {"component": component(next(package for package in packages if package.get("root")), "application")},
    "components": [component(package, "library") for package in packages if not package.get("root")],
    "dependencies": [
        {"ref": ref, "dependsOn": [refs[number] for number in package.get("dependencies", [])]}
        for ref, package in zip(refs, packages)
    ],
}
json.dump(document, sys.stdout, indent=1)
