"""Find a room."""

from django.views.decorators.http import require_safe

from accounts.access import Action, require_somewhere
from config.htmx import render_page_or_partial
from reservations.booking.requests import DEFAULT_PARTY
from reservations.forms.room_search import FindForm
from reservations.offers import room_search

PARTIALS = {"find-results": "results"}
# The fields at first, for a walk-in: one night (from today), two guests.
WALK_IN = {"nights": 1, "party_size": DEFAULT_PARTY}


@require_safe
def find(request):
    require_somewhere(request.user, Action.BOOK)
    today = room_search.earliest_today(request.user)
    form = FindForm({"arrival": today} | WALK_IN | request.GET.dict())
    is_clear = form.is_valid()
    answer = (
        room_search.find(question=form.question(), actor=request.user, page=request.GET.get("page", 1))
        if is_clear
        else None
    )
    context = {
        "form": form,
        "answer": answer,
        "is_in_the_past": is_clear and form.question().stay.arrival < today,
    }
    return render_page_or_partial(
        request, "reservations/find.html", context, partials=PARTIALS, status=200 if is_clear else 422
    )
