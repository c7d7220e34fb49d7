# A PSGI application with Plack::Middleware::CrossOrigin.

use strict;
use warnings;
use JSON::PP;
use Plack::Builder;

local $/;
open my $file, '<', $ENV{CONFORMANCE_ROUTES} or die $!;
my %routes = map { $_->{path} => $_ } grep { @{ $_->{methods} } } values %{ decode_json(<$file>) };
my %policies = (
    public => {
        origins => '*', methods => [qw(GET HEAD POST PUT)], headers => ['Content-Type'],
        expose_headers => ['X-Request-Id'], max_age => 600,
    },
    thousand => {
        origins => [map {"https://tenant-$_.example.com"} 0 .. 999],
        methods => [qw(GET HEAD POST PUT DELETE)], headers => ['Content-Type'], credentials => 1, max_age => 600,
    },
    methods => {
        origins => ['https://app.example.com'], methods => [qw(GET HEAD POST PUT)], headers => ['Content-Type'], max_age => 0,
    },
);

my $application = sub {
    my $env = shift;
    my $route = $routes{ $env->{PATH_INFO} } or return [404, ['Content-Type' => 'text/plain'], ["nothing\n"]];
    my $method = $env->{REQUEST_METHOD} eq 'HEAD' ? 'GET' : $env->{REQUEST_METHOD};
    grep { $_ eq $method } @{ $route->{methods} } or return [405, ['Content-Type' => 'text/plain'], ["no\n"]];
    my $kind = $route->{kind} // '';
    die "broken\n" if $kind eq 'error';
    if ($kind eq 'stream') {
        return sub {
            my $writer = shift->([200, ['Content-Type' => 'text/plain']]);
            $writer->write("first\n");
            sleep 1;
            $writer->write("second\n");
            $writer->close;
        };
    }
    my $body = $route->{body} // '';
    $body = ($env->{HTTP_ACCEPT_ENCODING} // '') =~ /gzip/ ? "for gzip\n" : "for others\n" if $kind eq 'encoding';
    return [$route->{status}, [map {@$_} @{ $route->{fields} }], [$body]];
};

builder {
    enable 'CrossOrigin', %{ $policies{ $ENV{CONFORMANCE_POLICY} } };
    enable 'Head';
    $application;
};
