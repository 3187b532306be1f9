// Provokes the rejections of libjwt 3. args: version.
#define PROGRAM "main-3.c"
#include <jwt.h>

#include "shared.h"

static const char *keys =
    "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\","
    "\"k\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\"},"
    "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA\"},"
    "{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTBmZWRjYmE5ODc2NTQzMjEwZmVkY2JhOTg3NjU0MzIxMA\"}]}";

static jwk_set_t *set;

static char *token(int key) {
    jwt_builder_t *builder = jwt_builder_new();
    if (key >= 0) {
        const jwk_item_t *item = jwks_item_get(set, key);
        jwt_builder_setkey(builder, jwks_item_alg(item), item);
    }
    jwt_builder_time_offset(builder, JWT_CLAIM_EXP, 3600);
    char *made = jwt_builder_generate(builder);
    jwt_builder_free(builder);
    return made;
}

// The text of a verifier with one of the keys (-1: none), for a token.
static void check(const char *reason, const char *text, int key) {
    jwt_checker_t *checker = jwt_checker_new();
    const jwk_item_t *item = jwks_item_get(set, key < 0 ? 0 : key);
    if (key >= 0) jwt_checker_setkey(checker, jwks_item_alg(item), item);
    jwt_checker_verify(checker, text);
    fault(reason, jwt_checker_error_msg(checker));
    jwt_checker_free(checker);
}

static void item(const char *reason, const char *text) {
    jwk_set_t *made = jwks_create(text);
    const jwk_item_t *first = jwks_item_get(made, 0);
    fault(reason, first ? jwks_item_error_msg(first) : jwks_error_msg(made));
}

int main(int count, char **args) {
    version = count > 1 ? args[1] : "";
    set = jwks_create(keys);
    char *good = token(0), *none = token(-1), *long_mac = token(2);
    jwt_checker_t *checker = jwt_checker_new();
    const jwk_item_t *first = jwks_item_get(set, 0);
    jwt_checker_setkey(checker, JWT_ALG_HS256, first);
    jwt_checker_claim_set(checker, JWT_CLAIM_ISS, "https://auth.example.com");
    jwt_checker_verify(checker, good);
    fault("claim_invalid", jwt_checker_error_msg(checker));
    check("signature_invalid", good, 1);
    check("key_invalid", long_mac, 0);
    check("algorithm_none", none, 0);
    check("key_missing", good, -1);
    check("header_missing", "", 0);
    check("token_malformed", "abc", 0);
    check("token_malformed", "a.b", 0);
    check("token_malformed", "!!!.b.c", 0);
    check("algorithm_mismatch", "eyJhbGciOiJYWCJ9.e30.c", 0);
    item("key_invalid", "{\"keys\":[{\"kty\":\"oct\"}]}");
    item("key_invalid", "{\"keys\":[{\"kty\":\"XYZ\"}]}");
    item("key_invalid", "{\"keys\":[{\"alg\":\"HS256\"}]}");
    return 0;
}
