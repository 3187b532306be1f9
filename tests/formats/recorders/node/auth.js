'use strict'
const jwt = require('jsonwebtoken')

const options = { algorithms: ['HS256'], issuer: process.env.ISSUER, audience: process.env.AUDIENCE }

exports.verify = function verify (authorization) {
  const token = (authorization || '').replace(/^Bearer /, '')
  return jwt.verify(token, process.env.JWT_SECRET, options)
}
