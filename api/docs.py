"""The API's documentation pages. They need no sign-in, like the schema, because they show no data."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.field_errors import FIELD_ERRORS
from api.problem_types import problem_types


@require_safe
@login_not_required
def explorer(request):
    """Swagger UI, in which each operation can be tried with a token. It works with the content security policy."""
    return render(request, "api/explorer.html")


# Redoc adds <style> elements to the page, which the policy can only allow with 'unsafe-inline'. Scripts are unaffected.
@csp_update({"style-src": [UNSAFE_INLINE]})
@require_safe
@login_not_required
def reader(request):
    """Redoc: the whole schema on one page."""
    return render(request, "api/reader.html")


@require_safe
@login_not_required
def problems(request):
    """The page that explains the codes of error responses. The `type` of problem details is its address."""
    return render(request, "api/problems.html", {"sections": problem_types(), "fields": FIELD_ERRORS})
