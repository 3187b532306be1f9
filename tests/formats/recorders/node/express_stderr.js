'use strict'
const express = require('express')
const { verify } = require('./auth')

const app = express()
app.use((req, res, next) => {
  try {
    req.user = verify(req.get('authorization'))
    next()
  } catch (err) {
    err.status = 401
    next(err)
  }
})
app.use((req, res) => res.json({ ok: true }))
app.listen(process.env.PORT, '127.0.0.1')
