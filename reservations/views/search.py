"""The search of the box on top of every page: a page of its own, and the list below the box."""

from django.views.decorators.http import require_safe

from config.htmx import render_page_or_partial
from reservations.forms.search import BoxForm
from reservations.search import search

# Hits of each kind, below the box and on the page.
FEW, MANY = 5, 25


@require_safe
def results(request):
    form = BoxForm(request.GET)
    text = form.text()
    is_box = bool(request.htmx) and request.htmx.target == "box-found"
    context = {
        "search_form": form,
        "found": search(text, actor=request.user, most=FEW if is_box else MANY) if text else None,
    }
    return render_page_or_partial(
        request,
        "reservations/search.html",
        context,
        partials={"box-found": "list"},
        status=422 if form.errors else 200,
    )
