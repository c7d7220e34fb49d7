//! [`Work`]: explanations, computed on threads that serve no connection.

use std::sync::{Arc, Weak};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The most explanations that are computed at a time. Others wait for their turn.
const TURNS: usize = 2;

pub(super) struct Work {
    turns: Arc<Semaphore>,
}

/// The client that asked.
pub(super) struct Client(Weak<()>);

impl Work {
    pub(super) fn new() -> Self {
        Work { turns: Arc::new(Semaphore::new(TURNS)) }
    }

    /// Returns what `job` returns. A job whose client leaves before its turn never begins: dropping this future drops the
    /// job. One that has begun can ask whether the client still waits.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Client) -> T + Send + 'static,
    ) -> Option<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        let waiting = Arc::new(());
        let client = Client(Arc::downgrade(&waiting));
        let result = spawn_blocking(move || {
            let result = job(&client);
            drop(turn);
            result
        })
        .await;
        drop(waiting);
        result.ok()
    }
}

impl Client {
    pub(super) fn is_waiting(&self) -> bool {
        self.0.strong_count() > 0
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::Poll;

    use tokio::runtime::{Builder, Runtime};

    use super::*;

    /// A single thread serves.
    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    /// Polls the future once, which has to wait.
    async fn begin(future: &mut std::pin::Pin<&mut impl Future>) {
        poll_fn(|context| {
            assert!(future.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    }

    #[test]
    fn a_job_does_not_stop_the_thread_that_answers() {
        runtime().block_on(async {
            let (work, (release, released)) = (Work::new(), mpsc::channel());
            let mut slow = pin!(work.run(move |_| released.recv().unwrap()));
            begin(&mut slow).await;
            assert_eq!(work.run(|_| 1).await, Some(1));
            release.send(2).unwrap();
            assert_eq!(slow.await, Some(2));
        });
    }

    #[test]
    fn a_client_that_leaves() {
        let runtime = runtime();
        let (release, released) = mpsc::channel();
        let (report, reported) = mpsc::channel();
        runtime.block_on(async {
            let work = Work::new();
            let mut running = Box::pin(work.run(move |client: &Client| {
                let before = client.is_waiting();
                report.send(before).unwrap();
                released.recv().unwrap();
                report.send(client.is_waiting()).unwrap();
            }));
            begin(&mut running.as_mut()).await;
            assert!(reported.recv().unwrap());
            // The other turn is taken, so that the third job waits for its own.
            let (end, ended) = mpsc::channel::<()>();
            let mut other = Box::pin(work.run(move |_| ended.recv().is_err()));
            begin(&mut other.as_mut()).await;
            let mut waiting = Box::pin(work.run(|_| panic!("nobody waits for this")));
            begin(&mut waiting.as_mut()).await;
            drop((running, waiting));
            release.send(()).unwrap();
            assert!(!reported.recv().unwrap());
            drop(end);
            assert_eq!(other.await, Some(true));
            assert_eq!(work.run(|_| 3).await, Some(3));
        });
    }

    #[test]
    fn the_end_does_not_wait_for_a_job() {
        let (release, released) = mpsc::channel::<()>();
        let end = crate::server::run("test", async {
            let work = Work::new();
            let mut endless = pin!(work.run(move |_| released.recv()));
            tokio::select! {
                _ = &mut endless => pending().await,
                () = tokio::task::yield_now() => Ok(1),
            }
        });
        assert!(matches!(end, Ok(1)));
        drop(release);
    }
}
