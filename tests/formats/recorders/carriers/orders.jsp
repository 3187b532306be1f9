<%@ page import="com.auth0.jwt.JWT,com.auth0.jwt.algorithms.Algorithm,com.auth0.jwt.exceptions.JWTVerificationException,java.util.logging.*" %><%
Logger log = Logger.getLogger("com.example.orders.Auth");
try {
  JWT.require(Algorithm.HMAC256("ssssssssssssssssssssssssssssssss")).withAudience("orders").build()
    .verify(request.getHeader("Authorization").substring(7));
  log.info("order stored");
} catch (JWTVerificationException e) {
  log.log(Level.WARNING, "token rejected", e);
  response.setStatus(401);
}
%>
