import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import java.security.PublicKey;

/** SmallRye JWT (Quarkus, WildFly): DefaultJWTParser over jose4j. */
final class SmallRye {
    private static final long PAST = 1735689600L;
    private static final long FUTURE = 4102444800L;

    private SmallRye() {}

    static Object read(PublicKey key, String token, String... audience) throws Exception {
        JWTAuthContextInfo info = new JWTAuthContextInfo(key, "https://id.example.com");
        if (audience.length > 0) {
            info.setExpectedAudience(new java.util.HashSet<>(java.util.Arrays.asList(audience)));
        }
        return new DefaultJWTParser(info).parse(token);
    }

    static Object read(String token) throws Exception {
        return read(Tokens.RSA.getPublic(), token);
    }

    static String token(String more) {
        return Tokens.rs256("{\"sub\":\"u-17\",\"iss\":\"https://id.example.com\",\"iat\":1735689500" + more + "}");
    }

    public static void main(String[] args) throws Exception {
        java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
        Corpus own = new Corpus("smallrye-jwt", args[0], SmallRye.class);
        // the words that decide are those of the library below
        Corpus corpus = new Corpus("jose4j", "in smallrye-jwt " + args[0], SmallRye.class);
        corpus.framed("token_expired", () -> read(token(",\"exp\":" + PAST)));
        corpus.framed("token_not_yet_valid", () -> read(token(",\"nbf\":" + FUTURE + ",\"exp\":" + (FUTURE + 60))));
        corpus.framed("issuer_mismatch", () -> read(Tokens.rs256("{\"sub\":\"u\",\"iat\":1735689500,\"exp\":" + FUTURE
                + ",\"iss\":\"https://staging.example.com\"}")));
        corpus.framed("audience_mismatch", () -> read(Tokens.RSA.getPublic(), token(",\"exp\":" + FUTURE + ",\"aud\":\"web-staging\""), "web-prod"));
        corpus.framed("claim_missing", () -> read(token("")));
        corpus.framed("signature_invalid", () -> read(Tokens.OTHER_RSA.getPublic(), token(",\"exp\":" + FUTURE)));
        corpus.framed("algorithm_mismatch", () -> read(Tokens.hs256(Tokens.good())));
        corpus.framed("token_malformed", () -> read("opaque-token"));
        own.fault("unspecified", () -> read("opaque-token"));
        own.framed("claim_missing", () -> read(Tokens.rs256("{\"iss\":\"https://id.example.com\",\"iat\":1735689500,\"exp\":" + FUTURE + "}")));
        keySets(own);
    }

    private static void keySets(Corpus own) throws Exception {
        KeySetServer server = new KeySetServer();
        String token = Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-2\"}", Tokens.good(), Tokens.RSA.getPrivate());
        // a key set that is unread and one without the kid get the same words
        for (String path : new String[] {"/html", "/good"}) {
            own.framed("jwks_unavailable+key_not_found", () -> remote(KeySetServer.BASE + path, token));
        }
        for (String url : new String[] {KeySetServer.BASE + "/503", "http://127.0.0.1:9/jwks.json"}) {
            own.framed("jwks_unavailable", () -> remote(url, token));
        }
        server.stop();
    }

    private static Object remote(String url, String token) throws Exception {
        JWTAuthContextInfo info = new JWTAuthContextInfo();
        info.setIssuedBy("https://id.example.com");
        info.setPublicKeyLocation(url);
        info.setJwksRefreshInterval(60);
        info.setForcedJwksRefreshInterval(30);
        return new DefaultJWTParser(info).parse(token);
    }
}
