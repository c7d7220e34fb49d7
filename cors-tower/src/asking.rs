//! [`AllowOrigin`]: who is asked about an origin that no pattern allows, and [`OriginCache`]: the answers that are kept.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cors_core::Origin;

use crate::head::RequestHead;

/// Who decides about an origin that no pattern allows (E12).
#[derive(Clone)]
pub(crate) enum AllowOrigin {
    Now(Arc<AllowNow>),
    Later(Arc<Later>),
}

type AllowNow = dyn Fn(&Origin<'_>, &RequestHead<'_>) -> bool + Send + Sync;

/// A closure that takes its time, and the answers it gave.
pub(crate) struct Later {
    allow_origin: Box<dyn Fn(String) -> Answer<Option<bool>> + Send + Sync>,
    answers: Mutex<Answers>,
}

/// An answer that is waited for.
pub(crate) type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl AllowOrigin {
    pub(crate) fn later<F>(
        cache: OriginCache,
        allow_origin: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Option<bool>> + Send + 'static,
    {
        AllowOrigin::Later(Arc::new(Later {
            allow_origin: Box::new(move |origin| Box::pin(allow_origin(origin))),
            answers: Mutex::new(Answers::new(cache)),
        }))
    }
}

impl Later {
    pub(crate) fn kept(&self, origin: &str) -> Option<bool> {
        self.answers().get(origin, Instant::now())
    }

    /// Asks once the answer is waited for, and keeps it. An answer that is not known denies.
    pub(crate) fn ask(self: &Arc<Self>, origin: String) -> Answer<bool> {
        let later = Arc::clone(self);
        Box::pin(async move {
            let allowed = (later.allow_origin)(origin.clone()).await;
            if let Some(allowed) = allowed {
                later.answers().keep(&origin, allowed, Instant::now());
            }
            allowed.unwrap_or(false)
        })
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many answers about origins are kept, and for how long: see
/// [`CompiledPolicy::allow_origins_by_async`](crate::CompiledPolicy::allow_origins_by_async).
///
/// Anybody can send any number of origins, so that both bounds hold at any time. The answer that came first goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginCache {
    age: Duration,
    max_entries: usize,
    max_bytes: usize,
}

impl OriginCache {
    /// Keeps each answer for `age`: 10,000 of them, whose origins have 1 MiB, at most.
    pub fn new(age: Duration) -> Self {
        OriginCache { age, max_entries: 10_000, max_bytes: 1 << 20 }
    }

    /// Sets how many answers are kept. With 0 every request waits for an answer of its own.
    #[must_use]
    pub fn max_entries(self, max_entries: usize) -> Self {
        OriginCache { max_entries, ..self }
    }

    /// Sets how many bytes the origins have whose answers are kept.
    #[must_use]
    pub fn max_bytes(self, max_bytes: usize) -> Self {
        OriginCache { max_bytes, ..self }
    }
}

/// The answers, at most as many as the cache allows.
struct Answers {
    cache: OriginCache,
    by_origin: HashMap<Arc<str>, (bool, Instant)>,
    /// The first that came is the first.
    order: VecDeque<Arc<str>>,
    bytes: usize,
}

impl Answers {
    fn new(cache: OriginCache) -> Self {
        Answers { cache, by_origin: HashMap::new(), order: VecDeque::new(), bytes: 0 }
    }

    fn get(&self, origin: &str, now: Instant) -> Option<bool> {
        let (allowed, since) = self.by_origin.get(origin)?;
        (now.saturating_duration_since(*since) < self.cache.age).then_some(*allowed)
    }

    fn keep(&mut self, origin: &str, allowed: bool, now: Instant) {
        if let Some(answer) = self.by_origin.get_mut(origin) {
            *answer = (allowed, now);
            return;
        }
        if self.cache.max_entries == 0 || origin.len() > self.cache.max_bytes {
            return;
        }
        while self.order.len() >= self.cache.max_entries
            || self.bytes.saturating_add(origin.len()) > self.cache.max_bytes
        {
            let Some(first) = self.order.pop_front() else { break };
            self.by_origin.remove(&first);
            self.bytes = self.bytes.saturating_sub(first.len());
        }
        let origin: Arc<str> = origin.into();
        self.bytes = self.bytes.saturating_add(origin.len());
        self.order.push_back(Arc::clone(&origin));
        self.by_origin.insert(origin, (allowed, now));
    }
}

impl fmt::Debug for AllowOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AllowOrigin::Now(_) => "Now",
            AllowOrigin::Later(_) => "Later",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn answers_grow_old() {
        let mut answers = Answers::new(OriginCache::new(MINUTE));
        let start = Instant::now();
        answers.keep("https://a.example", true, start);
        answers.keep("https://b.example", false, start);
        let last = start + Duration::from_millis(59_999);
        assert_eq!(answers.get("https://a.example", last), Some(true));
        assert_eq!(answers.get("https://b.example", last), Some(false));
        assert_eq!(answers.get("https://c.example", last), None);
        assert_eq!(answers.get("https://a.example", start + MINUTE), None);
        answers.keep("https://a.example", false, start + MINUTE);
        assert_eq!(answers.get("https://a.example", start + MINUTE), Some(false));
        assert_eq!((answers.order.len(), answers.bytes), (2, 34));
    }

    #[test]
    fn both_bounds_hold() {
        let cases = [(3, 1000, 3), (1000, 85, 5), (1000, 84, 4), (0, 1000, 0), (1000, 16, 0)];
        for (max_entries, max_bytes, expected) in cases {
            let cache = OriginCache::new(MINUTE).max_entries(max_entries).max_bytes(max_bytes);
            let mut answers = Answers::new(cache);
            let now = Instant::now();
            let origins: Vec<String> = ('a'..='j').map(|name| format!("https://{name}.example")).collect();
            for origin in &origins {
                answers.keep(origin, true, now);
                assert!(answers.by_origin.len() <= max_entries && answers.bytes <= max_bytes);
            }
            let kept: Vec<_> = origins.iter().filter(|origin| answers.get(origin, now).is_some()).collect();
            let last: Vec<_> = origins.iter().skip(origins.len() - expected).collect();
            assert_eq!(kept, last, "{max_entries} {max_bytes}");
            assert_eq!((answers.by_origin.len(), answers.order.len()), (expected, expected));
        }
    }
}
