// Print what JavaScript programs say that looks like a token rejection and is none.
const vm = require("vm"), crypto = require("crypto");
const say = (text, program) => console.log(JSON.stringify({ text: String(text).slice(0, 600), program }));
let count = 0;
const attempt = (program, action) => {
  try { action(); } catch (error) {
    count += 1;
    const stack = String(error.stack || error).split("\n").filter((line) => !line.includes("/srv/"));
    say(count % 5 ? `${error.name}: ${error.message}` : stack.slice(0, 5).join("\n").replaceAll(process.cwd(), "/srv/app"), program);
  }
};
const each = (program, texts, parse) => texts.forEach((text) => attempt(program, () => parse(text)));
const versionOf = (name) => `${name} ${require(`${name}/package.json`).version}`;

const scripts = ["a b", "let let = 1", "x = ;", "({a:1", "'open", "`open ${", "if (", "var 1a", "a ? b", "function (", "return 1",
  "await x", "import x from 'y'", "class { }", "x => { => }", "/(/", "new RegExp('[')", "JSON.parse('<html>')", "JSON.parse('')",
  "JSON.parse('{\"a\":')", "JSON.parse(\"{'a':1}\")", "JSON.parse('undefined')", "JSON.parse('[1,]')", "token", "null.token", "undefined.expired"];
each(`node ${process.version}`, scripts, (text) => vm.runInThisContext(text, { filename: "/app/x.js" }));
each(versionOf("acorn"), scripts.slice(0, 14), (t) => require("acorn").parse(t, { ecmaVersion: 2022 }));
each(versionOf("@babel/parser"), scripts.slice(0, 14), (t) => require("@babel/parser").parse(t));
each(versionOf("esprima"), scripts.slice(0, 14), (t) => require("esprima").parseScript(t));
each(versionOf("graphql"), ["{", "query @", "mutation { a(", "\"open", "type A { }", "{ a(b: $c }"], (t) => require("graphql").parse(t));
each(versionOf("js-yaml"), ["a: b: c", "\t- a", "@token", "{a", "%token", "a: *unknown"], (t) => require("js-yaml").load(t));
each(versionOf("postcss"), ["a {", "a { b: c; } }", "@", "a { b c }", "'open"], (t) => require("postcss").parse(t));
each(versionOf("handlebars"), ["{{#if}}", "{{a", "{{/x}}", "{{#a}}{{/b}}", "{{> }}"], (t) => require("handlebars").compile(t)({}));
each(versionOf("nunjucks"), ["{% if %}", "{{ a b }}", "{% endfor %}", "{% token %}"], (t) => require("nunjucks").renderString(t, {}));
each(versionOf("liquidjs"), ["{% if %}", "{% token %}", "{{ a | nofilter }}"], (t) => new (require("liquidjs").Liquid)({ strictFilters: true }).parseAndRenderSync(t));
each(versionOf("toml"), ["a = ", "[a", "= 1"], (t) => require("toml").parse(t));
each(versionOf("jsonparse"), ["<html>", "{a", "tru}"], (t) => new (require("jsonparse"))().write(t));
each("stripe 17.5.0", ["", "t=1,v1=00", "t=x", "v1=1"], (t) => new (require("stripe"))("sk_test_x").webhooks.constructEvent("{}", t, "whsec_x"));
const hook = new (require("svix").Webhook)("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
each("svix 1.45.1", ["1", "x", `${Math.floor(Date.now() / 1000)}`, "9999999999"], (t) => hook.verify("{}", { "svix-id": "m", "svix-timestamp": t, "svix-signature": "v1,AAAA" }));
attempt("svix 1.45.1", () => hook.verify("{}", {}));
const { authenticator } = require("otplib");
attempt("otplib 12.0.1", () => authenticator.generate(""));
attempt("otplib 12.0.1", () => authenticator.check("abc", "x"));
attempt("otplib 12.0.1", () => authenticator.verify({ token: 1, secret: null }));
attempt("web-push 3.6.7", () => require("web-push").setVapidDetails("x", "y", "z"));
attempt("web-push 3.6.7", () => require("web-push").encrypt("x", "y", "z", "aes128gcm"));
const Ajv = require("ajv");
[{}, { issuer: 1, exp: "x" }, { issuer: 1, aud: "b" }, 7].forEach((value) => {
  const ajv = new Ajv({ allErrors: true });
  const check = ajv.compile({ type: "object", required: ["issuer"], properties: { exp: { type: "number" }, aud: { enum: ["a"] } } });
  if (!check(value)) say(`Error: ${ajv.errorsText(check.errors)}`, "ajv 8.17.1");
});
attempt("node crypto", () => crypto.createVerify("RSA-SHA256").verify("x", "y"));
attempt("node crypto", () => crypto.createPublicKey("x"));
attempt("node crypto", () => crypto.createDecipheriv("aes-256-gcm", Buffer.alloc(32), Buffer.alloc(12)).final());
attempt("node crypto", () => crypto.createHmac("md9", "x"));
attempt("node crypto", () => crypto.createCipheriv("rot13", "x", "y"));
attempt("node crypto", () => crypto.timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2)));
attempt("node crypto", () => crypto.createSecretKey(Buffer.alloc(0)).export({ format: "foo" }));
attempt("node crypto", () => new crypto.X509Certificate("x"));
attempt("node", () => require("not-here/jsonwebtoken"));
attempt("node", () => new URL("token expired"));
attempt("node", () => decodeURIComponent("%"));
attempt("node", () => Buffer.from("x").toString("base65"));

const express = require("express"), csurf = require("csurf"), app = express();
app.use(require("cookie-parser")("secret"), csurf({ cookie: true }), (request, response) => response.send(request.csrfToken()));
app.use((error, request, response, next) => { say(`${error.name}: ${error.message} ${error.code}`, "csurf 1.11.0"); response.status(403).end(); });
const ts = require("typescript");
scripts.slice(0, 14).forEach((text) => (ts.transpileModule(text, { reportDiagnostics: true }).diagnostics || []).slice(0, 1)
  .forEach((one) => say(`x.ts(1,${one.start + 1}): error TS${one.code}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`, "typescript 5.7.3")));
const server = app.listen(0, async () => {
  const url = `http://127.0.0.1:${server.address().port}/p`;
  await fetch(url, { method: "POST" });
  await fetch(url, { method: "POST", headers: { "x-csrf-token": "wrong" } });
  for (const target of ["http://127.0.0.1:9/", "https://127.0.0.1:9/", "http://nothere.invalid/", "foo:bar", url.replace("http", "https")]) {
    await fetch(target).catch((error) => say(`${error.name}: ${error.message}${error.cause ? `\n  [cause]: ${error.cause.message}` : ""}`, "node fetch"));
  }
  server.close();
});
