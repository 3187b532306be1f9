import json
import logging
import os

import jwt
import sentry_sdk
from auth import authenticate
from flask import Flask, jsonify, request
from sentry_sdk.transport import Transport


class FileTransport(Transport):
    """The SDK's own envelopes, and the same events as plain JSON; only the network is left out."""

    def capture_envelope(self, envelope):
        with open(os.environ["ENVELOPES"], "ab") as file:
            envelope.serialize_into(file)
        event = envelope.get_event()
        if event:
            with open(os.environ["ENVELOPES"] + ".events", "a") as file:
                file.write(json.dumps(event) + "\n")


sentry_sdk.init(
    dsn="https://0123456789abcdef0123456789abcdef@sentry.example.com/7",
    transport=FileTransport,
    release="orders-api@3.4.1",
    environment="production",
    server_name=os.environ["POD_NAME"],
    include_local_variables=False,
)
app = Flask(__name__)


@app.before_request
def check_token():
    sentry_sdk.set_tag("request_id", request.headers["X-Request-Id"])
    try:
        authenticate(request.headers.get("Authorization"))
    except jwt.PyJWTError as error:
        sentry_sdk.capture_exception(error)
        return jsonify(error="invalid_token"), 401


@app.route("/<path:path>")
def anything(path):
    return jsonify(ok=True)


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
