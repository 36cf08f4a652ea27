from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Action
from reservations import history

PER_PAGE = 30


@require_safe
def recent(request):
    """What was done in the last 24 hours: by oneself, or for a manager with `?who=all` by everybody."""
    is_all = request.GET.get("who") == "all" and request.user.access.may_somewhere(Action.OVERRULE)
    acts = history.recent_acts(request.user, by=None if is_all else request.user)
    page = Paginator(acts, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "acts": history.in_detail(page, request.user), "is_all": is_all}
    return render(request, "reservations/recent.html", context)
