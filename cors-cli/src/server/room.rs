//! [`Room`]: the places for connections, and the call to leave for one that waits outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The places for connections, as many as a server holds.
#[derive(Clone)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    call: Arc<Call>,
}

/// A place, which is free again once this is dropped.
pub(super) type Place = OwnedSemaphorePermit;

#[derive(Default)]
struct Call {
    /// True while a connection waits for a place.
    is_waiting: AtomicBool,
    notify: Notify,
}

impl Room {
    pub(super) fn new(places: usize) -> Self {
        Room { places: Arc::new(Semaphore::new(places)), call: Arc::default() }
    }

    /// Waits for a place. If there is none, calls the connection that has been idle for the longest time to leave, or else
    /// the first that becomes idle.
    pub(super) async fn enter(&self) -> Option<Place> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        self.call.is_waiting.store(true, Ordering::SeqCst);
        // Wakes the first that waits in `called`, the one which is idle for the longest time.
        self.call.notify.notify_one();
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        self.call.is_waiting.store(false, Ordering::SeqCst);
        place
    }

    /// Waits until an idle connection has to leave.
    pub(super) async fn called(&self) {
        loop {
            self.call.notify.notified().await;
            // The call may be an old one: a connection has ended by itself since.
            if self.call.is_waiting.load(Ordering::SeqCst) {
                return;
            }
        }
    }
}
