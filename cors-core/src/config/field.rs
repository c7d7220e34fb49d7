//! [`ConfigField`]: the names of a config's fields.

use crate::named;

named! {
    /// A field of [`Config`](crate::Config): every one but the predicate
    /// [`is_public_suffix`](crate::ConfigOf::is_public_suffix). The numbers are stable.
    #[non_exhaustive]
    pub enum ConfigField: u8 {
        /// [`Config::allow_origins`](crate::Config::allow_origins)
        AllowOrigins = 1, "allow_origins";
        /// [`Config::allow_methods`](crate::Config::allow_methods)
        AllowMethods = 2, "allow_methods";
        /// [`Config::allow_headers`](crate::Config::allow_headers)
        AllowHeaders = 3, "allow_headers";
        /// [`Config::expose_headers`](crate::Config::expose_headers)
        ExposeHeaders = 4, "expose_headers";
        /// [`Config::allow_credentials`](crate::Config::allow_credentials)
        AllowCredentials = 7, "allow_credentials";
        /// [`Config::max_age`](crate::Config::max_age)
        MaxAge = 5, "max_age";
        /// [`Config::allow_private_network`](crate::Config::allow_private_network)
        AllowPrivateNetwork = 8, "allow_private_network";
        /// [`Config::preflight_status`](crate::Config::preflight_status)
        PreflightStatus = 6, "preflight_status";
        /// [`Config::accept_risks`](crate::Config::accept_risks)
        AcceptRisks = 9, "accept_risks";
    }
    /// Returns the name, as in [`Config`](crate::Config) and in a policy file: `allow_origins`.
    fn name, Display;
}
