from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.urls import include, path

urlpatterns = [
    path("bare/", login_not_required(lambda request: JsonResponse({"status": "ok"}))),
    path("", include("config.urls")),
]
