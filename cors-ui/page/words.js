// The errors of CORS in words. The browsers' names for them come second.

const WORDS = {
  MissingAllowOriginHeader: 'No Access-Control-Allow-Origin',
  WildcardOriginNotAllowed: 'The origin is `*`, for a request with credentials',
  MultipleAllowOriginValues: 'Several values of Access-Control-Allow-Origin',
  InvalidAllowOriginValue: 'Access-Control-Allow-Origin is not an origin',
  AllowOriginMismatch: 'Another origin is allowed',
  InvalidAllowCredentials: 'Credentials are not allowed',
  PreflightInvalidStatus: 'The preflight has no status of success',
  PreflightDisallowedRedirect: 'The preflight is redirected',
  InvalidAllowMethodsPreflightResponse: 'Access-Control-Allow-Methods is no list of methods',
  InvalidAllowHeadersPreflightResponse: 'Access-Control-Allow-Headers is no list of names',
  MethodDisallowedByPreflightResponse: 'The method is not allowed',
  HeaderDisallowedByPreflightResponse: 'A header is not allowed',
  RedirectContainsCredentials: 'A redirect to an address with a user name',
  DisallowedByMode: 'Another origin, in the mode same-origin',
  MissingScheme: 'The address has no scheme',
  CorsDisabledScheme: 'The address is not one of http or https',
  MixedContent: 'An address of http, for a page of https',
  UnsafePort: 'The port is another protocol’s',
  InsecureLocalNetwork: 'A near address, for a page of http',
  LocalNetworkAccessPermissionDenied: 'A near address, without permission',
};

/** Returns the words for the name of an error, if it is one. */
export function wordsFor(name) {
  if (WORDS[name]) return WORDS[name];
  const words = WORDS[name?.replace(/^Preflight/, '')];
  return words && `${words}, in the answer to the preflight`;
}
