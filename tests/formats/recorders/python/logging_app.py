import logging
import os

import jwt
from auth import authenticate
from flask import Flask, jsonify, request

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("orders.auth")
app = Flask(__name__)


class NotAuthenticated(Exception):
    pass


def check(header):
    try:
        return authenticate(header)
    except jwt.InvalidTokenError as error:
        raise NotAuthenticated(str(error)) from error


@app.before_request
def check_token():
    try:
        claims = check(request.headers.get("Authorization"))
    except NotAuthenticated:
        log.exception("request to %s was not authenticated", request.path)
        return jsonify(error="invalid_token"), 401
    log.info("%s %s for %s", request.method, request.path, claims["sub"])


@app.route("/<path:path>")
def anything(path):
    return jsonify(ok=True)


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    log.info("starting up")
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
