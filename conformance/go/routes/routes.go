// Package routes is the application of routes.json, for servers of net/http.
package routes

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

// Policy is which of the four policies the subject is to have.
var Policy = os.Getenv("CONFORMANCE_POLICY")

// Preview matches the origins of previews.
var Preview = regexp.MustCompile(`^https://([a-z0-9-]+\.)+preview\.example\.org$`)

// Route is a row of the table.
type Route struct {
	Path    string      `json:"path"`
	Methods []string    `json:"methods"`
	Status  int         `json:"status"`
	Fields  [][2]string `json:"fields"`
	Body    string      `json:"body"`
	Kind    string      `json:"kind"`
}

// Tenants returns a thousand origins.
func Tenants() []string {
	tenants := make([]string, 1000)
	for number := range tenants {
		tenants[number] = fmt.Sprintf("https://tenant-%d.example.com", number)
	}
	return tenants
}

// All returns the routes at which something is.
func All() []Route {
	text, err := os.ReadFile(os.Getenv("CONFORMANCE_ROUTES"))
	table := map[string]Route{}
	if err == nil {
		err = json.Unmarshal(text, &table)
	}
	if err != nil {
		panic(err)
	}
	var routes []Route
	for _, route := range table {
		if len(route.Methods) > 0 {
			routes = append(routes, route)
		}
	}
	return routes
}

// Answer writes the response of a route.
func (route Route) Answer(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	isListed := false
	for _, listed := range route.Methods {
		isListed = isListed || listed == method
	}
	if !isListed {
		http.Error(w, "no", http.StatusMethodNotAllowed)
		return
	}
	body := route.Body
	switch route.Kind {
	case "error":
		// net/http closes the connection after a panic: what Go has for an error that nothing else handles.
		http.Error(w, "broken", http.StatusInternalServerError)
		return
	case "stream":
		io.WriteString(w, "first\n")
		w.(http.Flusher).Flush()
		time.Sleep(time.Second)
		io.WriteString(w, "second\n")
		return
	case "encoding":
		body = "for others\n"
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			body = "for gzip\n"
		}
	}
	for _, field := range route.Fields {
		if field[0] == "Vary" {
			w.Header().Add(field[0], field[1])
		} else {
			w.Header().Set(field[0], field[1])
		}
	}
	if route.Status != http.StatusNoContent && route.Status != http.StatusNotModified {
		w.Header().Set("Content-Type", "text/plain")
	}
	w.WriteHeader(route.Status)
	io.WriteString(w, body)
}

// Mux returns a handler of all routes.
func Mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range All() {
		mux.HandleFunc(route.Path, route.Answer)
	}
	return mux
}

// Serve serves at PORT.
func Serve(handler http.Handler) {
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler))
}
