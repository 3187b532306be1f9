package main

import jose "github.com/go-jose/go-jose/v4"

// latest lists what go-jose has told apart since 4.0.2.
func latest() []Fault {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: secret, KeyID: "k1"}}}
	unknown := signed(`{"alg":"HS256","kid":"k9"}`, good, mac)
	crit := signed(`{"alg":"HS256","crit":["exp"],"exp":1}`, good, mac)
	return []Fault{
		{"key_not_found", nil, nil, verify(unknown, &set)},
		{"header_unsupported", nil, nil, verify(crit, secret)},
	}
}
