import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A key set endpoint on 127.0.0.1 that answers well and badly. */
final class KeySetServer {
    static final String BASE = "http://127.0.0.1:18099";
    private final HttpServer server;

    KeySetServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 18099), 0);
        java.security.interfaces.RSAPublicKey key = (java.security.interfaces.RSAPublicKey) Tokens.OTHER_RSA.getPublic();
        answer("/good", 200, "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"key-1\",\"n\":\""
                + Tokens.base64(key.getModulus().toByteArray()) + "\",\"e\":\"AQAB\"}]}");
        answer("/none", 200, "{\"keys\":[]}");
        answer("/html", 200, "<html>busy</html>");
        answer("/other", 200, "{\"status\":\"ok\"}");
        answer("/503", 503, "busy");
        answer("/404", 404, "no such page");
        server.start();
    }

    void answer(String path, int status, String body) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    void stop() {
        server.stop(0);
    }
}
