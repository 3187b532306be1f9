'use strict'
const express = require('express')
const winston = require('winston')
const { verify } = require('./auth')

const { combine, timestamp, errors, label, printf } = winston.format
const line = printf(({ level, message, label, timestamp, stack }) =>
  `${timestamp} [${label}] ${level}: ${stack || message}`)
const logger = winston.createLogger({
  format: combine(
    errors({ stack: true }), label({ label: 'orders-api' }),
    timestamp({ format: 'YYYY-MM-DD HH:mm:ss.SSS' }), line),
  transports: [new winston.transports.Console()]
})
const app = express()

app.use((req, res, next) => {
  try {
    req.user = verify(req.get('authorization'))
    logger.info(`GET ${req.path} by ${req.user.sub}`)
    next()
  } catch (err) {
    logger.error(err)
    res.status(401).json({ message: err.message })
  }
})
app.use((req, res) => res.json({ ok: true }))
app.listen(process.env.PORT, '127.0.0.1', () => logger.info('server started'))
