#!/bin/sh
# Makes one virtual environment per PyJWT version under a folder of your choice.
# Usage: make_venvs.sh FOLDER; needs python3.12 and python3.13 and prints each environment.
set -eu
folder=${1:?usage: make_venvs.sh FOLDER}

make() { # name python packages...
    home="$folder/$1"
    python=$2
    shift 2
    if [ ! -x "$home/bin/python" ]; then
        "$python" -m venv "$home"
        "$home/bin/pip" install --quiet --disable-pip-version-check "$@" \
            structlog==26.1.0 python-json-logger==4.2.0
    fi
    echo "$home"
}

for version in 1.4.2 1.5.3 1.7.0 1.7.1 2.0.1 2.3.0 2.4.0 2.6.0 2.8.0 2.9.0 2.10.1 2.12.1 2.13.0 \
    2.14.0 2.15.1; do
    make "pyjwt-$version" python3.12 "pyjwt==$version" cryptography==50.0.2
done
# Python 3.13 prints every line of a statement in a frame: other words stand in the traceback.
make pyjwt-2.8.0-python3.13 python3.13 pyjwt==2.8.0 cryptography==50.0.2
make pyjwt-2.15.1-python3.13 python3.13 pyjwt==2.15.1 cryptography==50.0.2
# Without cryptography the library knows HMAC only.
make pyjwt-1.7.1-bare python3.12 pyjwt==1.7.1
make pyjwt-2.15.1-bare python3.12 pyjwt==2.15.1
