import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Date;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs the twelve events with the layout of Log4j's configuration. */
public class Emit {
    static final Logger LOG = LogManager.getLogger("com.example.orders.Auth");

    static void note() throws Exception {
        Thread.sleep(30);
        Files.writeString(Path.of(System.getenv("BOOK")), Instant.now() + "\n",
            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static String token(Algorithm by, String audience, int seconds) {
        Date end = new Date(System.currentTimeMillis() + seconds * 1000L);
        return JWT.create().withAudience(audience).withExpiresAt(end).sign(by);
    }

    public static void main(String[] arguments) throws Exception {
        Algorithm key = Algorithm.HMAC256("s".repeat(32)), other = Algorithm.HMAC256("x".repeat(32));
        String[] refused = {token(key, "orders", -600), token(other, "orders", 600),
            token(key, "web", 600), "abc.def", token(key, "orders", -60)};
        LOG.atDebug().log("the first call sets the layout up");
        note();
        LOG.info("listening on port 8080");
        for (int i = 0; i < refused.length; i++) {
            note();
            LOG.info("order stored");
            note();
            try {
                JWT.require(key).withAudience("orders").build().verify(refused[i]);
            } catch (JWTVerificationException error) {
                LOG.error("authentication failed for /orders/" + i, error);
            }
        }
        note();
        LOG.info("shutting down");
        LogManager.shutdown();
    }
}
