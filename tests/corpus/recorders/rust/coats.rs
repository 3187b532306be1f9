// The ways in which a Rust program usually writes an error down, and the corpus line for each.
use std::fmt::{Debug, Display};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn traced(json: bool, write: impl FnOnce()) -> String {
    let sink = Sink::default();
    let made = sink.clone();
    let start = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || made.clone());
    if json {
        tracing::subscriber::with_default(start.json().finish(), write);
    } else {
        tracing::subscriber::with_default(start.finish(), write);
    }
    let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    text.trim_end().to_string()
}

fn coat<E: Display + Debug>(number: usize, error: &E) -> String {
    match number % 6 {
        0 => format!("{error:?}"),
        1 => traced(
            false,
            || tracing::warn!(%error, status = 401, "token rejected"),
        ),
        2 => traced(false, || tracing::warn!("invalid token: {error:?}")),
        3 => traced(true, || tracing::error!(%error, "jwt verification failed")),
        4 => serde_json::json!({"status": "fail", "message": format!("Invalid token: {error}")})
            .to_string(),
        _ => format!(
            "{:?}",
            anyhow::anyhow!("{error}").context("failed to verify JWT")
        ),
    }
}

/// One corpus line for the bare text and one for the error in a coat. A reason of "" means that
/// the bare text alone is no rejection: it does not name the token.
pub fn record<E: Display + Debug>(
    library: &str,
    number: usize,
    (reason, captures): (&str, serde_json::Value),
    error: &E,
) {
    let version = std::env::args().nth(1).unwrap();
    let shift: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let (bare, coated) = reason.split_once('|').unwrap_or((reason, reason));
    let texts = [
        (bare, error.to_string()),
        (coated, coat(number + shift, error)),
    ];
    for (reason, text) in texts {
        let rejected = !reason.is_empty();
        let line = serde_json::json!({
            "text": text, "reason": rejected.then_some(reason),
            "outcome": if rejected { "rejected" } else { "none" }, "also": [],
            "captures": if rejected { captures.clone() } else { serde_json::json!({}) },
            "library": format!("rust-{library}"), "version": version, "origin": "recorded",
            "program": format!("tests/corpus/recorders/rust/{library}/main.rs"),
        });
        println!("{line}");
    }
}
