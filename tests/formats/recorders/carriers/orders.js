// Log the twelve events of orders.py through the console; jsonwebtoken refuses. STACK: print the errors whole.
const jwt = require("jsonwebtoken"), fs = require("fs");
const KEY = "s".repeat(32), NOW = Math.floor(Date.now() / 1000);
const token = (key, claims) => jwt.sign({ sub: "u1", aud: "orders", ...claims }, key, { algorithm: "HS256", noTimestamp: true });
const refused = [token(KEY, { exp: NOW - 600 }), token("x".repeat(32), { exp: NOW + 600 }), token(KEY, { exp: NOW + 600, aud: "web" }), "abc.def", token(KEY, { exp: NOW - 60 })];
const said = [() => console.log("listening on port 8080")];
refused.forEach((one, n) => {
  said.push(() => console.log(`order ${n} stored`));
  said.push(() => { try { jwt.verify(one, KEY, { audience: "orders" }); } catch (e) { process.env.STACK ? console.error(e) : console.error("token rejected:", e.message); } });
});
said.push(() => console.log("shutting down"));
let i = 0;
const next = () => { fs.appendFileSync(process.env.BOOK, new Date().toISOString() + "\n"); said[i++](); if (i < said.length) setTimeout(next, 110); else setTimeout(() => {}, 600000); };
setTimeout(next, 300);
