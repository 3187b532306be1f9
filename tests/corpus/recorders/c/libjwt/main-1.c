// Provokes the rejections of libjwt 1 and 2: what jwt_exception_str says of jwt_validate's result.
// args: version.
#define PROGRAM "main-1.c"
#include <jwt.h>

#include "shared.h"

static jwt_t *token(void) {
    jwt_t *made = NULL;
    jwt_new(&made);
    jwt_add_grant(made, "iss", "https://auth.example.com");
    jwt_add_grant(made, "sub", "a");
    jwt_add_grant(made, "aud", "web");
    jwt_add_grant_int(made, "nbf", 1700000000);
    jwt_add_grant_int(made, "exp", 1700003600);
    return made;
}

static void check(const char *reason, time_t now, const char *name, const char *wanted) {
    jwt_valid_t *valid = NULL;
    jwt_valid_new(&valid, JWT_ALG_NONE);
    jwt_valid_set_now(valid, now);
    if (name) jwt_valid_add_grant(valid, name, wanted);
    fault(reason, jwt_exception_str(jwt_validate(token(), valid)));
    jwt_valid_free(valid);
}

int main(int count, char **args) {
    version = count > 1 ? args[1] : "";
    const time_t now = 1700000100;
    check("token_expired", now + 7200, NULL, NULL);
    check("token_not_yet_valid", now - 7200, NULL, NULL);
    check("claim_mismatch", now, "iss", "https://b.example");
    check("claim_missing", now, "tenant", "blue");
    jwt_valid_t *valid = NULL;
    jwt_valid_new(&valid, JWT_ALG_HS256);
    jwt_valid_set_now(valid, now);
    fault("algorithm_mismatch", jwt_exception_str(jwt_validate(token(), valid)));
    return 0;
}
