"""Faults of django-oauth-toolkit: what a resource answers, with Django REST framework."""

from __future__ import annotations

from datetime import timedelta

import django
import replies
from case import Case
from django.conf import settings

settings.configure(
    SECRET_KEY="a-secret-of-the-recorder-and-of-nobody-else",
    ROOT_URLCONF="lib_django_oauth_toolkit",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "oauth2_provider",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "oauth2_provider.contrib.rest_framework.OAuth2Authentication"
        ]
    },
    OAUTH2_PROVIDER={"SCOPES": {"orders": "orders", "profile": "profile"}},
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from oauth2_provider.contrib.rest_framework import TokenHasScope  # noqa: E402
from oauth2_provider.models import AccessToken, Application  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402
from oauthlib.common import Request  # noqa: E402
from rest_framework.permissions import IsAuthenticated  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Orders(APIView):
    permission_classes = (IsAuthenticated, TokenHasScope)
    required_scopes = ("orders",)

    def get(self, request):
        return Response("ok")


urlpatterns = [path("orders", Orders.as_view())]
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User  # noqa: E402

OWNER = User.objects.create(username="user-7")
APP = Application.objects.create(
    name="web", client_type="public", authorization_grant_type="implicit", user=OWNER
)


def token(name: str, scope: str, seconds: int) -> None:
    expires = timezone.now() + timedelta(seconds=seconds)
    AccessToken.objects.create(
        user=OWNER, token=name, application=APP, expires=expires, scope=scope
    )


token("stale", "orders", -90)
token("narrow", "profile", 900)


def get(authorization: str | None, place: str = "/orders"):
    def run() -> list[str]:
        headers = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
        got = Client().get(place, **headers)
        asked = (
            got.headers.get("WWW-Authenticate")
            if hasattr(got, "headers")
            else got["WWW-Authenticate"]
        )
        return replies.coats(got.status_code, got.content.decode(), asked)[1 if asked else 0 :]

    return run


def verified(name: str, *scopes: str):
    """Return the challenge that a server builds from what the validator left in the request."""

    def run() -> str | None:
        request = Request("/orders")
        OAuth2Validator().validate_bearer_token(name, list(scopes), request)
        said = getattr(request, "oauth2_error", None)
        return said and f"WARNING orders: 401 {dict(said)}"

    return run


CASES = [
    Case(get("Bearer stale"), "token_expired", says="has expired"),
    Case(get("Bearer unknown"), "unspecified", says="is invalid"),
    Case(get("Bearer narrow"), "insufficient_scope", says="enough scope"),
    Case(verified("stale", "orders"), "token_expired", says="has expired"),
    Case(verified("unknown", "orders"), "unspecified", says="is invalid"),
    Case(verified("narrow", "orders"), "insufficient_scope", says="enough scope"),
]
