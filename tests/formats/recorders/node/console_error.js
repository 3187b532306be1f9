'use strict'
const http = require('http')
const { verify } = require('./auth')

http.createServer((req, res) => {
  res.setHeader('content-type', 'application/json')
  try {
    const user = verify(req.headers.authorization)
    console.log(new Date().toISOString(), 'ok', req.url, user.sub)
    res.end('{"ok":true}')
  } catch (err) {
    console.error(new Date().toISOString(), 'auth error', req.url, err)
    res.statusCode = 401
    res.end('{"error":"unauthorized"}')
  }
}).listen(process.env.PORT, '127.0.0.1', () => {
  console.log(new Date().toISOString(), 'listening on', 8080)
})
