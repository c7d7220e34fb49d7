// gin with gin-contrib/cors.
package main

import (
	"routes"
	"time"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
)

func main() {
	options := map[string]cors.Config{
		"credentials": {
			AllowOrigins:     []string{"https://app.example.com", "https://admin.example.com:8443"},
			AllowOriginFunc:  routes.Preview.MatchString,
			AllowMethods:     []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
			AllowHeaders:     []string{"Content-Type", "Authorization", "X-Requested-With"},
			ExposeHeaders:    []string{"X-Request-Id"},
			AllowCredentials: true,
			MaxAge:           10 * time.Minute,
		},
		"public": {
			AllowAllOrigins: true,
			AllowMethods:    []string{"GET", "HEAD", "POST", "PUT"},
			AllowHeaders:    []string{"Content-Type"},
			ExposeHeaders:   []string{"X-Request-Id"},
			MaxAge:          10 * time.Minute,
		},
		"thousand": {
			AllowOrigins:     routes.Tenants(),
			AllowMethods:     []string{"GET", "HEAD", "POST", "PUT", "DELETE"},
			AllowHeaders:     []string{"Content-Type"},
			AllowCredentials: true,
			MaxAge:           10 * time.Minute,
		},
		"methods": {
			AllowOrigins: []string{"https://app.example.com"},
			AllowMethods: []string{"GET", "HEAD", "POST", "PUT"},
			AllowHeaders: []string{"Content-Type"},
		},
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(cors.New(options[routes.Policy]))
	for _, row := range routes.All() {
		route := row
		answer := func(c *gin.Context) { route.Answer(c.Writer, c.Request) }
		for _, method := range route.Methods {
			engine.Handle(method, route.Path, answer)
			if method == "GET" {
				engine.HEAD(route.Path, answer)
			}
		}
	}
	routes.Serve(engine)
}
