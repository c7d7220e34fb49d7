//! [`Budget`]: how often, and for how long, a server is asked.

use std::time::{Duration, Instant};

/// After so many requests in a row without a response a server is asked nothing more.
const MAX_SILENT: usize = 5;

/// What may still be sent.
#[derive(Debug)]
pub(crate) struct Budget {
    most: usize,
    sent: usize,
    /// How many requests in a row had no response.
    silent: usize,
    began: Instant,
    time: Duration,
}

impl Budget {
    /// Allows this many requests within this time.
    pub(crate) fn new(most: usize, time: Duration) -> Self {
        Budget { most, sent: 0, silent: 0, began: Instant::now(), time }
    }

    pub(crate) fn sent(&self) -> usize {
        self.sent
    }

    /// Takes requests that are sent off what may be sent. The error is why they may not, in a sentence.
    pub(crate) fn spend(&mut self, count: usize) -> Result<(), String> {
        if self.silent >= MAX_SILENT {
            return Err(format!("not asked: the server stopped answering after {} requests", self.sent));
        }
        if self.began.elapsed() > self.time {
            return Err(format!("not asked: the time of {} s is over", self.time.as_secs()));
        }
        let sent = self.sent.saturating_add(count);
        if sent > self.most {
            return Err(format!("not asked: the limit of {} requests is reached", self.most));
        }
        self.sent = sent;
        Ok(())
    }

    /// Notes how a request ended.
    pub(crate) fn note(&mut self, is_answered: bool) {
        self.silent = if is_answered { 0 } else { self.silent.saturating_add(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_holds() {
        let mut budget = Budget::new(8, Duration::from_secs(3600));
        assert_eq!(budget.spend(3), Ok(()));
        assert!(budget.spend(6).unwrap_err().contains("limit of 8 requests"));
        for _ in 0..4 {
            budget.note(false);
        }
        budget.note(true);
        for _ in 0..4 {
            budget.note(false);
        }
        assert_eq!(budget.spend(1), Ok(()));
        budget.note(false);
        assert!(budget.spend(1).unwrap_err().contains("stopped answering after 4 requests"));
        assert_eq!(budget.sent(), 4);
        let mut budget = Budget::new(8, Duration::ZERO);
        std::thread::sleep(Duration::from_millis(1));
        assert!(budget.spend(1).unwrap_err().contains("time"));
    }
}
