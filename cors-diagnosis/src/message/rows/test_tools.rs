//! jsdom, in which Jest and Vitest run pages, Cypress, and others that imitate a browser.

use cors_core::browser::ErrorKind as Kind;

use super::{error, topic};
use crate::message::row::{Row, rows};
use crate::message::topics as about;

pub(super) static ROWS: &[Row] = rows! { TestTool:
    "jsdom" "Cross origin {origin} forbidden" => topic(&about::MISSING_OR_MISMATCH);
    "jsdom" "Credentials forbidden at dispatchError" => error(Kind::InvalidAllowCredentials);
    "jsdom" "Error: Credentials forbidden" => error(Kind::InvalidAllowCredentials);
    "jsdom" "Error: Headers {parameter} forbidden" => error(Kind::HeaderDisallowedByPreflightResponse);
    "jsdom" "Headers {parameter} forbidden at dispatchError" => error(Kind::HeaderDisallowedByPreflightResponse);
    "happy-dom" "Cross-Origin Request Blocked: The Same Origin Policy dissallows reading the remote resource at {url}" => topic(&about::BLOCKED);
    "Cypress" "`cy.visit()` failed because you are attempting to visit a URL that is of a different origin" => topic(&about::CYPRESS);
    "Cypress" "because you are attempting to visit a second unique domain" => topic(&about::CYPRESS);
    "Cypress" "because you are attempting to visit a different origin domain" => topic(&about::CYPRESS);
    "Cypress" "new URL is considered a different origin because" => topic(&about::CYPRESS);
    "Cypress" "Cypress detected a cross origin error" => topic(&about::CYPRESS);
    "Cypress" "Cypress detected that an exception was thrown from a cross origin" => topic(&about::CYPRESS);
    "Cypress" "was expected to be run against origin" => topic(&about::CYPRESS);
    "Cypress" "failed to run in origin" => topic(&about::CYPRESS);
    "Cypress" "cy.origin()` requires" => topic(&about::CYPRESS);
};
