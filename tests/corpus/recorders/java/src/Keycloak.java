import java.security.PublicKey;
import org.keycloak.TokenVerifier;
import org.keycloak.common.util.Time;
import org.keycloak.representations.AccessToken;

/** Keycloak's TokenVerifier, as its server and its adapters use it. */
final class Keycloak {
    private static final String REALM = "https://id.example.com/realms/shop";
    private static final long PAST = 1735689600L;
    private static final long FUTURE = 2145916800L;

    private Keycloak() {}

    static TokenVerifier<AccessToken> verifier(String token, PublicKey key) {
        return TokenVerifier.create(token, AccessToken.class).withDefaultChecks().realmUrl(REALM).publicKey(key);
    }

    static TokenVerifier<AccessToken> verifier(String token) {
        return verifier(token, Tokens.RSA.getPublic());
    }

    static String token(String more) {
        return Tokens.rs256("{\"sub\":\"u-17\",\"iss\":\"" + REALM + "\",\"typ\":\"Bearer\"" + more + "}");
    }

    public static void main(String[] args) {
        Corpus corpus = new Corpus("keycloak", args[0], Keycloak.class);
        claims(corpus);
        signatures(corpus);
    }

    private static void claims(Corpus corpus) {
        Time.setOffset(0);
        corpus.fault("token_expired", () -> verifier(token(",\"exp\":" + PAST)).verify());
        corpus.fault("token_expired", () -> verifier(token(",\"nbf\":" + FUTURE + ",\"exp\":" + FUTURE)).verify());
        corpus.fault("issuer_mismatch", () -> verifier(Tokens.rs256(
                "{\"sub\":\"u-17\",\"typ\":\"Bearer\",\"iss\":\"http://keycloak:8080/realms/shop\"}")).verify(),
                "expected", REALM);
        corpus.fault("claim_missing", () -> verifier(Tokens.rs256("{\"iss\":\"" + REALM + "\",\"typ\":\"Bearer\"}")).verify());
        corpus.fault("claim_mismatch", () -> verifier(Tokens.rs256("{\"sub\":\"u\",\"iss\":\"" + REALM + "\",\"typ\":\"Refresh\"}")).verify(),
                "actual", "Refresh");
        corpus.fault("audience_mismatch", () -> verifier(token(",\"aud\":\"web-staging\"")).audience("web-prod").verify());
        corpus.fault("claim_missing", () -> verifier(token("")).audience("web-prod").verify());
        corpus.fault("claim_mismatch", () -> verifier(token(",\"azp\":\"mobile\"")).issuedFor("web-prod").verify());
    }

    private static void signatures(Corpus corpus) {
        String good = token("");
        corpus.fault("signature_invalid", () -> verifier(good, Tokens.OTHER_RSA.getPublic()).verify());
        corpus.fault("key_missing", () -> verifier(good, null).verify());
        corpus.fault("token_malformed", () -> verifier("opaque-token").verify());
        corpus.fault("token_malformed", () -> verifier(Tokens.rs256("{\"alg\":\"RS256\"", "{}", Tokens.RSA.getPrivate())).verify());
        corpus.fault("token_malformed", () -> verifier(Tokens.rs256("plain text")).verify());
        corpus.fault("header_missing", () -> verifier(null).verify());
    }
}
