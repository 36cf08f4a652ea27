"""The API's documentation pages. They are open to all, as the schema is, because they show no data."""

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
    """Swagger UI: each operation, to be tried with a token. It needs nothing that our policy does not allow."""
    return render(request, "api/explorer.html")


# Redoc writes its styles into the page as it draws; the policy has no finer word for that. Scripts stay ours alone.
@csp_update({"style-src": [UNSAFE_INLINE]})
@require_safe
@login_not_required
def reader(request):
    """Redoc: the whole of it on one page, to be read."""
    return render(request, "api/reader.html")


@require_safe
@login_not_required
def problems(request):
    """What each refusal means; `type` of problem details leads here."""
    return render(request, "api/problems.html", {"sections": problem_types(), "fields": FIELD_ERRORS})
