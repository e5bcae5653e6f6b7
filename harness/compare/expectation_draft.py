"""The first draft of an expectation: a real difference as the file in which it is approved."""

import json
import re

from harness.compare.exact import Rule
from harness.compare.guidelines import Changes

_HEAD = """\
# What NEW grades otherwise than OLD, over every cell of their tables: a draft, for you to judge.
#   OLD: {old}
#   NEW: {new}
# {purpose}
#
# Strike what should not change, and change the guideline instead; give every rule that stays its reason, and say who
# approved it. Then hold the guideline to it; the exit code is 1 as soon as it differs more, less or otherwise:
#   {command}
# What counts are the findings and their grades; rules may be split, merged, reordered and written in other words.

old = {old_id}
new = {new_id}
approved_by = ""
reason = ""
"""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def draft(found: Changes, command: str, purpose: str) -> str:
    """The difference as an expectation that it meets; ``command`` is what holds a guideline to it.

    >>> from cartox_core import load
    >>> from harness.compare.guidelines import changes
    >>> found = changes(load("astct-2019"), load("astct-2019", {"C1": "high"}), [("crs", "crs")])
    >>> print(draft(found, "cartox compare …", "For testing.").partition("[[rule]]")[2].strip())
    scale = "crs"
    when = { o2_device = "nasal_cannula or high_flow_nasal_cannula", oxygen_other_cause = "no", o2_flow_l_min = "6" }
    old = 2
    new = 3
    clauses_old = ["crs.hypoxia.low_flow"]
    clauses_new = ["crs.hypoxia.high_flow"]
    reason = ""
    """
    ids = {"old_id": _text(found.old.id), "new_id": _text(found.new.id)}
    titles = {"old": _one_line(found.old.title), "new": _one_line(found.new.title)}
    parts = [_HEAD.format(command=_one_line(command), purpose=purpose, **ids, **titles)]
    parts[0] += "".join(
        f"{key} = {_list(names)}\n"
        for key, names in (("only_old", found.only_old), ("only_new", found.only_new))
        if names
    )
    parts += [_rule(rule) for scale in found.scales for rule in scale.rules]
    for scale in found.scales:
        parts += [_table("beside", scale=_text(scale.scale), what=_text(line), reason='""') for line in scale.beside]
    return "\n".join(parts)


def _rule(rule: Rule) -> str:
    when = ", ".join(f"{_key(name)} = {_text(words)}" for name, words in rule.when)
    old, new = (rule.old, rule.new) if not rule.gate else (0, rule.own) if rule.gate == "opens" else (rule.own, 0)
    gate = {"gate": _text(rule.gate)} if rule.gate else {}
    change = {**gate, **({"old": str(old), "new": str(new)} if old != new else {})}
    clauses = {"clauses_old": _list(rule.clauses_old), "clauses_new": _list(rule.clauses_new)}
    return _table("rule", scale=_text(rule.scale), when=f"{{ {when} }}", **change, **clauses, reason='""')


def _table(name: str, **values: str) -> str:
    return "\n".join([f"[[{name}]]", *(f"{key} = {value}" for key, value in values.items())]) + "\n"


def _list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, names))}]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """A text as TOML writes it, which is as JSON does but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    """A text fit for a comment."""
    return "".join(c if c.isprintable() else " " for c in text)
