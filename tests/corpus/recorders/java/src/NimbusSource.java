import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URL;

/** nimbus-jose-jwt 9.31 and later: JWKSourceBuilder, with cache, rate limit and retrial. */
final class NimbusSource {
    private NimbusSource() {}

    public static void main(String[] args) throws Exception {
        Corpus corpus = new Corpus("nimbus-jose-jwt", args[0], NimbusSource.class);
        KeySetServer server = new KeySetServer();
        String token = Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-2\"}", Tokens.good(), Tokens.RSA.getPrivate());
        for (String url : new String[] {KeySetServer.BASE + "/html", KeySetServer.BASE + "/503", "http://127.0.0.1:9/jwks.json"}) {
            corpus.fault("jwks_unavailable", () -> Nimbus.processor(JWSAlgorithm.RS256,
                    JWKSourceBuilder.<SecurityContext>create(new URL(url)).build()).process(token, null));
        }
        corpus.framed("jwks_unavailable", () -> {
            com.nimbusds.jwt.proc.DefaultJWTProcessor<SecurityContext> limited = Nimbus.processor(JWSAlgorithm.RS256,
                    JWKSourceBuilder.<SecurityContext>create(new URL("http://127.0.0.1:9/jwks.json")).retrying(false).build());
            for (int i = 0; i < 5; i++) {
                try {
                    limited.process(token, null);
                } catch (com.nimbusds.jose.KeySourceException error) {
                    if (error.getClass().getSimpleName().startsWith("RateLimit")) {
                        throw error;
                    }
                }
            }
            return null;
        });
        server.stop();
    }
}
