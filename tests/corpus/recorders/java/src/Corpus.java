import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Runs a fault and prints what the library said, in two of the coats services write it in. */
final class Corpus {
    interface Fault {
        Object run() throws Exception;
    }

    private final String library;
    private final String version;
    private final String program;
    private String message = "";
    private int turn;

    Corpus(String library, String version, Class<?> program) {
        this.library = library;
        this.version = version;
        this.program = "tests/corpus/recorders/java/src/" + program.getSimpleName() + ".java";
        this.turn = version.hashCode() & 7;
    }

    /** Record a fault; captures are pairs such as "claim", "aud". */
    void fault(String reason, Fault fault, String... captures) {
        Throwable error = provoke(reason, fault);
        if (error != null) {
            print(plain(error, turn % 3), reason, captures);
            print(logged(error, turn % 5), reason, captures);
            turn++;
        }
    }

    /** Record a fault whose bare message is anyone's: only with its class, or with its stack. */
    void named(String reason, Fault fault, String... captures) {
        Throwable error = provoke(reason, fault);
        if (error != null) {
            print(error.toString(), reason, captures);
            print(stack(error), reason, captures);
        }
    }

    /** Record a fault that only the frames of the library tell from another program's. */
    void framed(String reason, Fault fault, String... captures) {
        Throwable error = provoke(reason, fault);
        if (error != null) {
            print(stack(error), reason, captures);
        }
    }

    private Throwable provoke(String reason, Fault fault) {
        PrintStream out = System.out;
        System.setOut(new PrintStream(new ByteArrayOutputStream()));
        try {
            fault.run();
        } catch (Throwable error) {
            message = String.valueOf(error.getMessage());
            return error;
        } finally {
            System.setOut(out);
        }
        System.err.println(library + " " + version + ": no fault for " + reason + ", fault " + turn);
        turn++;
        return null;
    }

    private static String plain(Throwable error, int which) {
        return which == 0 ? error.toString() : error.getMessage();
    }

    private static String logged(Throwable error, int which) {
        switch (which) {
            case 0: return stack(error);
            case 1: return javaLogging("Token rejected: " + error.getMessage());
            case 2: return "2031-05-06 07:08:09.123  WARN 1 --- [nio-8080-exec-4] com.example.auth.JwtFilter"
                    + "               : Invalid JWT: " + error.getMessage();
            case 3: return "{\"@timestamp\":\"2031-05-06T07:08:09.123Z\",\"level\":\"WARN\",\"logger_name\":"
                    + "\"com.example.auth.JwtFilter\",\"message\":\"token verification failed\",\"stack_trace\":"
                    + quote(stack(error)) + "}";
            default: return "{\"timestamp\":\"2031-05-06T07:08:09.123+00:00\",\"status\":401,\"error\":"
                    + "\"Unauthorized\",\"message\":" + quote(error.getMessage()) + ",\"path\":\"/orders\"}";
        }
    }

    private static String javaLogging(String message) {
        LogRecord record = new LogRecord(Level.WARNING, message);
        record.setLoggerName("com.example.auth");
        record.setSourceClassName("com.example.auth.JwtFilter");
        record.setSourceMethodName("filter");
        record.setInstant(java.time.Instant.ofEpochSecond(Tokens.NOW));
        return new SimpleFormatter().format(record).trim();
    }

    private static String stack(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString().trim();
    }

    /** Record what the library logs while a token passes: at DEBUG, as Spring Boot prints it. */
    void passed(String logger, String wanted, Fault run) throws Exception {
        java.util.logging.Logger log = java.util.logging.Logger.getLogger(logger);
        java.util.List<LogRecord> told = new java.util.ArrayList<>();
        java.util.logging.Handler handler = new java.util.logging.Handler() {
            @Override public void publish(LogRecord record) {
                told.add(record);
            }

            @Override public void flush() { }

            @Override public void close() { }
        };
        log.setLevel(Level.ALL);
        log.addHandler(handler);
        run.run();
        log.removeHandler(handler);
        for (LogRecord one : told) {
            if (one.getMessage().startsWith(wanted)) {
                message = one.getMessage();
                line("2031-05-06 07:08:09.123 " + (one.getLevel() == Level.FINE ? "DEBUG" : "TRACE")
                        + " 1 --- [nio-8080-exec-4] " + one.getLoggerName() + " : " + message, null, "accepted");
            }
        }
    }

    /** Print one corpus line. */
    void print(String text, String reason, String... captures) {
        line(text, reason, reason == null ? "none" : "rejected", captures);
    }

    private void line(String text, String reason, String outcome, String... captures) {
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < captures.length; i += 2) {
            values.append(i == 0 ? "" : ",").append(quote(captures[i])).append(":[");
            String[] parts = captures[i + 1].split("\\|");
            for (int j = 0; j < parts.length; j++) {
                values.append(j == 0 ? "" : ",").append(quote(parts[j]));
            }
            values.append(']');
        }
        String line = "{\"text\":" + quote(text) + ",\"reason\":" + (reason == null ? "null" : quote(base(reason)))
                + ",\"outcome\":" + quote(outcome) + ",\"also\":" + also(reason)
                + ",\"captures\":{" + values + "},\"library\":" + quote(library) + ",\"version\":" + quote(version)
                + ",\"origin\":\"recorded\",\"program\":" + quote(program) + ",\"said\":" + quote(message) + "}\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    private static String base(String reason) {
        return reason.split("\\+")[0];
    }

    /** "key_not_found+algorithm_mismatch" is the reason key_not_found, the rest in also. */
    private static String also(String reason) {
        StringBuilder list = new StringBuilder("[");
        String[] all = reason == null ? new String[] {""} : reason.split("\\+");
        for (String one : Arrays.copyOfRange(all, 1, all.length)) {
            list.append(list.length() == 1 ? "" : ",").append(quote(one));
        }
        return list + "]";
    }

    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : String.valueOf(text).toCharArray()) {
            switch (c) {
                case '"': out.append("\\\""); break;
                case '\\': out.append("\\\\"); break;
                case '\n': out.append("\\n"); break;
                case '\r': out.append("\\r"); break;
                case '\t': out.append("\\t"); break;
                default:
                    if (c < 32) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
            }
        }
        return out.append('"').toString();
    }
}
