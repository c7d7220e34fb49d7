//! [`Said`]: what a text says itself, held against what a person says besides.

use cors_core::Origin;
use cors_core::browser::{Engine, ErrorKind};

use crate::besides::Besides;
use crate::case::Case;
use crate::input::{origin_of, shown_url};
use crate::message::{Cause, Message};

/// What a text says of its request, as far as it is whole.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said<'t> {
    /// What the text is, as a sentence begins: `The message`.
    pub(crate) text: &'static str,
    /// The page's origin.
    pub(crate) page: Option<&'t str>,
    /// The address asked for.
    pub(crate) url: Option<&'t str>,
    /// The address that the page asked for, where that redirected.
    pub(crate) redirected_from: Option<&'t str>,
    /// The method.
    pub(crate) method: Option<&'t str>,
    /// The engine of the page's browser.
    pub(crate) engine: Option<Engine>,
}

/// One part that both say, and not alike.
struct Difference<'t> {
    what: &'static str,
    text: &'t str,
    option: &'static str,
    besides: String,
}

impl<'t> Said<'t> {
    /// Returns what a message says.
    pub(crate) fn of_message(message: &'t Message) -> Self {
        let is_about_method = message.cause == Cause::Error(ErrorKind::MethodDisallowedByPreflightResponse);
        Said {
            text: "The message",
            page: message.origin.as_deref(),
            url: message.url.as_deref(),
            redirected_from: message.redirected_from.as_deref(),
            method: message.parameter.as_deref().filter(|_| is_about_method),
            engine: message.engine(),
        }
    }

    /// Returns what a copied request says, or the requests of `curl -v`. GET is also what stands for a method that is not written.
    pub(crate) fn of_request(case: &'t Case) -> Self {
        let fetch = case.fetch.as_ref();
        Said {
            text: "The request",
            page: case.page.as_deref(),
            url: fetch.map(|fetch| fetch.url.as_str()),
            redirected_from: fetch.and_then(|fetch| fetch.redirected_from.as_deref()),
            method: fetch.map(|fetch| fetch.method.as_str()).filter(|method| *method != "GET"),
            engine: case.engine,
        }
    }

    /// Returns what is left of `besides` where the text counts: what a browser wrote is how it was. With a sentence for each part that
    /// the text says otherwise.
    pub(crate) fn before(&self, besides: &Besides) -> (Besides, Vec<String>) {
        let sentences = self.differences(besides).map(|difference| {
            let Difference { what, text, option, besides } = difference;
            format!("{} names the {what} {text}: that counts, and `{option} {besides}` does not.", self.text)
        });
        let left = Besides {
            page: besides.page.clone().filter(|_| self.page().is_none()),
            url: besides.url.clone().filter(|_| !self.has_address(besides)),
            method: besides.method.clone().filter(|_| self.method.is_none()),
            engine: besides.engine.filter(|_| self.engine.is_none()),
            ..besides.clone()
        };
        (left, sentences.collect())
    }

    /// Returns a sentence for each part that the text says otherwise than `besides`, which counts: a copied request may be asked from
    /// another page, or by another method.
    pub(crate) fn behind(&self, besides: &Besides) -> Vec<String> {
        let sentences = self.differences(besides).map(|difference| {
            let Difference { what, text, option, besides } = difference;
            format!(
                "`{option} {besides}` counts, and not the {what} {text}, which {} names.",
                self.text.to_ascii_lowercase()
            )
        });
        sentences.collect()
    }

    fn differences<'s>(&'s self, besides: &'s Besides) -> impl Iterator<Item = Difference<'s>> {
        let page = self.page().zip(besides.page.as_deref()).filter(|(text, page)| !is_same_page(text, page));
        let url = besides.url.as_deref().filter(|url| !self.is_same_address(url));
        let url = self.url.filter(|_| self.has_address(besides)).zip(url);
        let method = self.method.zip(besides.method.as_deref()).filter(|(text, method)| text != method);
        let engine = self.engine.zip(besides.engine).filter(|(text, engine)| text != engine);
        let engine = engine.map(|(text, engine)| (text.title(), engine.name()));
        [
            ("page", "--origin", page),
            ("address", "--url", url),
            ("method", "--method", method),
            ("browser", "--engine", engine),
        ]
        .into_iter()
        .filter_map(|(what, option, differing)| {
            let (text, besides) = differing?;
            // An address may have a token in it.
            Some(Difference { what, text, option, besides: shown(besides) })
        })
    }

    /// Returns the page's origin, if it is whole: people write `https://…` for what they do not show.
    fn page(&self) -> Option<&str> {
        self.page.filter(|page| !is_cut(page) && Origin::parse(page.as_bytes()).is_ok())
    }

    /// True if the text has the address, and not only a part of it that `besides` completes.
    fn has_address(&self, besides: &Besides) -> bool {
        let Some(url) = self.url else { return false };
        let origins = (origin_of(url).filter(|origin| !is_cut(origin)), besides.url.as_deref());
        match origins {
            (None, _) => false,
            (Some(origin), Some(other)) if is_cut(url) => {
                origin_of(&shown_url(other)).as_ref() != Some(&origin)
            }
            _ => true,
        }
    }

    /// True for an address that the text names, be it before a redirect.
    fn is_same_address(&self, url: &str) -> bool {
        let plain = |url: &str| {
            let shown = shown_url(url);
            let is_bare = origin_of(&shown).is_some_and(|origin| shown.eq_ignore_ascii_case(&origin));
            if is_bare { format!("{shown}/") } else { shown }
        };
        [self.url, self.redirected_from].into_iter().flatten().any(|other| plain(other) == plain(url))
    }
}

/// Returns an option's value without what may be secret.
fn shown(value: &str) -> String {
    if value.contains("://") { shown_url(value) } else { value.to_owned() }
}

fn is_same_page(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || origin_of(one).is_some_and(|origin| origin_of(other) == Some(origin))
}

/// True for a text with a mark of what is not shown.
pub(crate) fn is_cut(text: &str) -> bool {
    text.contains('…') || text.contains("...")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs() {
        let said = Said {
            text: "The message",
            page: Some("https://app.example.com"),
            url: Some("https://api.example.com/orders?id=…"),
            redirected_from: Some("http://api.example.com/orders"),
            method: Some("PUT"),
            engine: Some(Engine::Chromium),
        };
        let besides = |page: &str, url: &str, method: &str, engine| Besides {
            page: Some(page.to_owned()),
            url: Some(url.to_owned()),
            method: Some(method.to_owned()),
            engine: Some(engine),
            ..Besides::default()
        };
        for (besides, expected) in [
            (
                besides(
                    "https://app.example.com:443",
                    "https://api.example.com/orders?id=7",
                    "PUT",
                    Engine::Chromium,
                ),
                &[][..],
            ),
            (
                besides("https://app.example.com", "http://api.example.com/orders", "PUT", Engine::Chromium),
                &[],
            ),
            (
                besides("http://app.example.com", "https://b.example.com/", "put", Engine::Firefox),
                &[
                    "`--origin http://app.example.com`",
                    "`--url https://b.example.com/`",
                    "`--method put`",
                    "`--engine firefox`",
                ],
            ),
        ] {
            let (left, sentences) = said.before(&besides);
            assert_eq!(left.page.or(left.method), None, "{besides:?}");
            assert_eq!(left.engine, None, "{besides:?}");
            assert_eq!(sentences.len(), expected.len(), "{sentences:?}");
            assert_eq!(said.behind(&besides).len(), expected.len(), "{besides:?}");
            for (sentence, option) in sentences.iter().zip(expected) {
                assert!(
                    sentence.starts_with("The message names the ") && sentence.contains(option),
                    "{sentence}"
                );
            }
        }
    }

    /// What people leave out of a text is completed.
    #[test]
    fn what_is_not_whole() {
        let besides = Besides {
            page: Some("https://app.example.com".to_owned()),
            url: Some("https://api.example.com/orders/7".to_owned()),
            ..Besides::default()
        };
        for (page, url) in [
            ("https://…", "http://..."),
            ("https://[host]", "https://api.example.com/ord…"),
            ("https://app.exam...", "/orders/7"),
        ] {
            let said = Said { page: Some(page), url: Some(url), ..Said::default() };
            let (left, sentences) = said.before(&besides);
            assert_eq!(sentences, Vec::<String>::new(), "{page} {url}");
            assert_eq!((left.page, left.url), (besides.page.clone(), besides.url.clone()), "{page} {url}");
        }
    }
}
