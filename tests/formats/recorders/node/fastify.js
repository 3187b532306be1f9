'use strict'
const fastify = require('fastify')({ logger: true })
const { verify } = require('./auth')

fastify.addHook('onRequest', async (request) => {
  try {
    request.user = verify(request.headers.authorization)
  } catch (err) {
    err.statusCode = 401
    throw err
  }
})
fastify.get('/*', async () => ({ ok: true }))
fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
