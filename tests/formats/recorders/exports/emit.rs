//! Log the twelve events as a tree.
use jsonwebtoken::{decode, encode, Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::io::Write;
use tracing_subscriber::prelude::*;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    aud: String,
    exp: u64,
}

fn token(exp: u64, aud: &str, key: &str) -> String {
    let claims = Claims { sub: "u1".into(), aud: aud.into(), exp };
    encode(&Header::default(), &claims, &EncodingKey::from_secret(key.as_bytes())).unwrap()
}

fn refused() -> Vec<jsonwebtoken::errors::Error> {
    let now = chrono::Utc::now().timestamp() as u64;
    let tokens = [
        token(now - 600, "orders", "s"),
        token(now + 600, "orders", "x"),
        token(now + 600, "web", "s"),
        "abc.def".into(),
        token(now - 700, "orders", "s"),
    ];
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_audience(&["orders"]);
    let key = DecodingKey::from_secret(b"s");
    tokens.iter().map(|one| decode::<Claims>(one, &key, &rules).err().unwrap()).collect()
}

fn note() {
    std::thread::sleep(std::time::Duration::from_millis(30));
    let path = std::env::var("BOOK").unwrap();
    let mut book = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(book, "{}", chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)).unwrap();
}

fn with_tracing() {
    let layer = tracing_tree::HierarchicalLayer::new(2)
        .with_ansi(false)
        .with_writer(std::io::stdout)
        .with_timer(tracing_tree::time::UtcDateTime::default())
        .with_indent_lines(true)
        .with_bracketed_fields(true);
    tracing_subscriber::Registry::default().with(layer).init();
    note();
    tracing::info!("listening on port 8080");
    for (i, error) in refused().into_iter().enumerate() {
        note();
        tracing::info!(order = i, "order stored");
        note();
        let span = tracing::info_span!("request", method = "GET", path = %format!("/orders/{i}"));
        let _entered = span.enter();
        tracing::error!(%error, status = 401, "authentication failed");
    }
    note();
    tracing::info!("shutting down");
}

fn main() {
    with_tracing()
}
