'use strict'
const express = require('express')
const winston = require('winston')
const { verify } = require('./auth')

const { combine, timestamp, errors, json } = winston.format
const logger = winston.createLogger({
  level: 'info',
  format: combine(errors({ stack: true }), timestamp(), json()),
  defaultMeta: { service: 'orders-api', environment: 'production' },
  transports: [new winston.transports.Console()]
})
const app = express()

app.use((req, res, next) => {
  try {
    req.user = verify(req.get('authorization'))
    logger.info('request authenticated', { sub: req.user.sub, requestId: req.get('x-request-id') })
    next()
  } catch (err) {
    logger.error(err)
    res.status(401).json({ message: err.message })
  }
})
app.use((req, res) => res.json({ ok: true }))
app.listen(process.env.PORT, '127.0.0.1', () => logger.info('server started'))
