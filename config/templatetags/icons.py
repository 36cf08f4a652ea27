"""The icons of heroicons, each made once in a process: heroicons copies and writes an XML tree for every one."""

import functools

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

# More than all templates have together.
MOST = 512

for draw in (
    heroicons.heroicon_micro,
    heroicons.heroicon_mini,
    heroicons.heroicon_outline,
    heroicons.heroicon_solid,
):
    register.simple_tag(functools.lru_cache(MOST)(draw), name=draw.__name__)
