import java.security.interfaces.RSAPublicKey;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;

/** jose4j 0.7 to 0.9: JwtConsumer, with keys, key sets and remote key sets. */
final class Jose4j {
    private final Corpus corpus;

    private Jose4j(Corpus corpus) {
        this.corpus = corpus;
    }

    static JwtConsumerBuilder hmac() {
        return new JwtConsumerBuilder().setVerificationKey(new HmacKey(Tokens.SECRET))
                .setEvaluationTime(NumericDate.fromSeconds(Tokens.NOW));
    }

    static Object read(JwtConsumerBuilder builder, String token) throws Exception {
        return builder.build().processToClaims(token);
    }

    private static String claims(String more) {
        return Tokens.hs256(Tokens.claims(more));
    }

    public static void main(String[] args) throws Exception {
        java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
        Jose4j jose4j = new Jose4j(new Corpus("jose4j", args[0], Jose4j.class));
        jose4j.times();
        jose4j.claims();
        jose4j.signatures();
        jose4j.shapes();
        jose4j.keySets();
    }

    private void times() {
        corpus.fault("token_expired", () -> read(hmac(), claims("\"exp\":" + (Tokens.NOW - 600))));
        corpus.fault("token_expired", () -> read(hmac().setAllowedClockSkewInSeconds(30), claims("\"exp\":" + (Tokens.NOW - 86400))));
        corpus.fault("token_not_yet_valid", () -> read(hmac(), claims("\"nbf\":" + (Tokens.NOW + 90))));
        corpus.fault("claim_missing", () -> read(hmac().setRequireExpirationTime(), claims("\"a\":1")));
        corpus.fault("claim_missing", () -> read(hmac().setRequireIssuedAt(), claims("\"a\":1")));
        corpus.fault("claim_missing", () -> read(hmac().setRequireNotBefore(), claims("\"a\":1")));
        corpus.fault("claim_invalid", () -> read(hmac(), claims("\"exp\":\"tomorrow\"")));
        corpus.fault("claim_invalid", () -> read(hmac().setMaxFutureValidityInMinutes(10), claims("\"exp\":" + (Tokens.NOW + 86400))));
        corpus.fault("token_too_old", () -> read(hmac().setIssuedAtRestrictions(0, 60), claims("\"iat\":" + (Tokens.NOW - 600))));
        corpus.fault("issued_in_future", () -> read(hmac().setIssuedAtRestrictions(0, 60), claims("\"iat\":" + (Tokens.NOW + 600))));
    }

    private void claims() {
        corpus.fault("issuer_mismatch", () -> read(hmac().setExpectedIssuer("https://id.example.com"),
                claims("\"iss\":\"https://staging.example.com\"")), "expected", "https://id.example.com", "actual", "https://staging.example.com");
        corpus.fault("issuer_mismatch", () -> read(hmac().setExpectedIssuers(true, "https://id.example.com", "https://id2.example.com"),
                claims("\"iss\":\"https://staging.example.com\"")));
        corpus.fault("claim_missing", () -> read(hmac().setExpectedIssuer("https://id.example.com"), claims("\"a\":1")));
        corpus.fault("audience_mismatch", () -> read(hmac().setExpectedAudience("web-prod"), claims("\"aud\":\"web-staging\"")),
                "expected", "web-prod", "actual", "web-staging");
        corpus.fault("audience_mismatch", () -> read(hmac().setExpectedAudience("web-prod", "api"),
                claims("\"aud\":[\"web-staging\",\"mobile\"]")), "actual", "web-staging|mobile");
        corpus.fault("audience_mismatch", () -> read(hmac(), claims("\"aud\":\"web-staging\"")));
        corpus.fault("claim_missing", () -> read(hmac().setExpectedAudience("web-prod"), claims("\"a\":1")));
        corpus.fault("claim_missing", () -> read(hmac().setRequireSubject(), Tokens.hs256("{\"a\":1}")));
        corpus.fault("claim_missing", () -> read(hmac().setRequireJwtId(), claims("\"a\":1")));
        corpus.fault("subject_mismatch", () -> read(hmac().setExpectedSubject("u-18"), claims("\"a\":1")));
        corpus.fault("claim_invalid", () -> read(hmac().setRequireSubject(), Tokens.hs256("{\"sub\":17}")));
    }

    private void signatures() {
        String body = Tokens.claims("\"a\":1");
        byte[] other = "another-secret-another-secret-another".getBytes();
        corpus.fault("signature_invalid", () -> read(hmac(), Tokens.hs256("{\"alg\":\"HS256\"}", body, other)));
        corpus.fault("key_invalid", () -> read(hmac().setVerificationKey(new HmacKey("short".getBytes())), Tokens.hs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(hmac(), Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(hmac().setVerificationKey(Tokens.RSA.getPublic()), Tokens.hs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(hmac(), Tokens.hs256("{\"alg\":\"HS257\"}", body, other)), "alg", "HS257");
        corpus.fault("algorithm_none", () -> read(hmac(), Tokens.unsigned("{\"alg\":\"none\"}", body)));
        corpus.fault("algorithm_mismatch", () -> read(hmac(), Tokens.hs256("{\"typ\":\"JWT\"}", body, other)));
        corpus.fault("header_unsupported",
                () -> read(hmac(), Tokens.hs256("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", body, Tokens.SECRET)));
        corpus.fault("key_missing", () -> read(new JwtConsumerBuilder(), Tokens.hs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(hmac().setJwsAlgorithmConstraints(
                new org.jose4j.jwa.AlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.ConstraintType.WHITELIST, "RS256")),
                Tokens.hs256(body)), "alg", "HS256");
    }

    private void shapes() {
        String good = claims("\"a\":1");
        corpus.fault("token_malformed", () -> read(hmac(), "opaque-token"));
        corpus.fault("token_malformed", () -> read(hmac(), good + ".x"));
        corpus.fault("token_malformed", () -> read(hmac(), Tokens.hs256("{\"alg\":\"HS256\"", "{}", Tokens.SECRET)));
        corpus.fault("token_malformed", () -> read(hmac(), Tokens.hs256("plain text")));
        corpus.fault("signature_invalid", () -> read(hmac(), Tokens.base64("{\"alg\":\"HS256\"}") + "." + Tokens.base64("{}") + "."));
    }

    private void keySets() throws Exception {
        KeySetServer server = new KeySetServer();
        String token = Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-2\"}", Tokens.good(), Tokens.RSA.getPrivate());
        JsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk((RSAPublicKey) Tokens.OTHER_RSA.getPublic());
        key.setKeyId("key-1");
        corpus.fault("key_not_found", () -> read(hmac().setSkipDefaultAudienceValidation()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(new JsonWebKeySet(key).getJsonWebKeys())), token), "kid", "key-2");
        for (String path : new String[] {"/html", "/other", "/503"}) {
            corpus.fault("jwks_unavailable", () -> remote(KeySetServer.BASE + path, token));
        }
        corpus.fault("jwks_unavailable", () -> remote("http://127.0.0.1:9/jwks.json", token));
        corpus.fault("key_not_found", () -> remote(KeySetServer.BASE + "/good", token), "kid", "key-2");
        server.stop();
    }

    private static Object remote(String url, String token) throws Exception {
        return read(new JwtConsumerBuilder().setSkipDefaultAudienceValidation()
                .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(new HttpsJwks(url))), token);
    }
}
