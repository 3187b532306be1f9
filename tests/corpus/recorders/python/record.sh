#!/bin/sh
# Makes one environment per version under a folder of your choice and records every library.
# Usage: record.sh FOLDER; needs python3.11 on the PATH.
set -eu
folder=${1:?usage: record.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore

make() { # name packages...
    home="$folder/$1"
    shift
    if [ ! -x "$home/bin/python" ]; then
        python3.11 -m venv "$home"
        "$home/bin/pip" install --quiet --disable-pip-version-check "$@"
    fi
}

record() { # module distribution environments...; the last is recorded in three coats
    module=$1
    distribution=$2
    shift 2
    for last in "$@"; do :; done
    for name in "$@"; do
        coats=1
        [ "$name" = "$last" ] && coats=3
        (cd "$here" && "$folder/$name/bin/python" record.py "$module" "$distribution" "$coats")
    done | python3.11 "$here/once.py" > "$here/../../$(echo "${module#lib_}" | tr _ -).jsonl"
}

make jose-2.0.2 python-jose==2.0.2
make jose-3.3.0 'python-jose[cryptography]==3.3.0' cryptography==50.0.2
make jose-3.5.0 'python-jose[cryptography]==3.5.0' cryptography==50.0.2
record lib_python_jose python-jose jose-2.0.2 jose-3.3.0 jose-3.5.0

make authlib-0.15.6 Authlib==0.15.6 Flask==3.1.3 requests==2.34.2
make authlib-1.3.2 Authlib==1.3.2 Flask==3.1.3 requests==2.34.2
make authlib-1.9.9 Authlib==1.9.9 joserfc==1.8.0 Flask==3.1.3 requests==2.34.2
record lib_authlib Authlib authlib-0.15.6 authlib-1.3.2 authlib-1.9.9

make joserfc-0.7.0 joserfc==0.7.0
make joserfc-0.12.0 joserfc==0.12.0
make joserfc-1.8.0 joserfc==1.8.0
record lib_joserfc joserfc joserfc-0.7.0 joserfc-0.12.0 joserfc-1.8.0

make jwcrypto-0.9.1 jwcrypto==0.9.1 setuptools==69.5.1
make jwcrypto-1.4.2 jwcrypto==1.4.2 setuptools==69.5.1
make jwcrypto-1.6.1 jwcrypto==1.6.1
record lib_jwcrypto jwcrypto jwcrypto-0.9.1 jwcrypto-1.4.2 jwcrypto-1.6.1

old='Django==3.2.25 djangorestframework==3.14.0 pyjwt==2.8.0 setuptools==69.5.1'
make simplejwt-4.6.0 djangorestframework-simplejwt==4.6.0 $old
make simplejwt-5.3.1 djangorestframework-simplejwt==5.3.1 $old
make simplejwt-5.5.1 djangorestframework-simplejwt==5.5.1 Django==5.2.19 djangorestframework==3.18.3
record lib_simplejwt djangorestframework-simplejwt simplejwt-4.6.0 simplejwt-5.3.1 simplejwt-5.5.1

old='flask==2.0.3 werkzeug==2.0.3 markupsafe==2.0.1 itsdangerous==2.0.1'
make flask-jwt-extended-3.25.1 flask-jwt-extended==3.25.1 pyjwt==1.7.1 $old
make flask-jwt-extended-4.1.0 flask-jwt-extended==4.1.0 pyjwt==2.8.0 $old
make flask-jwt-extended-4.7.4 flask-jwt-extended==4.7.4 pyjwt==2.15.1
record lib_flask_jwt_extended flask-jwt-extended flask-jwt-extended-3.25.1 \
    flask-jwt-extended-4.1.0 flask-jwt-extended-4.7.4

make fastapi-0.60.1 fastapi==0.60.1 requests==2.34.2 pydantic==1.10.27 python-multipart==0.0.34
make fastapi-0.110.0 fastapi==0.110.0 httpx==0.27.2 python-multipart==0.0.34
make fastapi-0.165.0 fastapi==0.165.0 httpx2==2.16.2 python-multipart==0.0.34
record lib_fastapi fastapi fastapi-0.60.1 fastapi-0.110.0 fastapi-0.165.0

make google-auth-1.6.1 google-auth==1.6.1 requests==2.34.2 cryptography==50.0.2 setuptools==69.5.1
make google-auth-2.48.0 google-auth==2.48.0 requests==2.34.2 cryptography==50.0.2
make google-auth-2.62.2 google-auth==2.62.2 requests==2.34.2 cryptography==50.0.2
record lib_google_auth google-auth google-auth-1.6.1 google-auth-2.48.0 google-auth-2.62.2

make drf-jwt-1.11.0 djangorestframework-jwt==1.11.0 Django==2.2.28 djangorestframework==3.9.4 \
    pyjwt==1.7.1 setuptools==69.5.1
make drf-jwt-1.17.3 drf-jwt==1.17.3 Django==3.2.25 djangorestframework==3.12.4 pyjwt==1.7.1 \
    setuptools==69.5.1
make drf-jwt-1.19.2 drf-jwt==1.19.2 Django==5.2.19 djangorestframework==3.18.3 setuptools==69.5.1
record lib_drf_jwt drf-jwt,djangorestframework-jwt drf-jwt-1.11.0 drf-jwt-1.17.3 drf-jwt-1.19.2

rest='Django==4.2.30 djangorestframework==3.17.2 oauthlib==4.0.1 setuptools==69.5.1'
make oauth-toolkit-1.7.1 django-oauth-toolkit==1.7.1 $rest
make oauth-toolkit-2.4.0 django-oauth-toolkit==2.4.0 $rest
make oauth-toolkit-3.4.1 django-oauth-toolkit==3.4.1 Django==5.2.19 djangorestframework==3.18.3
record lib_django_oauth_toolkit django-oauth-toolkit oauth-toolkit-1.7.1 oauth-toolkit-2.4.0 \
    oauth-toolkit-3.4.1
record lib_django_rest_framework djangorestframework drf-jwt-1.17.3 oauth-toolkit-2.4.0 \
    oauth-toolkit-3.4.1

make auth0-3.24.1 auth0-python==3.24.1
make auth0-6.8.0 auth0-python==6.8.0
record lib_auth0_python auth0-python auth0-3.24.1 auth0-6.8.0

make mozilla-oidc-2.0.0 mozilla-django-oidc==2.0.0 Django==3.2.25 djangorestframework==3.14.0
make mozilla-oidc-5.0.2 mozilla-django-oidc==5.0.2 Django==5.2.19 djangorestframework==3.18.3
record lib_mozilla_django_oidc mozilla-django-oidc mozilla-oidc-2.0.0 mozilla-oidc-5.0.2

make cognitojwt-1.4.1 'cognitojwt[sync]==1.4.1'
record lib_cognitojwt cognitojwt cognitojwt-1.4.1

make social-core-4.3.0 social-auth-core==4.3.0 python-jose==3.5.0 setuptools==69.5.1
make social-core-4.8.3 social-auth-core==4.8.3 pyjwt==2.10.1
record lib_social_core social-auth-core social-core-4.3.0 social-core-4.8.3

make litestar-2.24.0 'litestar[jwt]==2.24.0' httpx==0.28.1
record lib_litestar litestar litestar-2.24.0

make connexion-2.14.2 'connexion[flask]==2.14.2' flask==2.2.5 werkzeug==2.2.3 setuptools==69.5.1
make connexion-3.3.0 'connexion[flask,uvicorn]==3.3.0' httpx==0.28.1
record lib_connexion connexion connexion-2.14.2 connexion-3.3.0

make sanic-jwt-1.8.0 sanic-jwt==1.8.0 sanic==25.12.1 sanic-testing==24.6.0 pyjwt==2.10.1
record lib_sanic_jwt sanic-jwt sanic-jwt-1.8.0

make msal-1.20.0 msal==1.20.0
make msal-1.39.0 msal==1.39.0
record lib_msal msal msal-1.20.0 msal-1.39.0

make flask-jwt-0.3.2 Flask-JWT==0.3.2 flask==2.0.3 werkzeug==2.0.3 markupsafe==2.0.1 \
    itsdangerous==2.0.1
record lib_flask_jwt Flask-JWT flask-jwt-0.3.2

make fastapi-azure-auth-5.3.0 fastapi-azure-auth==5.3.0
record lib_fastapi_azure_auth fastapi-azure-auth fastapi-azure-auth-5.3.0
