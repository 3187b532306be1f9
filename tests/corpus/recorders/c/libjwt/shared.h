// What both recorders of libjwt share: the corpus line, and the ways a C program logs a text.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *version;
static int number;

static void line(const char *reason, const char *format, const char *text) {
    char whole[600];
    snprintf(whole, sizeof whole, format, text);
    printf("{\"text\":\"");
    for (const char *c = whole; *c; c++) printf(*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    printf("\",\"reason\":\"%s\",\"outcome\":\"rejected\",\"also\":[],\"captures\":{},", reason);
    printf("\"library\":\"libjwt\",\"version\":\"%s\",\"origin\":\"recorded\",", version);
    printf("\"program\":\"tests/corpus/recorders/c/libjwt/%s\"}\n", PROGRAM);
}

static void fault(const char *reason, const char *text) {
    static const char *coats[] = {
        "2026/03/04 11:05:09 [error] 4711#0: *9 JWT validation failed: %s, client: 198.51.100.7",
        "Mar  4 11:05:09 api-1 authd[4711]: jwt rejected: %s",
        "{\"error\":\"invalid_token\",\"error_description\":\"%s\"}",
    };
    if (!text || !*text) {
        fprintf(stderr, "fault was not noticed: %s\n", reason);
        exit(1);
    }
    line(reason, "%s", text);
    line(reason, coats[number++ % 3], text);
}
