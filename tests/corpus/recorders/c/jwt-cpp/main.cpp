// Provokes the rejections of jwt-cpp and prints one corpus line per text. args: version.
#include <jwt-cpp/jwt.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <string>

namespace {

using Clock = std::chrono::system_clock;

const std::string secret = "0123456789abcdef0123456789abcdef";
std::string version;
int number = 0;

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

void line(const std::string& reason, const std::string& text) {
    const bool rejected = !reason.empty();
    std::cout << "{\"text\":" << quoted(text) << ",\"reason\":"
              << (rejected ? quoted(reason) : "null")
              << ",\"outcome\":" << (rejected ? "\"rejected\"" : "\"none\"")
              << ",\"also\":[],\"captures\":{},\"library\":\"jwt-cpp\",\"version\":"
              << quoted(version) << ",\"origin\":\"recorded\","
              << "\"program\":\"tests/corpus/recorders/c/jwt-cpp/main.cpp\"}\n";
}

// The ways in which a C++ program usually writes an exception down.
std::string coat(const std::string& text) {
    switch (number % 4) {
    case 0: return "[2026-03-04 11:05:09.412] [auth] [warning] JWT verification failed: " + text;
    case 1: return "Token rejected: " + text;
    case 2: return "{\"error\":\"invalid_token\",\"error_description\":" + quoted(text) + "}";
    default: return "E0304 11:05:09.412345  4711 auth.cc:88] jwt verify error: " + text;
    }
}

void fault(const std::string& reason, const std::function<void()>& provoke, bool bare = true) {
    try {
        provoke();
    } catch (const std::exception& error) {
        line(bare ? reason : "", error.what());
        line(reason, coat(error.what()));
        ++number;
        return;
    }
    std::cerr << "fault was not noticed: " << reason << "\n";
    std::exit(1);
}

auto token() { return jwt::create().set_type("JWT").set_issuer("https://auth.example.com"); }

auto verifier() { return jwt::verify().allow_algorithm(jwt::algorithm::hs256{secret}); }

template <typename Builder> std::string sign(Builder made) {
    return made.sign(jwt::algorithm::hs256{secret});
}

template <typename Verifier> std::function<void()> check(const std::string& text, Verifier with) {
    return [=] { with.verify(jwt::decode(text)); };
}

}  // namespace

int main(int, char** args) {
    version = args[1];
    const auto now = Clock::now();
    const auto hour = std::chrono::hours(1);
    const std::string good = sign(token());
    const auto other = jwt::verify().allow_algorithm(jwt::algorithm::hs256{"other"});
    fault("token_expired", check(sign(token().set_expires_at(now - hour)), verifier()));
    fault("signature_invalid", check(good, other));
    fault("algorithm_mismatch", check(token().sign(jwt::algorithm::hs512{secret}), verifier()));
    fault("issuer_mismatch", check(good, verifier().with_issuer("https://b.example")));
    fault("audience_mismatch", check(sign(token().set_audience("web")), verifier().with_audience("api")));
    fault("claim_missing", check(good, verifier().with_subject("a")));
    const auto number_claim = jwt::claim(std::string("7"));
    fault("claim_mismatch", check(sign(token().set_payload_claim("tenant", number_claim)),
                                  verifier().with_claim("tenant", jwt::claim(std::string("8")))));
    fault("token_malformed", [] { jwt::decode("abc"); });
    fault("token_malformed", [] { jwt::decode("a.b"); });
    fault("token_malformed", [&] { jwt::decode("!!!!." + good.substr(good.find('.') + 1)); }, false);
    fault("key_invalid", [] { jwt::algorithm::rs256("not a key", "", "", ""); });
    fault("key_invalid", [] { jwt::algorithm::es256("not a key", "", "", ""); });
}
