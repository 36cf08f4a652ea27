"""The import map: bare module names for every file under `static/js`, hashed addresses in production."""

import json

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def importmap():
    """JSON of `{"imports": {"elements/voice-recorder": "/static/js/elements/voice-recorder.<hash>.js", ...}}`.

    Bare names, because the hashed file names of the manifest are not rewritten inside JavaScript.
    """
    root = settings.STATICFILES_DIRS[0] / "js"
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.js"))
    imports = {name.removesuffix(".js"): static(f"js/{name}") for name in names}
    return SafeString(json.dumps({"imports": imports}).replace("<", "\\u003c"))
