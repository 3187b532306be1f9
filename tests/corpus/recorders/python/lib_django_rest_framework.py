"""Faults of Django REST framework's own TokenAuthentication: what an API answers."""

from __future__ import annotations

import django
import replies
from case import Case
from django.conf import settings

settings.configure(
    SECRET_KEY="a-secret-of-the-recorder-and-of-nobody-else",
    ROOT_URLCONF="lib_django_rest_framework",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework.authtoken",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import exceptions  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Orders(APIView):
    def get(self, request):
        return Response("ok")


urlpatterns = [path("orders", Orders.as_view())]
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User  # noqa: E402

Token.objects.create(
    key="of-an-inactive-user", user=User.objects.create(username="gone", is_active=False)
)


def get(authorization: str | None):
    def run() -> list[str]:
        headers = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
        got = Client().get("/orders", **headers)
        return replies.coats(got.status_code, got.content.decode())

    return run


def refused(error: Exception):
    def run() -> None:
        raise error

    return run


CASES = [
    Case(get(None), "header_missing"),
    Case(get("Token"), "header_malformed"),
    Case(get("Token a b"), "header_malformed"),
    Case(get("Token unknown"), "unspecified"),
    Case(get("Token of-an-inactive-user"), "unspecified"),
    Case(refused(exceptions.NotAuthenticated()), "header_missing"),
    Case(refused(exceptions.NotAuthenticated()), "header_missing", named=True, says="provided"),
    Case(refused(exceptions.AuthenticationFailed()), "unspecified"),
    Case(refused(exceptions.AuthenticationFailed()), "unspecified", named=True, says="credentials"),
    Case(
        refused(exceptions.AuthenticationFailed("Invalid token header. No credentials provided.")),
        "header_malformed",
        named=True,
        says="header",
    ),
]
