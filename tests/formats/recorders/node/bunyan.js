'use strict'
const express = require('express')
const bunyan = require('bunyan')
const { verify } = require('./auth')

const log = bunyan.createLogger({ name: 'orders-api', serializers: bunyan.stdSerializers })
const app = express()

app.use((req, res, next) => {
  const child = log.child({ req_id: req.get('x-request-id') })
  try {
    req.user = verify(req.get('authorization'))
    child.info({ sub: req.user.sub }, 'authenticated')
    next()
  } catch (err) {
    child.warn({ err }, 'authentication failed')
    res.status(401).json({ error: 'invalid_token' })
  }
})
app.use((req, res) => res.json({ ok: true }))
app.listen(process.env.PORT, '127.0.0.1', () => log.info('listening'))
