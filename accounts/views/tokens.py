"""The pages *API tokens*: the list, creating a token, revoking one.

A secret is in one response only: not in an address, a session or a message, and no cache may store the response.
"""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import tokens
from accounts.first_requests import first_requests
from accounts.forms import TokenForm
from accounts.models import Token
from config.htmx import render_page_or_partial

PARTIALS = {"token-page": "page"}


@require_safe
def token_list(request):
    found = Token.objects.managed_by(request.user).for_list()
    mine = [token for token in found if token.user_id == request.user.pk]
    others = [token for token in found if token.user_id != request.user.pk]
    return render(request, "accounts/tokens.html", {"mine": mine, "others": others})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make_token(request):
    form = TokenForm(request.POST if request.method == "POST" else None, actor=request.user)
    try:
        made, status = _attempt(form, request.user)
    except tokens.MadeAlready as already:
        messages.warning(request, already.message)
        return redirect("accounts:tokens")
    if made:
        return _shown_once(request, *made)
    return render_page_or_partial(request, "accounts/new_token.html", {"form": form}, partials=PARTIALS, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_token(request, pk):
    token = get_object_or_404(Token.objects.managed_by(request.user).select_related("user"), pk=pk)
    if request.method == "POST":
        tokens.revoke(token=token, actor=request.user)
        messages.success(request, f"The token {token} is revoked: from now on it opens nothing.")
        return redirect("accounts:tokens")
    return render(request, "accounts/revoke_token.html", {"token": token})


def _attempt(form, actor):
    """((token, secret), status of the response), with None for the token if the form is not sent or has errors.

    Raises MadeAlready.
    """
    if not form.is_bound:
        return None, HTTPStatus.OK
    if not form.is_valid():
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return tokens.issue(**form.wanted, actor=actor), HTTPStatus.OK
    except tokens.IntegrationExists as refused:
        form.add_error(refused.field, refused.message)
        return None, refused.status


def _shown_once(request, token, secret):
    """The response with the secret. A redirect would have to contain it. The form's key prevents a second token."""
    requests = first_requests(token, secret, request.build_absolute_uri("/api/v1"))
    context = {"token": token, "secret": secret, "requests": requests}
    return render_page_or_partial(request, "accounts/token_made.html", context, partials=PARTIALS)
