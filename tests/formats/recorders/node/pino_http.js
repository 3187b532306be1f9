'use strict'
const express = require('express')
const pino = require('pino')
const pinoHttp = require('pino-http')
const { verify } = require('./auth')

const logger = pino({ base: { service: 'orders-api', pod: process.env.POD_NAME } })
const app = express()

app.use(pinoHttp({
  logger,
  redact: ['req.headers.authorization'],
  genReqId: (req) => req.headers['x-request-id']
}))
app.use((req, res, next) => {
  try {
    req.user = verify(req.get('authorization'))
    next()
  } catch (err) {
    req.log.error(err)
    res.status(401).json({ error: 'Unauthorized' })
  }
})
app.use((req, res) => res.json({ ok: true }))
app.listen(process.env.PORT, '127.0.0.1', () => logger.info('listening on 8080'))
