from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Action, require_somewhere
from reservations.forms.downtime import PackForm
from reservations.overview.downtime import DAYS_SHOWN, pack

WORKER = settings.STATICFILES_DIRS[0] / "js" / "service-worker.js"


@require_safe
def downtime(request):
    require_somewhere(request.user, Action.EXPORT)
    form = PackForm(request.GET, actor=request.user)
    form.is_valid()
    days = form.cleaned_data.get("days") or DAYS_SHOWN[0]
    sheets = pack(request.user, property=form.cleaned_data.get("property"), days=days)
    response = render(request, "reservations/downtime.html", {"form": form, "sheets": sheets})
    # No other cache may keep a copy, because only the service worker deletes its copy at the sign-out.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def service_worker(request):
    """The service worker's script. Its address is at the root, because it controls only pages below its address."""
    if not settings.OFFLINE_PACK:
        raise Http404
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(WORKER.open("rb"), content_type="text/javascript; charset=utf-8", headers=headers)
