'use strict'
const express = require('express')
const pino = require('pino')
const { verify } = require('./auth')

const log = pino({ name: 'orders-api', level: 'info' })
const app = express()

app.use((req, res, next) => {
  const reqId = req.get('x-request-id')
  try {
    req.user = verify(req.get('authorization'))
    log.info({ reqId, sub: req.user.sub, path: req.path }, 'order list served')
    next()
  } catch (err) {
    log.warn({ err, reqId, path: req.path }, 'token rejected')
    res.status(401).json({ error: 'invalid_token' })
  }
})
app.use((req, res) => res.json({ ok: true }))
app.listen(process.env.PORT, '127.0.0.1', () => log.info({ port: 8080 }, 'listening'))
