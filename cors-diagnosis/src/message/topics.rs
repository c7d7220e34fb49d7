//! The topics: what consoles write about besides the errors of CORS. A new one is an entry here and a row that names it.

use super::cause::{Topic, TopicKind};

macro_rules! topics {
    ($( $NAME:ident = $name:literal, $title:literal, $kind:ident, $act:literal, $meaning:literal; )+) => {
        $( pub(crate) static $NAME: Topic = Topic {
            name: $name, title: $title, kind: TopicKind::$kind, act: $act, meaning: $meaning,
        }; )+
        /// Every topic.
        pub(crate) static TOPICS: &[&Topic] = &[$(&$NAME),+];
    };
}

topics! {
    // CORS, and not all of why.
    MISSING_OR_MISMATCH = "allow-origin-missing-or-mismatch",
        "Access-Control-Allow-Origin is missing or has another value", Cors,
        "Send `Access-Control-Allow-Origin: {origin}` (with `Vary: Origin`) on this response, once, and on errors and \
         redirects as well.",
        "The browser has one text for two faults: the response has no Access-Control-Allow-Origin, or one with another \
         value than the page's origin. The network panel shows which. Often the response is an error page, a login or a \
         proxy's own answer.";
    ALLOW_ORIGIN = "allow-origin-wrong",
        "Access-Control-Allow-Origin is missing or wrong", Cors,
        "Look at Access-Control-Allow-Origin in the network panel: exactly one line, with exactly the page's origin, \
         `{origin}`.",
        "The text names Access-Control-Allow-Origin and not what is wrong with it: it may be missing, occur twice, or have \
         another value than the page's origin.";
    PREFLIGHT_FAILED = "preflight-failed", "The preflight failed", Cors,
        "Answer OPTIONS at {url} with status 204 and the CORS fields, before authentication, and without a redirect.",
        "Before this request the browser sends a preflight, an OPTIONS request without cookies and Authorization, and its \
         answer did not pass. The text does not say why: no status from 200 to 299, a redirect, a field that is missing, or \
         no answer at all. The OPTIONS request in the network panel shows it.";
    ALLOW_HEADERS = "allow-headers-wrong", "Access-Control-Allow-Headers does not pass", Cors,
        "Answer the preflight with `Access-Control-Allow-Headers` and the names of all headers that the page sets, with \
         commas between them.",
        "The text names Access-Control-Allow-Headers in the answer to the preflight: a header that the page sets is not in \
         it, or it is not a list of names.";
    ALLOW_METHODS = "allow-methods-wrong", "Access-Control-Allow-Methods does not pass", Cors,
        "Answer the preflight with `Access-Control-Allow-Methods` and all methods that pages use, with commas between \
         them.",
        "The text names Access-Control-Allow-Methods in the answer to the preflight: the page's method is not in it, or it \
         is not a list of methods.";
    INVALID_HEADERS = "invalid-header-values", "The response's CORS fields do not pass", Cors,
        "Look at the entry's details for the field at fault: Access-Control-Allow-Origin is missing, occurs twice or is not \
         an origin. Send `Access-Control-Allow-Origin: {origin}` (with `Vary: Origin`), once.",
        "This is a title of Chromium's issues panel. It stands for a missing Access-Control-Allow-Origin, for several values \
         and for one that is not an origin.";
    BLOCKED = "blocked", "Blocked by CORS, and the reason is not in the text", Cors,
        "Copy the rest of the message: what stands after the colon, or in brackets after \"Reason\", says which field is \
         at fault.",
        "The browser did not let the page read the response because of CORS. The text does not say which check failed.";
    ACCESS_CONTROL_CHECKS = "access-control-checks", "Blocked by Safari's access control checks", Cors,
        "Look at the line before this one in the console: it says why. Where there is none, look whether the page is https \
         and the address http, which Safari blocks for localhost, too, and whether the server answers at all.",
        "Safari stopped the fetch. Another line names the reason, if the response came and did not pass. Without one the \
         request did not go out (mixed content, a content blocker) or had no answer.";
    REDIRECT_AFTER_PREFLIGHT = "redirect-after-preflight",
        "A redirect of a request that had a preflight", Cors,
        "Let the page ask for the last address at once, or take the redirect away: mostly http leads to https, an address \
         without its last slash to the one with it, or everything to a login.",
        "The request needed a preflight, passed it, and was then redirected to another origin. Chrome before version 57 and \
         other old browsers follow no such redirect.";
    REDIRECT_BLOCKED = "redirect-blocked", "A redirect was blocked by CORS", Cors,
        "Let the page ask for the last address at once, or take the redirect away; if it leads to a login, let the API \
         answer 401 instead.",
        "The response was a redirect, and it, or the response to which it leads, did not pass the CORS check. Each response \
         of a chain needs the fields.";
    REDIRECT_ALLOW_ORIGIN = "redirect-without-allow-origin", "A redirect that does not allow the page", Cors,
        "If {url} is a login, let the API answer 401 in place of the redirect: the session has ended, or the cookie did not go \
         with the request. Otherwise let the page ask for that address at once, or send `Access-Control-Allow-Origin: {origin}` \
         (with `Vary: Origin`) on the redirect and on the response to which it leads.",
        "The server answered with a redirect to another origin, and Access-Control-Allow-Origin is missing there or has \
         another value than the page's origin. Each response of a chain needs the field, and after a redirect from one origin \
         to another the page's origin counts as `null`.";
    CORS_NEEDED = "cors-needed", "A part of the page that needs CORS", Cors,
        "Send `Access-Control-Allow-Origin: {origin}` (with `Vary: Origin`) with this file; or, if the page need not read \
         it, take `crossorigin` or `integrity` out of the element.",
        "Fonts, modules, images and scripts with `crossorigin` or `integrity` are loaded by CORS: the server that has the \
         file has to allow the page.";
    FONT = "font-blocked", "A font did not load", Cors,
        "Open the font's address: if it is there, send `Access-Control-Allow-Origin: {origin}` (with `Vary: Origin`) with \
         it.",
        "Fonts are always loaded by CORS. The text stands for two faults: the address is wrong, or the server that has the \
         font does not allow the page.";
    ORIGIN_NOT_ADDED = "origin-not-added", "The request had no Origin", Cors,
        "Look for an extension that takes the header Origin away, and try in a private window.",
        "The browser could not add the header Origin to the request, without which there is no CORS.";
    CORS_DISABLED = "cors-disabled", "CORS is switched off in this browser", Cors,
        "Set `content.cors.disable` to false in about:config.",
        "Firefox has a setting that refuses every request across origins, and it is on.";
    ALLOW_CREDENTIALS_TWICE = "allow-credentials-twice", "Access-Control-Allow-Credentials occurs twice", Cors,
        "Send `Access-Control-Allow-Credentials: true` once: add the field in one place only.",
        "Two parts of the server add the field, such as the application and the proxy before it.";
    MISSING_PRIVATE_NETWORK = "private-network-preflight",
        "The preflight for a private network was not answered", Cors,
        "Update Chrome: since version 142 it asks for a permission instead. For older versions let the server that is in the \
         private network answer the preflight with `Access-Control-Allow-Private-Network: true`.",
        "Chrome from 104 to 141 asked a server of a private network by a preflight of its own, and warned or blocked without \
         the answer.";

    SERVER_REFUSES = "server-refuses", "The server's own CORS code refuses the page", Cors,
        "Add the page's origin, `{origin}`, to the list in the server's CORS configuration, exactly: scheme, host and port, without a \
         slash at the end; and the method and the headers that it uses.",
        "This text comes from the server, and not from a browser: its CORS code looked for the request's Origin, method or headers in its \
         own lists, and found one missing.";
    NO_REASON = "blocked-without-reason", "Blocked by CORS, by a browser that does not say why", Cors,
        "Try a current browser, whose console names the reason, or look at the response in the network panel: mostly it lacks \
         `Access-Control-Allow-Origin: {origin}`.",
        "Firefox up to version 34 has one text for every failure of CORS, and for requests that had no answer.";

    // Not http, or not to be reached.
    PROXY_FAILED = "proxy-failed", "The proxy of this machine was not reached", NotCors,
        "Look at the proxy settings of the browser and of the system, and whether that proxy lets the address through.",
        "The browser asks by a proxy, and the proxy did not answer, or did not connect to the address. It is not CORS.";
    DEVELOPMENT_PROXY = "development-proxy", "The development server's proxy did not reach the API", NotCors,
        "Start the server behind the proxy, and compare the proxy's `target` with the address on which that listens (127.0.0.1 where \
         localhost is taken for ::1).",
        "The page asks its own development server, which passes the request on and got no answer. It is not CORS: within one origin \
         there is none.";
    TOO_MANY_AT_ONCE = "too-many-requests-at-once", "More requests at once than the browser sends", NotCors,
        "Send fewer requests at once: look for a loop, such as an effect that runs with every rendering.",
        "The browser gave the request up for want of memory or connections. It is not CORS.";
    CLEARTEXT = "cleartext-not-permitted", "An Android application that may not use http", NotCors,
        "Ask the address by https; for development, allow it in the application's network security configuration.",
        "Android forbids http to applications unless they allow it for that host. It is not CORS: nothing was sent.";
    MODULE = "module-not-loaded", "A module that did not load", Unknown,
        "Open the module's address: look at its status and Content-Type (after a new deployment, old names of files are gone). From another \
         origin it needs `Access-Control-Allow-Origin: {origin}`, too.",
        "The text is the same for an address that does not answer, an error's status, another type than JavaScript's, and CORS, which \
         modules of other origins need. The line before it in the console says which.";
    BAD_CALL = "wrong-call", "A call that throws", NotCors,
        "Mend the call: the message says which part of it is wrong.",
        "The call threw before anything was sent. It is not CORS.";
    CSP_REPORT = "content-security-policy-report", "A Content-Security-Policy that only reports", NotCors,
        "Look for another line: this policy blocks nothing, it only reports.",
        "A note: the page's Content-Security-Policy-Report-Only does not list this address. The request went out.";
    PRELOAD = "preload-credentials", "A preload that does not fit the request", Warning,
        "Add `crossorigin` to the `<link rel=\"preload\">`: fonts, modules and fetch are loaded by CORS, also from the own origin.",
        "A warning: the file is loaded twice, because the preload and the request differ in their credentials mode. Nothing was blocked.";
    MIME_TYPE = "mime-type", "A response of another type than the page expects", NotCors,
        "Look at what the address really answers: mostly an error page or the page's own index.html in HTML came in place of the file; \
         otherwise let the server send the right Content-Type.",
        "The browser got the response and refused it for its Content-Type: scripts, style sheets, WebAssembly and event streams have to \
         have theirs. It is not CORS.";
    IMPORT_SCRIPTS = "import-scripts", "A script that a worker could not load", NotCors,
        "Open the script's address, and look at its status and Content-Type in the network panel; then at the worker's \
         Content-Security-Policy.",
        "`importScripts` loads scripts of any origin without CORS, so that the server's CORS fields are not the reason: the address does \
         not answer, has an error's status or another type, or a policy of the page forbids it. (Modules, by `import`, need CORS.)";
    URL_WITH_CREDENTIALS = "url-with-credentials", "An address with a user name or a password", NotCors,
        "Take user name and password out of the address; if the server wants them, set the header Authorization in the call.",
        "`fetch` throws for an address that has a user name or a password in it, before anything is sent. It is not CORS.";
    BAD_URL = "not-a-url", "The address cannot be read", NotCors,
        "Write the whole address in the call, with http:// or https:// in front.",
        "The call threw before anything was sent, because its address cannot be parsed: `{url}`.";
    NULL_ORIGIN = "null-origin", "A page without an origin", NotCors,
        "Serve the page over http or https; in a sandboxed frame add `allow-same-origin`, if you trust what is in it: beside \
         `allow-scripts` a page of your own origin can take the sandbox off.",
        "The page has the origin `null`: it was opened as a file, or lies in a sandboxed frame or a data: address. Such a \
         page may not make this request. A server should not allow `null`, because any site can send it.";
    LOCAL_NETWORK_SPACE = "local-network-space", "Another address space than the page said", NotCors,
        "Write the address space in which the server is in the call, or none: `targetAddressSpace` is `loopback` for this \
         machine and `local` for the local network.",
        "The call of fetch names the address space of its target (`targetAddressSpace`), and the server was in another one: \
         127.0.0.1 and localhost are `loopback`. Chrome blocks that before CORS, whatever the server sends.";
    CSP = "content-security-policy", "The page's own Content-Security-Policy", NotCors,
        "Add the address's origin to the directive that the message names (`connect-src` for fetch) in the page's \
         Content-Security-Policy.",
        "The page's own server sends a Content-Security-Policy that does not list this address. It is not CORS: the server \
         that is asked has no part in it.";
    CORP = "cross-origin-resource-policy", "Cross-Origin-Resource-Policy", NotCors,
        "Let the server that has the file send `Cross-Origin-Resource-Policy: cross-origin` with it (helmet for Express sends \
         `same-origin` unless told otherwise), or load it by CORS with `crossorigin`.",
        "The response says by Cross-Origin-Resource-Policy who may embed it, or the page demands that it says so \
         (Cross-Origin-Embedder-Policy). It is not CORS: Access-Control-Allow-Origin is not asked for where a file is \
         embedded without `crossorigin`.";
    COEP = "cross-origin-embedder-policy", "Cross-Origin-Embedder-Policy", NotCors,
        "Send `Cross-Origin-Resource-Policy: cross-origin` with the file, or load it with `crossorigin` and CORS fields, or \
         set the page to `Cross-Origin-Embedder-Policy: credentialless`.",
        "The page demands by Cross-Origin-Embedder-Policy that everything in it allows to be embedded, and this file does \
         not say so. It is not CORS alone.";
    COOP = "cross-origin-opener-policy", "Cross-Origin-Opener-Policy", NotCors,
        "Send `Cross-Origin-Opener-Policy: same-origin-allow-popups` with the page that opens the window, or leave it out.",
        "The page's Cross-Origin-Opener-Policy cuts the tie between a window and the one that opened it, so that \
         `window.closed` and `postMessage` do not work. It is not CORS, and with logins in a popup mostly harmless.";
    COOP_IGNORED = "cross-origin-opener-policy-ignored", "A Cross-Origin-Opener-Policy that does not count", NotCors,
        "Serve the page over https, or from localhost, where the header counts; or leave the header out.",
        "A warning: the browser ignores Cross-Origin-Opener-Policy on a page of http. Nothing was blocked.";
    ISOLATION = "cross-origin-isolation", "A page that is not cross-origin isolated", NotCors,
        "Send `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp` (or `credentialless`) with the \
         page itself.",
        "SharedArrayBuffer is there only in pages that are cross-origin isolated, which takes these two headers of the page, and https \
         or localhost. It is not CORS; what the page embeds then has to allow that (Cross-Origin-Resource-Policy, or CORS).";
    ORB = "opaque-response-blocking", "Opaque response blocking (ORB, formerly CORB)", NotCors,
        "Look at what the address really answers: an element (image, script, video) got a response of another type, mostly an \
         error page in HTML or JSON. To read data, use fetch with CORS instead of an element or `no-cors`.",
        "The browser keeps from an element, or from a fetch in the mode no-cors, what is not a picture, a script or media. \
         It is not a failed CORS check: no CORS was asked for.";
    TAINTED_CANVAS = "tainted-canvas", "A canvas with a picture of another origin", NotCors,
        "Load the picture with `crossorigin=\"anonymous\"` (set before `src`), and let its server send \
         `Access-Control-Allow-Origin: {origin}`.",
        "A picture of another origin that was loaded without CORS taints the canvas, and a page may not read what it shows: \
         `toDataURL`, `toBlob`, `getImageData` and textures throw.";
    INSECURE_OPERATION = "insecure-operation", "An operation that the browser calls insecure", NotCors,
        "If the page reads a canvas: load its pictures with `crossorigin=\"anonymous\"`, and let their server send \
         `Access-Control-Allow-Origin: {origin}`. Otherwise look at the line of the script that throws.",
        "Firefox throws this SecurityError mostly where a page reads a canvas that has a picture of another origin in it \
         (tainted canvas), and for storage, service workers or history in a page that has no origin or is not secure.";
    SCRIPT_ERROR = "script-error", "\"Script error.\" without details", NotCors,
        "To see what was thrown, load the script with `crossorigin=\"anonymous\"`, and let its server send \
         `Access-Control-Allow-Origin: {origin}`.",
        "A script of another origin threw an error, and the browser hides from the page which. Nothing was blocked.";
    FRAME_ACCESS = "frame-access", "A frame of another origin", NotCors,
        "Talk to the frame by `postMessage`, with a listener in the frame's own page.",
        "A script reached into a frame or window of another origin. The same-origin policy forbids it, and no CORS field \
         opens it: CORS is about fetching.";
    FRAME_REFUSED = "frame-refused", "A page that refuses to be in a frame", NotCors,
        "Let the framed page's server name your origin in `Content-Security-Policy: frame-ancestors`, in place of \
         X-Frame-Options; or open the page in a window of its own.",
        "The framed page says by X-Frame-Options or frame-ancestors that it may not be in a frame. It is not CORS, and no \
         CORS field opens it.";
    SRI = "subresource-integrity", "An integrity attribute without CORS", Cors,
        "Add `crossorigin=\"anonymous\"` to the element, and let the file's server send `Access-Control-Allow-Origin: \
         {origin}` (or `*`); or take `integrity` out.",
        "A browser checks `integrity` only of a file that the page may read: one of its own origin, or one that was loaded \
         by CORS.";
    BLOCKED_BY_CLIENT = "blocked-by-extension", "Blocked by an extension of the browser", NotCors,
        "Switch off the ad or content blocker for this page, or try in a private window without extensions.",
        "An extension of the browser (an ad blocker, a privacy filter) stopped the request. Nothing was sent, and no server \
         is the reason.";
    COOKIE = "cookie-withheld", "A cookie that SameSite withholds", NotCors,
        "Set the cookie with `SameSite=None; Secure` over https, if it has to go with requests from other sites; and let \
         the page ask with credentials.",
        "A cookie was not set, or not sent, because the request comes from another site and the cookie does not say \
         `SameSite=None; Secure`, or because the browser blocks cookies of third parties. It is not CORS, which only decides \
         who reads the response.";
    REFERRER_POLICY = "referrer-policy", "A Referrer-Policy, which blocks nothing", NotCors,
        "Look at the request's status and at the console: `strict-origin-when-cross-origin` is not the reason.",
        "`strict-origin-when-cross-origin` is the browser's default Referrer-Policy: it says how much of the page's address \
         goes into the header Referer. The network panel shows it beside every request, also beside those that fail for \
         another reason, such as their status.";
    REACT_NATIVE = "react-native", "React Native, which has no CORS", NotCors,
        "Look whether the device reaches the address: localhost is the device itself (10.0.2.2 is the machine in Android's \
         emulator), http needs a permission on Android and iOS, and certificates have to be trusted.",
        "React Native has no origin and no CORS: nothing that a server sends in Access-Control fields changes anything. The \
         request did not reach the server, or had no answer.";
    CYPRESS = "cypress", "Cypress, which keeps a test to one origin", NotCors,
        "Visit one origin in a test, and wrap commands for another in `cy.origin()`; or set `chromeWebSecurity: false` for \
         the test.",
        "Cypress runs a test within the origin of its first `cy.visit()`. The rule is Cypress's: no server and no CORS field \
         is the reason.";
    SERVER_DOWN = "no-answer", "Nobody answers at the address", NotCors,
        "See first that it answers: start the server, and compare host and port of {url} with what it listens on.",
        "The connection failed: nobody listens there, the name leads nowhere, or the connection broke. It is not CORS: \
         there was no response to check.";
    NAME_NOT_RESOLVED = "name-not-resolved", "The name leads nowhere", NotCors,
        "Correct the name in {url}, or look why this machine cannot resolve it.",
        "There is no address for the host's name. It is not CORS: nothing was sent.";
    CERTIFICATE = "certificate", "A certificate that the browser does not trust", NotCors,
        "Open {url} in a tab of the same browser, and mend its certificate (or trust it there, in development).",
        "The connection ended before any request: the certificate is self-signed, expired or for another name. A page shows \
         no dialog for it, so that it looks like CORS. It is not.";
    TLS = "tls", "https and http mixed up, or a failed handshake", NotCors,
        "Write http:// if the server speaks http on that port, or mend its TLS.",
        "The TLS handshake failed. Mostly the page asks by https on a port where the server speaks http. It is not CORS: \
         nothing was sent.";
    ABORTED = "aborted", "Ended by the page", NotCors,
        "Look for what ends the request: a navigation, a form that is sent as well, a timeout, an AbortController.",
        "The page itself, or leaving it, ended the request before its response came. It is not CORS.";
    INTERNAL_FETCH = "service-worker-response", "A service worker's response that does not fit", NotCors,
        "Let the service worker fetch with the request that it got (`fetch(event.request)`), or leave requests of other \
         origins alone.",
        "The page asked by CORS and the service worker answered with an opaque response (one in the mode no-cors), or with an \
         error. The server's fields are not the reason.";
    COOKIE_FIELD = "set-cookie-unreadable", "Set-Cookie, which no page may read", NotCors,
        "Leave Set-Cookie to the browser, which keeps the cookie if the page asks with credentials; or send the value in the body, or in \
         a header of another name that Access-Control-Expose-Headers lists.",
        "The standard withholds Set-Cookie and Set-Cookie2 from scripts. No field of the response changes that.";
    FRAME_COEP = "frame-embedder-policy", "A frame without Cross-Origin-Embedder-Policy", NotCors,
        "Send `Cross-Origin-Embedder-Policy: require-corp` (or `credentialless`) with the document in the frame; or write `<iframe \
         credentialless>` where its server is not yours.",
        "The page has Cross-Origin-Embedder-Policy, and then every document in its frames needs the field, too.";
    ADMINISTRATOR = "blocked-by-administrator", "Blocked by the organization's rules for this browser", NotCors,
        "Ask who administers this browser: an enterprise policy (URLBlocklist; chrome://policy shows it) blocks the address.",
        "The request did not leave the browser.";
    OFFLINE = "offline", "The device has no connection", NotCors,
        "Look at the connection of this device: it is offline, or has just changed its network.",
        "The request did not reach any server.";
    UNSAFE_HEADER = "header-not-exposed", "A response's header that the page may not read", NotCors,
        "Let the server send `Access-Control-Expose-Headers: {parameter}`.",
        "The response came, and the page may read only a few of its headers (Cache-Control, Content-Language, Content-Length, \
         Content-Type, Expires, Last-Modified, Pragma) unless the server exposes more. Set-Cookie is never readable.";
    FORBIDDEN_HEADER = "forbidden-header", "A header that no page may set", NotCors,
        "Take {parameter} out of the call: the browser sets it itself.",
        "Some request headers (Host, Origin, Cookie, Content-Length, those that begin with Sec- and others) are the \
         browser's. The call goes on without it. It is not CORS.";
    OPAQUE = "opaque-response", "An opaque response: `mode: \"no-cors\"`", NotCors,
        "Take `mode: \"no-cors\"` out of the call, and let the server send `Access-Control-Allow-Origin: {origin}`.",
        "In the mode no-cors a page gets an opaque response: status 0, no headers, an empty body. The mode does not switch \
         CORS off, it gives up reading. So `response.json()` finds the end of its input at once.";
    UNEXPECTED_HTML = "html-in-place-of-json", "HTML where JSON was expected", NotCors,
        "Look at the response in the network panel: an error page, a login, or the page's own index.html came instead of \
         data.",
        "The response was read, so CORS did not stop it. Its body is not JSON.";
    NOT_ALLOWED_METHOD = "method-not-allowed", "The server refuses the method", Unknown,
        "Let the server handle that method at {url}; if it is OPTIONS, answer the preflight there with status 204 and the \
         CORS fields.",
        "The server answers 405: nothing there handles the method. For OPTIONS, which is a preflight, this makes CORS fail.";
    HTTP_STATUS = "http-status", "A status, and not CORS", NotCors,
        "Look at what the server answers with {status}, and why: its log, its authentication, the address.",
        "The page got a response with an error's status, so that CORS did not stop it. If another line names CORS, that \
         error may lack the fields which successes have.";

    NO_PRIVATE_NETWORK = "internet-explorer-zone", "Internet Explorer's zones", NotCors,
        "Put both sites into one security zone of Windows (Internet Options, Security), or use another browser.",
        "Internet Explorer keeps pages of the internet zone from asking addresses of the local intranet, and the other way \
         round (protected mode). It is not CORS.";
    ACCESS_DENIED = "access-denied", "What a script in Internet Explorer sees", Unknown,
        "Look for a line that begins with SEC71 beside this one, and paste that: it names the reason.",
        "Internet Explorer writes \"Access is denied\" for any request that it stopped itself: CORS, an http address from an \
         https page, a zone. XDomainRequest of version 8 and 9 needs the same scheme, too.";
    REFUSED_TO_CONNECT = "refused-to-connect", "\"refused to connect\"", Unknown,
        "In a frame: the framed page forbids it by X-Frame-Options or frame-ancestors. In a tab: nobody answers at the \
         address.",
        "Browsers show this text for a page that may not be in a frame, and for a server that does not answer. Neither is \
         CORS.";
    AUDIO = "audio-zeroes", "Audio of another origin, which a page may not read", NotCors,
        "Set `crossorigin=\"anonymous\"` on the element before `src`, and let the file's server send \
         `Access-Control-Allow-Origin: {origin}`.",
        "Web Audio gives silence for media of another origin that was loaded without CORS.";
    OTHER_SCRIPT_ERROR = "module-loader-error", "An error of a module loader", NotCors,
        "Look whether the address of the module is right, and what the network panel says about it.",
        "A module loader (RequireJS) could not load a script: mostly its address is wrong. It need not be CORS.";
    POST_MESSAGE = "post-message-origin", "postMessage to another origin than the window has", NotCors,
        "Write the receiving window's own origin as the second argument of `postMessage`, and post after it has loaded.",
        "The second argument of `postMessage` is the origin that may read the message, and the window has another one (at \
         first that of about:blank). It is not CORS.";
    CSS_RULES = "css-rules", "Rules of a style sheet of another origin", NotCors,
        "Load the style sheet with `crossorigin=\"anonymous\"`, and let its server send `Access-Control-Allow-Origin: \
         {origin}`.",
        "A script reads the rules of a style sheet of another origin, which it may only if that was loaded by CORS.";
    WORKER = "worker-origin", "A worker of another origin", NotCors,
        "Serve the worker's script from the page's own origin, or make a blob: address of its text.",
        "A worker's script has to come from the page's own origin; no CORS field opens that.";
    DIGEST = "integrity-mismatch", "An integrity attribute that does not match", NotCors,
        "Write the digest of the file that is served now, or serve the file that the digest is of.",
        "The file came, and is another one than `integrity` names. It is not CORS.";
    NODE = "node", "A program in Node, which has no CORS", NotCors,
        "Look whether the address answers: Node does not check CORS, and its error has a `cause` that names the reason.",
        "There is no CORS outside of browsers: `fetch` in Node reads any response. The connection failed. (With Node 18 and \
         later `localhost` may be ::1, on which the server does not listen.)";
    WEBSOCKET = "websocket", "A WebSocket that did not open", NotCors,
        "Look at the handshake in the network panel: its status, and whether the server checks Origin.",
        "CORS does not apply to WebSockets: the server alone decides by the request's Origin. The handshake was refused or \
         had no answer.";
    TOO_MANY_REDIRECTS = "too-many-redirects", "A circle of redirects", NotCors,
        "Follow {url} by `curl -IL`, and mend the rule that sends it back.",
        "The redirects lead in a circle. It is not CORS.";
    INVALID_REDIRECT = "invalid-redirect", "A redirect that a browser does not follow", Unknown,
        "Look at the method in the network panel: if it is OPTIONS, let the server answer the preflight before any redirect; otherwise \
         mend the redirect's `Location`, which is not an address.",
        "Chromium writes this beside a preflight that is redirected, which CORS forbids, and beside a redirect to what is not an \
         address.";
    UNSAFE_REDIRECT = "unsafe-redirect", "A redirect to a scheme that pages cannot ask", NotCors,
        "Mend the `Location` of {url}: it has to lead to an http or https address.",
        "The redirect leads to a file, to data or to another scheme that a browser does not follow from a page.";
    BLOB_ADDRESS = "blob-address", "A blob: address that the page cannot open", NotCors,
        "Make the address by `URL.createObjectURL` in the page that loads it, and revoke it only once it is loaded; hand the blob itself to \
         another page, by `postMessage`.",
        "A blob: address leads to data of one page. It is of that page's origin alone, and ends with that page, or once it is revoked. No \
         server answers it, so that no field of CORS opens it.";
    GET_WITH_BODY = "get-with-body", "A GET or HEAD with a body", NotCors,
        "Take the body out of the call, and put what it has into the address, or let the page send it by POST or PUT.",
        "`fetch` throws a TypeError for a GET or HEAD with a body, and sends nothing, whatever a server allows.";
    EMPTY_BODY = "empty-body", "An empty body where JSON was expected", NotCors,
        "If the call has `mode: \"no-cors\"`, take it out and let the server send `Access-Control-Allow-Origin: {origin}`. \
         Otherwise look at the response: it is empty.",
        "`response.json()` came to the end of its input. In the mode no-cors every response is opaque and looks empty; \
         otherwise the server sent an empty body.";
    PREFLIGHT_STATUS = "preflight-status", "The preflight got an error's status", Cors,
        "Answer OPTIONS at {url} with status 204 and the CORS fields, before routing and authentication.",
        "OPTIONS is the browser's preflight, without cookies and Authorization, and its answer has to have a status from 200 \
         to 299. Mostly nothing answers OPTIONS at that address (404, 405), or a login comes first (401, 403).";

    PREFLIGHT_UNANSWERED = "preflight-unanswered", "The preflight had no answer", NotCors,
        "Let the server answer OPTIONS at {url}: see whether it hangs there, and answer with status 204 and the CORS fields \
         before anything that waits.",
        "The browser sent a preflight, an OPTIONS request, and no response came before the page or the browser gave up. No \
         field was looked at.";

    // The same text for CORS and for other failures.
    NOT_SENT = "not-sent", "The request was not sent, or had no response", Unknown,
        "Look at the browser's console for the line about {url}, and paste that: the network panel does not have the reason.",
        "The browser stopped the request before a response came, and the file does not say why.";
    DID_NOT_SUCCEED = "did-not-succeed", "The request did not succeed", Unknown,
        "See first that it answers: open {url} itself in the same browser, and look at the network panel.",
        "The request failed before there was a response to check, so that no CORS field is the reason: no such host, nobody \
         listening, a certificate that the browser does not trust, mixed content, an extension that blocks. If another line \
         stands beside this one, that names the cause.";
    NETWORK_ERROR = "network-error", "What the script sees of any failure", Unknown,
        "Look at the browser's console for a line that names CORS, and paste that; if there is none, open {url} in a tab of \
         the same browser, and look whether the server answers.",
        "A script is never told why a request failed: this text is the same for CORS, for a server that is down, a name that \
         leads nowhere, a certificate that is not trusted, mixed content and an ad blocker. The console and the network panel \
         of the browser say which.";
    PROVISIONAL_HEADERS = "provisional-headers", "\"Provisional headers are shown\"", Unknown,
        "Look at the console for a line about this request, and at its status in the network panel: this note alone says nothing.",
        "Chromium's network panel writes it where it has no head of the request that was really sent: the request was blocked before it \
         was sent, had no answer yet, or came from the cache.";
    NETWORK_REQUEST_FAILED = "network-request-failed", "What React Native and the polyfill of fetch say of any failure", Unknown,
        "In a browser, look at its console for a line that names CORS, and paste that. In React Native look whether the device reaches \
         the address: localhost is the device itself (10.0.2.2 is the machine in Android's emulator), and http needs a permission.",
        "The same text comes from React Native, which has no CORS, and in browsers from whatwg-fetch, a replacement of fetch, for any \
         failure: CORS, a server that is down, a certificate that is not trusted, mixed content.";
    NOT_ALLOWED_TO_REQUEST = "not-allowed-to-request", "Safari did not send the request", Unknown,
        "Look whether the page is https and the address http, which Safari blocks for localhost, too; then at the page's \
         Content-Security-Policy, and whether the address is a file.",
        "Safari refused the request before it was sent, so that no field of the server is the reason: mixed content, the page's own \
         Content-Security-Policy, a content blocker, or an address that no page may ask.";
    NET_FAILED = "failed", "Failed, and the reason stands in another line", Unknown,
        "Look at the line of the console before this one: it says why. In the network panel, \"CORS error\" or \
         \"(blocked:…)\" says it, too.",
        "`net::ERR_FAILED` is what Chromium writes beside any request that it stopped itself, mostly for CORS, whose own \
         line names the reason.";
    CROSS_ORIGIN_NOTE = "cors-was-needed", "A note that a request is across origins", Warning,
        "Look at the lines after this one: if the request failed, one of them says why.",
        "Internet Explorer and the first Edge note that a request needs CORS, or a preflight. This alone is not an error.";
    AUTHORIZATION_NOT_COVERED = "authorization-not-covered", "A warning about Authorization", Warning,
        "Name it beside the wildcard: `Access-Control-Allow-Headers: *, Authorization`.",
        "A warning: the fetch has passed. By the standard `Access-Control-Allow-Headers: *` does not cover Authorization, and \
         browsers will stop to let it.";
    PRIVATE_NETWORK_WARNING = "private-network-warning", "A warning about the local network", Warning,
        "Serve the page over https, so that the browser can ask for the permission.",
        "A warning: browsers will let a page reach the local network only from a secure page, and with a permission.";
}
