"""Faults of djangorestframework-simplejwt: what an API answers, and the exceptions underneath."""

from __future__ import annotations

import django
import replies
import tokens as t
from case import Case
from django.conf import settings

settings.configure(
    SECRET_KEY=t.SECRET,
    ROOT_URLCONF="lib_simplejwt",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "rest_framework_simplejwt.authentication.JWTAuthentication"
        ],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
    SIMPLE_JWT={"SIGNING_KEY": t.SECRET, "USER_ID_CLAIM": "user_id", "CHECK_REVOKE_TOKEN": False},
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from rest_framework_simplejwt import tokens as own  # noqa: E402
from rest_framework_simplejwt import views  # noqa: E402
from rest_framework_simplejwt.backends import TokenBackend  # noqa: E402


class Orders(APIView):
    def get(self, request):
        return Response("ok")


urlpatterns = [
    path("orders", Orders.as_view()),
    path("refresh", views.TokenRefreshView.as_view()),
    path("verify", views.TokenVerifyView.as_view()),
    path("login", views.TokenObtainPairView.as_view()),
]
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User  # noqa: E402

User.objects.create(username="gone", pk=9, is_active=False)
User.objects.create(username="user-7", pk=7)


def claims(**changes: object) -> dict[str, object]:
    return t.fresh(**({"aud": None, "token_type": "access", "user_id": 7} | changes))


def get(authorization: str | None):
    def run() -> list[str]:
        headers = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
        got = Client().get("/orders", **headers)
        return replies.coats(got.status_code, got.content.decode())

    return run


def bearer(key: str = t.SECRET, **changes: object):
    return get("Bearer " + t.hs256(claims(**changes), key=key))


def post(place: str, **data: object):
    def run() -> list[str]:
        got = Client().post(place, data, content_type="application/json")
        return replies.coats(got.status_code, got.content.decode())

    return run


def access(key: str = t.SECRET, **changes: object):
    return lambda: own.AccessToken(t.hs256(claims(**changes), key=key)) and None


def blacklisted():
    token = own.RefreshToken.for_user(User.objects.get(pk=7))
    token.blacklist()
    return post("/refresh", refresh=str(token))()


EITHER = ("token_expired",)

CASES = [
    Case(get(None), "header_missing"),
    Case(get("Bearer"), "header_malformed"),
    Case(get("Bearer a b"), "header_malformed"),
    Case(bearer(exp=t.NOW - 90), "token_expired", says="is expired"),
    Case(bearer(exp=t.NOW - 90), "unspecified", also=EITHER, says="invalid or expired"),
    Case(bearer(token_type="refresh"), "claim_mismatch"),
    Case(bearer(token_type=None), "claim_missing"),
    Case(bearer(jti=None), "claim_missing"),
    Case(bearer(exp=None), "claim_missing", captures={"claim": ["exp"]}),
    Case(bearer(user_id=None), "claim_missing"),
    Case(bearer(user_id=12), "unspecified"),
    Case(bearer(user_id=9), "unspecified"),
    Case(bearer(key=t.OTHER), "unspecified", says='oken is invalid"'),
    Case(bearer(key=t.OTHER), "unspecified", also=EITHER, says="invalid or expired"),
    Case(get("Bearer not-a-token"), "unspecified", says='oken is invalid"'),
    Case(
        post("/refresh", refresh=t.hs256(claims(token_type="refresh", exp=t.NOW - 90))),
        "token_expired",
        says="is expired",
    ),
    Case(
        post("/refresh", refresh=t.hs256(claims(token_type="refresh", exp=t.NOW - 90))),
        "unspecified",
        also=EITHER,
        says="invalid or expired",
    ),
    Case(
        post("/refresh", refresh=t.hs256(claims(token_type="refresh"), key=t.OTHER)),
        "unspecified",
        says='is invalid"',
    ),
    Case(post("/refresh", refresh=t.hs256(claims())), "claim_mismatch"),
    Case(
        post("/verify", token=t.hs256(claims(exp=t.NOW - 90))), "token_expired", says="is expired"
    ),
    Case(blacklisted, "token_revoked"),
    Case(access(exp=t.NOW - 90), "token_expired", named=True, says="Token is expired"),
    Case(access(exp=t.NOW - 90), "token_expired", traced=True, says="Signature has expired"),
    Case(access(key=t.OTHER), "signature_invalid", traced=True),
    Case(access(token_type="refresh"), "claim_mismatch"),
    Case(access(jti=None), "claim_missing"),
    Case(access(exp=None), "claim_missing", captures={"claim": ["exp"]}),
    Case(
        lambda: own.AccessToken(t.hs256(claims()), verify=False).check_exp(
            current_time=own.datetime_from_epoch(t.NOW + 9000)
        ),
        "token_expired",
        captures={"claim": ["exp"]},
    ),
    Case(lambda: TokenBackend("HS999"), "algorithm_mismatch"),
    Case(post("/login", username="user-7", password="wrong"), None, outcome="none"),
]
