from django.core.paginator import Paginator
from django.views.decorators.http import require_safe

from config.htmx import render_page_or_partial
from reservations.badges import badges_of
from reservations.forms.listing import SearchForm
from reservations.models import Reservation

PER_PAGE = 50


@require_safe
def listing(request):
    form = SearchForm(request.GET, actor=request.user)
    form.is_valid()  # values that are not valid are left out of cleaned_data, and their fields show errors
    found = Reservation.objects.visible_to(request.user).with_unit().search(**form.cleaned_data).now_then_past()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    badges = badges_of([reservation.pk for reservation in page], request.user)
    is_filtered = any(form.cleaned_data.values())
    context = {"form": form, "page": page, "badges": badges, "is_filtered": is_filtered, "query": _query(request)}
    partials = {"reservation-list": "results"}
    return render_page_or_partial(request, "reservations/list.html", context, partials=partials)


def _query(request):
    """The filters without the page number, for the links to other pages."""
    filters = request.GET.copy()
    filters.pop("page", None)
    return filters.urlencode()
