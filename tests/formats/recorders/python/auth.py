import os

import jwt


def authenticate(header: str | None) -> dict:
    token = (header or "").removeprefix("Bearer ")
    return jwt.decode(
        token,
        os.environ["JWT_SECRET"],
        algorithms=["HS256"],
        audience=os.environ["AUDIENCE"],
        issuer=os.environ["ISSUER"],
    )
