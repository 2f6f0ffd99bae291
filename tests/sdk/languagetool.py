"""Asks a running instance for a review as an editor would, through a client for LanguageTool that others wrote."""

import sys

import language_tool_python

tool = language_tool_python.LanguageTool("en-US", remote_server=sys.argv[1])
draft = "Hi \U0001f600 Ana.\nI'm sorry if that upset you. You're right, and it's on its way.\nCalm down."
matches = tool.check(draft)
for match in matches:
    words = draft[match.offset : match.offset + match.error_length]
    print(match.rule_id, "|", words, "|", "; ".join(match.replacements))
tool.disabled_rules = {"dismissing"}
print(len(tool.check(draft)), "without one rule")
print(language_tool_python.utils.correct(draft, matches).splitlines()[1])
