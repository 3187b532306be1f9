"""Faults of drf-jwt and of djangorestframework-jwt, which it follows: what an API answers."""

from __future__ import annotations

import django
import replies
import tokens as t
from case import Case
from django.conf import settings

settings.configure(
    SECRET_KEY=t.SECRET,
    ROOT_URLCONF="lib_drf_jwt",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "rest_framework_jwt.authentication.JSONWebTokenAuthentication"
        ],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
    JWT_AUTH={
        "JWT_SECRET_KEY": t.SECRET,
        "JWT_ALLOW_REFRESH": True,
        "JWT_AUTH_HEADER_PREFIX": "JWT",
    },
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from rest_framework_jwt import views  # noqa: E402

try:
    from django.urls import path
except ImportError:  # Django 1
    from django.conf.urls import url as path


class Orders(APIView):
    def get(self, request):
        return Response("ok")


urlpatterns = [
    path("orders", Orders.as_view()),
    path("refresh", views.refresh_jwt_token),
    path("verify", views.verify_jwt_token),
]
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User  # noqa: E402

User.objects.create(username="user-7", pk=7)
User.objects.create(username="gone", pk=9, is_active=False)


def claims(**changes: object) -> dict[str, object]:
    return t.fresh(
        **(
            {
                "aud": None,
                "iss": None,
                "sub": None,
                "user_id": 7,
                "username": "user-7",
                "orig_iat": t.NOW - 60,
            }
            | changes
        )
    )


def get(authorization: str | None):
    def run() -> list[str]:
        headers = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
        got = Client().get("/orders", **headers)
        return replies.coats(got.status_code, got.content.decode())

    return run


def bearer(key: str = t.SECRET, **changes: object):
    return get("JWT " + t.hs256(claims(**changes), key=key))


def post(place: str, key: str = t.SECRET, **changes: object):
    def run() -> list[str]:
        token = t.hs256(claims(**changes), key=key)
        got = Client().post(place, {"token": token}, content_type="application/json")
        return replies.coats(got.status_code, got.content.decode())

    return run


CASES = [
    Case(bearer(exp=t.NOW - 90), "token_expired"),
    Case(
        bearer(key=t.OTHER),
        "signature_invalid",
        also=("token_malformed",),
        says="decoding signature",
    ),
    Case(
        bearer(key=t.OTHER), "token_malformed", also=("signature_invalid",), says="decoding token"
    ),
    Case(
        get("JWT not-a-token"),
        "signature_invalid",
        also=("token_malformed",),
        says="decoding signature",
    ),
    Case(get("JWT"), "header_malformed", says="No credentials"),
    Case(get("JWT a b"), "header_malformed", says="spaces"),
    Case(bearer(username="nobody"), "unspecified", says="Invalid token."),
    Case(bearer(nbf=t.NOW + 90), "unspecified", says="Invalid token."),
    Case(post("/verify", exp=t.NOW - 90), "token_expired"),
    Case(
        post("/verify", key=t.OTHER),
        "signature_invalid",
        also=("token_malformed",),
        says="decoding signature",
    ),
    Case(
        post("/verify", key=t.OTHER),
        "token_malformed",
        also=("signature_invalid",),
        says="decoding token",
    ),
    Case(post("/refresh", exp=t.NOW - 90), "token_expired"),
    Case(post("/refresh", orig_iat=t.NOW - 9_000_000), "token_too_old", says="Refresh"),
    Case(post("/refresh", orig_iat=None), "claim_missing", says="orig_iat"),
]
