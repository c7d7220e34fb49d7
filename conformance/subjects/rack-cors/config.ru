# A Rack application with rack-cors.

require 'json'
require 'rack/cors'

ROUTES = JSON.parse(File.read(ENV.fetch('CONFORMANCE_ROUTES'))).values.reject { |route| route['methods'].empty? }
TENANTS = Array.new(1000) { |number| "https://tenant-#{number}.example.com" }
POLICIES = {
  'credentials' => {
    origins: ['https://app.example.com', 'https://admin.example.com:8443', %r{\Ahttps://([a-z0-9-]+\.)+preview\.example\.org\z}],
    resource: { methods: %i[get head post put patch delete], headers: %w[content-type authorization x-requested-with],
                expose: %w[x-request-id], credentials: true, max_age: 600 }
  },
  'public' => {
    origins: ['*'],
    resource: { methods: %i[get head post put], headers: %w[content-type], expose: %w[x-request-id], max_age: 600 }
  },
  'thousand' => {
    origins: TENANTS,
    resource: { methods: %i[get head post put delete], headers: %w[content-type], credentials: true, max_age: 600 }
  },
  'methods' => {
    origins: ['https://app.example.com'],
    resource: { methods: %i[get head post put], headers: %w[content-type], max_age: 0 }
  }
}.freeze
policy = POLICIES.fetch(ENV.fetch('CONFORMANCE_POLICY'))

use Rack::Cors do
  allow do
    origins(*policy[:origins])
    resource '*', **policy[:resource]
  end
end
use Rack::Head

class Pieces
  def each
    yield "first\n"
    sleep 1
    yield "second\n"
  end
end

run lambda { |env|
  route = ROUTES.find { |row| row['path'] == env['PATH_INFO'] }
  next [404, { 'Content-Type' => 'text/plain' }, ["nothing\n"]] unless route

  method = env['REQUEST_METHOD'] == 'HEAD' ? 'GET' : env['REQUEST_METHOD']
  next [405, { 'Content-Type' => 'text/plain' }, ["no\n"]] unless route['methods'].include?(method)

  case route['kind']
  when 'error' then raise 'broken'
  when 'stream' then next [200, { 'Content-Type' => 'text/plain' }, Pieces.new]
  when 'encoding' then body = env['HTTP_ACCEPT_ENCODING'].to_s.include?('gzip') ? "for gzip\n" : "for others\n"
  else body = route['body']
  end
  [route['status'], route['fields'].to_h, body.empty? ? [] : [body]]
}
