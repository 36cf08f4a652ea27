from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache


@never_cache
@login_not_required
def healthz(request):
    """200 if this process can reach the database, else 503. The response reveals no version, path or name."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


urlpatterns = [path("", healthz, name="healthz")]
