"""Documentation pages, and a problem document for every address that does not exist. See config/api_urls.py."""

from django.urls import path, re_path

from api import docs
from api.views import not_found

urlpatterns = [
    path("docs/", docs.explorer, name="api-docs"),
    path("docs/redoc/", docs.reader, name="api-reader"),
    path("docs/problems/", docs.problems, name="api-problems"),
    re_path(r"^(?P<path>.*[^/])$", not_found),
]
