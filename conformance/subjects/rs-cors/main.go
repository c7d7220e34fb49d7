// net/http with rs/cors.
package main

import (
	"routes"

	"github.com/rs/cors"
)

func main() {
	options := map[string]cors.Options{
		"credentials": {
			AllowedOrigins:   []string{"https://app.example.com", "https://admin.example.com:8443", "https://*.preview.example.org"},
			AllowedMethods:   []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
			AllowedHeaders:   []string{"Content-Type", "Authorization", "X-Requested-With"},
			ExposedHeaders:   []string{"X-Request-Id"},
			AllowCredentials: true,
			MaxAge:           600,
		},
		"public": {
			AllowedOrigins: []string{"*"},
			AllowedMethods: []string{"GET", "HEAD", "POST", "PUT"},
			AllowedHeaders: []string{"Content-Type"},
			ExposedHeaders: []string{"X-Request-Id"},
			MaxAge:         600,
		},
		"thousand": {
			AllowedOrigins:   routes.Tenants(),
			AllowedMethods:   []string{"GET", "HEAD", "POST", "PUT", "DELETE"},
			AllowedHeaders:   []string{"Content-Type"},
			AllowCredentials: true,
			MaxAge:           600,
		},
		"methods": {
			AllowedOrigins: []string{"https://app.example.com"},
			AllowedMethods: []string{"GET", "HEAD", "POST", "PUT"},
			AllowedHeaders: []string{"Content-Type"},
		},
	}
	routes.Serve(cors.New(options[routes.Policy]).Handler(routes.Mux()))
}
