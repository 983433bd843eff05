//! Work that waits for another machine: on a thread of its own, so that pages never wait for a slow directory,
//! and few at once, so that a directory that hangs costs no more than that.

use crate::errors::Failure;
use tokio::sync::{Semaphore, oneshot};

/// How many may wait at once. Each does for some seconds at most.
static AT_ONCE: Semaphore = Semaphore::const_new(8);

fn busy(why: &str) -> Failure {
    Failure::Unavailable(format!("directories: {why}"))
}

/// Runs `work` beside the threads that pages are made by.
pub(crate) async fn outside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let permit = AT_ONCE.try_acquire().map_err(|_| busy("too many wait"))?;
    let (done, waits) = oneshot::channel();
    let thread = std::thread::Builder::new().name("directory".to_owned());
    let started = thread.spawn(move || {
        // Nobody waits any more where the browser went away.
        let _ = done.send(work());
        drop(permit);
    });
    started.map_err(|error| busy(&error.to_string()))?;
    waits.await.map_err(|_| busy("the thread is gone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn what_panics_there_is_told_here_and_gives_its_place_back() {
        for _ in 0..9 {
            let broken = outside(|| assert!(std::hint::black_box(false), "on purpose")).await;
            assert!(matches!(broken, Err(Failure::Unavailable(_))));
        }
        assert_eq!(outside(|| 7).await.unwrap(), 7);
    }
}
