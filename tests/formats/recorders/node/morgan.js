'use strict'
const express = require('express')
const morgan = require('morgan')
const { verify } = require('./auth')

const app = express()
app.use(morgan('combined'))
app.use((req, res, next) => {
  try {
    req.user = verify(req.get('authorization'))
    next()
  } catch (err) {
    res.status(401).json({ error: 'Unauthorized' })
  }
})
app.use((req, res) => res.json({ ok: true }))
app.listen(process.env.PORT, '127.0.0.1')
