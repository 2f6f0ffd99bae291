"""What the judges of platforms have in common: the book that is asked about, and the count of what was right."""

import pathlib
import tomllib

BOOK = pathlib.Path(__file__).resolve().parents[2] / "phrasebook" / "en"

passed, failures = 0, []


def check(what, good, *shown):
    """Counts; keeps what failed."""
    global passed
    if good:
        passed += 1
    else:
        failures.append(what)
        print("FAILED:", what, *shown, flush=True)
    return good


def book():
    """Every command with its topics, read from the files."""
    files = {file.stem: tomllib.loads(file.read_text()) for file in sorted(BOOK.glob("*.toml"))}
    # Synonyms and rules stand beside the commands.
    return {name: content for name, content in files.items() if "topic" in content}


def conclude():
    """Says how it went, in the last line and in the exit code."""
    print(f"{passed} passed, {len(failures)} failed")
    raise SystemExit(bool(failures))
