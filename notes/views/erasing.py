"""For managers: counting, exporting and erasing a guest's notes, and the reports of erasures."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Action, require
from notes.erasure import erasing, exporting, reports
from notes.erasure.of_guests import mentions_of, names_of, stays_of, tally
from notes.forms import ErasureForm
from notes.models import Erasure
from reservations import guests
from reservations.models import Guest

PER_PAGE = 50
# Other notes that mention the guest: the page shows so many, and the count of all.
MOST_MENTIONS = 50


def _guest(request, pk):
    """The guest, of whom the user may erase everything. Raises Http404 and NotAllowed."""
    guest = get_object_or_404(Guest.objects.visible_to(request.user), pk=pk)
    require(request.user, Action.KEEP_NOTES, *(stays_of(guest) or [None]))
    return guest


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, pk):
    guest = _guest(request, pk)
    if guest.merged_into_id:
        return redirect("notes:erase_guest", guests.surviving_profile(guest).pk)
    form = ErasureForm(request.POST if request.method == "POST" else None, names=names_of(guest))
    if form.is_valid():
        try:
            erasure = erasing.erase_notes_of(guest=guest, actor=request.user, **form.cleaned_data)
        except erasing.MoreToErase as changed:
            form.add_error(None, changed.message)
            return _erase_page(request, guest, form, changed.status)
        messages.success(request, "The voice notes of this guest are erased.")
        return redirect("notes:erasure", erasure.pk)
    return _erase_page(request, guest, form, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK)


@require_safe
def export(request, pk):
    guest = _guest(request, pk)
    name = f'attachment; filename="guest-{guest.pk}-voice-notes.zip"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(exporting.zip_of(guest), content_type="application/zip", headers=headers)


@require_safe
def erasures(request):
    page = Paginator(_reports(request).prefetch_related(None), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notes/erasures.html", {"page": page})


@require_safe
def erasure(request, pk):
    report = get_object_or_404(_reports(request), pk=pk)
    return render(request, "notes/erasure.html", {"erasure": report, "keys": report.notes.all()})


@require_safe
def erasures_json(request):
    data = [reports.as_data(each) for each in _reports(request)]
    headers = {"Content-Disposition": 'attachment; filename="erasures.json"'}
    return JsonResponse(data, safe=False, json_dumps_params={"indent": 1}, headers=headers)


@require_safe
def erasures_csv(request):
    headers = {"Content-Disposition": 'attachment; filename="erasures.csv"'}
    # Spreadsheets do not recognise UTF-8 without a byte order mark.
    body = "\ufeff" + reports.as_csv(_reports(request))
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


def _reports(request):
    """The reports of all properties. Raises NotAllowed."""
    require(request.user, Action.KEEP_NOTES, None)
    return Erasure.objects.select_related("actor").prefetch_related("notes")


def _erase_page(request, guest, form, status):
    there, mentions = tally(guest), mentions_of(guest)
    form.show(there)
    context = {
        "guest": guest,
        "form": form,
        "tally": there,
        "mentions": mentions[:MOST_MENTIONS],
        "mentions_count": mentions.count(),
    }
    return render(request, "notes/erase_guest.html", context, status=status)
