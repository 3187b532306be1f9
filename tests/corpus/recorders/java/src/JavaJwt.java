import com.auth0.jwk.JwkProvider;
import com.auth0.jwk.UrlJwkProvider;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.Verification;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URL;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** auth0 java-jwt 3 and 4, and jwks-rsa. Neither lets the clock be set, so times are far away. */
final class JavaJwt {
    private static final long PAST = 1735689600L; // 2025-01-01T00:00:00Z
    private static final long FUTURE = 4102444800L; // 2100-01-01T00:00:00Z

    private JavaJwt() {}

    static Verification hmac() {
        return JWT.require(Algorithm.HMAC256(Tokens.SECRET));
    }

    /** By reflection: the first versions have no such method. */
    private static Verification present(String claim) throws Exception {
        return (Verification) Verification.class.getMethod("withClaimPresence", String.class).invoke(hmac(), claim);
    }

    static Object read(Verification verification, String token) {
        return verification.build().verify(token);
    }

    static String claims(String more) {
        return Tokens.hs256(Tokens.claims(more));
    }

    public static void main(String[] args) throws IOException {
        java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
        java.util.Locale.setDefault(java.util.Locale.US);
        Corpus corpus = new Corpus("java-jwt", args[0], JavaJwt.class);
        boolean four = args[0].startsWith("4");
        times(corpus, four);
        claims(corpus, four);
        signatures(corpus);
        shapes(corpus, args[0].compareTo("4.4") >= 0, args[0].startsWith("3.10"));
        keySets(corpus);
    }

    private static void times(Corpus corpus, boolean four) {
        if (four) {
            corpus.fault("token_expired", () -> read(hmac(), claims("\"exp\":" + PAST)), "expired_at", "2025-01-01T00:00:00Z");
            corpus.fault("token_not_yet_valid", () -> read(hmac(), claims("\"nbf\":" + FUTURE)), "not_before", "2100-01-01T00:00:00Z");
            // the library says the same of nbf and of iat
            corpus.fault("token_not_yet_valid", () -> read(hmac(), claims("\"iat\":" + FUTURE)), "not_before", "2100-01-01T00:00:00Z");
        } else {
            corpus.fault("token_expired", () -> read(hmac(), claims("\"exp\":" + PAST)), "expired_at", "Wed Jan 01 00:00:00 UTC 2025");
            corpus.fault("token_not_yet_valid", () -> read(hmac(), claims("\"nbf\":" + FUTURE)), "not_before",
                    "Fri Jan 01 00:00:00 UTC 2100");
            corpus.fault("token_not_yet_valid", () -> read(hmac(), claims("\"iat\":" + FUTURE)));
        }
        corpus.fault("claim_invalid", () -> read(hmac(), claims("\"exp\":\"tomorrow\"")), "claim", "exp");
        corpus.fault("claim_invalid", () -> read(hmac(), claims("\"nbf\":\"today\"")), "claim", "nbf");
    }

    private static void claims(Corpus corpus, boolean four) {
        corpus.fault("issuer_mismatch", () -> read(hmac().withIssuer("https://id.example.com"), claims("\"iss\":\"https://other.example.com\"")));
        corpus.fault("audience_mismatch", () -> read(hmac().withAudience("web-prod"), claims("\"aud\":\"web-staging\"")));
        corpus.fault("audience_mismatch", () -> read(hmac().withAudience("web-prod"), claims("\"aud\":[\"a\",\"b\"]")));
        corpus.fault("subject_mismatch", () -> read(hmac().withSubject("u-18"), claims("\"a\":1")));
        corpus.fault("claim_mismatch", () -> read(hmac().withClaim("tenant", "blue"), claims("\"tenant\":\"green\"")), "claim", "tenant");
        corpus.fault("claim_mismatch", () -> read(hmac().withJWTId("j-1"), claims("\"jti\":\"j-2\"")), "claim", "jti");
        if (four) {
            corpus.fault("claim_missing", () -> read(hmac().withClaim("tenant", "blue"), claims("\"a\":1")), "claim", "tenant");
            corpus.fault("claim_missing", () -> read(present("scope"), claims("\"a\":1")), "claim", "scope");
        }
    }

    private static void signatures(Corpus corpus) {
        String body = Tokens.claims("\"a\":1");
        byte[] other = "another-secret-another-secret-another".getBytes();
        corpus.fault("signature_invalid", () -> read(hmac(), Tokens.hs256("{\"alg\":\"HS256\"}", body, other)), "alg", "HmacSHA256");
        corpus.fault("signature_invalid",
                () -> read(JWT.require(Algorithm.RSA256((RSAPublicKey) Tokens.OTHER_RSA.getPublic(), null)), Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch",
                () -> read(JWT.require(Algorithm.RSA256((RSAPublicKey) Tokens.RSA.getPublic(), null)), Tokens.hs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(hmac(), Tokens.unsigned("{\"alg\":\"none\"}", body)));
        corpus.fault("signature_invalid", () -> read(JWT.require(Algorithm.ECDSA256((ECPublicKey) Tokens.EC.getPublic(), null)),
                Tokens.hs256("{\"alg\":\"ES256\"}", body, other)));
        corpus.framed("key_not_found", () -> JWT.require(Algorithm.RSA256(new Keys(null))).build()
                .verify(Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-2\"}", body, Tokens.RSA.getPrivate())));
    }

    private static void shapes(Corpus corpus, boolean explains, boolean bare) {
        String good = claims("\"a\":1");
        corpus.fault("token_malformed", () -> read(hmac(), "opaque-token"));
        corpus.fault("token_malformed", () -> read(hmac(), good + ".x"));
        corpus.fault("token_malformed", () -> read(hmac(), Tokens.hs256("{\"alg\":\"HS256\"", "{}", Tokens.SECRET)));
        corpus.fault("token_malformed", () -> read(hmac(), Tokens.hs256("{\"sub\":")));
        Corpus.Fault notBase64 = () -> read(hmac(), "ey{J." + good.substring(good.indexOf('.') + 1));
        if (bare) {
            corpus.framed("token_malformed", notBase64);
        } else {
            corpus.fault("token_malformed", notBase64);
        }
        if (explains) {
            corpus.fault("header_missing", () -> read(hmac(), null));
        }
        corpus.named("key_missing", () -> Algorithm.HMAC256((String) null));
        corpus.named("key_missing", () -> JWT.require(null));
    }

    /** A key provider that finds nothing. */
    private static final class Keys implements com.auth0.jwt.interfaces.RSAKeyProvider {
        private final RSAPublicKey key;

        Keys(RSAPublicKey key) {
            this.key = key;
        }

        @Override
        public RSAPublicKey getPublicKeyById(String keyId) {
            return key;
        }

        @Override
        public java.security.interfaces.RSAPrivateKey getPrivateKey() {
            return null;
        }

        @Override
        public String getPrivateKeyId() {
            return null;
        }
    }

    private static void keySets(Corpus corpus) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 18099), 0);
        answer(server, "/none", 200, "{\"keys\":[]}");
        answer(server, "/html", 200, "<html>busy</html>");
        answer(server, "/503", 503, "busy");
        answer(server, "/one", 200, "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"key-1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}");
        answer(server, "/kty", 200, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"key-1\",\"k\":\"AQAB\"}]}");
        answer(server, "/nokty", 200, "{\"keys\":[{\"kid\":\"key-1\",\"k\":\"AQAB\"}]}");
        server.start();
        corpus.fault("jwks_unavailable", () -> provider("/none").get("key-1"));
        corpus.fault("jwks_unavailable", () -> provider("/html").get("key-1"));
        corpus.fault("jwks_unavailable", () -> provider("/503").get("key-1"));
        corpus.fault("jwks_unavailable", () -> new UrlJwkProvider(new URL("http://127.0.0.1:9/jwks.json")).get("key-1"));
        corpus.fault("key_not_found", () -> provider("/one").get("key-2"), "kid", "key-2");
        corpus.fault("key_invalid", () -> provider("/kty").get("key-1").getPublicKey());
        corpus.fault("jwks_unavailable", () -> provider("/nokty").get("key-1").getPublicKey());
        JwkProvider limited = new com.auth0.jwk.JwkProviderBuilder(new URL("http://127.0.0.1:18099/one"))
                .rateLimited(1, 1, java.util.concurrent.TimeUnit.HOURS).build();
        corpus.fault("jwks_unavailable", () -> {
            try {
                limited.get("key-2");
            } catch (com.auth0.jwk.SigningKeyNotFoundException error) {
                return limited.get("key-2");
            }
            return null;
        });
        server.stop(0);
    }

    private static JwkProvider provider(String path) throws IOException {
        return new UrlJwkProvider(new URL("http://127.0.0.1:18099" + path));
    }

    private static void answer(HttpServer server, String path, int status, String body) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes());
            exchange.close();
        });
    }
}
