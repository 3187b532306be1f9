import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;

/** Vert.x auth-jwt 4: JWTAuth.authenticate. */
final class VertxAuth {
    private static final Vertx VERTX = Vertx.vertx();
    private static final long PAST = 1735689600L;
    private static final long FUTURE = 4102444800L;

    private VertxAuth() {}

    static Object read(JWTOptions options, String token) throws Exception {
        JWTAuth auth = JWTAuth.create(VERTX, new JWTAuthOptions().setJWTOptions(options)
                .addPubSecKey(new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(new String(Tokens.SECRET))));
        Future<?> result = auth.authenticate(new TokenCredentials(token));
        try {
            return result.toCompletionStage().toCompletableFuture().get();
        } catch (java.util.concurrent.ExecutionException error) {
            throw VertxAuth.<RuntimeException>unchecked(error.getCause());
        }
    }

    /** Vert.x fails with a Throwable that is no Exception. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable error) throws T {
        throw (T) error;
    }

    static Object read(String token) throws Exception {
        return read(new JWTOptions(), token);
    }

    public static void main(String[] args) {
        Corpus corpus = new Corpus("vertx", args[0], VertxAuth.class);
        String body = Tokens.claims("\"a\":1");
        corpus.fault("token_expired", () -> read(Tokens.hs256(Tokens.claims("\"exp\":" + PAST))));
        // the library says the same of all three times
        corpus.fault("token_expired", () -> read(Tokens.hs256(Tokens.claims("\"nbf\":" + FUTURE))));
        corpus.fault("token_expired", () -> read(Tokens.hs256(Tokens.claims("\"iat\":" + FUTURE))));
        corpus.named("audience_mismatch", () -> read(new JWTOptions().addAudience("web-prod"),
                Tokens.hs256(Tokens.claims("\"aud\":[\"web-staging\"]"))), "expected", "web-prod");
        corpus.named("issuer_mismatch", () -> read(new JWTOptions().setIssuer("https://id.example.com"),
                Tokens.hs256(Tokens.claims("\"iss\":\"https://staging.example.com\""))));
        corpus.named("signature_invalid", () -> read(Tokens.hs256("{\"alg\":\"HS256\"}", body, "another-secret-another-secret".getBytes())));
        corpus.named("key_not_found", () -> read(Tokens.rs256(body)), "alg", "RS256");
        corpus.fault("algorithm_none", () -> read(Tokens.unsigned("{\"alg\":\"none\"}", body)));
        corpus.fault("token_malformed", () -> read("opaque-token"));
        corpus.fault("algorithm_none", () -> read(Tokens.hs256(body) + ".x"));
        VERTX.close();
    }
}
